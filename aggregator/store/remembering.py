"""Ids that were given out before, taken over into the ledger: from another store, or from what was published."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, update

from aggregator.model import Key
from aggregator.store import schema
from aggregator.store.removal import take_down
from aggregator.store.rows import digest, milliseconds, stamp
from aggregator.store.statements import chunks, insert_or_ignore, upsert


@dataclass(frozen=True, kw_only=True)
class Given:
    """An id that was given out, with its first dates and the keys that mean it. published: None for an undated one."""

    uid: str
    first_seen: datetime
    published: datetime | None
    keys: tuple[Key, ...]


def remember_given(connection: Connection, given: Sequence[Given], *, at: datetime) -> int:
    """Enter ids that were given out before into the ledger; return how many it did not have.

    Whatever brings one of their keys is that entry again, with its id and its dates, and not new.
    """
    before = connection.execute(select(func.count()).select_from(schema.ledger)).scalar_one()
    for some in chunks(given):
        rows = [
            {
                "uid": one.uid,
                "first_seen": stamp(one.first_seen),
                "published": milliseconds(one.published),
                "fate": "expired",
            }
            for one in some
        ]
        insert_or_ignore(connection, schema.ledger, rows)
        found = connection.execute(
            select(schema.ledger.c.uid, schema.ledger.c.id).where(schema.ledger.c.uid.in_([one.uid for one in some]))
        )
        here = {row.uid: row.id for row in found}
        names = [{"digest": digest(key, 0), "ledger_id": here[one.uid]} for one in some for key in one.keys]
        if names:
            insert_or_ignore(connection, schema.keys, names)
    # Their dates were told to subscribers: no copy that speaks later may change them.
    upsert(connection, schema.facts, [{"name": "published", "value": str(stamp(at))}])
    return int(connection.execute(select(func.count()).select_from(schema.ledger)).scalar_one() - before)


def remember(connection: Connection, other: Path, *, at: datetime) -> None:
    """Enter into the ledger what another store gave out, so that none of it is new again, nor what was taken down.

    Names that count within one source mean something only where both stores number their sources alike, as a store and
    its own backup do; from a store of other birth only the names come that its copies show to count everywhere.
    """
    with closing(sqlite3.connect(f"{other.absolute().as_uri()}?mode=ro", uri=True)) as old:
        given = old.execute("SELECT id, uid, first_seen, published, successor, fate, sources FROM ledger").fetchall()
        names = old.execute("SELECT digest, ledger_id FROM keys").fetchall()
        sources = old.execute("SELECT id, name FROM sources").fetchall()
        copies = old.execute("SELECT entry_id, source_id, keys FROM copies").fetchall()
        born = old.execute("SELECT value FROM facts WHERE name = 'born'").fetchone()
    had: dict[int, set[int]] = {}
    for number, source, _ in copies:
        had.setdefault(number, set()).add(source)
    mine = connection.execute(select(schema.facts.c.value).where(schema.facts.c.name == "born")).scalar()
    is_alike = born is not None and born[0] == mine and _enter_sources(connection, sources, at=at)
    if not is_alike:
        names = _names_everywhere(copies)
    for some in chunks(given):
        rows = [
            {
                "uid": uid,
                "first_seen": first_seen,
                "published": published,
                "fate": fate or "expired",
                "sources": (told or " ".join(map(str, sorted(had.get(number, ()))))) if is_alike else None,
            }
            for number, uid, first_seen, published, _, fate, told in some
        ]
        insert_or_ignore(connection, schema.ledger, rows)
    uids = {number: uid for number, uid, *_ in given}
    here: dict[str, int] = {}
    for some in chunks(list(uids.values())):
        found = connection.execute(select(schema.ledger.c.uid, schema.ledger.c.id).where(schema.ledger.c.uid.in_(some)))
        here.update({row.uid: row.id for row in found})
    for number, _, _, _, successor, fate, _ in given:
        if fate == "retired" and successor is not None:
            retired = update(schema.ledger).where(
                schema.ledger.c.id == here[uids[number]], schema.ledger.c.fate == "retired"
            )
            connection.execute(retired.values(successor=here[uids[successor]]))
    for some in chunks(names):
        insert_or_ignore(
            connection, schema.keys, [{"digest": name, "ledger_id": here[uids[number]]} for name, number in some]
        )
    for _, uid, _, _, _, fate, _ in given:
        if fate == "taken":
            take_down(connection, uid, at=at)


def _enter_sources(connection: Connection, sources: Sequence[tuple[int, str]], *, at: datetime) -> bool:
    """Give sources that only the other store knows the numbers that they had there; tell whether that was possible."""
    table = schema.sources
    known = {row.id: row.name for row in connection.execute(select(table.c.id, table.c.name))}
    lacking = [(number, name) for number, name in sources if number not in known]
    if any(name in known.values() for _, name in lacking):
        return False
    for number, name in lacking:
        connection.execute(table.insert().values(id=number, name=name, removed_at=stamp(at)))
    return True


def _names_everywhere(copies: Sequence[tuple[int, int, str]]) -> list[tuple[bytes, int]]:
    """Return digest and entry of the names in these copies that count in every source."""
    return [
        (digest(Key(kind=kind, value=value), 0), number)
        for number, _, keys in copies
        for kind, value, is_scoped in json.loads(keys)
        if not is_scoped
    ]
