"""The output folder: files are replaced in one step, only when they differ, and only within it."""

import os
from pathlib import Path
from threading import Event, Thread

import pytest

from aggregator.errors import StoreError
from aggregator.folder import Folder, missing

UNFINISHED = f".unfinished-{os.getpid()}-a.atom"


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "output")

    assert folder.write("category/a.atom", b"one")
    folder.settle()

    assert (tmp_path / "output/category/a.atom").read_bytes() == b"one"
    assert folder.present() == {"category/a.atom": 3}


def test_a_file_that_says_the_same_is_not_touched(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.atom", b"one")
    os.utime(tmp_path / "a.atom", ns=(1, 1))

    assert not folder.write("a.atom", b"one")

    assert (tmp_path / "a.atom").stat().st_mtime_ns == 1


def test_a_reader_sees_the_old_file_or_the_new_one_and_never_a_part(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    bodies = [bytes([65 + n]) * 300_000 for n in range(2)]
    folder.write("a", bodies[0])
    seen: set[bytes] = set()
    done = Event()

    def look() -> None:
        while not done.is_set():
            seen.add((tmp_path / "a").read_bytes())

    reader = Thread(target=look)
    reader.start()
    for n in range(1, 40):
        folder.write("a", bodies[n % 2])
    done.set()
    reader.join()

    assert seen <= set(bodies)


@pytest.mark.parametrize("path", ["../out", "a/../../out", "/etc/out", "", "a//b", "./a", "a/", "a\0b", ".", "a/.."])
def test_nothing_is_written_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(StoreError, match="not a place"):
        Folder(tmp_path / "output").write(path, b"x")


def test_a_link_is_replaced_and_what_it_leads_to_left_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"theirs")
    folder = Folder(tmp_path / "output")
    folder.directory.mkdir()
    (folder.directory / "a").symlink_to(tmp_path / "theirs")

    folder.write("a", b"theirs")
    folder.write("a", b"ours")

    assert (tmp_path / "theirs").read_bytes() == b"theirs"
    assert (folder.directory / "a").read_bytes() == b"ours"


@pytest.mark.parametrize("planted", ["category", "category/archive"])
def test_a_folder_that_is_a_link_to_elsewhere_is_neither_written_nor_emptied(tmp_path: Path, planted: str) -> None:
    outside = tmp_path / "outside"
    (outside / "archive").mkdir(parents=True)
    for theirs in (outside / "a.atom", outside / "archive" / "a.atom"):
        theirs.write_bytes(b"theirs")
    folder = Folder(tmp_path / "output")
    (folder.directory / planted).parent.mkdir(parents=True)
    (folder.directory / planted).symlink_to(outside, target_is_directory=True)

    for path in (f"{planted}/a.atom", f"{planted}/new.atom", f"{planted}/archive/a.atom"):
        with pytest.raises(StoreError, match=r"cannot be written: '\w+' on the way is no folder, or a link to one"):
            folder.write(path, b"ours")
        with pytest.raises(StoreError, match="cannot be removed"):
            folder.remove(path)
    folder.settle()

    assert folder.present() == {planted: len(str(outside))}
    assert sorted(path.name for path in outside.iterdir()) == ["a.atom", "archive"]
    assert {path.read_bytes() for path in outside.rglob("*.atom")} == {b"theirs"}


@pytest.mark.parametrize("place", ["a.atom", UNFINISHED], ids=["itself", "on its way"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_that_is_a_link_to_elsewhere_is_replaced_itself(tmp_path: Path, place: str, is_there: bool) -> None:
    outside = tmp_path / "outside"
    if is_there:
        outside.write_bytes(b"theirs")
    folder = Folder(tmp_path / "output")
    folder.directory.mkdir()
    (folder.directory / place).symlink_to(outside)

    folder.write("a.atom", b"ours")
    folder.remove("a.atom")

    assert outside.exists() == is_there
    assert not is_there or outside.read_bytes() == b"theirs"


@pytest.mark.parametrize("name", ["a.atom", UNFINISHED], ids=["itself", "on its way"])
def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)

    Folder(tmp_path).write("a.atom", b"ours")

    assert (tmp_path / "a.atom").read_bytes() == b"ours"


def test_the_output_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "output").symlink_to(tmp_path / "disk")
    folder = Folder(tmp_path / "output")

    folder.write("category/a.atom", b"x")
    folder.settle()

    assert folder.present() == {"category/a.atom": 1}


def test_what_a_killed_process_left_is_swept_away_and_not_listed(tmp_path: Path) -> None:
    (tmp_path / "category").mkdir()
    (tmp_path / "category" / ".unfinished-7-a.atom").write_bytes(b"half")
    (tmp_path / "theirs").write_bytes(b"x")

    assert Folder(tmp_path).present() == {"theirs": 1}
    assert not list(tmp_path.rglob(".unfinished*"))


def test_removing_the_last_file_of_a_folder_takes_the_folder_too(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("source/a.atom", b"x")
    folder.write("category/a.atom", b"x")
    (tmp_path / "category" / "theirs").write_bytes(b"x")

    folder.remove("source/a.atom")
    folder.remove("category/a.atom")
    folder.remove("never/there")
    folder.settle()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["category"]
    assert folder.present() == {"category/theirs": 1}


def test_a_place_that_is_taken_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "category").write_bytes(b"a file")

    with pytest.raises(StoreError, match="cannot be written"):
        Folder(tmp_path).write("category/a.atom", b"x")


def test_a_folder_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    assert Folder(tmp_path / "nowhere").present() == {}


def test_files_that_are_gone_or_of_another_size_are_missing() -> None:
    assert missing([("a", 1), ("b", 2), ("c", 3)], {"a": 1, "b": 5, "x": 1}) == {"b", "c"}
