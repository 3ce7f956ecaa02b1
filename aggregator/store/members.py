"""The feeds that lists of feeds name, and named: remembered, so that nothing has to be asked to know them."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from aggregator.model import Member
from aggregator.store import schema
from aggregator.store.rows import milliseconds, moment, moment_or_none, stamp


def members(connection: Connection, name: str) -> tuple[Member, ...]:
    """Return the feeds of one list in its order, those that left behind."""
    query = _query().where(schema.sources.c.name == name)
    return tuple(_member(row) for row in connection.execute(query))


def all_members(connection: Connection) -> dict[str, tuple[Member, ...]]:
    """Return name of a list -> its feeds, of lists that feeds.yaml no longer has, too."""
    found: dict[str, list[Member]] = {}
    for row in connection.execute(_query()):
        found.setdefault(row.list_name, []).append(_member(row))
    return {name: tuple(some) for name, some in found.items()}


def save_members(connection: Connection, list_id: int, members: Sequence[Member]) -> None:
    """Remember these feeds of a list, and no others."""
    connection.execute(delete(schema.members).where(schema.members.c.list_id == list_id))
    rows = [
        {
            "list_id": list_id,
            "name": member.name,
            "url": member.url,
            "title": member.title,
            "folders": json.dumps(member.folders, ensure_ascii=False),
            "position": position,
            "came_at": stamp(member.came_at),
            "is_missing": int(member.is_missing),
            "left_at": milliseconds(member.left_at),
        }
        for position, member in enumerate(members)
    ]
    if rows:
        connection.execute(schema.members.insert(), rows)


def _query() -> Any:
    return (
        select(schema.members, schema.sources.c.name.label("list_name"))
        .join(schema.sources, schema.sources.c.id == schema.members.c.list_id)
        .order_by(schema.members.c.list_id, schema.members.c.position)
    )


def _member(row: Row[Any]) -> Member:
    return Member(
        name=row.name,
        url=row.url,
        title=row.title,
        folders=tuple(json.loads(row.folders)),
        came_at=moment(row.came_at),
        is_missing=bool(row.is_missing),
        left_at=moment_or_none(row.left_at),
    )
