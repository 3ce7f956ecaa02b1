"""The daemon's ticks, on a web and at a time of our own: who is asked when, over restarts, reloads and faults."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.daemon import Daemon
from aggregator.model import Document, Request
from tests.fakes import World, item, rss, titles
from tests.fetch.site import in_loop

URL = "https://x.example/feed"
ONE = item("One", "https://x.example/1")


@asynccontextmanager
async def started(world: World) -> AsyncIterator[Daemon]:
    """A daemon that asks the world's web. It ends as after a kill: nothing more is saved."""
    async with AsyncExitStack() as stack:
        daemon = Daemon(world.config, lambda: world.config, store=world.store, now=world.clock, stack=stack)
        await daemon.begin()
        daemon.send = world.site
        yield daemon


async def ticked(daemon: Daemon, world: World) -> list[str]:
    """Let one tick and all that it started come to an end; return the addresses asked."""
    world.site.forget()
    await daemon.tick()
    while daemon.tasks:
        await asyncio.gather(*daemon.tasks, return_exceptions=True)
    return world.site.asked


@in_loop
async def test_two_sources_with_one_address_are_one_request_however_their_times_drift_apart(tmp_path: Path) -> None:
    text = f"sources: [{{name: a, url: '{URL}', every: 1h}}, {{name: b, url: 'https://X.example:443/feed', every: 1h}}]"
    with World(tmp_path, text) as world:
        for address in (URL, "https://X.example:443/feed"):
            world.site.put(address, rss(ONE))
        async with started(world) as daemon:
            assert len(await ticked(daemon, world)) == 1
            state = world.store.state("b")
            assert state.due is not None
            late = replace(state, due=state.due + timedelta(seconds=90))  # as if its first poll had ended later
            world.store.save_state(late)
            daemon.agenda.due["b"] = late.due
            asked = []
            for _ in range(65):
                world.clock.turn(minutes=1)
                asked += await ticked(daemon, world)
            assert len(asked) == 1


@in_loop
async def test_a_restart_or_a_reload_asks_nobody_before_their_time(tmp_path: Path) -> None:
    with World(tmp_path, f"sources: [{{name: a, url: '{URL}', every: 1h}}, 'https://y.example/']") as world:
        world.site.put(URL, rss(ONE))
        world.site.put("https://y.example/", rss(ONE))
        async with started(world) as daemon:
            assert len(await ticked(daemon, world)) == 2
        for _ in range(5):
            world.clock.turn(minutes=11)
            world.restart()
            async with started(world) as daemon:
                assert await ticked(daemon, world) == []
                daemon._stamp = None
                await daemon.look_at_config()
                daemon.send = world.site
                assert await ticked(daemon, world) == []
        world.clock.turn(minutes=5)
        async with started(world) as daemon:
            assert URL in await ticked(daemon, world)


@pytest.mark.parametrize("every", ["adaptive", "1h", "'0 * * * *'"])
@in_loop
async def test_a_crash_loop_asks_once_and_what_it_lost_is_asked_at_its_next_time(tmp_path: Path, every: str) -> None:
    def dying(world: World) -> object:
        async def send(request: Request) -> Document:
            world.site.requests.append(request)
            raise asyncio.CancelledError

        return send

    with World(tmp_path, f"sources: [{{name: a, url: '{URL}', every: {every}}}]") as world:
        world.site.put(URL, rss(ONE))
        async with started(world) as daemon:
            await ticked(daemon, world)
        world.clock.turn(minutes=70)
        asked = 0
        for _ in range(50):  # a start every minute, each of which dies in its first poll
            world.site.forget()
            async with started(world) as daemon:
                daemon.send = dying(world)  # type: ignore[assignment]
                await daemon.tick()
                await asyncio.gather(*daemon.tasks, return_exceptions=True)
            asked += len(world.site.asked)
            world.clock.turn(minutes=1)
            world.restart()
        assert asked == 1

        world.site.put(URL, rss(ONE, item("Two", "https://x.example/2")))
        world.clock.turn(minutes=20)
        async with started(world) as daemon:
            assert await ticked(daemon, world) == [URL]
        assert set(titles(world.entries)) == {"One", "Two"}


@in_loop
async def test_a_store_that_cannot_be_written_does_not_make_the_daemon_ask_every_second(tmp_path: Path) -> None:
    with World(tmp_path, f"sources: [{{name: a, url: '{URL}'}}]") as world:
        world.site.put(URL, rss(ONE))
        full = "CREATE TRIGGER full BEFORE INSERT ON copies BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        with world.store._write() as connection:
            connection.exec_driver_sql(full)
        async with started(world) as daemon:
            asked = [len(await ticked(daemon, world))]
            for _ in range(30):
                world.clock.turn(seconds=1)
                asked.append(len(await ticked(daemon, world)))
        assert sum(asked) == 1

        with world.store._write() as connection:
            connection.exec_driver_sql("DROP TRIGGER full")
        world.restart()
        world.clock.turn(hours=2)
        async with started(world) as daemon:
            assert await ticked(daemon, world) == [URL]
        assert world.site.requests[0].etag is None, "what was not saved has to come again"
        assert titles(world.entries) == ["One"]
