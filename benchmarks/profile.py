"""Where the time of a cycle goes: the functions of one cycle, those that took the most time themselves first.

    python -m benchmarks.profile cold --feeds 50
    python -m benchmarks.profile warm --feeds 200 --sort cumulative

What otherwise runs in threads runs in the main one here, or the profiler would not see it. It makes calls dearer than
they are: look at what calls what and how often, and measure with the other benchmarks.
"""

import argparse
import asyncio
import cProfile
import pstats
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator.fetch import Fetcher
from aggregator.publish import publish, sync
from aggregator.store import Store
from benchmarks.cycle import SHARE, Cycles, config_of
from benchmarks.world import World

CYCLES = ("cold", "warm", "changed", "publish")


class Inline(ThreadPoolExecutor):
    """Does at once what it is given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


async def _profiled(cycle: str, feeds: int, profiler: cProfile.Profile) -> None:
    asyncio.get_running_loop().set_default_executor(Inline())
    with tempfile.TemporaryDirectory() as name, World(feeds) as world:
        config = config_of(world, Path(name))
        with Store(config.storage, now=datetime.now(UTC)) as store:
            sync(config, store, now=datetime.now(UTC))
            cycles: Cycles
            async with Fetcher(config.polling, now=lambda: cycles.now(), allow_private=True) as send:
                cycles = Cycles(config, store, send)
                if cycle != "cold":
                    await cycles.run()
                    await cycles.run()
                if cycle == "changed":
                    world.change(SHARE)
                profiler.enable()
                if cycle == "publish":
                    publish(config, store=store, folder=cycles.folder, now=cycles.now(), everything=True)
                else:
                    await cycles.run()
                profiler.disable()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__.split("\n")[0])
    parser.add_argument("cycle", choices=CYCLES)
    parser.add_argument("--feeds", type=int, default=50)
    parser.add_argument("--sort", default="tottime", choices=("tottime", "cumulative", "ncalls"))
    parser.add_argument("--lines", type=int, default=45)
    options = parser.parse_args()
    profiler = cProfile.Profile()
    asyncio.run(_profiled(options.cycle, options.feeds, profiler))
    pstats.Stats(profiler).sort_stats(options.sort).print_stats(options.lines)


if __name__ == "__main__":
    main()
