"""Stores to test on: SQLite always, PostgreSQL where AGGREGATOR_TEST_POSTGRES names a server's database."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DATABASES = ("sqlite", "postgresql")


@contextmanager
def storage(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty store; skips the test where there is no PostgreSQL."""
    if kind == "sqlite":
        yield str(folder / "store.db")
        return
    server = os.environ.get("AGGREGATOR_TEST_POSTGRES")
    if not server:
        pytest.skip("AGGREGATOR_TEST_POSTGRES names no database, such as postgresql://postgres@localhost/postgres")
    import psycopg

    name = f"aggregator_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type,unused-ignore]
    try:
        start, _, options = server.partition("?")
        yield f"{start.rpartition('/')[0]}/{name}{'?' + options if options else ''}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type,unused-ignore]
