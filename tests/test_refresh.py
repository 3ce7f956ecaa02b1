"""One round over many sources: who is asked, who is left alone, what it came to."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import refresh
from aggregator.errors import StoreError, UsageError
from aggregator.model import Changes, HostState, SourceReport, SourceState
from tests.fakes import NOW, Clock, World, item, read_config, rss, titles

YAML = """
    polling: {every: 2h}
    sources:
      - {name: a, url: 'https://a.example/feed', aliases: [old-a]}
      - {name: b, url: 'https://b.example/feed'}
      - {name: c, url: 'https://c.example/feed', enabled: false}
"""


TWO_OF_ONE = """
    sources:
      - {name: first, url: https://a.example/feed}
      - {name: second, url: https://a.example/feed}
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, YAML) as made:
        for name in "ab":
            made.site.put(f"https://{name}.example/feed", rss(item(name, f"https://{name}.example/1")))
        yield made


def outcomes(world: World, *names: str, due: bool = False, force: bool = False) -> dict[str, str]:
    return {report.source: report.outcome for report in world.refresh(*names, due=due, force=force).reports}


def test_all_that_are_enabled_are_polled_in_the_order_of_feeds_yaml(world: World) -> None:
    round_ = world.refresh(force=False)

    assert [(report.source, report.outcome) for report in round_.reports] == [
        ("a", "fetched"),
        ("b", "fetched"),
        ("c", "skipped"),
    ]
    assert round_.polled == 2


@pytest.mark.parametrize("word", ["a", "old-a", "https://a.example/feed"])
def test_a_source_can_be_named_by_name_alias_or_address(world: World, word: str) -> None:
    assert outcomes(world, word) == {"a": "fetched"}


def test_an_unknown_name_is_refused_before_anything_is_asked(world: World) -> None:
    with pytest.raises(UsageError, match="'nobody'"):
        world.refresh("a", "nobody")

    assert world.site.asked == []


def test_due_polls_only_those_whose_time_has_come(world: World) -> None:
    outcomes(world, "a")
    world.clock.turn(hours=1)
    assert outcomes(world, due=True) == {"a": "skipped", "b": "fetched", "c": "skipped"}

    world.clock.turn(hours=1)
    assert outcomes(world, due=True)["a"] == "unchanged"


def test_our_own_interval_does_not_hold_a_person_back(world: World) -> None:
    outcomes(world)

    assert outcomes(world)["a"] == "unchanged"


def test_who_asked_to_be_left_alone_is_skipped_until_then_even_when_named(world: World) -> None:
    world.site.fail("https://a.example/feed", 429, retry_after=timedelta(days=1))
    outcomes(world)
    world.clock.turn(hours=5)
    world.site.forget()

    round_ = world.refresh("a", force=False)

    assert [report.outcome for report in round_.reports] == ["skipped"]
    assert round_.reports[0].until is not None
    assert world.site.asked == []
    assert outcomes(world, "a", force=True) == {"a": "failed"}


def test_a_source_in_back_off_is_tried_again_when_named(world: World) -> None:
    world.site.fail("https://a.example/feed", 500)
    outcomes(world)
    world.clock.turn(minutes=5)

    assert outcomes(world)["a"] == "skipped"
    assert outcomes(world, "a") == {"a": "failed"}


def test_the_due_time_has_moved_on_before_anything_is_asked(world: World) -> None:
    seen: list[SourceState] = []
    send = world.site.__call__

    async def look(request):  # type: ignore[no-untyped-def]
        seen.append(world.store.state("a"))
        return await send(request)

    world.site = look  # type: ignore[assignment]
    world.refresh("a")

    assert seen[0].due == NOW + timedelta(hours=2)


@pytest.mark.parametrize("kind", ["feed", "html_list"])
def test_two_sources_with_one_address_are_one_request(tmp_path: Path, kind: str) -> None:
    more = "" if kind == "feed" else ", items: li, fields: {title: a, url: a@href}"
    text = "\n".join(
        [
            "sources:",
            *(f"  - {{name: {n}, kind: {kind}, url: 'https://x.example/', category: {n}{more}}}" for n in "ab"),
        ]
    )
    body = rss(item("One", "https://x.example/1")) if kind == "feed" else "<ul><li><a href='/1'>One</a></li></ul>"
    with World(tmp_path, text) as world:
        world.site.put("https://x.example/", body)
        first = world.refresh()
        world.clock.turn(hours=1)
        second = world.refresh()

        assert world.site.asked == ["https://x.example/"] * 2
        assert [report.outcome for report in (*first.reports, *second.reports)] == ["fetched"] * 2 + ["unchanged"] * 2
        assert [entry.categories for entry in world.entries] == [("a", "b")]


def test_two_sources_with_one_address_come_again_together(tmp_path: Path) -> None:
    with World(tmp_path, TWO_OF_ONE) as world:
        world.site.put("https://a.example/feed", rss(item("One", "https://a.example/1")))
        world.refresh(due=True, force=False)
        first, second = (world.store.state(name) for name in ("first", "second"))
        assert first.due is not None
        assert second.due is not None
        assert first.due != second.due  # the spread is by name

        world.clock.at = min(first.due, second.due)
        world.site.forget()
        world.refresh(due=True, force=False)
        world.clock.at = max(first.due, second.due)
        world.refresh(due=True, force=False)

        assert world.site.asked == ["https://a.example/feed"]


def test_a_source_that_is_polled_less_often_is_not_drawn_along(tmp_path: Path) -> None:
    text = """
        sources:
          - {name: often, url: https://a.example/feed, every: 1h}
          - {name: seldom, url: https://a.example/feed, every: 1d}
        """
    with World(tmp_path, text) as world:
        world.site.put("https://a.example/feed", rss(item("One", "https://a.example/1")))
        world.refresh(due=True, force=False)
        world.clock.turn(hours=1)

        done = world.refresh(due=True, force=False)

        assert [(one.source, one.outcome) for one in done.reports] == [("often", "unchanged"), ("seldom", "skipped")]


def test_two_sources_with_one_address_that_know_different_answers_are_one_request(tmp_path: Path) -> None:
    with World(tmp_path, TWO_OF_ONE) as world:
        world.site.put("https://a.example/feed", rss(item("One", "https://a.example/1")))
        world.refresh()
        world.site.put("https://a.example/feed", rss(item("Two", "https://a.example/2")))
        world.refresh("first")
        world.site.forget()

        done = world.refresh()

        assert world.site.asked == ["https://a.example/feed"]
        assert {one.source: one.outcome for one in done.reports} == {"first": "unchanged", "second": "fetched"}


def test_a_page_and_the_feed_that_it_names_are_one_request_from_the_second_poll_on(tmp_path: Path) -> None:
    text = """
        sources:
          - {name: page, url: https://a.example/}
          - {name: feed, url: https://a.example/feed}
        """
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    with World(tmp_path, text) as world:
        world.site.put("https://a.example/", f"<html><head>{link}</head><body><p>Hello</p></body></html>")
        world.site.put("https://a.example/feed", rss(item("One", "https://a.example/1")))
        world.refresh(due=True, force=False)
        world.clock.at = min(state.due for state in world.store.states() if state.due)
        world.site.forget()

        done = world.refresh(due=True, force=False)

        assert [report.outcome for report in done.reports] == ["unchanged", "unchanged"]
        assert world.site.asked == ["https://a.example/feed"]


def test_an_address_that_fails_for_two_sources_fails_for_both(tmp_path: Path) -> None:
    text = "sources: [{name: a, url: 'https://x.example/'}, {name: b, url: 'https://x.example/'}]"
    with World(tmp_path, text) as world:
        world.site.fail("https://x.example/", 500)

        assert outcomes(world) == {"a": "failed", "b": "failed"}
        assert len(world.site.asked) == 1


def test_an_entry_counts_once_whoever_brought_it(tmp_path: Path) -> None:
    text = "sources: [{name: a, url: 'https://a.example/'}, {name: b, url: 'https://b.example/'}]"
    with World(tmp_path, text) as world:
        for name in "ab":
            world.site.put(f"https://{name}.example/", rss(item("One", "https://news.example/1")))

        round_ = world.refresh()

        assert (len(round_.new_ids), round_.duplicates, len(round_.updated_ids)) == (1, 1, 0)


def test_a_round_counts_an_entry_as_new_or_updated_and_none_that_was_retired(world: World) -> None:
    round_ = refresh.Round(config=world.config)
    report = SourceReport(source="a", kind="feed", outcome="fetched")

    round_.add(report, Changes(new=frozenset({"1", "2"})))
    round_.add(report, Changes(updated=frozenset({"1", "3"}), retired=frozenset({"2"})))

    assert (round_.new_ids, round_.updated_ids) == ({"1"}, {"3"})


def test_a_round_in_which_all_failed_is_a_total_failure(world: World) -> None:
    for name in "ab":
        world.site.fail(f"https://{name}.example/feed")
    assert world.refresh().is_total_failure

    world.site.put("https://a.example/feed", rss())
    assert not world.refresh().is_total_failure
    assert not refresh.Round(config=world.config).is_total_failure


def test_a_fault_of_ours_that_one_source_brings_out_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    send = world.site.__call__

    async def stumble(request):  # type: ignore[no-untyped-def]
        if request.url.startswith("https://a."):
            raise RecursionError("too deep")
        return await send(request)

    world.site = stumble  # type: ignore[assignment]
    round_ = world.refresh("a", "b")

    assert [report.outcome for report in round_.reports] == ["failed", "fetched"]
    assert "RecursionError" in (round_.reports[0].error or "")
    assert "Traceback" in caplog.text
    assert world.store.state("a").failures == 1


def test_reports_come_as_they_are_made(world: World) -> None:
    told: list[str] = []
    states = {state.name: state for state in world.store.states()}
    chosen = refresh.choose(world.config, states, now=world.clock())

    asyncio.run(
        refresh.refresh(
            world.config,
            chosen,
            store=world.store,
            send=world.site,
            now=world.clock,
            on_report=lambda report: told.append(report.source),
        )
    )

    assert sorted(told) == ["a", "b", "c"]


def test_a_store_that_cannot_be_written_stops_the_round_with_one_plain_error(world: World) -> None:
    with world.store._write() as connection:
        connection.exec_driver_sql("DROP TABLE fetches")

    with pytest.raises(StoreError):
        world.refresh()


def test_many_sources_at_once_lose_nothing(tmp_path: Path) -> None:
    names = [f"s{n}" for n in range(60)]
    text = "\n".join(["sources:", *(f"  - {{name: {n}, url: 'https://{n}.example/'}}" for n in names)])
    with World(tmp_path, text) as world:
        for number, name in enumerate(names):
            world.site.put(
                f"https://{name}.example/",
                rss(item("Shared", "https://news.example/1"), item(name, f"https://{name}.example/{number}")),
            )

        round_ = world.refresh()

        assert len(round_.new_ids) == 61
        assert round_.duplicates == 59
        assert sorted(filter(None, titles(world.entries))) == sorted([*names, "Shared"])


def test_choosing_knows_sources_that_the_store_has_never_seen(tmp_path: Path) -> None:
    config = read_config(tmp_path, YAML)

    chosen = refresh.choose(config, {}, now=Clock()())

    assert [source.name for source in chosen.sources] == ["a", "b"]


def test_an_interval_that_is_written_shorter_counts_for_what_is_due(world: World) -> None:
    outcomes(world)
    world.write_config(YAML.replace("every: 2h", "every: 30m"))
    world.clock.turn(minutes=31)

    assert outcomes(world, due=True)["a"] == "unchanged"


def test_a_source_that_has_moved_is_left_alone_for_the_silence_of_its_new_host_not_of_the_old(world: World) -> None:
    state = world.store.state("a")
    days = ("2026-02-26", "2026-02-27", "2026-02-28")
    moved = replace(state, moved_to="https://new.example/feed", moved_days=days)

    def skipped(silent: str) -> list[str]:
        host = HostState(name=silent, silent_until=NOW + timedelta(hours=1), silent_status=429)
        chosen = refresh.choose(world.config, {"a": moved}, now=NOW, names=["a"], hosts=[host])
        return [report.source for report in chosen.skipped]

    assert skipped("new.example") == ["a"]
    assert skipped("a.example") == []
