"""The world on loopback: every place an address of its own (127.x.y.z), every request logged."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.fetch.site import Answer, Received, Site, site
from tests.score.log import Exchange, Headers, Role
from tests.score.world import START, Ask, Resource, stamp

STRAY: dict[str, Role] = {"/robots.txt": "robots", "/favicon.ico": "icon"}  # asked for though nobody named it


@dataclass
class World:
    """A running world. at: its time when it was last turned; it goes on from there as our own time does.

    urls: resource -> URL. log: in the order in which the requests came.
    """

    urls: dict[str, str] = field(default_factory=dict)
    log: list[Exchange] = field(default_factory=list)
    resources: tuple[Resource, ...] = ()
    _at: datetime = START
    _turned: float = field(default_factory=time.monotonic)
    _is_lost: bool = False
    _heard: Counter[str] = field(default_factory=Counter)

    def turn(self, at: datetime) -> None:
        """Let it be that time now."""
        self._at, self._turned, self._is_lost = at, time.monotonic(), False

    def now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._turned)

    def lose(self, since: datetime) -> None:
        """Note that whoever asked since then, and is still heard, ended before he could keep all that he heard."""
        self._is_lost = True  # before the rest, because requests may still be under way
        self.log[:] = [replace(one, is_lost=True) if one.at >= since else one for one in self.log]

    def answer(self, request: Received, there: Site, by_path: dict[str, Resource]) -> Answer:
        """Return what is said, and log it."""
        resource = by_path.get(request.target)
        at = self.now()
        headers = {name.lower(): value.encode("latin-1") for name, value in request.headers}
        name = resource.name if resource else ""
        ask = Ask(at=at, headers=headers, heard=self._heard[name], where=self.urls)
        answer = resource.says(ask) if resource else Answer(status=404, headers=[("Date", stamp(at))])
        if answer.raw is not None:
            self._heard[name] += 1
        is_broken = resource is not None and resource.is_broken(ask)
        self.log.append(
            Exchange(
                at=at,
                host=there.url.removeprefix("http://").partition(":")[0],
                target=request.target,
                method=request.method,
                headers=tuple((key.encode("latin-1"), value.encode("latin-1")) for key, value in request.headers),
                status=0 if answer.raw is not None else answer.status,
                answered=_as_bytes(answer),
                name=name,
                role=resource.role if resource else STRAY.get(request.path, "other"),
                is_broken=is_broken and answer.status == 200,
                is_lost=self._is_lost,
                busy=there.busy,
            )
        )
        return answer


@contextmanager
def serving(resources: Sequence[Resource]) -> Iterator[World]:
    """Serve these resources in a thread of their own, until the block ends."""
    world = World(resources=tuple(resources))
    ready, loops = threading.Event(), list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]()

    async def serve() -> None:
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        async with AsyncExitStack() as stack:
            places = list(dict.fromkeys(resource.host_name for resource in resources))
            for number, place in enumerate(places):
                here = {one.path: one for one in resources if one.host_name == place}
                there = await stack.enter_async_context(site({}, host=f"127.77.{number // 250}.{number % 250 + 1}"))
                there.answers["*"] = _answering(world, there, here)
                world.urls |= {one.name: there.url + path for path, one in here.items()}
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    try:
        yield world
    finally:
        loop, stop = loops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)


def _answering(world: World, there: Site, here: dict[str, Resource]) -> Callable[[Received], Answer]:
    return lambda request: world.answer(request, there, here)


def _as_bytes(answer: Answer) -> Headers:
    return tuple((key.encode(), value if isinstance(value, bytes) else value.encode()) for key, value in answer.headers)
