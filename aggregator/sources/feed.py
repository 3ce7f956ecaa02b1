"""A feed: RSS 0.9x, 1.0 and 2.0 (as JSON too), Atom 0.3 and 1.0, CDF, JSON Feed 1.0 and 1.1. Pure.

.. code-block:: yaml

    sources:
      - https://example.org/feed.xml                    # the kind is found out
      - {url: https://example.org/, kind: feed}         # fails, and names the feeds that the page links to
      - {url: https://example.org/blog, timezone: Asia/Shanghai}    # a page: its first feed is read instead
      - {path: downloads/feed.xml}                      # or file:///srv/downloads/feed.xml
      - {url: https://example.org/feed.xml, next: {pages: 5}}   # older entries too, from the pages that it names

``url`` or ``path`` is all that it needs. ``timezone`` is for feeds whose dates have no offset. ``next: {pages: N}``
reads up to N documents of a feed that is paged or archived (RFC 5005, JSON Feed's ``next_url``); default: one. Relative
addresses in a file start where the feed says that it stands. feedparser says what a feed holds;
``parts.feed.elements`` adds what it loses. A feed that is not well formed is mended and read as far as it goes, with a
warning. An entry stays that bears anything, an id alone too; one that is empty, or cut off before it has an address or
an id, is left out and told.
"""

import io
import re
from dataclasses import replace
from datetime import datetime
from typing import cast

from aggregator.errors import ReadError
from aggregator.model import Document, RawEntry, Reading, Request, Source, SourceInfo
from aggregator.sources.parts.asking import first_request, further_request
from aggregator.sources.parts.feed import links as feed_links
from aggregator.sources.parts.feed.bare import borne
from aggregator.sources.parts.feed.bounds import bounded
from aggregator.sources.parts.feed.discovery import named_feeds
from aggregator.sources.parts.feed.document import (
    feed_text,
    is_closed,
    is_html,
    is_rdf_feed,
    root_name,
    without_live_items,
)
from aggregator.sources.parts.feed.elements import Elements, FeedElements, feed_elements
from aggregator.sources.parts.feed.entries import raw_entry
from aggregator.sources.parts.feed.found import WEB, Found
from aggregator.sources.parts.feed.json_feed import read_json
from aggregator.sources.parts.feed.json_text import loaded, rss_in_json
from aggregator.sources.parts.feed.mending import fault_of, mended, rebuilt
from aggregator.sources.parts.feed.paging import named_pages, next_page
from aggregator.sources.parts.feed.source import source_info
from aggregator.sources.parts.roots import KIND_OF_ROOT
from aggregator.sources.parts.unpacking import unpacked
from aggregator.text.decoding import mislabelled

LONGEST_GUESSED = 1_000_000  # characters; what is ill-formed and longer is mended first, since guessing takes minutes

_DRIVER = "aggregator.sources.parts.feed.buffered_sax"
_ADVICE = "; it is asked for whole next time, tell its owner if that goes on"
_FEED_TYPE = re.compile(r"xml|json|rss|atom|rdf|feed|octet-stream|unknown")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # one: a list of them tells nothing
_ENTRY = re.compile(r"<(/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_NAMED = re.compile(r"</(?:[\w.-]+:)?(?:link|guid|id)\s*>|<(?:[\w.-]+:)?link\s[^<>]*href[^<>]*>", re.IGNORECASE)


def request(source: Source) -> Request:
    """Return what to ask first: the address of the feed."""
    return first_request(source, is_page=False)


def read(document: Document, source: Source, *, now: datetime) -> Reading:  # noqa: ARG001  every kind is told the time
    """Return the entries of a feed, in its order.

    A page that names feeds, where feeds.yaml does not say ``kind: feed``, gives a request for the first of them.
    Raises ReadError when the document is no feed; the message says what came instead.
    """
    if document.files:
        raise ReadError(
            f"this is {len(document.files)} files, and a feed is one: write a source for each, with its own path",
            url=document.url,
        )
    document = unpacked(document, limit=source.max_bytes, what="feed")
    text = feed_text(document)
    if text[0] in "{[":
        found_json, fault = loaded(text, document.url)
        as_xml = rss_in_json(found_json) if found_json else None
        if as_xml is None:
            return _labelled(read_json(found_json, document, source, trouble=fault), document)
        text = as_xml
    if is_html(text):
        return _page(text, document, source)
    return _labelled(_read_xml(text, document, source), document)


def _labelled(reading: Reading, document: Document) -> Reading:
    """With what the answer's headers add, and where they are wrong: language, hub, encoding, media type."""
    headers = document.headers
    served = headers.get("content-type", "").partition(";")[0].strip().lower()
    if served and not _FEED_TYPE.search(served):
        reading = replace(reading, warnings=(f"it is served as {served}, which no feed is", *reading.warnings))
    spoken = headers.get("content-language", "").strip()
    if reading.info.language is None and _LANGUAGE.fullmatch(spoken):
        reading = replace(reading, info=replace(reading.info, language=spoken))
    if named := feed_links.of_header(headers.get("link", ""), document.url):  # they overrule what the feed says
        others = tuple(link for link in reading.info.links if link.rel not in {one.rel for one in named})
        reading = replace(reading, info=replace(reading.info, links=(*named, *others)))
    if said := _of_its_end(reading.info, {document.url, document.requested_url}):
        reading = replace(reading, warnings=(*reading.warnings, said))
    if fault := mislabelled(document.body, headers.get("content-type")):
        reading = replace(reading, warnings=(f"encoding: {fault}", *reading.warnings))
    return reading


def _of_its_end(info: SourceInfo, addresses: set[str]) -> str | None:
    """What the operator should do about a feed that says it has moved or ended."""
    moved_to = info.podcast.moved_to if info.podcast else None
    if moved_to and WEB.match(moved_to) and moved_to not in addresses:
        return f"the feed says that it has moved to {moved_to}: write that address in feeds.yaml"
    if info.is_ended or (info.podcast and info.podcast.is_complete):
        return "the feed says that nothing will follow: it could leave feeds.yaml, its entries stay"
    return None


def _read_xml(text: str, document: Document, source: Source) -> Reading:
    base = document.url if WEB.match(document.url) else None
    text, too_much = bounded(text, document.url)
    read_text, found, trouble = _parse(text, base, document.url)
    is_feed = (
        root_name(text) in {"rss", "feed"}
        or is_rdf_feed(text)
        or (root_name(text) == "channel" and bool(found["feed"]))
    )
    if not found["entries"] and (not is_feed or (trouble and not is_closed(text))):
        raise ReadError(_what_came(text, trouble), url=document.url)

    elements = feed_elements(read_text, base)
    if elements and base is None and (home := feed_links.home(elements.head)):
        elements = feed_elements(read_text, home)  # a file on this machine: its links start where it once stood
    head = elements.head if elements else Elements(base=base, language=None)
    matching = _matching(elements, found)
    info = source_info(found, head)
    read_entries = [
        raw_entry(one, its_elements, head, str(found.get("version") or ""))
        for one, its_elements in zip(found["entries"], matching, strict=True)
    ]
    entries, warnings = borne(read_entries, info.authors)
    warnings = (*too_much, *warnings)
    is_whole = True
    if trouble:
        entries, cut = _without_a_stump(entries, text)
        is_whole = not cut
        warnings += (*cut, f"the feed is not well-formed XML ({trouble}); {_entries(len(entries))} could be read")
        if not entries and cut:
            raise ReadError(_what_came(text, trouble), url=document.url)
    requests = next_page(named_pages(info.links), document, source, base=head.base) if entries else ()
    return Reading(info=info, entries=tuple(entries), requests=requests, warnings=warnings, is_whole=is_whole)


def _page(text: str, document: Document, source: Source) -> Reading:
    """What a page is good for: the feeds that it names."""
    feeds = _all_feeds(text, document)
    if feeds and source.kind is None:
        others = f"; it names {', '.join(feeds[1:5])} too" if feeds[1:] else ""
        told = f"{document.url} is a page; its feed {feeds[0]} is read: write that address in feeds.yaml{others}"
        return Reading(requests=(further_request(feeds[0], source, is_page=False),), warnings=(told,))
    if feeds:
        advice = f"it names {', '.join(feeds[:5])}: use that address, or kind: html_list"
    else:
        advice = "it names no feed: find the feed's address, or use kind: html_list"
    raise ReadError(f"this is an HTML page, not a feed; {advice}", url=document.url)


def _what_came(text: str, trouble: str | None) -> str:
    """What a document is that is neither feed nor page, and what to do."""
    root = root_name(text)
    if root is None:
        return "this is neither XML nor JSON, so no feed; check the address"
    if kind := KIND_OF_ROOT.get(root):
        return f"this is no feed but a list of another kind; use kind: {kind}"
    if trouble:
        return f"this is not well-formed XML ({trouble}), and no entries could be read; check the address"
    return f"this is XML of another kind (its root is <{root}>), not a feed; check the address"


def _all_feeds(text: str, document: Document) -> list[str]:
    return [url for url in named_feeds(text, document.url) if url not in {document.url, document.requested_url}]


def _parse(text: str, base: str | None, url: str) -> tuple[str, Found, str | None]:
    """The text that was read in the end, what feedparser found in it, and what was wrong with it as XML.

    A text that is not well formed is mended; where that does not help it is what a forgiving parser makes of it, or
    what feedparser guesses, whichever has more entries.
    """
    attempts: list[tuple[str, Found]] = []
    trouble = None
    failure: Exception | None = None
    candidate = text
    for mend in (str, mended, rebuilt):
        candidate = mend(candidate)
        if len(candidate) > LONGEST_GUESSED and (fault := fault_of(candidate)):
            trouble = trouble or fault
            continue
        try:
            found = _feedparser(candidate, base)
        except Exception as error:  # whatever a hostile text makes it trip over, it breaks only this source
            failure = failure or error
            trouble = trouble or fault_of(candidate) or f"{type(error).__name__}: {error}"
            continue
        attempts.append((candidate, found))
        fault = _trouble(found, candidate)
        if fault is None:
            break
        trouble = trouble or fault
    if not attempts:
        raise ReadError(f"the feed cannot be read ({trouble})", url=url) from failure
    read_text, found = max(reversed(attempts), key=lambda attempt: len(attempt[1]["entries"]))
    return read_text, found, trouble


def _feedparser(text: str, base: str | None) -> Found:
    import feedparser

    drivers = feedparser.api.PREFERRED_XML_PARSERS
    if _DRIVER not in drivers:
        drivers.insert(0, _DRIVER)
    found = feedparser.parse(
        io.BytesIO(without_live_items(text).encode()),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            **({"content-location": base} if base else {}),
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return cast(Found, found)


def _trouble(found: Found, text: str) -> str | None:
    """Why it is not well-formed XML, with the line, or None when it is."""
    error = dict.get(found, "bozo_exception") if dict.get(found, "bozo") else None
    if error is None or not hasattr(error, "getLineNumber"):
        return None
    line = error.getLineNumber() - (0 if text.startswith("<?xml") else 1)  # feedparser adds a declaration
    return f"line {line}: {error.getMessage()}"


def _matching(elements: FeedElements | None, found: Found) -> list[Elements | None]:
    """The elements of each entry; None for all where the two readers count differently."""
    entries = found["entries"]
    if elements is None or len(elements.entries) != len(entries):
        return [None] * len(entries)
    return list(elements.entries)


def _without_a_stump(entries: list[RawEntry], text: str) -> tuple[list[RawEntry], list[str]]:
    """The entries of a document that may be cut off, and a warning if it is.

    The last entry stays when its address or id is there, under which the next poll will complete it.
    """
    rest = _cut_off(text)
    if not entries or rest is None:
        return entries, []
    last = _called(entries[-1])
    if _NAMED.search(rest):
        return entries, [f"the feed is cut off within its last entry ({last}){_ADVICE}"]
    return entries[:-1], [f"the feed is cut off at the head of its last entry ({last}): left out{_ADVICE}"]


def _cut_off(text: str) -> str | None:
    """What there is of an entry that begins and does not end, or None."""
    text = re.sub(r"<!\[CDATA\[.*?(?:\]\]>|\Z)", "", text, flags=re.DOTALL)
    marks = list(_ENTRY.finditer(text))
    return text[marks[-1].start() :] if marks and not marks[-1][1] else None


def _called(entry: RawEntry) -> str:
    return (entry.title.value if entry.title else entry.url or entry.id or "without a title")[:80]


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
