import re
from itertools import pairwise

import pytest

from tests.cli.conftest import Cli, rss

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
KEYS = ["id", "title", "url", "published", "updated", "first_seen", "categories", "copies"]


@pytest.fixture
def filled(cli: Cli, web, written):
    """Sixty stories, of which two sources tell the first two."""
    stories = [f"story {number}" for number in range(60)]
    web.answers["/one"] = rss(*stories[:20])
    web.answers["/two"] = rss("story 0", "story 1", title="Tide")
    web.answers["/page"] = rss(*stories[20:40])
    web.answers["/more"] = rss(*stories[40:])
    sources = [f"{{name: {name}, url: '{web.url}/{name}', category: 吉林日报}}" for name in ("one", "page", "more")]
    written(*sources, f"{{name: two, url: '{web.url}/two', category: Tech News}}")
    assert cli("refresh").status == 0
    return web


def test_every_entry_has_every_key_of_the_contract(cli: Cli, filled):
    ended = cli("entries", "--json", "--search", "STORY 1 ")

    assert list(ended.json) == ["entries"]
    entries = cli("entries", "--json", "--source", "two").json["entries"]
    assert [list(entry) for entry in entries] == [KEYS, KEYS]
    entry = entries[0]
    assert (entry["title"], entry["url"]) == ("story 0", "https://harbour.example/story-0")
    assert entry["published"] == "2026-01-05T23:00:00Z"
    assert all(TIME.fullmatch(entry[key]) for key in ("updated", "first_seen"))
    assert sorted(entry["categories"]) == ["jilinribao", "tech-news"]
    assert sorted(entry["copies"], key=lambda copy: copy["source"]) == [
        {"source": "one", "url": "https://harbour.example/story-0", "guid": "story 0"},
        {"source": "two", "url": "https://harbour.example/story-0", "guid": "story 0"},
    ]


def test_json_holds_all_unless_limited_and_people_see_fifty(cli: Cli, filled):
    everything = cli("entries", "--json").json["entries"]
    people = cli("entries")

    assert len(everything) == 60
    assert all(one["published"] >= other["published"] for one, other in pairwise(everything))
    assert len(cli("entries", "--json", "--limit", "3").json["entries"]) == 3
    assert len(people.out.splitlines()) == 100
    assert "--limit" in people.err
    assert len(cli("entries", "--limit", "3").out.splitlines()) == 6


def test_entries_are_found_by_category_source_and_text(cli: Cli, filled):
    def count(*argv: str) -> int:
        return len(cli("entries", "--json", *argv).json["entries"])

    assert count("--category", "jilinribao") == 60
    assert count("--category", "吉林日报") == 60
    assert count("--category", "tech-news") == 2
    assert count("--source", "page") == 20
    assert count("--source", f"{filled.url}/page") == 20
    assert count("--search", "About STORY 59") == 1
    assert count("--search", "nothing like it") == 0
    assert count("--search", "100%") == 0


@pytest.mark.parametrize("argv", [("--category", "nope"), ("--source", "nope")])
def test_an_unknown_category_or_source_is_wrong_usage(cli: Cli, filled, argv):
    ended = cli("entries", "--json", *argv)

    assert (ended.status, ended.out) == (2, "")
    assert "'nope'" in ended.err


def test_a_source_that_feeds_yaml_no_longer_has_may_still_be_asked_for(cli: Cli, filled, written):
    written(f"{{name: one, url: '{filled.url}/one'}}")
    cli("refresh")

    assert len(cli("entries", "--json", "--source", "page").json["entries"]) == 20


def test_without_a_store_there_is_nothing_and_none_is_made(cli: Cli, written, tmp_path):
    written("{name: a, url: 'https://a.example/feed', category: 吉林日报}")

    assert cli("entries", "--json", "--category", "吉林日报").json == {"entries": []}
    assert cli("entries", "--source", "b").status == 2
    assert "nothing is stored yet" in cli("entries").err
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_people_see_when_what_and_where(cli: Cli, filled):
    first, second = cli("entries", "--source", "two", "--limit", "1").out.splitlines()

    assert first == "2026-01-05 23:00  story 0"
    assert "jilinribao" in second
    assert "+1 · https://harbour.example/story-0" in second


def test_a_title_cannot_play_with_the_terminal(cli: Cli, web, written):
    web.answers["/feed"] = rss("a&#x202E;b&#x9B;31mred")
    written(f"{{name: a, url: '{web.url}/feed'}}")
    cli("refresh")

    ended = cli("entries")

    assert "red" in ended.out
    assert not {"\x1b", "\x9b", "\u202e"} & set(ended.out)
