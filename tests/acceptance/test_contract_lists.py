"""Lists of feeds, by the contract: every feed in the list, kept in step with it."""

import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.acceptance.conftest import Room, item, rss
from tests.acceptance.test_contract_daemon import daemon, free_port, wait_for
from tests.fetch.site import Answer, Received

BLOGS = "{name: blogs, url: $/list.opml, kind: opml, category: blogs}"


def line(title: str, url: str, **more: str) -> str:
    told = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<outline type="rss" text="{title}" xmlUrl="{url}"{told}/>'


def folder(name: str, *lines: str) -> str:
    return f'<outline text="{name}">{"".join(lines)}</outline>'


def opml(*lines: str) -> str:
    return f'<?xml version="1.0"?><opml version="2.0"><head/><body>{"".join(lines)}</body></opml>'


def conditional(body: str, etag: str) -> Answer:
    return Answer(headers=[("ETag", etag)], body=body.encode())


def by_name(report: dict[str, object]) -> dict[str, str]:
    return {one["source"]: one["outcome"] for one in report["sources"]}  # type: ignore[attr-defined,index]


@pytest.fixture
def blogs(room: Room) -> Room:
    """A list of two feeds, one of them in folders."""
    room.write(BLOGS)
    room.put("/list.opml", opml(folder("科技", folder("Tech", line("A", "/a"))), line("B", "/b")))
    room.put("/a", rss(item("Anchor", "http://a.example/1")))
    room.put("/b", rss(item("Buoy", "http://b.example/1")))
    room.put("/c", rss(item("Chart", "http://c.example/1")))
    return room


def test_feeds_of_a_list_are_polled_with_it_and_named_after_it(blogs: Room) -> None:
    report = blogs.refresh()

    assert [(one["source"], one["kind"], one["outcome"], one["new"]) for one in report["sources"]] == [
        ("blogs", "opml", "fetched", 0),
        ("blogs/A", "feed", "fetched", 1),
        ("blogs/B", "feed", "fetched", 1),
    ]
    assert (report["polled"], report["new"]) == (3, 2)
    assert report["sources"][0]["came"] == ["blogs/A", "blogs/B"]
    assert blogs.web.paths()[0] == "/list.opml"


def test_folders_are_entry_categories_and_feeds_outside_of_them_stand_in_the_lists_own(blogs: Room) -> None:
    blogs.refresh()

    categories = {entry["title"]: set(entry["categories"]) for entry in blogs.entries()}
    assert categories == {"Anchor": {"keji", "tech"}, "Buoy": {"blogs"}}
    assert [entry.title for entry in blogs.read("category/tech.atom").entries] == ["Anchor"]


def test_a_list_that_changes_over_several_polls_is_followed(blogs: Room) -> None:
    blogs.refresh("--force")
    blogs.put("/list.opml", opml(line("B", "/b"), line("C", "/c")))
    blogs.web.requests.clear()
    second = blogs.refresh("--force")
    paths = blogs.web.paths()
    blogs.put("/list.opml", opml(line("A", "/a"), line("B", "/b")))
    third = blogs.refresh("--force")

    assert by_name(second) == {"blogs": "fetched", "blogs/B": "unchanged", "blogs/C": "fetched"}
    assert (second["sources"][0]["came"], second["sources"][0]["left"]) == (["blogs/C"], ["blogs/A"])
    assert (paths[0], sorted(paths)) == ("/list.opml", ["/b", "/c", "/list.opml"])
    assert by_name(third) == {"blogs": "fetched", "blogs/A": "unchanged", "blogs/B": "unchanged"}
    assert blogs.titles() == ["Anchor", "Buoy", "Chart"]
    assert {entry.title for entry in blogs.read("all.atom").entries} == {"Anchor", "Buoy", "Chart"}


def test_a_304_and_a_list_that_is_down_leave_its_feeds_polled(blogs: Room) -> None:
    def answer(request: Received) -> Answer:
        if request.header("if-none-match") == '"1"':
            return Answer(status=304)
        return conditional(opml(line("A", "/a"), line("B", "/b")), '"1"')

    blogs.put("/list.opml", answer)
    blogs.refresh("--force")
    same = blogs.refresh("--force")
    blogs.put("/list.opml", Answer(status=500))
    down = blogs.refresh("--force")

    assert by_name(same)["blogs"] == "unchanged"
    assert by_name(down) == {"blogs": "failed", "blogs/A": "unchanged", "blogs/B": "unchanged"}


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "[::ffff:127.0.0.1]", "LOCALHOST."])
def test_a_line_may_not_lead_to_a_private_address_however_it_is_spelled(blogs: Room, host: str) -> None:
    address = f"http://{host}:{urlsplit(blogs.web.url).port}/secret"
    blogs.put("/list.opml", opml(line("Near", "/a"), line("Far", address)))
    blogs.put("/secret", rss(item("Secret", "http://s.example/1")))

    report = blogs.refresh()

    assert by_name(report) == {"blogs": "fetched", "blogs/Near": "fetched", "blogs/Far": "failed"}
    assert "/secret" not in blogs.web.paths()
    assert blogs.titles() == ["Anchor"]


def test_a_private_address_is_read_where_the_list_allows_it_and_else_the_remedy_is_told(blogs: Room) -> None:
    blogs.put("/list.opml", opml(line("A", f"http://localhost:{urlsplit(blogs.web.url).port}/a")))

    refused = blogs.refresh("--force")
    blogs.write(BLOGS.replace("kind:", "allow_private: true, kind:"))
    allowed = blogs.refresh("--force")

    assert "`allow_private: true`" in refused["sources"][1]["error"]
    assert by_name(allowed) == {"blogs": "unchanged", "blogs/A": "fetched"}


def test_a_redirect_of_a_list_to_another_origin_makes_that_one_no_more_trusted(blogs: Room) -> None:
    port = urlsplit(blogs.web.url).port
    blogs.write(f"{{name: blogs, url: 'http://localhost:{port}/moved', kind: opml}}")
    blogs.put("/moved", Answer(status=302, headers=[("Location", f"{blogs.web.url}/list.opml")]))

    report = blogs.refresh("--force")

    assert by_name(report) == {"blogs": "failed"}


def test_headers_go_to_the_lists_own_origin_only(blogs: Room) -> None:
    port = urlsplit(blogs.web.url).port
    blogs.write(BLOGS.replace("kind:", "headers: {X-Key: word}, allow_private: true, kind:"))
    blogs.put("/list.opml", opml(line("A", "/a"), line("B", f"http://localhost:{port}/b")))

    blogs.refresh()

    keys = {request.path: request.header("x-key") for request in blogs.web.requests}
    assert keys == {"/list.opml": "word", "/a": "word", "/b": None}


def test_a_feed_of_a_list_is_named_in_every_command(blogs: Room) -> None:
    blogs.refresh()

    alone = blogs.refresh("blogs/A", "--force")
    entries = [[entry["title"] for entry in blogs.entries("--source", name)] for name in ("blogs/A", "blogs")]
    preview = blogs.run("preview", "blogs/A", "--json").json
    status = blogs.run("status", "--json").json["sources"]
    told = blogs.run("status").out

    assert by_name(alone) == {"blogs/A": "unchanged"}
    assert (entries[0], sorted(entries[1])) == (["Anchor"], ["Anchor", "Buoy"])
    assert (preview["source"], preview["kind"], len(preview["entries"])) == ("blogs/A", "feed", 1)
    assert [(one["source"], one["kind"], one["state"], one["entries"]) for one in status] == [
        ("blogs", "opml", "ok", 0),
        ("blogs/A", "feed", "ok", 1),
        ("blogs/B", "feed", "ok", 1),
    ]
    assert (status[0]["feeds"], status[1]["list"]) == (2, "blogs")
    assert any(row.split()[:2] == ["ok", "blogs"] and row.endswith("2 feeds") for row in told.splitlines())
    assert blogs.run("refresh", "blogs/Z").status == 2


def test_preview_shows_the_lines_of_a_list_and_stores_nothing(blogs: Room) -> None:
    shown = blogs.run("preview", "blogs", "--json").json
    told = blogs.run("preview", "blogs").out
    unwritten = blogs.run("preview", f"{blogs.web.url}/list.opml", "--json").json

    assert (shown["kind"], shown["entries"], shown["error"]) == ("opml", [], None)
    assert shown["feeds"] == [
        {"source": "blogs/A", "title": "A", "url": f"{blogs.web.url}/a", "categories": ["keji", "tech"]},
        {"source": "blogs/B", "title": "B", "url": f"{blogs.web.url}/b", "categories": ["blogs"]},
    ]
    assert "2 feeds" in told
    assert "blogs/A" in told
    assert (unwritten["kind"], len(unwritten["feeds"])) == ("opml", 2)
    assert not (blogs.folder / "aggregator.db").exists()


def test_check_online_asks_the_feeds_of_a_list_too(blogs: Room) -> None:
    good = blogs.run("check", "--online", "--json")
    blogs.put("/b", Answer(status=404))
    bad = blogs.run("check", "--online", "--json")

    assert good.status == 0
    assert [(one["source"], one["ok"], one["entries"]) for one in good.json["sources"]] == [
        ("blogs", True, 0),
        ("blogs/A", True, 1),
        ("blogs/B", True, 1),
    ]
    assert (bad.status, [one["ok"] for one in bad.json["sources"]]) == (1, [True, True, False])


def test_a_list_in_a_file_of_ones_own_is_read_like_any_other(blogs: Room) -> None:
    (blogs.folder / "subs.opml").write_text(opml(folder("Tech", line("A", f"{blogs.web.url}/a"))), encoding="utf-8")
    blogs.write("{name: mine, path: subs.opml, allow_private: true}")

    report = blogs.refresh()

    assert by_name(report) == {"mine": "fetched", "mine/A": "fetched"}
    assert by_name(blogs.refresh("--force")) == {"mine": "unchanged", "mine/A": "unchanged"}


def test_a_takedown_and_a_publish_know_the_feeds_of_a_list(blogs: Room) -> None:
    blogs.refresh()
    before = blogs.tree()

    published = blogs.run("publish", "--json").json
    taken = blogs.run("takedown", "http://a.example/1", "--json")
    blogs.refresh("--force")

    assert published["written"] == []
    assert blogs.tree().keys() >= before.keys()
    assert taken.status == 0
    assert blogs.titles() == ["Buoy"]


def test_plan_counts_no_feed_of_a_list_as_a_change(blogs: Room) -> None:
    blogs.refresh()

    same = blogs.run("plan", "--json").json
    blogs.write()
    without = blogs.run("plan", "--json").json

    assert same["changes"] is False
    assert without["sources"]["removed"] == ["blogs", "blogs/A", "blogs/B"]


def test_a_list_brings_no_more_than_it_is_worth_where_all_its_feeds_fail(blogs: Room) -> None:
    for path in ("/a", "/b"):
        blogs.put(path, Answer(status=500))

    ended = blogs.run("refresh")

    assert ended.status == 0
    assert "2 of 3 sources failed" in ended.out


def test_people_are_told_who_came_and_who_left(blogs: Room) -> None:
    first = blogs.run("refresh", "--force").out
    blogs.put("/list.opml", opml(line("A", "/a")))
    second = blogs.run("refresh", "--force").out

    assert "blogs: 2 feeds came: blogs/A, blogs/B" in first
    assert "blogs: 1 feed left: blogs/B" in second


def test_the_daemon_follows_a_list_without_a_restart(blogs: Room) -> None:
    blogs.write(BLOGS.replace("kind:", "every: 1s, kind:"), head="")
    blogs.put("/list.opml", opml(line("A", "/a")))
    port = free_port()
    with daemon(blogs, port):
        wait_for(port, "/all.atom", b"<title>Anchor</title>")
        blogs.put("/list.opml", opml(line("B", "/b")))
        wait_for(port, "/all.atom", b"<title>Buoy</title>")
        time.sleep(1.5)
        seen = len(blogs.web.requests)
        wait_until_asked(blogs, "/b", since=seen, times=2)

        assert "/a" not in blogs.web.paths()[seen:]
        wait_for(port, "/all.atom", b"<title>Anchor</title>")


def wait_until_asked(room: Room, path: str, *, since: int, times: int) -> None:
    end = time.monotonic() + 20
    while room.web.paths()[since:].count(path) < times:
        assert time.monotonic() < end, f"{path} was not asked {times} times"
        time.sleep(0.05)


def test_a_list_in_a_path_that_is_none_is_told_in_words(room: Room, tmp_path: Path) -> None:
    (tmp_path / "subs.opml").write_text("<html><body>no</body></html>", encoding="utf-8")
    room.write("{name: mine, path: subs.opml}")

    report = room.refresh()

    assert "no OPML" in report["sources"][0]["error"]
