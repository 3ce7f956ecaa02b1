"""What changed in the store is written into the output, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from aggregator.errors import StoreError
from tests.fakes import FakeSite, World, item, rss

SITE = "site: {title: The site, url: 'https://out.example/'}"
SOURCES = """
sources:
  - {name: a, url: 'https://a.example/feed', category: Apples}
  - {name: b, url: 'https://b.example/feed', category: [Pears, Apples]}
"""
YAML = SITE + SOURCES


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, YAML) as made:
        made.site.put("https://a.example/feed", rss(item("One", "https://a.example/1", text="<p>one</p>")))
        made.site.put("https://b.example/feed", rss(item("Two", "https://b.example/2", text="<p>two</p>")))
        yield made


def told(world: World, path: str) -> list[str]:
    """Return the titles in a JSON feed, newest first."""
    return [one["title"] for one in json.loads(world.read(path))["items"]]


def changed(world: World, before: dict[str, tuple[bytes, int]]) -> set[str]:
    after = world.tree()
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def fragment_rows(world: World) -> dict[tuple[int, str], bytes]:
    with world.store._read() as connection:
        rows = connection.exec_driver_sql("SELECT entry_id, format, hash FROM fragments").all()
    return {(row[0], row[1]): bytes(row[2]) for row in rows}


# --- what is written -----------------------------------------------------------------------------


def test_every_category_has_its_files_and_all_of_them_the_front_page(world: World) -> None:
    world.refresh()
    world.publish()

    suffixes = (".atom", ".rss", ".json", ".html")
    feeds = {f"{place}{suffix}" for place in ("all", "category/apples", "category/pears") for suffix in suffixes}
    assert world.tree().keys() == feeds | {"index.html", "feeds.opml", "sources.opml", "assets/style.css"}
    assert set(told(world, "all.json")) == {"One", "Two"}
    assert told(world, "category/pears.json") == ["Two"]


def test_a_category_of_feeds_yaml_has_its_files_from_the_first_publish_on(tmp_path: Path) -> None:
    with World(tmp_path, YAML + "categories: {Plums: {title: All plums}}") as world:
        world.clock.turn(days=3)
        world.publish()

        feed = feedparser.parse(world.read("category/plums.atom"))
        assert feed.feed.title == "All plums"
        assert feed.feed.updated == world.store.born.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_nothing_changed_means_no_file_written_and_no_row_rendered(world: World) -> None:
    world.refresh()
    world.publish()
    before, rows = world.tree(), fragment_rows(world)
    world.clock.turn(days=2)
    world.refresh()

    published = world.publish()

    assert (published.written, published.removed) == ((), ())
    assert world.tree() == before
    assert fragment_rows(world) == rows


def test_looking_at_every_category_writes_nothing_that_stands_there_already(world: World) -> None:
    world.refresh()
    world.publish()
    before = world.tree()
    world.clock.turn(days=2)

    assert world.publish(everything=True).written == ()
    assert world.tree() == before


def test_only_the_feeds_that_a_new_entry_stands_in_are_written(world: World) -> None:
    world.refresh()
    world.publish()
    before, rows = world.tree(), fragment_rows(world)
    world.clock.turn(hours=1)
    one = item("One", "https://a.example/1", text="<p>one</p>")
    world.site.put("https://a.example/feed", rss(item("Three", "https://a.example/3"), one))
    world.refresh()

    published = world.publish()

    assert not [path for path in changed(world, before) if "pears" in path]
    assert "category/apples.atom" in changed(world, before)
    assert published.feeds_written == 6
    after = fragment_rows(world)
    assert rows.items() <= after.items(), "what was rendered before was rendered again"
    assert {name for _, name in after} == {name for _, name in rows}


def test_a_feeds_updated_is_that_of_its_newest_change_and_not_the_time_of_writing(world: World) -> None:
    world.refresh()
    at = world.clock()
    world.clock.turn(days=1)
    world.publish()

    assert feedparser.parse(world.read("all.atom")).feed.updated == at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_same_store_gives_the_same_bytes_in_another_folder_later(world: World, tmp_path: Path) -> None:
    world.refresh()
    world.publish()
    one = item("One", "https://a.example/1", text="<p>one, edited</p>")
    world.site.put("https://a.example/feed", rss(item("Three", "https://a.example/3", category="x"), one))
    world.clock.turn(hours=1)
    world.refresh()
    world.publish()
    before = {path: body for path, (body, _) in world.tree().items()}

    world.clock.turn(days=3)
    world.write_config(YAML + "output: {directory: elsewhere}")
    world.publish()

    assert {path: body for path, (body, _) in world.tree().items()} == before


def rebuilt(world: World, text: str) -> dict[str, bytes]:
    """Return what the same store and feeds.yaml give where nothing was rendered before."""
    with world.store._write() as connection:
        for table in ("fragments", "sections", "files"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    world.write_config(text + "\noutput: {directory: rebuilt}")
    world.publish(everything=True)
    return {path: body for path, (body, _) in world.tree().items()}


@pytest.mark.parametrize(
    "after",
    [
        YAML + "categories: {Apples: {title: All the apples}}",
        YAML + "categories: {Pears: {title: Pears, description: Only pears}}",
        YAML.replace("category: Apples", "category: Grapes"),
        YAML.replace("- {name: a, ", "- {name: c, url: 'https://c.example/'}\n  - {name: a, "),
        YAML.replace("category: Apples}", "category: Apples, title: Source A}"),
        YAML.replace("category: Apples}", "category: Apples, private: true}"),
        SITE + "\nsources: [{name: a, url: 'https://a.example/feed', category: Apples}]",
        YAML.replace("The site", "Another title"),
        YAML + "categories: {Apples: {limit: 1, max: 1}}",
        YAML + "categories: {Pears: {}, Apples: {}}",
    ],
    ids=["title", "description", "category", "source", "name", "private", "removed", "site", "limit", "order"],
)
def test_the_output_follows_feeds_yaml_at_the_next_publish(world: World, after: str) -> None:
    world.refresh()
    world.publish()
    world.clock.turn(hours=1)

    world.write_config(after)
    world.publish()
    before = {path: body for path, (body, _) in world.tree().items()}

    assert rebuilt(world, after) == before


def test_a_title_that_feeds_yaml_no_longer_gives_is_gone(world: World) -> None:
    world.write_config(YAML + "categories: {Apples: {title: All the apples}}")
    world.refresh()
    world.publish()

    world.write_config(YAML)
    world.publish()

    assert not [path for path, (body, _) in world.tree().items() if b"All the apples" in body]


def test_a_category_that_gets_its_proper_name_later_shows_it_everywhere(tmp_path: Path) -> None:
    text = SITE + "\nsources: [{name: a, url: 'https://a.example/feed', category: [ping-guo, other]}]"
    with World(tmp_path, text) as world:
        world.site.put("https://a.example/feed", rss(item("One", "https://a.example/1")))
        world.refresh()
        world.publish()
        later = text[:-1] + ", {name: b, url: 'https://b.example/feed', category: Ping Guo}]"

        world.write_config(later)
        world.publish()
        before = {path: body for path, (body, _) in world.tree().items()}

        assert b"Ping Guo" in before["category/other.atom"]
        assert rebuilt(world, later) == before


# --- limits --------------------------------------------------------------------------------------


def many(world: World, count: int) -> None:
    dated = [
        item(f"Nr {n}", f"https://a.example/{n}", pubDate=f"Sun, 01 Feb 2026 {n // 60:02}:{n % 60:02}:00 GMT")
        for n in range(count)
    ]
    world.site.put("https://a.example/feed", rss(*dated))


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("limit: 10, window: 0s", 10),
        ("limit: 10, window: 2d", 60),
        ("limit: 10, window: 2d, max: 30", 30),
        ("limit: 100, window: 2d, max: 30", 30),
    ],
)
def test_a_feed_holds_its_newest_and_all_that_came_lately_but_no_more_than_that(
    tmp_path: Path, output: str, expected: int
) -> None:
    with World(
        tmp_path, f"{SITE}\noutput: {{{output}}}\nsources: [{{name: a, url: 'https://a.example/feed'}}]"
    ) as world:
        many(world, 60)
        world.refresh()
        world.publish()

        assert told(world, "all.json") == [f"Nr {n}" for n in range(59, 59 - expected, -1)]


def test_a_window_is_counted_from_the_newest_arrival(tmp_path: Path) -> None:
    text = f"{SITE}\noutput: {{limit: 2, window: 2d}}\nsources: [{{name: a, url: 'https://a.example/feed'}}]"
    with World(tmp_path, text) as world:
        many(world, 10)
        world.refresh()
        world.clock.turn(days=3)
        many(world, 11)
        world.refresh()
        world.publish()

        assert told(world, "all.json") == ["Nr 10", "Nr 9"]


def test_what_feeds_yaml_says_of_one_category_counts_for_that_one(tmp_path: Path) -> None:
    text = f"{SITE}\noutput: {{limit: 5, window: 0s}}\ncategories: {{Few: {{limit: 2}}}}"
    with World(tmp_path, text + "\nsources: [{name: a, url: 'https://a.example/feed', category: Few}]") as world:
        many(world, 10)
        world.refresh()
        world.publish()

        assert (len(told(world, "category/few.json")), len(told(world, "all.json"))) == (2, 5)


# --- what else stands there ----------------------------------------------------------------------


def test_a_file_that_was_deleted_comes_back_and_nothing_else_is_written(world: World) -> None:
    world.refresh()
    world.publish()
    before = world.tree()
    for path in ("category/apples.rss", "index.html", "assets/style.css"):
        (world.config.output.directory / path).unlink()
    (world.config.output.directory / "category/pears.atom").write_bytes(b"half")

    published = world.publish()

    assert set(published.written) == {"category/apples.rss", "index.html", "assets/style.css", "category/pears.atom"}
    after = world.tree()
    assert {path: body for path, (body, _) in after.items()} == {path: body for path, (body, _) in before.items()}


def test_a_folder_that_was_emptied_is_filled_again(world: World) -> None:
    import shutil

    world.refresh()
    world.publish()
    before = {path: body for path, (body, _) in world.tree().items()}
    shutil.rmtree(world.config.output.directory)

    world.publish()

    assert {path: body for path, (body, _) in world.tree().items()} == before


def test_only_files_that_we_wrote_are_removed(world: World) -> None:
    world.refresh()
    world.publish()
    theirs = world.config.output.directory / "category" / "notes.txt"
    theirs.write_text("mine")
    (world.config.output.directory / "CNAME").write_text("out.example")

    world.write_config(YAML + "output: {formats: [json_feed]}")
    published = world.publish()

    assert "category/apples.atom" in published.removed
    assert set(world.tree()) == {
        "CNAME",
        "category/notes.txt",
        "all.json",
        "category/apples.json",
        "category/pears.json",
    }


def test_a_former_name_stays_a_full_copy(tmp_path: Path) -> None:
    with World(tmp_path, YAML + "categories: {Apples: {aliases: [pommes]}}") as world:
        world.site.put("https://a.example/feed", rss(item("One", "https://a.example/1")))
        world.refresh()
        world.publish()

        for suffix in (".atom", ".rss", ".json"):
            assert world.read(f"category/pommes{suffix}") == world.read(f"category/apples{suffix}")

        world.write_config(YAML)
        assert "category/pommes.atom" in world.publish().removed


def test_what_was_saved_and_not_published_before_a_kill_is_published_though_all_is_unchanged(world: World) -> None:
    world.refresh()
    world.restart()
    world.clock.turn(hours=1)

    round_ = world.refresh()
    world.publish()

    assert {report.outcome for report in round_.reports} == {"unchanged"}
    assert set(told(world, "all.json")) == {"One", "Two"}


def test_what_a_kill_left_half_written_is_swept_away(world: World) -> None:
    world.refresh()
    world.publish()
    (world.config.output.directory / "category" / ".unfinished-123-x.atom").write_bytes(b"half")

    world.publish()

    assert not [path for path in world.tree() if "unfinished" in path]


def test_an_output_that_cannot_be_written_is_said_so_and_published_once_it_can(world: World) -> None:
    world.refresh()
    world.config.output.directory.write_text("a file where the folder should be")

    with pytest.raises(StoreError, match="output"):
        world.publish()
    world.config.output.directory.unlink()
    world.publish()

    assert set(told(world, "all.json")) == {"One", "Two"}


def test_two_worlds_that_read_the_same_in_another_order_name_the_same_entries(tmp_path: Path) -> None:
    ids = []
    for name, order in (("x", "ab"), ("y", "ba")):
        site = FakeSite()
        for one in "ab":
            site.put(f"https://{one}.example/feed", rss(item("One", "https://news.example/1", text="<p>one</p>")))
        with World(tmp_path / name, YAML, site) as world:
            for one in order:
                world.refresh(one)
            world.publish()
            ids.append([entry["id"] for entry in json.loads(world.read("all.json"))["items"]])

    assert ids[0] == ids[1]
    assert len(ids[0]) == 1


def test_a_publish_of_many_days_later_says_the_time_of_nothing_but_the_content(world: World) -> None:
    world.refresh()
    world.clock.turn(days=40)
    world.publish()

    assert not [path for path, (body, _) in world.tree().items() if b"2026-04" in body or b"Apr 2026" in body]
