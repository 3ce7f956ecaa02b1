"""Every real feed at hand, polled into one store: what was merged is one article, whoever was polled first.

``tests/data/merges/real_feeds.json`` has the merges, looked at one by one: which feeds, how many articles, why they are
the same; and the entries of one document that could not be told apart. What it does not list fails here until
somebody has looked at it.
"""

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import true

from aggregator.model import Content, Copy, Credit, Document, Polling, Request, Source
from aggregator.store import Store
from aggregator.store.held import copies_where, held_copy
from aggregator.update import update_source
from tests.corpora import ROOT, corpus
from tests.fakes import Clock

REVIEWED = ROOT / "tests" / "data" / "merges" / "real_feeds.json"
LATE = datetime(2026, 11, 23, tzinfo=UTC)  # all feeds of the corpora were made before
HOME = re.compile(rb"<link>\s*https?://([a-z0-9.-]+)")

Merge = frozenset[tuple[str, str]]  # file and title of each copy


@dataclass
class Files:
    """The web, on which every feed of the corpora stands under an address of the site that it belongs to."""

    clock: Clock
    of: dict[str, Path] = field(default_factory=dict)

    def put(self, number: int, file: str) -> Source:
        path = corpus(file)
        home = HOME.search(path.read_bytes())
        url = f"https://{home[1].decode() if home else f'feed{number}.example'}/{number}/{path.name}"
        self.of[url] = path
        return Source(name=file, kind="feed", url=url)

    async def __call__(self, request: Request) -> Document:
        assert request.url is not None
        body = self.of[request.url].read_bytes()
        return Document(url=request.url, requested_url=request.url, body=body, fetched_at=self.clock())


def files() -> list[str]:
    """Return the feeds with entries: those that several readers agree on, and the other feeds of this year."""
    agreed = {record["file"]: record["entries"] for record in json.loads(corpus("consensus.json").read_text())}
    further = {
        path.relative_to(corpus()).as_posix()
        for path in corpus("fastfeedparser").rglob("*")
        if path.is_file() and path.suffixes != [".expected", ".json"] and b"jsonfeed.org" in path.read_bytes()[:1000]
    }
    return sorted({file for file, entries in agreed.items() if entries} | (further - agreed.keys()))


def poll(store: Store, sources: Sequence[Source], web: Files) -> None:
    async def all_of_them() -> None:
        for source in sources:
            web.clock.turn(minutes=1)
            report, _ = await update_source(source, polling=Polling(), store=store, send=web, now=web.clock)
            assert (report.outcome, report.error) == ("fetched", None), source.name

    asyncio.run(all_of_them())


def copies_of(store: Store) -> list[list[Copy]]:
    """Return the copies of each entry."""
    found: dict[int, list[Copy]] = {}
    with store._read() as connection:
        for row in connection.execute(copies_where(true())):
            found.setdefault(row.entry_id, []).append(held_copy(row).copy)
    return list(found.values())


def as_merge(copies: Sequence[Copy]) -> Merge:
    return frozenset((copy.source, copy.content.title or "") for copy in copies)


def words(text: str | None) -> str:
    return "".join(character for character in (text or "").casefold() if character.isalnum())


def place(url: str | None) -> tuple[str, ...] | None:
    parts = urlsplit(url or "")
    return (parts.hostname or "", parts.path.rstrip("/"), parts.query) if parts.hostname else None


def are_one(one: Copy, other: Copy) -> bool:
    """The measure that owes nothing to what it measures: the same headline, and the same guid or the same page."""
    same_guid = one.guid is not None and one.guid == other.guid
    same_page = place(one.url) is not None and place(one.url) == place(other.url)
    return words(one.content.title) == words(other.content.title) and (same_guid or same_page)


def summary(merges: Sequence[Merge]) -> Mapping[tuple[str, ...], int]:
    return Counter(tuple(sorted({file for file, _ in merge})) for merge in merges)


def mark(merges: Sequence[Merge]) -> str:
    """Return a digest of exactly who was merged with whom."""
    return sha256(json.dumps(sorted(sorted(merge) for merge in merges)).encode()).hexdigest()[:16]


def reviewed() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(REVIEWED.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("seed", [None, 1], ids=["in order", "shuffled"])
def test_no_two_different_entries_of_real_feeds_are_merged(seed: int | None, tmp_path: Path) -> None:
    """One test per order, because what costs is the polling: all that is claimed of it is looked at in turn."""
    web = Files(Clock(LATE))
    sources = [web.put(number, file) for number, file in enumerate(files())]
    if seed is not None:
        random.Random(seed).shuffle(sources)
    with Store(str(tmp_path / "store.db"), now=LATE) as store:
        store.sync(sources, (), at=LATE)
        poll(store, sources, web)
        entries = copies_of(store)
        listed = {source.name: store.fetched(source.name, source.url or "") for source in sources}

    assert len(sources) > 300
    assert len(entries) > 4000
    merged = [copies for copies in entries if len(copies) > 1]
    wrong = [pair for copies in merged for pair in combinations(copies, 2) if not are_one(*pair)]
    assert [[(copy.source, copy.content.title, copy.url) for copy in pair] for pair in wrong] == []
    merges = [as_merge(copies) for copies in merged]
    expected = reviewed()
    assert summary(merges) == {tuple(one["feeds"]): one["articles"] for one in expected["merges"]}
    assert mark(merges) == expected["mark"]
    kept = Counter(copy.source for copies in entries for copy in copies)
    lost = {name: len(one.seen) - kept[name] for name, one in listed.items() if one and len(one.seen) != kept[name]}
    assert lost == {one["feed"]: one["entries"] for one in expected["within_one_document"]}


def test_a_wrong_merge_would_be_seen() -> None:
    """The measure tells different articles apart, whatever keys they share."""
    one = example("One headline", url="https://a.example/1", guid="same")
    assert are_one(one, example("One headline!", url="http://a.example/1/", guid=None))
    assert are_one(one, example("One headline", url=None, guid="same"))
    assert not are_one(one, example("Another headline", url="https://a.example/1", guid="same"))
    assert not are_one(one, example("One headline", url="https://a.example/2", guid="other"))


def example(title: str, *, url: str | None, guid: str | None) -> Copy:
    return Copy(
        source="a",
        local="a",
        guid=guid,
        url=url,
        keys=(),
        own=False,
        priority=0,
        categories=None,
        content=Content(title=title, url=url),
        credit=Credit(name="a", title="a"),
        text_hash="",
    )
