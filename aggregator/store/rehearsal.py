"""What was tried on a copy of an SQLite store, told by what it changed: its ids, its sources, its categories."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from aggregator.errors import StoreError

# What is compared, kept beside the tables of the copy; nobody opens it as a store again.
_ASIDE = """
    CREATE TABLE before_ids AS
        SELECT ledger.id, ledger.fate, entries.title FROM ledger LEFT JOIN entries ON entries.id = ledger.id;
    CREATE UNIQUE INDEX before_ids_by_id ON before_ids (id);
    CREATE TABLE before_sources AS
        SELECT id, name, url, removed_at, categories, priority, is_private FROM sources;
    CREATE TABLE before_categories AS SELECT id FROM categories;
    CREATE TABLE before_events AS SELECT coalesce(max(id), 0) AS last FROM events;
"""
_IDS = """
    SELECT ledger.uid, coalesce(before_ids.title, entries.title), before_ids.id IS NULL,
        coalesce(before_ids.fate, ''), coalesce(ledger.fate, ''), heir.uid
    FROM ledger LEFT JOIN before_ids ON before_ids.id = ledger.id
        LEFT JOIN entries ON entries.id = ledger.id LEFT JOIN ledger AS heir ON heir.id = ledger.successor
    WHERE before_ids.id IS NULL OR before_ids.fate IS NOT ledger.fate ORDER BY ledger.id
"""
_PARTED = """
    SELECT ledger.uid, events.detail FROM events JOIN ledger ON ledger.id = events.entry_id
    WHERE events.kind = 'split' AND events.id > (SELECT last FROM before_events)
"""
_SOURCES = """
    SELECT s.name, s.url, s.removed_at, b.name, b.url, b.removed_at,
        b.id IS NOT NULL AND (b.categories, b.priority, b.is_private) IS NOT (s.categories, s.priority, s.is_private)
    FROM sources AS s LEFT JOIN before_sources AS b ON b.id = s.id ORDER BY s.id
"""
_CATEGORIES = "SELECT slug FROM categories WHERE id NOT IN (SELECT id FROM before_categories) ORDER BY id"
_SALTS = """
    SELECT sources.name, fetches.salt FROM fetches JOIN sources ON sources.id = fetches.source_id
    WHERE coalesce(fetches.salt, '') != ''
"""


@dataclass(frozen=True, kw_only=True)
class IdChange:
    """An id that means something else than before. was, is_: its fate, empty: alive; None: it was not given out yet.

    other: the id that it turned out to be, or was one with until now.
    """

    id: str
    title: str | None
    was: str | None
    is_: str
    other: str | None


@dataclass(frozen=True, kw_only=True)
class SourceChange:
    """A source as it is now, and as it was. name_before: None, it was not known. is_placed_anew: its categories,
    priority or privacy are others.
    """

    name: str
    url: str | None
    is_removed: bool
    name_before: str | None
    url_before: str | None
    was_removed: bool
    is_placed_anew: bool


@dataclass(frozen=True, kw_only=True)
class Tried:
    """All that is different in the copy. salts: source -> those that its documents were read with."""

    ids: tuple[IdChange, ...]
    sources: tuple[SourceChange, ...]
    categories: tuple[str, ...]
    salts: dict[str, frozenset[str]]


def note(copy: Path) -> None:
    """Keep in the copy what will be compared. Raises StoreError when it cannot be written."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            connection.executescript(_ASIDE)
    except sqlite3.Error as error:
        raise StoreError(f"the copy {copy} cannot be written: {error}") from error


def tried(copy: Path) -> Tried:
    """Return what is different since ``note``."""
    with closing(sqlite3.connect(copy)) as connection:
        parted: dict[str, str] = {}
        for uid, detail in connection.execute(_PARTED):
            made = json.loads(detail)["id"]
            if made != uid:
                parted[made] = uid
        ids = tuple(
            IdChange(id=uid, title=title, was=None if is_new else before, is_=now, other=heir or parted.get(uid))
            for uid, title, is_new, before, now, heir in connection.execute(_IDS)
        )
        sources = tuple(
            SourceChange(
                name=name,
                url=url,
                is_removed=removed is not None,
                name_before=name_before,
                url_before=url_before,
                was_removed=removed_before is not None,
                is_placed_anew=bool(is_placed_anew),
            )
            for name, url, removed, name_before, url_before, removed_before, is_placed_anew in connection.execute(
                _SOURCES
            )
        )
        salts: dict[str, set[str]] = {}
        for name, salt in connection.execute(_SALTS):
            salts.setdefault(name, set()).add(salt)
        categories = tuple(slug for (slug,) in connection.execute(_CATEGORIES))
    return Tried(
        ids=ids,
        sources=sources,
        categories=categories,
        salts={name: frozenset(some) for name, some in salts.items()},
    )
