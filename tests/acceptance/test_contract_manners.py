"""Manners, by the contract: what is asked how often, and what `status` tells of what servers asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acceptance.conftest import Room, item, rss
from tests.fetch.site import Answer, Received

FEED = rss(item("Harbour", "http://a.example/1")).encode()


def feed(*headers: tuple[str, str], etag: str | None = '"1"', body: bytes = FEED) -> Any:
    """Return a feed. etag: None for a server that gives no validators."""

    def answer(request: Received) -> Answer:
        told = [("Content-Type", "application/rss+xml"), *headers, *([("ETag", etag)] if etag else [])]
        is_same = etag is not None and request.header("if-none-match") == etag
        return Answer(status=304 if is_same else 200, headers=told, body=b"" if is_same else body)

    return answer


def health(room: Room, name: str) -> dict[str, Any]:
    (found,) = [one for one in room.run("status", "--json").json["sources"] if one["source"] == name]
    return dict(found)


def ahead(moment: str) -> timedelta:
    """Return how far a time of a report lies ahead."""
    return datetime.fromisoformat(moment) - datetime.now(UTC)


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_a_source_is_asked_once_an_hour_and_without_validators_once_a_day(room: Room) -> None:
    posts = "{name: posts, path: posts, kind: jekyll_posts}"
    room.write("{name: good, url: $/good}", "{name: bare, url: $/bare}", "{name: mine, url: $/mine, every: 10m}", posts)
    room.put("/good", feed())
    room.put("/bare", feed(etag=None))
    room.put("/mine", feed(etag=None))
    (room.folder / "posts").mkdir()
    (room.folder / "posts" / "2026-01-01-a.md").write_text("---\ntitle: A\n---\nText\n")
    room.refresh()

    assert HOUR - MINUTE < ahead(health(room, "good")["next_poll"]) < 1.2 * HOUR
    bare = health(room, "bare")
    assert ahead(bare["next_poll"]) > 24 * HOUR - MINUTE
    (sentence,) = bare["asked"]
    assert sentence.startswith("asked once a day, as its server gives no validators")
    assert "`every`" in sentence
    assert ahead(health(room, "mine")["next_poll"]) <= 10 * MINUTE
    assert ahead(health(room, "posts")["next_poll"]) < 1.2 * HOUR


def test_polling_max_that_is_written_holds_without_validators_too(room: Room) -> None:
    room.write("{name: bare, url: $/bare}", head="")
    path = room.folder / "feeds.yaml"
    path.write_text(path.read_text().replace("{pause: 0s}", "{pause: 0s, max: 3h}"))
    room.put("/bare", feed(etag=None))
    room.refresh()

    assert 3 * HOUR - MINUTE < ahead(health(room, "bare")["next_poll"]) <= 3 * HOUR


def test_nobody_is_asked_before_the_due_time_however_often_a_timer_runs(room: Room) -> None:
    room.write("{name: a, url: $/a}", "{name: b, url: $/b, every: 1h}", "{name: c, url: $/c}")
    for name in "ab":
        room.put(f"/{name}", feed())
    room.refresh("--due")
    room.web.requests.clear()

    for _ in range(5):
        report = room.refresh("--due")
        assert report["polled"] == 0

    assert room.web.requests == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_us_to_wait_is_left_alone_and_status_says_until_when(room: Room, status: int) -> None:
    room.write("{name: busy, url: $/busy}")
    room.put("/busy", Answer(status=status, headers=[("Retry-After", "7200")]))
    room.refresh()
    room.web.requests.clear()
    report = room.refresh("busy")

    assert (report["skipped"], room.web.requests) == (1, [])
    told = health(room, "busy")
    until = datetime.fromisoformat(told["wait_until"])
    assert (told["state"], told["failures"], told["wait_reason"]) == ("waiting", 0, "retry-after")
    assert 1.9 * HOUR < until - datetime.now(UTC) < 2 * HOUR
    assert told["asked"][0].startswith("asked us to wait until ")
    assert told["asked"][0].endswith(f"{until:%H:%M} UTC ({status})")
    assert "asked us to wait until" in room.run("status").out


def test_a_page_that_is_gone_is_asked_no_more_until_it_is_named(room: Room) -> None:
    room.write("{name: old, url: $/old}", "{name: good, url: $/good}")
    room.put("/old", Answer(status=410))
    room.put("/good", feed())
    room.refresh()
    room.web.requests.clear()

    skipped = {one["source"]: one for one in room.refresh()["sources"]}["old"]
    assert skipped["outcome"] == "skipped"
    assert skipped["error"].startswith(f"gone since {datetime.now(UTC):%Y-%m-%d}")
    assert "/old" not in room.web.paths()
    told = health(room, "old")
    assert (told["state"], told["next_poll"]) == ("gone", None)
    assert told["asked"][0].startswith(f"gone since {datetime.now(UTC):%Y-%m-%d}")

    room.put("/old", feed())
    assert room.refresh("old")["polled"] == 1
    assert health(room, "old")["state"] == "ok"


def test_what_fails_is_told_since_when_how_often_and_when_it_is_tried_again(room: Room) -> None:
    room.write("{name: bad, url: $/bad}")
    room.put("/bad", Answer(status=500))
    room.refresh()
    since = health(room, "bad")["failing_since"]
    room.refresh("bad")

    told = health(room, "bad")

    assert (told["state"], told["failures"], told["failing_since"]) == ("failing", 2, since)
    assert told["asked"][0].startswith("failing since ")
    assert ", 2 times in a row, next try " in told["asked"][0]
    assert "500" in told["asked"][0]


def test_freshness_is_kept_to_also_when_it_comes_with_a_304(room: Room) -> None:
    room.write("{name: a, url: $/a, every: 5m}")
    room.put("/a", feed())
    room.refresh()
    room.put("/a", feed(("Cache-Control", "max-age=10800")))
    assert room.refresh()["unchanged"] == 1

    told = health(room, "a")

    assert 2.9 * HOUR < ahead(told["next_poll"]) <= 3 * HOUR
    assert told["asked"][0].startswith("its answer is fresh until ")
    assert room.refresh()["skipped"] == 1


def test_discovery_and_first_poll_cost_one_request_for_each_address(room: Room) -> None:
    room.put(
        "/", b"<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head><body>b</body></html>"
    )
    room.put("/feed", feed())
    room.write()
    assert room.run("sources", "add", f"{room.web.url}/").status == 0
    room.refresh()

    assert sorted(room.web.paths()) == ["/", "/feed"]
    assert room.titles() == ["Harbour"]


def test_two_sources_with_one_address_are_one_request_at_every_poll(room: Room) -> None:
    upper = room.web.url.replace("http://", "HTTP://")
    room.write("{name: a, url: $/feed, category: x}", f"{{name: b, url: '{upper}/feed#top', category: y}}")
    room.put("/feed", feed())
    for polls in range(1, 4):
        room.refresh()
        assert len(room.web.requests) == polls

    (entry,) = room.entries()
    assert sorted(entry["categories"]) == ["x", "y"]
    assert [request.header("if-none-match") for request in room.web.requests] == [None, '"1"', '"1"']


def test_a_permanent_redirect_is_told_and_feeds_yaml_stays_as_it_is(room: Room) -> None:
    room.write("{name: a, url: $/old}")
    before = (room.folder / "feeds.yaml").read_bytes()
    room.put("/old", Answer(status=301, headers=[("Location", "/feed")]))
    room.put("/feed", feed())
    room.refresh()
    room.refresh()

    told = health(room, "a")

    assert (told["moved_to"], len(told["moved_days"])) == (f"{room.web.url}/feed", 1)
    assert told["asked"] == [
        f"moved to {room.web.url}/feed, seen on 1 day; asked there directly once 3 days have said so"
    ]
    assert told["url"] == f"{room.web.url}/old"
    assert room.web.paths() == ["/old", "/feed"] * 2
    assert room.web.requests[-1].header("if-none-match") == '"1"'
    assert (room.folder / "feeds.yaml").read_bytes() == before
