"""Addresses that can be asked over HTTP, as the HTTP library writes them. Pure."""

import base64
import re
from urllib.parse import unquote

import httpx

from aggregator.errors import Refused

# A name in ASCII, or an IPv6 address, perhaps with a zone.
HOST = re.compile(rb"[a-z0-9_.-]{1,253}|[0-9a-f]*:[0-9a-f:.]+(?:%[\w.~-]+)?", re.IGNORECASE)


def parsed(url: str) -> httpx.URL:
    """Return the address, normalised, without a fragment. Raises Refused for what cannot be asked over HTTP.

    No message repeats the address, which may hold a password in the wrong place.
    """
    try:
        # Read twice, because the port is only known to be the default one once the scheme is in lower case.
        address = httpx.URL(str(httpx.URL(url).copy_with(fragment=None)))
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused("not an address that can be asked; look whether it is written right") from error
    if address.raw_host and not HOST.fullmatch(address.raw_host):  # what reads it next may read another name
        raise Refused("the host in the address is not one that can be asked; look whether it is written right")
    if address.scheme not in ("http", "https") or not address.host:
        hint = "; a file or folder on this machine is written as `path`" if address.scheme in ("", "file") else ""
        raise Refused(f"only addresses with http:// or https:// and a host can be asked{hint}")
    return address


def origin(url: httpx.URL) -> str:
    """Return ``scheme://host[:port]``."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def basic(url: httpx.URL) -> str:
    """Return the value of an ``Authorization`` header for the credentials within an address (RFC 7617)."""
    user, _, password = url.userinfo.partition(b":")
    words = f"{unquote(user.decode())}:{unquote(password.decode())}"
    return "Basic " + base64.b64encode(words.encode()).decode()
