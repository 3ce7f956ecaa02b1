"""Entries that speak about each other without being one. Each relation is kept from both sides."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from aggregator.store import schema
from aggregator.store.statements import chunks


def forget(connection: Connection, numbers: Sequence[int]) -> None:
    """Let nothing be related to these entries any more."""
    table = schema.relations
    for some in chunks(numbers):
        # What names them is what they name: so the primary key finds both sides, however many relations there are.
        others = select(table.c.other_id).where(table.c.entry_id.in_(some))
        connection.execute(delete(table).where(table.c.entry_id.in_(others), table.c.other_id.in_(some)))
        connection.execute(delete(table).where(table.c.entry_id.in_(some)))
