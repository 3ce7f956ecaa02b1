"""What leaves the store: entries taken down, which stay away for ever, and entries past their retention."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, func, or_, select, update

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
        _forget_waiting(connection, some)
        touch(connection, _categories(connection, some))
        for table, column in (
            (schema.entry_categories, schema.entry_categories.c.entry_id),
            (schema.fragments, schema.fragments.c.entry_id),
            (schema.copies, schema.copies.c.entry_id),
            (schema.entries, schema.entries.c.id),
        ):
            connection.execute(delete(table).where(column.in_(some)))
        forget(connection, some)


def _forget_waiting(connection: Connection, numbers: Sequence[int]) -> None:
    """Drop what waits for these entries under the names that their sources have for them: pages, held copies."""
    table = schema.copies
    rows = connection.execute(select(table.c.source_id, table.c.local).where(table.c.entry_id.in_(numbers))).all()
    for row in rows:
        for waiting in (schema.articles, schema.held):
            connection.execute(
                delete(waiting).where(waiting.c.source_id == row.source_id, waiting.c.local == row.local)
            )


def _categories(connection: Connection, numbers: Sequence[int]) -> Iterable[int]:
    rows = connection.execute(
        select(schema.entry_categories.c.category_id).distinct().where(schema.entry_categories.c.entry_id.in_(numbers))
    )
    return [row.category_id for row in rows]
