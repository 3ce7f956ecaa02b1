"""What feedparser and the elements say of a feed, as raw entries. Pure.

feedparser speaks for titles, texts, categories and addresses; ``feed_elements`` for ids, dates, people, files, pictures
and links, as far as it counts the same entries.
"""

import html
import re
from typing import Any, cast

from aggregator.model import Enclosure, Link, Origin, Person, RawEntry, RawText, SourceInfo
from aggregator.sources.parts import feed_elements as xml
from aggregator.sources.parts import feed_media
from aggregator.sources.parts.feed_elements import Elements

Found = dict[str, Any]  # feedparser's; read with dict.get, since its own dict invents values and warns

WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_TEXT_TYPES = frozenset({"text/plain", "text", "plain"})


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
        title=_title(one, elements, head),
        summary=summary,
        content=content,
        published=published,
        updated=updated,
        authors=_authors(one, elements, head),
        categories=_categories(one),
        enclosures=feed_media.enclosures(elements) if elements else _enclosures(one),
        image=feed_media.image(elements) if elements else None,
        language=_language(one, elements),
        rights=_rights(one),
        comments=_web(dict.get(one, "comments")),
        links=xml.links(elements) if elements else _links(one),
        origin=xml.origin(elements) if elements else _origin(one),
    )


def _id(one: Found, elements: Elements | None) -> str | None:
    """Character for character: feedparser makes an id that looks relative absolute."""
    if elements is not None and (own := elements.text("id", "guid") or elements.about):
        return own
    return dict.get(one, "id") or None


def _url(one: Found, elements: Elements | None) -> str | None:
    """The entry's own page. A guid is one only where it says so and looks like it."""
    links = [link for link in dict.get(one, "links") or () if dict.get(link, "rel") == "alternate"]
    own = next(
        (href for link in links if "html" in (dict.get(link, "type") or "") and (href := dict.get(link, "href"))), ""
    )
    own = own or next((href for link in links if (href := dict.get(link, "href"))), "")
    if own.strip():
        return str(own).strip()
    if elements is not None:
        guids = [guid for guid in elements.all("guid") if (guid.get("isPermaLink") or "true").strip().lower() == "true"]
        return next((url for guid in guids if (url := _web(guid.text))), None) or _web(elements.text("id"))
    return _web(dict.get(one, "link"))


def _web(text: str | None) -> str | None:
    text = (text or "").strip()
    return text if WEB.match(text) else None


def _raw(detail: Found | None, head: Elements) -> RawText | None:
    """A text of feedparser's with its type; None when it is empty or something that is not text."""
    value = str(dict.get(detail, "value") or "").strip() if detail else ""
    if detail is None or not value:
        return None
    kind = str(dict.get(detail, "type") or "text/html")
    if kind not in _HTML_TYPES | _TEXT_TYPES:
        return None
    language = dict.get(detail, "language")
    return RawText(
        value=value,
        type="html" if kind in _HTML_TYPES else "text",
        base=dict.get(detail, "base") or head.base,
        language=language if language != head.language else None,
    )


def _title(one: Found, elements: Elements | None, head: Elements) -> RawText | None:
    title = _raw(dict.get(one, "title_detail"), head)
    if (
        elements is not None
        and title is not None
        and any(title.value == elements.text(other) for other in ("media:title", "dc:title", "itunes:title"))
    ):
        own = elements.text("title")
        if own is not None and own != title.value and not elements.is_atom:
            kind = "html" if re.search(r"&#?\w+;|</\w+>", own) else "text"
            return RawText(value=own, type=cast(Any, kind), base=title.base, language=title.language)
    return title


def _texts(one: Found, elements: Elements | None, head: Elements) -> tuple[RawText | None, RawText | None]:
    """Summary and content. Marked up content goes before plain; where one is the other's copy, the content stays."""
    contents = [text for detail in dict.get(one, "content") or () if (text := _raw(detail, head))]
    content = next((text for text in contents if text.type == "html"), contents[0] if contents else None)
    summary = _raw(dict.get(one, "summary_detail"), head)
    if summary is None and content is None and dict.get(one, "summary"):
        summary = RawText(value=str(dict.get(one, "summary")), type="html", base=head.base)
    if elements is not None:
        summary, content = _own_texts(elements, summary, content)
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
            kind = "html" if own.get("type") in _HTML_TYPES else "text"
            summary = RawText(value=value, type=cast(Any, kind), base=base, language=summary.language)
        return summary, content
    description, encoded = elements.text("description"), elements.text("content:encoded")
    if encoded is None and content is not None and content.value in others and description:
        content = None
    if description and (summary is None or summary.value in others):
        summary = RawText(value=description, type="html", base=base)
    return summary, content


def _dates(one: Found, elements: Elements | None, *, is_atom: bool) -> tuple[str | None, str | None]:
    """As written. dc:date says when an RSS entry was published; feedparser takes it for an update."""
    published = updated = None
    if elements is not None:
        if is_atom:
            published = elements.text("published", "issued", "dcterms:issued", "created", "dcterms:created")
            updated = elements.text("updated", "modified", "dcterms:modified")
        else:
            published = elements.text(
                "pubdate",
                "published",
                "dcterms:issued",
                "dc:date",
                "issued",
                "created",
                "dcterms:created",
                "dcterms:date",
            )
            updated = elements.text("updated", "dcterms:modified", "modified", "lastbuilddate")
    if published is None and updated is None:
        published = dict.get(one, "published") or dict.get(one, "created")
        updated = dict.get(one, "updated")
    return published or None, updated or None


def _authors(one: Found, elements: Elements | None, head: Elements) -> tuple[Person, ...]:
    """The entry's own, else those of an Atom feed, which speak for its entries (RFC 4287, section 4.2.1)."""
    if elements is None:
        return _people(one)
    if own := xml.people(elements):
        return own
    for source in elements.all("source"):
        if inner := xml.people(Elements(base=None, language=None, is_atom=True, children=xml.by_name(source))):
            return inner
    return xml.people(head) if elements.is_atom and "source" not in elements.children else ()


def _people(one: Found) -> tuple[Person, ...]:
    people = [
        Person(name=dict.get(author, "name"), email=dict.get(author, "email"), url=dict.get(author, "href"))
        for author in dict.get(one, "authors") or ()
        if dict.get(author, "name") or dict.get(author, "email") or dict.get(author, "href")
    ]
    if not people and (line := dict.get(one, "author")):
        people.append(Person(name=line))
    return tuple(dict.fromkeys(people))


def _categories(one: Found) -> tuple[str, ...]:
    """The words an entry is filed under: labels before terms. Terms that are addresses are for programs."""
    words = [
        " ".join(str(dict.get(tag, "label") or dict.get(tag, "term") or "").split())
        for tag in dict.get(one, "tags") or ()
    ]
    return tuple(dict.fromkeys(word for word in words if word and not WEB.match(word)))


def _enclosures(one: Found) -> tuple[Enclosure, ...]:
    return tuple(
        Enclosure(url=href, type=dict.get(link, "type"))
        for link in dict.get(one, "links") or ()
        if dict.get(link, "rel") == "enclosure" and (href := dict.get(link, "href"))
    )


def _links(one: Found) -> tuple[Link, ...]:
    return tuple(
        Link(url=href, rel=rel)
        for link in dict.get(one, "links") or ()
        if (rel := dict.get(link, "rel")) not in {"alternate", "enclosure", None} and (href := dict.get(link, "href"))
    )


def _origin(one: Found) -> Origin | None:
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


def _language(one: Found, elements: Elements | None) -> str | None:
    own = (elements.language or elements.text("dc:language", "language")) if elements else dict.get(one, "language")
    return own.strip().replace("_", "-") or None if own else None


def _rights(one: Found) -> str | None:
    text = dict.get(one, "rights") or dict.get(one, "license")
    return str(text).strip() or None if text else None


def source_info(found: Found, head: Elements) -> SourceInfo:
    """Return what the feed says of itself."""
    feed = found["feed"]
    alternates = [link for link in dict.get(feed, "links") or () if dict.get(link, "rel") == "alternate"]
    pages = [href for link in alternates if (href := dict.get(link, "href"))]
    image = dict.get(feed, "image") or {}
    return SourceInfo(
        id=(head.text("id") if head.is_atom else None) or None,
        title=_plain(dict.get(feed, "title_detail")),
        url=next(iter(pages), None) or _page_of(feed) or xml.alternate(head),
        language=(dict.get(feed, "language") or head.language or head.text("dc:language") or "").replace("_", "-")
        or None,
        updated=head.text("updated", "modified", "lastbuilddate", "pubdate", "dc:date", "dcterms:modified")
        or dict.get(feed, "updated")
        or dict.get(feed, "published"),
        authors=xml.people(head) or _people(feed),
        image=feed_media.image(head) or dict.get(image, "href"),
        rights=_rights(feed),
        links=xml.links(head) or _links(feed),
        hints=xml.hints(head),
    )


def _page_of(feed: Found) -> str | None:
    """The feed's ``link``, unless that is its id, which feedparser gives where there is no link."""
    link = dict.get(feed, "link")
    return link if link and not (dict.get(feed, "guidislink") and not WEB.match(link)) else None


def _plain(detail: Found | None) -> str | None:
    """A title without mark-up, on one line."""
    text = str(dict.get(detail, "value") or "") if detail else ""
    if detail and dict.get(detail, "type") in _HTML_TYPES:
        text = html.unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", text))
    return " ".join(text.split()) or None
