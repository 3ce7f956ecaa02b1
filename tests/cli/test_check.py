import json

from tests.cli.conftest import Cli, rss
from tests.fetch.site import Answer


def test_what_is_right_is_told_with_its_numbers(cli: Cli, written):
    written(
        "{name: a, url: 'https://a.example/feed', category: 吉林日报}",
        "{name: b, url: 'https://b.example/feed', category: [jilinribao, Tech News]}",
    )

    ended = cli("check")

    assert (ended.status, ended.out) == (0, "feeds.yaml is right: 2 sources in 2 categories\n")


def test_what_deserves_a_word_is_noted(cli: Cli, written):
    written("{name: a, url: 'https://a.example/feed'}", head="site: {}")

    ended = cli("check", "--json")

    assert (ended.status, ended.json) == (0, {"problems": []})
    assert "site.url is not set" in ended.err


def test_every_problem_is_a_line(cli: Cli, written):
    written("{name: a, url: 'https://a.example/feed', itmes: li}", "{name: b, path: x, kind: fed}")

    ended = cli("check")

    assert ended.status == 2
    assert [line.split(": ")[0] for line in ended.out.splitlines()] == ["feeds.yaml:4", "feeds.yaml:5"]


def test_problems_are_told_to_programs(cli: Cli, written):
    written("{name: a, url: 'https://a.example/feed', itmes: li}")

    ended = cli("check", "--json")

    assert ended.status == 2
    (problem,) = ended.json["problems"]
    assert list(problem) == ["file", "line", "path", "message"]
    assert (problem["file"], problem["line"], problem["path"]) == ("feeds.yaml", 4, "sources[0].itmes")
    assert "did you mean 'items'?" in problem["message"]


def test_online_asks_every_source_and_stores_nothing(cli: Cli, web, written, tmp_path):
    web.answers |= {"/feed": rss("boat found", "cat elected"), "/empty": rss()}
    written(
        *(f"{{name: {name}, url: '{web.url}/{name}'}}" for name in ("feed", "empty", "nothing")),
        f"{{name: off, url: '{web.url}/off', enabled: false}}",
    )

    ended = cli("check", "--online")

    lines = sorted(ended.out.splitlines()[1:])
    assert ended.status == 1
    assert lines[0] == "2 of 3 sources failed"
    assert lines[1].startswith("✓ feed: 2 entries (feed, ")
    assert lines[2].startswith("✗ empty: it answers, but has no entries")
    assert lines[3].startswith("✗ nothing: 404")
    assert sorted(web.paths()) == ["/empty", "/feed", "/nothing"]
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_online_tells_programs_about_each_source(cli: Cli, web, written):
    web.answers["/feed"] = rss("boat found")
    written(f"{{name: a, url: '{web.url}/feed'}}")

    ended = cli("check", "--online", "--json")

    assert ended.status == 0
    assert ended.json["problems"] == []
    (source,) = ended.json["sources"]
    assert source.pop("seconds") > 0
    assert source == {
        **{"source": "a", "kind": "feed", "ok": True, "entries": 1, "error": None},
        "warnings": [],
    }


def test_online_leaves_alone_whom_a_refresh_was_asked_to(cli: Cli, web, written):
    web.answers["/busy"] = Answer(status=429, headers=[("Retry-After", "3600")])
    written(f"{{name: busy, url: '{web.url}/busy'}}")
    cli("refresh")

    ended = cli("check", "--online")

    assert ended.status == 1
    assert "asked us to wait" in ended.out
    assert web.paths() == ["/busy"]


def test_schema_is_one_that_knows_kinds_and_formats(cli: Cli):
    ended = cli("schema")

    assert ended.status == 0
    assert ended.json["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "html_list" in json.dumps(ended.json)
    assert "json_feed" in json.dumps(ended.json)
