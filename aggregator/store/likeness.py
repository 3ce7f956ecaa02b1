"""Entries by what their text looks like: for ``near_duplicates: merge``."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.identity import Candidate, differ_in_parameter, speaks_same_language
from aggregator.model import Copy
from aggregator.store import schema
from aggregator.store.rows import stamp
from aggregator.store.statements import insert_or_ignore
from aggregator.text import likeness

NEAREST = 8  # candidates whose texts are compared; they come in the order of their distance


def candidates(connection: Connection, copy: Copy, *, at: datetime) -> Sequence[int]:
    """Return the entries of the last days whose text may be the same, the nearest first."""
    mine = likeness.fingerprint(copy.content)
    if mine is None:
        return ()
    table = schema.likenesses
    since = stamp(at - likeness.WINDOW)
    found: dict[int, int] = {}
    for band in likeness.bands(mine):
        rows = connection.execute(
            select(table.c.entry_id, table.c.bits).where(table.c.band == band, table.c.at >= since)
        )
        for row in rows:
            far = likeness.distance(row.bits, mine.bits)
            if far <= likeness.FURTHEST:
                found[row.entry_id] = min(far, found.get(row.entry_id, far))
    return sorted(found, key=lambda entry: (found[entry], entry))[:NEAREST]


def is_same_text(copy: Copy, candidate: Candidate) -> bool:
    """Whether the entry has this copy's text, from another source, in the same language, with small changes at most.

    Within one source, like texts are a form that is filled in again and again: the source itself tells them apart.
    """
    return (
        all(other.source != copy.source for other in candidate.copies)
        and speaks_same_language(copy, candidate)
        and not differ_in_parameter(copy, candidate)
        and any(likeness.are_alike(copy.content, other.content) for other in candidate.copies)
    )


def note(connection: Connection, entry: int, copy: Copy, *, at: datetime) -> None:
    """Let the entry be found by this copy's text."""
    mine = likeness.fingerprint(copy.content)
    if mine is not None:
        rows = [{"band": band, "at": stamp(at), "entry_id": entry, "bits": mine.bits} for band in likeness.bands(mine)]
        insert_or_ignore(connection, schema.likenesses, rows)
