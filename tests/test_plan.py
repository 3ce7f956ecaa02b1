"""A plan says what feeds.yaml would change, and changes nothing; then it comes true."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.errors import UsageError
from aggregator.plan import FeedChange, Plan, entries_of, plan
from tests.fakes import FakeSite, World, item, read_config, rss

HEAD = "site: {title: The site, url: 'https://out.example/'}\n"
A = "  - {name: a, url: 'https://a.example/feed', category: Apples}\n"
B = "  - {name: b, url: 'https://b.example/feed', category: Pears}\n"
YAML = HEAD + "sources:\n" + A + B
MERGED = "https://a.example/same"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    site = FakeSite()
    with World(tmp_path / "world", YAML, site=site) as made:
        items = [item(f"Apple {n}", f"https://a.example/{n}", guid=f"a{n}", text=f"<p>apple {n}</p>") for n in "123"]
        site.put("https://a.example/feed", rss(*items, item("Same", MERGED, guid="https://a.example/guid", text="x")))
        pear = item("Pear", "https://b.example/1", guid="b1", text="<p>pear</p>")
        site.put("https://b.example/feed", rss(pear, item("Same", MERGED, guid="https://b.example/guid", text="x")))
        made.refresh("a")
        made.clock.turn(hours=1)
        made.refresh("b")
        made.publish()
        yield made


def planned(world: World, text: str) -> Plan:
    return plan(read_config(world.folder, text), now=world.clock())


def titles(feed: FeedChange) -> tuple[list[str], list[str]]:
    return sorted(feed.come.values()), sorted(feed.go.values())


def by_path(found: Plan) -> dict[str, tuple[list[str], list[str]]]:
    return {feed.path: titles(feed) for feed in found.feeds}


def kept(world: World) -> tuple[object, ...]:
    """Return all that the store says and all that the output holds."""
    assert world.store.path is not None
    with closing(sqlite3.connect(f"{world.store.path.as_uri()}?mode=ro", uri=True)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {table: sorted(map(repr, connection.execute(f"SELECT * FROM {table}"))) for table in tables}
    return rows, world.tree(), sorted(path.name for path in world.folder.iterdir())


EDITS: dict[str, str] = {
    "nothing": YAML,
    "another category": YAML.replace("Apples", "Plums"),
    "a source more and one less": YAML.replace("name: a, url: 'https://a.example/feed'", "name: c, url: 'https://c/'"),
    "formats": YAML + "output: {formats: [json_feed]}\n",
    "takedown": YAML + f"takedown: [{MERGED}]\n",
    "never": YAML + "identity: {never: [['https://a.example/guid', 'https://b.example/guid']]}\n",
    "retention": YAML + "retention: 1d\n",
}


@pytest.mark.parametrize("text", EDITS.values(), ids=EDITS.keys())
def test_a_plan_writes_nothing(world: World, text: str) -> None:
    (world.folder / "feeds.yaml").write_text(text)
    before = kept(world)

    planned(world, text)

    assert kept(world) == before


@pytest.mark.parametrize("text", EDITS.values(), ids=EDITS.keys())
def test_what_a_plan_says_comes_true(world: World, text: str) -> None:
    found = planned(world, text)
    before = world.tree()

    world.write_config(text)
    world.publish()

    after = world.tree()
    assert set(found.added) == after.keys() - before.keys()
    assert set(found.removed) == before.keys() - after.keys()
    assert set(found.changed) == {path for path in before.keys() & after.keys() if before[path][0] != after[path][0]}
    for feed in found.feeds:
        old = entries_of("x.json", before[f"{feed.path}.json"][0])
        new = entries_of("x.json", after[f"{feed.path}.json"][0])
        assert (feed.come.keys(), feed.go.keys()) == (new.keys() - old.keys(), old.keys() - new.keys())


def test_the_same_feeds_yaml_changes_nothing(world: World) -> None:
    found = planned(world, YAML)

    assert found == Plan()
    assert not found.is_change


def test_without_a_store_everything_appears_and_none_is_made(tmp_path: Path) -> None:
    found = plan(read_config(tmp_path, YAML), now=FakeSite().clock())

    assert found.sources.added == ("a", "b")
    assert {"all.atom", "category/apples.rss", "category/pears.html", "index.html"} <= set(found.added)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["feeds.yaml"]


def test_another_category_moves_entries_and_makes_a_feed(world: World) -> None:
    found = planned(world, YAML.replace("category: Apples", "category: [Plums, Pears]"))

    assert found.categories == ("plums",)
    assert set(found.added) == {f"category/plums.{suffix}" for suffix in ("atom", "rss", "json", "html")}
    assert found.sources.placed == ("a",)
    apples = ["Apple 1", "Apple 2", "Apple 3"]
    assert by_path(found) == {"category/apples": ([], [*apples, "Same"]), "category/pears": (apples, [])}
    ((places, moved),) = found.moves.items()
    assert places == ("category/apples", "category/pears")
    assert sorted(moved.values()) == apples
    assert found.announced == ()


def test_sources_added_removed_renamed_moved_and_back_are_told_apart(world: World) -> None:
    renamed = A.replace("name: a,", "name: apples, aliases: [a],")
    moved = B.replace("https://b.example/feed", "https://b.example/rss")
    new = "  - {name: c, url: 'https://c.example/feed'}\n"

    assert planned(world, HEAD + "sources:\n" + renamed + B).sources.renamed == (("a", "apples"),)
    assert planned(world, HEAD + "sources:\n" + A + moved).sources.moved == (
        ("b", "https://b.example/feed", "https://b.example/rss"),
    )
    changed = planned(world, HEAD + "sources:\n" + A + new)
    assert (changed.sources.added, changed.sources.removed) == (("c",), ("b",))
    assert changed.feeds == ()  # what a removed source brought stays

    world.write_config(HEAD + "sources:\n" + A)
    world.publish()
    assert planned(world, YAML).sources.returned == ("b",)


def test_a_source_that_is_read_in_another_way_is_named(world: World) -> None:
    found = planned(world, YAML.replace("category: Apples", "category: Apples, timezone: Asia/Tokyo"))

    assert found.sources.reread == ("a",)
    assert found.is_change


def test_a_lower_limit_lets_entries_go_and_a_higher_one_lets_them_come(world: World) -> None:
    small = YAML + "output: {limit: 2, window: 0s}\n"

    found = planned(world, small)

    assert {path: len(gone) for path, (_, gone) in by_path(found).items()} == {"all": 3, "category/apples": 2}
    world.write_config(small)
    world.publish()
    back = planned(world, YAML)
    assert {path: len(come) for path, (come, _) in by_path(back).items()} == {"all": 3, "category/apples": 2}
    assert back.announced == ()  # they come under the ids that they had


def test_formats_that_come_and_go_are_files_and_not_entries(world: World) -> None:
    found = planned(world, YAML + "output: {formats: [rss, html, opml]}\n")

    assert {Path(path).suffix for path in found.removed} == {".atom", ".json"}
    assert found.feeds == ()
    world.write_config(YAML + "output: {formats: [rss]}\n")
    world.publish()
    back = planned(world, YAML)
    assert {".atom", ".json"} <= {Path(path).suffix for path in back.added}
    assert back.feeds == ()


def test_what_was_never_one_is_announced_under_a_new_id(world: World) -> None:
    found = planned(world, EDITS["never"])

    (announced,) = found.announced
    assert (announced.id, announced.other) == ("https://b.example/guid", world.entry("Same").id)
    assert by_path(found) == {"all": (["Same"], []), "category/pears": (["Same"], ["Same"])}


def test_an_id_that_a_merge_retired_is_revived_by_never(world: World) -> None:
    """Two entries are bridged by a third copy; the younger id comes back, and is not new."""
    parameters = "identity: {parameters: [code]}\n"
    world.write_config(YAML + parameters)
    one, two = "https://a.example/x?code=1", "https://b.example/y?code=2"
    world.site.put("https://a.example/feed", rss(item("X", one, guid="https://a.example/x1")))
    world.refresh("a")
    world.clock.turn(hours=1)
    world.site.put("https://b.example/feed", rss(item("Y", two, guid="https://b.example/y1")))
    world.refresh("b")
    younger = world.entry("Y").id
    closing_ = f"<p>both</p><p><a href='{one}'>{one}</a></p>"
    world.clock.turn(hours=1)
    world.site.put("https://b.example/feed", rss(item("Y", two, guid="https://b.example/y1", text=closing_)))
    world.refresh("b")
    world.publish()
    explained = world.store.explain(younger)
    assert explained is not None
    assert explained.retired == (younger,)

    never = "[['https://a.example/x1', 'https://b.example/y1']]"
    found = planned(world, YAML + f"identity: {{parameters: [code], never: {never}}}\n")

    assert [one.id for one in found.revived] == [younger]
    assert found.announced == ()


def test_takedowns_that_would_be_carried_out_are_listed(world: World) -> None:
    text = YAML + f"takedown: [{MERGED}, 'https://a.example/not-yet']\n"

    found = planned(world, text)

    assert [(one.id, one.title) for one in found.taken] == [(world.entry("Same").id, "Same")]
    assert [one.id for one in found.barred] == ["https://a.example/not-yet"]
    assert found.announced == ()
    gone = ([], ["Same"])
    assert by_path(found) == {"all": gone, "category/apples": gone, "category/pears": gone}
    world.write_config(text)
    world.publish()
    assert not planned(world, text).is_change


def test_entries_whose_retention_would_be_over_are_listed(world: World) -> None:
    world.clock.turn(hours=1)
    world.site.put("https://a.example/feed", rss(item("Apple 9", "https://a.example/9", guid="a9")))
    world.refresh("a")
    world.publish()
    world.clock.turn(days=3)

    assert not planned(world, YAML).is_change
    found = planned(world, YAML + "retention: 2d\n")

    assert {one.title for one in found.expired} == {"Apple 1", "Apple 2", "Apple 3"}
    assert set(by_path(found)["category/apples"][1]) == {"Apple 1", "Apple 2", "Apple 3"}


def test_a_category_alias_is_a_file_more(world: World) -> None:
    found = planned(world, YAML + "categories: {Apples: {aliases: [old-apples]}}\n")

    assert {f"category/old-apples.{suffix}" for suffix in ("atom", "rss", "json", "html")} == set(found.added)
    assert found.feeds == ()


def test_what_was_polled_and_not_published_is_named_as_that(world: World) -> None:
    world.site.put("https://b.example/feed", rss(item("Pear 2", "https://b.example/2", guid="b2")))
    world.refresh("b")

    found = planned(world, YAML)

    assert set(found.unpublished) == {"all", "category/pears"}
    assert by_path(found)["category/pears"] == (["Pear 2"], [])


def test_a_plan_is_made_while_others_write_the_store(world: World) -> None:
    """A daemon holds the store and saves; a plan waits for nobody."""
    world.store.only_writer("a daemon").__enter__()
    stop = threading.Event()

    def poll() -> None:
        while not stop.is_set():
            world.store.save_states(world.store.states())

    daemon = threading.Thread(target=poll)
    daemon.start()
    try:
        found = [planned(world, YAML) for _ in range(3)]
    finally:
        stop.set()
        daemon.join()

    assert found == [Plan()] * 3


def test_a_file_that_somebody_spoilt_is_told_as_a_file_that_changes(world: World) -> None:
    (world.output.directory / "all.json").write_text("{")

    found = planned(world, YAML)

    assert found.changed == ("all.json",)


def test_postgresql_is_refused_for_now(world: World) -> None:
    with pytest.raises(UsageError, match="PostgreSQL"):
        planned(world, YAML + "storage: postgresql://nobody@nowhere.invalid/db\n")


@pytest.mark.parametrize("path", ["all.json", "all.atom", "all.rss"])
def test_every_format_says_which_entries_it_holds(world: World, path: str) -> None:
    assert entries_of(path, world.read(path)) == {entry.id: entry.title for entry in world.entries}
