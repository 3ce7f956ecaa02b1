"""A list of feeds, as readers export them and sites offer them: OPML 1.0, 1.1, 2.0. Pure.

.. code-block:: yaml

    sources:
      - {path: subscriptions.opml, entry_categories: {drop: [Unread]}}    # a file of one's own
      - {name: blogs, url: https://example.com/reading-list.opml, kind: opml, category: blogs}

Every feed of the list is a source named ``LIST/TITLE``, or ``LIST/host/path`` where it has no title, and is polled like
one, with the keys that are written at the list. A feed that comes to the list is polled at once; one that leaves it is
polled no more, and its entries stay until their retention is over. One that comes back goes on where it was.

Folders are categories: those a feed is in, outermost first, and the words of its ``category``, stand in place of the
list's ``category``, which is for feeds outside of folders. ``entry_categories`` says which of them count, and lets the
categories that entries bear themselves count beside them. ``headers`` and credentials go to the list's own origin only.

An address that is not public is refused unless the list has its origin or says ``allow_private: true``. A list that
fails takes nothing away; nor does one that comes without a feed, or without most of those it had, until it says so
twice. Lists that a list links to are not followed, nor is what it has commented out (``isComment="true"``).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from aggregator.errors import ReadError
from aggregator.model import Document, ListedFeed, Reading, Request, Source, SourceInfo
from aggregator.sources.parts.asking import first_request
from aggregator.sources.parts.feed.document import root_name
from aggregator.sources.parts.feed.mending import fault_of
from aggregator.sources.parts.roots import without_comments
from aggregator.sources.parts.unpacking import unpacked
from aggregator.text.decoding import decode
from aggregator.text.urls import absolute, canonical, without_credentials

MOST_FEEDS = 10_000
MOST_FOLDERS = 20  # of one feed

_ROOTS = ("opml", "outlinedocument")  # the second is what the format was called for a while
_FEED_SCHEME = re.compile(r"(?:feed|pcast|itpc|podcast):(?://)?(?=(https?:)?)", re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]+:)?(?:opml|body)\s*>", re.IGNORECASE)
_ADDRESS = re.compile(r"\sxmlurl\s*=", re.IGNORECASE)
_TAIL = 2_000  # characters at whose beginning a list that is whole may have ended: comments may follow
_SHOWN = 3  # of what is told by number


def request(source: Source) -> Request:
    """Return what to ask first: the address of the list. robots.txt is for pages."""
    return first_request(source, is_page=False)


def read(document: Document, source: Source, *, now: datetime) -> Reading:  # noqa: ARG001  every kind is told the time
    """Return the feeds of a list in its order, each address once, in all of its folders.

    Raises ReadError when the document is no OPML.
    """
    document = unpacked(document, limit=source.max_bytes, what="list")
    text = without_comments(decode(document.body, document.headers.get("content-type"))).strip()
    if root_name(text) not in _ROOTS:
        raise ReadError(_what_came(text), url=document.url)
    from aggregator.sources.parts.outlines import DEEPEST, TooDeepError, outlines
    from aggregator.sources.parts.selectors import MOST_ATTRIBUTES, is_crowded

    if is_crowded(text):
        message = f"an outline of the list has more than {MOST_ATTRIBUTES} attributes; such a list is not read"
        raise ReadError(message, url=document.url)

    try:
        found = outlines(text)
    except TooDeepError as error:
        message = f"the list has folders within folders, more than {DEEPEST} deep; such a list is not read"
        raise ReadError(message, url=document.url) from error

    base = without_credentials(document.url)
    feeds: dict[str, ListedFeed] = {}
    odd: list[str] = []
    for line in found.lines:
        url = _address(line.url, base)
        if url is None:
            odd.append(line.title or line.url)
            continue
        known = feeds.setdefault(canonical(url) or url, ListedFeed(url=url, title=line.title))
        folders = tuple(dict.fromkeys((*known.folders, *line.folders)))[:MOST_FOLDERS]
        feeds[canonical(url) or url] = ListedFeed(url=known.url, title=known.title or line.title, folders=folders)
    warnings = [*_left_out(found.lacking, "without the address of a feed"), *_left_out(odd, "with no web address")]
    if found.elsewhere:
        warnings.append(_not_followed(found.elsewhere))
    if len(feeds) > MOST_FEEDS:
        warnings.append(f"the list names {len(feeds)} feeds, of which the first {MOST_FEEDS} are read")
    fault = fault_of(text)
    is_ended = fault is None or _END.search(text[-_TAIL:]) is not None
    told = len(found.lines) + len(found.lacking) + found.commented
    lost = len(_ADDRESS.findall(text)) - told if fault else 0
    if fault and is_ended:
        warnings.append(f"the list is not well-formed XML ({fault}); {len(feeds)} feeds could be read")
    if lost > 0 or not is_ended or found.is_cut:
        warnings.append("the list is cut off or broken; what it names is read, and what it does not name stays")
    return Reading(
        info=SourceInfo(title=found.title),
        feeds=tuple(feeds.values())[:MOST_FEEDS],
        warnings=tuple(warnings),
        is_whole=is_ended and not found.is_cut and lost <= 0,
    )


def _address(written: str, base: str) -> str | None:
    """Return an absolute web address; ``feed://…`` is what browsers made of http."""
    prefix = _FEED_SCHEME.match(written)
    if prefix is not None:
        rest = written[prefix.end() :]
        written = rest if prefix[1] else f"http://{rest}"
    return absolute(written, base)


def _left_out(names: Sequence[str], how: str) -> Iterator[str]:
    if names:
        shown = ", ".join(repr(name) for name in names[:_SHOWN])
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield f"{shown}{more} {'is' if len(names) == 1 else 'are'} listed {how}: left out"


def _not_followed(addresses: Sequence[str]) -> str:
    shown = ", ".join(addresses[:_SHOWN])
    are = "1 line links" if len(addresses) == 1 else f"{len(addresses)} lines link"
    return f"{are} to pages or other lists, which are not followed ({shown}); a list worth reading is a source itself"


def _what_came(text: str) -> str:
    root = root_name(text)
    if not text:
        return "the answer is empty where a list of feeds should be; is the address still right?"
    if root is None:
        return "this is no XML, so no OPML list of feeds; check the address"
    if root in ("rss", "feed", "rdf"):
        return "this is a feed, not a list of feeds; use kind: feed"
    return f"this is no OPML list of feeds (its root is <{root}>); check the address"
