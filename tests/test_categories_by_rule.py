"""Categories with rules: what stands in them, what a changed rule moves, and what that costs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.plan import plan
from tests.fakes import World, item, read_config, rss

A, B = "https://a.example/feed", "https://b.example/feed"
SOURCES = f"""
sources:
  - {{name: a, url: '{A}', category: 科技}}
  - {{name: b, url: '{B}', category: [吉林日报, 科技]}}
"""
HEAD = "site: {title: The site, url: 'https://out.example/'}\n"
RULES = "{top: {include: {title: [AI]}}, 科技: {exclude: {title: [Weather]}}}"
TITLES = {A: ["AI chip", "Gardening", "招商 talks"], B: ["ＡＩ law", "Weather"]}


def yaml(categories: str, sources: str = SOURCES) -> str:
    return f"{HEAD}categories: {categories}{sources}"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "world", yaml("{}")) as made:
        for url, titles in TITLES.items():
            made.site.put(url, feed(url, *titles))
        yield made


def feed(url: str, *titles: str) -> str:
    """Return a feed of these entries, dated 28 February and the days before."""
    told = [(title, f"{url}/{n}", f"2026-02-{28 - n % 28}T08:00:00Z") for n, title in enumerate(titles)]
    return rss(*(item(title, link, guid=link, text=f"<p>{title}.</p>", pubDate=date) for title, link, date in told))


def told(world: World, slug: str) -> set[str]:
    return {one["title"] for one in json.loads(world.read(f"category/{slug}.json"))["items"]}


def everything(world: World) -> set[str]:
    return {one["title"] for one in json.loads(world.read("all.json"))["items"]}


@pytest.mark.parametrize(
    ("categories", "slug", "expected"),
    [
        ("{科技: {include: {title: [ai]}}}", "keji", {"AI chip", "ＡＩ law"}),
        ("{科技: {exclude: {title: [ai, 'w.*r$']}}}", "keji", {"Gardening", "招商 talks"}),
        ("{keji: {exclude: {title: [ai]}}}", "keji", {"Gardening", "招商 talks", "Weather"}),
        ("{top: {include: {title: [ai]}}}", "top", {"AI chip", "ＡＩ law"}),
        ("{top: {include: {title: [ai]}, of: 吉林日报}}", "top", {"ＡＩ law"}),
        ("{top: {include: {title: [ai]}, of: [jilinribao, nowhere]}}", "top", {"ＡＩ law"}),
        ("{top: {of: [吉林日报]}}", "top", {"ＡＩ law", "Weather"}),
        ("{top: {of: [科技], exclude: {category: [吉林]}}}", "top", {"AI chip", "Gardening", "招商 talks"}),
        ("{last: {of: [top], exclude: {title: [law]}}, top: {of: [吉林日报]}}", "last", {"Weather"}),
        ("{科技: {of: [科技], include: {title: [ai]}}}", "keji", {"AI chip", "ＡＩ law"}),
        ("{fresh: {include: {age: [2d]}}}", "fresh", {"AI chip", "ＡＩ law"}),
        ("{old: {exclude: {age: ['<=2d']}, of: 吉林日报}}", "old", {"Weather"}),
    ],
)
def test_a_category_holds_what_its_rules_let_in(world: World, categories: str, slug: str, expected: set[str]) -> None:
    world.write_config(yaml(categories))
    world.refresh()
    world.publish()

    assert told(world, slug) == expected
    assert everything(world) == {title for titles in TITLES.values() for title in titles}


def test_a_changed_rule_moves_what_is_stored_and_announces_nothing_again(world: World) -> None:
    world.refresh()
    world.publish()
    before = {entry.id: (entry.updated, entry.published) for entry in world.entries}
    for categories, expected in [
        ("{科技: {include: {title: [AI]}}}", {"AI chip", "ＡＩ law"}),
        ("{科技: {include: {title: [招商]}}}", {"招商 talks"}),
        ("{}", {"AI chip", "ＡＩ law", "Gardening", "招商 talks", "Weather"}),
    ]:
        world.clock.turn(hours=1)
        text = yaml(categories)
        planned = plan(read_config(world.folder, text), now=world.clock())
        was = told(world, "keji")
        world.write_config(text)
        world.publish()

        assert told(world, "keji") == expected
        assert {entry.id: (entry.updated, entry.published) for entry in world.entries} == before
        (change,) = [feed for feed in planned.feeds if feed.path == "category/keji"]
        assert (set(change.come.values()), set(change.go.values())) == (expected - was, was - expected)
        assert not planned.announced


def test_rules_that_stay_as_they_are_cost_nothing_and_write_nothing(world: World) -> None:
    world.write_config(yaml(RULES))
    world.refresh()
    world.publish()
    before = world.tree()
    world.clock.turn(days=3)

    world.text = yaml(RULES)
    world.restart()
    world.refresh()

    assert world.publish().written == ()
    assert world.tree() == before


def test_an_edit_moves_an_entry_in_and_out(world: World) -> None:
    world.write_config(yaml("{top: {include: {title: [AI]}}}"))
    world.refresh()
    world.site.put(A, feed(A, "Chip", "Gardening with AI", "招商 talks"))
    world.clock.turn(hours=2)
    world.refresh()
    world.publish()

    assert told(world, "top") == {"Gardening with AI", "ＡＩ law"}


def test_no_source_has_more_than_its_share_whoever_came_last(world: World) -> None:
    world.site.put(A, feed(A, *(f"From a, {n}" for n in range(40))))
    world.write_config(yaml("{科技: {per_source: 2}, top: {of: [科技], per_source: 1, limit: 3}}"))
    world.refresh()
    world.publish()

    assert len(told(world, "keji")) == 4
    assert {title[:6] for title in told(world, "top")} == {"From a", "ＡＩ law"}
    assert len(told(world, "jilinribao")) == 2


def test_an_entry_says_the_categories_that_chose_it(world: World) -> None:
    world.write_config(yaml("{top: {include: {title: [law]}}}"))
    world.refresh()

    assert {entry.title: set(entry.categories) for entry in world.entries}["ＡＩ law"] == {"jilinribao", "keji", "top"}


def test_a_pattern_without_end_is_a_warning_of_the_source_it_was_met_at(world: World) -> None:
    world.site.put(A, feed(A, *("a" * 90 + f"!{n}" for n in range(30))))
    world.write_config(yaml("{科技: {exclude: {title: ['(a|aa)+$']}}}"))

    round_ = world.refresh("a")
    world.publish()

    assert len(told(world, "keji")) == 30
    (warning,) = round_.reports[0].warnings
    assert "finds no end" in warning
    assert "(a|aa)+$" in str(world.store.state("a").warnings)


def test_rules_hold_in_commands_that_do_not_read_them(world: World) -> None:
    world.write_config(yaml("{科技: {exclude: {title: [Garden]}}}"))
    world.refresh()
    world.restart()
    world.store.sync(world.config.sources[:1], [], at=world.clock(), choices=())  # as an older program would

    world.write_config(yaml("{科技: {exclude: {title: [Garden]}}}"))
    world.publish()

    assert "Gardening" not in told(world, "keji")
