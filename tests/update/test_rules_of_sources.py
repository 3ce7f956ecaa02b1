"""The rules of a source in its polls: ages, patterns without end, what was stored before."""

import time
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from aggregator.warned import texts
from tests.fakes import NOW, FakeSite, World, item, rss, titles

URL = "https://a.example/feed"


def feed(*days: int, text: str = "text") -> str:
    """Return a feed of entries that were published so many days before now."""
    return rss(
        *(
            item(
                f"Day {day}",
                f"https://a.example/{day}",
                guid=f"{day}",
                text=f"<p>{text} of day {day}</p>",
                pubDate=format_datetime(NOW - timedelta(days=day)),
            )
            for day in days
        )
    )


def yaml(rules: str, more: str = "") -> str:
    return f"sources: [{{name: a, url: '{URL}', {rules}}}]\n{more}"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("exclude: {age: 30d}", ["Day 1", "Day 20"]),
        ("include: {age: [7d]}", ["Day 1"]),
        ("exclude: {age: '<=1d'}, include: {age: '<2w', title: 20}", ["Day 20"]),
    ],
)
def test_what_is_too_old_when_it_is_met_is_left_out(tmp_path: Path, rules: str, expected: list[str]) -> None:
    with World(tmp_path, yaml(rules)) as world:
        world.site.put(URL, feed(1, 20, 31, 400))

        assert world.refresh().reports[0].new == len(expected)
        assert titles(world.entries) == expected


def test_what_is_stored_does_not_grow_out_of_its_age(tmp_path: Path) -> None:
    site = FakeSite()
    rules, article = "exclude: {age: 30d}", "article: {content: p}"
    for name, text in (("plain", yaml(rules)), ("paged", yaml(f"{rules}, {article}"))):
        site.clock.at = NOW
        with World(tmp_path / name, text, site=site) as world:
            for day in (1, 20):
                site.put(f"https://a.example/{day}", f"<p>page of day {day}</p>", headers={"content-type": "text/html"})
            site.put(URL, feed(1, 20, 31))
            world.refresh()
            world.publish()
            ids = {entry.id for entry in world.entries}
            world.clock.turn(days=60)
            site.put(URL, feed(1, 20, 31, text="edited"))
            edited = world.refresh()
            world.write_config(text.replace("30d", "29d"))
            again = world.refresh()

            assert titles(world.entries) == ["Day 1", "Day 20"]
            assert {entry.id for entry in world.entries} == ids
            assert edited.updated_ids == (ids if name == "plain" else set())
            assert (again.new_ids, again.updated_ids) == (set(), set())


def test_five_hundred_entries_do_not_cost_five_hundred_time_outs(tmp_path: Path) -> None:
    rules = r"exclude: {title: ['(a|aa)+$'], text: ['(b|bb)+$']}"
    identity = r"identity: {patterns: {code: '((c|cc)+)$'}}"
    bait = [
        item("a" * 90 + f"!{n}", f"https://a.example/{n}?x={'c' * 90}-{n}", guid=f"{n}", text="b" * 90 + f" {n}")
        for n in range(500)
    ]
    with World(tmp_path, yaml(rules, identity)) as world:
        world.site.put(URL, rss(*bait))

        started = time.process_time()
        (report,) = world.refresh().reports
        spent = time.process_time() - started

        assert report.new == 500
        assert spent < 12
        told = [warning for warning in report.warnings if "finds no end" in warning]
        assert [pattern in " ".join(told) for pattern in ("(a|aa)+$", "(b|bb)+$", "((c|cc)+)$")] == [True] * 3
        assert len(told) == 3
        assert set(told) <= set(texts(world.store.state("a").warnings))


def test_the_next_poll_tries_the_pattern_again(tmp_path: Path) -> None:
    with World(tmp_path, yaml("exclude: {title: ['(a|aa)+$']}")) as world:
        world.site.put(URL, rss(item("a" * 90 + "!", "https://a.example/1")))
        world.refresh()
        world.site.put(URL, rss(item("b", "https://a.example/2"), item("aaa", "https://a.example/3")))
        (report,) = world.refresh().reports

        assert (report.new, report.warnings) == (1, ())
        assert world.store.state("a").warnings == ()
