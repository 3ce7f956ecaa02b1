"""What feedgen cannot say, said through its own mechanism of extensions. Pure.

feedgen 1.0 writes entry links without rel, type and length, knows only title and link of an ``atom:source``, one
enclosure and one ``atom:link`` in RSS, and drops an author who has no mail address. An extension is handed each
element that feedgen has made, so ours hands it on to the format, which completes it.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
MEDIA = "http://search.yahoo.com/mrss/"
XML = "http://www.w3.org/XML/1998/namespace"

Element = Any  # lxml's elements bear no types
Completion = Callable[[Element], None]

_NAME = "aggregator"


def entry(complete: Completion) -> Any:
    """Return a new ``FeedEntry`` whose element ``complete`` will finish."""
    from feedgen.entry import FeedEntry

    made = FeedEntry()
    made.register_extension(_NAME, _extension())
    getattr(made, _NAME).complete = complete
    return made


def generator(complete: Completion, namespaces: Mapping[str, str]) -> Any:
    """Return a new ``FeedGenerator`` whose head ``complete`` will finish. namespaces: prefix -> IRI, for its root."""
    from feedgen.feed import FeedGenerator

    made = FeedGenerator()
    made.register_extension(_NAME, _extension(), _extension())
    extension = getattr(made, _NAME)
    extension.complete, extension.namespaces = complete, namespaces
    return made


def cut(element: Element, namespaces: Mapping[str, str]) -> bytes:
    """Return the element as it stands in a document whose root declares these namespaces: without declarations."""
    from lxml import etree

    root = etree.Element("root", nsmap=dict(namespaces))
    root.append(element)
    whole: bytes = etree.tostring(root, encoding="UTF-8")
    return whole[whole.index(b">") + 1 : -len(b"</root>")]


def add(parent: Element, tag: str, text: str | None = None, **attributes: str | None) -> Element:
    """Add an element and return it. Attributes that are None are left out."""
    from lxml import etree

    made = etree.SubElement(parent, tag, {name: value for name, value in attributes.items() if value is not None})
    made.text = text
    return made


def join(head: bytes, fragments: list[bytes], end: bytes) -> bytes:
    """Return the document: feedgen's head, whose last bytes are ``end``, with a fragment a line before them."""
    assert head.endswith(end)  # feedgen was told to write neither entries nor line ends
    return b"\n".join([head[: -len(end)], *fragments, end + b"\n"])


@cache
def _extension() -> Any:
    """Return the class that is registered; feedgen makes the instances. Made late: feedgen takes its time to load."""
    from feedgen.ext.base import BaseEntryExtension

    class Extension(BaseEntryExtension):  # type: ignore[misc]  # feedgen bears no types
        namespaces: Mapping[str, str]
        complete: Completion

        def extend_ns(self) -> dict[str, str]:
            return dict(self.namespaces)

        def extend_atom(self, element: Element) -> Element:
            self.complete(element)
            return element

        extend_rss = extend_atom

    return Extension
