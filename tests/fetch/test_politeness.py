"""Taking turns."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from aggregator.errors import FetchError
from aggregator.fetch.hosts import Notes
from aggregator.fetch.politeness import Politeness
from aggregator.model import HostState, Polling
from tests.fetch.site import in_loop

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


class Busy:
    """Takes turns and counts. starts: host and loop time."""

    def __init__(self, polling: Polling) -> None:
        self.politeness = Politeness(polling, now=lambda: NOW)
        self.starts: list[tuple[str, float]] = []
        self.under_way: dict[str, int] = {}
        self.most: dict[str, int] = {}

    async def ask(self, host: str, seconds: float = 0.0) -> None:
        async with self.politeness.turn(host):
            self.starts.append((host, asyncio.get_running_loop().time()))
            for key in (host, "all"):
                self.under_way[key] = self.under_way.get(key, 0) + 1
                self.most[key] = max(self.most.get(key, 0), self.under_way[key])
            await asyncio.sleep(seconds)
            for key in (host, "all"):
                self.under_way[key] -= 1


@in_loop
async def test_pause_lies_between_the_starts_of_two_requests_to_one_host():
    busy = Busy(Polling(pause=timedelta(milliseconds=20), per_host=4))
    await asyncio.gather(*(busy.ask("a") for _ in range(4)))

    times = [at for _, at in busy.starts]
    assert all(later - earlier >= 0.02 for earlier, later in pairwise(times))


@in_loop
async def test_pause_holds_where_all_slots_are_taken_by_others():
    busy = Busy(Polling(pause=timedelta(milliseconds=20), per_host=4, concurrency=1))
    await asyncio.gather(busy.ask("slow", 0.1), *(busy.ask("a") for _ in range(3)))

    times = [at for host, at in busy.starts if host == "a"]
    assert all(later - earlier >= 0.02 for earlier, later in pairwise(times))


@in_loop
async def test_host_that_pauses_holds_up_no_other():
    busy = Busy(Polling(pause=timedelta(milliseconds=50), concurrency=1))
    await asyncio.gather(busy.ask("a"), busy.ask("a"), busy.ask("b"), busy.ask("c"))

    assert [host for host, _ in busy.starts] == ["a", "b", "c", "a"]


@in_loop
async def test_requests_under_way_stay_within_both_limits():
    busy = Busy(Polling(pause=timedelta(0), per_host=2, concurrency=3))
    await asyncio.gather(*(busy.ask(host, 0.005) for host in "abc" for _ in range(4)))

    assert busy.most["all"] == 3
    assert max(busy.most[host] for host in "abc") <= 2


@in_loop
async def test_slot_comes_back_after_an_error_and_a_cancellation():
    politeness = Politeness(Polling(pause=timedelta(0), per_host=1, concurrency=1), now=lambda: NOW)

    async def fail() -> None:
        async with politeness.turn("a"):
            raise ValueError

    async def hang() -> None:
        async with politeness.turn("a"):
            await asyncio.sleep(60)

    hanging = asyncio.create_task(hang())
    await asyncio.sleep(0.01)
    hanging.cancel()
    await asyncio.gather(hanging, fail(), return_exceptions=True)
    async with asyncio.timeout(1), politeness.turn("a"):
        pass


@in_loop
async def test_hosts_at_rest_are_forgotten_in_the_end():
    politeness = Politeness(Polling(pause=timedelta(0)), now=lambda: NOW)
    for number in range(2500):
        async with politeness.turn(f"host{number}"):
            pass

    assert len(politeness._queues) <= 1000


@in_loop
async def test_what_is_learnt_of_a_host_is_written_in_the_order_in_which_it_is_learnt():
    class SlowAtFirst(Notes):
        is_slow = True

        def save_host(self, state: HostState) -> None:
            if self.is_slow:
                self.is_slow = False
                time.sleep(0.2)
            super().save_host(state)

    memory = SlowAtFirst()
    politeness = Politeness(Polling(pause=timedelta(0)), now=lambda: NOW, memory=memory)

    async def miss() -> None:
        with suppress(FetchError):
            async with politeness.turn("down.example"):
                raise FetchError("no answer")

    await asyncio.gather(miss(), miss())

    assert memory.known["down.example"].failures == 2
