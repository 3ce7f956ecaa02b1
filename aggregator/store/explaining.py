"""Why an entry is one: its keys, its copies, what joined them and when."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.identity import speaking_order
from aggregator.model import Copy, Key
from aggregator.store import schema
from aggregator.store.held import copies_of, held_copy
from aggregator.store.rows import digest, moment
from aggregator.text.urls import canonical


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened to an entry. kind: joined, retired, taken, split, … detail: by kind."""

    at: datetime
    kind: str
    source: str | None
    detail: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Explained:
    """All that is known of an entry. asked: the id it had, where that was retired.

    copies: the one that speaks first, each with the time when it was first seen and, where it has left its document,
    since when. fate: None while it lives; taken, expired.
    """

    id: str
    asked: str | None
    fate: str | None
    first_seen: datetime
    title: str | None
    copies: tuple[tuple[Copy, datetime, datetime | None], ...]
    events: tuple[Happening, ...]
    retired: tuple[str, ...]


def find(connection: Connection, word: str) -> int | None:
    """Return the number of the entry that an id, a URL or a key such as ``infocode=…`` means today."""
    row = connection.execute(
        select(schema.ledger.c.id, schema.ledger.c.successor).where(schema.ledger.c.uid == word)
    ).first()
    number = row.id if row else None
    if number is None:
        for key in keys_of_word(word):
            number = connection.execute(
                select(schema.keys.c.ledger_id).where(schema.keys.c.digest == digest(key, 0))
            ).scalar()
            if number is not None:
                break
    return None if number is None else alive(connection, int(number))


def keys_of_word(word: str) -> Iterable[Key]:
    """Return the keys that a person may mean: a URL, a parameter with its value, a guid."""
    if word.lower().startswith(("http://", "https://")):
        name = canonical(word)
        if name:
            yield Key(kind="url", value=name)
    elif "=" in word and "://" not in word:
        name, _, value = word.partition("=")
        yield Key(kind="parameter", value=f"{name.strip().lower()}={value.strip()}")
    yield Key(kind="guid", value=word)


def alive(connection: Connection, number: int) -> int:
    """Return the entry that this number of the ledger means today."""
    while True:
        successor = connection.execute(select(schema.ledger.c.successor).where(schema.ledger.c.id == number)).scalar()
        if successor is None:
            return number
        number = int(successor)


def explain(connection: Connection, word: str) -> Explained | None:
    """Return what is known of the entry that an id, a URL or a key means; None where nothing bears it."""
    number = find(connection, word)
    if number is None:
        return None
    ledger = connection.execute(select(schema.ledger).where(schema.ledger.c.id == number)).one()
    rows = connection.execute(copies_of([number])).all()
    times = {(row.source_id, row.local): row for row in rows}
    held = [held_copy(row) for row in rows]
    ordered = speaking_order([one.copy for one in held])
    sources = {one.copy.source: one.source_id for one in held}
    copies = tuple(
        (
            copy,
            moment(times[sources[copy.source], copy.local].first_seen),
            None if (left := times[sources[copy.source], copy.local].left_at) is None else moment(left),
        )
        for copy in ordered
    )
    names = {row.id: row.name for row in connection.execute(select(schema.sources.c.id, schema.sources.c.name))}
    events = tuple(
        Happening(
            at=moment(row.at), kind=row.kind, source=names.get(row.source_id), detail=json.loads(row.detail or "{}")
        )
        for row in connection.execute(
            select(schema.events).where(schema.events.c.entry_id == number).order_by(schema.events.c.id)
        )
    )
    retired = connection.execute(
        select(schema.ledger.c.uid).where(schema.ledger.c.successor == number).order_by(schema.ledger.c.id)
    )
    title = connection.execute(select(schema.entries.c.title).where(schema.entries.c.id == number)).scalar()
    return Explained(
        id=ledger.uid,
        asked=word if word != ledger.uid else None,
        fate=ledger.fate,
        first_seen=moment(ledger.first_seen),
        title=title,
        copies=copies,
        events=events,
        retired=tuple(row.uid for row in retired),
    )
