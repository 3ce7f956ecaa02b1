"""URLs: made absolute, compared, and what is in them. Pure."""

import ipaddress
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from urllib.parse import SplitResult, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from aggregator.model import Source
from aggregator.text.tracking import is_tracking, lines

LONGEST_URL = 16_384  # what browsers and servers take ends well before; more is an attack or a data file

DEFAULT_PORTS = {"http": 80, "https": 443}

# `co.uk`, `com.cn`, `ac.jp`: what registries of countries sell names under
COUNTRY_SUFFIX = re.compile(
    r"(?:ac|asn|co|com|ed|edu|go|gob|gouv|gov|gv|id|ltd|me|mil|ne|net|nom|or|org|plc|sch)\.[a-z]{2}"
)

# Parameters whose value opens a door, in the addresses of feeds
SECRET_PARAMETER = re.compile(
    r"(?i)(?:.*[_.-])?(?:token|api_?key|auth|authkey|auth_?code|key|pass|passwd|password|pwd|secret|sig|signature|"
    r"session|sessionid|private_?key|hmac|rsskey|rsstoken|feedkey|feed_?token|accesstoken|authtoken|jwt)"
)

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WEB = re.compile(r"(?i)(https?):([/\\]*)")
# What most links are: nothing in them needs a second look.
_PLAIN = re.compile(
    r"https?://(?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z]{2,63}"
    r"(?:[/?#][^\s\x00-\x20\x7f-\x9f\"<>\\^`{|}\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]*)?"
)
# White space of every script, control characters, and what shows nothing
_EDGES = "".join(map(chr, (*range(0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029, 0x202F, 0x205F)))
_EDGES += "\u2060\u3000\ufeff"
# Controls, surrogates, non-characters, what nobody sees, what turns the direction of writing to hide where a link leads
_NEVER = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
_ILLEGAL = re.compile(r"[\s\"<>\\^`{|}]")  # in no URI and no IRI (RFC 3986, RFC 3987)
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
_SESSION = re.compile(r"(?i);jsessionid=[^/;]*")  # Java's, when it may set no cookie
_AMPERSAND = re.compile(r"(?:^|&)(?:amp;)+")  # written so by feeds that escape once too often

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = _UNRESERVED | frozenset(b"/!$&'()*+,=:@;")
_IN_QUERY = _UNRESERVED | frozenset(b"/!$'()*,:@?")
_IN_FRAGMENT = _IN_PATH | frozenset(b"?")


def absolute(url: str, base: str | None = None) -> str | None:
    """Return the URL as an absolute http(s) one, or None where it leads nowhere that we could publish.

    Otherwise it stays as it came: no parameter is moved, no letter case changed. White space around it and control
    characters in it are cut, what no URL may hold is percent-encoded, backslashes become slashes (as in browsers), a
    host of any script becomes punycode. Credentials stay: see ``without_credentials``.
    base: an absolute URL. An address without a scheme (``//host/…``) has the base's, else https.
    """
    if _PLAIN.fullmatch(url) and len(url) <= LONGEST_URL:
        return url
    url = _NEVER.sub("", url.strip(_EDGES))
    if not url or len(url) > LONGEST_URL:
        return None
    start = base and _WEB.match(base)
    web = _WEB.match(url)
    if not web and _SCHEME.match(url):
        return None
    try:
        if web and (web[2] or not start or web[1].lower() != start[1].lower()):
            return _checked(f"{web[1].lower()}://{_slashes(url[web.end() :])}")
        url = _slashes(url[web.end() :] if web else url)  # `https:a.html` is relative to a page under https
        if url.startswith("//"):
            return _checked(f"{start[1].lower() if start else 'https'}:{url}")
        return _checked(urljoin(base, url)) if base and start else None
    except ValueError:  # `[` in a host, a port that is none
        return None


def canonical(url: str) -> str | None:
    """Return the form in which two addresses of one page compare equal, or None for what is no web address.

    ``HTTP://www.Example.org:80/a/../b/?utm_source=x&z=1&a=%7e#top`` is ``example.org/b?a=~&z=1``. It is a key, not
    to be published: scheme, ``www.`` and the slash at the end are gone. Parameters are sorted; none that may mean
    something is dropped, the same one twice stays twice. Of fragments only ``#!…`` stays, which names a page.
    url: absolute, or a canonical form, which comes back as it is.
    """
    return _canonical(url)


def parameters(url: str) -> tuple[tuple[str, str], ...]:
    """Return the query's names and values in their order, decoded; a fragment's too (``#!/news?infoCode=…``, ``#a=b``).

    Bytes that are no UTF-8 are read as GB 18030, in which older Chinese sites write theirs.
    """
    url, _, fragment = url.partition("#")
    query = url.partition("?")[2]
    after = fragment.partition("?")[2] or (fragment.lstrip("!") if "=" in fragment else "")
    if not query and not after:
        return ()
    return tuple((_decoded(name), _decoded(value)) for part in (query, after) for name, value in _pairs(part))


def host(url: str) -> str | None:
    """Return the host in lower case and punycode, without port and final dot; None for what is no web address."""
    if (address := absolute(url)) is None:
        return None
    try:
        return _host_of(urlsplit(address))
    except ValueError:
        return None


def origin(url: str) -> str | None:
    """Return ``scheme://host[:port]``, the port only where it is not the scheme's own; None for no web address."""
    if (address := absolute(url)) is None:
        return None
    parts = urlsplit(address)
    return f"{parts.scheme}://{_host_of(parts)}{_port(parts)}"


def requested(url: str) -> str:
    """Return the one spelling of all addresses that make the same request: ``HTTP://A.example:80#top`` is
    ``http://a.example/``. Credentials stay. What is no web address comes back as it is.
    """
    address = absolute(url)
    start = None if address is None else origin(address)
    if address is None or start is None:
        return url
    parts = urlsplit(address)
    credentials, at, _ = parts.netloc.rpartition("@")
    query = f"?{parts.query}" if parts.query else ""
    return f"{start.replace('//', f'//{credentials}{at}', 1)}{parts.path or '/'}{query}"


def same_site(one: str, other: str) -> bool:
    """Tell whether two hosts are equal, or one is a domain of the other (``feeds.example.org``, ``example.org``).

    ``www.`` counts for nothing. A domain that strangers share (``com``, ``co.uk``, ``github.io``) is nobody's parent.
    """
    short, long = sorted((_bare(one), _bare(other)), key=len)
    if not short or short == long:
        return bool(short)
    return long.endswith("." + short) and not _is_shared(short)


def without_credentials(url: str) -> str:
    """Return the URL without ``user:password@``; nothing else changes."""
    if "@" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if "@" not in parts.netloc:
        return url
    return url.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)


def with_credentials(url: str, *, of: str) -> str:
    """Return the URL with the ``user:password@`` of another one; ``url`` itself has none."""
    credentials, at, _ = urlsplit(of).netloc.rpartition("@")
    return url.replace("//", f"//{credentials}@", 1) if at else url


def shown_address(source: Source) -> str:
    """Return the address of a source as anybody may see it: no credentials, no secret filled in."""
    return source.written_url or without_credentials(source.address)


def has_secret(url: str) -> bool:
    """Tell whether the URL bears credentials, or a parameter that looks like a key: a feed's address of one's own.

    For the addresses that we poll. In articles such parameters are ordinary (images have tokens).
    """
    if without_credentials(url) != url:
        return True
    return any(value and SECRET_PARAMETER.fullmatch(name) for name, value in parameters(url))


# --- absolute ------------------------------------------------------------------------------------


def _slashes(rest: str) -> str:
    """Return what follows the scheme with backslashes turned, without the slashes before the host being counted."""
    if "\\" in rest:
        end = re.search(r"[?#]", rest)
        cut = end.start() if end else len(rest)
        rest = rest[:cut].replace("\\", "/") + rest[cut:]
    return rest if not rest.startswith("//") else "//" + rest.lstrip("/")


def _checked(url: str) -> str | None:
    url = _ILLEGAL.sub(_escaped, url)
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.netloc:
        return None
    name = _host_of(parts)
    if name is None:
        return None
    user, at, place = parts.netloc.rpartition("@")
    written = place if place.startswith("[") else place.partition(":")[0]
    port = parts.port  # raises ValueError for what is none
    kept = written if written.isascii() and "%" not in written and not written.startswith("[") else name
    netloc = f"{user}{at}{kept}{'' if port is None else f':{port}'}"
    return url if netloc == parts.netloc else urlunsplit(parts._replace(netloc=netloc))


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def _host_of(parts: SplitResult) -> str | None:
    """Return the host of a URL, checked, in lower case and punycode; None where no host can be called so."""
    name = parts.hostname
    if not name:
        return None
    if ":" in name:
        if "%" in name:  # a zone means something on one machine only (RFC 6874)
            return None
        return f"[{ipaddress.IPv6Address(name)}]"
    if "%" in name:
        name = unquote_to_bytes(name).decode("utf-8", "replace").lower()
    if not name.isascii():
        name = _punycode(name)
    name = name.removesuffix(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        return None
    return name


@lru_cache(maxsize=512)
def _punycode(name: str) -> str:
    import idna

    try:
        return idna.encode(name[:253], uts46=True, transitional=False).decode("ascii")
    except idna.IDNAError:
        return ""  # no label at all, so no host


def _port(parts: SplitResult) -> str:
    return "" if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"


# --- canonical -----------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _canonical(url: str) -> str | None:
    # A key has no scheme: a host with a dot, or two slashes before one without. https, whose port is not in keys.
    is_key = not _WEB.match(url) and (
        url.startswith("//") or re.match(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)|\[", url)
    )
    address = absolute(f"//{url.lstrip('/')}" if is_key else url)
    if address is None:
        return None
    parts = urlsplit(address)
    name = _host_of(parts)
    if name is None:
        return None
    name = _bare(name)
    port = ("" if parts.port is None else f":{parts.port}") if is_key else _port(parts)
    prefix = "" if "." in name or name.startswith("[") else "//"
    path = _without_dots(_SESSION.sub("", _encoded(parts.path, _IN_PATH))).rstrip("/")
    query = _sorted_query(parts.query, name)
    fragment = f"#{_encoded(parts.fragment, _IN_FRAGMENT)}" if parts.fragment.startswith("!") else ""
    return f"{prefix}{name}{port}{path}{'?' + query if query else ''}{fragment}"


def _bare(name: str) -> str:
    name = name.lower().rstrip(".")
    if not name.isascii():
        name = _punycode(name)
    while name.startswith("www.") and "." in name[4:]:
        name = name[4:]
    return name


def _without_dots(path: str) -> str:
    """Return the path without ``.`` and ``..`` (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)


def _encoded(text: str, plain: frozenset[int]) -> str:
    """Return the text with one spelling for each byte: as itself where ``plain`` has it, else ``%XX``."""
    if not text or (text.isascii() and "%" not in text and plain.issuperset(text.encode())):
        return text
    raw = text.encode("utf-8", "replace")
    out: list[str] = []
    at = 0
    while at < len(raw):
        byte = raw[at]
        if byte == 0x25 and _ESCAPE.match(raw, at):
            byte = int(raw[at + 1 : at + 3], 16)
            at += 2
            # escaped they are part of a name, bare they part names
            out.append(chr(byte) if byte in plain and byte not in b"/?;" else f"%{byte:02X}")
        else:
            out.append(chr(byte) if byte in plain else f"%{byte:02X}")
        at += 1
    return "".join(out)


def _sorted_query(query: str, name: str) -> str:
    if not query:
        return ""
    kept = [
        f"{key}={value}" if value else key
        for key, value in ((_term(key), _term(value)) for key, value in _pairs(query))
        if (key or value) and not is_tracking(_decoded(key).lower(), _decoded(value).lower(), name)
    ]
    return "&".join(sorted(kept))


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for part in _AMPERSAND.sub("&", query).split("&"):
        if part:
            name, _, value = part.partition("=")
            yield name, value


def _term(text: str) -> str:
    """Return one name or value of a query in one spelling, byte for byte what it was; a space is ``+``."""
    if not text or (text.isascii() and text.isalnum()):
        return text
    raw = _unquoted(text)
    return "".join("+" if byte == 0x20 else chr(byte) if byte in _IN_QUERY else f"%{byte:02X}" for byte in raw)


def _decoded(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    raw = _unquoted(text)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _unquoted(text: str) -> bytes:
    return unquote_to_bytes(text.replace("+", " ").encode("utf-8", "replace"))


# --- whose a domain is ----------------------------------------------------------------------------


def _is_shared(domain: str) -> bool:
    """Tell whether strangers have names under the domain."""
    return (
        "." not in domain
        or domain in _shared_domains()
        or COUNTRY_SUFFIX.fullmatch(domain) is not None
        or domain.rpartition(".")[2].isdigit()
    )


@cache
def _shared_domains() -> frozenset[str]:
    return frozenset(lines("shared_domains.txt"))
