"""What may not be asked now is no failure: sources and article pages wait for their hosts."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import refresh
from aggregator.fetch.client import Fetcher
from aggregator.fetch.hosts import ENOUGH
from aggregator.refresh import Round
from tests.fakes import NOW, World, item, rss
from tests.fetch.site import Answer, Received, Script, Site, in_loop, site

POLLING = "polling: {pause: 0s, retry_after: host, per_host: 1, timeout: 5s}"
BUSY = Answer(status=429, headers=[("Retry-After", "3600")])
PAGE = Answer(body=b"<html><body><article><p>All of it, every word.</p></article></body></html>")
DOWN = Answer(raw=b"")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, "sources: [https://news.example/feed]") as made:
        yield made


def listing(*numbers: int) -> Answer:
    lines = "".join(f'<li><a href="/{number}">Title {number}</a></li>' for number in numbers)
    return Answer(body=f"<ul>{lines}</ul>".encode())


def feed(number: int) -> Answer:
    return Answer(body=rss(item(f"Title {number}", f"https://news.example/{number}")).encode())


def news(server: Site) -> str:
    return f"""
        {POLLING}
        sources:
          - name: news
            kind: html_list
            url: {server.url}/list
            items: li
            fields: {{title: a, url: a@href}}
            article: {{content: article}}
    """


def feeds(server: Site, count: int) -> str:
    lines = "".join(f"\n          - {{name: s{n}, url: '{server.url}/{n}'}}" for n in range(count))
    return f"""
        {POLLING}
        sources:{lines}
    """


async def run(world: World, *names: str, force: bool = False, due: bool = False) -> Round:
    """One ``aggregator refresh``."""
    now, store = world.clock(), world.store
    states = {state.name: state for state in store.states()}
    chosen = refresh.choose(world.config, states, hosts=store.hosts(), now=now, names=names, force=force, due=due)
    async with Fetcher(world.config.polling, now=world.clock, memory=store, heeds_past=not force) as send:
        for source in chosen.sources if names else ():
            send.try_again(source.url or "")
        return await refresh.refresh(world.config, chosen, store=store, send=send, now=world.clock)


def outcomes(round_: Round) -> list[str]:
    return [report.outcome for report in round_.reports]


@in_loop
async def test_silence_learnt_from_an_article_page_binds_the_next_run_and_costs_the_other_pages_no_try(
    world: World,
) -> None:
    pages = {f"/{number}": PAGE for number in (1, 2, 4)}
    async with site({"/list": listing(1, 2, 3, 4), **pages, "/3": [BUSY, PAGE]}) as server:
        world.write_config(news(server))
        first = await run(world)
        asked = len(server.requests)
        world.clock.turn(minutes=25)
        second = await run(world)
        wanted = world.store.wanted_articles("news")

        assert outcomes(first) == ["fetched"]
        assert any("untried: " in warning and "asked us to wait" in warning for warning in first.reports[0].warnings)
        assert outcomes(second) == ["skipped"]
        assert second.reports[0].until is not None
        assert len(server.requests) == asked
        assert sorted(one.tries for one in wanted) == [0] * (len(wanted) - 1) + [1]

        world.clock.turn(minutes=40)
        await run(world)
    assert not world.store.wanted_articles("news")
    assert {request.path for request in server.requests} == {"/robots.txt", "/list", "/1", "/2", "/3", "/4"}


class InTurn:
    """Answers by how many requests came before, whatever they ask for; then with a feed."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def __call__(self, request: Received) -> Answer:
        return self.answers.pop(0) if self.answers else feed(int(request.path.removeprefix("/")))


def paths(count: int, *answers: Answer) -> dict[str, Script]:
    return dict.fromkeys([f"/{number}" for number in range(count)], InTurn(*answers))


@in_loop
async def test_sources_whose_host_another_one_was_told_to_leave_alone_are_skipped_and_stay_as_they_were(
    world: World,
) -> None:
    async with site(paths(3, BUSY)) as server:
        world.write_config(feeds(server, 3))
        done = await run(world)
        (told,) = [report.source for report in done.reports if report.outcome == "failed"]
        left = [report for report in done.reports if report.outcome == "skipped"]
        states = [world.store.state(report.source) for report in left]
        again = await run(world, left[0].source)
        forced = await run(world, left[0].source, force=True)

    assert len(left) == 2
    assert done.polled == 1
    assert all("asked us to wait" in (report.error or "") for report in left)
    assert [(state.last_poll, state.failures, state.error) for state in states] == [(None, 0, None)] * 2
    assert all(state.due is not None and (state.due - NOW).total_seconds() > 3600 for state in states)
    assert states[0].due != states[1].due
    assert {report.until for report in left} == {NOW + timedelta(hours=1)}
    assert outcomes(again) == ["skipped"]
    assert outcomes(forced) == ["fetched"]
    assert server.paths() == [f"/{told[1:]}", f"/{left[0].source[1:]}"]


@in_loop
async def test_sources_of_a_host_that_is_down_are_skipped_but_one_that_is_named_is_tried(world: World) -> None:
    async with site(dict.fromkeys(paths(ENOUGH + 3), DOWN)) as server:
        world.write_config(feeds(server, ENOUGH + 3))
        down = await run(world)
        left = [report for report in down.reports if report.outcome == "skipped"]
        named = await run(world, left[0].source)
        asked = len(server.requests)
        still = await run(world)
        assert len(server.requests) == asked
        server.answers.update(paths(ENOUGH + 3))
        back = await run(world, left[1].source)
        after = await run(world)

    assert sorted(outcomes(down)) == ["failed"] * ENOUGH + ["skipped"] * 3
    assert all("has not answered since" in (report.error or "") and report.until > NOW for report in left)
    assert outcomes(named) == ["failed"]
    assert outcomes(still) == ["skipped"] * (ENOUGH + 3)
    assert outcomes(back) == ["fetched"]
    (last,) = [report.source for report in after.reports if report.outcome == "fetched"]  # those that failed back off
    assert last == left[2].source
    assert world.store.hosts() == ()


@in_loop
async def test_rounds_of_answers_that_changed_nothing_write_nothing_of_hosts(world: World) -> None:
    class Counting:
        writes = 0

        def hosts(self) -> tuple[()]:
            return ()

        def robots(self, origin: str) -> None:
            raise AssertionError("robots.txt binds no feed")

        def save_host(self, state: object) -> None:
            self.writes += 1

        def save_robots(self, state: object) -> None:
            self.writes += 1

    memory = Counting()
    fresh = Answer(body=feed(1).body, headers=[("ETag", '"a"')])
    async with site({"/0": [fresh, Answer(status=304)], "/1": [fresh, Answer(status=304)]}) as server:
        world.write_config(feeds(server, 2))
        async with Fetcher(world.config.polling, now=world.clock, memory=memory) as send:
            for _ in range(2):
                world.clock.turn(hours=2)
                chosen = refresh.choose(world.config, {}, now=world.clock())
                await refresh.refresh(world.config, chosen, store=world.store, send=send, now=world.clock)
            await asyncio.sleep(0)

    assert len(server.requests) == 4
    assert memory.writes == 0
