"""Warnings are kept by their sort, counted, and over when they should be."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import SourceState, Warned
from aggregator.warned import LONGEST, MOST_EXAMPLES, MOST_SORTS, QUIET, Met, remembered, texts
from tests.fakes import NOW, World, item, rss

URL = "https://a.example/feed"


def entries(*names: str, about: str = "is a story without a date") -> list[Met]:
    return [Met(about="entry", text=f"{name} {about}", names=(name,)) for name in names]


def documents(*told: str) -> list[Met]:
    return [Met(about="document", text=text) for text in told]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'gestern' is no date", "'heute, 12:30' is no date"),
        ('"a" is no date', "“b” is no date"),
        ("entry 3 of 20 has no title", "entry 17 of 20 has no title"),
        ("page https://a.example/1?x=y answers 404", "page http://b.example/ answers 404"),
        ("2022-03-02-bad.md:3: not YAML", "posts/other.markdown:7: not YAML"),
    ],
)
def test_what_differs_only_in_the_entry_is_one_sort(one: str, other: str) -> None:
    (kept,) = remembered((), documents(one, other), at=NOW, reads_document=True)

    assert (kept.count, kept.texts) == (2, (one, other))


def test_a_name_of_one_letter_is_a_word_and_no_part_of_one() -> None:
    met = [Met(about="entry", text=f"{name}: a date in {name} is bad", names=(name,)) for name in ("d", "短")]

    kept = remembered((), met, at=NOW, reads_document=True)

    assert [one.sort for one in kept] == ["…: a date in … is bad"]


def test_the_name_of_an_entry_is_known_wherever_it_stands_in_the_sentence() -> None:
    met = [*entries("Boat found", "A date is lost"), Met(about="entry", text="A date is lost", names=("Boat found",))]

    kept = remembered((), met, at=NOW, reads_document=True)

    assert [(one.sort, one.count) for one in kept] == [("… is a story without a date", 2), ("A date is lost", 1)]


def test_what_is_said_of_entries_counts_up_as_new_ones_are_read() -> None:
    kept = remembered((), entries("Boat", "Cat"), at=NOW, reads_document=True, reads_all=True)
    for day in (1, 2, 3):
        at = NOW + timedelta(days=day)
        kept = remembered(kept, entries(f"Dog {day}") if day != 2 else [], at=at, reads_document=True)

    (one,) = kept
    assert (one.count, one.polls, one.since, one.last) == (4, 3, NOW, NOW + timedelta(days=3))
    assert one.texts[0] == "Dog 3 is a story without a date"
    assert len(one.texts) == 4


def test_it_is_over_when_all_is_read_without_it_or_after_a_month() -> None:
    kept = remembered((), entries("Boat"), at=NOW, reads_document=True)

    assert remembered(kept, [], at=NOW, reads_document=True, reads_all=True) == ()
    assert remembered(kept, [], at=NOW + QUIET, reads_document=True) == kept
    assert remembered(kept, [], at=NOW + QUIET * 1.1, reads_document=True) == ()


def test_what_is_said_of_a_document_holds_until_it_is_read_without_it() -> None:
    at = NOW + timedelta(days=60)
    kept = remembered((), documents("cut off at byte 7"), at=NOW, reads_document=True)
    again = remembered(kept, documents("cut off at byte 9"), at=at, reads_document=True)

    assert [(one.count, one.polls, one.since, one.texts) for one in again] == [(1, 2, NOW, ("cut off at byte 9",))]
    assert remembered(again, [], at=at, reads_document=False) == again
    assert remembered(again, [], at=at, reads_document=True) == ()


def test_what_is_said_of_a_page_goes_with_the_wish_for_it() -> None:
    kept = remembered((), [Met(about="page", text="tried again")], at=NOW, reads_document=False, is_waiting=True)

    assert remembered(kept, [], at=NOW, reads_document=False, is_waiting=True) == kept
    assert remembered(kept, [], at=NOW, reads_document=False) == ()


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9)), max_size=200), st.booleans())
@settings(max_examples=30, deadline=None)
def test_it_never_grows_without_bound(told: list[tuple[int, int]], reads_all: bool) -> None:
    kept: tuple[Warned, ...] = ()
    met = [Met(about="entry", text=f"{'x' * 900}{'abcdefghij'[sort % 10] * (sort + 1)} '{n}'") for sort, n in told]
    for some in (met, met[::2], met):
        kept = remembered(kept, some, at=NOW, reads_document=True, reads_all=reads_all)

    assert len(kept) <= MOST_SORTS + 1
    assert all(len(text) <= LONGEST and len(one.texts) <= MOST_EXAMPLES for one in kept for text in one.texts)


def test_a_sort_too_many_is_told_in_a_number() -> None:
    met = documents(*("x" * (n + 1) for n in range(MOST_SORTS + 4)))

    kept = remembered((), met, at=NOW, reads_document=True)

    assert texts(kept)[-1] == "… and 4 sorts more"
    assert remembered(kept, met, at=NOW, reads_document=True)[-1].count == 4


def test_programs_are_told_examples_and_how_many_more_there_were() -> None:
    kept = remembered((), entries(*(f"Story {n}x" for n in range(9))), at=NOW, reads_document=True)

    assert len(texts(kept)) == MOST_EXAMPLES + 1
    assert texts(kept)[-1] == "… and 4 more like this: … is a story without a date"


# --- through the polls of a source ---------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, f"sources: [{{name: a, url: '{URL}'}}]") as made:
        yield made


def state(world: World) -> SourceState:
    return world.store.state("a")


def dated(*dates: str) -> str:
    told = [(date, f"https://a.example/{date}{n}") for n, date in enumerate(dates)]
    return rss(*(item(f"On {date}, a story", url, guid=url, text=url, pubDate=date) for date, url in told))


def test_a_source_remembers_what_was_guessed_until_all_is_read_anew(world: World) -> None:
    counts = []
    for dates in (["soonish", "whenever"], ["soonish", "whenever", "sooner"], ["soonish", "whenever", "sooner"]):
        world.site.put(URL, dated(*dates))
        world.refresh()
        world.clock.turn(hours=3)
        counts.append([one.count for one in state(world).warnings])
    (kept,) = state(world).warnings

    assert counts == [[2], [3], [3]]
    assert (kept.since, kept.polls) == (NOW, 2)
    assert kept.texts[0].startswith("On sooner, a story: ")
    assert "'sooner'" in kept.texts[0]

    world.write_config(f"sources: [{{name: a, url: '{URL}', fields: {{}}, language: de}}]")
    world.site.put(URL, dated("2026-03-01T08:00:00Z"))
    world.refresh()

    assert state(world).warnings == ()


def test_an_answer_that_is_as_it_was_and_a_failure_keep_the_warnings(world: World) -> None:
    world.site.put(URL, dated("soonish"))
    world.refresh()
    kept = state(world).warnings
    world.refresh()
    assert state(world).warnings == kept
    world.site.fail(URL)
    world.refresh()

    assert len(kept) == 1
    assert state(world).warnings == kept


def test_what_an_earlier_version_kept_is_still_told(world: World) -> None:
    with world.store._write() as connection:
        connection.exec_driver_sql("""UPDATE sources SET warnings = '["one", "two"]'""")

    assert texts(state(world).warnings) == ("one", "two")
