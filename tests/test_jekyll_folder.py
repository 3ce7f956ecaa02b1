"""A Jekyll site as a folder, polled again and again: posts come, change, wait, go."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import NOW, World, titles

CONFIG = "url: https://a.example\ntitle: Site of A\ntimezone: Asia/Shanghai\n"


def write(path: Path, title: str, body: str = "text of some length", head: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: {title}\n{head}---\n{body}\n", encoding="utf-8")
    return path


@pytest.fixture
def world(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "_config.yml").write_text(CONFIG)
    text = "sources:\n  - {name: site, kind: jekyll_posts, path: site, entry_categories: true}\n"
    with World(tmp_path, text) as made:
        yield made


@pytest.fixture
def posts(tmp_path) -> Path:
    return tmp_path / "site" / "_posts"


def test_one_post_of_a_site_is_the_entry_that_the_site_has(tmp_path, posts):
    write(posts / "2026-01-01-a.md", "a")
    (tmp_path / "site" / "_config.yml").write_text(CONFIG)
    text = (
        "sources:\n  - {name: site, kind: jekyll_posts, path: site}\n"
        "  - {name: one, kind: jekyll_posts, path: site/_posts/2026-01-01-a.md}\n"
    )
    with World(tmp_path, text) as world:
        world.refresh()

        (entry,) = world.entries

        assert sorted(copy[0] for copy in entry.copies) == ["one", "site"]


def test_post_that_is_deleted_leaves_its_entry(world, posts):
    gone = write(posts / "2026-01-01-a.md", "a")
    write(posts / "2026-01-02-b.md", "b")
    world.refresh()
    before = {entry.title: entry.id for entry in world.entries}
    gone.unlink()
    world.clock.turn(hours=2)

    again = world.refresh()

    assert (again.new_ids, again.updated_ids, again.reports[0].outcome) == (set(), set(), "fetched")
    assert {entry.title: entry.id for entry in world.entries} == before
    assert [entry.copies[0][0] for entry in world.entries] == ["site", "site"]


def test_folder_that_loses_all_its_posts_fails_and_keeps_what_it_had(world, posts):
    gone = write(posts / "2026-01-01-a.md", "a")
    world.refresh()
    gone.unlink()
    world.clock.turn(hours=2)

    (report,) = world.refresh().reports

    assert report.outcome == "failed"
    assert "no posts" in (report.error or "")
    assert titles(world.entries) == ["a"]


def test_post_that_comes_back_or_moves_to_another_folder_is_not_new(world, posts):
    post = write(posts / "2026-01-01-a.md", "a")
    write(posts / "2026-01-02-b.md", "b")
    world.refresh()
    text = post.read_bytes()
    post.unlink()
    world.clock.turn(hours=2)
    world.refresh()
    (posts / "deeper").mkdir()
    (posts / "deeper" / post.name).write_bytes(text)
    world.clock.turn(hours=2)

    again = world.refresh()

    assert (again.new_ids, again.updated_ids) == (set(), set())
    assert len(world.entries) == 2


def test_edited_post_updates_its_entry_and_no_other(world, posts):
    write(posts / "2026-01-01-a.md", "a")
    write(posts / "2026-01-02-b.md", "b")
    world.refresh()
    ids = {entry.title: entry.id for entry in world.entries}
    write(posts / "2026-01-01-a.md", "a", "another text altogether")
    world.clock.turn(hours=2)

    again = world.refresh()

    assert (again.new_ids, again.updated_ids) == (set(), {ids["a"]})


def test_post_of_tomorrow_comes_tomorrow_though_no_file_changes(world, posts):
    write(posts / "2026-01-01-a.md", "a")
    tomorrow = NOW + timedelta(days=1)
    write(posts / f"{tomorrow:%Y-%m-%d}-b.md", "b", head=f"date: {tomorrow:%Y-%m-%d %H:%M:%S} +0000\n")
    (first,) = world.refresh().reports
    waiting = titles(world.entries)
    world.clock.turn(hours=25)
    (second,) = world.refresh().reports
    world.clock.turn(hours=2)
    (third,) = world.refresh().reports

    assert "dated in the future" in first.warnings[0]
    assert waiting == ["a"]
    assert titles(world.entries) == ["b", "a"]
    assert (second.warnings, third.outcome) == ((), "unchanged")


def test_broken_post_among_good_ones_is_named_in_the_report(world, posts):
    write(posts / "2026-01-01-a.md", "a")
    write(posts / "2026-01-02-b.md", '"b" and more')

    (report,) = world.refresh().reports

    assert titles(world.entries) == ["a"]
    assert report.warnings[0].startswith("_posts/2026-01-02-b.md:2: the front matter is not YAML")


def test_entry_of_a_post_has_the_address_date_category_and_text_of_its_site(world, posts):
    write(posts.parent / "news" / "_posts" / "2026-01-01-early-spring.md", "早春", "one *two*\n\nthree", "tags: [x]\n")

    world.refresh()

    entry = world.full_entry("早春")
    assert entry.content.url == "https://a.example/news/2026/01/01/early-spring.html"
    assert entry.content.published is not None
    assert entry.content.published.isoformat() == "2025-12-31T16:00:00+00:00"
    assert world.entry("早春").categories == ("news",)
    assert entry.content.tags == ("x",)
    assert entry.content.summary == "one two"
    assert entry.content.html == "<p>one <em>two</em></p>\n<p>three</p>"
