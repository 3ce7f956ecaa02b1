"""RSS 2.0: a feed per category, made by feedgen, after the RSS Advisory Board's profile. Pure."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from aggregator.model import Enclosure, Entry, Feed
from aggregator.outputs.parts import extension, telling
from aggregator.outputs.parts.addresses import followable, is_language
from aggregator.outputs.parts.characters import writable
from aggregator.outputs.parts.extension import ATOM, CONTENT, DC, ITUNES, MEDIA, Element, add
from aggregator.outputs.parts.times import rfc822, rfc3339

SUFFIX = ".rss"
MEDIA_TYPE = "application/rss+xml; charset=utf-8"
VERSION = 1

NAMESPACES = {"atom": ATOM, "content": CONTENT, "dc": DC, "itunes": ITUNES, "media": MEDIA}
_END = b"</channel></rss>"
_LIKE_MARKUP = re.compile(r"<[A-Za-z/!?]|&#?\w+;")


def fragment(entry: Entry) -> bytes:
    """Return the ``item`` element."""
    return extension.cut(feed_entry(entry).rss_entry(), NAMESPACES)


def document(feed: Feed, fragments: Sequence[bytes]) -> bytes:
    """Return the feed. Without site.url its obligatory link is its id, the only address it has."""
    return extension.join(feed_generator(feed).rss_str(), list(fragments), _END)


def feed_entry(entry: Entry) -> Any:
    """Return the entry as feedgen's ``FeedEntry``.

    guid: the entry's id, never a permalink, so that it need not change with the address. description: the summary
    or the start of the text, ``content:encoded``: the article. Authors are ``dc:creator``, which needs no mail address.
    """
    entry = writable(entry)
    content = entry.content
    title, description = telling.title(entry), telling.excerpt(content)

    made = extension.entry(lambda element: _complete_item(element, entry))
    made.guid(entry.id, permalink=False)
    if title or not description:
        made.title(_title(title or telling.headline(entry)))
    if description:
        made.description(escape(description, quote=False), isSummary=True)
    if url := followable(content.url):
        made.link(href=url, rel="alternate")
    if html := telling.html(content):
        made.content(html)
    made.category([{"term": term.term, "label": term.label or term.term} for term in telling.terms(entry)])
    if comments := followable(content.comments):
        made.comments(comments)
    if files := telling.enclosures(content):
        made.enclosure(files[0].url, files[0].length or 0, files[0].type)
    credit = telling.credit(entry)
    if address := credit.feed_url or credit.url:
        made.source(address, credit.title)
    return made


def feed_generator(feed: Feed) -> Any:
    """Return the head as feedgen's ``FeedGenerator``."""
    feed = writable(feed)
    site = feed.site
    made = extension.generator(lambda element: _complete_head(element, feed), NAMESPACES)
    made.title(_title(feed.title or feed.path))
    made.description(escape(feed.description or feed.title or feed.path, quote=False))
    made.lastBuildDate(feed.updated)
    made.generator("aggregator")
    if is_language(site.language):
        made.language(site.language)
    if own := feed.url(SUFFIX):
        made.link(href=own, rel="self", type="application/rss+xml")
    page = feed.url(".html") if "html" in site.formats else site.url
    made.link(href=page or feed.id, rel="alternate")  # last: feedgen takes the last link for the channel's
    return made


def _complete_head(element: Element, feed: Feed) -> None:
    channel = element.find("channel")
    channel.find("lastBuildDate").text = rfc822(feed.updated)
    if feed.site.url and feed.site.hub:
        add(channel, f"{{{ATOM}}}link", rel="hub", href=feed.site.hub)


def _complete_item(element: Element, entry: Entry) -> None:
    content = entry.content
    add(element, "pubDate", rfc822(entry.stands))
    add(element, f"{{{ATOM}}}updated", rfc3339(entry.updated))
    for person in telling.authors(entry):
        add(element, f"{{{DC}}}creator", person.name)
    credit = telling.credit(entry)
    if not (credit.feed_url or credit.url):
        add(element, f"{{{DC}}}source", credit.title)
    if rights := content.rights or credit.rights:
        add(element, f"{{{DC}}}rights", rights)
    if language := telling.language(content):
        add(element, f"{{{DC}}}language", language)
    for link in telling.links(entry):
        if link.rel != "replies":  # that is ``comments``
            href, kind, spoken = link.url, link.type, link.language
            add(element, f"{{{ATOM}}}link", rel=link.rel, href=href, type=kind, hreflang=spoken, title=link.title)
    files = telling.enclosures(content)
    if files and files[0].duration:
        add(element, f"{{{ITUNES}}}duration", str(files[0].duration))
    for file in files[1:]:
        _add_media(element, file)
    if image := followable(content.image):
        add(element, f"{{{MEDIA}}}thumbnail", url=image)


def _add_media(element: Element, file: Enclosure) -> None:
    """Add a further file: readers expect at most one ``enclosure``. Its title is left out: feedparser 6.0 takes a
    ``media:title`` for the title of the item."""
    size, seconds = (str(number) if number else None for number in (file.length, file.duration))
    add(element, f"{{{MEDIA}}}content", url=file.url, type=file.type, fileSize=size, duration=seconds)


def _title(text: str) -> str:
    """Return a plain text as a title that every reader shows as meant.

    RSS does not say whether a title is text or HTML, and readers guess: one that looks like markup is written as
    HTML, so that a reader which takes it for HTML shows it, and none runs it.
    """
    return escape(text, quote=False) if _LIKE_MARKUP.search(text) else text
