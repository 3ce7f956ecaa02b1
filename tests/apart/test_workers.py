"""What is heavy is done in processes that are killed and replaced, and nobody else notices."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aggregator.apart import Limits, Load, Spent
from aggregator.apart.workers import Workers
from aggregator.errors import FetchError
from tests.apart import work as its

HEAVY = Load(url="https://a.example/feed.xml", size_bytes=5_000_000)
LIGHT = Load(url="https://a.example/feed.xml", size_bytes=5_000)
NARROW = Limits(seconds=1.5, light_seconds=0.2, memory_bytes=100_000_000)
LONGEST = 60.0  # seconds that anything may take on a busy machine


def working(act: Callable[[Workers], Awaitable[Any]], limits: Limits = NARROW) -> Any:
    """Return what comes of it; no process is left of it."""

    async def within() -> Any:
        async with asyncio.timeout(LONGEST), Workers(limits) as work:
            done = await act(work)
            left.extend(work.pids)
        return done

    left: list[int] = []
    done = asyncio.run(within())
    assert not [pid for pid in left if is_there(pid)]
    return done


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_what_is_heavy_is_done_in_another_process_and_what_is_light_in_this_one() -> None:
    async def act(work: Workers) -> tuple[int, int]:
        return await work(its.pid, load=HEAVY), await work(its.pid, load=LIGHT)

    heavy, light = working(act)

    assert heavy != os.getpid()
    assert light == os.getpid()


def test_what_is_light_starts_no_process() -> None:
    async def act(work: Workers) -> tuple[int, ...]:
        assert await work(its.added, 1, 2, load=LIGHT) == 3
        return work.pids

    assert working(act) == ()


def test_a_process_is_used_again() -> None:
    async def act(work: Workers) -> set[int]:
        return {await work(its.pid, load=HEAVY) for _ in range(3)}

    assert len(working(act)) == 1


def test_there_are_no_more_processes_than_may_be() -> None:
    async def act(work: Workers) -> set[int]:
        return set(await asyncio.gather(*(work(its.waiting, 0.05, load=HEAVY) for _ in range(6))))

    assert len(working(act, replace(NARROW, processes=2))) <= 2


def test_what_goes_and_comes_may_be_large() -> None:
    async def act(work: Workers) -> int:
        return len(await work(its.sized, 20_000_000, load=HEAVY)) + await work(len, bytes(20_000_000), load=HEAVY)

    assert working(act) == 40_000_000


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (its.spinning, "reading it took longer than 1.5 s, and was ended; it has 5.0 MB"),
        (its.growing, "reading it takes more than 100 MB of memory, and was ended; it has 5.0 MB"),
        (its.leaping, "reading it takes more than 100 MB of memory, and was ended; it has 5.0 MB"),
        (its.exiting, "the process that read it ended (status 3)"),
        (its.crashing, "the process that read it ended (SIGSEGV)"),
    ],
)
def test_work_that_hangs_grows_or_dies_is_ended_and_the_next_is_done(function: Callable[[], object], told: str) -> None:
    async def act(work: Workers) -> str:
        with pytest.raises(Spent) as caught:
            await work(function, load=HEAVY)
        assert await work(its.added, 1, 2, load=HEAVY) == 3
        assert caught.value.url == HEAVY.url
        return str(caught.value)

    assert working(act).startswith(told)


def test_work_that_waits_for_one_that_hangs_is_done_after_it() -> None:
    async def act(work: Workers) -> list[Any]:
        tasks = [work(its.spinning, load=HEAVY), *(work(its.added, 1, n, load=HEAVY) for n in range(5))]
        return await asyncio.gather(*tasks, return_exceptions=True)

    first, *others = working(act, replace(NARROW, processes=1))

    assert isinstance(first, Spent)
    assert others == [1, 2, 3, 4, 5]


def test_who_only_waits_is_ended_by_the_clock() -> None:
    async def act(work: Workers) -> str:
        with pytest.raises(Spent) as caught:
            await work(its.waiting, LONGEST, load=HEAVY)
        return str(caught.value)

    assert working(act, replace(NARROW, patience=2)).startswith("reading it took longer than 3 s")


def test_a_process_that_was_killed_while_it_was_idle_costs_nobody_anything() -> None:
    async def act(work: Workers) -> int:
        os.kill(await work(its.pid, load=HEAVY), signal.SIGKILL)
        return await work(its.added, 1, 2, load=HEAVY)

    assert working(act) == 3


def test_a_process_ends_when_it_was_idle_for_long() -> None:
    async def act(work: Workers) -> bool:
        pid = await work(its.pid, load=HEAVY)
        until = time.monotonic() + LONGEST / 2
        while is_there(pid) and time.monotonic() < until:
            await asyncio.sleep(0.02)
        return is_there(pid) or bool(work.pids)

    assert not working(act, replace(NARROW, idle_seconds=0.05))


def test_a_process_that_has_grown_is_not_used_again() -> None:
    async def act(work: Workers) -> set[int]:
        return {await work(its.pid, load=HEAVY) for _ in range(2)}

    assert len(working(act, replace(NARROW, kept_bytes=1))) == 2


def test_errors_come_back_as_they_were_raised() -> None:
    async def act(work: Workers) -> FetchError:
        with pytest.raises(FetchError) as caught:
            await work(its.refusing, load=HEAVY)
        return caught.value

    error = working(act)

    assert (str(error), error.url, error.status) == ("a reason", "https://a.example/", 404)
    assert any("refusing" in note for note in error.__notes__)


def test_an_error_that_cannot_be_made_again_comes_back_in_words() -> None:
    async def act(work: Workers) -> str:
        with pytest.raises(RuntimeError) as caught:
            await work(its.raising, load=HEAVY)
        assert await work(its.added, 1, 2, load=HEAVY) == 3
        return str(caught.value)

    assert working(act) == "UnrebuildableError: 1 and 2"


def test_work_that_is_given_up_is_ended() -> None:
    async def act(work: Workers) -> int:
        task = asyncio.ensure_future(work(its.spinning, load=HEAVY))
        while not work.pids:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await work(its.added, 1, 2, load=HEAVY)

    assert working(act, Limits()) == 3


def test_nothing_is_left_of_work_under_way_at_the_end() -> None:
    async def within() -> int:
        async with Workers(Limits()) as work:
            task = asyncio.ensure_future(work(its.spinning, load=HEAVY))
            while not work.pids:
                await asyncio.sleep(0.01)
            (pid,) = work.pids
        with pytest.raises(Spent):
            await task
        return pid

    assert not is_there(asyncio.run(within()))


def test_a_small_document_that_hangs_is_read_in_a_process_now_and_later(caplog: pytest.LogCaptureFixture) -> None:
    async def act(work: Workers) -> tuple[str, int]:
        with pytest.raises(Spent) as caught:
            await work(its.spinning, load=LIGHT)
        return str(caught.value), await work(its.pid, load=LIGHT)

    told, pid = working(act)

    assert told.startswith("reading it took longer than 1.5 s")
    assert pid != os.getpid()
    assert "https://a.example/feed.xml takes long to read" in caplog.text


def test_who_accepts_larger_documents_gives_reading_them_more_memory() -> None:
    limits = Limits()

    assert limits.memory_for(Load(most_bytes=20_000_000)) == limits.memory_bytes
    assert limits.memory_for(Load(most_bytes=60_000_000)) == 600_000_000
