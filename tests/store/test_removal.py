"""What leaves the store stays away or comes back as it was: taken down, parted, past its retention, restored."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import publish
from aggregator.errors import UsageError
from aggregator.store import Store
from aggregator.store.backup import back_up, bring_back
from tests.fakes import NOW, FakeSite, World, item, rss

LONG = "<p>" + " ".join(f"Sentence {n} of a text that nobody else has." for n in range(12)) + "</p>"
ONE = item(
    "One", "https://a.example/1", text=LONG, guid="tag:a.example,2026:1", pubDate="Sun, 01 Mar 2026 08:00:00 GMT"
)
TWO = item("Two", "https://a.example/2", text="<p>Something else</p>", guid="2")
ELSEWHERE = item("One", "https://a.example/1?infoCode=7", text=LONG, guid="b-1")


def config(head: str = "", a: str = "", b: str = "") -> str:
    return f"""
site: {{title: T, url: "https://out.example/"}}
{head}
sources:
  - {{name: a, url: "https://a.example/feed", category: Apples{a}}}
  - {{name: b, url: "https://b.example/feed", category: Pears{b}}}
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "world", config()) as made:
        yield made


def say(world: World, name: str, *items: str) -> Any:
    world.site.put(f"https://{name}.example/feed", rss(*items, title=f"Feed {name}"))
    world.clock.turn(hours=1)
    (report,) = world.refresh(name).reports
    world.publish()
    return report


def prune(world: World, **span: float) -> int:
    world.clock.turn(**span)
    gone = publish.prune(world.config, world.store, now=world.clock())
    world.publish()
    return gone


def output(world: World) -> bytes:
    return b"".join(body for body, _ in world.tree().values())


def ids(world: World) -> dict[str | None, str]:
    return {entry.title: entry.id for entry in world.entries}


# --- takedown ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["tag:a.example,2026:1", "https://a.example/1", "http://www.a.example/1/?utm_source=x"]
)
def test_what_is_taken_down_is_gone_from_the_output_and_no_copy_brings_it_back(world: World, word: str) -> None:
    say(world, "a", ONE, TWO)
    assert b"nobody else has" in output(world)

    uid = world.store.take_down(word, at=world.clock(), reason="a court said so")
    world.publish()

    assert uid == "tag:a.example,2026:1"
    assert b"nobody else has" not in output(world)
    say(world, "a", TWO)
    for report in (
        say(world, "a", ONE, TWO),
        say(world, "b", item("One", "https://a.example/1", text=LONG)),
        say(world, "b", item("Other words", "https://b.example/9", guid="tag:a.example,2026:1")),
        say(world, "b", item("One", "https://a.example/1?utm_medium=b#x", text=LONG + "<p>again</p>")),
    ):
        assert (report.new, report.updated) == (0, 0)
    assert list(ids(world)) == ["Two"]
    assert b"nobody else has" not in output(world)


def test_no_trace_of_its_text_stays_in_the_store(world: World) -> None:
    say(world, "a", ONE)
    say(world, "b", item("One", "https://a.example/1", text=LONG))

    world.store.take_down("https://a.example/1", at=world.clock())

    with world.store._read() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        rows = [repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in tables]
    assert not [row for row in rows if "nobody else has" in row]


def test_what_nobody_has_seen_yet_can_be_taken_down(world: World) -> None:
    world.store.take_down("https://a.example/1", at=world.clock())

    assert say(world, "a", ONE, TWO).new == 1
    assert list(ids(world)) == ["Two"]


@pytest.mark.parametrize("word", ["https://a.example/1", "tag:a.example,2026:1", "infoCode=7", "INFOCODE=7"])
def test_takedown_in_feeds_yaml_holds_before_and_after(tmp_path: Path, word: str) -> None:
    head = "identity: {parameters: [infoCode]}"
    for when in ("before", "after"):
        with World(tmp_path / when, config(head)) as world:
            taken = config(f"{head}\ntakedown: ['{word}']")
            if when == "before":
                world.write_config(taken)
            both = ONE.replace("https://a.example/1<", "https://a.example/1?infoCode=7<")
            if word == "https://a.example/1":
                both = ONE
            say(world, "a", both, TWO)
            world.write_config(taken)
            world.publish()
            say(world, "a", both.replace("Sentence 1", "Phrase 1"), TWO)

            assert list(ids(world)) == ["Two"]


def test_a_takedown_outlives_prune_rename_and_restore_of_an_older_backup(world: World, tmp_path: Path) -> None:
    say(world, "a", ONE, TWO)
    backup = tmp_path / "backup.db"
    assert world.store.path is not None
    back_up(world.store.path, backup)
    world.store.take_down("https://a.example/1", at=world.clock())
    prune(world, days=400)
    world.write_config(config().replace("name: a,", "name: renamed, aliases: [a],"))
    restore(world, backup)

    say_as(world, "renamed", ONE.replace("Sentence 2", "Phrase 2"), TWO)

    assert list(ids(world)) == ["Two"]
    assert b"nobody else has" not in output(world)


def say_as(world: World, name: str, *items: str) -> Any:
    world.site.put("https://a.example/feed", rss(*items))
    world.clock.turn(hours=1)
    (report,) = world.refresh(name).reports
    world.publish()
    return report


def restore(world: World, backup: Path) -> None:
    """Bring a backup back, as ``aggregator restore`` does."""
    path = world.store.path
    assert path is not None
    world.store.close()
    aside = bring_back(backup, path)
    world.store = Store(str(path), now=world.clock())
    if aside is not None:
        world.store.remember(aside, at=world.clock())
    publish.sync(world.config, world.store, now=world.clock())
    world.publish(everything=True)


# --- never ---------------------------------------------------------------------------------------


def merged(world: World) -> dict[str, str]:
    """Let a third document make one entry of two; return source -> the id that its entry had."""
    say(world, "a", item("One", "https://site.example/1", text="<p>first</p>", guid="https://a.example/id"))
    say(world, "b", item("One", "https://b.example/b1", text="<p>second</p>", guid="https://b.example/id"))
    before = {entry.copies[0][0]: entry.id for entry in world.entries}
    say(world, "b", item("One", "https://site.example/1", text="<p>second</p>", guid="https://b.example/id"))
    assert [entry.id for entry in world.entries] == [before["a"]]
    return before


def test_never_prevents_what_a_shared_address_would_join(tmp_path: Path) -> None:
    never = config("identity: {never: [['https://a.example/id', 'https://b.example/id']]}")
    with World(tmp_path, never) as world:
        say(world, "a", item("One", "https://site.example/1", text="<p>first</p>", guid="https://a.example/id"))
        say(world, "b", item("One", "https://site.example/1", text="<p>first</p>", guid="https://b.example/id"))

        assert {entry.id for entry in world.entries} == {"https://a.example/id", "https://b.example/id"}


def test_a_value_that_names_nothing_joins_nothing(tmp_path: Path) -> None:
    with World(tmp_path, config("identity: {parameters: [infoCode], never: [[infoCode=0]]}")) as world:
        for name in "ab":
            say(world, name, item(f"By {name}", f"https://{name}.example/x?infoCode=0", text=f"<p>{name}</p>"))

        assert len(world.entries) == 2


@pytest.mark.parametrize(
    "pair",
    [
        ("https://a.example/id", "https://b.example/id"),
        ("https://b.example/id", "https://a.example/id"),
    ],
)
def test_never_undoes_a_merge_and_gives_the_retired_id_back(world: World, pair: tuple[str, str]) -> None:
    before = merged(world)

    world.text = config(f"identity: {{never: [['{pair[0]}', '{pair[1]}']]}}")
    world.write_config(world.text)
    world.publish()

    after = {entry.copies[0][0]: entry.id for entry in world.entries}
    assert after == before
    assert b"https://b.example/id" in world.read("category/pears.atom")
    world.restart()
    assert {entry.copies[0][0]: entry.id for entry in world.entries} == before
    assert [report.new for report in world.refresh().reports] == [0, 0]
    report = say(
        world, "b", item("One", "https://site.example/1", text="<p>second, edited</p>", guid="https://b.example/id")
    )
    assert (report.new, report.updated) == (0, 1)
    assert {entry.copies[0][0]: entry.id for entry in world.entries} == before
    explained = world.store.explain("https://b.example/id")
    assert explained is not None
    assert [event.kind for event in explained.events][-1] == "split"


# --- retention -----------------------------------------------------------------------------------


def test_what_left_its_document_goes_when_its_time_is_over_and_not_before(tmp_path: Path) -> None:
    with World(tmp_path, config("retention: 10d")) as world:
        say(world, "a", ONE, TWO)
        say(world, "a", TWO)

        assert (prune(world, days=9), prune(world, days=2)) == (0, 1)
        assert list(ids(world)) == ["Two"]
        assert b"nobody else has" not in output(world)
        assert prune(world, days=400) == 0, "it is still listed"


def test_what_comes_back_after_its_retention_keeps_id_and_dates_and_is_not_new(tmp_path: Path) -> None:
    with World(tmp_path, config("retention: 10d")) as world:
        say(world, "a", ONE, TWO)
        before = world.entry("One")
        say(world, "a", TWO)
        prune(world, days=30)

        report = say(world, "a", ONE.replace("01 Mar 2026", "30 Mar 2026"), TWO)

        assert report.new == 0
        after = world.entry("One")
        assert (after.id, after.published, after.first_seen) == (before.id, before.published, before.first_seen)


def test_a_document_that_was_empty_for_a_while_loses_nothing(tmp_path: Path) -> None:
    with World(tmp_path, config("retention: 10d")) as world:
        say(world, "a", ONE, TWO)
        say(world, "a")
        say(world, "a", ONE, TWO)

        assert prune(world, days=30) == 0
        assert len(world.entries) == 2


def test_each_source_has_its_own_retention_and_for_ever_is_for_ever(tmp_path: Path) -> None:
    with World(tmp_path, config("retention: 10d", a=", retention: forever", b=", retention: 2d")) as world:
        say(world, "a", ONE)
        say(world, "b", TWO)
        say(world, "a")
        say(world, "b")

        assert prune(world, days=3) == 1
        assert prune(world, days=4000) == 0
        assert list(ids(world)) == ["One"]


def test_a_copy_that_is_kept_keeps_its_entry(tmp_path: Path) -> None:
    with World(tmp_path, config("retention: 10d")) as world:
        say(world, "a", ONE)
        say(world, "b", item("One", "https://a.example/1", text=LONG))
        say(world, "a")

        assert prune(world, days=30) == 0
        assert list(ids(world)) == ["One"]


def test_a_removed_source_leaves_its_entries_until_retention_and_is_read_as_a_whole_when_it_returns(
    tmp_path: Path,
) -> None:
    with World(tmp_path, config("retention: 10d")) as world:
        say(world, "a", ONE, TWO)
        before = ids(world)
        whole = world.text
        world.write_config(whole.replace('  - {name: a, url: "https://a.example/feed", category: Apples}\n', ""))

        assert prune(world, days=9) == 0
        assert ids(world) == before
        assert prune(world, days=2) == 2

        world.write_config(whole)
        assert world.refresh("a").reports[0].new == 0
        assert ids(world) == before


# --- backup and restore --------------------------------------------------------------------------


def test_a_backup_is_whole_while_another_writes(world: World, tmp_path: Path) -> None:
    say(world, "a", ONE)
    path, stop, errors = world.store.path, threading.Event(), []
    assert path is not None

    def write() -> None:
        number = 0
        with Store(str(path), now=NOW) as store:
            while not stop.is_set():
                number += 1
                try:
                    store.take_down(f"https://a.example/gone/{number}", at=NOW)
                except Exception as error:
                    errors.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(path, tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join(30)

    assert not errors
    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("SELECT count(*) FROM entries").fetchone() == (1,)
    assert sorted(one.name for one in tmp_path.glob("*.db")) == [f"{n}.db" for n in range(5)]


@pytest.mark.parametrize("body", [b"", b"garbage", b"SQLite format 3\0" + b"\0" * 5000, None])
def test_what_is_no_backup_is_refused_and_nothing_is_touched(world: World, tmp_path: Path, body: bytes | None) -> None:
    say(world, "a", ONE)
    path = world.store.path
    assert path is not None
    copy = tmp_path / "copy.db"
    if body is None:
        back_up(path, copy)
        copy.write_bytes(copy.read_bytes()[:-9000])
    else:
        copy.write_bytes(body)
    before = world.entries

    with pytest.raises(UsageError):
        bring_back(copy, path)

    assert world.entries == before
    assert not [one for one in path.parent.iterdir() if "unfinished" in one.name or "before" in one.name]


def test_what_was_given_out_after_a_backup_is_not_new_after_its_restore(world: World, tmp_path: Path) -> None:
    say(world, "a", TWO)
    backup = tmp_path / "backup.db"
    assert world.store.path is not None
    back_up(world.store.path, backup)
    say(world, "a", ONE, TWO)
    before = world.entry("One")

    restore(world, backup)

    assert list(ids(world)) == ["Two"]
    assert say(world, "a", ONE, TWO).new == 0
    after = world.entry("One")
    assert (after.id, after.published, after.first_seen) == (before.id, before.published, before.first_seen)


def test_names_within_a_source_keep_their_source_over_a_restore(world: World, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    assert world.store.path is not None
    back_up(world.store.path, backup)
    three = config() + '  - {name: c, url: "https://c.example/feed"}\n'
    world.write_config(three)
    say(world, "c", item("Of c", "https://c.example/1", guid="7", text="<p>c</p>"))
    world.write_config(config() + '  - {name: d, url: "https://d.example/feed"}\n')
    restore(world, backup)
    known = world.store.explain("https://c.example/1")

    say(world, "d", item("Of d", "https://d.example/1", guid="7", text="<p>d</p>"))

    assert known is not None
    assert world.entry("Of d").id != known.id
    assert world.refresh("d").reports[0].new == 0


def test_a_backup_of_another_machine_mixes_nothing_up(world: World, tmp_path: Path) -> None:
    say(world, "a", item("Of here", "https://a.example/here", guid="7", text="<p>here</p>"))
    turned = config().replace("name: a,", "name: x,").replace("name: b,", "name: a,").replace("name: x,", "name: b,")
    site = FakeSite(clock=world.clock)
    with World(tmp_path / "other", turned, site=site) as other:
        site.put("https://a.example/feed", rss(TWO))
        other.clock.turn(hours=1)
        other.refresh()
        assert other.store.path is not None
        back_up(other.store.path, tmp_path / "backup.db")

    restore(world, tmp_path / "backup.db")
    report = say(world, "b", item("Of b", "https://b.example/7", guid="7", text="<p>quite another</p>"))

    assert report.new == 1
    explained = world.store.explain("https://a.example/here")
    assert explained is not None
    assert explained.fate == "expired"
    assert world.entry("Of b").id != explained.id


def test_a_renamed_source_keeps_its_own_names(world: World) -> None:
    say(world, "a", TWO)
    before = ids(world)
    world.write_config(config().replace("name: a,", "name: now, aliases: [a],"))

    report = say_as(world, "now", TWO.replace("https://a.example/2", "https://a.example/moved"))
    other = say(world, "b", item("Another", "https://b.example/2", guid="2", text="<p>b</p>"))

    assert (report.new, other.new) == (0, 1)
    assert ids(world).items() >= before.items()
    assert [entry.id for entry in world.entries if entry.title == "Two"] == [before["Two"]]


def test_the_time_of_a_span_is_that_of_the_last_listing(tmp_path: Path) -> None:
    with World(tmp_path, config("retention: 10d")) as world:
        say(world, "a", ONE)
        world.clock.turn(days=50)
        say(world, "a")

        assert prune(world, hours=1) == 0
        assert prune(world, days=10) == 1
        assert timedelta(days=50) < world.clock() - NOW


def test_never_on_one_source_parts_its_copies_too(world: World) -> None:
    before = merged(world)

    world.write_config(config(b=", identity: {never: [['https://a.example/id', 'https://b.example/id']]}"))

    assert {entry.copies[0][0]: entry.id for entry in world.entries} == before
