"""Whether two articles are the same text, whatever their ids and headlines. Pure.

Two looks. The first finds who may be alike without reading: 64 bits of each text (a simhash: Charikar, 2002), indexed
in eight bands of eight, so that two texts that differ in seven bits or fewer share a band for certain. The second lays
one text beside the other and looks at what stands in the place of what. The same article in another paper gains a
source line or loses a paragraph; another day's market report has other numbers in the same places, and another notice
of the same form has another name, again and again. ``docs/notes/near-duplicates.md`` has the measured curve.

    found by bands, within WINDOW  →  ``distance`` at most FURTHEST  →  ``are_alike``
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from aggregator.model import Content
from aggregator.text.alignment import Change, Laid, laid
from aggregator.text.wording import Token, body, title, words

WINDOW = timedelta(hours=72)  # papers take over a text within a day or two; next week's is another
FURTHEST = 16  # bits in which candidates may differ

LITTLE = 60  # tokens: a shorter text has to be equal, and its title alike
NOTHING = 25  # tokens: a shorter text says nothing
KEPT = 0.85  # of the shorter text stands in the longer one, in the same order
REPLACED = 0.08  # of it at most stands where the other says something else
KEPT_OF_LONGER = 0.55  # less is a digest that has this article in it, or the beginning of it
SHINGLE = 3  # tokens that make one feature of a fingerprint
ANCHOR = 4  # tokens in a row that stand once in either text hold the two together
TITLE_ANCHOR = 2

_BITS = 64
_BANDS = 8

# Words that mean another thing where they stand for one another in the same place. A Chinese one is part of many
# words, so only its own kind is its rival.
_RIVALS = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december first second third fourth fifth sixth last thousand million billion "
    "north south east west northern southern eastern western morning evening up down higher lower rose fell rises "
    "falls gained lost gains losses won win loss increase decrease increased decreased red amber orange yellow",
    *("万 亿", "东 南 西 北", "上 下", "左 右", "前 后", "早 晚", "春 夏 秋 冬", "涨 跌", "升 降", "增 减", "高 低"),
    *("胜 负 平", "男 女", "甲 乙 丙 丁", "红 橙 黄 蓝"),
)
_KIND = {word: kind for kind, rivals in enumerate(_RIVALS) for word in rivals.split()}
_NAMES_AND_NUMBERS = 0  # stand for one another as those of the first line do: "Friday" and "March 4"
_PLACES = frozenset("省市县区镇乡村州")  # what follows the name of one


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """What a store keeps of a text to find it by. bits: -2**63 to 2**63 - 1. whole: found by an equal text only."""

    bits: int
    whole: bool


def fingerprint(content: Content) -> Likeness | None:
    """Return 64 bits that differ little where texts differ little; None for a text too short to say anything.

    Case, width, punctuation, white space, traditional or simplified characters, source lines and bylines make no
    difference. The same on every machine, and for ever: stores keep it.
    """
    text = words(body(content))
    if len(text) < NOTHING:
        return None
    if len(text) < LITTLE:
        return Likeness(bits=_signed(int.from_bytes(_hashed("\0".join(text)), "big")), whole=True)
    return Likeness(bits=_signed(_simhash(text)), whole=False)


def bands(likeness: Likeness) -> tuple[int, ...]:
    """Return the numbers to index a text by, the band's own in the bits above its value's; 0 to 2**60.

    Texts that differ in seven bits or fewer share one; a short text has a single one, which only equal texts share.
    """
    bits = likeness.bits % (1 << _BITS)
    if likeness.whole:
        return (_BANDS << 56 | bits >> 8,)
    width = _BITS // _BANDS
    return tuple(band << width | bits >> band * width & (1 << width) - 1 for band in range(_BANDS))


def distance(one: int, other: int) -> int:
    """Return in how many of 64 bits two fingerprints differ."""
    return ((one ^ other) % (1 << _BITS)).bit_count()


def are_alike(one: Content, other: Content) -> bool:
    """Return whether two articles are one text with small changes. Both are read; symmetric.

    Most of the shorter text stands in the longer one, and nothing that stands in the place of something else tells
    the two apart: not a number for a number, not a name for a name. Titles that are mostly alike are compared the same
    way ("part one" and "part two"); titles that differ decide nothing, except for texts too short to decide.
    """
    (mine, my_title), (theirs, their_title) = sorted(
        ((body(content), title(content)) for content in (one, other)), key=lambda read: (len(read[0]), read)
    )
    if len(mine) < NOTHING:
        return False
    titles = laid(my_title, their_title, TITLE_ANCHOR)
    has_like_titles = titles.kept * 2 >= min(len(my_title), len(their_title))
    if len(mine) < LITTLE:
        return not titles.changes and words(mine) == words(theirs)
    texts = laid(mine, theirs, ANCHOR)
    if not _is_mostly(texts, len(mine), len(theirs)) or _has_again(texts.changes):
        return False
    if has_like_titles and any(_is_borne_out(change, mine, theirs) for change in titles.changes):
        return False
    plain = {written for _, written in (*mine, *theirs) if written.islower()}
    changes = (*titles.changes, *texts.changes) if has_like_titles else texts.changes
    return not any(_tells_apart(change, plain) for change in changes)


# --- the first look ------------------------------------------------------------------------------


def _simhash(text: Sequence[str]) -> int:
    """Return the bits that most of the text's shingles have, each hashed to 64."""
    shingles = {"\0".join(text[at : at + SHINGLE]) for at in range(len(text) - SHINGLE + 1)}
    packed = int.from_bytes(b"".join(_hashed(shingle) for shingle in shingles), "big")
    column = int.from_bytes((b"\0" * 7 + b"\1") * len(shingles), "big")  # the lowest bit of each hash
    return sum(1 << bit for bit in range(_BITS) if (packed >> bit & column).bit_count() * 2 > len(shingles))


def _hashed(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BITS // 8).digest()


def _signed(bits: int) -> int:
    """Return 64 bits as databases keep them."""
    return bits - (1 << _BITS) if bits >> _BITS - 1 else bits


# --- the second look -----------------------------------------------------------------------------


def _is_mostly(texts: Laid, mine: int, theirs: int) -> bool:
    """Most of either text, of so many tokens, stands in the other, and little was put in the place of something."""
    replaced = sum(min(len(change.mine), len(change.theirs)) for change in texts.changes)
    return texts.kept >= KEPT * mine and texts.kept >= KEPT_OF_LONGER * theirs and replaced <= REPLACED * mine


def _has_again(changes: Sequence[Change]) -> bool:
    """The same words stand in the place of the same words more than once: a form, filled in for someone else."""
    pairs = [(tuple(words(change.mine)), tuple(words(change.theirs))) for change in changes]
    return len(set(pairs)) < len(pairs)


def _is_borne_out(change: Change, mine: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """What differs in the titles differs in the texts too: each says its own, and not the other's."""
    one, other, here, there = (f" {' '.join(words(tokens))} " for tokens in (mine, theirs, change.mine, change.theirs))
    return here in one and there in other and here not in other and there not in one


def _tells_apart(change: Change, plain: Set[str]) -> bool:
    """A number stands for another, a name for another, or a word for its rival.

    plain: words that either text has in small letters: a capital at the head of a sentence makes them no name.
    """
    mine, theirs = (_marks(tokens, plain) for tokens in (change.mine, change.theirs))
    if not {kind for kind, _ in mine - theirs}.isdisjoint(kind for kind, _ in theirs - mine):
        return True
    # "我市" for "临川市" is how one paper takes over from another; "东岭区" for "望湖区" is another place
    is_named = min(len(change.mine), len(change.theirs)) > 1
    ends = (change.mine[-1][0], change.theirs[-1][0])
    return is_named and (change.after in _PLACES or _PLACES.issuperset(ends))


def _marks(tokens: Sequence[Token], plain: Set[str]) -> set[tuple[int, str]]:
    """Return the words that tell articles apart, each with the kind of words that it may not be exchanged for."""
    marks = {(_KIND[word], word) for word, _ in tokens if word in _KIND}
    for word, written in tokens:
        if word[0].isdigit() or (written[0].isupper() and word not in plain):
            marks.add((_NAMES_AND_NUMBERS, word))
    return marks
