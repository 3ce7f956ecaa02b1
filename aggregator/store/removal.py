"""What leaves the store: entries taken down, which stay away for ever, and entries past their retention."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, func, or_, select, update

from aggregator.store import schema
from aggregator.store.categories import touch
from aggregator.store.explaining import find, keys_of_word
from aggregator.store.rows import digest, stamp
from aggregator.store.statements import chunks, insert_or_ignore


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


def expire(
    connection: Connection, *, at: datetime, keep: timedelta | None, by_source: Sequence[tuple[str, timedelta | None]]
) -> int:
    """Let entries go whose every copy left its document longer ago than it is kept; return how many.

    Their ids, first dates and keys stay known. keep: None keeps for ever. by_source: name -> its own retention.
    """
    own = dict(by_source)
    numbers = {row.id: row.name for row in connection.execute(select(schema.sources.c.id, schema.sources.c.name))}
    forever = [number for number, name in numbers.items() if own.get(name, keep) is None]
    limits = [
        (schema.copies.c.source_id == number, stamp(at - span))
        for number, name in numbers.items()
        if (span := own.get(name, keep)) is not None and span != keep
    ]
    general = stamp(at - keep) if keep is not None else stamp(at)
    limit = case(*limits, else_=general) if limits else general
    removed = func.coalesce(schema.sources.c.removed_at, schema.copies.c.left_at)
    left = func.coalesce(schema.copies.c.left_at, schema.sources.c.removed_at)
    stays = (
        select(schema.copies.c.entry_id)
        .join(schema.sources, schema.sources.c.id == schema.copies.c.source_id)
        .where(
            or_(
                schema.copies.c.source_id.in_(forever),
                func.coalesce(left, removed).is_(None),
                left >= limit,
            )
        )
    )
    gone = connection.execute(select(schema.entries.c.id).where(schema.entries.c.id.not_in(stays))).scalars().all()
    _erase(connection, gone)
    for some in chunks(gone):
        connection.execute(update(schema.ledger).where(schema.ledger.c.id.in_(some)).values(fate="expired"))
    return len(gone)


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
        connection.execute(
            delete(schema.relations).where(
                or_(schema.relations.c.entry_id.in_(some), schema.relations.c.other_id.in_(some))
            )
        )


def _categories(connection: Connection, numbers: Sequence[int]) -> Iterable[int]:
    rows = connection.execute(
        select(schema.entry_categories.c.category_id).distinct().where(schema.entry_categories.c.entry_id.in_(numbers))
    )
    return [row.category_id for row in rows]
