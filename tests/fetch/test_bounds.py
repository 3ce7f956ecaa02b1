"""What an answer may cost: little memory, and the event loop is free for others all the time.

The client runs in a process of its own, so that what is measured is its own; processor time, not the clock, because a
busy machine must not make a test fail.
"""

import asyncio
import functools
import gzip
import re
import resource
import struct
import time
import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import brotli
import zstandard

from aggregator.errors import FetchError
from aggregator.fetch import Fetcher
from aggregator.model import Polling, Request
from tests.fetch.rough import GOOD, Pieces, rough
from tests.fetch.test_wire import CHUNKED, ENDLESS, ONCE, TAKEN

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
MOST_STEP_S = 0.1  # so long may the event loop be held up
MOST_BYTES = 200 << 20
MOST_SECONDS = 20.0  # of processor time for one answer of 20 MB, in the worst form there is, on a slow machine

GZIP_HEAD = b"\x1f\x8b\x08\x08" + bytes(6)
SKIPPABLE = struct.pack("<II", 0x184D2A50, 0)


@functools.cache
def packed() -> dict[str, Pieces | bytes]:
    """Return answers that are small, or seem so, and hold very much, or very many things."""
    zeros = bytes(200_000_000)
    several = {
        "gzip": [gzip.compress(zeros, 1), gzip.compress(b"") * 100_000, gzip.compress(b"a") * 100_000],
        "deflate": [zlib.compress(zeros, 1), b"\x78\x9c" + b"\x00\x00\x00\xff\xff" * 400_000],
        "br": [brotli.compress(zeros, quality=3, lgwin=24)],
        "zstd": [zstandard.compress(zeros), SKIPPABLE * 200_000, zstandard.compress(b"") * 200_000],
    }
    several["gzip"].append(GZIP_HEAD + b"n" * 1_000_000)
    several["zstd"].append(struct.pack("<II", 0x184D2A50, 0x7FFFFFFF) + zeros[:1_000_000])
    return {
        f"{name} {number}": b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n"
        % (name.encode(), len(body))
        + body
        for name, bodies in several.items()
        for number, body in enumerate(bodies)
    }


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a request cost. seconds: of processor time. step: the most of it at one go. peak: bytes resident."""

    name: str
    came: str
    seconds: float
    step: float
    peak: int


def costs(url: str, names: list[str]) -> list[Cost]:
    """Return what each request costs in this process. names: the paths, without the slash."""
    return asyncio.run(_costs(url, names))


async def _costs(url: str, names: list[str]) -> list[Cost]:
    found = []
    polling = Polling(pause=timedelta(0), timeout=timedelta(seconds=120))
    async with Fetcher(polling, now=lambda: NOW) as send:
        await send(Request(url=f"{url}/good", is_trusted=True))  # what is only made once
        for name in names:
            watch = asyncio.create_task(_longest_step())
            await asyncio.sleep(0)
            before = time.thread_time()
            try:
                document = await send(Request(url=f"{url}/{name}", is_trusted=True))
                came = f"{len(document.body)} bytes"
            except FetchError as error:
                came = str(error)
            seconds = time.thread_time() - before
            watch.cancel()
            (step,) = await asyncio.gather(watch)
            found.append(Cost(name=name, came=came, seconds=seconds, step=step, peak=_peak()))
    return found


def _peak() -> int:
    """Return the most bytes that were resident; what getrusage tells begins with what the parent process had."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1]) << 10


async def _longest_step() -> float:
    """Return, when cancelled, the most processor time that passed between two turns of the loop."""
    longest, before = 0.0, time.thread_time()
    try:
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            longest, before = max(longest, now - before), now
    except asyncio.CancelledError:
        return longest


async def measured(answers: dict[str, Pieces | bytes]) -> list[Cost]:
    """Return what each of the answers costs who asks for it."""
    served = {f"/{number}": answer for number, answer in enumerate(answers.values())}
    async with rough(served) as server:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            names = [path.removeprefix("/") for path in served]
            found = await asyncio.get_running_loop().run_in_executor(process, costs, server.url, names)
    return [Cost(**{**vars(cost), "name": name}) for cost, name in zip(found, answers, strict=True)]


def tiny_chunks() -> list[bytes]:
    return [CHUNKED, *([b"1\r\nx\r\n" * 1000] * 1000), b"0\r\n\r\n"]


def too_costly(answers: dict[str, Pieces | bytes]) -> list[Cost]:
    """Return those that cost too much, three times in a row: a busy machine makes a step long now and then."""
    for _ in range(3):
        found = asyncio.run(asyncio.wait_for(measured(answers), 180))
        bad = [one for one in found if one.step > MOST_STEP_S or one.peak > MOST_BYTES or one.seconds > MOST_SECONDS]
        answers = {one.name: answers[one.name] for one in bad}
        if not bad:
            break
    return bad


def test_rough_answer_costs_little_and_never_holds_the_event_loop_up():
    assert too_costly({**ENDLESS, **ONCE, **TAKEN, "chunks of one byte": tiny_chunks, "good": GOOD}) == []


def test_packed_answer_costs_little_and_never_holds_the_event_loop_up():
    assert too_costly(packed()) == []


def test_what_is_packed_is_told_as_too_large_or_broken_off():
    came = {cost.name: cost.came for cost in asyncio.run(asyncio.wait_for(measured(packed()), 180))}

    assert all("larger than 20 MB" in came[f"{name} 0"] for name in ("gzip", "deflate", "br", "zstd"))
    assert came["gzip 1"] == "0 bytes"
    assert came["gzip 2"] == "100000 bytes"
    assert "broke off" in came["zstd 3"]
