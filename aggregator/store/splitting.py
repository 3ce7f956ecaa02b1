"""Parting what was made one by mistake (``identity.never`` in feeds.yaml)."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from aggregator.identity import bears, mint
from aggregator.store import schema
from aggregator.store.assembly import Drafts
from aggregator.store.explaining import find
from aggregator.store.held import Held
from aggregator.store.rows import digest, stamp


def is_one(connection: Connection, pair: Sequence[str]) -> bool:
    """Whether two ids, URLs or keys mean one and the same entry today."""
    if len(pair) != 2:
        return False
    one, other = (find(connection, word) for word in pair)
    return one is not None and one == other


def split(connection: Connection, pairs: Sequence[Sequence[str]], *, at: datetime) -> tuple[str, ...]:
    """Part each pair; return the ids of the entries that this made or revived.

    The older id stays with what it meant first. The other side gets back the id that it had, where it had one.
    """
    drafts = Drafts(connection, at=at)
    made: list[str] = []
    for pair in pairs:
        entry = find(connection, pair[0])
        if entry is None:
            continue
        drafts.load([entry])
        entry = drafts.successor(entry)
        moved = _other_side(drafts, entry, pair)
        if not moved:
            continue
        number = _number_for(drafts, moved, pair)
        drafts.split(entry, moved, number)
        _take_names(connection, drafts, entry, number, moved)
        detail = {"apart": list(pair), "id": drafts.uid(number)}
        connection.execute(
            schema.events.insert(),
            [
                {"at": stamp(at), "kind": "split", "entry_id": one, "detail": json.dumps(detail, ensure_ascii=False)}
                for one in (entry, number)
            ],
        )
        made.append(drafts.uid(number))
    drafts.write()
    return tuple(made)


def _other_side(drafts: Drafts, entry: int, pair: Sequence[str]) -> list[Held]:
    """Return the copies that one word of the pair means and the other does not; the first copy's side stays."""
    held = drafts.drafts[entry].held
    sides = [
        [one for one in held if bears(one.copy, mine) and not bears(one.copy, theirs)]
        for mine, theirs in ((pair[0], pair[1]), (pair[1], pair[0]))
    ]
    sides.sort(key=lambda side: bool(side) and held[0] in side)  # the side without the first copy leaves
    return next((side for side in sides if side and len(side) < len(held)), [])


def _number_for(drafts: Drafts, moved: Sequence[Held], pair: Sequence[str]) -> int:
    had = [word for held in moved for word in (held.copy.guid, mint(held.copy.keys, held.copy.local)) if word]
    for uid in (*pair, *had):
        number = drafts.revive(uid)
        if number is not None:
            return number
    first = moved[0].copy
    return drafts.make(drafts.free_uid(first), first.content.published)


def _take_names(connection: Connection, drafts: Drafts, entry: int, number: int, moved: Sequence[Held]) -> None:
    """The names that only the parted copies bear go with them."""
    kept = {digest(key, held.source_id) for held in drafts.drafts[entry].held for key in held.copy.keys}
    for held in moved:
        for key in held.copy.keys:
            name = digest(key, held.source_id)
            if name not in kept:
                connection.execute(update(schema.keys).where(schema.keys.c.digest == name).values(ledger_id=number))
