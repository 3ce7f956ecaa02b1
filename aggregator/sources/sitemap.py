"""A sitemap: the pages of a site, as it lists them for search engines. Pure.

.. code-block:: yaml

    sources:
      - {url: https://example.com/sitemap-news.xml, category: 科技}      # the kind is found out
      - name: example
        kind: sitemap
        url: https://example.com/sitemap_index.xml
        include: {url: [/news/, /blog/]}                     # a site's sitemap lists everything it has
        article: {content: article, remove: [.share]}        # else its text is found by itself, as with article: auto
        backlog: 200                                         # of what is there already, the newest 200

It may be a list of addresses (``urlset``) or of such lists (``sitemapindex``), in XML or as text with an address a
line, RSS or Atom, and compressed with gzip. Of the extensions those for news (title, date, language, keywords), images
(the first), videos (title, text, thumbnail, file) and translations (``xhtml:link``) are read.

A list gives addresses; what is behind them tells the rest. An entry gets its title, date, author, image and text from
its page, and what the list says goes before it. Pages are asked for once each, the newest ``lastmod`` first, a hundred
at a poll (the daemon goes on at the host's pace); until its page was read an entry that has no title is not published,
and none is forgotten. A page that is gone is left out; one that cannot be read after three tries is published under a
title made of its address. ``include: {url: …}`` and ``exclude`` keep what they leave out from being asked for.

Of an index every list is asked at the first poll, the newest first, a hundred at a poll; later only those whose
``lastmod`` is another one or was not told, conditionally. Lists within lists are followed three deep. An index that
names more than 10,000 lists, and a list of more than 50,000 addresses, are read up to there, the newest kept.

robots.txt binds the sitemap and the pages. An address on another host is read like any other that content names.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import islice
from typing import Any

from aggregator.errors import ReadError
from aggregator.model import (
    ArticleRule,
    Document,
    Enclosure,
    Link,
    Part,
    RawEntry,
    RawText,
    Reading,
    Request,
    Source,
    SourceInfo,
)
from aggregator.sources import kind
from aggregator.sources.parts import sitemap_text
from aggregator.sources.parts.asking import first_request
from aggregator.sources.parts.mapping import held_date
from aggregator.sources.parts.sitemap_text import Element
from aggregator.text.dates import read_date
from aggregator.text.urls import absolute, origin

ARTICLE = ArticleRule(auto=True, facts=True)  # how the pages are read where feeds.yaml does not say it

MOST_ENTRIES = 50_000  # https://www.sitemaps.org/protocol.html: of one list
MOST_PARTS = 10_000
_MADE_JUST_NOW = timedelta(hours=1)
_ENOUGH_TO_TELL = 10  # addresses that bear one and the same time
_NAMED = 3  # of what is told by number
_OLDEST = datetime.min.replace(tzinfo=UTC)


def request(source: Source) -> Request:
    """Return what to ask first: the address of the sitemap, which robots.txt binds."""
    return first_request(source, is_page=True)


def read(document: Document, source: Source, *, now: datetime) -> Reading:
    """Return the entries of a list, and the lists that an index names, the newest first.

    Raises ReadError when the document is no sitemap.
    """
    text = sitemap_text.text_of(document, limit=source.max_bytes)
    if sitemap_text.is_feed(text):
        plain = replace(document, body=text.encode(), headers={})
        return kind("feed").read(plain, replace(source, kind="feed"), now=now)
    if not text.startswith("<"):
        return _of_lines(text, document)
    root, warnings = sitemap_text.parsed(text, url=document.url)
    is_whole = not warnings or sitemap_text.is_closed(text)
    times = _Times(timezone=source.timezone, now=now)
    entries = [_entry(one, document.url, times) for one in root if one.name == "url"]
    parts = [_part(one, document.url) for one in root if one.name == "sitemap"]
    found = _each_once([entry for entry in entries if entry is not None])
    named: dict[str, Part] = {}
    for part in parts:
        if part is not None:
            named.setdefault(part.url, part)
    missing = entries.count(None) + parts.count(None)
    if missing == len(entries) + len(parts) and missing:
        raise ReadError(f"none of its {missing} elements has an address in <loc>; is it a sitemap?", url=document.url)
    if missing:
        warnings.append(f"{missing} elements have no address in <loc> that leads anywhere: left out")
    found, told = _without_time_of_making(found, times)
    found, more = _newest(found, times, MOST_ENTRIES)
    children = sorted(named.values(), key=lambda part: times.instant(part.changed), reverse=True)
    if more or len(children) > MOST_PARTS:
        warnings.append(f"only the newest {MOST_ENTRIES:,} addresses and {MOST_PARTS:,} lists are read")
    return Reading(
        info=_info(root, document),
        entries=tuple(found),
        parts=tuple(children[:MOST_PARTS]),
        warnings=(*warnings, *told, *times.warnings()),
        is_whole=is_whole,
    )


@dataclass
class _Times:
    """Reads the dates of a list, and counts those that are none."""

    timezone: str
    now: datetime

    def __post_init__(self) -> None:
        self.unread: list[str] = []
        self._known: dict[str, datetime | None] = {}

    def instant(self, text: str | None) -> datetime:
        """Return when that is, or a time before all others."""
        if not text:
            return _OLDEST
        if text not in self._known:
            self._known[text] = read_date(text, timezone=self.timezone, now=self.now)
        return self._known[text] or _OLDEST

    def held(self, text: str | None) -> str | None:
        """Return the date as ``read_date`` understands it, or None."""
        if not text:
            return None
        if self.instant(text) is not _OLDEST:
            return text
        found = held_date(text, timezone=self.timezone, now=self.now)
        if found is None:
            self.unread.append(text)
        return found

    def warnings(self) -> tuple[str, ...]:
        if not self.unread:
            return ()
        examples = ", ".join(repr(text[:40]) for text in dict.fromkeys(self.unread[: _NAMED * 5]))
        return (f"{len(self.unread)} dates cannot be read: {examples}",)


def _of_lines(text: str, document: Document) -> Reading:
    lines = [line for row in islice(StringIO(text), sitemap_text.MOST_READ) if (line := row.strip())]
    urls = [url for line in lines if "://" in line and (url := absolute(line, document.url))]
    others = len(lines) - len(urls)
    if not urls or others > len(urls):
        raise ReadError(
            "this is no sitemap: neither XML nor a list with an address a line; check the address", url=document.url
        )
    found = list(dict.fromkeys(urls))
    warnings = [f"{others} lines are no addresses: left out"] if others else []
    if len(found) > MOST_ENTRIES:
        warnings.append(f"only the first {MOST_ENTRIES:,} addresses are read")
    entries = tuple(RawEntry(url=url) for url in found[:MOST_ENTRIES])
    return Reading(info=SourceInfo(url=_home(document.url)), entries=entries, warnings=tuple(warnings))


def _part(element: Element, base: str) -> Part | None:
    url = absolute(element.text("loc") or "", base)
    return Part(url=url, changed=element.text("lastmod")) if url else None


def _entry(element: Element, base: str, times: _Times) -> RawEntry | None:
    """What a list says of one page; None where it has no address."""
    url = absolute(element.text("loc") or "", base)
    if url is None:
        return None
    news, video = element.child("news"), element.child("video")
    languages = [
        (link.attributes["hreflang"].strip(), there)
        for link in element.children("link")
        if link.attributes.get("hreflang", "").strip() and (there := absolute(link.attributes.get("href", ""), base))
    ]
    publication = news.child("publication") if news else None
    own = next((name for name, there in languages if there == url and name.lower() != "x-default"), None)
    image = element.child("image")
    pictures = [_text(image, "loc"), _text(video, "thumbnail_loc")]
    title = _text(news, "title") or _text(video, "title")
    summary = _text(video, "description")
    return RawEntry(
        url=url,
        title=RawText(value=title) if title else None,
        summary=RawText(value=summary) if summary else None,
        published=times.held(_text(news, "publication_date") or _text(video, "publication_date")),
        updated=times.held(element.text("lastmod")),
        categories=tuple(dict.fromkeys(_keywords(news, video))),
        enclosures=_enclosures(video, base),
        image=next((there for one in pictures if one and (there := absolute(one, base))), None),
        language=_text(publication, "language") or own,
        links=tuple(
            Link(url=there, rel="alternate", language=name)
            for name, there in languages
            if there != url and name.lower() != "x-default"
        ),
    )


def _text(element: Element | None, name: str) -> str | None:
    return element.text(name) if element else None


def _keywords(news: Element | None, video: Element | None) -> Iterator[str]:
    for word in (_text(news, "keywords") or "").replace("，", ",").split(","):
        if word.strip():
            yield word.strip()
    if video:
        yield from (word for tag in video.children("tag") if (word := tag.value))


def _enclosures(video: Element | None, base: str) -> tuple[Enclosure, ...]:
    url = absolute(video.text("content_loc") or "", base) if video else None
    if video is None or url is None:
        return ()
    seconds = video.text("duration") or ""
    return (Enclosure(url=url, duration=int(seconds) if seconds.isdecimal() and len(seconds) < 7 else None),)


def _each_once(entries: Iterable[RawEntry]) -> list[RawEntry]:
    """The entries, each address once: what is said first of it counts."""
    kept: dict[str, RawEntry] = {}
    for entry in entries:
        kept.setdefault(entry.url or "", entry)
    return list(kept.values())


def _without_time_of_making(entries: list[RawEntry], times: _Times) -> tuple[list[RawEntry], list[str]]:
    """The entries without their ``lastmod`` where all bear the one at which the list was made.

    Programs that make the list when it is asked for write the time of asking; every page would look changed each time.
    """
    changes = {entry.updated for entry in entries}
    (only,) = changes if len(changes) == 1 and len(entries) >= _ENOUGH_TO_TELL else (None,)
    if only is None or ":" not in only or abs(times.now - times.instant(only)) > _MADE_JUST_NOW:
        return entries, []
    told = f"all {len(entries)} addresses bear one lastmod, {only!r}, when the list was made: not taken for their date"
    return [replace(entry, updated=None) for entry in entries], [told]


def _newest(entries: Sequence[RawEntry], times: _Times, most: int) -> tuple[list[RawEntry], bool]:
    """The entries by date, those without one last, in the order of the document; and whether that is not all."""
    ordered = sorted(entries, key=lambda entry: times.instant(entry.published or entry.updated), reverse=True)
    return ordered[:most], len(ordered) > most


def _info(root: Element, document: Document) -> SourceInfo:
    """What a news sitemap says of the publication; the title only where all entries name the same."""
    told: list[Any] = [
        publication
        for one in root
        if (news := one.child("news")) is not None and (publication := news.child("publication")) is not None
    ]
    names = {name for publication in told if (name := publication.text("name"))}
    languages = {name for publication in told if (name := publication.text("language"))}
    return SourceInfo(
        title=names.pop() if len(names) == 1 else None,
        language=languages.pop() if len(languages) == 1 else None,
        url=_home(document.url),
    )


def _home(url: str) -> str | None:
    site = origin(url)
    return f"{site}/" if site else None
