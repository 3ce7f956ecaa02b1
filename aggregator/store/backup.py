"""A store as one file that can be put aside, and brought back."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from aggregator.errors import StoreError, UsageError

OURS = {"ledger", "keys", "entries", "copies", "alembic_version"}  # tables by which a store is known


def back_up(store: Path, target: Path) -> int:
    """Write a whole, consistent copy of an SQLite store while others may be writing it; return its bytes.

    The copy appears in one step, complete, and replaces an earlier copy, but no other file. Raises StoreError when it
    cannot be written, and UsageError where something else has its place.
    """
    if not store.is_file():
        raise StoreError(f"there is no store at {store} yet: nothing to put aside")
    if target.exists() and target.samefile(store):
        raise UsageError(f"{target} is the store itself; name another file")
    if target.exists() and not _is_copy(target):
        raise UsageError(f"{target} is there and is no earlier copy; name another file, or move it away")
    unfinished = target.with_name(f".{target.name}.unfinished-{os.getpid()}")
    try:
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(store)) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(f"the copy {target} cannot be written: {error}") from error
    return target.stat().st_size


def _is_copy(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.Error:
        return False
    return {name for (name,) in found} >= OURS


def bring_back(copy: Path, store: Path) -> Path | None:
    """Put a copy in the place of an SQLite store; return where the store that stood there was put aside.

    The copy is looked through before anything is touched. Raises UsageError when it is not a whole store of ours.
    """
    if not copy.is_file():
        raise UsageError(f"there is no file {copy}")
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise UsageError(f"{copy} is no copy of a store: {error}") from error
    tables = {name for kind, name in found if kind == "table"}
    if foreign := sorted(name for kind, name in found if kind not in ("table", "index")):
        raise UsageError(f"{copy} holds what no store of ours has ({foreign[0]}), and which would act by itself")
    if not tables >= OURS or verdict != "ok":
        raise UsageError(f"{copy} is no whole copy of a store" + ("" if verdict == "ok" else f": {verdict}"))
    aside: Path | None = None
    try:
        fresh = store.with_name(f".{store.name}.unfinished-{os.getpid()}")
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(fresh),))
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        if store.exists():
            with closing(sqlite3.connect(store)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            aside = store.with_name(f"{store.name}.before-restore")
            store.replace(aside)
        for suffix in ("-wal", "-shm"):
            store.with_name(store.name + suffix).unlink(missing_ok=True)
        fresh.replace(store)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"the store {store} cannot be replaced: {error}") from error
    return aside
