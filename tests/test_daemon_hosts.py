"""What the daemon starts when, against servers on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from aggregator.daemon import Daemon
from aggregator.store import Store
from tests.fakes import Clock, read_config
from tests.fetch.site import Answer, Script, Site, in_loop, site

FEED = Answer(body=b"<rss version='2.0'><channel><title>T</title></channel></rss>")


def answers(count: int, answer: Answer = FEED) -> dict[str, Script]:
    return {f"/{number}": answer for number in range(count)}


def yaml(polling: str, *servers: Site, every: str = "1h") -> str:
    lines = [
        f"  - {{url: '{server.url}{path}', every: {every}}}\n"
        for server in servers
        for path in server.answers
        if path != "/"
    ]
    return f"polling: {{{polling}}}\nsources:\n{''.join(lines)}"


@asynccontextmanager
async def running(folder: Path, text: str, clock: Clock) -> AsyncIterator[Daemon]:
    """A daemon whose ticks come when the test says."""
    config = read_config(folder, text)
    with Store(config.storage, now=clock()) as store:
        async with AsyncExitStack() as stack:
            daemon = Daemon(config, lambda: read_config(folder, text), store=store, now=clock, stack=stack)
            await daemon.begin()
            try:
                yield daemon
            finally:
                await daemon.finish()


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0.01)


@in_loop
async def test_sources_that_are_due_at_once_start_over_several_ticks(tmp_path: Path) -> None:
    async with site(answers(50)) as server:
        text = yaml("pause: 0s, concurrency: 8, per_host: 8", server)
        async with running(tmp_path, text, Clock()) as daemon:
            for tick in range(1, 8):
                await daemon.tick()
                await until(lambda: not daemon.tasks)
                assert len(server.requests) == min(8 * tick, 50)

    assert len(set(server.paths())) == 50


@in_loop
async def test_host_with_a_long_queue_holds_up_no_other(tmp_path: Path) -> None:
    async with site(answers(60)) as slow, site(answers(12)) as other:
        text = yaml("pause: 200ms, concurrency: 8, per_host: 1", slow, other)
        async with running(tmp_path, text, Clock()) as daemon:
            while len(other.requests) < 12:
                await daemon.tick()
                await asyncio.sleep(0.05)
            assert len(slow.requests) <= 2 * len(other.requests)


@in_loop
async def test_place_of_a_poll_that_ended_is_taken_at_once(tmp_path: Path) -> None:
    async with site(answers(20)) as server:
        text = yaml("pause: 0s, concurrency: 32, per_host: 1", server)
        async with running(tmp_path, text, Clock()) as daemon:
            await daemon.tick()
            await until(lambda: not daemon.tasks)

    assert len(server.requests) == 20


@in_loop
async def test_nothing_is_asked_again_before_its_time_after_a_crash_a_restart_or_a_reload(tmp_path: Path) -> None:
    clock = Clock()
    hanging = {"/hangs": Answer(hold=60)}
    async with site({**answers(3), **hanging}) as server:
        text = yaml("pause: 0s, per_host: 4", server)
        config = read_config(tmp_path, text)
        with Store(config.storage, now=clock()) as store:
            async with AsyncExitStack() as stack:  # it is killed while one server has not answered
                crashing = Daemon(config, lambda: config, store=store, now=clock, stack=stack)
                await crashing.begin()
                await crashing.tick()
                await until(lambda: len(server.requests) == 4)
                await until(lambda: len(crashing.tasks) == 1)
                for task in crashing.tasks:
                    task.cancel()
                await asyncio.gather(*crashing.tasks, return_exceptions=True)
        for _ in range(3):
            clock.turn(minutes=10)
            async with running(tmp_path, text, clock) as daemon:
                await daemon.tick()
                await daemon._take_over(read_config(tmp_path, text))
                await daemon.tick()
                await until(lambda: not daemon.tasks)
        assert len(server.requests) == 4

        clock.turn(minutes=31)
        async with running(tmp_path, text, clock) as daemon:
            await daemon.tick()
            await until(lambda: len(server.requests) == 8 and len(daemon.tasks) == 1)


@in_loop
async def test_host_that_asked_for_silence_is_left_alone_after_a_restart_by_all_its_sources(tmp_path: Path) -> None:
    clock = Clock()
    busy = Answer(status=429, headers=[("Retry-After", "7200")])
    async with site({"/0": [busy, FEED], "/1": FEED}) as server:
        first, both = (
            yaml("pause: 0s, retry_after: host", server).rsplit("  -", 1)[0],
            yaml("pause: 0s, retry_after: host", server),
        )
        async with running(tmp_path, first, clock) as daemon:
            await daemon.tick()
            await until(lambda: not daemon.tasks)
        async with running(tmp_path, both, clock) as daemon:
            await daemon.tick()
            await until(lambda: not daemon.tasks)
            assert server.paths() == ["/0"]
            clock.turn(hours=2, minutes=30)
            await daemon.tick()
            await until(lambda: not daemon.tasks)

    assert sorted(server.paths()) == ["/0", "/0", "/1"]
