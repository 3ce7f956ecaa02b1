"""When one source is asked, over days of a timer that runs every ten minutes: what its server said decides."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from aggregator.errors import StoreError
from tests.fakes import World, item, rss, titles

URL = "https://a.example/feed"
ONE, TWO = item("One", "https://a.example/1"), item("Two", "https://a.example/2")
HOUR = timedelta(hours=1)
STEP = timedelta(minutes=10)
Made = Callable[[str], World]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """Make a world of one source with these words of its own."""
    worlds: list[World] = []

    def make(words: str = "", head: str = "") -> World:
        world = World(tmp_path / str(len(worlds)), f"{head}\nsources: [{{name: a, url: '{URL}'{words}}}]")
        world.site.put(URL, rss(ONE))
        worlds.append(world)
        return world

    yield make
    for world in worlds:
        world.store.close()


def asked(world: World, *, days: float, restarts: bool = False, step: timedelta = STEP) -> list[datetime]:
    """Let a timer refresh what is due for so long; return when the source was asked."""
    end, times = world.clock() + timedelta(days=days), []
    while world.clock() < end:
        if restarts:
            world.restart()
        world.site.forget()
        world.refresh(due=True, force=False)
        times += [world.clock()] * len(world.site.asked)
        world.clock.at += step
    return times


def gaps(times: list[datetime]) -> list[timedelta]:
    return [later - earlier for earlier, later in pairwise(times)]


@pytest.mark.parametrize("restarts", [False, True])
def test_conditional_requests_are_an_hour_apart_at_least_restarts_or_none(made: Made, restarts: bool) -> None:
    times = asked(made(), days=1, restarts=restarts, step=2 * STEP)

    assert len(times) > 3
    assert min(gaps(times)) >= HOUR


def test_requests_for_the_whole_document_are_a_day_apart_though_its_bytes_are_equal(made: Made) -> None:
    world = made()
    world.site.put(URL, rss(ONE), etag="")

    times = asked(world, days=4, step=HOUR)

    assert len(times) >= 3
    assert min(gaps(times)) >= 24 * HOUR
    assert max(gaps(times)) <= 27 * HOUR
    assert world.store.state("a").failures == 0


def test_a_last_modified_alone_is_a_validator(made: Made) -> None:
    world = made()
    world.site.put(URL, rss(ONE), etag="", headers={"last-modified": "Sun, 01 Mar 2026 08:00:00 GMT"})

    assert max(gaps(asked(world, days=2))) <= 13 * HOUR


@pytest.mark.parametrize(
    ("words", "head", "longest"),
    [(", every: 30m", "", 0.5 * HOUR), ("", "polling: {every: 2h}", 2 * HOUR), ("", "polling: {max: 3h}", 3 * HOUR)],
)
def test_what_the_operator_wrote_counts_for_the_whole_document_too(
    made: Made, words: str, head: str, longest: timedelta
) -> None:
    world = made(words, head)
    world.site.put(URL, rss(ONE), etag="")

    assert max(gaps(asked(world, days=1))) <= longest + STEP


def test_validators_that_come_and_go_change_how_often_the_source_is_asked(made: Made) -> None:
    world = made()
    world.site.put(URL, rss(ONE), etag="")
    asked(world, days=2, step=HOUR)
    world.site.put(URL, rss(ONE))
    times = asked(world, days=3, step=HOUR)
    assert min(gaps(times)[1:]) < 13 * HOUR

    world.site.put(URL, rss(ONE), etag="")
    assert min(gaps(asked(world, days=4, step=HOUR))) >= 24 * HOUR


def test_a_folder_of_this_machine_is_looked_at_as_often_as_ever(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "2026-01-01-a.md").write_text("---\ntitle: A\n---\nText\n")
    with World(tmp_path, "sources: [{name: a, path: posts}]") as world:
        polls = []
        for _ in range(24 * 6):
            report = world.refresh(due=True, force=False).reports[0]
            polls += [world.clock()] if report.outcome != "skipped" else []
            world.clock.at += STEP

    assert max(gaps(polls)) <= 13 * HOUR


def test_the_same_body_under_another_etag_is_asked_for_with_the_new_one(made: Made) -> None:
    world = made()
    for etag in ('"1"', 'W/"2"', '"3"'):
        world.site.put(URL, rss(ONE), etag=etag)
        world.refresh()
        world.site.forget()
        assert [report.outcome for report in world.refresh().reports] == ["unchanged"]
        assert world.site.requests[0].etag == etag


def test_freshness_that_comes_with_a_304_counts_up_to_max(made: Made) -> None:
    world = made(", every: 10m")
    asked(world, days=0.1)
    world.site.put(URL, rss(ONE), headers={"cache-control": "max-age=18000"})
    assert min(gaps(asked(world, days=1))[1:]) == 5 * HOUR

    world.site.put(URL, rss(ONE), headers={"expires": "Sun, 01 Mar 2037 08:00:00 GMT"})
    assert max(gaps(asked(world, days=3))) == 12 * HOUR


@pytest.mark.parametrize("status", [429, 503])
def test_nobody_is_asked_before_the_time_that_a_server_names_and_it_is_no_failure(made: Made, status: int) -> None:
    world = made(", every: 10m")
    world.site.fail(URL, status, retry_after=5 * HOUR)

    times = asked(world, days=3)

    assert min(gaps(times)) >= 5 * HOUR
    assert max(gaps(times)) <= 5.5 * HOUR + STEP
    assert world.store.state("a").failures == 0


@pytest.mark.parametrize("status", [403, 429])
def test_who_turns_us_away_without_a_word_is_left_alone_for_hours_and_longer_each_time(made: Made, status: int) -> None:
    world = made(", every: 10m")
    world.site.fail(URL, status)

    apart = gaps(asked(world, days=3, step=HOUR))

    assert apart[0] >= 4 * HOUR
    assert apart[1] >= 8 * HOUR
    assert len(apart) >= 2


@pytest.mark.parametrize("failure", [404, 500, None])
def test_what_fails_is_asked_ever_more_seldom_and_never_given_up(made: Made, failure: int | None) -> None:
    world = made(", every: 1h")
    world.site.fail(URL, failure)

    times = asked(world, days=90, step=6 * HOUR)

    assert gaps(times)[0] == 6 * HOUR
    assert max(gaps(times)) <= timedelta(days=7, hours=6)
    assert times[-1] > world.clock() - timedelta(days=8)
    assert len(times) < 60
    state = world.store.state("a")
    assert state.error
    assert state.failing_since == times[0]
    world.site.put(URL, rss(ONE))
    assert asked(world, days=8, step=6 * HOUR)
    assert (world.store.state("a").failures, titles(world.entries)) == (0, ["One"])


def test_what_is_gone_is_asked_no_more_and_every_refresh_reports_it(made: Made) -> None:
    world = made()
    asked(world, days=1)
    world.site.fail(URL, 410)

    times = asked(world, days=30, step=6 * HOUR)

    assert len(times) == 1
    (report,) = world.refresh(force=False).reports
    assert report.outcome == "skipped"
    assert str(report.error).startswith(f"gone since {times[0]:%Y-%m-%d}")


@pytest.mark.parametrize("cut", [b"", b"<html><body>Be right back</body></html>", b"\x00\x01"])
def test_what_could_not_be_read_is_asked_for_with_the_validators_of_what_could(made: Made, cut: bytes) -> None:
    world = made()
    world.refresh()
    before = world.store.fetched("a", URL)
    world.site.put(URL, cut, etag='"broken"')
    world.refresh()
    world.site.forget()
    world.refresh()

    assert before is not None
    assert [request.etag for request in world.site.requests] == [before.validators.etag]


def test_what_could_not_be_saved_comes_again_whole(made: Made) -> None:
    world = made()
    world.refresh()
    before = world.store.fetched("a", URL)
    with world.store._write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON copies BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    world.site.put(URL, rss(TWO, ONE))
    with pytest.raises(StoreError):
        world.refresh()
    assert world.store.fetched("a", URL) == before
    with world.store._write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")

    (report,) = world.refresh().reports

    assert (report.outcome, report.new) == ("fetched", 1)
    assert set(titles(world.entries)) == {"One", "Two"}
