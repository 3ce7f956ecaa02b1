"""How much of a document is read, whatever its kind. Pure."""

from collections.abc import Sequence
from typing import TypeVar

MOST_ENTRIES = 10_000  # the longest real archives have some thousands; one takes 5 kB of memory when it is read
HEAVIEST_JSON = 1_000_000  # as weighed below: ten values in each of so many entries, and 100 MB of memory
_WEIGHTS = {"{": 8, "[": 2, ",": 1}  # of an object, a list and a value, as they take memory

One = TypeVar("One")


def first_ones(found: Sequence[One], what: str) -> tuple[list[One], list[str]]:
    """Return as many as are read, and a warning where that is not all. what: they are, and what to do."""
    if len(found) <= MOST_ENTRIES:
        return list(found), []
    told = f"there are {len(found):,} {what}, of which the first {MOST_ENTRIES:,} are read"
    return list(found[:MOST_ENTRIES]), [told]


def too_heavy(text: str) -> str | None:
    """Return why a text of JSON is not read, or None. To be asked before it is parsed: a tree takes thirty times more.

    Marks within strings are counted too; only a document of a great many values comes near.
    """
    if sum(text.count(mark) * weight for mark, weight in _WEIGHTS.items()) <= HEAVIEST_JSON:
        return None
    held = f"{text.count('{'):,} objects, {text.count('['):,} lists and {text.count(','):,} values"
    return f"the JSON is more than we read: about {held}; ask for fewer records at a time"
