"""The store alone: what an entry costs that is new, unchanged or changed, and how that grows with what is stored.

    python -m benchmarks.store --entries 2000,10000,50000

The store is filled poll by poll, 25 entries each, as the daemon does it, and looked at where it has reached each size.
"""

import argparse
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.model import Content, Copy, Credit, Fetched, Key, Poll, Source, SourceState, Validators
from aggregator.store import Store
from aggregator.text.visible import digest
from benchmarks.measure import Cost, count_statements, each, growth, stamp, table
from benchmarks.world import BIRTH, ENTRIES, text_of

SOURCES = 200
SPREAD = timedelta(days=90)  # the entries of the largest store arrived over so long
POLLS = 20  # a figure is the average of so many
WINDOW = timedelta(days=2)
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def source_of(number: int, *, per_category: int = 1) -> Source:
    return Source(
        name=f"source-{number}", url=f"http://127.1.0.1/{number}", categories=(category_of(number // per_category),)
    )


def category_of(number: int) -> str:
    return f"category-{number}"


def copy_of(source: Source, number: int, entry: int) -> Copy:
    """Return an entry of a source as the first journey hands it to the store. number: of the source."""
    title, html = text_of(number, entry)
    url = f"http://127.1.0.1/stories/{number}/{entry}.html"
    content = Content(
        title=title,
        url=url,
        html=html,
        summary=title * 8,
        published=BIRTH + timedelta(hours=entry),
        language="zh" if number % 3 == 0 else "en",
    )
    return Copy(
        source=source.name,
        local=url,
        guid=url,
        url=url,
        keys=(Key(kind="url", value=url), Key(kind="guid", value=url, scope=source.name)),
        own=True,
        priority=0,
        categories=None,
        content=content,
        credit=Credit(name=source.name, title=source.name.title(), url="http://127.1.0.1/"),
        text_hash=digest(content),
        fingerprint=number << 40 | entry,
    )


def poll_of(source: Source, copies: Sequence[Copy], *, seen: Sequence[int], at: datetime) -> Poll:
    """Return a poll that found these copies. seen: the fingerprints of all that its document holds."""
    fetched = Fetched(url=source.address, validators=Validators(url=source.address), seen=frozenset(seen))
    state = SourceState(name=source.name, kind="feed", last_poll=at, last_success=at, due=at)
    return Poll(source=source, at=at, state=state, copies=tuple(copies), fetched=(fetched,))


class Filling:
    """A store that is filled: every poll brings 25 entries of the source whose turn it is."""

    def __init__(self, store: Store, *, most: int) -> None:
        self.store = store
        self.sources = [source_of(number) for number in range(SOURCES)]
        self.step = SPREAD * ENTRIES / most
        self.polls = 0
        store.sync(self.sources, (), at=NOW)

    @property
    def entries(self) -> int:
        return self.polls * ENTRIES

    @property
    def now(self) -> datetime:
        return NOW + self.polls * self.step

    def poll(self, polls_ago: int = 0) -> Poll:
        """Return the poll whose turn it is, or one of before, as it was."""
        turn, number = divmod(self.polls - polls_ago, SOURCES)
        source = self.sources[number]
        copies = [copy_of(source, number, turn * ENTRIES + at) for at in range(ENTRIES)]
        return poll_of(source, copies, seen=[copy.fingerprint for copy in copies], at=self.now)

    def fill(self, entries: int) -> None:
        while self.entries < entries:
            self.store.save(self.poll())
            self.polls += 1

    def costs(self) -> dict[str, Cost]:
        """Return name -> what one poll costs."""
        before = [self.poll(polls_ago) for polls_ago in range(POLLS, 0, -1)]
        found = {
            "304: nothing read": _cost(self.store, [replace(poll, copies=()) for poll in before]),
            "25 unchanged, read again": _cost(self.store, before),
            "1 of 25 changed": _cost(
                self.store, [replace(poll, copies=(_changed(poll.copies[0]),)) for poll in before]
            ),
            "1 new": _cost(self.store, list(self._with_one_new())),
        }
        fresh = []
        for _ in range(POLLS):
            fresh.append(self.poll())
            self.polls += 1
        return {"25 new": _cost(self.store, fresh), **found}

    def _with_one_new(self) -> Iterator[Poll]:
        for polls_ago in range(POLLS, 0, -1):
            poll = self.poll(polls_ago)
            number = self.sources.index(poll.source)
            copy = copy_of(poll.source, number, 10_000_000 + self.entries + polls_ago)
            seen = [one.fingerprint for one in poll.copies]
            yield replace(poll_of(poll.source, [copy], seen=[*seen[:-1], copy.fingerprint], at=self.now))


def _changed(copy: Copy) -> Copy:
    content = replace(copy.content, html=f"{copy.content.html}<p>Corrected.</p>")
    return replace(copy, content=content, text_hash=digest(content))


def _cost(store: Store, polls: Sequence[Poll]) -> Cost:
    turn = iter(polls)
    return each(lambda: store.save(next(turn)), len(polls))


def sizes(path: Path) -> dict[str, int]:
    """Return table -> bytes, its indexes included; nothing where this SQLite cannot tell."""
    query = "SELECT m.tbl_name, SUM(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY m.tbl_name"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        try:
            return dict(connection.execute(query).fetchall())
        except sqlite3.OperationalError:
            return {}


def _newest(store: Store, category: int, window: timedelta) -> Callable[[], object]:
    return lambda: store.newest(category, limit=100, window=window, max_entries=500)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__.split("\n")[0])
    parser.add_argument("--entries", default="2000,10000,50000", help="the sizes, separated by commas")
    options = parser.parse_args()
    steps = [int(size) for size in options.entries.split(",")]
    stamp()
    count_statements()
    saving: list[list[object]] = []
    finding: list[list[object]] = []
    space: list[list[object]] = []
    grown: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name, Store(f"{name}/store.db", now=NOW) as store:
        filling = Filling(store, most=steps[-1])
        for step in steps:
            filling.fill(step)
            for what, cost in filling.costs().items():
                saving.append([step, what, f"{1e6 * cost.cpu:.0f}", f"{1e6 * cost.cpu / ENTRIES:.0f}", cost.statements])
                grown.setdefault(f"save: {what}", []).append(cost.cpu)
            shelves = store.shelves()
            for where, shelf in (("all", shelves[0]), (f"one of {SOURCES}", shelves[1])):
                for window in (timedelta(0), WINDOW):
                    cost = each(_newest(store, shelf.id, window), POLLS)
                    found = len(store.newest(shelf.id, limit=100, window=window, max_entries=500))
                    finding.append([step, where, window.days, found, f"{1e3 * cost.cpu:.2f}", cost.statements])
                    grown.setdefault(f"newest of {where}, window {window.days} d", []).append(cost.cpu)
            tables = sizes(Path(name, "store.db"))
            kept = tables.get("ledger", 0) + tables.get("keys", 0)
            heavy = sorted(tables.items(), key=lambda pair: -pair[1])[:5]
            space.append(
                [
                    step,
                    sum(tables.values()) // filling.entries,
                    kept // filling.entries,
                    ", ".join(f"{table_name} {size // filling.entries}" for table_name, size in heavy),
                ]
            )
    table(
        f"Saving a poll, average of {POLLS}",
        ["entries stored", "poll", "CPU µs/poll", "CPU µs/entry of 25", "statements/poll"],
        saving,
    )
    table(
        "The newest 100, and what came within the window (at most 500)",
        ["entries stored", "category", "window, days", "found", "CPU ms", "statements"],
        finding,
    )
    table("Space", ["entries stored", "bytes/entry", "of these kept for ever (ledger, keys)", "the largest"], space)
    table(
        "Growth from the smallest store to the largest; 1 is what it should be",
        ["what", "growth"],
        [[what, growth(costs)] for what, costs in grown.items()],
    )


if __name__ == "__main__":
    main()
