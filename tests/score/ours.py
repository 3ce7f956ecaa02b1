"""Our own side of the score: the journeys of ``refresh --due`` with a clock that jumps from one due time to the next.

All else is real: feeds.yaml, the store on disk, the Fetcher, sockets. A *life* is one process: its memory ends with it.
"""

import asyncio
import io
import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aggregator import outputs, publish, refresh, sources
from aggregator.cli import main
from aggregator.config import Config, load
from aggregator.fetch.client import Fetcher
from aggregator.model import Document, Request
from aggregator.store import Store
from tests.fakes import Clock
from tests.score.log import Event, Run
from tests.score.server import World
from tests.score.world import SITE, START, Resource

DAYS = 7
PAUSE = timedelta(milliseconds=100)
STEP = timedelta(minutes=1)  # the least that the clock moves on
MOVES = ("moved", "lent", "captive", "turning")  # sources whose owner trusts where they lead


def whole_run(world: World, folder: Path, *, days: int = DAYS) -> Run:
    """Return what one aggregator did in so many days, told to the end.

    The crowd and the street are polled by aggregators of their own and not so long: what they show shows at once. Only
    where the pause between two requests is looked at there is one, because nobody can inject that.
    """
    sources = [one.name for one in world.resources if one.is_source]
    crowd = [name for name in sources if name.startswith("crowd")]
    street = [name for name in sources if name.startswith("street") or name == "list"]
    others = [name for name in sources if name not in (*crowd, *street)]

    Ours(folder / "crowd", world, crowd).live(START + timedelta(hours=2))
    near = Ours(folder / "street", world, street, pause=PAUSE)
    near.live(START + timedelta(hours=4))
    near.live(START + timedelta(hours=10))
    main = Ours(folder / "main", world, others)
    main.live(START + STEP, crash_after=5)
    for day in range(1, days + 1):
        main.live(START + timedelta(days=day, minutes=-30))
        if day % 3 == 0:
            main.reload()
        if day in (2, 4):
            for _ in range(3):
                main.live(START + timedelta(days=day + 1), crash_after=1)
    return Run(
        exchanges=tuple(sorted(world.log, key=lambda one: one.at)),
        ends=main.clock.at,
        events=tuple(sorted([*near.events, *main.events], key=lambda event: event.at)),
        scope="host",
        pause=PAUSE,
        told=main.told(),
    )


@dataclass
class Ours:
    """One aggregator in a folder, on that world. names: of the resources that it polls; None: all sources."""

    folder: Path
    world: World
    names: Sequence[str] | None = None
    pause: timedelta = timedelta(0)
    clock: Clock = field(default_factory=lambda: Clock(at=START))
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        chosen = [one for one in self.world.resources if one.is_source and (not self.names or one.name in self.names)]
        (self.folder / "feeds.yaml").write_text(feeds_yaml(chosen, self.world, pause=self.pause), encoding="utf-8")

    @property
    def config(self) -> Config:
        path = self.folder / "feeds.yaml"
        return load(path, kinds=sources.names(), formats=outputs.names(), environ={})

    def live(self, until: datetime, *, crash_after: int | None = None) -> None:
        """Poll what is due as its time comes, in one process. crash_after: it is killed after so many answers."""
        if self.clock.at > START:
            self.events.append(Event(at=self.clock.at, kind="restart"))
        config = self.config
        with Store(config.storage, now=self.clock()) as store:
            try:
                asyncio.run(_Life(self, config, store, crash_after).until(until))
            except asyncio.CancelledError:
                self.events.append(Event(at=self.clock.at, kind="crash"))
                self.world.lose(self.clock.at)

    def reload(self) -> None:
        """Write feeds.yaml again, with another title."""
        path = self.folder / "feeds.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("title: Score", "title: Score again"), encoding="utf-8"
        )
        self.events.append(Event(at=self.clock.at, kind="reload"))

    def told(self) -> dict[str, str]:
        """Return source -> what ``aggregator status`` says of it."""
        said, shown = io.StringIO(), io.StringIO()
        where = ["-c", str(self.folder / "feeds.yaml")]
        with redirect_stdout(said):
            main(["status", "--json", *where])
        with redirect_stdout(shown):
            main(["status", "-v", *where])
        lines = shown.getvalue().splitlines()
        return {
            one["source"]: "\n".join(
                [json.dumps(one, ensure_ascii=False), *(li for li in lines if one["source"] in li)]
            )
            for one in json.loads(said.getvalue())["sources"]
        }


class _Life:
    """One process."""

    def __init__(self, ours: Ours, config: Config, store: Store, crash_after: int | None) -> None:
        self.ours = ours
        self.config = publish.sync(config, store, now=ours.clock())
        self.store = store
        self.left = crash_after
        self.silent: dict[str, datetime] = {}  # source -> until when it was left alone when it was due

    async def until(self, end: datetime) -> None:
        clock, self.task = self.ours.clock, asyncio.current_task()
        config = self.config
        async with Fetcher(config.polling, now=clock, site_url=config.site.url, memory=self.store) as self.send:
            at: datetime | None = clock.at
            while at is not None and at < end:
                clock.at = max(clock.at, at)
                self.ours.world.turn(clock.at)
                await self._round()
                at = self._next()
        clock.at = max(clock.at, end)

    def _next(self) -> datetime | None:
        """Return when the next source is polled, or None when none ever is."""
        now = self.ours.clock.at
        due = [
            max(state.due or now, self.silent.get(state.name, now), now + STEP)
            for state in self.store.states()
            if not state.is_gone
        ]
        return min(due, default=None)

    async def _round(self) -> None:
        now = self.ours.clock
        states = {state.name: state for state in self.store.states()}
        chosen = refresh.choose(self.config, states, hosts=self.store.hosts(), now=now(), due=True)
        self.silent = {one.source: one.until for one in chosen.skipped if one.until}
        done = await refresh.refresh(self.config, chosen, store=self.store, send=self._sent, now=now)
        self.config = done.config

    async def _sent(self, request: Request) -> Document:
        """Ask; and be killed, where that is to be, when the answer is there but nothing is saved."""
        document = await self.send(request)
        if self.left is not None:
            self.left -= 1
            if self.left <= 0 and self.task is not None:
                asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # the dead tell nobody of others
                self.task.cancel()
                await asyncio.sleep(60)
        return document


def feeds_yaml(chosen: Sequence[Resource], world: World, *, pause: timedelta) -> str:
    """Return a configuration with these sources; what is not said is as it comes."""
    lines = [
        f"site: {{title: Score, url: '{SITE}'}}",
        f"polling: {{pause: {pause // timedelta(milliseconds=1)}ms, timeout: 20s, retry_after: host}}",
        "sources:",
    ]
    for one in chosen:
        told = {"name": one.name, "url": world.urls[one.name]}
        if one.name.startswith(MOVES):
            told["allow_private"] = True
        if one.name == "list":
            told |= {"kind": "html_list", "items": "li", "fields": {"title": "a", "url": "a@href"}}
            told["article"] = {"content": "article"}
        lines += [
            f"  - {json.dumps(copy)}" for copy in ([told, told | {"name": f"{one.name}-too"}] if one.twice else [told])
        ]
    return "\n".join(lines)
