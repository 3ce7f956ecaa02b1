"""Taking turns: how many requests are under way, how close together they come, and whom to leave alone for now."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model import Polling

REMEMBERED_HOSTS = 1000  # at least so many are known before those that are at rest are forgotten


@dataclass
class _Host:
    """One host's queue. next_start: loop time. turns: requests under way or waiting."""

    slots: asyncio.Semaphore
    next_start: float = 0.0
    turns: int = 0


@dataclass(frozen=True)
class Silence:
    """Somebody asked us to stay away. until: aware. status: what the answer was."""

    until: datetime
    status: int


@dataclass
class Politeness:
    """Who may ask when, within this process."""

    polling: Polling
    _all: asyncio.Semaphore = field(init=False)
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _silenced: dict[str, Silence] = field(default_factory=dict)
    _sweep_at: int = REMEMBERED_HOSTS

    def __post_init__(self) -> None:
        self._all = asyncio.Semaphore(self.polling.concurrency)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until a request to this host may start; it is under way as long as the block runs.

        Of one host no more than ``per_host`` are under way, and ``pause`` lies between the starts of two.
        """
        queue = self._queue(host)
        queue.turns += 1
        try:
            async with queue.slots:
                await self._start(queue)
                try:
                    yield
                finally:
                    self._all.release()
        finally:
            queue.turns -= 1

    def silence(self, key: str, silence: Silence) -> None:
        """Remember to leave a host or a URL alone; a longer silence stands."""
        known = self._silenced.get(key)
        if known is None or known.until < silence.until:
            self._silenced[key] = silence

    def silenced(self, *keys: str, now: datetime) -> Silence | None:
        """Return why none of these may be asked now, or None when they may."""
        for key in keys:
            silence = self._silenced.get(key)
            if silence is not None and silence.until > now:
                return silence
            self._silenced.pop(key, None)
        return None

    async def _start(self, queue: _Host) -> None:
        """Take one of the slots that all hosts share, not before the host's next start."""
        loop = asyncio.get_running_loop()
        while True:
            # Waiting for the pause holds none of the shared slots, or one slow host would hold up all.
            await asyncio.sleep(max(0.0, queue.next_start - loop.time()))
            await self._all.acquire()
            started = loop.time()
            if started >= queue.next_start:
                queue.next_start = started + self.polling.pause.total_seconds()
                return
            self._all.release()  # another request to this host started while this one waited

    def _queue(self, host: str) -> _Host:
        if host not in self._hosts:
            if len(self._hosts) >= self._sweep_at:
                self._forget_resting()
            self._hosts[host] = _Host(asyncio.Semaphore(self.polling.per_host))
        return self._hosts[host]

    def _forget_resting(self) -> None:
        now = asyncio.get_running_loop().time()
        self._hosts = {name: queue for name, queue in self._hosts.items() if queue.turns or queue.next_start > now}
        self._sweep_at = max(REMEMBERED_HOSTS, 2 * len(self._hosts))
