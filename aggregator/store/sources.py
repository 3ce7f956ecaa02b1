"""What is remembered of sources: when they are due, how their last poll went, what their documents held."""

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from aggregator.model import Fetched, Hints, Part, Source, SourceInfo, SourceState, Validators, Warned
from aggregator.store import schema
from aggregator.store.rows import (
    EPOCH,
    from_json,
    milliseconds,
    moment_or_none,
    span,
    span_milliseconds,
    stamp,
    to_json,
)
from aggregator.store.statements import chunks, upsert
from aggregator.text.urls import shown_address


def source_id(connection: Connection, name: str) -> int:
    """Return the number of a source that ``sync`` has entered."""
    return int(connection.execute(select(schema.sources.c.id).where(schema.sources.c.name == name)).scalar_one())


def sync(connection: Connection, wanted: Sequence[Source], *, at: datetime) -> tuple[int, ...]:
    """Bring the table of sources in step with feeds.yaml; return those whose entries must be assembled again.

    A source is its name, and was its aliases. One that is no longer wanted keeps its entries.
    """
    rows = {row.name: row for row in connection.execute(select(schema.sources))}
    changed: list[int] = []
    for source in wanted:
        row = rows.pop(source.name, None) or _renamed(connection, rows, source)
        address = shown_address(source)
        values = {
            "categories": json.dumps(source.categories, ensure_ascii=False),
            "priority": source.priority,
            "is_private": int(source.private),
            "removed_at": None,
        }
        if row is None:
            connection.execute(
                schema.sources.insert().values(name=source.name, kind=source.kind, url=address, **values)
            )
            continue
        if row.url != address:
            moved = _OF_AN_ADDRESS | {"kind": source.kind, "url": address}
            connection.execute(update(schema.sources).where(schema.sources.c.id == row.id).values(moved))
        if row.name != source.name or any(getattr(row, name) != value for name, value in values.items()):
            connection.execute(update(schema.sources).where(schema.sources.c.id == row.id).values(values))
            changed.append(row.id)
    for row in rows.values():
        if row.removed_at is None:
            connection.execute(update(schema.sources).where(schema.sources.c.id == row.id).values(removed_at=stamp(at)))
    return tuple(changed)


# What is remembered of an address says nothing of another one that the operator wrote in its place.
_OF_AN_ADDRESS: dict[str, object] = {
    "found_url": None,
    "due": None,
    "failures": 0,
    "failing_since": None,
    "asked_at": None,
    "has_validators": None,
    "error": None,
    "status": None,
    "warnings": "[]",
    "wait_until": None,
    "wait_reason": None,
    "is_gone": 0,
    "moved_to": None,
    "moved_days": "[]",
    "hints": None,
}


def _renamed(connection: Connection, rows: dict[str, Row[Any]], source: Source) -> Row[Any] | None:
    for alias in source.aliases:
        row = rows.pop(alias, None)
        if row is not None:
            connection.execute(update(schema.sources).where(schema.sources.c.id == row.id).values(name=source.name))
            return row
    return None


def states(connection: Connection, names: Sequence[str] | None = None) -> tuple[SourceState, ...]:
    """Return what is remembered of the sources that feeds.yaml still names; their entries are not counted.

    names: only of these.
    """
    query = select(schema.sources).where(schema.sources.c.removed_at.is_(None)).order_by(schema.sources.c.id)
    if names is None:
        return tuple(_state(row, 0) for row in connection.execute(query))
    rows = [row for some in chunks(names) for row in connection.execute(query.where(schema.sources.c.name.in_(some)))]
    return tuple(_state(row, 0) for row in rows)


def counted_states(connection: Connection) -> tuple[SourceState, ...]:
    """Return the same for all sources, with the number of entries that each has a copy of, and of those held back."""
    entries: dict[str, int] = _counts(
        connection.execute(
            select(schema.sources.c.name, func.count(schema.copies.c.entry_id.distinct()))
            .join(schema.copies, schema.copies.c.source_id == schema.sources.c.id)
            .group_by(schema.sources.c.name)
        )
    )
    held: dict[str, int] = _counts(
        connection.execute(
            select(schema.sources.c.name, func.count())
            .join(schema.held, schema.held.c.source_id == schema.sources.c.id)
            .group_by(schema.sources.c.name)
        )
    )
    return tuple(
        replace(state, entries=entries.get(state.name, 0), held=held.get(state.name, 0)) for state in states(connection)
    )


def _counts(rows: Iterable[Any]) -> dict[str, int]:
    return dict(tuple(row) for row in rows)


def state(connection: Connection, name: str) -> SourceState:
    """Return what is remembered of one source; its entries are not counted."""
    row = connection.execute(select(schema.sources).where(schema.sources.c.name == name)).first()
    return SourceState(name=name) if row is None else _state(row, 0)


def save_state(connection: Connection, state: SourceState, *, info: SourceInfo | None = None) -> None:
    """Remember how a poll went. info: what the source said of itself, None keeps what is known."""
    values: dict[str, object] = {
        "kind": state.kind,
        "title": state.title,
        "url": state.url,
        "found_url": state.found_url,
        "due": milliseconds(state.due),
        "last_poll": milliseconds(state.last_poll),
        "last_success": milliseconds(state.last_success),
        "last_new": milliseconds(state.last_new),
        "failures": state.failures,
        "failing_since": milliseconds(state.failing_since),
        "asked_at": milliseconds(state.asked_at),
        "has_validators": None if state.has_validators is None else int(state.has_validators),
        "error": state.error,
        "status": state.status,
        "warnings": to_json(state.warnings, tuple[Warned, ...]),
        "interval": span_milliseconds(state.interval),
        "wait_until": milliseconds(state.wait_until),
        "wait_reason": state.wait_reason,
        "is_gone": int(state.is_gone),
        "moved_to": state.moved_to,
        "moved_days": json.dumps(state.moved_days),
        "hints": to_json(state.hints, Hints),
    }
    if info is not None:
        values["info"] = to_json(info, SourceInfo)
    connection.execute(update(schema.sources).where(schema.sources.c.name == state.name).values(values))


def info(connection: Connection, name: str) -> SourceInfo:
    """Return what the source said of itself when it was last read."""
    text = connection.execute(select(schema.sources.c.info).where(schema.sources.c.name == name)).scalar()
    return from_json(text, SourceInfo) if text else SourceInfo()


def infos(connection: Connection) -> dict[str, SourceInfo]:
    """Return name -> what each source said of itself."""
    rows = connection.execute(select(schema.sources.c.name, schema.sources.c.info))
    return {row.name: from_json(row.info, SourceInfo) for row in rows if row.info}


def names_of_kind(connection: Connection, kind: str) -> frozenset[str]:
    """Return the sources that were last found to be of that kind."""
    query = select(schema.sources.c.name).where(schema.sources.c.kind == kind)
    return frozenset(connection.execute(query).scalars())


def fetched(connection: Connection, source: int, url: str) -> Fetched | None:
    """Return what is kept of a document of a source, by the address that was asked."""
    row = connection.execute(
        select(schema.fetches).where(schema.fetches.c.source_id == source, schema.fetches.c.url == url)
    ).first()
    if row is None:
        return None
    return Fetched(
        url=row.url,
        validators=Validators(
            url=row.answered_url or row.url, etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash
        ),
        salt=row.salt or "",
        seen=frozenset(_unpacked(row.seen or b"")),
        parts=tuple(Part(url=url, changed=changed) for url, changed in json.loads(row.parts or "[]")),
        changed=row.changed,
        at=moment_or_none(row.fetched_at),
    )


def save_fetched(connection: Connection, source: int, fetched: Fetched, *, at: datetime) -> None:
    """Keep the validators and what the document held."""
    upsert(
        connection,
        schema.fetches,
        [
            {
                "source_id": source,
                "url": fetched.url,
                "answered_url": fetched.validators.url,
                "etag": fetched.validators.etag,
                "last_modified": fetched.validators.last_modified,
                "body_hash": fetched.validators.body_hash,
                "salt": fetched.salt,
                "seen": _packed(fetched.seen),
                "fetched_at": stamp(at),
                "changed": fetched.changed,
                "parts": json.dumps([[part.url, part.changed] for part in fetched.parts]) if fetched.parts else None,
            }
        ],
    )


def _packed(fingerprints: frozenset[int]) -> bytes:
    return array("q", sorted(fingerprints)).tobytes()


def _unpacked(blob: bytes) -> "array[int]":
    numbers = array("q")
    numbers.frombytes(blob)
    return numbers


def _warnings(text: str, *, at: datetime) -> tuple[Warned, ...]:
    """Return the warnings as they were kept; those that an earlier version kept are plain texts."""
    told = json.loads(text)
    if told and isinstance(told[0], str):
        return tuple(Warned(about="document", sort=one, texts=(one,), count=1, since=at, last=at) for one in told)
    return from_json(text, tuple[Warned, ...]) if told else ()


def _state(row: Row[Any], entries: int) -> SourceState:
    return SourceState(
        name=row.name,
        kind=row.kind,
        title=row.title,
        url=row.url,
        found_url=row.found_url,
        due=moment_or_none(row.due),
        last_poll=moment_or_none(row.last_poll),
        last_success=moment_or_none(row.last_success),
        last_new=moment_or_none(row.last_new),
        failures=row.failures,
        failing_since=moment_or_none(row.failing_since),
        asked_at=moment_or_none(row.asked_at),
        has_validators=None if row.has_validators is None else bool(row.has_validators),
        error=row.error,
        status=row.status,
        warnings=_warnings(row.warnings or "[]", at=moment_or_none(row.last_success) or EPOCH),
        interval=span(row.interval),
        wait_until=moment_or_none(row.wait_until),
        wait_reason=row.wait_reason,
        is_gone=bool(row.is_gone),
        moved_to=row.moved_to,
        moved_days=tuple(json.loads(row.moved_days or "[]")),
        hints=from_json(row.hints, Hints) if row.hints else Hints(),
        entries=entries,
        guids=row.guids,
    )
