"""HTML as a tree, and back. Pure."""

import re
from typing import Any

from lxml import etree

from aggregator.text.lines import legal

HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)  # in a style


def tree(html: str) -> Any:
    """Return the ``body`` of the parsed HTML, an lxml element."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    root = etree.fromstring(f"<html><body><div>{html}</div></body></html>".encode(), parser)
    return root.find("body")


def written(body: Any) -> str:
    """Return what stands in the ``body`` that ``tree`` gave, as HTML."""
    text: str = etree.tostring(body, method="html", encoding="unicode")
    inner = text[text.find(">") + 1 : text.rfind("</body>")]
    wrapped = inner.removeprefix("<div>")
    if wrapped is not inner and inner.endswith("</div>") and len(body) == 1:
        return wrapped.removesuffix("</div>")
    return inner


def put(element: Any, name: str, value: str) -> None:
    """Set an attribute; characters go that no tree takes, though a reference (``&#1;``) brought them into one."""
    element.set(name, legal(value))


def drop(element: Any) -> None:
    """Take an element out and leave the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
