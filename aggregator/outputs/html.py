"""Pages to read and to subscribe from: one per category, and the front page. Pure.

Nothing is loaded from elsewhere but the articles' own images and sounds, no script runs, and all links between the
pages are relative, so that they work under any path and from a folder. Words are Chinese or English by site.language.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.model import Credit, Entry, Feed
from aggregator.outputs.parts import pages, telling
from aggregator.outputs.parts.addresses import followable
from aggregator.outputs.parts.characters import writable
from aggregator.outputs.parts.times import rfc3339

SUFFIX = ".html"
MEDIA_TYPE = "text/html; charset=utf-8"
VERSION = 2
SECTION_ENTRIES = 5

_FRAME = re.compile(r"<iframe\b[^<>]*>[^<>]*(?:</iframe>|$)")

EXCERPT = 400  # characters of a summary that are shown: whoever wants more opens the article


def fragment(entry: Entry) -> bytes:
    """Return the ``article`` element, with gaps for what depends on the page (see ``parts.pages``)."""
    entry = writable(entry)
    content = entry.content
    text, html = telling.excerpt(content), telling.html(content)
    if text == telling.headline(entry):
        text = None  # it stands above already, for want of a title
    template = pages.templates().get_template("entry.html")
    return template.render(
        **_heading(entry),
        excerpt=telling.shortened(text, EXCERPT) if text else None,
        is_opening=not content.summary,
        html=_quiet(html) if html else None,
        image=followable(content.image),
        categories=entry.categories,
        copies=[(copy.title or copy.source, followable(copy.url)) for copy in telling.other_copies(entry)],
        related=[(link.title or url, url) for link in entry.related if (url := followable(link.url))],
        files=telling.enclosures(content),
        rights=content.rights,
    ).encode()


def document(feed: Feed, fragments: Sequence[bytes]) -> bytes:
    """Return the page of one feed."""
    feed = writable(feed)
    articles = pages.filled(b"".join(fragments), feed.site, feed.root())
    return pages.rendered("page.html", articles, **_page(feed, feed.root()))


def section(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """Return what the front page says of one feed: its name, its newest entries, its feeds."""
    feed = writable(feed)
    template = pages.templates().get_template("section.html")
    newest = [_heading(writable(entry)) for entry in entries]
    html = template.render(feed=feed, entries=newest, feeds=pages.feeds(feed, ""), words=pages.words(feed.site))
    return pages.filled(html.encode(), feed.site, "")


def site(head: Feed, sections: Sequence[bytes], sources: Sequence[Credit]) -> Mapping[str, bytes]:
    """Return ``index.html`` and its stylesheet. head: the feed ``all``."""
    head = writable(head)
    index = pages.rendered("index.html", b"".join(sections), **_page(head, ""), has_sources=bool(sources))
    return {"index.html": index, "assets/style.css": pages.stylesheet()}


def _page(feed: Feed, root: str) -> dict[str, Any]:
    """Return what the templates of whole pages are given."""
    return {
        "feed": feed,
        "site": feed.site,
        "root": root,
        "feeds": pages.feeds(feed, root),
        "language": pages.language(feed.site),
        "words": pages.words(feed.site),
        "updated": rfc3339(feed.updated),
        "updated_shown": pages.shown(feed.updated, feed.site),
    }


def _quiet(html: str) -> str:
    """Return the article's HTML so that opening a page asks nobody for anything but the images one sees.

    A player's frame, which would tell its site who reads what, is a link to the player.
    """
    html = _FRAME.sub(_as_link, html) if "<iframe" in html else html
    # without quotes: should the tag stand inside an attribute, it must not end that attribute
    html = html.replace("<img ", "<img loading=lazy ")
    return html.replace("<video ", "<video preload=none ").replace("<audio ", "<audio preload=none ")


def _as_link(frame: re.Match[str]) -> str:
    address = re.search(r' src="(https?://(?:[^/"?#]*@)?([^/"?#:]+)[^"]*)"', frame[0])
    return f'<a href="{address[1]}" rel="noopener noreferrer">▶ {address[2]}</a>' if address else ""


def _heading(entry: Entry) -> dict[str, Any]:
    """Return what stands above an entry: title, address, source, authors, time."""
    source = telling.credit(entry)
    names = [person.name for person in telling.authors(entry)]
    return {
        "title": telling.headline(entry),
        "url": followable(entry.content.url),
        "language": telling.language(entry.content),
        "source": source.title or source.name,
        "source_url": source.url,
        "authors": [name for name in names if name != (source.title or source.name)],
        "stands": rfc3339(entry.stands),
    }
