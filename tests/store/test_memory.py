"""What saving takes while it works, beside what it was given."""

import tracemalloc
from pathlib import Path

from aggregator.store import Store
from tests.fakes import NOW
from tests.store.test_contract import SOURCE, copy, poll, sync

ENTRIES = 1_200
TEXT_BYTES = 10_000  # each entry bears it twice


def test_thousands_of_texts_are_not_held_again_as_rows_while_they_are_saved(tmp_path: Path) -> None:
    found = poll(*(copy(number, f"{number}".ljust(TEXT_BYTES), text_hash=f"{number}") for number in range(ENTRIES)))
    with Store(str(tmp_path / "store.db"), now=NOW) as store:
        sync(store, SOURCE)
        tracemalloc.start()
        try:
            store.save(found)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert peak < ENTRIES * TEXT_BYTES * 2
