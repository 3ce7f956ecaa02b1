"""What each of feedparser's names means in our nouns, for the test that holds us to its expectations.

feedparser tells of a feed in one dictionary; here that is a Document read to SourceInfo and RawEntry, and normalised to
Content. A name is either MAPPED, to what we have and how the two are compared, or LEFT_OUT, with the reason.
"""

import codecs
import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from aggregator.errors import ReadError
from aggregator.fetch.validators import validators
from aggregator.model import Content, Document, Enclosure, Link, Person, RawEntry, RawText, Source, SourceInfo
from aggregator.normalize import normalize
from aggregator.normalize.text import plain
from aggregator.sources import feed
from aggregator.text.dates import read_date
from aggregator.text.decoding import decode, encoding_of
from tests.corpora import corpus

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOURCE = Source(name="n", url="http://127.0.0.1:8097/")
LEFT = object()  # this clause is about something that we do not keep
FAULT = re.compile(r"not well-formed|encoding|served as")

Clause = Mapping[str, Any]
Indexes = tuple[int, ...]


@dataclass(frozen=True)
class Read:
    """A document of feedparser's as we read it. error: why we refused it."""

    document: Document
    info: SourceInfo = field(default_factory=SourceInfo)
    entries: tuple[RawEntry, ...] = ()
    contents: tuple[Content, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str | None = None

    def published(self, text: RawText) -> str | None:
        """A text as clean HTML with absolute URLs."""
        raw = RawEntry(content=text)
        return normalize(raw, SOURCE, self.info, url=self.document.url, now=NOW)[0].html

    def when(self, text: str | None) -> datetime | None:
        return read_date(text, timezone="UTC", now=NOW) if text else None


def read(file: str, headers: Mapping[str, str]) -> Read:
    """Read a document as its test wants it served. feedparser is told the address of a document by a header."""
    address = f"http://127.0.0.1:8097/tests/{file}"
    place = headers.get("content-location", "")
    url = address if place.lower().startswith("javascript:") else urljoin(address, place)
    served = {"content-type": "text/xml", **headers} if "/http" in file else dict(headers)
    body = corpus("feedparser", *file.split("/")).read_bytes()
    document = Document(url=url, requested_url=url, body=body, headers=served, fetched_at=NOW)
    try:
        reading = feed.read(document, SOURCE, now=NOW)
    except ReadError as error:
        return Read(document=document, error=str(error))
    entries = reading.entries
    if not entries and any("is empty: left out" in warning for warning in reading.warnings):
        entries = (RawEntry(),)  # an entry with nothing in it is left out; asked of it, nothing is there
    contents = tuple(normalize(raw, SOURCE, reading.info, url=url, now=NOW)[0] for raw in entries)
    return Read(document, reading.info, entries, contents, reading.warnings)


# --- comparing: does what we have mean what feedparser says? ---------------------------------------


def same(ours: Any, expected: Any, read: Read) -> bool:
    return bool(ours == expected)


def same_line(ours: Any, expected: Any, read: Read) -> bool:
    """Plain text on one line; feedparser's may hold mark-up, of which the words remain, or none."""
    words = plain(RawText(value=expected, type="html"))
    return ours == words or (ours is not None and ours == plain(RawText(value=expected)))


def same_title(ours: Any, expected: Any, read: Read) -> bool:
    if not isinstance(ours, RawText):
        return ours is None and not expected
    return ours.value == expected.strip() or (
        ours.type == "html" and plain(ours) == plain(RawText(value=expected, type="html"))
    )


def same_text(ours: Any, expected: Any, read: Read) -> bool:
    """A body: the same text; or, published by us, what feedparser leaves of it is what we leave of it.

    feedparser cleans and resolves while it reads, we when an entry is normalised, and we leave less: no styles, no
    forms. So its result is cleaned once more by us before the two are compared.
    """
    if not isinstance(ours, RawText):
        return ours is None and not expected
    if ours.type == "text" and html.unescape(ours.value) in {expected, html.unescape(expected)}:
        return True
    if ours.type == "html" and _canonical(ours.value) == _canonical(expected):
        return True
    published = read.published(ours)
    wanted = read.published(RawText(value=expected, type="html"))
    if published is None or wanted is None:
        return published is wanted and not _words(expected)
    return _canonical(published) == _canonical(wanted)


def _words(markup: str) -> str:
    return "".join(etree.HTML(f"<body>{markup}</body>").itertext()).strip()


def _canonical(markup: str) -> str:
    """Mark-up with its attributes in order and without the differences that no reader of HTML sees."""
    body = etree.fromstring(f"<body>{markup}</body>", etree.HTMLParser())
    for element in body.iter(etree.Element):
        attributes = sorted((name, value) for name, value in element.attrib.items() if not name.startswith("xmlns:"))
        element.attrib.clear()
        element.attrib.update(attributes)
    text: str = etree.tostring(body, encoding="unicode", method="html")
    return " ".join(re.sub(r"\s*\n\s*", " ", text).split())


def same_time(ours: Any, expected: Any, read: Read) -> bool:
    return isinstance(ours, datetime) and list(ours.timetuple()[:6]) == expected[:6]


def same_address(ours: Any, expected: Any, read: Read) -> bool:
    """An address as sent, or made absolute as feedparser does."""
    return isinstance(ours, str) and expected in {ours, urljoin(read.document.url, ours)}


def same_type(ours: Any, expected: Any, read: Read) -> bool:
    return isinstance(ours, RawText) and ours.type == ("text" if expected == "text/plain" else "html")


def same_person(ours: Any, expected: Any, read: Read) -> bool:
    if not isinstance(ours, Person):
        return False
    told = {"name": ours.name, "email": ours.email, "href": ours.url}
    return {key: value for key, value in told.items() if value} == expected


def same_author(ours: Any, expected: Any, read: Read) -> bool:
    if not isinstance(ours, Person):
        return False
    name, email = ours.name or "", ours.email or ""
    return expected == (f"{name} ({email})" if name and email else name or email)


def same_place(ours: Any, expected: Any, read: Read) -> bool:
    return [list(point) for point in ours] == expected or [list(point) for point in ours] == [expected]


def same_codec(ours: Any, expected: Any, read: Read) -> bool:
    """The bytes say the same under the encoding that feedparser names, which is what an encoding is for."""
    try:
        text = codecs.decode(read.document.body, expected)
    except (LookupError, UnicodeDecodeError):
        text = None
    return text is not None and text.lstrip("\ufeff") == decode(
        read.document.body, read.document.headers.get("content-type")
    )


def same_words(ours: Any, expected: Any, read: Read) -> bool:
    return isinstance(ours, str) and expected in ours


def same_number(ours: Any, expected: Any, read: Read) -> bool:
    return ours is not None and float(ours) == float(expected)


def one_of(ours: Any, expected: Any, read: Read) -> bool:
    return expected in ours


# --- what we have under each name ------------------------------------------------------------------

Get = Callable[[Read, Indexes], Any]
Compare = Callable[[Any, Any, Read], Any]
Meaning = tuple[Get, Compare]


def _head(get: Callable[[SourceInfo], Any]) -> Get:
    return lambda read, at: get(read.info)


def _raw(get: Callable[..., Any]) -> Get:
    """Of the entry; further indexes are handed on."""
    return lambda read, at: get(read.entries[at[0]], *at[1:])


def _content(get: Callable[[Content], Any]) -> Get:
    return lambda read, at: get(read.contents[at[0]])


def _at(found: Sequence[Any], number: int = 0) -> Any:
    return found[number] if number < len(found) else None


def _of(name: str, found: Any) -> Any:
    return None if found is None else getattr(found, name)


def _summary(raw: RawEntry) -> RawText | None:
    """feedparser's summary is an entry's content where it has no other."""
    return raw.summary or raw.content


def _body(raw: RawEntry, number: int = 0) -> Any:
    """We keep one content; where that is the only text, feedparser calls it content or summary."""
    return (raw.content or raw.summary) if number == 0 else LEFT


def _language(text: RawText | None, raw: RawEntry | None, info: SourceInfo) -> str | None:
    """As it holds for a text: its own, its entry's, its feed's."""
    said = (text and text.language) or (raw and raw.language) or info.language
    return None if said == "und" else said


def _entry_language(get: Callable[[RawEntry], RawText | None]) -> Get:
    return lambda read, at: _language(get(read.entries[at[0]]), read.entries[at[0]], read.info)


def _publisher(people: Sequence[Person], owner: Person | None = None) -> Person | None:
    return owner or next((person for person in people if person.role in {"publisher", "webmaster"}), None)


def _head_publisher(info: SourceInfo) -> Person | None:
    return _publisher(info.contributors, info.podcast.owner if info.podcast else None)


def _licence(links: Sequence[Link]) -> str | None:
    return next((link.url for link in links if link.rel == "license"), None)


def _files(raw: RawEntry) -> list[str]:
    return [file.url for each in raw.enclosures for file in (each, *each.alternatives)]


def _thread(info: SourceInfo, name: str) -> str | None:
    found = next((one for one in info.extensions if one.name == "thr:in-reply-to"), None)
    return dict(found.attributes).get(name) if found else None


def _all_links(read: Read, url: str | None, found: Sequence[Link], files: Sequence[Enclosure]) -> list[dict[str, Any]]:
    """Every link with what we know of it: the own one, those beside it, the files."""
    own = [{"rel": "alternate", "href": url}] if url else []
    beside = [
        {"rel": link.rel, "href": link.url, "type": link.type, "title": link.title, "hreflang": link.language}
        for link in found
    ]
    enclosed = [
        {
            "rel": "enclosure",
            "href": file.url,
            "type": file.type,
            "length": None if file.length is None else str(file.length),
            "title": file.title,
        }
        for file in files
    ]
    return [*own, *beside, *enclosed]


def _links(read: Read, at: Indexes) -> list[dict[str, Any]]:
    raw = read.entries[at[0]]
    chapters = raw.episode.chapters_link if raw.episode else None
    beside = (*raw.links, replace(chapters, rel="http://podlove.org/simple-chapters")) if chapters else raw.links
    return _all_links(read, raw.url, beside, raw.enclosures)


def _feed_links(read: Read, at: Indexes) -> list[dict[str, Any]]:
    return _all_links(read, read.info.url, read.info.links, ())


def _origin_links(read: Read, at: Indexes) -> list[dict[str, Any]]:
    origin = read.entries[at[0]].origin
    return _all_links(read, origin.url, origin.links, ()) if origin else []


def _linked(key: str) -> Compare:
    """Whether any link says so. The order of a document's links is not ours to keep."""

    def compare(ours: Any, expected: Any, read: Read) -> Any:
        base = read.document.url
        values = [link.get(key) for link in ours]
        if key not in {"href", "rel"} and expected not in values and any(link["rel"] == "alternate" for link in ours):
            return LEFT  # of the own link we keep the address alone
        return expected in values or (
            key == "href" and expected in [urljoin(base, value) for value in values if value is not None]
        )

    return compare


def _same_link(ours: Any, expected: Any, read: Read) -> bool:
    """A link with all that is said of it; of an entry's own we keep the address, and feedparser makes up a type."""
    for link in ours:
        known = {name: value for name, value in expected.items() if name != "type" or link["rel"] != "alternate"}
        if all(link.get(name) == value for name, value in known.items()):
            return True
    return False


def _same_file(ours: Any, expected: Any, read: Read) -> bool:
    told = {"href": ours.url, "length": str(ours.length) if ours.length else "", "type": ours.type}
    return bool({key: told.get(key) for key in expected} == expected)


PERSON = {"name": ("name", same), "email": ("email", same), "url": ("url", same_address), "href": ("url", same_address)}

DATES = ("updated", "published", "created", "modified", "issued", "date")

MAPPED: dict[str, Meaning] = {
    # the document
    "bozo": (lambda read, at: bool(read.error) or any(map(FAULT.search, read.warnings)), same),
    "encoding": (lambda read, at: encoding_of(read.document.body), same_codec),
    "etag": (lambda read, at: validators(read.document, None).etag, same),
    "modified": (lambda read, at: validators(read.document, None).last_modified, same),
    "modified_parsed": (lambda read, at: read.when(validators(read.document, None).last_modified), same_time),
    "headers.x-foo": (lambda read, at: read.document.headers.get("x-foo"), same),
    # the feed
    "feed.title": (_head(lambda info: info.title), same_line),
    "feed.title_detail.value": (_head(lambda info: info.title), same_line),
    "feed.id": (_head(lambda info: info.id), same_address),  # as sent; feedparser makes a relative one absolute
    "feed.guid": (_head(lambda info: info.id), same_address),
    "feed.link": (_head(lambda info: info.url), same_address),
    "feed.links": (_feed_links, same),
    "feed.links[]": (_feed_links, _same_link),
    **{f"feed.links[].{key}": (_feed_links, _linked(key)) for key in ("href", "rel", "hreflang", "title")},
    "feed.language": (_head(lambda info: info.language), same),
    "feed.image.href": (_head(lambda info: info.image), same_address),
    "feed.logo": (_head(lambda info: info.image), same_address),
    "feed.icon": (_head(lambda info: info.image), same_address),
    "feed.category": (_head(lambda info: info.categories), one_of),
    "feed.tags": (_head(lambda info: info.categories), same),
    "feed.tags[].term": (_head(lambda info: info.categories), one_of),
    "feed.tags[].label": (_head(lambda info: info.categories), one_of),
    "feed.generator": (_head(lambda info: info.generator), same_words),
    "feed.generator_detail.name": (_head(lambda info: info.generator), same_words),
    "feed.generator_detail.version": (_head(lambda info: info.generator), same_words),
    "feed.ttl": (_head(lambda info: info.hints.ttl and str(int(info.hints.ttl.total_seconds() // 60))), same),
    **{f"feed.{name}": (_head(lambda info: info.updated), same) for name in DATES},
    **{f"feed.{name}_parsed": (lambda read, at: read.when(read.info.updated), same_time) for name in DATES},
    **{f"feed.{name}": (_head(lambda info: info.rights), same_line) for name in ("rights", "copyright")},
    **{f"feed.{name}_detail.value": (_head(lambda info: info.rights), same_line) for name in ("rights", "copyright")},
    **{
        f"feed.{name}": (_head(lambda info: info.description), same_text)
        for name in ("subtitle", "tagline", "description", "summary")
    },
    **{
        f"feed.{name}_detail.{part}": (get, compare)
        for name in ("subtitle", "tagline")
        for part, get, compare in (
            ("value", _head(lambda info: info.description), same_text),
            ("type", _head(lambda info: info.description), same_type),
            ("base", _head(lambda info: _of("base", info.description)), same),
            ("language", _head(lambda info: _language(info.description, None, info)), same),
        )
    },
    "feed.author": (_head(lambda info: _at(info.authors)), same_author),
    **{
        f"feed.author_detail.{key}": (_head(lambda info, own=own: _of(own, _at(info.authors))), compare)
        for key, (own, compare) in PERSON.items()
    },
    "feed.publisher": (_head(_head_publisher), same_author),
    **{
        f"feed.publisher_detail.{key}": (_head(lambda info, own=own: _of(own, _head_publisher(info))), compare)
        for key, (own, compare) in PERSON.items()
    },
    "feed.authors[]": (lambda read, at: _at(read.info.authors, at[0]), same_person),
    "feed.contributors[]": (lambda read, at: _at(read.info.contributors, at[0]), same_person),
    **{
        f"feed.{group}[].{key}": (
            lambda read, at, group=group, own=own: _of(own, _at(getattr(read.info, group), at[0])),
            compare,
        )
        for group in ("authors", "contributors")
        for key, (own, compare) in PERSON.items()
    },
    "feed.itunes_block": (_head(lambda info: int(bool(_of("is_blocked", info.podcast)))), same),
    "feed.itunes_explicit": (_head(lambda info: _of("is_explicit", info.podcast)), same),
    **{
        f"feed.thr_in-reply-to.{name}": (_head(lambda info, name=name: _thread(info, name)), same)
        for name in ("ref", "href", "type", "source")
    },
    # an entry
    "entries": (lambda read, at: read.entries, same),
    "entries[].id": (_raw(lambda raw: raw.id), same_address),
    "entries[].guid": (_raw(lambda raw: raw.id), same_address),
    "entries[].guidislink": (_raw(lambda raw: raw.id is not None and raw.id == raw.url), same),
    "entries[].link": (_raw(lambda raw: raw.url), same_address),
    "entries[].links": (_links, same),
    "entries[].links[]": (_links, _same_link),
    **{f"entries[].links[].{key}": (_links, _linked(key)) for key in ("href", "rel", "hreflang", "length", "title")},
    "entries[].title": (_raw(lambda raw: raw.title), same_title),
    "entries[].title_detail.value": (_raw(lambda raw: raw.title), same_title),
    "entries[].title_detail.type": (_raw(lambda raw: raw.title), same_type),
    "entries[].title_detail.base": (_raw(lambda raw: _of("base", raw.title)), same),
    "entries[].title_detail.language": (_entry_language(lambda raw: raw.title), same),
    **{f"entries[].{name}": (_raw(_summary), same_text) for name in ("summary", "description")},
    "entries[].summary_detail.value": (_raw(_summary), same_text),
    "entries[].summary_detail.type": (_raw(_summary), same_type),
    "entries[].summary_detail.base": (_raw(lambda raw: _of("base", _summary(raw))), same),
    "entries[].summary_detail.language": (_entry_language(_summary), same),
    "entries[].content[].value": (_raw(_body), same_text),
    "entries[].content[].src": (_raw(lambda raw, at: [raw.url, *_files(raw)]), one_of),  # a page or a file
    "entries[].content[].type": (_raw(_body), same_type),
    "entries[].content[].base": (_raw(lambda raw, at: _of("base", _body(raw)) if at == 0 else LEFT), same),
    "entries[].content[].language": (_entry_language(_body), same),
    "entries[].published": (_raw(lambda raw: raw.published), same),
    "entries[].created": (_raw(lambda raw: raw.published), same),
    "entries[].updated": (_raw(lambda raw: raw.updated or raw.published), same),  # dc:date is one of publication
    "entries[].issued": (_raw(lambda raw: raw.published), same),
    "entries[].modified": (_raw(lambda raw: raw.updated or raw.published), same),
    "entries[].date": (_raw(lambda raw: raw.updated or raw.published), same),
    "entries[].issued_parsed": (_content(lambda content: content.published), same_time),
    "entries[].modified_parsed": (_content(lambda content: content.updated or content.published), same_time),
    "entries[].date_parsed": (_content(lambda content: content.updated or content.published), same_time),
    "entries[].published_parsed": (_content(lambda content: content.published), same_time),
    "entries[].created_parsed": (_content(lambda content: content.published), same_time),
    "entries[].updated_parsed": (_content(lambda content: content.updated or content.published), same_time),
    "entries[].language": (_raw(lambda raw: raw.language), same),
    "entries[].rights": (_raw(lambda raw: raw.rights), same_line),
    "entries[].license": (_raw(lambda raw: _licence(raw.links)), same),
    "entries[].comments": (_raw(lambda raw: raw.comments), same),
    "entries[].category": (_raw(lambda raw: raw.categories), one_of),
    "entries[].tags": (_raw(lambda raw: raw.categories), same),
    "entries[].tags[].term": (_raw(lambda raw, at: (*raw.categories, *raw.tags)), one_of),
    "entries[].tags[].label": (_raw(lambda raw, at: raw.categories), one_of),
    "entries[].image.href": (_raw(lambda raw: raw.image), same_address),
    "entries[].author": (_raw(lambda raw: _at(raw.authors)), same_author),
    **{
        f"entries[].author_detail.{key}": (_raw(lambda raw, own=own: _of(own, _at(raw.authors))), compare)
        for key, (own, compare) in PERSON.items()
    },
    "entries[].publisher": (_raw(lambda raw: _publisher(raw.contributors)), same_author),
    **{
        f"entries[].publisher_detail.{key}": (
            _raw(lambda raw, own=own: _of(own, _publisher(raw.contributors))),
            compare,
        )
        for key, (own, compare) in PERSON.items()
    },
    "entries[].authors[]": (_raw(lambda raw, at: _at(raw.authors, at)), same_person),
    "entries[].contributors[]": (_raw(lambda raw, at: _at(raw.contributors, at)), same_person),
    **{
        f"entries[].{group}[].{key}": (
            _raw(lambda raw, at, group=group, own=own: _of(own, _at(getattr(raw, group), at))),
            compare,
        )
        for group in ("authors", "contributors")
        for key, (own, compare) in PERSON.items()
    },
    "entries[].enclosures[]": (_raw(lambda raw, at: _at(raw.enclosures, at)), _same_file),
    "entries[].enclosures[].href": (_raw(lambda raw, at: _of("url", _at(raw.enclosures, at))), same_address),
    "entries[].enclosures[].url": (_raw(lambda raw, at: _of("url", _at(raw.enclosures, at))), same_address),
    "entries[].enclosures[].type": (_raw(lambda raw, at: _of("type", _at(raw.enclosures, at))), same),
    "entries[].enclosures[].length": (_raw(lambda raw, at: str(_of("length", _at(raw.enclosures, at)))), same),
    "entries[].source.href": (_raw(lambda raw: _of("feed_url", raw.origin)), same_address),
    "entries[].source.id": (_raw(lambda raw: _of("id", raw.origin)), same),
    "entries[].source.link": (_raw(lambda raw: _of("url", raw.origin)), same_address),
    "entries[].source.links[]": (_origin_links, _same_link),
    **{
        f"entries[].source.links[].{key}": (_origin_links, _linked(key))
        for key in ("href", "rel", "hreflang", "length", "title")
    },
    "entries[].source.title": (_raw(lambda raw: _of("title", raw.origin)), same_line),
    "entries[].source.title_detail.value": (_raw(lambda raw: _of("title", raw.origin)), same_line),
    "entries[].source.rights": (_raw(lambda raw: _of("rights", raw.origin)), same_line),
    "entries[].source.rights_detail.value": (_raw(lambda raw: _of("rights", raw.origin)), same_line),
    "entries[].source.subtitle": (_raw(lambda raw: _of("description", raw.origin)), same_text),
    "entries[].source.subtitle_detail.type": (_raw(lambda raw: _of("description", raw.origin)), same_type),
    "entries[].source.subtitle_detail.value": (_raw(lambda raw: _of("description", raw.origin)), same_text),
    "entries[].source.updated": (_raw(lambda raw: _of("updated", raw.origin)), same),
    "entries[].source.updated_parsed": (
        lambda read, at: read.when(_of("updated", read.entries[at[0]].origin)),
        same_time,
    ),
    "entries[].source.author": (_raw(lambda raw: _at(raw.origin.authors)), same_author),
    **{
        f"entries[].source.author_detail.{key}": (_raw(lambda raw, own=own: _of(own, _at(raw.origin.authors))), compare)
        for key, (own, compare) in PERSON.items()
    },
    "entries[].source.contributors[]": (_raw(lambda raw, at: _at(raw.origin.contributors, at)), same_person),
    **{
        f"entries[].source.{group}[].{key}": (
            _raw(lambda raw, at, group=group, own=own: _of(own, _at(getattr(raw.origin, group), at))),
            compare,
        )
        for group in ("authors", "contributors")
        for key, (own, compare) in PERSON.items()
    },
    "entries[].source.tags[].term": (_raw(lambda raw, at: raw.origin.categories), one_of),
    "entries[].source.icon": (_raw(lambda raw: raw.origin.image), same_address),
    "entries[].source.logo": (_raw(lambda raw: raw.origin.image), same_address),
    "entries[].wfw_commentrss": (
        _raw(lambda raw: next(one.url for one in raw.links if one.rel == "replies")),
        same_address,
    ),
    "entries[].wfw_comment": (
        _raw(lambda raw: next(one.text for one in raw.extensions if one.name == "wfw:comment")),
        same_address,
    ),
    "entries[].itunes_block": (_raw(lambda raw: int(bool(_of("is_blocked", raw.episode)))), same),
    "entries[].itunes_explicit": (_raw(lambda raw: _of("is_explicit", raw.episode)), same),
    "entries[].itunes_duration": (
        _raw(lambda raw: raw.episode.duration),
        lambda ours, expected, read: ours == int(expected.split(":")[0]) * 60 + int(expected.split(":")[1]),
    ),
    "entries[].psc_chapters.chapters": (_raw(lambda raw: raw.episode.chapters), same),
    "entries[].psc_chapters.chapters[].title": (_raw(lambda raw, at: raw.episode.chapters[at].title), same),
    "entries[].psc_chapters.chapters[].image": (_raw(lambda raw, at: raw.episode.chapters[at].image), same),
    "entries[].psc_chapters.chapters[].href": (_raw(lambda raw, at: raw.episode.chapters[at].url), same),
    "entries[].itunes_season": (_raw(lambda raw: raw.episode.season), same_number),
    "entries[].itunes_episode": (_raw(lambda raw: raw.episode.number), same_number),
    "entries[].itunes_episodetype": (_raw(lambda raw: raw.episode.kind), same),
    "entries[].slash_comments": (_raw(lambda raw: raw.comment_count), same_number),
    "entries[].thr_total": (_raw(lambda raw: raw.comment_count), same_number),
    "entries[].media_content[].url": (_raw(lambda raw, at: _files(raw)), one_of),
    "entries[].media_credit[].content": (_raw(lambda raw, at: [person.name for person in raw.contributors]), one_of),
    "entries[].media_rating.content": (
        _raw(lambda raw: [one.text for one in raw.extensions if one.name == "media:rating"]),
        one_of,
    ),
    "entries[].media_license.href": (_raw(lambda raw: _licence(raw.links)), same),
    "entries[].media_player.url": (
        _raw(lambda raw: [dict(one.attributes)["url"] for one in raw.extensions if one.name == "media:player"]),
        one_of,
    ),
    "entries[].media_thumbnail[].url": (_raw(lambda raw, at: _of("url", _at(raw.pictures, at))), same),
    "entries[].where": (_raw(lambda raw: {} if raw.places == () else raw.places), same),
    "entries[].where.type": (
        _raw(lambda raw: _of("shape", _at(raw.places))),
        lambda ours, expected, read: ours == {"LineString": "line"}.get(expected, expected.lower()),
    ),
    "entries[].where.coordinates": (_raw(lambda raw: _of("coordinates", _at(raw.places)) or ()), same_place),
    "entries[].where.coordinates[]": (
        _raw(lambda raw, at: list(_at(_of("coordinates", _at(raw.places)) or (), at) or ())),
        same,
    ),
}

# What we have no field for, and why not.
LEFT_OUT: dict[str, str] = {
    "version": "which dialect a feed is written in decides how it is read, and is not kept",
    "feed.info": "Atom 0.3's words about feeds in general, not about this one; RFC 4287 dropped them",
    "feed.info_detail.*": "as feed.info",
    "bozo_exception": "the words for what is wrong are our own",
    "namespaces.*": "which prefixes a document binds to what",
    "feed.title_detail.type": "a feed's title is kept as text",
    "feed.title_detail.base": "as feed.title_detail.type: in a text there is nothing to resolve",
    "feed.title_detail.language": "the language of a feed is kept, not that of its title alone",
    "feed.copyright_detail.*": "rights are kept as text, without a type, a base or a language of their own",
    "feed.rights_detail.*": "as feed.copyright_detail",
    "entries[].rights_detail.*": "as feed.copyright_detail",
    "entries[].source.rights_detail.*": "as feed.copyright_detail",
    "entries[].source.title_detail.*": "the title of the feed that an entry came from is kept as text",
    "entries[].source.subtitle_detail.*": "of what that feed is about, the text and its type are kept",
    "entries[].source.published": "a feed has one date, that of its last change",
    "entries[].source.published_parsed": "as entries[].source.published",
    "feed.tags[].scheme": "a category is a word; whose list of words it comes from is not kept",
    "entries[].tags[].scheme": "a category is a word; whose list of words it comes from is not kept",
    "feed.links[].type": "feedparser makes up the type of a link that bears none; of the own link we keep the address",
    "entries[].links[].type": "as feed.links[].type",
    "entries[].source.links[].type": "as feed.links[].type",
    "feed.links[].length": "a feed has no files, its entries have",
    "feed.generator_detail.url": "the address of the program that wrote a feed is of no use to its readers",
    "feed.generator_detail.href": "as feed.generator_detail.url",
    "feed.docs": "the address of RSS's specification",
    "feed.cloud.*": "rssCloud, which WebSub replaced; we do not register with it",
    "feed.textinput.*": "a search form of 1999",
    "feed.image.*": "of a feed's logo its address is kept, not the words beside it",
    "entries[].image.*": "of an entry's picture its address is kept, and its size where several stand for choice",
    "feed.errorreportsto": "whom programs of 2003 told of mistakes in a feed",
    "feed.validity_start": "no field: entries of a feed have dates, its own validity is not published",
    "feed.validity_end": "as feed.validity_start",
    "feed.validity_start_parsed": "as feed.validity_start",
    "feed.validity_end_parsed": "as feed.validity_start",
    "entries[].expired": "an entry leaves the store by retention, whatever its source says",
    "entries[].expired_parsed": "as entries[].expired",
    "entries[].psc_chapters.version": "the version of a vocabulary",
    "entries[].media_statistics.*": "kept as it came, within media:community",
    "entries[].newlocation": "an element of no known vocabulary",
    "entries[].vcard": "a visiting card within a text stays in it",
    "entries[].xfn": "who is whose friend, said by links within a text, stays in it",
    "entries[].abcdefg": "an element of no known vocabulary",
    "entries[].madeup_element": "an element of no known vocabulary",
}


def pattern_of(path: Sequence[str | int]) -> tuple[str, Indexes]:
    """``["entries", 0, "title"]`` as ``entries[].title`` and its indexes."""
    text = ""
    for step in path:
        text += "[]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text, tuple(step for step in path if isinstance(step, int))


def left_out(pattern: str) -> str | None:
    """Why we keep nothing under this name, or None. ``name.*`` holds for what is below a name and not mapped."""
    if pattern in MAPPED:
        return None
    return LEFT_OUT.get(pattern) or LEFT_OUT.get(f"{pattern.rpartition('.')[0]}.*")


def holds(clause: Clause, found: Read) -> bool | None:
    """Whether a clause is true of what we read; None where it is about something that we do not keep."""
    pattern, at = pattern_of(clause["path"])
    if pattern not in MAPPED:
        return None
    get, compare = MAPPED[pattern]
    try:
        ours = get(found, at)
    except (IndexError, AttributeError):
        return False
    if ours is LEFT:
        return None
    said = _says(clause, ours, compare, found)
    return None if said is LEFT else bool(said)


def _says(clause: Clause, ours: Any, compare: Compare, found: Read) -> Any:
    expected = clause.get("value")
    match clause["op"]:
        case "==" | "is":
            return (ours in (None, ())) if expected is None else compare(ours, expected, found)
        case "!=":
            return ours if expected is None else not compare(ours, expected, found)
        case "true" | "has":
            return ours
        case "false" | "hasnot":
            return not ours
        case "len==":
            return len(ours) == expected
        case "contains":
            return expected in ours
        case "in":
            return ours in expected
    raise ValueError(json.dumps(clause))
