"""One text laid beside another: what stands in both, and what stands in the place of what. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aggregator.text.wording import Token, words


@dataclass(frozen=True, kw_only=True)
class Change:
    """What stands in the place of what; neither is empty. after: the folded token that follows in both, or nothing."""

    mine: tuple[Token, ...]
    theirs: tuple[Token, ...]
    after: str


@dataclass(frozen=True, kw_only=True)
class Laid:
    """Two texts, one beside the other. kept: tokens that stand in both, in one order."""

    kept: int
    changes: tuple[Change, ...]


def laid(mine: Sequence[Token], theirs: Sequence[Token], anchor: int) -> Laid:
    """Return one text laid beside the other, held together by runs of so many tokens that stand once in either.

    The time it takes grows with the texts' length and not with its square: the texts are other people's.
    """
    kept, changes = 0, []
    i = j = 0
    for start, other_start, length in (*_blocks(words(mine), words(theirs), anchor), (len(mine), len(theirs), 0)):
        if start > i and other_start > j:
            after = mine[start][0] if length else ""
            changes.append(Change(mine=tuple(mine[i:start]), theirs=tuple(theirs[j:other_start]), after=after))
        kept += length
        i, j = start + length, other_start + length
    return Laid(kept=kept, changes=tuple(changes))


def _blocks(mine: Sequence[str], theirs: Sequence[str], anchor: int) -> Iterator[tuple[int, int, int]]:
    """Yield where runs that both have begin, and how long they are."""
    i = j = 0
    for at, other in [(0, 0), *_rising(_anchors(mine, theirs, anchor)), (len(mine), len(theirs))]:
        if at < i or other < j:
            continue
        start, other_start, end, other_end = at, other, at, other
        while start > i and other_start > j and mine[start - 1] == theirs[other_start - 1]:
            start, other_start = start - 1, other_start - 1
        while end < len(mine) and other_end < len(theirs) and mine[end] == theirs[other_end]:
            end, other_end = end + 1, other_end + 1
        yield start, other_start, end - start
        i, j = end, other_end


def _anchors(mine: Sequence[str], theirs: Sequence[str], anchor: int) -> list[tuple[int, int]]:
    """Return the places of all runs that stand just once in either text, in the order of the first."""
    places = _once(theirs, anchor)
    return [(at, places[run]) for run, at in _once(mine, anchor).items() if run in places]


def _once(tokens: Sequence[str], anchor: int) -> dict[tuple[str, ...], int]:
    runs = [tuple(tokens[at : at + anchor]) for at in range(len(tokens) - anchor + 1)]
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs) if counts[run] == 1}


def _rising(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of places that go forward in both texts (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (_, other) in enumerate(places):
        pile = bisect_left(tops, other)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [other]
        piles[pile : pile + 1] = [number]
    chain, number = [], piles[-1] if piles else -1
    while number >= 0:
        chain.append(places[number])
        number = before[number]
    return chain[::-1]
