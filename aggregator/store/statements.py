"""Statements that differ between the databases, or must stay small."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

CHUNK = 400  # values in one IN (…): parser and planner stay quick, and old SQLites allow 999
BATCH = 100  # rows that bear texts, held at once: those of a whole document are many megabytes

Value = TypeVar("Value")


def chunks(values: Sequence[Value]) -> Iterable[Sequence[Value]]:
    """Yield the values in runs of at most CHUNK."""
    for at in range(0, len(values), CHUNK):
        yield values[at : at + CHUNK]


def batches(values: Iterable[Value]) -> Iterable[list[Value]]:
    """Yield the values in runs of at most BATCH, made when they are asked for."""
    pending = iter(values)
    while batch := list(islice(pending, BATCH)):
        yield batch


def insert_or_ignore(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows whose keys are free; the others stay as they are."""
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql.insert(table).on_conflict_do_nothing(), list(rows))
    else:
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(), list(rows))


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows, or bring those whose primary key is known up to date. All rows bear the same columns."""
    names = [column.name for column in table.primary_key]
    if connection.dialect.name == "postgresql":
        making = postgresql.insert(table)
        change = {name: making.excluded[name] for name in rows[0] if name not in names}
        connection.execute(making.on_conflict_do_update(index_elements=names, set_=change), list(rows))
    else:
        lite = sqlite.insert(table)
        change = {name: lite.excluded[name] for name in rows[0] if name not in names}
        connection.execute(lite.on_conflict_do_update(index_elements=names, set_=change), list(rows))
