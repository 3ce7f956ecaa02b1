"""The titles of a feed and its entries, told from those of all else that has one. Pure.

feedparser tells which are marked up; it takes a title of an image, a medium or a person for the entry's own where it
stands at the wrong place.
"""

import re
from base64 import b64decode
from contextlib import suppress
from dataclasses import replace

from aggregator.model import RawText
from aggregator.sources.parts.feed.elements import Element, Elements, text_of
from aggregator.sources.parts.feed.found import HTML_TYPES, Found, raw_text
from aggregator.text.references import unescaped

_OTHERS = ("itunes:title", "googleplay:title", "dcterms:title")  # which feedparser leaves out
_MARKED_UP = re.compile(r"&#?\w+;|</\w+>|<(?:br|hr|img)\b")
_LEFT_OVER = re.compile(  # a title that speaks of tags has neither code nor breaks within its words
    r"<(script|style)\b[^<>]*>(?:[^<]++|<(?!/\1\b))*+</\1\s*+>|<br\s*+/>|(?<=\S)<br>(?=\S)", re.IGNORECASE
)
_MARK_UP = re.compile(r"<[^<>]*>")


def title(detail: Found | None, elements: Elements | None, head: Elements) -> RawText | None:
    """Return a title as found. detail: feedparser's. elements: of the entry or the feed, None where they are not known.

    head: of the feed, which has the base and the language.
    """
    found = raw_text(detail, head)
    if elements is None:
        return found
    own = [element for element in elements.all("title") if text_of(element)]
    if own and _is_odd(own[0], elements):
        return RawText(value=_decoded(own[0]), base=elements.base)
    if own and not any(_is_said(found, element) for element in own):
        return _as_written(own[0], elements)
    if found is None and (other := elements.text(*_OTHERS)):
        return RawText(value=other, base=elements.base)
    if found and found.type == "text" and not elements.is_atom and _LEFT_OVER.search(found.value):
        return replace(found, type="html")
    return found


def _is_odd(element: Element, elements: Elements) -> bool:
    """Whether Atom's title names a media type that is none of a text's."""
    kind = (element.get("type") or "text").strip().lower()
    return elements.is_atom and "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))


def _decoded(element: Element) -> str:
    """A title of an odd type: octets decoded, anything else as the text that it is."""
    text = text_of(element)
    if (element.get("type") or "").strip().lower() == "application/octet-stream" or _is_base64(element):
        with suppress(ValueError):
            return b64decode(text, validate=True).decode().strip() or text
    return text


def _is_base64(element: Element) -> bool:
    return (element.get("mode") or "").strip().lower() == "base64"


def _is_said(found: RawText | None, element: Element) -> bool:
    """Whether what feedparser found is what the element says."""
    if found is None:
        return False
    text = text_of(element)
    if found.value == text or _is_base64(element) or _words(found.value) == _words(text):
        return True
    with suppress(UnicodeError):  # UTF-8 that was taken for ISO-8859-1 and encoded again: feedparser undoes it
        return _words(text.encode("iso-8859-1").decode()) == _words(found.value)
    return False


def _words(text: str) -> str:
    return "".join(unescaped(_MARK_UP.sub("", unescaped(_MARK_UP.sub("", text)))).split())


def _as_written(element: Element, elements: Elements) -> RawText:
    text = text_of(element)
    kind = (element.get("type") or "").strip().lower()
    is_html = kind in HTML_TYPES - {"xhtml"} if elements.is_atom else _MARKED_UP.search(text) is not None
    return RawText(value=text, type="html" if is_html else "text", base=elements.base)
