"""What the output is made of: touched categories, their newest entries, rendered fragments, written files."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select

from aggregator.model import Category, Entry
from aggregator.store import schema
from aggregator.store.categories import ALL
from aggregator.store.rows import Body, from_json, moment, stamp
from aggregator.store.statements import chunks, upsert


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A category as the store knows it. touched: counts up with every change; position: in feeds.yaml, if there."""

    id: int
    slug: str
    name: str
    title: str
    position: int | None
    touched: int
    published: int
    settings: str | None

    @property
    def is_all(self) -> bool:
        return self.slug == ALL


@dataclass(frozen=True, kw_only=True)
class Mark:
    """An entry as a feed lists it. hash: of its published form; changed: when that changed last, or upstream says."""

    id: int
    hash: bytes
    changed: datetime


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file of ours in the output. hash: of its bytes."""

    path: str
    hash: bytes
    size: int
    category_id: int | None = None


def shelves(connection: Connection) -> tuple[Shelf, ...]:
    """Return all categories: the feed of all, those of feeds.yaml in its order, then the others as they came."""
    table = schema.categories
    rows = connection.execute(select(table).order_by(table.c.position.is_(None), table.c.position, table.c.id))
    found = [
        Shelf(
            id=row.id,
            slug=row.slug,
            name=row.name,
            title=row.title,
            position=row.position,
            touched=row.touched,
            published=row.published,
            settings=row.settings,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda shelf: not shelf.is_all))


def newest(
    connection: Connection,
    category: int,
    *,
    limit: int,
    window: timedelta,
    max_entries: int,
    per_source: int | None = None,
) -> tuple[Mark, ...]:
    """Return the entries of a feed, newest first.

    Its newest ``limit``, and all that was first seen within ``window`` before its newest arrival, but not more than
    ``max_entries``. Equal times keep the order in which the entries came, which is their document's. per_source: so
    many of one source at most, the newest; others stand in their place.
    """
    table = schema.entry_categories
    arrival = connection.execute(select(func.max(table.c.first_seen)).where(table.c.category_id == category)).scalar()
    if arrival is None:
        return ()
    members = (
        select(table.c.stands, table.c.entry_id, table.c.first_seen)
        .where(table.c.category_id == category)
        .order_by(table.c.stands.desc(), table.c.entry_id)
    )
    since = arrival - window // timedelta(milliseconds=1)
    if per_source is not None:
        rows = _of_each(connection, connection.execute(members).all(), per_source, limit=limit, since=since)
    else:
        top = connection.execute(members.limit(limit))
        recent = connection.execute(members.where(table.c.first_seen > since).limit(max_entries))
        rows = [*top, *recent]
    chosen = {(row.stands, row.entry_id) for row in rows}
    ordered = sorted(chosen, key=lambda pair: (-pair[0], pair[1]))[:max_entries]
    marks = _marks(connection, [entry for _, entry in ordered])
    return tuple(marks[entry] for _, entry in ordered if entry in marks)


def _of_each(connection: Connection, members: Sequence[Any], most: int, *, limit: int, since: int) -> list[Any]:
    """Return the newest members, not more of one source than ``most``: so many as the limit, and those since then."""
    recent = sum(row.first_seen > since for row in members)
    taken: dict[str, int] = {}
    chosen: list[Any] = []
    for some in chunks(members):
        if len(chosen) >= limit and not recent:
            break
        speakers = _speakers(connection, [row.entry_id for row in some])
        for row in some:
            is_recent = row.first_seen > since
            recent -= is_recent
            source = speakers.get(row.entry_id)
            if source is None or taken.get(source, 0) >= most or not (is_recent or len(chosen) < limit):
                continue
            taken[source] = taken.get(source, 0) + 1
            chosen.append(row)
    return chosen


def _speakers(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return entry -> the source whose copy speaks for it."""
    query = select(schema.entries.c.id, schema.entries.c.body).where(schema.entries.c.id.in_(ids))
    return {row.id: json.loads(row.body)["credit"]["name"] for row in connection.execute(query)}


def _marks(connection: Connection, ids: Sequence[int]) -> dict[int, Mark]:
    table = schema.entries
    found: dict[int, Mark] = {}
    for some in chunks(ids):
        rows = connection.execute(
            select(table.c.id, table.c.hash, table.c.changed, table.c.updated).where(table.c.id.in_(some))
        )
        for row in rows:
            changed = moment(max(row.changed, row.updated))
            found[row.id] = Mark(id=row.id, hash=bytes(row.hash), changed=changed)
    return found


def entries(connection: Connection, ids: Sequence[int], categories: Mapping[int, Category]) -> dict[int, Entry]:
    """Return number -> entry, as it is published. categories: number -> category, the feed of all left out."""
    found: dict[int, Entry] = {}
    for some in chunks(list(ids)):
        member: dict[int, list[int]] = {}
        for row in connection.execute(
            select(schema.entry_categories.c.entry_id, schema.entry_categories.c.category_id)
            .where(schema.entry_categories.c.entry_id.in_(some))
            .order_by(schema.entry_categories.c.category_id)
        ):
            member.setdefault(row.entry_id, []).append(row.category_id)
        rows = connection.execute(
            select(schema.entries, schema.ledger.c.uid)
            .join(schema.ledger, schema.ledger.c.id == schema.entries.c.id)
            .where(schema.entries.c.id.in_(some))
        )
        for row in rows:
            body = from_json(row.body, Body)
            found[row.id] = Entry(
                id=row.uid,
                first_seen=moment(row.first_seen),
                stands=moment(row.stands),
                updated=moment(row.updated),
                content=body.content,
                credit=body.credit,
                copies=body.copies,
                related=body.related,
                categories=tuple(categories[number] for number in member.get(row.id, ()) if number in categories),
            )
    return found


def fragments(connection: Connection, format_: str, marks: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return number -> fragment, of those entries whose stored fragment still bears the wanted mark."""
    table = schema.fragments
    found: dict[int, bytes] = {}
    for some in chunks(list(marks)):
        rows = connection.execute(
            select(table.c.entry_id, table.c.hash, table.c.body).where(
                table.c.format == format_, table.c.entry_id.in_(some)
            )
        )
        found.update({row.entry_id: bytes(row.body) for row in rows if bytes(row.hash) == marks[row.entry_id]})
    return found


def save_fragments(connection: Connection, rows: Iterable[tuple[int, str, bytes, bytes]]) -> None:
    """Keep rendered entries. rows: number, format, mark, bytes."""
    values = [{"entry_id": entry, "format": name, "hash": mark, "body": body} for entry, name, mark, body in rows]
    for some in chunks(values):
        upsert(connection, schema.fragments, some)


def sections(connection: Connection, format_: str) -> dict[int, bytes]:
    """Return category -> what a format says of it in the documents of the whole site."""
    table = schema.sections
    rows = connection.execute(select(table.c.category_id, table.c.body).where(table.c.format == format_))
    return {row.category_id: bytes(row.body) for row in rows}


def save_sections(connection: Connection, rows: Iterable[tuple[int, str, bytes]]) -> None:
    values = [{"category_id": category, "format": name, "body": body} for category, name, body in rows]
    for some in chunks(values):
        upsert(connection, schema.sections, some)


def written(connection: Connection) -> dict[str, Written]:
    """Return path -> file, of all that we wrote into the output."""
    return {
        row.path: Written(path=row.path, hash=bytes(row.hash), size=row.size, category_id=row.category_id)
        for row in connection.execute(select(schema.files))
    }


def save_written(connection: Connection, files: Sequence[Written], *, at: datetime) -> None:
    values = [
        {
            "path": file.path,
            "category_id": file.category_id,
            "hash": file.hash,
            "size": file.size,
            "written_at": stamp(at),
        }
        for file in files
    ]
    for some in chunks(values):
        upsert(connection, schema.files, some)


def forget_written(connection: Connection, paths: Sequence[str]) -> None:
    for some in chunks(list(paths)):
        connection.execute(delete(schema.files).where(schema.files.c.path.in_(some)))
