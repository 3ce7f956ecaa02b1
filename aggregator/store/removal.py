"""What leaves the store: entries taken down, which stay away for ever, and entries past their retention."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from aggregator.model import Key
from aggregator.store import schema
from aggregator.store.categories import touch
from aggregator.store.explaining import find, keys_of_word
from aggregator.store.relations import forget
from aggregator.store.rows import digest, stamp
from aggregator.store.statements import chunks, insert_or_ignore
from aggregator.text.likeness import WINDOW


def take_down(connection: Connection, word: str, *, at: datetime, reason: str | None = None) -> str:
    """Make the entry that an id, URL or key means vanish, and stay away; return its id.

    Its text is erased, its keys are kept, so that no copy brings it back. What nothing bears yet is remembered too.
    """
    number = find(connection, word)
    if number is None:
        number = _tombstone(connection, word, at)
    row = connection.execute(select(schema.ledger).where(schema.ledger.c.id == number)).one()
    if row.fate != "taken":
        _erase(connection, [number])
        connection.execute(delete(schema.events).where(schema.events.c.entry_id == number))
        connection.execute(update(schema.ledger).where(schema.ledger.c.id == number).values(fate="taken"))
        detail = json.dumps({"reason": reason}, ensure_ascii=False) if reason else None
        connection.execute(schema.events.insert().values(at=stamp(at), kind="taken", entry_id=number, detail=detail))
    return str(row.uid)


def expire(connection: Connection, *, at: datetime, keep: timedelta | None, own: Mapping[str, timedelta | None]) -> int:
    """Let entries go whose every copy left its document longer ago than it is kept; return how many.

    A copy of a source that feeds.yaml no longer names left with it. Ids, first dates and keys stay known, and nothing
    else: what is kept for ever must stay small.
    keep: None keeps for ever. own: source -> its own retention, where it differs.
    """
    stays = []
    for row in connection.execute(select(schema.sources)):
        span = own.get(row.name, keep)
        if span is None:
            stays.append(schema.copies.c.source_id == row.id)
            continue
        since = stamp(at - span)
        if row.removed_at is None:
            left = or_(schema.copies.c.left_at.is_(None), schema.copies.c.left_at >= since)
        else:
            left = func.coalesce(schema.copies.c.left_at, row.removed_at) >= since
        stays.append(and_(schema.copies.c.source_id == row.id, left))
    if not stays:
        return 0
    kept = select(schema.copies.c.entry_id).where(or_(*stays))
    gone = connection.execute(select(schema.entries.c.id).where(schema.entries.c.id.not_in(kept))).scalars().all()
    for some in chunks(gone):
        for number, sources in _sources(connection, some).items():
            connection.execute(update(schema.ledger).where(schema.ledger.c.id == number).values(sources=sources))
    _erase(connection, gone)
    _forget_documents(connection, at=at, keep=keep, own=own)
    for some in chunks(gone):
        connection.execute(delete(schema.events).where(schema.events.c.entry_id.in_(some)))
        connection.execute(update(schema.ledger).where(schema.ledger.c.id.in_(some)).values(fate="expired"))
    connection.execute(delete(schema.likenesses).where(schema.likenesses.c.at < stamp(at - WINDOW)))
    return len(gone)


def _sources(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return entry -> the numbers of the sources that have it."""
    table = schema.copies
    found: dict[int, list[str]] = {}
    query = select(table.c.entry_id, table.c.source_id).where(table.c.entry_id.in_(numbers)).distinct()
    for row in connection.execute(query.order_by(table.c.source_id)):
        found.setdefault(row.entry_id, []).append(str(row.source_id))
    return {number: " ".join(sources) for number, sources in found.items()}


def _forget_documents(
    connection: Connection, *, at: datetime, keep: timedelta | None, own: Mapping[str, timedelta | None]
) -> None:
    """A source that was removed, and comes back one day, is read as a whole: its entries are gone."""
    removed = connection.execute(select(schema.sources).where(schema.sources.c.removed_at.is_not(None))).all()
    for row in removed:
        span = own.get(row.name, keep)
        if span is not None and row.removed_at < stamp(at - span):
            connection.execute(delete(schema.fetches).where(schema.fetches.c.source_id == row.id))


def is_taken_down(connection: Connection, word: str) -> bool:
    """Whether what an id, URL or key means was taken down."""
    number = find(connection, word)
    if number is None:
        return False
    return bool(
        connection.execute(select(schema.ledger.c.fate).where(schema.ledger.c.id == number)).scalar() == "taken"
    )


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


def _tombstone(connection: Connection, word: str, at: datetime) -> int:
    number = connection.execute(
        schema.ledger.insert().values(uid=word, first_seen=stamp(at), fate=None).returning(schema.ledger.c.id)
    ).scalar_one()
    names = [{"digest": digest(key, 0), "ledger_id": number} for key in keys_of_word(word)]
    insert_or_ignore(connection, schema.keys, names)
    return int(number)


def _erase(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove all that is published or kept of these entries; their categories are published again."""
    for some in chunks(numbers):
        touch(connection, _categories(connection, some))
        for table, column in (
            (schema.entry_categories, schema.entry_categories.c.entry_id),
            (schema.fragments, schema.fragments.c.entry_id),
            (schema.copies, schema.copies.c.entry_id),
            (schema.entries, schema.entries.c.id),
        ):
            connection.execute(delete(table).where(column.in_(some)))
        forget(connection, some)


def _categories(connection: Connection, numbers: Sequence[int]) -> Iterable[int]:
    rows = connection.execute(
        select(schema.entry_categories.c.category_id).distinct().where(schema.entry_categories.c.entry_id.in_(numbers))
    )
    return [row.category_id for row in rows]
