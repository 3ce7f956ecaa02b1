"""What an answer's headers say of time and change: validators, freshness, waiting (RFC 9110, RFC 9111). Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from aggregator.model import Document, Validators

LONGEST_RETRY = timedelta(days=7)  # a site that asks for a year has misread its own settings
LONGEST_FRESHNESS = timedelta(days=365)  # what RFC 2616 allowed, and what servers mean by "for ever"

_DIRECTIVE = re.compile(r'([a-z-]+)\s*(?:=\s*"?([^",]*)"?)?')


def validators(document: Document, old: Validators | None) -> Validators:
    """Return what makes the next request conditional.

    A 200 replaces both validators, also by nothing; a 304 replaces those that it bears (RFC 9111, section 4.3.4).
    body_hash: of the body as sent, decompressed; a 304 keeps the old one.
    """
    etag = document.headers.get("etag") or None
    last_modified = document.headers.get("last-modified") or None
    if not document.is_unchanged:
        return Validators(url=document.url, etag=etag, last_modified=last_modified, body_hash=body_hash(document))
    kept = old or Validators(url=document.url)
    return replace(kept, url=document.url, etag=etag or kept.etag, last_modified=last_modified or kept.last_modified)


def bears_validators(document: Document) -> bool:
    """Tell whether the next request can be conditional, by what the server said; that two bodies are equal is no help.

    A 304 tells it by itself.
    """
    return document.is_unchanged or any(document.headers.get(name) for name in ("etag", "last-modified"))


def body_hash(document: Document) -> str:
    """Return a digest of the body, or of every file's path and body: 32 hex digits."""
    digest = hashlib.blake2b(document.body, digest_size=16)
    for file in document.files:
        path = file.path.encode("utf-8", "surrogatepass")
        digest.update(b"%d %d " % (len(path), len(file.body)))
        digest.update(path)
        digest.update(file.body)
    return digest.hexdigest()


def freshness(document: Document, *, now: datetime) -> timedelta | None:
    """Return how long the answer stays fresh by its headers, or None when they promise nothing.

    ``Cache-Control: max-age`` less ``Age``, else ``Expires`` less ``Date`` (or now). A shared cache's ``s-maxage`` is
    not for us. ``no-cache`` and ``no-store`` promise nothing, and neither does what cannot be read. More than zero, at
    most LONGEST_FRESHNESS; how much of that is believed is the schedule's to say.
    """
    headers = document.headers
    control: dict[str, str] = dict(_DIRECTIVE.findall(headers.get("cache-control", "").lower()))
    if "no-cache" in control or "no-store" in control:
        return None
    if "max-age" in control:
        fresh = _seconds(control["max-age"])
    else:
        expires = _http_date(headers.get("expires", ""))
        fresh = expires - _date(headers, now) if expires else None
    if fresh is None:
        return None
    fresh = min(fresh - (_seconds(headers.get("age", "")) or timedelta(0)), LONGEST_FRESHNESS)
    return fresh if fresh > timedelta(0) else None


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Return how long the server asks us to wait, or None when it does not say.

    ``Retry-After`` holds seconds or an HTTP date (RFC 9110, section 10.2.3). A date is taken relative to the server's
    own ``Date``, because clocks differ. The result lies between zero and LONGEST_RETRY; a date in the past is zero.
    A value that is neither counts as absent, because servers do send nonsense.

    headers: names in lower case. now: aware.
    """
    value = headers.get("retry-after", "").strip()
    wait = _seconds(value)
    if wait is None:
        when = _http_date(value)
        if when is None:
            return None
        wait = when - _date(headers, now)
    return min(max(wait, timedelta(0)), LONGEST_RETRY)


def _seconds(text: str) -> timedelta | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return timedelta(seconds=int(text[:12]) if len(text) <= 12 else 10**11)  # of any length, and no overflow


def _date(headers: Mapping[str, str], now: datetime) -> datetime:
    return _http_date(headers.get("date", "")) or now


def _http_date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
