"""What is remembered of hosts between runs: whom to leave alone until when, and what their robots.txt says."""

from datetime import datetime

from sqlalchemy import Connection, delete, or_, select

from aggregator.model import HostState, RobotsState
from aggregator.store import schema
from aggregator.store.rows import milliseconds, moment, moment_or_none, stamp
from aggregator.store.statements import upsert


def hosts(connection: Connection) -> tuple[HostState, ...]:
    """Return all that is remembered of hosts and single addresses, but their robots.txt."""
    return tuple(
        HostState(
            name=row.name,
            silent_until=moment_or_none(row.silent_until),
            silent_status=row.silent_status,
            failures=row.failures,
            failing_since=moment_or_none(row.failing_since),
            open_until=moment_or_none(row.open_until),
            openings=row.openings,
        )
        for row in connection.execute(select(schema.hosts).order_by(schema.hosts.c.name))
    )


def save_host(connection: Connection, state: HostState) -> None:
    """Remember this of a host, and nothing of one that is as if it had never been met."""
    if state == HostState(name=state.name):
        connection.execute(delete(schema.hosts).where(schema.hosts.c.name == state.name))
        return
    row = {
        "name": state.name,
        "silent_until": milliseconds(state.silent_until),
        "silent_status": state.silent_status,
        "failures": state.failures,
        "failing_since": milliseconds(state.failing_since),
        "open_until": milliseconds(state.open_until),
        "openings": state.openings,
    }
    upsert(connection, schema.hosts, [row])


def robots(connection: Connection, origin: str) -> RobotsState | None:
    """Return what is remembered of an origin's robots.txt."""
    row = connection.execute(select(schema.robots).where(schema.robots.c.origin == origin)).first()
    if row is None:
        return None
    return RobotsState(
        origin=row.origin,
        rules=row.rules,
        answered_url=row.answered_url,
        etag=row.etag,
        last_modified=row.last_modified,
        fetched_at=moment_or_none(row.fetched_at),
        good_until=moment(row.good_until),
        unreachable_since=moment_or_none(row.unreachable_since),
        error=row.error,
        status=row.status,
    )


def save_robots(connection: Connection, state: RobotsState) -> None:
    row = {
        "origin": state.origin,
        "rules": state.rules,
        "answered_url": state.answered_url,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "fetched_at": milliseconds(state.fetched_at),
        "good_until": stamp(state.good_until),
        "unreachable_since": milliseconds(state.unreachable_since),
        "error": state.error,
        "status": state.status,
    }
    upsert(connection, schema.robots, [row])


def forget_hosts(connection: Connection, *, before: datetime) -> None:
    """Forget whom nothing has been heard of since then: their silence and rest are over, their rules were not asked."""
    rows, table = schema.hosts.c, schema.robots.c
    limit = stamp(before)
    connection.execute(
        delete(schema.hosts).where(
            or_(rows.silent_until.is_(None), rows.silent_until < limit),
            or_(rows.open_until.is_(None), rows.open_until < limit),
            or_(rows.failing_since.is_(None), rows.failing_since < limit),
        )
    )
    connection.execute(delete(schema.robots).where(table.good_until < limit))
