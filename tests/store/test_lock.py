"""One process writes a store at a time: a second waits, or is told who has it."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from aggregator.errors import StoreBusy, StoreError
from aggregator.store import Store
from aggregator.store.lock import only_writer
from tests.fakes import NOW

HOLD = """
import sys, time
from pathlib import Path
from aggregator.store.lock import only_writer
with only_writer(Path(sys.argv[1]), who="aggregator refresh", patience=5):
    print("held", flush=True)
    sys.stdin.read()
"""

OPEN = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from aggregator.store import Store
here = Path(sys.argv[1], str(time.monotonic_ns()))
here.touch()
while len([path for path in here.parent.iterdir() if path.suffix == ""]) < 4:
    time.sleep(0.001)
for number in range(20):
    Store(str(here.parent / f"{number}.db"), now=datetime.now(UTC)).close()
"""


def holding(path: Path) -> "subprocess.Popen[str]":
    """Return another process that has the lock, and lets go when its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_has_the_store(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.db.lock"
    with holding(path) as other:
        told = rf"aggregator\.db .* aggregator refresh \(process {other.pid}\)"
        with pytest.raises(StoreBusy, match=told), only_writer(path, who="me", patience=0.2):
            pass
        other.communicate()


def test_a_second_process_waits_for_the_first(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with holding(path) as other:
        began = time.monotonic()
        assert other.stdin is not None
        other.stdin.close()

        with only_writer(path, who="me", patience=10):
            assert time.monotonic() - began < 10
        assert other.stdout is not None
        other.stdout.close()


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with holding(path) as other:
        other.kill()
        other.wait()

        with only_writer(path, who="me", patience=0.5):
            assert f"me (process {os.getpid()})" in path.read_text()
        other.communicate()


def test_a_store_is_held_by_its_own_lock(tmp_path: Path) -> None:
    with ExitStack() as held:
        one, other = (held.enter_context(Store(str(tmp_path / name), now=NOW)) for name in ("a.db", "b.db"))
        held.enter_context(one.only_writer("refresh"))
        held.enter_context(other.only_writer("refresh"))

        with pytest.raises(StoreBusy), one.only_writer("publish", patience=0.1):
            pass


def test_processes_that_open_a_new_store_at_once_all_get_it(tmp_path: Path) -> None:
    many = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(tmp_path)], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    assert [process.communicate(timeout=60)[1] for process in many] == [""] * 4


@pytest.mark.parametrize("bad", ["folder", "text", "no-folder"])
def test_a_store_that_cannot_be_opened_is_said_so_in_one_line(tmp_path: Path, bad: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("sources: []\n" * 100)
    path = tmp_path / "text" / "store.db" if bad == "no-folder" else tmp_path / bad

    with pytest.raises(StoreError, match=bad if bad != "no-folder" else "store.db") as told:
        Store(str(path), now=NOW)

    assert "\n" not in str(told.value)


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store(str(path), now=NOW) as store, store._write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StoreError, match="newer"):
        Store(str(path), now=NOW)
