"""Whole cycles: every feed is asked, what is new is saved, what changed is published.

    python -m benchmarks.cycle --feeds 100,1000

Each size runs in a process of its own, against a world of its own. One Fetcher and one Store live through all its
cycles, as in the daemon. The cycles, in this order: *cold* (an empty store), *warm* (304 to all), *5 % changed* (by one
entry each), *equal bytes* (the server has no validators and sends the whole document). The world's own work
is not in the CPU time, but shares the machine, so that wall time is longer than it would be over a network.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator import outputs, sources
from aggregator.config import Config, load
from aggregator.fetch import Fetcher
from aggregator.folder import Folder
from aggregator.publish import publish, sync
from aggregator.refresh import choose, refresh
from aggregator.store import Store
from benchmarks.measure import Cost, count_statements, growth, measured, megabytes, middle, stamp, table
from benchmarks.world import World

PER_CATEGORY = 10  # feeds
SHARE = 0.05  # of the feeds that change


def config_of(world: World, folder: Path, *, per_category: int = PER_CATEGORY) -> Config:
    """Return a configuration that polls every feed of the world, written and read as feeds.yaml."""
    lines = [
        "site: {url: 'https://feeds.example.org/', title: Benchmark}",
        "polling: {pause: 0s, per_host: 4, concurrency: 32}",
        "network: {allow_private: true}",
        "sources:",
    ]
    lines += [
        f"  - {{url: '{world.url(feed)}', name: feed-{feed}, category: category-{feed // per_category}}}"
        for feed in range(world.feeds)
    ]
    path = folder / "feeds.yaml"
    path.write_text("\n".join(lines))
    return load(path, kinds=sources.names(), formats=outputs.names(), environ={})


class Cycles:
    """The journeys with one Fetcher and one Store; from one cycle to the next an hour passes by their clock."""

    def __init__(self, config: Config, store: Store, send: Fetcher) -> None:
        self.config = config
        self.store = store
        self.send = send
        self.folder = Folder(config.output.directory)
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    async def run(self) -> dict[str, Any]:
        """Do one cycle; return what it cost and did."""
        self._ahead += timedelta(hours=1)
        with measured() as polling:
            states = {state.name: state for state in self.store.states()}
            chosen = choose(self.config, states, now=self.now(), force=True)
            round_ = await refresh(self.config, chosen, store=self.store, send=self.send, now=self.now)
        with measured() as publishing:
            published = await asyncio.to_thread(
                publish, self.config, store=self.store, folder=self.folder, now=self.now()
            )
        failed = [report.error for report in round_.reports if report.outcome == "failed"]
        if failed:
            raise SystemExit(f"{len(failed)} of {len(round_.reports)} feeds failed, the first: {failed[0]}")
        return {
            "polling": asdict(polling),
            "publishing": asdict(publishing),
            "new": len(round_.new_ids),
            "files": len(published.written),
        }


async def _one_size(feeds: int, rounds: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, World(feeds) as world:
        with measured() as reading:
            config = config_of(world, Path(name))
        with Store(config.storage, now=datetime.now(UTC)) as store:
            with measured() as syncing:
                sync(config, store, now=datetime.now(UTC))
            found.append({"phase": "read feeds.yaml", "polling": asdict(reading), "publishing": asdict(Cost())})
            found.append({"phase": "sync", "polling": asdict(syncing), "publishing": asdict(Cost())})
            cycles: Cycles
            async with Fetcher(
                config.polling, now=lambda: cycles.now(), allow_private=True, site_url=config.site.url
            ) as send:
                cycles = Cycles(config, store, send)
                for phase, times in (("cold", 1), ("warm", rounds), ("5 % changed", rounds), ("equal bytes", rounds)):
                    if phase == "equal bytes":
                        world.set_validators(False)
                    for _ in range(times):
                        if phase == "5 % changed":
                            world.change(SHARE)
                        world.answers()
                        cost = await cycles.run()
                        found.append({"phase": phase, "answers": world.answers(), **cost})
    return found


def _run(feeds: int, rounds: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "benchmarks.cycle", "--only", str(feeds), "--rounds", str(rounds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the cycles of {feeds} feeds did not come to their end")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _row(feeds: int, phase: str, runs: list[dict[str, Any]]) -> list[object]:
    last = runs[-1]
    return [
        feeds,
        phase,
        middle([1000 * run["polling"]["cpu"] / feeds for run in runs]),
        middle([1000 * run["publishing"]["cpu"] / feeds for run in runs]),
        middle([run["polling"]["wall"] + run["publishing"]["wall"] for run in runs]),
        f"{last['polling']['statements'] / feeds:.1f} in {last['polling']['transactions'] / feeds:.1f}",
        last["publishing"]["statements"],
        last.get("new", "–"),
        last.get("files", "–"),
        ", ".join(f"{count} × {status}" for status, count in sorted(last.get("answers", {}).items())) or "–",
        megabytes(max(max(run[part]["peak"] for part in ("polling", "publishing")) for run in runs)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cycle", description=__doc__.split("\n")[0])
    parser.add_argument("--feeds", default="100,300,1000", help="the sizes, separated by commas")
    parser.add_argument("--rounds", type=int, default=3, help="of each cycle but the cold one")
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        count_statements()
        for run in asyncio.run(_one_size(options.only, options.rounds)):
            print(json.dumps(run))
        return
    stamp()
    rows: list[list[object]] = []
    by_phase: dict[str, list[float]] = {}
    for feeds in (int(size) for size in options.feeds.split(",")):
        runs = _run(feeds, options.rounds)
        for phase in dict.fromkeys(run["phase"] for run in runs):
            those = [run for run in runs if run["phase"] == phase]
            rows.append(_row(feeds, phase, those))
            costs = sorted(run["polling"]["cpu"] + run["publishing"]["cpu"] for run in those)
            by_phase.setdefault(phase, []).append(costs[len(costs) // 2] / feeds)
    head = ["feeds", "cycle", "polling, CPU ms/feed", "publishing, CPU ms/feed", "wall s", "statements/feed"]
    head += ["statements to publish", "new", "files written", "answers", "peak MB"]
    table(f"Cycles; {PER_CATEGORY} feeds to a category, {options.rounds} rounds: median (least–most)", head, rows)
    table(
        "Growth of CPU per feed from the smallest size to the largest; 1 is what it should be",
        ["cycle", "growth"],
        [[phase, growth(costs)] for phase, costs in by_phase.items()],
    )


if __name__ == "__main__":
    main()
