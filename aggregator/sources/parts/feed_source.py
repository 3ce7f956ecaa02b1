"""What a feed says of itself, and the feed that an entry says it came from. Pure."""

from aggregator.model import Origin, RawText, SourceInfo
from aggregator.sources.parts import feed_elements as xml
from aggregator.sources.parts import feed_links, feed_media, feed_podcast, feed_titles
from aggregator.sources.parts.feed_elements import Element, Elements, elements_of, name_of, text_of
from aggregator.sources.parts.feed_extensions import extensions
from aggregator.sources.parts.feed_found import WEB, Found, categories, links, people, raw_text, rights
from aggregator.sources.parts.feed_places import places

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
        title=feed_titles.plain(feed_titles.title(dict.get(feed, "title_detail"), head, head)),
        url=xml.joined(url, head.base) if url else None,
        language=(dict.get(feed, "language") or head.language or head.text("dc:language") or "").replace("_", "-")
        or None,
        updated=head.text("updated", "modified", "lastbuilddate", "pubdate", "dc:date", "dcterms:modified")
        or dict.get(feed, "updated")
        or dict.get(feed, "published"),
        authors=xml.people(head) or people(feed),
        image=feed_media.image(head) or dict.get(image, "href"),
        rights=rights(feed),
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
    if elements is None:
        return _found_origin(one)
    for element in elements.all("source", "dc:source"):
        if len(element):
            return _described(element, elements.base)
        title, url = text_of(element) or None, (element.get("url") or "").strip() or None
        if name_of(element) == "source" and (title or url):
            return Origin(title=title, feed_url=url)
    return None


def _described(element: Element, base: str | None) -> Origin:
    """Atom's ``source``, which holds what a feed's head does (RFC 4287, section 4.2.11)."""
    inner = elements_of(element, base)
    own = [link.url for link in feed_links.links(inner) if link.rel == "self"]
    words = [one.get("label") or one.get("term") or text_of(one) for one in inner.all("category")]
    return Origin(
        id=inner.text("id"),
        title=inner.text("title"),
        url=feed_links.alternate(inner) or inner.text("link"),
        feed_url=own[0] if own else None,
        updated=inner.text("updated", "modified"),
        rights=inner.text("rights", "copyright"),
        description=_text(inner),
        authors=xml.people(inner),
        contributors=feed_podcast.participants(inner),
        categories=tuple(dict.fromkeys(word for word in words if word)),
        image=inner.text("logo", "icon"),
        links=feed_links.links(inner),
    )


def _text(inner: Elements) -> RawText | None:
    for element in inner.all("subtitle", "tagline", "description"):
        kind = "html" if (element.get("type") or "text") in {"html", "xhtml", "text/html"} else "text"
        if text := text_of(element):
            return RawText(value=text, type="html" if kind == "html" else "text", base=inner.base)
    return None


def _found_origin(one: Found) -> Origin | None:
    source = dict.get(one, "source")
    if not source:
        return None
    return Origin(
        id=dict.get(source, "id"),
        title=dict.get(source, "title"),
        url=dict.get(source, "link"),
        feed_url=dict.get(source, "href"),
        updated=dict.get(source, "updated"),
        rights=dict.get(source, "rights"),
    )
