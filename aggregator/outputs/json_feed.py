"""JSON Feed 1.1: a feed per category, an item per line. Pure.

An item's extension ``_aggregator`` holds what the format has no word for: ``source`` (name, title, url, feed_url),
``copies`` (source, title, url of each other copy), ``categories`` (slugs), ``related`` (url, title), ``rights``,
``comments`` and ``first_seen``.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.model import Entry, Feed, Person
from aggregator.outputs.parts import telling
from aggregator.outputs.parts.addresses import followable, is_language
from aggregator.outputs.parts.characters import writable
from aggregator.outputs.parts.times import rfc3339

SUFFIX = ".json"
MEDIA_TYPE = "application/feed+json; charset=utf-8"
VERSION = 1


def fragment(entry: Entry) -> bytes:
    """Return the item, on one line."""
    return _written(_item(writable(entry)))


def document(feed: Feed, fragments: Sequence[bytes]) -> bytes:
    """Return the feed. Without site.url it names no address of its own."""
    head = _written(_head(writable(feed)))
    items = b",\n".join(fragments)
    return head[:-1] + b',"items":[\n' + items + (b"\n]}\n" if fragments else b"]}\n")


def _head(feed: Feed) -> dict[str, Any]:
    site = feed.site
    hub = site.hub if site.url else None
    return _told(
        version="https://jsonfeed.org/version/1.1",
        title=feed.title,
        home_page_url=feed.url(".html") if "html" in site.formats else site.url,
        feed_url=feed.url(SUFFIX),
        description=feed.description,
        authors=[{"name": site.author}] if site.author else None,
        language=site.language if is_language(site.language) else None,
        hubs=[{"type": "WebSub", "url": hub}] if hub else None,
    )


def _item(entry: Entry) -> dict[str, Any]:
    content = entry.content
    html = telling.html(content)
    summary = (content.summary or "").strip() or None
    return _told(
        id=entry.id,
        url=followable(content.url),
        title=telling.title(entry),
        content_html=html,
        content_text=None if html else summary or telling.headline(entry),
        summary=summary if html else None,
        image=followable(content.image),
        date_published=rfc3339(entry.stands),
        date_modified=rfc3339(entry.updated),
        authors=[_author(person) for person in telling.authors(entry)],
        tags=list(dict.fromkeys(term.label or term.term for term in telling.terms(entry))),
        language=telling.language(content),
        attachments=[
            _told(
                url=file.url,
                mime_type=file.type,
                title=file.title,
                size_in_bytes=file.length,
                duration_in_seconds=file.duration,
            )
            for file in telling.enclosures(content)
        ],
        _aggregator=_extension(entry),
    )


def _author(person: Person) -> Mapping[str, str]:
    return _told(name=person.name, url=person.url or (f"mailto:{person.email}" if person.email else None))


def _extension(entry: Entry) -> dict[str, Any]:
    credit = telling.credit(entry)
    return _told(
        source=_told(name=credit.name, title=credit.title, url=credit.url, feed_url=credit.feed_url),
        copies=[
            _told(source=copy.source, title=copy.title, url=followable(copy.url))
            for copy in telling.other_copies(entry)
        ],
        categories=[category.slug for category in entry.categories],
        related=[_told(url=followable(link.url), title=link.title) for link in entry.related if followable(link.url)],
        rights=entry.content.rights or credit.rights,
        comments=followable(entry.content.comments),
        first_seen=rfc3339(entry.first_seen),
    )


def _told(**members: Any) -> dict[str, Any]:
    """Return the members that say something."""
    return {name: value for name, value in members.items() if value not in (None, [], "")}


def _written(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
