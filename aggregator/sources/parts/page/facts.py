"""What the page of an article says of itself, beside its text: title, dates, authors, image, language. Pure.

Pages say it for search engines and for networks, in several ways at once. What is made for machines is believed before
what is made for people: JSON-LD and microdata (schema.org), OpenGraph and other ``<meta>``, microformats, then what
stands around the headline.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from aggregator.model import Person
from aggregator.sources.parts import selectors
from aggregator.sources.parts.mapping import held_date
from aggregator.sources.parts.page import dates as page_dates
from aggregator.sources.parts.page import linked_data
from aggregator.sources.parts.page.linked_data import Node
from aggregator.text.urls import absolute

# Names of <meta>, in lower case; of several the first that says something.
_TITLES = ("og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title")
_SUMMARIES = ("og:description", "description", "twitter:description", "dc.description")
_PUBLISHED = (
    *("article:published_time", "og:published_time", "og:article:published_time", "datepublished", "publishdate"),
    *("publish-date", "publish_date", "publication_date", "pubdate", "publishedtime", "parsely-pub-date"),
    *("sailthru.date", "citation_publication_date", "dcterms.created", "dcterms.issued", "dc.date.issued", "dc.date"),
    *("weibo:article:create_at", "weibo: article:create_at", "bytedance:published_time", "apub:time"),
    *("originalpublicationdate", "og:release_date", "og:time", "date"),
)
_UPDATED = (
    *("article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "dcterms.modified"),
    *("dc.date.modified", "bytedance:updated_time", "weibo:article:update_at", "weibo: article:update_at"),
)
_AUTHORS = (
    *("author", "article:author", "og:article:author", "byl", "parsely-author", "sailthru.author", "citation_author"),
    *("dc.creator", "dcterms.creator", "weibo:article:author"),
)
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags")
_FRONTS = frozenset({"", "/", "/index.html", "/index.htm", "/index.php", "/default.aspx"})
_NOT_FREE = frozenset({"false", "no", "0"})

_LONGEST_LINE = 500  # characters of a title or a name; more is a text in the wrong place
_LONGEST_NAME = 120
_MOST_AUTHORS = 20
_MOST_ELEMENTS = 50  # looked at, of each sort
_BY = re.compile(r"(?:by|von|par|por|di|door)[\s:：]+(?=\S)|(?:作者|记者|記者|撰文|文)\s*[:：/]\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<!\s)(?:\s*[|｜_»«•·–—-]+\s*|\s*:\s+)")  # a headline and the site's name
_ELLIPSIS = re.compile(r"(?<!\s)\s*(?:…|\.\.\.)\Z")
_LANGUAGE = re.compile(r"(?!utf)[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """What a page says of its article; None and empty: it does not say.

    published, updated: texts that ``read_date`` understands, as written where possible. URLs are absolute.
    summary: plain text, the page's description. canonical: never the front page of a site, unless this is one.
    is_free: False where the page says that its text is not for everybody.
    """

    title: str | None = None
    summary: str | None = None
    published: str | None = None
    updated: str | None = None
    authors: tuple[Person, ...] = ()
    image: str | None = None
    language: str | None = None
    canonical: str | None = None
    site_name: str | None = None
    tags: tuple[str, ...] = ()
    is_free: bool | None = None


def page_facts(page: BeautifulSoup, *, url: str, timezone: str, now: datetime) -> PageFacts:
    """Return what a page says of itself. To be asked before anything is cut from it.

    url: of the page, after redirects. timezone: of dates without an offset. now: aware, for dates such as ``2小时前``.
    """
    metas = _metas(page)
    nodes = linked_data.article_nodes(page, url)
    base = selectors.base_of(page, url)
    site = _first((*_of(metas, ("og:site_name",)), *_publisher(nodes), *_of(metas, ("application-name",))))

    def date_in(texts: Iterable[str]) -> str | None:
        return next((date for text in texts if (date := held_date(text[:200], timezone=timezone, now=now))), None)

    def address(urls: Iterable[str]) -> str | None:
        return next((found for one in urls if one and (found := absolute(one, base))), None)

    title = _title(page, nodes, metas, site)
    published = date_in((*_told(nodes, "datePublished"), *_of(metas, _PUBLISHED), *_itemprops(page, "datePublished")))
    published = published or date_in((*page_dates.times(page), *_told(nodes, "dateCreated", "uploadDate")))
    logos = {found for node in nodes for one in _logos(node) if (found := absolute(one, base))}
    images = (*_of(metas, _IMAGES), *_addresses(nodes, "image", "thumbnailUrl"), *_image_properties(page))
    return PageFacts(
        title=title,
        summary=_first((*_of(metas, _SUMMARIES), *_told(nodes, "description"), *_itemprops(page, "description"))),
        published=published or page_dates.shown_date(page, title, url=url, timezone=timezone, now=now),
        updated=date_in((*_told(nodes, "dateModified"), *_of(metas, _UPDATED), *_itemprops(page, "dateModified"))),
        authors=_authors(page, nodes, metas),
        image=address(one for one in images if absolute(one, base) not in logos),
        language=_language(page, nodes, metas),
        canonical=_canonical(page, base, url),
        site_name=site,
        tags=tuple(dict.fromkeys(_tags(nodes, metas))),
        is_free=_is_free(page, nodes, metas),
    )


def _metas(page: BeautifulSoup) -> Mapping[str, list[str]]:
    """Name, property or itemprop of each ``<meta>``, in lower case -> its contents."""
    found: dict[str, list[str]] = {}
    for meta in page.find_all("meta"):
        content = meta.get("content")
        if not isinstance(content, str) or not (content := " ".join(content.split())):
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if isinstance(name := meta.get(attribute), str) and name.strip():
                found.setdefault(name.strip().lower(), []).append(content)
    return found


def _of(metas: Mapping[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from metas.get(name, ())


def _told(nodes: Iterable[Node], *names: str) -> Iterator[str]:
    for node in nodes:
        for name in names:
            yield from linked_data.texts(node.get(name))


def _addresses(nodes: Iterable[Node], *names: str) -> Iterator[str]:
    for node in nodes:
        for name in names:
            yield from linked_data.addresses(node.get(name))


def _publisher(nodes: Iterable[Node]) -> Iterator[str]:
    return _told(nodes, "publisher")


def _logos(node: Node) -> tuple[str, ...]:
    publisher = node.get("publisher")
    return linked_data.addresses(publisher.get("logo")) if isinstance(publisher, dict) else ()


def _first(texts: Iterable[str]) -> str | None:
    return next((bare for text in texts if (bare := " ".join(text.split()))), None)


def _itemprops(page: BeautifulSoup, name: str) -> Iterator[str]:
    """The values of a microdata property (HTML, section 5.2.4), those of other things on the page left out."""
    for element in page.select(f"[itemprop~={name} i]", limit=_MOST_ELEMENTS):
        if element.name != "meta" and not page_dates.is_elsewhere(element):
            yield (
                selectors.attribute(element, "content")
                or selectors.attribute(element, "datetime")
                or selectors.visible_text(element)
            )


def _image_properties(page: BeautifulSoup) -> Iterator[str]:
    for element in page.select("[itemprop~=image i], link[rel~=image_src i], .h-entry .u-photo", limit=_MOST_ELEMENTS):
        yield (
            selectors.attribute(element, "src")
            or selectors.attribute(element, "href")
            or selectors.attribute(element, "content")
        )


def _title(page: BeautifulSoup, nodes: Sequence[Node], metas: Mapping[str, list[str]], site: str | None) -> str | None:
    headlines = [text for h1 in page.find_all("h1") if 0 < len(text := selectors.visible_text(h1)) <= _LONGEST_LINE]
    articles = [node for node in nodes if "headline" in node]
    told = (*_told(articles, "headline"), *_of(metas, _TITLES), *_itemprops(page, "headline"))
    written = (*headlines[:1], *((selectors.visible_text(page.title),) if page.title else ()), *_told(nodes, "name"))
    title = next((text for text in (*told, *written) if 0 < len(text) <= _LONGEST_LINE and text != site), None)
    return _bare_title(title, headlines, _strings(page), site) if title else site


def _strings(page: BeautifulSoup) -> set[str]:
    """Every piece of text that stands alone on the page."""
    return {" ".join(text.split()) for text in page.body.stripped_strings} if page.body else set()


def _bare_title(title: str, headlines: Sequence[str], strings: set[str], site: str | None) -> str:
    """The title without the name of the site and its section, and whole where it was cut short."""
    if cut := _ELLIPSIS.search(title):
        whole = next((text for text in headlines if text.startswith(title[: cut.start()].rstrip())), None)
        return whole or title
    if title in headlines:
        return title
    for between in reversed(list(_BETWEEN.finditer(title))):
        bare, rest = title[: between.start()], title[between.end() :]
        is_headline = bare in headlines or (bare in strings and len(bare) > len(title) / 2)
        if len(bare) > 3 and (is_headline or rest == site):
            return bare
    return title


def _authors(page: BeautifulSoup, nodes: Sequence[Node], metas: Mapping[str, list[str]]) -> tuple[Person, ...]:
    """The persons that the first way of telling names, each once."""
    of_nodes = [person for node in nodes for name in ("author", "creator") for person in _persons(node.get(name))]
    of_metas = [Person(name=name) for text in _of(metas, _AUTHORS) if (name := _name(text))]
    marked = "[itemprop~=author i], a[rel~=author i], .h-entry .p-author"
    on_page = [
        Person(name=name)
        for element in page.select(marked, limit=_MOST_ELEMENTS)
        if element.name != "meta" and not page_dates.is_elsewhere(element)
        if (name := _name(selectors.visible_text(_named(element))))
    ]
    found = next((ones for ones in (of_nodes, of_metas, on_page) if ones), [])
    return tuple(dict.fromkeys(found))[:_MOST_AUTHORS]


def _named(element: Tag) -> Tag:
    return element.select_one("[itemprop~=name i], .p-name") or element


def _persons(value: Any) -> Iterator[Person]:
    for one in value if isinstance(value, list) else [value]:
        names = linked_data.texts(one)
        if names and (name := _name(names[0])):
            yield Person(name=name)


def _name(text: str) -> str | None:
    """A name, without ``By``; None for an address, which networks want here, and for a whole sentence."""
    name = text.strip()
    name = name[found.end() :] if (found := _BY.match(name)) else name
    is_one = bool(re.search(r"[^\W\d_]", name)) and "://" not in name and len(name) <= _LONGEST_NAME
    return name if is_one else None


def _language(page: BeautifulSoup, nodes: Sequence[Node], metas: Mapping[str, list[str]]) -> str | None:
    root = page.html
    declared = selectors.attribute(root, "lang") or selectors.attribute(root, "xml:lang") if root else ""
    told = (*_told(nodes, "inLanguage"), declared, *_of(metas, ("content-language", "og:locale")))
    return next((tag for text in told if _LANGUAGE.fullmatch(tag := text.strip().replace("_", "-"))), None)


def _canonical(page: BeautifulSoup, base: str, url: str) -> str | None:
    """The page's own name of its address; a page that calls itself by the address of the whole site errs."""
    for link in page.select("link[rel~=canonical i][href]"):
        found = absolute(selectors.attribute(link, "href"), base)
        if found and (is_front(url) or not is_front(found)):
            return found
    return None


def is_front(url: str) -> bool:
    """Return whether it is the address of a whole site, by its path or by the file that servers name for it."""
    parts = urlsplit(url)
    return parts.path.lower() in _FRONTS and not parts.query


def _tags(nodes: Sequence[Node], metas: Mapping[str, list[str]]) -> Iterator[str]:
    for text in (*_of(metas, _TAGS), *_told(nodes, "keywords")):
        yield from (word for part in re.split(r"[,，;；]", text) if (word := part.strip()))


def _is_free(page: BeautifulSoup, nodes: Sequence[Node], metas: Mapping[str, list[str]]) -> bool | None:
    """https://schema.org/isAccessibleForFree, of the article or a part of it, and OpenGraph's content tier."""
    tiers = [tier.lower() for tier in _of(metas, ("article:content_tier", "og:article:content_tier"))]
    free = ["no" if tier == "locked" else "yes" for tier in tiers if tier in {"free", "locked"}]
    free += [text.lower() for text in (*_of(metas, ("isaccessibleforfree",)), *_itemprops(page, "isAccessibleForFree"))]
    for node in nodes:
        parts = node.get("hasPart")
        for one in (node, *(parts if isinstance(parts, list) else [parts])):
            value = one.get("isAccessibleForFree") if isinstance(one, dict) else None
            if value is not None:
                free.append(str(value).rsplit("/", 1)[-1].lower())
    if not free:
        return None
    return not any(word in _NOT_FREE for word in free)
