"""The outlines of an OPML document, found by listparser and kept within bounds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from listparser.opml import OpmlMixin
from lxml import etree

from aggregator.text.lines import line

DEEPEST = 50  # folders within folders; the library's work grows with the square of the depth
MOST_OUTLINES = 50_000
LONGEST_CATEGORY = 2_000  # characters; the library compares each word of it with all before it
LONGEST_NAME = 200  # characters of a title or a folder; more is a text in the wrong place

_FEED_TYPES = frozenset({"rss", "rss1", "rss2", "atom", "json", "jsonfeed", "feed", "rdf"})


class TooDeepError(Exception):
    """Folders within folders without end."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """An outline that names a feed. url: as written. folders: outermost first, then what ``category`` says."""

    url: str
    title: str | None
    folders: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Outlines:
    """What the document holds. lacking: names of feeds without an address. elsewhere: pages and lists it links to.

    commented: how many lines with an address are commented out (OPML 2.0, ``isComment``).
    """

    title: str | None
    lines: Sequence[Line]
    lacking: Sequence[str]
    elsewhere: Sequence[str]
    commented: int
    is_cut: bool


def outlines(text: str) -> Outlines:
    """Return the outlines of a document, whatever state its XML is in. Raises TooDeepError."""
    found = _Outlines()
    parser = etree.HTMLParser(target=found, recover=True)
    # All but ASCII as references, so that it does not matter which encoding the document declares.
    etree.parse(BytesIO(text.encode("ascii", "xmlcharrefreplace")), parser)
    return Outlines(
        title=_name(found.harvest["meta"].get("title")),
        lines=[_line(feed) for feed in found.harvest["feeds"]],
        lacking=found.lacking,
        elsewhere=[str(one["url"]) for one in found.harvest["lists"]],
        commented=found.commented,
        is_cut=found.count > MOST_OUTLINES,
    )


class _Outlines(OpmlMixin):
    """The library's reader, which as it stands takes minutes for a crafted list of a megabyte."""

    def __init__(self) -> None:
        super().__init__()
        self.harvest |= {"feeds": [], "lists": [], "opportunities": [], "meta": {}, "version": ""}
        self.lacking: list[str] = []
        self.count = 0
        self.commented = 0
        self.comment: int | None = None  # how deep the outline stands that is commented out, and all below it

    def start_opml_outline(self, attrs: dict[str, str]) -> None:
        self.count += 1
        if len(self.hierarchy) >= DEEPEST:
            raise TooDeepError
        if self.count > MOST_OUTLINES:
            self.hierarchy.append("")  # its end takes one away
            return
        if self._is_commented(attrs):
            self.commented += "xmlurl" in attrs
            self.hierarchy.append("")
            return
        self.found_urls.clear()  # or all lines of one address are compared with each other; we join them
        is_feed = attrs.get("type", "").strip().lower() in _FEED_TYPES
        if is_feed and not attrs.get("xmlurl", "").strip() and attrs.get("url", "").strip():
            attrs["xmlurl"] = attrs["url"]
        if (is_feed or "xmlurl" in attrs) and not attrs.get("xmlurl", "").strip():
            self.lacking.append(_name(attrs.get("text") or attrs.get("title")) or "an outline without a name")
            self.hierarchy.append("")
            return
        attrs["category"] = attrs.get("category", "")[:LONGEST_CATEGORY]
        folders = tuple(self.hierarchy)
        super().start_opml_outline(attrs)
        for _, feed in self.found_urls.values():
            feed["folders"] = folders

    def _is_commented(self, attrs: dict[str, str]) -> bool:
        if self.comment is not None and len(self.hierarchy) <= self.comment:
            self.comment = None
        if self.comment is None and attrs.get("iscomment", "").strip().lower() == "true":
            self.comment = len(self.hierarchy)
        return self.comment is not None


def _line(feed: dict[str, Any]) -> Line:
    names = (_name(name) for path in (feed["folders"], *feed["categories"]) for name in path)
    return Line(
        url=str(feed["url"]),
        title=_name(feed["title"]),
        folders=tuple(dict.fromkeys(name for name in names if name)),
    )


def _name(text: str | None) -> str | None:
    return (line(text) or "")[:LONGEST_NAME].rstrip() or None
