"""When a source suddenly says everything differently: what is held back, what lets it through, whose guids are doubted.

A feed of fifty that has fifty new entries, all dated long ago, has not written fifty articles: its server changed its
ids. What could not be matched with what it had is held back until somebody says ``flood: pass``, or the server takes
it back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from aggregator.model import Copy, Poll
from aggregator.store import schema
from aggregator.store.rows import from_json, moment, stamp, to_json
from aggregator.store.sources import fetched
from aggregator.store.statements import chunks, upsert

LEAST = 10  # copies; fewer new ones at once are a busy day
MOST = 0.8  # of the document, and of the new ones that are old
OLD = timedelta(days=1)  # before the last poll: what was written since is rightly new
SHORT = timedelta(days=2)  # between two polls; after a longer silence undated entries may well all be new

CHURN = 3  # copies under another guid in one poll, or half of the document
ENOUGH = 2  # polls that gave reason to doubt the guids


def released(connection: Connection, poll: Poll, source: int) -> tuple[Copy, ...]:
    """Return the copies of the poll, and those held back before where feeds.yaml lets them through now."""
    if poll.source.flood != "pass":
        return poll.copies
    rows = connection.execute(
        select(schema.held).where(schema.held.c.source_id == source).order_by(schema.held.c.held_at)
    ).all()
    if not rows:
        return poll.copies
    connection.execute(delete(schema.held).where(schema.held.c.source_id == source))
    here = {copy.local for copy in poll.copies}
    return (*poll.copies, *(from_json(row.copy, Copy) for row in rows if row.local not in here))


def held_back(
    connection: Connection, poll: Poll, source: int, fresh: Sequence[Copy], *, listed: frozenset[int]
) -> frozenset[str]:
    """Return the local names of the new copies that are not believed, and keep them aside.

    fresh: copies that would make new entries. Those that waited for their article page are no flood, nor is what comes
    with a list that its index names for the first time. What was held
    back before and left the document is forgotten.
    """
    if poll.source.flood == "pass":
        return frozenset()
    fresh = _not_awaited(connection, poll, source, _not_first_read(connection, poll, source, fresh))
    waiting = {
        row.local: row.fingerprint
        for row in connection.execute(
            select(schema.held.c.local, schema.held.c.fingerprint).where(schema.held.c.source_id == source)
        )
    }
    if waiting and poll.fetched:
        gone = [local for local, fingerprint in waiting.items() if fingerprint not in listed]
        for some in chunks(gone):
            connection.execute(
                delete(schema.held).where(schema.held.c.source_id == source, schema.held.c.local.in_(some))
            )
            waiting = {local: mark for local, mark in waiting.items() if local not in gone}
    again = [copy for copy in fresh if copy.local in waiting]
    held = again + _implausible(connection, poll, source, [copy for copy in fresh if copy.local not in waiting], listed)
    rows = [
        {
            "source_id": source,
            "local": copy.local,
            "fingerprint": copy.fingerprint,
            "copy": to_json(copy, Copy),
            "held_at": stamp(poll.at),
        }
        for copy in held
    ]
    for some in chunks(rows):
        upsert(connection, schema.held, some)
    return frozenset(copy.local for copy in held)


def _not_first_read(connection: Connection, poll: Poll, source: int, fresh: Sequence[Copy]) -> Sequence[Copy]:
    if not any(one.parts for one in poll.fetched):
        return fresh
    never = [one.seen for one in poll.fetched if one.seen and fetched(connection, source, one.url) is None]
    first = frozenset[int]().union(*never)
    return [copy for copy in fresh if copy.fingerprint not in first]


def _not_awaited(connection: Connection, poll: Poll, source: int, fresh: Sequence[Copy]) -> list[Copy]:
    """The copies that did not wait for their page: those that did were in the document at an earlier poll."""
    names = schema.articles.c.local
    had = frozenset(poll.had)
    awaited = {
        local
        for some in chunks([copy.local for copy in fresh if copy.local in had])
        for (local,) in connection.execute(select(names).where(schema.articles.c.source_id == source, names.in_(some)))
    }
    return [copy for copy in fresh if copy.local not in awaited]


def _implausible(
    connection: Connection, poll: Poll, source: int, fresh: Sequence[Copy], listed: frozenset[int]
) -> list[Copy]:
    if len(fresh) < LEAST or len(fresh) < MOST * len(listed):
        return []
    last = connection.execute(select(schema.sources.c.last_success).where(schema.sources.c.id == source)).scalar()
    has_copies = connection.execute(
        select(schema.copies.c.id).where(schema.copies.c.source_id == source).limit(1)
    ).first()
    if last is None or has_copies is None:
        return []
    since = moment(last)
    old = [copy for copy in fresh if _is_old(copy, since, poll.at)]
    return old if len(old) >= MOST * len(fresh) else []


def _is_old(copy: Copy, since: datetime, now: datetime) -> bool:
    published = copy.content.published
    return now - since <= SHORT if published is None else published < since - OLD


def doubt_guids(connection: Connection, source: int, *, reused: int, churned: int, listed: int) -> None:
    """Count the polls in which a source's guids lied; after ENOUGH of them they are no longer believed."""
    if not reused and (not churned or churned < min(CHURN, max(listed, 1) / 2)):
        return
    table = schema.sources
    doubts = connection.execute(select(table.c.guid_doubts).where(table.c.id == source)).scalar_one() + 1
    values: dict[str, object] = {"guid_doubts": doubts}
    if doubts >= ENOUGH:
        values["guids"] = "reused" if reused else "churning"
    connection.execute(update(table).where(table.c.id == source).values(values))
