"""The bytes of a sitemap, made fit for reading: unpacked, decoded, as elements. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from aggregator.errors import ReadError
from aggregator.model import Document
from aggregator.sources.parts.feed.document import feed_text, is_html, root_name
from aggregator.sources.parts.feed.mending import fault_of, mended, without_halves
from aggregator.sources.parts.roots import KIND_OF_ROOT
from aggregator.sources.parts.unpacking import unpacked

MOST_READ = 60_000  # addresses or lists; a site may have 50,000 in one document, and those it has newest may stand last
MOST_TAGS = 1_000_000  # of which an element has two; one takes 100 bytes and more
MOST_INSIDE = 1_000  # elements within one

ROOTS = frozenset({"urlset", "sitemapindex"})
_FEEDS = frozenset({"rss", "feed", "rdf"})
_ROOT = re.compile(r"<((?:[\w.-]+:)?(?:urlset|sitemapindex))(?=[\s>])", re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]+:)?(?:urlset|sitemapindex)\s*>", re.IGNORECASE)
_START_OF_ELEMENT = re.compile(r"<(?:[\w.-]+:)?(?:url|sitemap)(?=[\s>/])", re.IGNORECASE)
_END_OF_ELEMENT = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap)\s*>", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Element:
    """An element by its local name, in lower case: sitemaps are met under every namespace, and under none.

    value: its text, white space collapsed. attributes: by local name.
    """

    name: str
    value: str
    attributes: dict[str, str] = field(default_factory=dict)
    inner: tuple["Element", ...] = ()

    def __iter__(self) -> Iterator["Element"]:
        return iter(self.inner)

    def children(self, name: str) -> list["Element"]:
        """Return the elements directly in it that are called so."""
        return [one for one in self.inner if one.name == name]

    def child(self, name: str) -> "Element | None":
        """Return the first of them, or None."""
        return next((one for one in self.inner if one.name == name), None)

    def text(self, name: str) -> str | None:
        """Return the text of the first of them that has one, or None."""
        return next((one.value for one in self.inner if one.name == name and one.value), None)


def text_of(document: Document, *, limit: int) -> str:
    """Return the text of a sitemap, from its declaration on.

    limit: bytes that it may have when decompressed. Raises ReadError when it is empty, larger, or declares entities
    that expand.
    """
    return feed_text(unpacked(document, limit=limit, what="sitemap"), what="sitemap")


def is_feed(text: str) -> bool:
    """Return whether it is RSS or Atom, which may serve as a sitemap."""
    return root_name(text) in _FEEDS


def is_closed(text: str) -> bool:
    """Return whether the root element ends, so that nothing is cut off."""
    return _END.search(text) is not None


def parsed(text: str, *, url: str) -> tuple[Element, list[str]]:
    """Return the root, and a warning where not all of it could be read. Raises ReadError for what is no sitemap.

    What is not well formed is mended; where that does not help it is read as far as it makes sense. Of a text that is
    cut off the last element goes, since half an address is another one.
    """
    from lxml import etree

    name = root_name(text)
    if name not in ROOTS:
        raise ReadError(_what_came(text, name), url=url)
    text, warnings = _bounded(text, url)
    fault = fault_of(text)
    if fault is not None:
        mended_text = mended(text if is_closed(text) else _whole_elements(text))
        if fault_of(mended_text) is not None:
            warnings.append(f"the sitemap is not well-formed XML ({fault}); it is read as far as that goes")
        text = mended_text
    parser = etree.XMLParser(
        encoding="utf-8", recover=fault is not None, resolve_entities=False, no_network=True, remove_comments=True
    )
    try:
        root = etree.fromstring(without_halves(text).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"the sitemap cannot be read as XML ({_plain(error)})", url=url) from error
    if root is None:
        raise ReadError(f"the sitemap cannot be read as XML ({fault})", url=url)
    found = _element(root)
    if any(len(one) > MOST_INSIDE for one in root):
        warnings.append(f"of an address with more than {MOST_INSIDE:,} elements the first {MOST_INSIDE:,} are read")
    return found, warnings


def _bounded(text: str, url: str) -> tuple[str, list[str]]:
    """The text up to where memory has room for what it holds, and a warning. Raises ReadError for what has none."""
    starts = [one.start() for one in islice(_START_OF_ELEMENT.finditer(text), MOST_READ + 1)]
    warnings: list[str] = []
    if len(starts) > MOST_READ:
        whole = sum(1 for _ in _START_OF_ELEMENT.finditer(text))
        warnings.append(f"the sitemap has {whole:,} elements, of which the first {MOST_READ:,} are looked at")
        root = _ROOT.search(text)
        text = f"{text[: starts[MOST_READ]]}</{root[1] if root else 'urlset'}>"
    if text.count("<") > MOST_TAGS:
        raise ReadError(
            f"the sitemap has more than {MOST_TAGS:,} tags; such a one is not read, find a shorter", url=url
        )
    return text, warnings


def _plain(error: Exception) -> str:
    """What the parser says, where it speaks of its own bounds in words for programmers."""
    words = str(error)
    if "Excessive depth" in words:
        return "its elements nest more than 256 deep"
    return "one text in it is longer than 10 MB" if "Text node too long" in words else words


def _whole_elements(text: str) -> str:
    ends = list(_END_OF_ELEMENT.finditer(text))
    return text[: ends[-1].end()] if ends else text


def _element(node: Any, depth: int = 0) -> Element:
    inside = node if depth == 0 else islice(node, MOST_INSIDE)
    inner = tuple(_element(one, depth + 1) for one in inside if isinstance(one.tag, str)) if depth < 4 else ()
    texts = [node.text or "", *(one.tail or "" for one in node)]
    return Element(
        name=_local(node.tag),
        value=" ".join("".join(texts).split()) if depth > 1 else "",
        attributes={_local(name): value for name, value in node.attrib.items()},
        inner=inner,
    )


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2].lower()


def _what_came(text: str, name: str | None) -> str:
    if is_html(text):
        return "this is an HTML page, not a sitemap; look into the site's robots.txt for the sitemap's address"
    if KIND_OF_ROOT.get(name or "") == "opml":
        return "this is a list of feeds, not a sitemap; use kind: opml"
    what = f"XML of another kind (its root is <{name}>)" if name else "neither XML nor a list of addresses"
    return f"this is {what}, not a sitemap; check the address"
