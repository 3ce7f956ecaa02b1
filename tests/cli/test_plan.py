"""``aggregator plan`` tells people in a few lines, and programs in one object, what would change."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, rss, tree
from tests.fetch.site import Site


@pytest.fixture
def published(cli: Cli, web: Site, written: Callable[..., Path]) -> str:
    """A source that was polled and published; its line in feeds.yaml."""
    web.answers["/feed"] = rss("Tide tables", "A new pier", "Fog", "Gulls", "Nets")
    line = f"{{name: harbour, url: '{web.url}/feed', category: Harbour}}"
    written(line)
    assert cli("refresh").status == 0
    return line


def test_nothing_to_change_is_said(cli: Cli, published: str) -> None:
    ended = cli("plan")

    assert ended.status == 0
    assert ended.out == "nothing changes: subscribers see what they saw\n"
    assert cli("plan", "--json").json["changes"] is False


def test_people_are_told_what_moves_and_programs_by_which_ids(
    cli: Cli, published: str, written: Callable[..., Path]
) -> None:
    written(published.replace("category: Harbour", "category: Port"), "{name: other, url: 'https://other.invalid/'}")

    ended, told = cli("plan"), cli("plan", "--json").json

    assert ended.status == 0
    lines = ended.out.splitlines()
    assert "  + other: new; its first poll tells what it brings" in lines
    assert "  ~ harbour: other categories, priority or privacy" in lines
    assert any(line.startswith("  + category/port (.atom, ") for line in lines)
    assert "  ~ category/harbour: 5 entries go" in lines
    assert "      - … and 2 more (-v shows them)" in lines
    assert told["changes"] is True
    assert told["sources"]["added"] == ["other"]
    assert told["categories"] == {"added": ["port"]}
    (feed,) = told["feeds"]
    assert feed["path"] == "category/harbour"
    assert feed["come"] == []
    assert len(feed["go"]) == 5


def test_all_titles_are_shown_to_who_asks(cli: Cli, published: str, written: Callable[..., Path]) -> None:
    written(published.replace("category: Harbour", "category: Port"))

    titles = ("Tide tables", "A new pier", "Fog", "Gulls", "Nets")

    assert sum(title in cli("plan").out for title in titles) == 3
    assert sum(title in cli("plan", "-v").out for title in titles) == 5


def test_an_edited_copy_beside_feeds_yaml_is_planned(cli: Cli, published: str, tmp_path: Path) -> None:
    before = tree(tmp_path / "output")
    edited = tmp_path / "edited.yaml"
    edited.write_text((tmp_path / "feeds.yaml").read_text() + "\ntakedown: ['https://harbour.example/Fog']\n")

    ended = cli("plan", "-c", "edited.yaml")

    assert (ended.status, ended.err) == (0, "")
    assert any("Fog" in line and line.endswith(": is taken down") for line in ended.out.splitlines())
    assert tree(tmp_path / "output") == before
    assert cli("plan").out.startswith("nothing changes")


def test_one_entry_is_spoken_of_as_one(cli: Cli, published: str, tmp_path: Path) -> None:
    edited = tmp_path / "edited.yaml"
    edited.write_text((tmp_path / "feeds.yaml").read_text() + "\ntakedown: ['https://harbour.example/Fog']\n")

    assert "  ~ all: 1 entry goes" in cli("plan", "-c", "edited.yaml").out.splitlines()


def test_an_address_with_a_secret_is_not_shown(cli: Cli, published: str, written: Callable[..., Path]) -> None:
    written("{name: harbour, url: 'https://me:secret@harbour.invalid/feed', category: Harbour}")

    for ended in (cli("plan"), cli("plan", "--json")):
        assert "harbour.invalid" in ended.out
        assert "secret" not in ended.out


def test_a_plan_before_the_first_poll_makes_no_store(cli: Cli, written: Callable[..., Path], tmp_path: Path) -> None:
    written("{name: new, url: 'https://new.invalid/feed'}")

    ended = cli("plan")

    assert ended.status == 0
    assert "  + new: new; its first poll tells what it brings" in ended.out.splitlines()
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_postgresql_is_refused_and_a_wrong_feeds_yaml_explained(cli: Cli, written: Callable[..., Path]) -> None:
    written("https://a.example/", head="storage: postgresql://nobody@nowhere.invalid/db")
    assert cli("plan").status == 2

    written("{nmae: a, url: 'https://a.example/'}")
    ended = cli("plan")
    assert ended.status == 2
    assert "unknown key" in ended.err
