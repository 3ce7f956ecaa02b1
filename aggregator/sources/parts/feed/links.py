"""The links of a feed and its entries: their own pages, and what else they name. Pure."""

import re

from aggregator.model import Link
from aggregator.sources.parts.feed.elements import Element, Elements, attribute, joined, speaks_atom, text_of, type_of
from aggregator.sources.parts.feed.found import WEB

_REGISTERED = "http://www.iana.org/assignments/relation/"  # RFC 4287, section 4.2.7.2: the same as the bare name
_HEADER_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^\s\",;]+))*)")
_HEADER_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)
_WRAPPED = re.compile(r"<!\[CDATA\[\s*(.*?)\s*\]\]>", re.DOTALL)  # escaped once too often
_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


def relation(element: Element) -> str:
    """Return what a link leads to, in lower case; ``alternate`` where it does not say."""
    return (attribute(element, "rel") or "alternate").lower().removeprefix(_REGISTERED)


def target(element: Element) -> str:
    """Return the address of a link of Atom's as sent, under its own xml:base; empty where there is none."""
    url = attribute(element, "href")
    return joined(url, None, element) if url else ""


def links(elements: Elements) -> tuple[Link, ...]:
    """Return the links beside the entry's own, as sent: related, via, license, replies, …; hub and self of a feed.

    Its other forms are ``alternate``, each with its media type.
    ``feedburner:origLink``, the address before a service counted clicks, is ``canonical``.
    """
    own = alternate(elements)
    found = [
        Link(
            url=url,
            rel=rel,
            type=type_of(element),
            title=element.get("title") or None,
            language=element.get("hreflang") or None,
        )
        for element in elements.children.get("link", ())
        if (url := target(element))
        and (rel := relation(element)) != "enclosure"
        and not (rel == "alternate" and (url == own or type_of(element) is None))
    ]
    if original := elements.text("feedburner:origlink"):
        found.append(Link(url=original, rel="canonical"))
    for element in elements.all("license:license"):
        url = element.get(_RESOURCE) or text_of(element)
        if url:
            found.append(Link(url=url, rel="license"))
    found += [
        Link(url=url, rel="license", title=text_of(element) or None)
        for element in elements.all("podcast:license", "media:license")
        if (url := (element.get("url") or element.get("href") or "").strip())
    ]
    comments = (elements.text(name) for name in ("wfw:commentrss", "wfw:comments"))
    found += [Link(url=url, rel="replies", type="application/rss+xml") for url in comments if url]
    return tuple(dict.fromkeys(found))


def home(head: Elements) -> str | None:
    """Return the web address at which a feed says that it stands, else that of its home page."""
    own = [link.url for link in links(head) if link.rel == "self"]
    page_url = alternate(head) if head.is_atom else page(head)
    return next((url for url in (*own, head.base, page_url) if url and WEB.match(url)), None)


def of_header(text: str, base: str) -> tuple[Link, ...]:
    """Return hub and self as the answer's ``Link`` header names them (RFC 8288; WebSub, section 4).

    base: where relative addresses start from.
    """
    found: dict[Link, None] = {}
    for url, parameters in _HEADER_LINK.findall(text):
        rel = _HEADER_REL.search(parameters)
        names = set((rel[1] or rel[2]).lower().split()) if rel else set()
        address = joined(url.strip(), base)
        if WEB.match(address):
            found.update(dict.fromkeys(Link(url=address, rel=name) for name in ("hub", "self") if name in names))
    return tuple(found)


def alternate(elements: Elements) -> str | None:
    """Return an Atom entry's own address as sent: the first alternate link that leads to a page."""
    found = [
        (type_of(element) or "text/html", url)
        for element in elements.children.get("link", ())
        if relation(element) == "alternate" and (url := target(element))
    ]
    return next((url for kind, url in found if "html" in kind), found[0][1] if found else None)


def out_of_line(element: Element) -> str:
    """Return the address where Atom's content stands, as sent, under its own xml:base; empty where it stands here."""
    url = attribute(element, "src")
    return joined(url, None, element) if url else ""


def is_text(element: Element) -> bool:
    """Whether a content is something to read, or does not say what it is."""
    kind = type_of(element) or "text"
    return kind in {"text", "html", "xhtml"} or kind.startswith("text/") or "xhtml" in kind


def elsewhere(elements: Elements) -> str | None:
    """Return the address of a text that stands elsewhere, for an entry of Atom that has no other address."""
    return next((url for one in elements.all("content") if (url := out_of_line(one)) and is_text(one)), None)


def page(elements: Elements) -> str | None:
    """Return an RSS entry's or feed's own address as sent: its last ``link``, else an alternate one of Atom's in it."""
    plain = [element for element in elements.children.get("link", ()) if not speaks_atom(element)]
    urls = [
        joined(url, None, element)
        for element in plain
        if element.get("rel") is None
        and (url := _unwrapped(text_of(element)) or attribute(element, "href") or _behind(element))
    ]
    return urls[-1] if urls else alternate(elements)


def _unwrapped(text: str) -> str:
    found = _WRAPPED.fullmatch(text) if text.startswith("<!") else None
    return found[1] if found else text


def _behind(element: Element) -> str:
    """The address behind an empty ``<link/>``, where programs that write HTML put it."""
    tail = (element.tail or "").strip()
    return tail if re.match(r"https?://\S+\Z", tail) else ""
