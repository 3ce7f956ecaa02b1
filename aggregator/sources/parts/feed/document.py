"""The bytes of a feed, made fit for parsers: what is it, is it harmless, what can be mended. Pure."""

import html
import re
from collections.abc import Mapping
from html.entities import html5

from aggregator.errors import ReadError
from aggregator.model import Document
from aggregator.text.decoding import decode
from aggregator.text.references import unescaped

_HEAD = 3000  # characters within which a document shows what it is
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel|entry)(?=[\s>/])", re.IGNORECASE)
_COMMENT_OR_ROOT = re.compile(rf"<!--.*?(?:-->|\Z)|{_ROOT.pattern}", re.IGNORECASE | re.DOTALL)
_FIRST = re.compile(r"<!--.*?(?:-->|\Z)|<(?:[\w.-]+:)?([A-Za-z][\w.-]*)(?=[\s>/])", re.DOTALL)
_END = re.compile(
    r"</(?:[\w.-]+:)?(?:rss|feed|rdf|channel|entry)\s*(?:>|\Z)|<(?:[\w.-]+:)?(?:rss|feed|rdf)\b[^<>]*/>", re.IGNORECASE
)
_RDF_FEED = re.compile(r"netscape\.com/rdf/simple/0\.9|purl\.org/(?:net/)?rss", re.IGNORECASE)
_BEFORE = re.compile(r"(?:\s++|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_HTML = re.compile(r"<!doctype\s+html[\s>]", re.IGNORECASE)

_DOCTYPE = re.compile(r"<!DOCTYPE[^<\[>]*+\[(.*?)\]\s*+>", re.IGNORECASE | re.DOTALL)
_BEGINNING = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_EXTERNAL = re.compile(r"<!DOCTYPE\s+[^<>\[]*\b(?:PUBLIC|SYSTEM)\b[^<>\[]*(?:\[\s*\])?\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\b\s*(.{0,2000}?)>", re.IGNORECASE | re.DOTALL)
# Plain text, or a list of entities elsewhere, which nobody fetches: blog software of 2005 names that of XHTML.
_HARMLESS_ENTITY = re.compile(
    r"""[\w.:-]+\s+(?:"(?:[^"&%<]|&\#\w+;)*"|'(?:[^'&%<]|&\#\w+;)*')\s*|%\s+[\w.:-]+\s+(?:PUBLIC|SYSTEM)\s[^&%]*"""
)
_MOST_ENTITIES = 300  # the entities of HTML 4, which old feeds declare, are 252
_CDATA_OR_NAME = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&([\w.:-]+);", re.DOTALL)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MOST_EXPANDED = 1_000_000  # characters
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")  # XML 1.0, section 2.2
_LIVE_ITEM = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)([\w.-]+:liveItem)(?=[\s>])[^<>]*+>", re.DOTALL | re.IGNORECASE
)


def feed_text(document: Document, *, what: str = "feed") -> str:
    """Return the text of a document that may be a feed in XML, from its declaration on.

    White space and noise before the declaration (messages of a failing server, marks) are gone, and so are characters
    that XML forbids. Raises ReadError when it is empty or declares entities that expand. what: it should be.
    """
    text = _FORBIDDEN.sub("", decode(document.body, document.headers.get("content-type"))).lstrip("\ufeff \t\r\n")
    if not text:
        raise ReadError(f"the answer is empty where a {what} should be; is the address still right?", url=document.url)
    if not text.startswith("<?xml") and (start := text[:_HEAD].find("<?xml")) > 0 and not _ROOT.search(text[:start]):
        text = text[start:]
    is_json = text.startswith(("{", "["))  # there, what looks like a declaration is the text of an article
    return text if is_json else _without_entities(text, document.url, what)


def _without_entities(text: str, url: str, what: str) -> str:
    """The text with the entities it declares written out and their declarations gone.

    Refused are those that name others, which grow without end, that name files, or that are used too often.
    """
    before = _BEFORE.match(text)
    opening = _ROOT.search(text, before.end() if before else 0)
    prolog = text[: opening.start()] if opening else text
    if "<!ENTITY" not in prolog.upper():  # what a text says of entities harms nobody
        doctype = _declared(text, len(prolog)) or _EXTERNAL.search(prolog)
        return text if doctype is None else text[: doctype.start()] + _named(text[doctype.end() :], {})
    found = _declared(text, len(prolog))
    declared = _ENTITY.findall(found[1]) if found else []
    is_harmless = all(map(_HARMLESS_ENTITY.fullmatch, declared)) and len(declared) <= _MOST_ENTITIES
    if found is None or not is_harmless or len(declared) < found[1].upper().count("<!ENTITY"):
        raise ReadError(f"the {what} declares XML entities that expand or name files; such a one is not read", url=url)
    values = {
        name: re.sub(r"&#\w+;", lambda match: unescaped(match[0]), literal.strip()[1:-1])
        for name, literal in (one.split(None, 1) for one in declared)
        if name != "%"
    }
    if sum(text.count(f"&{name};") * len(value) for name, value in values.items()) > _MOST_EXPANDED:
        raise ReadError(f"the XML entities of the {what} expand to more than we read", url=url)
    rest = text[: found.start()] + text[found.end() :]
    return _named(rest, values)


def _declared(text: str, end: int) -> re.Match[str] | None:
    """The declarations that a document begins with, those of attributes too, which multiply what they declare."""
    beginning = _BEGINNING.search(text, 0, end)
    return _DOCTYPE.match(text, beginning.start()) if beginning else None


def _named(text: str, values: Mapping[str, str]) -> str:
    """The text with its references to these entities, and to those of HTML, written out.

    A document that names a list of entities elsewhere, as those of RSS 0.91 do, means these.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1] or ""
        if name in values or name in _XML_ENTITIES or f"{name};" not in html5:
            return values.get(name, match[0])
        return html.escape(html5[f"{name};"])

    return _CDATA_OR_NAME.sub(value, text)


def without_live_items(text: str) -> str:
    """Return the text without podcast:liveItem, whose title and address feedparser takes for the feed's."""
    if "liveitem" not in text.lower():
        return text
    kept: list[str] = []
    at = 0
    opened: re.Match[str] | None = None
    for mark in _LIVE_ITEM.finditer(text):
        slash, name = mark.groups()
        if opened is None and name and not slash and mark[0][-2] != "/":
            opened = mark
        elif opened is not None and slash and name == opened[2]:
            kept += (text[at : opened.start()], "\n" * text.count("\n", opened.start(), mark.end()))
            at, opened = mark.end(), None
    return "".join((*kept, text[at:]))


def is_html(text: str) -> bool:
    """Whether a text is a page rather than a feed."""
    head = text[:_HEAD]
    is_page = _HTML.search(head) is not None or root_name(text) in {"html", "head", "body"}
    return is_page and _ROOT.search(head) is None


def root_start(text: str) -> int:
    """Return where the root element of a feed begins, or 0 where none does."""
    for found in _COMMENT_OR_ROOT.finditer(text):
        if not found[0].startswith("<!--"):
            return found.start()
    return 0


def root_name(text: str) -> str | None:
    """Return the local name of the first element in lower case, or None where there is none.

    What comments hold is no element; behind those and declarations it is looked for within _HEAD characters.
    """
    before = _BEFORE.match(text)
    end = (before.end() if before else 0) + _HEAD
    for found in _FIRST.finditer(text, end - _HEAD):
        if found[1] is None:
            end += len(found[0])
        else:
            return found[1].lower() if found.start() < end else None
    return None


def is_rdf_feed(text: str) -> bool:
    """Whether the root is RDF in the vocabulary of RSS 0.9 or 1.0, though nothing may stand in it."""
    return root_name(text) == "rdf" and _RDF_FEED.search(text[:_HEAD]) is not None


def is_closed(text: str) -> bool:
    """Whether the root element of a feed ends, so that nothing is cut off."""
    return _END.search(text) is not None
