"""What a feed says of itself, and the feed that an entry says it came from. Pure."""

from aggregator.model import Origin, RawText, SourceInfo
from aggregator.sources.parts.feed import elements as xml
from aggregator.sources.parts.feed import links as feed_links
from aggregator.sources.parts.feed import media as feed_media
from aggregator.sources.parts.feed import podcast as feed_podcast
from aggregator.sources.parts.feed import titles as feed_titles
from aggregator.sources.parts.feed.elements import Element, Elements, elements_of, name_of, text_of
from aggregator.sources.parts.feed.extensions import extensions
from aggregator.sources.parts.feed.found import WEB, Found, categories, links, people, plain, raw_text, rights
from aggregator.sources.parts.feed.places import places

_DATES = (
    *("updated", "modified", "lastbuilddate", "pubdate", "dc:date", "dcterms:modified"),
    *("published", "dcterms:issued", "created", "dcterms:created"),
)
_NOWHERE = Elements(base=None, language=None)
_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


def source_info(found: Found, head: Elements) -> SourceInfo:
    """Return what the feed says of itself."""
    feed = found["feed"]
    alternates = [link for link in dict.get(feed, "links") or () if dict.get(link, "rel") == "alternate"]
    pages = [href for link in alternates if (href := dict.get(link, "href"))]
    image = dict.get(feed, "image") or {}
    own = feed_links.alternate(head) if head.is_atom else feed_links.page(head)
    url = own or next(iter(pages), None) or _page_of(feed)
    return SourceInfo(
        id=(head.text("id") if head.is_atom else None) or None,
        title=plain(feed_titles.title(dict.get(feed, "title_detail"), head, head)),
        url=xml.joined(url, head.base) if url else None,
        language=(dict.get(feed, "language") or head.language or head.text("dc:language") or "").replace("_", "-")
        or None,
        updated=head.text(*_DATES) or dict.get(feed, "updated") or dict.get(feed, "published"),
        authors=xml.people(head) or people(feed),
        image=feed_media.image(head) or dict.get(image, "href"),
        rights=rights(feed, head),
        links=feed_links.links(head) or links(feed),
        hints=xml.hints(head),
        description=raw_text(dict.get(feed, "subtitle_detail"), head) or _summary(head),
        contributors=feed_podcast.participants(head) or people(feed, "contributors"),
        categories=categories(feed),
        generator=_generator(head),
        places=places(head),
        podcast=feed_podcast.podcast(head),
        extensions=extensions(head),
        is_complete="fh:complete" in head.children,
        is_archive="fh:archive" in head.children,
    )


def _summary(head: Elements) -> RawText | None:
    """What a podcast says of itself where nothing else does."""
    text = head.text("itunes:summary", "googleplay:description")
    return RawText(value=text, base=head.base) if text else None


def _page_of(feed: Found) -> str | None:
    """The feed's ``link``, unless that is its id, which feedparser gives where there is no link."""
    link = dict.get(feed, "link")
    return link if link and not (dict.get(feed, "guidislink") and not WEB.match(link)) else None


def _generator(head: Elements) -> str | None:
    for element in head.all("generator", "admin:generatoragent"):
        words = [text_of(element) or element.get(_RESOURCE) or "", element.get("version") or ""]
        return " ".join(" ".join(words).split()) or None
    return None


def origin(one: Found, elements: Elements | None) -> Origin | None:
    """Return the feed that an entry says it came from. elements: None where only feedparser can tell."""
    found = dict.get(one, "source") or {}
    if elements is None:
        return _found_origin(found) if found else None
    for element in elements.all("source", "dc:source"):
        if len(element):
            return _described(element, elements.base, found)
        title, url = text_of(element) or None, (element.get("url") or "").strip() or None
        if name_of(element) == "source" and (title or url):
            return Origin(title=title, feed_url=url)
    return None


def _described(element: Element, base: str | None, found: Found) -> Origin:
    """Atom's ``source``, which holds what a feed's head does (RFC 4287, section 4.2.11)."""
    inner = elements_of(element, base)
    own = [link.url for link in feed_links.links(inner) if link.rel == "self"]
    words = [word for one in inner.all("category") for word in (one.get("label"), one.get("term"), text_of(one))]
    return Origin(
        id=inner.text("id"),
        title=plain(feed_titles.title(dict.get(found, "title_detail"), inner, inner)),
        url=feed_links.alternate(inner) or inner.text("link"),
        feed_url=own[0] if own else None,
        updated=inner.text("updated", "modified"),
        rights=rights(found, inner) or inner.text("rights", "copyright"),
        description=raw_text(dict.get(found, "subtitle_detail"), inner),
        authors=xml.people(inner),
        contributors=feed_podcast.participants(inner),
        categories=tuple(dict.fromkeys(word for word in words if word)),
        image=inner.text("logo", "icon"),
        links=feed_links.links(inner),
    )


def _found_origin(found: Found) -> Origin:
    return Origin(
        id=dict.get(found, "id"),
        title=plain(raw_text(dict.get(found, "title_detail"), _NOWHERE)) or dict.get(found, "title"),
        url=dict.get(found, "link"),
        feed_url=dict.get(found, "href"),
        updated=dict.get(found, "updated"),
        rights=rights(found, _NOWHERE),
    )
