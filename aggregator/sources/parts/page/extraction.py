"""The article that a page holds, found without being told where it stands, in the page's own mark-up. Pure.

A proven extractor (trafilatura) says which text is the article's. It writes mark-up of its own, in which players,
captions, code and tables suffer; so its answer only marks the page's blocks, and what comes back is the page's own
HTML without the blocks that are not marked. Pictures and players stay where they stand among marked blocks.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bs4 import BeautifulSoup, Tag

from aggregator.sources.parts.page.bare import BESIDE, TALK
from aggregator.sources.parts.page.notices import is_consent, names, width
from aggregator.sources.parts.page.trimming import is_offer, is_own_address, trimmed
from aggregator.sources.parts.page.units import MEDIA, TITLE, Unit, is_link, letters_of, linked, links_of, units_of

_LONG = 40  # letters: a block of so many is told apart from all others by what it says
_SHINGLE = 8  # letters
_MOSTLY = 0.7  # of a block's shingles; the extractor leaves out bits within a paragraph
_WHOLLY = 0.97  # of the article's letters; a word of it may stand in a menu too
_MAIN = 0.85  # of them stand in the element whose pictures are the article's
_LONGEST_CAPTION = 400  # characters
_LONGEST_GAP = 400  # letters, a Chinese character as two, that the extractor may have overlooked
_NO_PICTURE = re.compile(
    r"(?i)(?:^|[\s_-])(?:author|avatar|banner|bio|footer|icons?|logo|menu|nav|subscri\w+|teaser)(?:$|[\s_-])"
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What may be a page's article. html: in the page's words. blocks: its text, block by block, white space collapsed.

    linked: share of the letters that stand in links. headed: blocks that are a link as a whole, and as long as a
    title is.
    """

    html: str
    blocks: tuple[str, ...]
    linked: float
    headed: int

    @property
    def text(self) -> str:
        return "\n".join(self.blocks)


def texts(page: BeautifulSoup) -> tuple[str, ...]:
    """Return what a page says, block by block, white space collapsed; without its menus, foot and comments."""

    def is_beside(block: Tag) -> bool:
        return any(one.name in ("nav", "footer", "aside") or TALK.search(names(one)) for one in (block, *block.parents))

    return tuple(unit.text for unit in units_of(page) if unit.letters and not is_beside(unit.block))


def candidate(page: BeautifulSoup, *, url: str, titles: Sequence[str]) -> Candidate | None:
    """Return what the extractor takes for the article of a bare page, or None where it finds none.

    titles: of the entry and the page; a heading that only repeats one goes, with the way to the page that stands before
    it. So do links to more of the site behind the text. url: of the page. The page is changed.
    """
    extracted = _Extracted(_extractor()(str(page)))
    if not extracted.letters:
        return None
    for table in page.find_all("table"):
        if _is_layout(table):
            for element in (table, *table.find_all(("tbody", "thead", "tfoot", "tr", "td", "th"))):
                element.name = "div"
    units = units_of(page)
    marked = [unit for unit in units if unit.letters and extracted.holds(unit.letters)]
    return _cut_out(units, marked, url=url, titles=titles)


def declared(page: BeautifulSoup, *, url: str, titles: Sequence[str]) -> Candidate | None:
    """Return what a bare page itself marks as the article, or None where it marks none, or several.

    The page is changed; see ``candidate``.
    """
    for selector in ("[itemprop~=articleBody i]", "article", "main, [role=main]"):
        found = page.select(selector)
        if len(found) == 1:
            for beside in found[0].find_all(("header", "footer", "aside", "form")):
                beside.extract()
            units = units_of(found[0])
            return _cut_out(units, [unit for unit in units if unit.letters], url=url, titles=titles)
    return None


def _cut_out(units: Sequence[Unit], marked: Sequence[Unit], *, url: str, titles: Sequence[str]) -> Candidate | None:
    marked = trimmed(units, [unit for unit in marked if not is_consent(unit.text)], titles=titles, url=url)
    if not marked:
        return None
    scope, main = _places(marked)
    marked = _without_gaps(units, marked, main)
    _prune(units, marked, main)
    return measured(scope)


def measured(element: Tag) -> Candidate | None:
    """Return the inside of an element with its measures, or None where it holds no text."""
    units = [unit for unit in units_of(element) if unit.letters]
    letters = sum(len(unit.letters) for unit in units)
    if not letters:
        return None
    return Candidate(
        html=element.decode_contents().strip(),
        blocks=tuple(unit.text for unit in units),
        linked=sum(map(linked, units)) / letters,
        headed=sum(len(unit.letters) >= TITLE and is_link(unit) for unit in units),
    )


# --- the extractor -------------------------------------------------------------------------------


class _Extracted:
    """The text that the extractor returned, to be asked whether it holds a block."""

    def __init__(self, pieces: Sequence[str]) -> None:
        letters = [letters_of(piece) for piece in pieces]
        self._short = {piece for piece in letters if 0 < len(piece) < _SHINGLE}
        text = "".join(letters)
        self._shingles = set(_shingles(text))
        self.letters = len(text)

    def holds(self, letters: str) -> bool:
        if len(letters) < _SHINGLE:
            return letters in self._short
        held = sum(shingle in self._shingles for shingle in _shingles(letters))
        return held >= (1.0 if len(letters) < _LONG else _MOSTLY) * (len(letters) - _SHINGLE + 1)


def _shingles(letters: str) -> Iterator[str]:
    return (letters[at : at + _SHINGLE] for at in range(len(letters) - _SHINGLE + 1))


@cache
def _extractor() -> Callable[[str], Sequence[str]]:
    """Return what tells the pieces of text that are a page's article; loaded once, as it takes a third of a second."""
    from trafilatura import bare_extraction

    for name in ("trafilatura", "htmldate", "courlan", "justext"):  # what they think of a page is no news to anyone
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)

    def extract(html: str) -> Sequence[str]:
        document = bare_extraction(html, include_comments=False, include_tables=True, with_metadata=False)
        body = getattr(document, "body", None)
        return [] if body is None else [str(piece) for piece in body.itertext()]

    return extract


# --- where it stands -----------------------------------------------------------------------------


def _places(marked: Sequence[Unit]) -> tuple[Tag, Tag]:
    """Return the smallest element that holds all the marked texts, and the smallest that holds most of them."""
    long = [unit for unit in marked if len(unit.letters) >= TITLE] or marked
    within: dict[int, set[tuple[str, int]]] = {}
    elements: dict[int, Tag] = {}
    for unit, text in zip(long, _told_apart(long), strict=True):
        for element in (unit.block, *unit.block.parents):
            within.setdefault(id(element), set()).add(text)
            elements[id(element)] = element
    lengths = {key: sum(len(letters) for letters, _ in held) for key, held in within.items()}
    whole = max(lengths.values())
    share = {key: length / whole for key, length in lengths.items()}

    def smallest(least: float) -> Tag:
        enough = [element for key, element in elements.items() if share[key] >= least]
        return max(enough, key=lambda element: sum(1 for _ in element.parents))

    return smallest(_WHOLLY), smallest(_MAIN)


def _told_apart(units: Sequence[Unit]) -> list[tuple[str, int]]:
    """The text of each unit, counted among its siblings: a refrain is told apart, a second form of a text is not."""
    met: Counter[tuple[int, str]] = Counter()
    told: list[tuple[str, int]] = []
    for unit in units:
        sibling = (id(unit.block.parent), unit.letters)
        told.append((unit.letters, met[sibling]))
        met[sibling] += 1
    return told


def _without_gaps(units: Sequence[Unit], marked: Sequence[Unit], main: Tag) -> list[Unit]:
    """The marked units, with what stands between two of them in the main element: a heading, a list, a short line.

    The extractor drops those on pages of which it understands little. Not links, offers, nor long stretches. The
    address that a text ends with belongs to it as well.
    """
    inside = {id(element) for element in (main, *main.find_all(True))}
    is_marked = {id(unit) for unit in marked}
    filled: list[Unit] = []
    gap: list[Unit] = []
    for unit in (unit for unit in units if unit.letters and id(unit.block) in inside):
        if id(unit) not in is_marked:
            gap.append(unit)
            continue
        if filled and sum(width(one.text) for one in gap) <= _LONGEST_GAP and not any(map(is_offer, gap)):
            filled += gap
        filled.append(unit)
        gap = []
    if gap and filled and is_own_address(gap[0]):
        filled.append(gap[0])
    chosen = {id(unit) for unit in (*marked, *filled)}
    return [unit for unit in units if id(unit) in chosen]


def _prune(units: Sequence[Unit], marked: Sequence[Unit], main: Tag) -> None:
    """Take out of the page what is not marked, but for the pictures and players among it."""
    stays = {id(unit) for unit in marked}
    around = {id(main)}
    for unit in units:
        if id(unit) in stays:
            around.update(id(element) for element in (unit.block, *unit.block.parents))
    shown = {id(node) for island in _islands(main, around) for node in (island, *island.descendants)}
    in_main = {id(element) for element in (main, *main.find_all(True))}
    said = {unit.letters for unit in marked if id(unit.block) in in_main and len(unit.letters) >= _LONG}
    for unit in units:
        if id(unit) in stays and (id(unit.block) in in_main or unit.letters not in said):
            continue
        for node in unit.nodes:
            if id(node) not in shown and not (
                isinstance(node, Tag) and any(id(one) in shown for one in node.descendants)
            ):
                node.extract()


def _islands(main: Tag, around: set[int]) -> list[Tag]:
    """Return the elements with pictures or players that hold none of the article's text, and belong to it.

    around: ids of the elements that hold some of it.
    """
    found: dict[int, Tag] = {}
    for media in main.find_all(MEDIA):
        island = media
        while island.parent is not None and id(island.parent) not in around:
            island = island.parent
        if island is not main:
            found[id(island)] = island
    return [island for island in found.values() if _is_shown(island)]


def _is_shown(island: Tag) -> bool:
    """A picture or player, perhaps with its caption; not a teaser of something else, nor a button."""
    if any(BESIDE.search(named) or _NO_PICTURE.search(named) for named in map(names, (island, *island.find_all(True)))):
        return False
    if island.find("figcaption") is None and any(
        len(unit.letters) >= TITLE and is_link(unit) for unit in units_of(island)
    ):
        return False
    letters = len(letters_of(island.get_text()))
    in_links = sum(len(letters_of(link.get_text())) for link in links_of([island]))
    pictures = len(island.find_all(("img", "video", "audio", "iframe")))
    return letters <= _LONGEST_CAPTION * max(pictures, 1) and 2 * in_links <= letters


# --- elements ------------------------------------------------------------------------------------


def _is_layout(table: Tag) -> bool:
    """Tell whether a table holds the page rather than figures: it has one column, or tables and paragraphs in it."""
    rows = table.find_all("tr")
    if rows and all(len(row.find_all(("td", "th"), recursive=False)) <= 1 for row in rows):
        return True
    within = len(table.find_all(("table", "p", "h1", "h2", "h3", "div", "ul")))
    return within > len(table.find_all("td")) / 2
