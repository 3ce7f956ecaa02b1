"""Copies as the store holds them: read from their rows, and written to them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from aggregator.model import Content, Copy, Credit, Key
from aggregator.store import schema
from aggregator.store.rows import from_json, moment, stamp, to_json


@dataclass(kw_only=True)
class Held:
    """A copy with what the store adds to it. id: None until it is written. entry: the number as it was read."""

    copy: Copy
    source_id: int
    salt: str
    first_seen: datetime
    is_private: bool
    source_categories: tuple[str, ...]
    id: int | None = None
    entry: int = 0
    is_changed: bool = False


def copies_of(entries: Sequence[int]) -> Any:
    """Return the statement that reads all copies of the entries, in the order in which they were first seen."""
    return copies_where(schema.copies.c.entry_id.in_(entries)).order_by(schema.copies.c.first_seen, schema.copies.c.id)


def copies_where(*conditions: Any) -> Any:
    """Return the statement that reads copies as ``held_copy`` wants them."""
    return (
        select(
            schema.copies,
            schema.sources.c.name.label("source_name"),
            schema.sources.c.priority,
            schema.sources.c.is_private,
            schema.sources.c.categories.label("source_categories"),
        )
        .join(schema.sources, schema.sources.c.id == schema.copies.c.source_id)
        .where(*conditions)
    )


def held_copy(row: Row[Any]) -> Held:
    """Return a copy as it stands in its row."""
    return Held(
        id=row.id,
        entry=row.entry_id,
        source_id=row.source_id,
        salt=row.salt,
        first_seen=moment(row.first_seen),
        is_private=bool(row.is_private),
        source_categories=tuple(json.loads(row.source_categories or "[]")),
        copy=Copy(
            source=row.source_name,
            local=row.local,
            guid=row.guid,
            url=row.url,
            keys=tuple(
                Key(kind=kind, value=value, scope=row.source_name if scoped else "")
                for kind, value, scoped in json.loads(row.keys)
            ),
            own=bool(row.own),
            priority=row.priority,
            categories=None if row.categories is None else tuple(json.loads(row.categories)),
            content=from_json(row.content, Content),
            credit=from_json(row.credit, Credit),
            text_hash=row.text_hash,
            fingerprint=row.fingerprint,
            has_page=bool(row.has_page),
        ),
    )


def row_of(held: Held, entry: int) -> dict[str, object]:
    """Return the row of a copy, as ``held_copy`` reads it again. entry: the one that it belongs to now."""
    copy = held.copy
    categories = None if copy.categories is None else json.dumps(copy.categories, ensure_ascii=False)
    return {
        "entry_id": entry,
        "source_id": held.source_id,
        "local": copy.local,
        "guid": copy.guid,
        "url": copy.url,
        "own": int(copy.own),
        "keys": json.dumps([[key.kind, key.value, int(bool(key.scope))] for key in copy.keys], ensure_ascii=False),
        "categories": categories,
        "content": to_json(copy.content, Content),
        "credit": to_json(copy.credit, Credit),
        "text_hash": copy.text_hash,
        "salt": held.salt,
        "fingerprint": copy.fingerprint,
        "has_page": int(copy.has_page),
        "first_seen": stamp(held.first_seen),
    }
