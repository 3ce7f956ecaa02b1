"""Copies that a source renamed: another guid, another address, another date, and still the article it had.

A server that changes all its ids at once must not make its subscribers read everything again. Only what has left the
source's document can have come back under another name, and only by what did not change.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import Connection

from aggregator.identity import share_text
from aggregator.model import Copy
from aggregator.store import schema
from aggregator.store.held import Held, copies_where, held_copy
from aggregator.store.statements import chunks

FLOOD = 5  # copies at once, and most of the document: something happened to the source, not to an article
MOST = 0.6
LOOK_BACK = 500  # copies that left most recently
TELLING = 12  # characters of a title that is more than a heading

Sign = Callable[[Copy], Hashable | None]
Thing = TypeVar("Thing")


def returned(
    connection: Connection, source: int, unknown: Sequence[Copy], *, listed: frozenset[int], left: frozenset[int]
) -> dict[str, Held]:
    """Return local name -> the copy that it was, for those that the source had under another name.

    unknown: copies that nothing known places. listed: fingerprints that the document bears now; left: those that it
    bore the last time and no more.
    """
    if not unknown:
        return {}
    is_flood = len(unknown) >= FLOOD and len(unknown) >= MOST * max(len(listed), 1)
    former = _leaving(connection, source, left)
    if is_flood:
        former = {**_left(connection, source), **former}
    found: dict[str, Held] = {}
    for sign in (*ALWAYS, *(IN_A_FLOOD if is_flood else ())):
        free = [held for held in former.values() if held.copy.fingerprint not in listed and held not in found.values()]
        here = _unique([copy for copy in unknown if copy.local not in found], sign, lambda copy: copy)
        there = _unique(free, sign, lambda held: held.copy)
        for name, copy in here.items():
            held = there.get(name)
            if held is not None and (sign in ALWAYS or _is_plausible(copy, held.copy)):
                found[copy.local] = held
    return found


def _text(copy: Copy) -> Hashable | None:
    return (copy.content.title, copy.text_hash) if copy.content.html or copy.content.summary else None


def _title_and_date(copy: Copy) -> Hashable | None:
    return (copy.content.title, copy.content.published) if copy.content.title and copy.content.published else None


def _title(copy: Copy) -> Hashable | None:
    title = copy.content.title
    return title if title and len(title) >= TELLING else None


def _place(copy: Copy) -> Hashable | None:
    parts = urlsplit(copy.url or "")
    return (parts.path, parts.query) if len(parts.path) > 1 else None


ALWAYS: tuple[Sign, ...] = (_text, _title_and_date)
IN_A_FLOOD: tuple[Sign, ...] = (_title, _place)


def _is_plausible(copy: Copy, before: Copy) -> bool:
    """A title or a path alone says little: the texts must agree, or be missing on both sides."""
    has_text = bool(copy.content.html), bool(before.content.html)
    return has_text == (False, False) or share_text(copy.content, before.content)


def _unique(things: Sequence[Thing], sign: Sign, copy_of: Callable[[Thing], Copy]) -> dict[Hashable, Thing]:
    """Return sign -> thing, of those whose sign no other bears."""
    signs = [sign(copy_of(thing)) for thing in things]
    counted = Counter(signs)
    return {name: thing for name, thing in zip(signs, things, strict=True) if name is not None and counted[name] == 1}


def _leaving(connection: Connection, source: int, fingerprints: frozenset[int]) -> dict[int, Held]:
    found: dict[int, Held] = {}
    for some in chunks(sorted(fingerprints)):
        rows = connection.execute(
            copies_where(schema.copies.c.source_id == source, schema.copies.c.fingerprint.in_(some))
        )
        found.update({row.id: held_copy(row) for row in rows})
    return found


def _left(connection: Connection, source: int) -> dict[int, Held]:
    rows = connection.execute(
        copies_where(schema.copies.c.source_id == source, schema.copies.c.left_at.is_not(None))
        .order_by(schema.copies.c.left_at.desc())
        .limit(LOOK_BACK)
    )
    return {row.id: held_copy(row) for row in rows}
