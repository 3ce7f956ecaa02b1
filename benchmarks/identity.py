"""What the identity of one entry costs in a store of many, which indexes answer, what an id takes for ever.

    python -m benchmarks.identity --entries 10000,100000,1000000

The stores are made by writing rows like those of a real poll straight into the tables: a million entries take minutes.
Everything that is measured is rolled back, so that each figure is of the same store.
"""

import argparse
import random
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection

from aggregator.model import Copy, Key, Poll, Source
from aggregator.store import Store, saving
from aggregator.store.assembly import Drafts
from aggregator.store.placing import Placing
from aggregator.store.rows import digest
from aggregator.store.rows import stamp as milliseconds
from aggregator.store.sources import source_id
from aggregator.text.urls import canonical
from benchmarks.measure import Cost, count_statements, growth, measured, stamp, table
from benchmarks.store import NOW, copy_of, poll_of, sizes, source_of

SOURCES = 1000
PER_CATEGORY = 10
TEMPLATE = 98765432  # the number of the entry that all rows are made like
APART = timedelta(minutes=1)  # between the arrivals of two entries
LATER = timedelta(days=4000)  # after the last arrival of the largest store
SAMPLES = 200
KEPT_FOR_EVER = ("ledger", "keys")
TEN_MILLION = 10_000_000
SEED = 7

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One kind of copy that arrives. poll: number of a known entry, chance -> the poll that brings one such copy."""

    name: str
    poll: Callable[[int, random.Random], Poll]


# --- a store of many entries ---------------------------------------------------------------------


def article(number: int, *, source: Source | None = None) -> Copy:
    """Return the entry of that number as its own source has it: a parameter, a URL and a guid that is an IRI."""
    of = source or source_of(number % SOURCES, per_category=PER_CATEGORY)
    made = copy_of(of, number % SOURCES, 0)
    keys = article_keys(number)
    title = f"{made.content.title} {number}"
    content = replace(made.content, title=title, url=address(number), html=f"<p>{title}, in a line.</p>", summary=None)
    return replace(
        made,
        local=f"guid:{keys[2].value}",
        guid=keys[2].value,
        url=content.url,
        keys=keys,
        content=content,
        text_hash=f"text of {number}",
        fingerprint=number,
    )


def address(number: int) -> str:
    return f"http://127.1.0.1/stories/{number}.html?code=C{number}"


def article_keys(number: int) -> tuple[Key, ...]:
    return (
        Key(kind="parameter", value=f"code=C{number}"),
        Key(kind="url", value=canonical(address(number)) or ""),
        Key(kind="guid", value=f"tag:127.1.0.1,2024:stories/{number}"),
    )


def fill(store: Store, path: Path, entries: int) -> None:
    """Write so many entries straight into the tables, like the one that a real poll saves first."""
    sources = [source_of(number, per_category=PER_CATEGORY) for number in range(SOURCES)]
    store.sync(sources, (), at=NOW)
    store.save(poll_of(sources[0], [article(TEMPLATE, source=sources[0])], seen=[TEMPLATE], at=NOW))
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        connection.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")
        template = {
            name: dict(connection.execute(f"SELECT * FROM {name} ORDER BY rowid LIMIT 1").fetchone())
            for name in ("ledger", "entries", "copies")
        }
        members = [dict(row) for row in connection.execute("SELECT * FROM entry_categories")]
        names = dict(connection.execute("SELECT name, id FROM sources").fetchall())
        places = dict(connection.execute("SELECT name, category_id FROM category_names").fetchall())
        (everything,) = connection.execute("SELECT id FROM categories WHERE slug = ''").fetchone()
        first = template["ledger"]["id"] + 1
        for name, row in template.items():
            insert(connection, name, (like(row, first + at, at, names) for at in range(entries)))
        rows = (
            {**members[0], "category_id": place, "entry_id": first + at, "stands": when(at), "first_seen": when(at)}
            for place, numbers in (
                (everything, range(entries)),
                *(
                    (places[f"category-{one}"], (n for n in range(entries) if n % SOURCES // PER_CATEGORY == one))
                    for one in range(SOURCES // PER_CATEGORY)
                ),
            )
            for at in numbers
        )
        insert(connection, "entry_categories", rows)
        digests = ((digest(key, 0), first + at) for at in range(entries) for key in article_keys(at))
        # In the order of the tree; a b-tree that grew at random is a third larger, which ``kept_bytes`` measures.
        connection.executemany("INSERT INTO keys (digest, ledger_id) VALUES (?, ?)", sorted(digests))
        connection.commit()


def when(number: int) -> int:
    return milliseconds(NOW + number * APART)


def like(row: Row, ledger: int, number: int, sources: Mapping[str, int]) -> Row:
    """Return the row of another entry, made like this one."""
    source = f"source-{number % SOURCES}"
    made = {
        name: value.replace(str(TEMPLATE), str(number)).replace("source-0", source).replace("Source-0", source.title())
        if isinstance(value, str)
        else value
        for name, value in row.items()
    }
    for name in ("stands", "first_seen", "updated", "changed", "published"):
        if made.get(name) is not None:
            made[name] = when(number)
    if "entry_id" in made:
        made |= {"id": None, "entry_id": ledger, "source_id": sources[source], "fingerprint": number}
    else:
        made["id"] = ledger
    return made


def insert(connection: sqlite3.Connection, name: str, rows: Iterator[Row]) -> None:
    first = next(rows)
    words = f"INSERT INTO {name} ({', '.join(first)}) VALUES ({', '.join(f':{column}' for column in first)})"
    connection.execute(words, first)
    connection.executemany(words, rows)


# --- what arrives --------------------------------------------------------------------------------


def cases() -> Sequence[Case]:
    def poll(source_number: int, copy: Copy) -> Poll:
        source = source_of(source_number % SOURCES, per_category=PER_CATEGORY)
        return poll_of(source, [replace(copy, source=source.name)], seen=[copy.fingerprint], at=NOW + LATER)

    def new(_number: int, chance: random.Random) -> Poll:
        other = chance.randrange(TEMPLATE + 1, 2 * TEMPLATE)
        return poll(other, article(other))

    def edited(number: int, _: random.Random) -> Poll:
        copy = article(number)
        content = replace(copy.content, html=f"{copy.content.html}<p>Corrected.</p>")
        return poll(number, replace(copy, content=content, text_hash="corrected"))

    def again(number: int, _: random.Random) -> Poll:
        return poll(number, article(number))

    def joining(number: int, _: random.Random) -> Poll:
        copy = article(number)
        return poll(number + 1, replace(copy, keys=copy.keys[:2], guid=None, local=f"url:{copy.keys[1].value}"))

    def renamed(number: int, _: random.Random) -> Poll:
        copy = article(number)
        guid = Key(kind="guid", value=f"tag:127.1.0.1,2026:new/{number}")
        keys = (*copy.keys[:2], guid)
        return poll(number, replace(copy, keys=keys, guid=guid.value, local=f"guid:{guid.value}", fingerprint=-number))

    def bridge(number: int, _: random.Random) -> Poll:
        one, other = article(number), article(number + 1)
        keys = (one.keys[0], other.keys[0], one.keys[1])
        return poll(number + 2, replace(one, keys=keys, guid=None, local=f"parameter:{keys[0].value}"))

    return (
        Case(name="new: nothing knows it", poll=new),
        Case(name="known, as it was", poll=again),
        Case(name="known, edited", poll=edited),
        Case(name="another source's copy joins", poll=joining),
        Case(name="known URL under another guid", poll=renamed),
        Case(name="a bridge makes two entries one", poll=bridge),
    )


@contextmanager
def rolled_back(store: Store) -> Iterator[Connection]:
    """Give a writing transaction that leaves the store as it was."""
    with store._engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def placed(connection: Connection, poll: Poll) -> None:
    """Do what answers the question, and no more: find by keys, decide, join, in memory."""
    drafts = Drafts(connection, at=poll.at)
    source = source_id(connection, poll.source.name)
    listed = frozenset(copy.fingerprint for copy in poll.copies)
    Placing(connection, poll, source, drafts, listed=listed, left=frozenset()).place_all()


def cost(store: Store, polls: Sequence[Poll], work: Callable[[Connection, Poll], object]) -> Cost:
    """Return what the work costs on average, each in a transaction that is rolled back."""
    total = Cost()
    for poll in polls:
        with rolled_back(store) as connection, measured() as one:
            work(connection, poll)
        total.cpu += one.cpu
        total.wall += one.wall
        total.statements += one.statements
    return Cost(
        cpu=total.cpu / len(polls), wall=total.wall / len(polls), statements=round(total.statements / len(polls))
    )


# --- which index answers -------------------------------------------------------------------------


def plans(store: Store, path: Path, polls: Sequence[Poll]) -> dict[str, str]:
    """Return statement -> how SQLite answers it, of all that saving these polls asks."""
    asked: dict[str, Sequence[Any]] = {}

    def listen(_c: object, _cursor: object, text: str, parameters: Any, *_rest: object) -> None:
        if text.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            first = parameters[0] if parameters and isinstance(parameters[0], tuple) else parameters
            asked.setdefault(short(text), (text, first))

    sqlalchemy.event.listen(store._engine, "before_cursor_execute", listen)
    try:
        for poll in polls:
            with rolled_back(store) as transaction:
                saving.save(transaction, poll)
    finally:
        sqlalchemy.event.remove(store._engine, "before_cursor_execute", listen)
    found = {}
    with closing(sqlite3.connect(path)) as connection:
        for name, (text, parameters) in asked.items():
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", parameters)]
            if steps:
                found[name] = "; ".join(dict.fromkeys(steps))
    return found


def short(text: str) -> str:
    """Return the statement without its list of columns and with one ? for any number of them."""
    line = " ".join(text.split())
    line = re.sub(r"^SELECT .*? FROM", "SELECT … FROM", line)
    line = re.sub(r"SET .*? WHERE", "SET … WHERE", line)
    return re.sub(r"\((\?(, )?)+\)", "(?…)", line)


def is_scan(plan: str) -> bool:
    """A whole table is read, row by row, without the help of an index."""
    return any(step.startswith("SCAN") and "USING" not in step and "CONSTANT" not in step for step in plan.split("; "))


# --- what an id takes ----------------------------------------------------------------------------


def kept_bytes(ids: int) -> dict[str, int]:
    """Return table -> bytes of so many ids, come as they come: ledger in order, names anywhere in their tree."""
    with tempfile.TemporaryDirectory() as name, Store(f"{name}/store.db", now=NOW):
        path = Path(name, "store.db")
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000;")
            connection.executemany(
                "INSERT INTO ledger (id, uid, first_seen, published) VALUES (?, ?, ?, ?)",
                ((number + 1, article_keys(number)[2].value, when(number), when(number)) for number in range(ids)),
            )
            for number in range(ids):
                names = [(digest(key, 0), number + 1) for key in article_keys(number)]
                connection.executemany("INSERT INTO keys (digest, ledger_id) VALUES (?, ?)", names)
            connection.commit()
        found = sizes(path)
    return {name: found.get(name, 0) for name in KEPT_FOR_EVER}


def extrapolated(per_id: Sequence[tuple[int, float]], size: int) -> float:
    """Return bytes per id at a size, along the straight line over the logarithm of the last two sizes."""
    from math import log10

    if len(per_id) < 2:
        return per_id[-1][1]
    (one, before), (two, last) = per_id[-2:]
    return last + max(0.0, last - before) / (log10(two) - log10(one)) * (log10(size) - log10(two))


# --- all of it -----------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__.split("\n")[0])
    parser.add_argument("--entries", default="10000,100000,1000000", help="the sizes, separated by commas")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="a figure is the average of so many")
    options = parser.parse_args()
    steps = [int(size) for size in options.entries.split(",")]
    stamp()
    count_statements()
    rows: list[list[object]] = []
    grown: dict[str, tuple[list[float], list[float]]] = {}
    kept: list[list[object]] = []
    per_id: list[tuple[int, float]] = []
    told: dict[str, str] = {}
    for size in steps:
        with tempfile.TemporaryDirectory() as name, Store(f"{name}/store.db", now=NOW) as store:
            path = Path(name, "store.db")
            fill(store, path, size)
            for case in cases():
                chance = random.Random(SEED)
                polls = [case.poll(chance.randrange(size - 3), chance) for _ in range(options.samples)]
                cost(store, polls[:5], saving.save)
                place, save = cost(store, polls, placed), cost(store, polls, saving.save)
                of_place, of_save = grown.setdefault(case.name, ([], []))
                of_place.append(place.cpu)
                of_save.append(save.cpu)
                rows.append(
                    [
                        *(size, case.name, f"{1e6 * place.cpu:.0f}", f"{1e6 * place.wall:.0f}", place.statements),
                        *(f"{1e6 * save.cpu:.0f}", f"{1e6 * save.wall:.0f}", save.statements),
                    ]
                )
                if size == steps[-1]:
                    told.update(plans(store, path, polls[:3]))
        found = kept_bytes(size)
        per_id.append((size, sum(found.values()) / size))
        kept.append([size, *(f"{number / size:.1f}" for number in found.values()), f"{per_id[-1][1]:.1f}"])
    at_most = extrapolated(per_id, TEN_MILLION)
    kept.append([f"{TEN_MILLION}, extrapolated", "–", "–", f"{at_most:.1f} ({TEN_MILLION * at_most / 1e9:.1f} GB)"])
    head = ["entries stored", "what comes", "identity, CPU µs", "wall µs", "statements", "all of saving, CPU µs"]
    table(f"One entry comes; average of {options.samples}", [*head, "wall µs", "statements"], rows)
    table(
        "Growth from the smallest store to the largest; 1 is what it should be",
        ["what comes", "identity", "all of saving"],
        [[name, growth(one), growth(other)] for name, (one, other) in grown.items()],
    )
    table(
        f"How SQLite answers in a store of {steps[-1]}; {sum(map(is_scan, told.values()))} of {len(told)} read a table",
        ["reads a table", "statement", "plan"],
        [["YES" if is_scan(plan) else "no", statement, plan] for statement, plan in told.items()],
    )
    table(
        "What is kept of an id for ever, bytes: 3 names, an id of 30 characters",
        ["ids", *KEPT_FOR_EVER, "together"],
        kept,
    )


if __name__ == "__main__":
    main()
