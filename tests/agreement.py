"""What a document says as we read it, to compare with what others claim that it says.

A claim is ``(place, field, value)``: place is FEED, or the number of the entry in the document's order. Fields: title,
url, id (text), published, updated, date (seconds since 1970; date: either of the two), author ``(name, email, url)``,
enclosure ``(url, type, length)`` and link ``(rel, url)``, the last three once for each, None for what is not told.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from aggregator.model import Content, Document, Person, RawEntry, Reading, Source, SourceInfo
from aggregator.normalize import normalize
from aggregator.sources import feed
from aggregator.text.dates import read_date

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ADDRESS = "https://feeds.example.org/feed.xml"
SOURCE = Source(name="readers", kind="feed", url=ADDRESS)
FEED = -1

Claim = tuple[int, str, Any]


@dataclass(frozen=True, kw_only=True)
class Read:
    """A document as we read it. contents: of the entries, normalised. base: of the feed's head."""

    reading: Reading
    contents: tuple[Content, ...]
    base: str

    def says(self, claim: Claim) -> bool:
        """Tell whether we say what is claimed."""
        place, field, value = claim
        if place >= len(self.contents):
            return False
        if place == FEED:
            return _feed_says(self.reading.info, self.base, field, value)
        return _entry_says(self.reading.entries[place], self.contents[place], field, value)

    def answer(self, claim: Claim) -> object:
        """Return what we say instead."""
        place, field, _ = claim
        names = {"author": "authors", "enclosure": "enclosures", "date": "published", "link": "links"}
        if place >= len(self.contents):
            return f"only {len(self.contents)} entries"
        if place == FEED:
            return getattr(self.reading.info, names.get(field, field))
        return (
            self.reading.entries[place].id if field == "id" else getattr(self.contents[place], names.get(field, field))
        )


def read(path: Path) -> Read:
    """Return a document as we read it. Raises ReadError."""
    body = path.read_bytes()
    document = Document(url=ADDRESS, requested_url=ADDRESS, body=body, fetched_at=NOW)
    reading = feed.read(document, SOURCE, now=NOW)
    contents = tuple(normalize(entry, SOURCE, reading.info, url=ADDRESS, now=NOW)[0] for entry in reading.entries)
    base = re.search(rb"<(?:\w+:)?(?:feed|rss|RDF)\s[^<>]*?xml:base=[\"']([^\"']+)", body)
    return Read(reading=reading, contents=contents, base=urljoin(ADDRESS, base[1].decode()) if base else ADDRESS)


def _feed_says(info: SourceInfo, base: str, field: str, value: Any) -> bool:
    match field:
        case "title":
            return comparable(info.title) == comparable(value)
        case "url":
            return address(info.url, base) == address(value, base)
        case "id":
            return (info.id or "").strip() == value.strip()
        case "updated":
            return info.updated is not None and _seconds(read_date(info.updated, timezone="UTC", now=NOW)) == value
        case "author":
            return _is_among(info.authors, value)
        case "link":
            return _is_named(value, base, [("alternate", info.url), *((one.rel, one.url) for one in info.links)])
    raise ValueError(field)


def _entry_says(raw: RawEntry, content: Content, field: str, value: Any) -> bool:
    base = raw.base or ADDRESS
    match field:
        case "title":
            return comparable(content.title) == comparable(value)
        case "url":
            return address(content.url) == address(value, base)
        case "id":
            return (raw.id or "").strip() == value.strip()
        case "published":
            return _seconds(content.published) == value
        case "updated":
            return _seconds(content.updated) == value
        case "date":
            return value in {_seconds(content.published), _seconds(content.updated)}
        case "author":
            return _is_among(content.authors, value)
        case "link":
            files = [("enclosure", one.url) for one in content.enclosures]
            return _is_named(
                value, base, [("alternate", content.url), *files, *((one.rel, one.url) for one in raw.links)]
            )
        case "enclosure":
            return _is_enclosed(content, base, *value)
    raise ValueError(field)


def _is_enclosed(content: Content, base: str, url: str, kind: str | None, length: int | None) -> bool:
    forms = [form for one in content.enclosures for form in (one, *one.alternatives)]
    return any(
        address(url, base) in {address(one.url), address(one.player)}
        and (kind is None or kind.partition(";")[0].strip().lower() == one.type)
        and (not length or length == one.length)
        for one in forms
    )


def _is_named(value: tuple[str | None, str], base: str, links: Iterable[tuple[str, str | None]]) -> bool:
    rel, url = value
    return any(rel in {own, None} and address(url, base) == address(found, base) for own, found in links)


def comparable(text: str | None) -> str:
    """Without mark-up, references decoded twice, white space collapsed, as the corpora's README says."""
    words = re.sub(r"<[^<>]*>", "", html.unescape(html.unescape(re.sub(r"<[^<>]*>", "", text or ""))))
    return " ".join(words.split())


def address(url: str | None, base: str = ADDRESS) -> str:
    """Absolute; escaped or not, whatever the letter case of the host, with or without a slash at the end."""
    parts = urlsplit(unquote(urljoin(base, (url or "").strip())))
    return parts._replace(netloc=parts.netloc.lower()).geturl().rstrip("/")


def _seconds(when: datetime | None) -> int | None:
    return int(when.timestamp()) if when else None


def _is_among(people: Iterable[Person], value: tuple[str | None, str | None, str | None]) -> bool:
    name, email, url = value
    return any(
        (name is None or comparable(name) == comparable(person.name))
        and (email is None or email.strip() == person.email)
        and (url is None or address(url) == address(person.url))
        for person in people
    )
