"""Header fields as they came over the wire, as text. Pure."""

from collections.abc import Iterable
from urllib.parse import quote

Raw = Iterable[tuple[bytes, bytes]]

VALIDATORS = ("etag", "last-modified")


def decoded(raw: Raw) -> dict[str, str]:
    """Return names in lower case -> values, several of one name joined by commas.

    Cookies are left out, and validators that could not be sent back byte for byte: the HTTP library writes UTF-8.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), _text(raw_value).strip(" \t")
        if name == "set-cookie" or (name in VALIDATORS and value.encode() != raw_value.strip(b" \t")):
            continue
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def location(raw: Raw) -> str | None:
    """Return where a redirect leads, absolute or not, or None when it does not say."""
    value = next((value.strip() for name, value in raw if name.lower() == b"location"), b"")
    try:
        return value.decode() or None
    except UnicodeDecodeError:  # GBK, mostly: the very bytes are what the server wants back
        return quote(value, safe="!#$%&'()*+,/:;=?@[]~")


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
