"""What stays of an entry when it has left the store, and what that asks of the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import FakeSite, World, item, rss

YAML = """
retention: 10d
identity: {near_duplicates: merge}
sources:
  - {name: a, url: 'https://a.example/feed', category: Apples}
  - {name: b, url: 'https://b.example/feed', category: Pears}
"""
WORDS = " ".join(f"word {number}" for number in range(200))
OWN = " ".join(f"thought {number}" for number in range(100))
KEPT = {"ledger", "keys"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An article, a copy of it by another source, and a comment on it."""
    site = FakeSite()
    with World(tmp_path, YAML, site=site) as made:
        address = "https://a.example/1"
        site.put("https://a.example/feed", rss(item("Article", address, guid="a1", text=f"<p>{WORDS}</p>")))
        joining = item("Article", "https://b.example/1", guid="b1", text=f"<p>{WORDS}</p>")
        site.put("https://b.example/feed", rss(joining, item("Comment", address, guid="b2", text=f"<p>{OWN}</p>")))
        made.refresh("a")
        made.clock.turn(hours=1)
        made.refresh("b")
        made.publish()
        yield made


def rows(world: World, *tables: str) -> dict[str, int]:
    with world.store._read() as connection:
        counts = {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in tables}
    return {name: int(count or 0) for name, count in counts.items()}


PASSING = ("entries", "copies", "entry_categories", "relations", "fragments", "events", "likenesses")


def test_of_an_entry_past_its_retention_only_the_id_and_its_names_stay(world: World) -> None:
    before = rows(world, *PASSING)
    assert all(before.values()), before  # or the rest of this test says nothing
    kept = rows(world, *KEPT)
    for name in "ab":
        world.site.put(f"https://{name}.example/feed", rss())
    world.clock.turn(hours=1)
    world.refresh()
    world.clock.turn(days=11)

    world.store.expire(at=world.clock(), keep=world.config.retention, own={})

    assert rows(world, *PASSING) == dict.fromkeys(PASSING, 0)
    assert rows(world, *KEPT) == kept


def test_a_likeness_is_kept_as_long_as_it_is_compared_with(world: World) -> None:
    world.store.expire(at=world.clock(), keep=world.config.retention, own={})

    assert rows(world, "likenesses")["likenesses"] > 0


def test_what_was_related_to_a_taken_entry_is_no_more_and_the_rest_stays(world: World) -> None:
    world.site.put(
        "https://b.example/feed",
        rss(item("Another comment", "https://a.example/1", guid="b3", text=f"<p>{OWN[::-1]}</p>")),
    )
    world.clock.turn(hours=1)
    world.refresh("b")
    assert rows(world, "relations") == {"relations": 4}

    world.store.take_down(world.entry("Comment").id, at=world.clock())

    assert rows(world, "relations") == {"relations": 2}
    assert [link.title for link in world.full_entry("Another comment").related] == ["Article"]
