"""Bad input, by the contract: a message that names place and remedy, the others go on, nothing stored is lost."""

import pytest

from tests.acceptance.conftest import Room, item, rss
from tests.fetch.site import Answer

GOOD = rss(item("One", "http://a.example/1"), item("Two", "http://a.example/2", text="x" * 200))
LIST = "kind: html_list, items: '.news li', fields: {title: a, url: a@href}"
API = "kind: json_api, items: list, fields: {title: t, url: u}"


@pytest.mark.parametrize(
    ("keys", "answer", "told"),
    [
        ("kind: feed", "<!doctype html><html><body>Hello</body></html>", ["HTML page", "kind: html_list"]),
        ("kind: feed", "", ["empty", "address"]),
        ("kind: feed", GOOD[:150], ["not well-formed", "line 1", "address"]),
        ("kind: feed", "Hello there", ["neither XML nor JSON", "address"]),
        ("kind: feed", b"\x00\xff" * 500, ["neither XML nor JSON", "address"]),
        ("kind: feed", '{"a": 1}', ["no JSON Feed", "kind: json_api"]),
        ("kind: feed, max_bytes: 1MB", GOOD.replace("x" * 200, "x" * 2_000_000), ["larger than 1 MB", "max_bytes"]),
        (LIST, "<div class='other'><p>Hello</p></div>", ["no element matches '.news li'", "aggregator preview"]),
        (LIST, "<ul class=news><li>Hello</li></ul>", ["matches 1", "none gives an entry", "fields.title"]),
        (API, '{"error": {"message": "bad key"}}', ["says that it failed", "bad key", "'list'"]),
        (API, '{"list": [{"x": 1}]}', ["none gives an entry", "fields"]),
        (API, '{"list": [{"t": "On', ["not JSON", "line 1"]),
        (API, "<html>", ["a page without JSON", "check the address"]),
    ],
)
def test_bad_answer_is_told_and_harms_nobody(room: Room, keys: str, answer: str | bytes, told: list[str]) -> None:
    known = {"kind: feed": GOOD, LIST: "<ul class=news><li><a href='http://a.example/1'>One</a></li></ul>"}
    room.write(f"{{name: bad, url: $/bad, {keys}}}", "{name: good, url: $/good}")
    room.put("/bad", known.get(keys.partition(", max_bytes")[0], '{"list": [{"t": "One", "u": "http://a.example/1"}]}'))
    room.put("/good", GOOD)
    room.refresh()
    before = room.titles()

    room.put("/bad", answer)
    room.put("/good", rss(item("Three", "http://a.example/3")))
    ended = room.run("refresh", "--json")

    bad, good = ended.json["sources"]
    assert ended.status == 0
    assert (bad["source"], bad["outcome"], good["new"]) == ("bad", "failed", 1)
    assert bad["until"] is not None
    assert [words for words in told if words not in bad["error"]] == []
    assert room.titles() == sorted([*before, "Three"])
    assert len(room.read("all.atom").entries) == len(before) + 1


def test_rest_of_a_feed_that_is_cut_off_is_asked_for_whatever_its_validators_say(room: Room) -> None:
    room.write("{name: cut, url: $/feed}")
    room.put("/feed", GOOD[: GOOD.index("xxx")], ETag='"same"')
    first = room.refresh()

    room.put("/feed", GOOD, ETag='"same"')
    second = room.refresh()

    (source,) = first["sources"]
    assert "cut off" in " ".join(source["warnings"])
    assert room.web.requests[-1].header("if-none-match") is None
    assert (first["new"], second["new"], room.titles()) == (2, 0, ["One", "Two"])
    assert "xxx" in room.read("all.atom").entries[1].content[0].value


def test_validators_of_an_answer_that_could_not_be_read_are_not_kept(room: Room) -> None:
    room.write("{name: news, url: $/feed}")
    room.put("/feed", GOOD, ETag='"good"')
    room.refresh()
    room.put("/feed", "<html><body>Maintenance</body></html>", ETag='"bad"')
    room.refresh("--force")

    room.refresh("--force")

    assert [request.header("if-none-match") for request in room.web.requests] == [None, '"good"', '"good"']


def test_post_with_broken_front_matter_is_named_with_its_line_and_the_others_are_read(room: Room) -> None:
    posts = room.folder / "posts"
    posts.mkdir()
    (posts / "2022-03-01-good.md").write_text("---\ntitle: Good\nlink: http://a.example/1\n---\nText\n", "utf-8")
    (posts / "2022-03-02-bad.md").write_text('---\ntitle: "Bad\ndate: [\n---\nText\n', "utf-8")
    room.write("{name: posts, kind: jekyll_posts, path: posts}")

    report = room.refresh()

    (source,) = report["sources"]
    (warning,) = source["warnings"]
    assert (report["new"], source["outcome"]) == (1, "fetched")
    assert warning.startswith("2022-03-02-bad.md:")
    assert "quotes" in warning


def test_all_failed_is_a_failure_of_the_run_and_one_of_two_is_not_unless_strict(room: Room) -> None:
    room.write("{name: bad, url: $/bad}", "{name: good, url: $/good}")
    room.put("/bad", Answer(status=500))
    room.put("/good", GOOD)

    assert [room.run("refresh", "--force", *more).status for more in ([], ["--strict"], ["bad"])] == [0, 1, 1]
