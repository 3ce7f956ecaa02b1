"""Saving what a poll found: place, join, choose who speaks. One transaction, all of it or nothing.

Placing happens in here because two polls at once both see "new": the second one joins.
"""

from dataclasses import replace

from sqlalchemy import Connection, delete, update

from aggregator.model import Changes, Poll
from aggregator.store import schema
from aggregator.store.assembly import Drafts
from aggregator.store.members import save_members
from aggregator.store.placing import Placing
from aggregator.store.rows import milliseconds, stamp, to_json
from aggregator.store.sources import fetched, save_fetched, save_state, source_id
from aggregator.store.statements import chunks
from aggregator.warned import Met, remembered


def save(connection: Connection, poll: Poll, *, joining: frozenset[str] = frozenset()) -> Changes:
    """Write all that one poll found; return what it changed. The caller's transaction makes it one step.

    joining: the sources whose URLs join always.
    """
    source = source_id(connection, poll.source.name)
    drafts = Drafts(connection, at=poll.at)
    before, listed, is_first = _fingerprints(connection, source, poll)
    placing = Placing(connection, poll, source, drafts, listed=listed, left=before - listed, joining=joining)
    placing.place_all()
    placing.write()
    changes = drafts.write()
    if not is_first:
        _note_what_left(connection, source, poll, before=before, listed=listed)
    for one in poll.fetched:
        save_fetched(connection, source, one, at=poll.at)
    _save_wanted(connection, source, poll)
    if poll.members is not None:
        save_members(connection, source, poll.members)
    state = poll.state
    if changes.warnings:
        met = [Met(about="document", text=text) for text in changes.warnings]
        state = replace(state, warnings=remembered(state.warnings, met, at=poll.at, reads_document=False))
    save_state(connection, state, info=poll.info)
    return replace(changes, duplicates=placing.duplicates)


def _fingerprints(connection: Connection, source: int, poll: Poll) -> tuple[frozenset[int], frozenset[int], bool]:
    """Return what the documents of this poll bore the last time, what they bear now, and whether none was read yet."""
    is_first = True
    before: set[int] = set()
    listed: set[int] = set()
    for one in poll.fetched:
        known = fetched(connection, source, one.url)
        before |= known.seen if known else set()
        is_first = is_first and known is None
        listed |= {mark for mark in one.seen if mark >= 0}  # below: names of the backlog
    return frozenset(before), frozenset(listed), is_first


def _note_what_left(
    connection: Connection, source: int, poll: Poll, *, before: frozenset[int], listed: frozenset[int]
) -> None:
    """Note what is no longer, or is again, in the document: a difference, not a write per entry still there."""
    for left_at, fingerprints in ((stamp(poll.at), before - listed), (None, listed - before)):
        for some in chunks(sorted(fingerprints)):
            connection.execute(
                update(schema.copies)
                .where(schema.copies.c.source_id == source, schema.copies.c.fingerprint.in_(some))
                .values(left_at=left_at)
            )


def _save_wanted(connection: Connection, source: int, poll: Poll) -> None:
    done = [*poll.had, *(wanted.local for wanted in poll.wanted)]
    for some in chunks(done):
        connection.execute(
            delete(schema.articles).where(schema.articles.c.source_id == source, schema.articles.c.local.in_(some))
        )
    rows = [
        {
            "source_id": source,
            "local": wanted.local,
            "raw": to_json(wanted.raw, type(wanted.raw)),
            "base": wanted.base,
            "fingerprint": wanted.fingerprint,
            "wanted_at": stamp(poll.at),
            "tries": wanted.tries,
            "due": stamp(wanted.due),
            "stands": milliseconds(wanted.stands),
        }
        for wanted in {wanted.local: wanted for wanted in poll.wanted}.values()
    ]
    if rows:
        connection.execute(schema.articles.insert(), rows)
