"""A bounded look with fixed random numbers, and everything that a longer one ever found."""

from pathlib import Path

import pytest

from aggregator import sources
from tests.fuzzing.search import document, problem, search, shrunk
from tests.fuzzing.seeds import SEEDS
from tests.fuzzing.targets import targets

CASES = sorted(Path(__file__).with_name("cases").glob("*.bin"))
DOCUMENTS = 200  # of each target: together some seconds
TARGETS = sorted(targets())


@pytest.mark.parametrize("name", TARGETS)
def test_changed_documents_are_read_or_refused(name):
    assert list(search(targets()[name], name, seed=1, count=DOCUMENTS)) == []


@pytest.mark.parametrize("name", TARGETS)
def test_documents_that_nobody_changed_are_read(name):
    assert sum(targets()[name](seed) for seed in SEEDS[name][:1]) >= 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_what_once_tripped_a_reader_up_is_read_or_refused(case):
    name = case.stem.rpartition("-")[0]
    assert problem(targets()[name], case.read_bytes(), name) is None


def test_every_kind_of_source_is_looked_at():
    assert set(sources.names()) <= set(TARGETS)


def test_a_fault_is_found_and_made_small():
    def trips_over_two_entries(body):
        if body.count(b"<entry>") > 1:
            raise ValueError("two")
        return 1

    found = list(search(trips_over_two_entries, "feed", seed=3, count=400))
    assert found
    assert shrunk(trips_over_two_entries, found[0][0], "feed").count(b"<entry>") == 2
    assert len(shrunk(trips_over_two_entries, found[0][0], "feed")) < 40


def test_the_same_numbers_give_the_same_document():
    assert document("feed", 5, 17) == document("feed", 5, 17) != document("feed", 5, 18)
