"""A page's texts block by block, as a reader sees them, each with the nodes that it is made of. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bs4 import Tag
from bs4.element import NavigableString, PageElement

TITLE = 8  # letters that a title has at least
BLOCKS = (
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
    *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup"),
    *("hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td"),
    *("tfoot", "th", "thead", "tr", "ul"),
)
WHOLE = frozenset({"pre", "table"})  # kept or left as they are: half of a table is none
MEDIA = ("img", "picture", "video", "audio", "iframe", "embed", "object", "amp-img")
_APART = ("br", "caption", "td", "th", "tr")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, eq=False)
class Unit:
    """What stands together in one block of the page, between the blocks within it."""

    block: Tag
    nodes: tuple[PageElement, ...]
    text: str
    letters: str


def units_of(root: Tag) -> list[Unit]:
    """Return the texts and pictures of an element in their order, block by block. A table or pre is one of them."""
    boxes = {id(root)}
    for block in root.find_all(BLOCKS):
        boxes.add(id(block))
        for parent in block.parents:
            if id(parent) in boxes and parent.name not in BLOCKS:
                break
            boxes.add(id(parent))
    units: list[Unit] = []
    run: list[PageElement] = []

    def close(block: Tag) -> None:
        text = "".join(_written(node) for node in run)
        if text.strip() or any(has_media(node) for node in run):
            units.append(Unit(block, tuple(run), " ".join(text.split()), letters_of(text)))
        run.clear()

    def walk(block: Tag) -> None:
        for child in block.children:
            if not isinstance(child, Tag):
                run.append(child)
            elif child.name in WHOLE:
                close(block)
                run.append(child)
                close(block)
            elif id(child) in boxes:
                close(block)
                walk(child)
            else:
                run.append(child)
        close(block)

    walk(root)
    return units


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, in which pages and extractors agree."""
    return _NO_LETTER.sub("", text)


def linked(unit: Unit) -> int:
    """Return how many letters of a unit stand in links."""
    if any(element.name == "a" and element.get("href") for element in (unit.block, *unit.block.parents)):
        return len(unit.letters)
    return sum(len(letters_of(link.get_text())) for link in links_of(unit.nodes))


def is_link(unit: Unit) -> bool:
    """Tell whether a unit is a link as a whole."""
    return bool(unit.letters) and linked(unit) >= 0.9 * len(unit.letters)


def links_of(nodes: Iterable[PageElement]) -> list[Tag]:
    """Return the links among nodes and within them."""
    return [
        link
        for node in nodes
        if isinstance(node, Tag)
        for link in ([node] if node.name == "a" and node.get("href") else node.find_all("a", href=True))
    ]


def has_media(node: PageElement) -> bool:
    """Tell whether it is a picture or a player, or holds one."""
    return isinstance(node, Tag) and (node.name in MEDIA or node.find(MEDIA) is not None)


def _written(node: PageElement) -> str:
    """The text of a node; cells and lines apart."""
    if not isinstance(node, Tag):
        return str(node) if type(node) is NavigableString else ""
    if all(type(one) is NavigableString for one in node.contents) and node.name != "br":
        return "".join(map(str, node.contents))
    return "".join(
        " " if isinstance(one, Tag) and one.name in _APART else one if type(one) is NavigableString else ""
        for one in (node, *node.descendants)
    )
