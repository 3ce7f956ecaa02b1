"""``aggregator explain``, ``takedown``, ``prune``, ``backup`` and ``restore`` on the command line."""

import re

import pytest

from tests.cli.conftest import Cli
from tests.fetch.site import Answer

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TEXT = "The ferry sails again from the old pier, twice a day."


def feed(*items: str, title: str) -> Answer:
    body = f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>".encode()
    return Answer(headers=[("Content-Type", "application/rss+xml")], body=body)


def story(url: str, guid: str, text: str = TEXT, title: str = "Ferry") -> str:
    return (
        f"<item><title>{title}</title><link>{url}</link><guid isPermaLink='false'>{guid}</guid>"
        f"<description>{text}</description></item>"
    )


@pytest.fixture
def told(cli: Cli, web, written) -> Cli:
    """Two sources tell one article under two addresses, a third joins them."""
    address = "https://news.example/ferry"
    web.answers |= {
        "/one": feed(story(address, "tag:news.example,2026:1"), title="One"),
        "/two": feed(story("https://two.example/x?infoCode=7", "x"), title="Two"),
        "/three": feed(story(f"{address}?infoCode=7", "3").replace(f"{address}?infoCode=7", address), title="Three"),
    }
    head = "site: {url: https://feeds.example/}\nidentity: {parameters: [infoCode]}"
    written(*(f"{{name: {name}, url: '{web.url}/{name}'}}" for name in ("one", "two", "three")), head=head)
    for name in ("one", "two", "three"):
        cli("refresh", name)
    closing = f"{TEXT} &lt;a href=&quot;{address}?infoCode=7&quot;&gt;{address}?infoCode=7&lt;/a&gt;"
    web.answers["/three"] = feed(story(address, "3", closing), title="Three")
    cli("refresh", "--force")
    return cli


def test_programs_are_told_keys_copies_and_events(told: Cli) -> None:
    explained = told("explain", "https://news.example/ferry", "--json").json

    assert explained["id"] == "tag:news.example,2026:1"
    assert {"id", "keys", "copies", "events"} <= explained.keys()
    assert all({"kind", "value", "source"} <= key.keys() for key in explained["keys"])
    assert {key["kind"] for key in explained["keys"]} == {"parameter", "url", "guid"}
    assert {"kind": "parameter", "value": "infocode=7", "source": "two"} in explained["keys"]
    assert [copy["source"] for copy in explained["copies"]] == ["one", "two", "three"]
    assert [copy["speaks"] for copy in explained["copies"]] == [True, False, False]
    assert [event["kind"] for event in explained["events"]] == ["joined", "retired"]
    assert explained["events"][1]["by"] == "parameter:infocode=7"
    assert all(TIME.fullmatch(event["at"]) for event in explained["events"])
    (retired,) = explained["retired"]
    assert told("explain", retired, "--json").json["id"] == explained["id"]
    for word in ("infoCode=7", "http://www.news.example/ferry/?utm_source=x", "https://two.example/x?infoCode=7"):
        assert told("explain", word, "--json").json["id"] == explained["id"]


def test_people_are_told_what_joined_it_who_speaks_and_why(told: Cli) -> None:
    lines = told("explain", "infocode=7").out.splitlines()

    assert lines[0] == "Ferry"
    assert "  id tag:news.example,2026:1" in lines
    assert any("retired, never used again" in line for line in lines)
    assert any(line.startswith("  ├─ one  speaks: it came first") for line in lines)
    assert any(line.startswith("  └─ three") for line in lines)
    assert any("URL news.example/ferry  (shared)" in line for line in lines)
    assert any("three joined by url:news.example/ferry" in line for line in lines)
    assert any("turned out to be the same, by parameter:infocode=7" in line for line in lines)


@pytest.mark.parametrize("word", ["https://nowhere.example/", "infoCode=8", "nonsense", ""])
def test_a_word_that_means_nothing_is_wrong_usage(told: Cli, word: str) -> None:
    ended = told("explain", word, "--json")

    assert (ended.status, ended.out) == (2, "")
    assert "no entry is known" in ended.err


def test_nothing_from_outside_plays_with_the_terminal(cli: Cli, web, written) -> None:
    web.answers["/one"] = feed(story("https://news.example/1", "\u202eevil\u2066", title="Fe\u202erry"), title="One")
    written(f"{{name: one, url: '{web.url}/one'}}")
    cli("refresh")

    out = cli("explain", "https://news.example/1").out

    assert not {"\u202e", "\u2066"} & set(out)


def test_what_is_taken_down_is_explained_and_gone_from_every_file(told: Cli, tmp_path) -> None:
    ended = told("takedown", "infoCode=7", "--reason", "a court said so", "--json")

    assert (ended.status, ended.json["id"]) == (0, "tag:news.example,2026:1")
    assert ended.json["feeds_written"] > 0
    files = [path for path in (tmp_path / "output").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"old pier" in path.read_bytes()]
    explained = told("explain", "infoCode=7", "--json").json
    assert (explained["fate"], explained["copies"], explained["title"]) == ("taken", [], None)
    assert [(event["kind"], event["reason"]) for event in explained["events"]] == [("taken", "a court said so")]
    assert "taken down: a court said so" in told("explain", "infoCode=7").out
    assert told("refresh", "--force", "--json").json["new"] == 0


def test_a_backup_comes_back_and_what_stood_there_is_kept(told: Cli, tmp_path) -> None:
    assert told("backup", "aside.db", "--json").json["bytes"] > 0
    told("takedown", "infoCode=7")

    restored = told("restore", "aside.db", "--json")

    assert restored.status == 0
    assert (tmp_path / restored.json["aside"]).exists()
    assert told("entries", "--json").json["entries"] == []
    assert told("refresh", "--force", "--json").json["new"] == 0


@pytest.mark.parametrize("body", [b"", b"nothing of ours"])
def test_a_file_that_is_no_backup_is_refused(told: Cli, tmp_path, body: bytes) -> None:
    (tmp_path / "garbage.db").write_bytes(body)
    before = told("entries", "--json").out

    ended = told("restore", "garbage.db")

    assert ended.status == 2
    assert "garbage.db" in ended.err
    assert told("entries", "--json").out == before


def test_prune_says_what_it_let_go(told: Cli) -> None:
    assert told("prune", "--json").json == {"removed": 0, "feeds_written": 0}
    assert "0 entries past retention removed" in told("prune").out


def test_what_was_renamed_parted_or_kept_away_is_told_in_words(told: Cli, web, tmp_path) -> None:
    address = "https://news.example/ferry"
    web.answers["/one"] = feed(story(address, "tag:news.example,2026:one"), title="One")
    told("refresh", "--force")
    assert "one had it as guid:tag:news.example,2026:1 and has it as guid:" in told("explain", "infoCode=7").out
    path = tmp_path / "feeds.yaml"
    parted = "[infoCode], never: [['https://two.example/x?infoCode=7', 'tag:news.example,2026:one']]"
    path.write_text(path.read_text().replace("[infoCode]", parted))
    told("refresh")
    assert "parted, as feeds.yaml says: https://two.example/x?infoCode=7 is not" in told("explain", address).out
    told("takedown", address)
    web.answers["/one"] = feed(story(address, "tag:news.example,2026:one", "Another text."), title="One")
    told("refresh", "--force")
    assert "a copy by one was kept away" in told("explain", address).out
