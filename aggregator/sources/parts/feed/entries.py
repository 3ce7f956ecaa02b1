"""What feedparser and the elements say of a feed, as raw entries. Pure.

feedparser speaks for titles, texts, categories and addresses; ``elements`` for ids, dates, people, files, pictures
and links, as far as it counts the same entries.
"""

from typing import Any, cast

from aggregator.model import Enclosure, Person, RawEntry, RawText
from aggregator.sources.parts.feed import elements as xml
from aggregator.sources.parts.feed import links as feed_links
from aggregator.sources.parts.feed import media as feed_media
from aggregator.sources.parts.feed import podcast as feed_podcast
from aggregator.sources.parts.feed import titles as feed_titles
from aggregator.sources.parts.feed.elements import Elements, count_of
from aggregator.sources.parts.feed.extensions import extensions
from aggregator.sources.parts.feed.found import (
    HTML_TYPES,
    Found,
    categories,
    links,
    people,
    raw_text,
    rights,
    terms,
    web_address,
)
from aggregator.sources.parts.feed.places import places
from aggregator.sources.parts.feed.source import origin


def raw_entry(one: Found, elements: Elements | None, head: Elements, version: str) -> RawEntry:
    """Return an entry as found. elements: None where the two readers count differently. version: feedparser's."""
    is_atom = elements.is_atom if elements else version.startswith("atom")
    summary, content = _texts(one, elements, head)
    base = (elements.base if elements else None) or head.base
    published, updated = _dates(one, elements, is_atom=is_atom)
    return RawEntry(
        id=_id(one, elements),
        url=_url(one, elements),
        base=base,
        title=feed_titles.title(dict.get(one, "title_detail"), elements, head),
        summary=summary,
        content=content,
        published=published,
        updated=updated,
        authors=_authors(one, elements, head),
        categories=categories(one),
        tags=terms(one),
        enclosures=feed_media.enclosures(elements) if elements else _enclosures(one),
        image=feed_media.image(elements) if elements else None,
        language=_language(one, elements),
        rights=rights(one, head) or (elements.text("media:copyright", "podcast:license") if elements else None),
        comments=web_address(dict.get(one, "comments")),
        links=feed_links.links(elements) if elements else links(one),
        origin=origin(one, elements),
        contributors=feed_podcast.participants(elements) if elements else people(one, "contributors"),
        pictures=feed_media.pictures(elements) if elements else (),
        places=places(elements) if elements else (),
        comment_count=_comment_count(elements) if elements else None,
        episode=feed_podcast.episode(elements) if elements else None,
        extensions=extensions(elements) if elements else (),
    )


def _id(one: Found, elements: Elements | None) -> str | None:
    """Character for character: feedparser makes an id that looks relative absolute."""
    if elements is not None and (own := xml.own_id(elements)):
        return own
    return dict.get(one, "id") or None


def _url(one: Found, elements: Elements | None) -> str | None:
    """The entry's own page. A guid is one only where it says so and looks like it."""
    if elements is not None:
        if elements.is_atom:
            own = feed_links.alternate(elements) or feed_links.elsewhere(elements)
        else:
            own = feed_links.page(elements)
        if own:
            return xml.joined(own, elements.base)
    links = [link for link in dict.get(one, "links") or () if dict.get(link, "rel") == "alternate"]
    own = next(
        (href for link in links if "html" in (dict.get(link, "type") or "") and (href := dict.get(link, "href"))), ""
    )
    own = own or next((href for link in links if (href := dict.get(link, "href"))), "")
    if own.strip():
        return str(own).strip()
    if elements is not None:
        guids = [
            guid for guid in elements.all("guid") if (xml.attribute(guid, "isPermaLink") or "true").lower() == "true"
        ]
        return next((url for guid in guids if (url := web_address(guid.text))), None) or web_address(
            elements.text("id")
        )
    return web_address(dict.get(one, "link"))


def _texts(one: Found, elements: Elements | None, head: Elements) -> tuple[RawText | None, RawText | None]:
    """Summary and content. Marked up content goes before plain; where one is the other's copy, the content stays."""
    contents = [text for detail in dict.get(one, "content") or () if (text := raw_text(detail, head))]
    content = next((text for text in contents if text.type == "html"), contents[0] if contents else None)
    summary = raw_text(dict.get(one, "summary_detail"), head)
    if summary is None and content is None and dict.get(one, "summary"):
        summary = RawText(value=str(dict.get(one, "summary")), type="html", base=head.base)
    if elements is not None:
        summary, content = _own_texts(elements, summary, content)
        if summary is None and content is None and (subtitle := elements.text("itunes:subtitle")):
            summary = RawText(value=subtitle, base=elements.base)
    if summary and content and summary.value == content.value:
        summary = None
    return summary, content


def _own_texts(
    elements: Elements, summary: RawText | None, content: RawText | None
) -> tuple[RawText | None, RawText | None]:
    """Sort out what feedparser mixes: media:description and itunes:summary yield to the entry's own words."""
    others = {
        text for name in ("media:description", "itunes:summary", "itunes:subtitle") if (text := elements.text(name))
    }
    if not others:
        return summary, content
    base = (summary or content or RawText(value="")).base
    plain = elements.text("media:description")
    if summary is not None and summary.value == plain and elements.all("media:description")[0].get("type") != "html":
        summary = RawText(value=summary.value, type="text", base=base, language=summary.language)
    if elements.is_atom:
        own = next((one for one in elements.all("summary") if one.get("type") != "xhtml"), None)
        if own is not None and summary is not None and summary.value in others and (value := (own.text or "").strip()):
            kind = "html" if own.get("type") in HTML_TYPES else "text"
            summary = RawText(value=value, type=cast(Any, kind), base=base, language=summary.language)
        return summary, content
    description, encoded = elements.text("description"), elements.text("content:encoded")
    if encoded is None and content is not None and content.value in others and description:
        content = None
    if description and (summary is None or summary.value in others):
        summary = RawText(value=description, type="html", base=base)
    return summary, content


def _dates(one: Found, elements: Elements | None, *, is_atom: bool) -> tuple[str | None, str | None]:
    """As written. dc:date, where it is all there is, says when an RSS entry was published and when it was changed."""
    published = updated = None
    if elements is not None:
        if is_atom:
            published = elements.last("published", "issued", "dcterms:issued", "created", "dcterms:created")
            updated = elements.last("updated", "modified", "dcterms:modified")
        else:
            published = elements.last(
                "pubdate",
                "published",
                "dcterms:issued",
                "dc:date",
                "issued",
                "created",
                "dcterms:created",
                "dcterms:date",
            )
            updated = elements.last("updated", "dcterms:modified", "modified", "lastbuilddate")
            if updated is None and published is not None and published == elements.last("dc:date"):
                updated = published
    if published is None and updated is None:
        published = dict.get(one, "published") or dict.get(one, "created")
        updated = dict.get(one, "updated")
    return published or None, updated or None


def _authors(one: Found, elements: Elements | None, head: Elements) -> tuple[Person, ...]:
    """The entry's own, else those of an Atom feed, which speak for its entries (RFC 4287, section 4.2.1)."""
    if elements is None:
        return people(one)
    if own := xml.people(elements):
        return own
    for source in elements.all("source"):
        if inner := xml.people(Elements(base=None, language=None, is_atom=True, children=xml.by_name(source))):
            return inner
    return xml.people(head) if elements.is_atom and "source" not in elements.children else ()


def _enclosures(one: Found) -> tuple[Enclosure, ...]:
    return tuple(
        Enclosure(url=href, type=dict.get(link, "type"))
        for link in dict.get(one, "links") or ()
        if dict.get(link, "rel") == "enclosure" and (href := dict.get(link, "href"))
    )


def _comment_count(elements: Elements) -> int | None:
    """thr:total, thr:count of the link to the replies, slash:comments; none is a number too."""
    replies = [link for link in elements.children.get("link", ()) if link.get("rel") == "replies"]
    counts = [link.get("{http://purl.org/syndication/thread/1.0}count") for link in replies]
    for text in (elements.text("thr:total"), *counts, elements.text("slash:comments")):
        if text is not None and text.strip():
            return count_of(text) or (0 if text.strip() == "0" else None)
    return None


def _language(one: Found, elements: Elements | None) -> str | None:
    own = (elements.language or elements.text("dc:language", "language")) if elements else dict.get(one, "language")
    return own.strip().replace("_", "-") or None if own else None
