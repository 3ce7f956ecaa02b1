"""The store: SQLAlchemy Core over SQLite, or PostgreSQL for several machines.

Every method is one transaction. SQLite runs with WAL and full sync: what was saved survives a power cut.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError

from aggregator.errors import StoreError
from aggregator.model import (
    Category,
    Changes,
    Entry,
    Fetched,
    HostState,
    Key,
    Member,
    Poll,
    RobotsState,
    Source,
    SourceInfo,
    SourceState,
    Wanted,
)
from aggregator.rules import Choice
from aggregator.store import (
    categories,
    explaining,
    lookup,
    members,
    publishing,
    remembering,
    removal,
    saving,
    schema,
    splitting,
)
from aggregator.store import hosts as host_rows
from aggregator.store import sources as source_rows
from aggregator.store.assembly import Drafts
from aggregator.store.choosing import misplaced, save_choices
from aggregator.store.explaining import Explained, Happening
from aggregator.store.lock import lock_of, only_writer
from aggregator.store.lookup import KnownCopy, Listed
from aggregator.store.publishing import Mark, Shelf, Written
from aggregator.store.remembering import Given
from aggregator.store.rows import moment, stamp
from aggregator.store.statements import chunks, insert_or_ignore, upsert
from aggregator.text.secrets import all_filled, all_hidden, hidden

__all__ = ["Explained", "Given", "Happening", "KnownCopy", "Listed", "Mark", "Shelf", "Store", "Written"]

log = logging.getLogger(__name__)

REVISION = "0005"  # the newest step in migrations/versions
UNSAID = ("uncategorized",)  # the category of sources that name none; it exists once an entry stands in it
ONE_WRITER = 0x61676772  # PostgreSQL's lock that whoever writes holds; any number that nobody else uses
BUSY = timedelta(seconds=30)  # how long SQLite waits for another writer's transaction


class Store:
    """All that is remembered. url: a path (SQLite) or ``postgresql://…``.

    now: the time of birth, when there is no store yet. Raises StoreError when it cannot be opened or written.
    """

    def __init__(self, url: str, *, now: datetime) -> None:
        self.url = url
        self.path = None if "://" in url else Path(url)
        self._writing = threading.Lock()
        self._joining: frozenset[str] = frozenset()  # sources whose URLs join always, as feeds.yaml says
        self._secrets: tuple[tuple[str, str], ...] = ()  # of all sources: the name of a host may hold one
        with _telling(self.url):
            self._engine = _engine(url)
            born = _born(self._engine)
            if born is None:
                _migrate(self._engine)
                with self._engine.begin() as connection:
                    insert_or_ignore(connection, schema.facts, [{"name": "born", "value": str(stamp(now))}])
                    categories.all_id(connection)
                born = _born(self._engine)
        assert born is not None
        self.born = born

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    def only_writer(self, who: str, *, patience: float = 10.0) -> AbstractContextManager[None]:
        """Hold the store against other processes that write; raises StoreBusy saying who has it."""
        if self.path is None:
            return nullcontext()
        return only_writer(lock_of(self.path), who=who, patience=patience)

    # --- polling ---------------------------------------------------------------------------------

    def sync(
        self,
        sources: Sequence[Source],
        wanted: Sequence[tuple[Category, tuple[str, ...]]],
        *,
        at: datetime,
        choices: Sequence[Choice[str]] = (),
    ) -> None:
        """Bring the store in step with feeds.yaml. wanted: its categories in order, with the names that mean them.

        choices: the rules of those that have some; other rules than before place all that is stored anew.
        """
        self._joining = frozenset(source.name for source in sources if source.identity.urls == "any")
        self._secrets = tuple(dict.fromkeys(secret for source in sources for secret in source.secrets))
        with self._write() as connection:
            _sync_categories(connection, wanted)
            changed = source_rows.sync(connection, sources, at=at)
            for source in sources:  # a folder of a list is a category once an entry stands in it
                if source.categories != UNSAID and source.listed_in is None:
                    categories.category_ids(connection, source.categories)
            has_other_rules = save_choices(connection, choices)
            _assemble_again(connection, _of_sources(connection, changed), at=at)
            if has_other_rules:
                _assemble_again(connection, tuple(misplaced(connection)), at=at)

    def state(self, name: str) -> SourceState:
        with self._read() as connection:
            return source_rows.state(connection, name)

    def states(self, names: Sequence[str] | None = None) -> tuple[SourceState, ...]:
        with self._read() as connection:
            return source_rows.states(connection, names)

    def counted_states(self) -> tuple[SourceState, ...]:
        with self._read() as connection:
            return source_rows.counted_states(connection)

    def save_state(self, state: SourceState) -> None:
        with self._write() as connection:
            source_rows.save_state(connection, state)

    def save_states(self, states: Sequence[SourceState]) -> None:
        with self._write() as connection:
            for state in states:
                source_rows.save_state(connection, state)

    def info(self, name: str) -> SourceInfo:
        with self._read() as connection:
            return source_rows.info(connection, name)

    def infos(self) -> dict[str, SourceInfo]:
        with self._read() as connection:
            return source_rows.infos(connection)

    def names_of_kind(self, kind: str) -> frozenset[str]:
        """Return the sources that were last found to be of that kind."""
        with self._read() as connection:
            return source_rows.names_of_kind(connection, kind)

    def members(self, name: str) -> tuple[Member, ...]:
        with self._read() as connection:
            return members.members(connection, name)

    def all_members(self) -> dict[str, tuple[Member, ...]]:
        with self._read() as connection:
            return members.all_members(connection)

    def hosts(self) -> tuple[HostState, ...]:
        """Return all that is remembered of hosts, but their robots.txt."""
        with self._read() as connection:
            return all_filled(host_rows.hosts(connection), self._secrets)

    def save_host(self, state: HostState) -> None:
        with self._write() as connection:
            host_rows.save_host(connection, all_hidden(state, self._secrets))

    def robots(self, origin: str) -> RobotsState | None:
        with self._read() as connection:
            return all_filled(host_rows.robots(connection, hidden(origin, self._secrets)), self._secrets)

    def save_robots(self, state: RobotsState) -> None:
        with self._write() as connection:
            host_rows.save_robots(connection, all_hidden(state, self._secrets))

    def forget_hosts(self, *, before: datetime) -> None:
        """Forget the hosts that nothing has been heard of since then."""
        with self._write() as connection:
            host_rows.forget_hosts(connection, before=before)

    def fetched(self, name: str, url: str) -> Fetched | None:
        with self._read() as connection:
            return source_rows.fetched(connection, source_rows.source_id(connection, name), url)

    def known_copies(self, name: str, locals_: Sequence[str]) -> dict[str, KnownCopy]:
        with self._read() as connection:
            return lookup.known_copies(connection, source_rows.source_id(connection, name), locals_)

    def first_seen(self, name: str, locals_: Sequence[str]) -> dict[str, datetime]:
        with self._read() as connection:
            return lookup.first_seen(connection, source_rows.source_id(connection, name), locals_)

    def keys_with_text(self, name: str, keys: Sequence[Key]) -> frozenset[Key]:
        with self._read() as connection:
            return lookup.keys_with_text(connection, source_rows.source_id(connection, name), keys)

    def wanted_articles(
        self, name: str, *, among: Sequence[str] | None = None, due: datetime | None = None, limit: int | None = None
    ) -> tuple[Wanted, ...]:
        with self._read() as connection:
            source = source_rows.source_id(connection, name)
            return lookup.wanted_articles(connection, source, among=among, due=due, limit=limit)

    def count_wanted_articles(self, name: str, *, due: datetime) -> int:
        """Return how many article pages of a source are still to be had whose time has come by then."""
        with self._read() as connection:
            return lookup.count_wanted_articles(connection, source_rows.source_id(connection, name), due=due)

    def sources_wanting_articles(self, *, now: datetime) -> frozenset[str]:
        with self._read() as connection:
            return lookup.sources_wanting_articles(connection, now=now)

    def save(self, poll: Poll) -> Changes:
        """Save all that one poll found, in one transaction: entries, validators, the state of the source."""
        with self._write() as connection:
            return saving.save(connection, poll, joining=self._joining)

    # --- asking ----------------------------------------------------------------------------------

    def listed(
        self,
        *,
        category: str | None = None,
        sources: Sequence[str] | None = None,
        search: str | None = None,
        limit: int | None = None,
    ) -> tuple[Listed, ...]:
        with self._read() as connection:
            return lookup.listed(connection, category=category, sources=sources, search=search, limit=limit)

    def has_category(self, name: str) -> bool:
        with self._read() as connection:
            return lookup.has_category(connection, name)

    def explain(self, word: str) -> Explained | None:
        with self._read() as connection:
            return explaining.explain(connection, word)

    # --- removing --------------------------------------------------------------------------------

    def take_down(self, word: str, *, at: datetime, reason: str | None = None) -> str:
        """Make what an id, URL or key means vanish and stay away; return its id."""
        with self._write() as connection:
            return removal.take_down(connection, word, at=at, reason=reason)

    def split(self, never: Sequence[tuple[str, ...]], *, at: datetime) -> tuple[str, ...]:
        """Part what feeds.yaml says was never one article; return the ids of the entries that this made or revived."""
        with self._read() as connection:
            wanted = [pair for pair in never if splitting.is_one(connection, pair)]
        if not wanted:
            return ()
        with self._write() as connection:
            return splitting.split(connection, wanted, at=at)

    def take_down_all(self, words: Sequence[str], *, at: datetime) -> None:
        """Make all of these vanish that have not yet."""
        with self._read() as connection:
            wanted = [word for word in words if not removal.is_taken_down(connection, word)]
        if wanted:
            with self._write() as connection:
                for word in wanted:
                    removal.take_down(connection, word, at=at)

    def remember_given(self, given: Sequence[Given], *, at: datetime) -> int:
        """Take over ids that were given out before; return how many were not known."""
        with self._write() as connection:
            return remembering.remember_given(connection, given, at=at)

    def remember(self, other: Path, *, at: datetime) -> None:
        """Take over the ids that another SQLite store gave out, and what was taken down there."""
        with self._write() as connection:
            remembering.remember(connection, other, at=at)

    def expire(self, *, at: datetime, keep: timedelta | None, own: Mapping[str, timedelta | None]) -> int:
        """Let go of entries past their retention; return how many. own: source -> its own retention."""
        with self._write() as connection:
            return removal.expire(connection, at=at, keep=keep, own=own)

    # --- publishing ------------------------------------------------------------------------------

    def shelves(self) -> tuple[Shelf, ...]:
        with self._read() as connection:
            return publishing.shelves(connection)

    def newest(
        self, category: int, *, limit: int, window: timedelta, max_entries: int, per_source: int | None = None
    ) -> tuple[Mark, ...]:
        with self._read() as connection:
            return publishing.newest(
                connection, category, limit=limit, window=window, max_entries=max_entries, per_source=per_source
            )

    def entries(self, ids: Sequence[int], known: Mapping[int, Category]) -> dict[int, Entry]:
        with self._read() as connection:
            return publishing.entries(connection, ids, known)

    def fragments(self, format_: str, marks: Mapping[int, bytes]) -> dict[int, bytes]:
        with self._read() as connection:
            return publishing.fragments(connection, format_, marks)

    def sections(self, format_: str) -> dict[int, bytes]:
        with self._read() as connection:
            return publishing.sections(connection, format_)

    def written(self) -> dict[str, Written]:
        with self._read() as connection:
            return publishing.written(connection)

    def save_rendered(
        self,
        *,
        fragments: Iterable[tuple[int, str, bytes, bytes]] = (),
        sections: Iterable[tuple[int, str, bytes]] = (),
    ) -> None:
        """Keep what was rendered, so that it need not be rendered again."""
        with self._write() as connection:
            publishing.save_fragments(connection, fragments)
            publishing.save_sections(connection, sections)

    def save_published(
        self,
        written: Sequence[Written],
        removed: Sequence[str],
        counts: Mapping[int, int],
        settings: Mapping[int, str],
        *,
        at: datetime,
    ) -> None:
        """Note what stands in the output now. counts: category -> the state of it that the files show."""
        with self._write() as connection:
            publishing.save_written(connection, written, at=at)
            upsert(connection, schema.facts, [{"name": "published", "value": str(stamp(at))}])
            publishing.forget_written(connection, removed)
            categories.mark_published(connection, counts)
            for category, text in settings.items():
                connection.execute(
                    update(schema.categories).where(schema.categories.c.id == category).values(settings=text)
                )

    # --- transactions ----------------------------------------------------------------------------

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with _telling(self.url), self._engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._writing, _telling(self.url), self._engine.begin() as connection:
            _hold_others_back(connection)
            yield connection


def _sync_categories(connection: Connection, wanted: Sequence[tuple[Category, tuple[str, ...]]]) -> None:
    table = schema.categories
    listed: list[int] = []
    for position, (category, names) in enumerate(wanted):
        number = categories.category_id(connection, category.name, wanted_slug=category.slug or None)
        listed.append(number)
        for name in names:
            if categories.category_id_of_name(connection, name) is None:
                categories.add_name(connection, name, number)
        categories.describe(connection, number, title=category.title, position=position)
    gone = select(table.c.id).where(table.c.position.is_not(None), table.c.id.not_in(listed))
    for number in connection.execute(gone).scalars().all():
        categories.describe(connection, number, title="", position=None)


def _of_sources(connection: Connection, changed: Sequence[int]) -> Sequence[int]:
    """Return the entries that these sources have a copy of."""
    if not changed:
        return ()
    table = schema.copies
    query = select(table.c.entry_id).where(table.c.source_id.in_(changed)).distinct().order_by(table.c.entry_id)
    return connection.execute(query).scalars().all()


def _assemble_again(connection: Connection, entries: Sequence[int], *, at: datetime) -> None:
    """Assemble these entries once more, because feeds.yaml says something else of where they stand."""
    for some in chunks(entries):
        drafts = Drafts(connection, at=at)
        drafts.load(some)
        for number in some:
            drafts.reconsider(drafts.successor(number))
        for warning in drafts.write().warnings:
            log.warning("%s", warning)


def _hold_others_back(connection: Connection) -> None:
    """Let no other process write until this transaction ends: two that place at once would both see "new"."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITER})")


def _engine(url: str) -> Engine:
    if "://" in url:
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    Path(url).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{url}", connect_args={"timeout": BUSY.total_seconds()})

    @event.listens_for(engine, "connect")
    def _prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # the driver opens no transaction of its own: we say when and which
        _keep_a_log(raw)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later could fail half way; a writer is one from the start.
        is_reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")

    return engine


def _keep_a_log(raw: Any) -> None:
    """Turn on WAL; waits for who else opens a new store at this moment, which SQLite does not do here by itself."""
    deadline = time.monotonic() + BUSY.total_seconds()
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _born(engine: Engine) -> datetime | None:
    """Return when a store whose tables have the newest shape was born, else None; waits for nobody who writes."""
    with engine.connect().execution_options(reading=True) as connection:
        if not _is_newest(connection):
            return None
        query = select(schema.facts.c.value).where(schema.facts.c.name == "born")
        born = connection.execute(query).scalar()
    return None if born is None else moment(int(born))


def _is_newest(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == REVISION


def _migrate(engine: Engine) -> None:
    """Bring the tables to the newest shape."""
    with engine.begin() as connection:
        _hold_others_back(connection)
        if _is_newest(connection):  # whoever was first has done it
            return
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", "aggregator.store:migrations")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                "the store was made by a newer version of this program: use that one, or restore a backup of its time"
            ) from error


@contextmanager
def _telling(url: str) -> Iterator[None]:
    """Say which store failed, and how, in a line."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise StoreError(f"the store {url.split('@')[-1]} cannot be used: {reason}") from error
    except OSError as error:
        raise StoreError(f"the store {url.split('@')[-1]} cannot be used: {error}") from error
