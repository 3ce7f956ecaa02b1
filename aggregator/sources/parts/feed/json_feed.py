"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): the object in a document to its entries. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from aggregator.errors import ReadError
from aggregator.model import (
    Document,
    Enclosure,
    Link,
    Person,
    Picture,
    RawEntry,
    RawText,
    Reading,
    Source,
    SourceInfo,
)
from aggregator.sources.parts.bounds import first_ones
from aggregator.sources.parts.feed.bare import borne
from aggregator.sources.parts.feed.found import WEB
from aggregator.sources.parts.feed.json_text import Object
from aggregator.sources.parts.feed.paging import next_page
from aggregator.text.dates import read_date
from aggregator.text.references import unescaped

MOST_IN_LIST = 2_000  # tags, authors or attachments of one entry

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/", re.IGNORECASE)
_BARE_VERSION = re.compile(r"1(?:\.[01])?")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]\w{1,30});")


def read_json(found: Object | None, document: Document, source: Source, *, trouble: str | None = None) -> Reading:
    """Return the entries of a JSON Feed, in its order; ``next_url`` is the further page of ``requests``.

    Values of another type than the specification says count as absent, but that numbers serve as ids and names.
    Raises ReadError for JSON that is no JSON Feed. trouble: what is wrong with it as JSON, so that entries are missing.
    """
    if found is None or not _is_feed(found):
        raise ReadError(
            "this is JSON, but no JSON Feed (it lacks a jsonfeed.org version); use kind: json_api", url=document.url
        )
    feed, base = found, _base(found, document.url)
    listed, too_many = first_ones(_list(feed.get("items")), "items in the feed")
    items = [_entry(item, base, feed) if isinstance(item, dict) else None for item in listed]
    authors = _people(feed)
    entries, warnings = borne(items, authors)
    warnings = (*too_many, *_too_long(listed), *warnings)
    if trouble:
        warnings += (f"the feed is not well-formed JSON ({trouble}); {len(entries)} entries could be read",)
    description = _text(feed.get("description"))
    address = _text(feed.get("feed_url"))
    info = SourceInfo(
        id=address,  # jsonfeed.org/version/1.1: feed_url is the unique identifier of the feed
        title=_unescaped(_text(feed.get("title"))),
        url=_joined(base, _text(feed.get("home_page_url"))),
        language=_text(feed.get("language")),
        updated=_newest(items, source, document),
        authors=authors,
        image=_text(feed.get("icon")) or _text(feed.get("favicon")),
        links=tuple(_feed_links(feed)),
        description=RawText(value=description, base=base) if description else None,
        is_ended=feed.get("expired") is True,
    )
    return Reading(
        info=info,
        entries=tuple(entries),
        requests=next_page(_next_urls(feed), document, source, base=None),
        warnings=warnings,
        is_whole=trouble is None,
    )


def _base(found: Object, url: str) -> str:
    """What relative addresses start from: those of a file on this machine where the feed says that it stands."""
    told = (_text(found.get(name)) or "" for name in ("feed_url", "home_page_url"))
    return url if WEB.match(url) else next((one for one in told if WEB.match(one)), url)


def _is_feed(found: Object) -> bool:
    """Whether it names the version of JSON Feed, or lacks that but has what no other JSON has together."""
    version, items = str(found.get("version", "")), found.get("items")
    if _VERSION.match(version):
        return True
    objects = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    if version:
        return _BARE_VERSION.fullmatch(version) is not None and bool(objects)
    return "title" in found and any({"content_html", "content_text"} & item.keys() for item in objects)


def _newest(items: Iterable[RawEntry | None], source: Source, document: Document) -> str | None:
    """The newest date among the entries, as written: when the feed was changed, which JSON Feed cannot say itself."""
    dates = {
        when: text
        for item in items
        for text in ((item.updated or item.published) if item else None,)
        if text and (when := read_date(text, timezone=source.timezone, now=document.fetched_at))
    }
    return dates[max(dates)] if dates else None


def _entry(item: Object, base: str, feed: Object) -> RawEntry:
    language = _text(item.get("language"))
    marked_up, plain = _text(item.get("content_html")), _text(item.get("content_text"))
    content = None
    if marked_up or plain:
        content = RawText(
            value=marked_up or plain or "", type="html" if marked_up else "text", base=base, language=language
        )
    title, summary = _unescaped(_text(item.get("title"))), _text(item.get("summary"))
    url, external = _text(item.get("url")), _text(item.get("external_url"))
    identity = _text(item.get("id"), strip=False)
    if url is None and identity and re.match(r"https?://", identity):
        url = identity  # jsonfeed.org: the id is ideally the URL of the page
    links = [Link(url=external, rel="related")] if external and url else []
    return RawEntry(
        id=identity,
        url=url or external,
        base=base,
        title=RawText(value=title, base=base, language=language) if title else None,
        summary=RawText(value=summary, base=base, language=language) if summary else None,
        content=content,
        published=_text(item.get("date_published")),
        updated=_text(item.get("date_modified")),
        authors=_people(item) or _people(feed),
        categories=tuple(dict.fromkeys(tag for value in _few(item.get("tags")) if (tag := _text(value)))),
        enclosures=tuple(_enclosures(item)),
        image=_text(item.get("image")) or _text(item.get("banner_image")),
        language=language,
        links=tuple(links),
        pictures=tuple(dict.fromkeys(_pictures(item))),
    )


def _people(holder: Object) -> tuple[Person, ...]:
    """``authors`` of 1.1, else ``author`` of 1.0. What is no address in ``url`` (mailto:) is the e-mail."""
    found = [author for author in [*_few(holder.get("authors")), holder.get("author")] if author]
    people = []
    for author in found:
        if isinstance(author, str):
            author = {"name": author}
        if not isinstance(author, dict):
            continue
        name, url = _text(author.get("name")), _text(author.get("url"))
        email = url.removeprefix("mailto:") if url and url.startswith("mailto:") else None
        if name or url:
            people.append(Person(name=name, email=email, url=None if email else url, image=_text(author.get("avatar"))))
    return tuple(dict.fromkeys(people))


def _enclosures(item: Object) -> Iterable[Enclosure]:
    """Attachments; those that bear the same title are one thing in several forms, says the specification."""
    titled: dict[str, list[Enclosure]] = {}
    for number, attachment in enumerate(_few(item.get("attachments"))):
        if isinstance(attachment, dict) and (url := _text(attachment.get("url"))):
            title = _text(attachment.get("title"))
            form = Enclosure(
                url=url,
                type=_text(attachment.get("mime_type")),
                length=_count(attachment.get("size_in_bytes")),
                title=title,
                duration=_count(attachment.get("duration_in_seconds")),
            )
            titled.setdefault(f"title {title}" if title else f"number {number}", []).append(form)
    for first, *others in titled.values():
        yield replace(first, alternatives=tuple(others))


def _pictures(item: Object) -> Iterable[Picture]:
    for name in ("image", "banner_image"):
        if url := _text(item.get(name)):
            yield Picture(url=url)


def _feed_links(feed: Object) -> Iterable[Link]:
    if own := _text(feed.get("feed_url")):
        yield Link(url=own, rel="self")
    if following := _text(feed.get("next_url")):
        yield Link(url=following, rel="next")
    for hub in _list(feed.get("hubs")):
        if isinstance(hub, dict) and (url := _text(hub.get("url"))):
            yield Link(url=url, rel="hub", type=_text(hub.get("type")))


def _next_urls(feed: Object) -> list[str]:
    following = _text(feed.get("next_url"))
    return [following] if following and following != _text(feed.get("feed_url")) else []


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _few(value: object) -> list[Any]:
    return _list(value)[:MOST_IN_LIST]


def _too_long(items: Iterable[Any]) -> Iterable[str]:
    """A warning for each sort of list of which ``_few`` leaves out the end."""
    found = [item for item in items if isinstance(item, dict)]
    for name in ("tags", "authors", "attachments"):
        if count := sum(len(_list(item.get(name))) > MOST_IN_LIST for item in found):
            where = "an entry has" if count == 1 else f"{count} entries have"
            yield f"{where} more than {MOST_IN_LIST:,} {name}, of which the first {MOST_IN_LIST:,} are read"


def _text(value: object, *, strip: bool = True) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value != value:  # NaN is no text
        return None
    text = str(value).encode(errors="replace").decode()  # JSON can escape halves of characters, which nothing can store
    return (text.strip() if strip else text) or None


def _unescaped(text: str | None) -> str | None:
    """A title whose writer took it for HTML: no person writes ``&amp;``."""
    return unescaped(text) if text and _REFERENCE.search(text) else text


def _joined(base: str, url: str | None) -> str | None:
    try:
        return urljoin(base, url) if url else None
    except ValueError:
        return None


def _count(value: object) -> int | None:
    try:
        return int(float(value)) or None if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None
