"""What in a published document could do harm: in its XML, its JSON, its pages, and in each piece of HTML within."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from lxml import etree

from tests.sanitising import html5
from tests.sanitising.html5 import XHTML, harm_of, scheme

ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
NAMESPACES = {
    "http://www.w3.org/2005/Atom",
    "http://purl.org/rss/1.0/modules/content/",
    "http://purl.org/dc/elements/1.1/",
    "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "http://search.yahoo.com/mrss/",
    None,
}
WEB = {"http", "https"}
# Nobody sees them, or they turn what stands around them
TRICKS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202d\u202e\u2060\ufeff\ufffe\uffff]")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
# What our templates are made of, beside the text of articles
OURS = frozenset(
    """
    html head meta title link body a header h1 h2 p div details summary dl dt dd code main article section ol ul
    li time span footer br img audio video
    """.split()  # noqa: SIM905
)
OWN_CLASSES = re.compile(r"\.([a-z-]+)")


@cache
def harm(html: str) -> tuple[str, ...]:
    return tuple(html5.harm_in(html))


def found_in_feed(document: bytes) -> list[str]:
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    assert root.getroottree().docinfo.doctype == ""
    name = "?"
    found: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            found.append(f"a comment or instruction: {element}")
            continue
        if element.tag in (f"{ATOM}entry", "item"):
            name = element.findtext(f"{ATOM}id") or element.findtext("guid") or "?"
        found += (f"{name}: {what}" for what in found_in_element(element))
    return found


def found_in_element(element: Any) -> Iterator[str]:
    """What one element of a feed could do."""
    tag, text = etree.QName(element), element.text or ""
    if tag.namespace not in NAMESPACES:
        yield f"an element {element.tag}"
    for name, value in element.attrib.items():
        if name in ("href", "url", "src", "uri") and scheme(value) not in WEB:
            yield f"{element.tag} {name}={value}"
        if name in ("xmlUrl", "htmlUrl") and scheme(value) not in {*WEB, ""}:
            yield f"{element.tag} {name}={value}"
        if name in ("hreflang", "{http://www.w3.org/XML/1998/namespace}lang") and not LANGUAGE.fullmatch(value):
            yield f"{name}={value}"
        if name.startswith("{") and not name.endswith("}lang"):
            yield f"an attribute {name}"
        if TRICKS.search(value):
            yield f"{element.tag} {name} holds {value!r}"
    if tag.localname in ("link", "uri", "comments") and text and scheme(text) not in WEB:
        yield f"{element.tag}: {text}"
    is_html = element.tag in (ENCODED, "description") or (
        element.tag == f"{ATOM}content" and element.get("type") == "html"
    )
    if is_html:
        yield from harm(text)
    elif TRICKS.search(text) and tag.localname not in ("id", "guid"):
        yield f"{element.tag} holds {text!r}"
    if element.tag == "title" and element.getparent().tag in ("item", "channel"):  # some readers take it for HTML
        yield from harm(text)
    if element.tag != ENCODED and element.tag.startswith(ATOM) and element.get("type") == "xhtml":
        yield "XHTML"


def found_in_json(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from found_in_json(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from found_in_json(inner, key)
    elif key == "content_html":
        yield from harm(value)
    elif isinstance(value, str):
        if key in ("url", "external_url", "image", "feed_url", "home_page_url", "comments") and scheme(value) not in {
            *WEB,
            "mailto",
        }:
            yield f"{key}: {value}"
        if TRICKS.search(value) and key != "id":
            yield f"{key} holds {value!r}"


def found_in_page(html: str, classes: set[str]) -> Iterator[str]:
    assert html.count("<html") == html.count("</body>") == 1
    root = html5.page(html)
    texts = [element for element in root.iter(f"{XHTML}div") if element.get("class") == "text"]
    inside = {inner for text in texts for inner in text.iter() if inner is not text}
    for element in root.iter():
        if element in inside:
            if element.get("class") != "rights":
                yield from harm_of(element)
            continue
        if not isinstance(element.tag, str):
            yield "a comment" if element.tag is not None else "?"
            continue
        if element.tag.startswith("{http://www.w3.org/2000/svg}"):
            continue  # our own icon; what strangers send is never among these, or a <div class=text> would be around it
        tag = element.tag.removeprefix(XHTML)
        if tag not in OURS:
            yield f"<{tag}>"
        for name, value in element.attrib.items():
            if name.startswith("on") or (name in ("style", "name") and tag != "meta"):
                yield f"{tag} {name}"
            if name == "id" and value != "articles":
                yield f"id {value}"
            if name == "class" and not set(value.split()) <= classes:
                yield f"class {value}"
            if name in ("href", "src") and scheme(value) not in {*WEB, "", "feed"}:
                yield f"{tag} {name}={value}"
            if tag in ("link", "img", "audio", "video", "meta") and "\n" in value:
                yield f"{tag} {name} over several lines"
        if tag == "title" and TRICKS.search(element.text or ""):
            yield f"title {element.text!r}"
