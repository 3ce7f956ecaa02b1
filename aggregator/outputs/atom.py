"""Atom 1.0 (RFC 4287): a feed per category, made by feedgen. Pure."""

import uuid
from collections.abc import Sequence
from typing import Any

from aggregator.model import Credit, Entry, Feed
from aggregator.outputs.parts import extension, telling
from aggregator.outputs.parts.addresses import followable, is_iri, is_language
from aggregator.outputs.parts.characters import writable
from aggregator.outputs.parts.extension import ITUNES, MEDIA, XML, Element, add
from aggregator.outputs.parts.times import rfc3339

SUFFIX = ".atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
VERSION = 1

NAMESPACES = {"itunes": ITUNES, "media": MEDIA}
_END = b"</feed>"


def fragment(entry: Entry) -> bytes:
    """Return the ``entry`` element."""
    return extension.cut(feed_entry(entry).atom_entry(), NAMESPACES)


def document(feed: Feed, fragments: Sequence[bytes]) -> bytes:
    """Return the feed. Without site.url it names no address of its own."""
    return extension.join(feed_generator(feed).atom_str(), list(fragments), _END)


def feed_entry(entry: Entry) -> Any:
    """Return the entry as feedgen's ``FeedEntry``.

    The title is plain text and never empty; ``summary`` is plain text; without HTML and address the text is content.
    """
    entry = writable(entry)
    content = entry.content
    html, summary, url = telling.html(content), (content.summary or "").strip(), followable(content.url)

    made = extension.entry(lambda element: _complete_entry(element, entry))
    made.id(entry.id)
    made.title(telling.headline(entry))
    made.updated(entry.updated)
    made.published(entry.stands)
    made.author([{"name": p.name, "email": p.email, "uri": p.url} for p in telling.authors(entry)])
    made.category([{"term": term.term, "label": term.label} for term in telling.terms(entry)])
    if url:
        made.link(href=url, rel="alternate")
    if html:
        made.content(html, type="html")
    elif not url:
        made.content(summary or telling.headline(entry), type="text")
    if summary and (html or url):
        made.summary(summary, type="text")
    if content.rights:
        made.rights(content.rights)
    return made


def feed_generator(feed: Feed) -> Any:
    """Return the head as feedgen's ``FeedGenerator``."""
    feed = writable(feed)
    site = feed.site
    made = extension.generator(lambda element: _complete_head(element, feed), NAMESPACES)
    made.id(feed.id)
    made.title(feed.title or feed.path)
    made.updated(feed.updated)
    made.author({"name": site.author or site.title})
    made.generator("aggregator")
    made.subtitle(feed.description)
    if is_language(site.language):
        made.language(site.language)
    if "html" in site.formats and (page := feed.url(".html")):
        made.link(href=page, rel="alternate", type="text/html")
    if own := feed.url(SUFFIX):
        made.link(href=own, rel="self", type="application/atom+xml")
    if site.url and site.hub:
        made.link(href=site.hub, rel="hub")
    return made


def _complete_head(element: Element, feed: Feed) -> None:
    element.find("updated").text = rfc3339(feed.updated)
    if is_language(feed.site.language):
        element.set(f"{{{XML}}}lang", feed.site.language)


def _complete_entry(element: Element, entry: Entry) -> None:
    content = entry.content
    if language := telling.language(content):
        element.set(f"{{{XML}}}lang", language)
    element.find("updated").text = rfc3339(entry.updated)
    element.find("published").text = rfc3339(entry.stands)
    for bare in element.findall("link"):
        element.remove(bare)
    if url := followable(content.url):
        add(element, "link", rel="alternate", href=url)
    files = telling.enclosures(content)
    for file in files:
        length = str(file.length) if file.length else None
        add(element, "link", rel="enclosure", href=file.url, type=file.type, length=length, title=file.title)
    for link in telling.links(entry):
        add(element, "link", rel=link.rel, href=link.url, type=link.type, hreflang=link.language, title=link.title)
    _add_source(element, telling.credit(entry), entry)
    if image := followable(content.image):
        add(element, f"{{{MEDIA}}}thumbnail", url=image)
    if files and files[0].duration:
        add(element, f"{{{ITUNES}}}duration", str(files[0].duration))


def _add_source(element: Element, credit: Credit, entry: Entry) -> None:
    """Add where the entry was copied from (RFC 4287, section 4.2.11)."""
    source = add(element, "source")
    add(source, "id", _source_id(credit))
    add(source, "title", credit.title)
    add(source, "updated", rfc3339(credit.updated or entry.updated))
    if credit.url:
        add(source, "link", rel="alternate", href=credit.url)
    if credit.feed_url:
        add(source, "link", rel="self", href=credit.feed_url)
    if credit.rights:
        add(source, "rights", credit.rights)


def _source_id(credit: Credit) -> str:
    """Return the feed's own id, else its address, else a UUID of its name; always an absolute IRI."""
    told = next((text for text in (credit.id, credit.feed_url, credit.url) if text), credit.name)
    return told if is_iri(told) else uuid.uuid5(uuid.NAMESPACE_URL, f"aggregator:source:{told}").urn
