"""What a request says of itself: which copy it holds (RFC 9110, section 13), what it can unpack (12.5.3). Pure."""

import re
from collections.abc import Iterable
from datetime import UTC
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache

ENCODINGS = ("br", "gzip")  # what we can pack with, the smaller result first

Headers = Iterable[tuple[bytes, bytes]]  # as ASGI hands them over: names in lower case

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def header(headers: Headers, name: bytes) -> str | None:
    """Return the value of a header, lines of the same name joined with commas, or None where it is missing."""
    values = [value for key, value in headers if key == name]
    return b", ".join(values).decode("latin-1") if values else None


def is_not_modified(headers: Headers, *, etag: str, last_modified: int) -> bool:
    """Return True when the copy that the client holds is still what it would get.

    ``If-None-Match`` decides alone where it is sent (section 13.1.3), by weak comparison. etag: strong, with its
    quotes. last_modified: whole seconds since 1970.
    """
    tags = header(headers, b"if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in _TAG.findall(tags)
    since = header(headers, b"if-modified-since")
    if since is None:
        return False
    seconds = _seconds(since)
    return seconds is not None and last_modified <= seconds


def http_date(seconds: int) -> str:
    """Return a time as HTTP writes it: ``Sun, 06 Nov 1994 08:49:37 GMT``."""
    return formatdate(seconds, usegmt=True)


@lru_cache(maxsize=256)
def preferred_encoding(accept: str | None) -> str | None:
    """Return which of ENCODINGS the client likes best, or None for the bytes as they are.

    accept: the value of ``Accept-Encoding``, None where the client did not send one (then it gets the plain bytes).
    Where it refuses all that we have, the plain bytes are sent, which the RFC allows and every client can read.
    """
    if accept is None:
        return None
    weights = dict(_weight(part) for part in accept.lower().split(",") if part.strip())
    if "x-gzip" in weights:
        weights.setdefault("gzip", weights["x-gzip"])
    anything = weights.get("*", 0.0)
    best = max(ENCODINGS, key=lambda name: weights.get(name, anything))  # of equals the first
    weight = weights.get(best, anything)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None


def _weight(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return name, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return name, 0.0
    return name, 1.0


@lru_cache(maxsize=256)
def _seconds(text: str) -> int | None:
    try:
        when = parsedate_to_datetime(text)
        return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):  # what is no date is ignored (section 13.1.3)
        return None
