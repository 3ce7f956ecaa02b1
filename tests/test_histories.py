"""Random histories of polls: whatever the order in which sources are asked, the same entries; ids mean what they meant.

Articles arrive, are edited, are told in another form, disappear and come back; a third telling bridges two that were
apart; the program is restarted. ``TOGETHER`` articles live through their histories side by side in one store, which is
what a poll costs; each is a history of its own. All are lived through twice, with the sources of each step in another
order.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.model import (
    Copy,
    Fetched,
    IdentityRules,
    Parameter,
    Poll,
    RawEntry,
    RawText,
    Source,
    SourceInfo,
    Validators,
)
from aggregator.reading.items import Found, copy_of, unseen
from aggregator.reading.marks import fingerprint
from aggregator.store import Store, Written
from tests.fakes import NOW

TOGETHER = 5
LIVES = 70  # of each of the three tests below: 1,050 histories
SALT = "1:history"
RULES = IdentityRules(parameters=(Parameter(name="infoCode"),))
SOURCES = tuple(
    Source(name=f"s{n}", url=f"https://s{n}.example/feed", identity=RULES, salt="history", priority=n % 2)
    for n in range(4)
)
WORDS = ("harbour", "market", "election", "bridge", "river", "school", "winter", "museum")

# How a source tells an article: which of its names the copy bears.
FORMS = ("parameter", "address", "second address", "parameter and address", "both addresses", "iri", "bare")
NAMES = {  # what forms have in common
    "parameter": {"p"},
    "address": {"1"},
    "second address": {"2"},
    "parameter and address": {"p", "1"},
    "both addresses": {"1", "2"},
    "iri": {"i"},
    "bare": set[str](),
}
JOINED = ("parameter", "address", "second address", "parameter and address", "both addresses")


@dataclass(frozen=True)
class Telling:
    """An article as a source tells it. edit: which wording of it."""

    article: int
    form: str
    edit: int = 0


@dataclass(frozen=True)
class Step:
    """documents: what each source says from now on. order, other: in which the sources are asked."""

    documents: tuple[tuple[Telling, ...], ...]
    order: tuple[int, ...]
    other: tuple[int, ...]
    restart: bool


def raw_entry(telling: Telling, source: int) -> RawEntry:
    """Return the entry that a source's document bears for an article."""
    n, word = telling.article, WORDS[telling.article]
    own = f"https://s{source}.example/{word}"
    by_name = f"{own}?infoCode=NW{n}"
    addresses = [f"https://news.example/{word}", f"https://m.news.example/{n}/{word}.html"]
    url, closing, guid = {
        "parameter": (by_name, None, None),
        "address": (addresses[0], None, f"{source}-{n}"),
        "second address": (f"http://www.{addresses[1][8:]}?utm_source=s{source}", None, None),
        "parameter and address": (addresses[0], f"https://api.example/?infocode=NW{n}", None),
        "both addresses": (addresses[1], addresses[0], f"{source}:{n}"),
        "iri": (own, None, f"tag:news.example,2026:{n}"),
        "bare": (None, None, None),
    }[telling.form]
    lines = [f"The {word} was the talk of the town in sentence {line} of this article." for line in range(8)]
    if telling.edit:
        lines.append(f"Corrected for the {telling.edit}. time.")
    end = f'<p><a href="{closing}">{closing}</a></p>' if closing else ""
    return RawEntry(
        id=guid,
        url=url,
        title=RawText(value=f"All about the {word}" + (f", edition {telling.edit}" if telling.edit > 1 else "")),
        content=RawText(value="".join(f"<p>{line}</p>" for line in lines) + end, type="html"),
        published=f"2026-02-{10 + n:02}T08:{10 * source + telling.edit:02}:00Z",
    )


@dataclass
class Told:
    """What was published: never again may it mean something else."""

    articles: dict[str, set[int]] = field(default_factory=dict)
    published: dict[str, datetime | None] = field(default_factory=dict)
    first_seen: dict[str, datetime] = field(default_factory=dict)


class Life:
    """One store that lives through a history."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.at = NOW
        self.store = Store(str(path), now=NOW)
        self.store.sync(SOURCES, (), at=NOW)
        self.told = Told()
        self.listed: set[tuple[int, int]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def live(self, step: Step, order: Sequence[int]) -> set[frozenset[tuple[int, int]]]:
        if step.restart:
            self.store.close()
            self.store = Store(str(self.path), now=self.at)
            self.store.sync(SOURCES, (), at=self.at)
        self.at += timedelta(hours=1)
        for source in order:
            self.poll(source, step.documents[source])
        return self.publish()

    def poll(self, number: int, tellings: Sequence[Telling]) -> None:
        """Save what a source says, as a poll does."""
        source = SOURCES[number]
        raws = tuple(raw_entry(telling, number) for telling in tellings)
        address = source.url or ""
        before, state = self.store.fetched(source.name, address), self.store.state(source.name)
        marks = tuple(fingerprint(raw, SALT) for raw in raws)
        fetched = Fetched(url=address, validators=Validators(url=address), salt=SALT, seen=frozenset(marks))
        found = Found(base=address, info=SourceInfo(), entries=raws, marks=marks)
        seen = before.seen if before else frozenset[int]()
        items = unseen([found], source, seen=seen, now=self.at, trusts_guids=state.guids is None)
        copies = tuple(copy_of(item, source, SourceInfo(), now=self.at) for item in items)
        self.listed.update((number, telling.article) for telling in tellings)
        changes = self.store.save(
            Poll(
                source=source,
                at=self.at,
                state=replace(state, last_poll=self.at, last_success=self.at),
                copies=copies,
                fetched=(fetched,),
                salt=SALT,
            )
        )
        again = changes.new & self.told.articles.keys()
        assert not again, f"published before, and new again: {again}"

    def publish(self) -> set[frozenset[tuple[int, int]]]:
        """Give out what stands in the store; return what is one with what, as source and article of the copies.

        What was given out before must say the same; no copy stands twice, nothing that was ever listed is missing.
        """
        self.store.save_published([Written(path="all.atom", hash=b"", size=1)], (), {}, {}, at=self.at)
        entries = self.store.listed()
        found: set[frozenset[tuple[int, int]]] = set()
        held: list[tuple[int, int, str]] = []
        for entry in entries:
            explained = self.store.explain(entry.id)
            assert explained is not None
            assert explained.id == entry.id
            copies = [copy for copy, _, _ in explained.copies]
            articles = {article_of(copy) for copy in copies}
            assert len(articles) == 1, f"{entry.id} is several articles: {articles}"
            assert self.told.articles.setdefault(entry.id, articles) == articles, f"{entry.id} meant something else"
            assert self.told.published.setdefault(entry.id, entry.published) == entry.published, "it is dated anew"
            assert self.told.first_seen.setdefault(entry.id, entry.first_seen) == entry.first_seen
            assert len(copies) == len(entry.copies) > 0
            held.extend((int(copy.source[1:]), article_of(copy), copy.local) for copy in copies)
            found.add(frozenset((int(copy.source[1:]), article_of(copy)) for copy in copies))
        assert len(held) == len(set(held)), "a copy stands in two entries"
        assert {(source, article) for source, article, _ in held} == self.listed, "an article was lost"
        return found

    def ask_about_all(self) -> None:
        """Every id that was ever given out is explained, by what it turned out to be where it was retired."""
        here = {entry.id for entry in self.store.listed()}
        for uid in self.told.articles:
            explained = self.store.explain(uid)
            assert explained is not None
            assert explained.id in here
            assert explained.first_seen <= self.told.first_seen[uid], "the older id stays"
            assert (explained.id == uid) == (uid in here)
            assert uid in (explained.id, explained.asked)


def article_of(copy: Copy) -> int:
    return next(n for n, word in enumerate(WORDS) if word in (copy.content.title or ""))


@st.composite
def histories(draw: st.DrawFn, forms: Sequence[str], *, keeps_form: bool) -> list[Step]:
    """Draw a history. keeps_form: a source goes on telling an article in the form that it began with."""
    sources = draw(st.integers(2, 4))
    form_of: dict[tuple[int, int], str] = {}
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 3))):
        documents = []
        for source in range(sources):
            tellings = []
            for article in range(TOGETHER):
                if not draw(st.booleans() if number else st.sampled_from((True, True, False))):
                    continue
                form = draw(st.sampled_from(forms))
                if keeps_form:
                    form = form_of.setdefault((source, article), form)
                tellings.append(Telling(article, form, draw(st.integers(0, 2)) if number else 0))
            documents.append(tuple(draw(st.permutations(tellings))))
        orders = [tuple(draw(st.permutations(range(sources)))) for _ in range(2)]
        steps.append(Step(tuple(documents), *orders, restart=draw(st.booleans())))
    return steps


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield paths of stores that are empty; making one takes longer than a history."""
    folder = tmp_path_factory.mktemp("histories")
    empty = folder / "empty.db"
    Store(str(empty), now=NOW).close()

    def fresh() -> Iterator[Path]:
        for _ in count():
            path = folder / "store.db"
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            shutil.copy(empty, path)
            yield path

    return fresh()


def expected(history: Sequence[Step]) -> list[set[frozenset[tuple[int, int]]]]:
    """Return what is one entry with what after each step, as source and article: all that share a name in some way."""
    told: dict[tuple[int, int], set[str]] = {}
    after = []
    for step in history:
        for source, document in enumerate(step.documents):
            for one in document:
                names = NAMES[one.form] or {f"bare {source}"}
                told[source, one.article] = {f"{one.article} {name}" for name in names}
        groups: list[tuple[set[str], set[tuple[int, int]]]] = []
        for copy, names in told.items():
            near = [group for group in groups if group[0] & names]
            groups = [group for group in groups if group not in near]
            groups.append((names.union(*(one for one, _ in near)), {copy}.union(*(copies for _, copies in near))))
        after.append({frozenset(copies) for _, copies in groups})
    return after


def lived(history: Sequence[Step], places: Iterator[Path], *, other: bool) -> list[set[frozenset[tuple[int, int]]]]:
    """Live through a history; return what is one entry with what, after each step."""
    with Life(next(places)) as life:
        after = [life.live(step, step.other if other else step.order) for step in history]
        life.ask_about_all()
    return after


thorough = settings(
    max_examples=LIVES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@thorough
@given(history=histories(JOINED, keeps_form=True))
def test_any_order_of_polls_leads_to_the_same_entries_with_the_same_copies(
    history: list[Step], places: Iterator[Path]
) -> None:
    assert lived(history, places, other=False) == lived(history, places, other=True) == expected(history)


@thorough
@given(history=histories(("parameter", "iri", "bare"), keeps_form=True))
def test_guids_and_entries_without_a_name_stay_apart_in_any_order(history: list[Step], places: Iterator[Path]) -> None:
    assert lived(history, places, other=False) == lived(history, places, other=True) == expected(history)


@thorough
@given(history=histories(FORMS, keeps_form=False))
def test_ids_mean_for_ever_what_they_meant_whatever_sources_do(history: list[Step], places: Iterator[Path]) -> None:
    lived(history, places, other=False)
