"""A store is put aside and brought back, and no other file is replaced by it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.errors import UsageError
from aggregator.store.backup import back_up, bring_back
from tests.fakes import World, item, rss

FEED = "https://a.example/feed"
TEXT = f'sources: [{{name: a, url: "{FEED}"}}]'


def test_a_copy_replaces_an_earlier_copy_and_comes_back(tmp_path: Path) -> None:
    with World(tmp_path, TEXT) as world:
        store, copy = Path(world.config.storage), tmp_path / "copy.db"
        back_up(store, copy)
        world.site.put(FEED, rss(item("A")))
        world.refresh()

        back_up(store, copy)

        assert copy.read_bytes()[:15] == b"SQLite format 3"
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("SELECT count(*) FROM entries").fetchone() == (1,)


@pytest.mark.parametrize("what", ["text", "nothing", "another database", "the store", "a link to the store"])
def test_no_other_file_is_replaced_by_a_copy(tmp_path: Path, what: str) -> None:
    with World(tmp_path, TEXT) as world:
        store, target = Path(world.config.storage), tmp_path / "theirs"
        if what == "another database":
            with closing(sqlite3.connect(target)) as connection:
                connection.execute("CREATE TABLE theirs (a)")
        elif what == "the store":
            target = store
        elif what == "a link to the store":
            target.symlink_to(store)
        else:
            target.write_bytes(b"sources: []" if what == "text" else b"")
        before = target.read_bytes()

        with pytest.raises(UsageError, match="name another file"):
            back_up(store, target)

        assert target.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM ledger; END",
        "CREATE VIEW v AS SELECT * FROM ledger",
    ],
)
def test_a_copy_that_would_act_by_itself_is_not_brought_back(tmp_path: Path, statement: str) -> None:
    with World(tmp_path, TEXT) as world:
        store, copy = Path(world.config.storage), tmp_path / "copy.db"
        back_up(store, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(statement)

    with pytest.raises(UsageError, match="act by itself"):
        bring_back(copy, store)
