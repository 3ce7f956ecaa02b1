"""Reading: parse, sanitise and make links absolute, against ``feedparser.parse()`` as it comes, which does the same.

    python -m benchmarks.reading --every 4

The real feeds of the corpora (``tests/corpora.py`` says where they are) and generated ones; for these also what a poll
has to read of a feed with one new entry of 25, and of one whose bytes differ but whose entries do not.
"""

import argparse
import io
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import feedparser

from aggregator import reading
from aggregator.errors import SourceError
from aggregator.model import Document, Source
from aggregator.normalize import normalize
from aggregator.reading.items import copy_of
from aggregator.reading.marks import fingerprint, reading_salt
from aggregator.sources import feed
from aggregator.text.patterns import Searching
from benchmarks.measure import middle, stamp, table
from benchmarks.world import feed_body
from tests.corpora import CORPORA

NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://example.org/feed.xml"
SOURCE = Source(name="feed", url=URL)
SETS = ("fastfeedparser/benchmark", "fastfeedparser/integration")
MADE = 20  # generated feeds

Way = Callable[[bytes], int]  # reads a document, returns how many entries it has


def document(body: bytes) -> Document:
    return Document(url=URL, requested_url=URL, body=body, fetched_at=NOW)


def plain(body: bytes) -> int:
    """feedparser, as it comes."""
    return len(feedparser.parse(io.BytesIO(body), response_headers={"content-location": URL}).entries)


def parsed(body: bytes) -> int:
    """Our reader alone: text as found."""
    return len(feed.read(document(body), SOURCE, now=NOW).entries)


def read(body: bytes) -> int:
    """Our reader and ``normalize``: text checked, HTML clean, links absolute."""
    found = feed.read(document(body), SOURCE, now=NOW)
    for raw in found.entries:
        normalize(raw, SOURCE, found.info, url=URL, now=NOW)
    return len(found.entries)


def read_unseen(before: bytes, now: bytes) -> Callable[[], int]:
    """Return what a poll does with a document of which another version was read before, up to finished copies."""
    salt = reading_salt(SOURCE)
    known = frozenset(fingerprint(raw, salt) for raw in feed.read(document(before), SOURCE, now=NOW).entries)

    def work() -> int:
        found = document(now)
        blake2b(now).hexdigest()
        done = reading.read(found, SOURCE, None, salt, NOW, known, True, Searching())
        items, info = done.items or (), done.reading.info
        return len([copy_of(item, SOURCE, info, now=NOW) for item in items])

    return work


def real_feeds(every: int) -> list[bytes]:
    """Return every n-th of the real feeds that both ways can read."""
    found = []
    for path in [path for name in SETS for path in sorted(Path(CORPORA, name).glob("*.xml"))][::every]:
        body = path.read_bytes()
        try:
            parsed(body)
        except SourceError:
            continue
        found.append(body)
    return found


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time that it takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _rows(what: str, bodies: Sequence[bytes], ways: dict[str, Way], rounds: int) -> list[list[object]]:
    """Measure the ways in turns, so that a busy neighbour troubles all of them."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    entries: dict[str, int] = {}
    for _ in range(rounds):
        for name, way in ways.items():
            counts: list[int] = []
            taken[name].append(seconds(lambda way=way, counts=counts: counts.extend(map(way, bodies))))  # type: ignore[misc]
            entries[name] = sum(counts)
    first = next(iter(ways))
    return [
        [
            f"{what} ({len(bodies)}, {sum(map(len, bodies)) / len(bodies) / 1000:.0f} kB each)",
            name,
            middle([1000 * time_ / len(bodies) for time_ in times]),
            f"1/{middle([plain_ / time_ for plain_, time_ in zip(taken[first], times, strict=True)])}",
            entries[name],
        ]
        for name, times in taken.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=4, help="take every n-th of the real feeds; 1 is all")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    stamp()
    ways: dict[str, Way] = {
        "feedparser.parse()": plain,
        "ours: parsed": parsed,
        "ours: parsed, sanitised, absolute links": read,
    }
    rows: list[list[object]] = []
    if real := real_feeds(options.every):
        rows += _rows("real feeds", real, ways, options.rounds)
    else:
        print(f"no real feeds at {CORPORA}: only generated ones are read")
    made = [feed_body(number) for number in range(MADE)]
    rows += _rows("generated feeds", made, ways, options.rounds)
    for what, version in (("1 new entry of 25", 1), ("other bytes, same entries", 0)):
        polls = {
            feed_body(number, version=version) + b"\n": read_unseen(body, feed_body(number, version=version) + b"\n")
            for number, body in enumerate(made)
        }
        here: dict[str, Way] = {"feedparser.parse()": plain, "ours: a poll": lambda body, polls=polls: polls[body]()}  # type: ignore[misc]
        rows += _rows(what, list(polls), here, options.rounds)
    table(
        f"Reading, {options.rounds} rounds in turns: median (least–most)",
        ["feeds", "way", "CPU ms/feed", "of feedparser's", "entries"],
        rows,
    )


if __name__ == "__main__":
    main()
