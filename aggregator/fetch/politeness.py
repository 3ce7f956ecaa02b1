"""Taking turns: one queue per host, how many requests are under way, and how close together they come.

A host whose requests got no answer several times in a row rests; then one request tries whether it is back, and the
others wait for what becomes of that one.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.errors import FetchError, NotAsked, Refused
from aggregator.fetch.hosts import Hosts, Memory, Notes
from aggregator.model import HostState, Polling

REMEMBERED_HOSTS = 1000  # at least so many are known before those that are at rest are forgotten
PATIENCE = timedelta(minutes=2)  # a page that its host's Crawl-delay would keep waiting longer is left for later


@dataclass(eq=False)
class Turn:
    """A request that may start, or waits for that. gap_s: to the next page, by the host's own word."""

    address: str
    gap_s: float
    granted: "asyncio.Future[None]"
    is_trial: bool = False
    is_answered: bool = False
    is_excused: bool = False

    def answered(self) -> None:
        """The host lives, whatever its answer is."""
        self.is_answered = True

    def excused(self) -> None:
        """Whatever happens says nothing of the host."""
        self.is_excused = True


@dataclass(eq=False)
class _Queue:
    """One host's queue. next_start, next_page: loop time. starting: was let go, and has not started yet."""

    host: str
    waiting: deque[Turn] = field(default_factory=deque)
    under_way: int = 0
    starting: Turn | None = None
    trial: Turn | None = None
    next_start: float = 0.0
    next_page: float = 0.0
    timer: asyncio.TimerHandle | None = None

    def opens(self, turn: Turn) -> float:
        """Return the loop time before which this one may not start."""
        return max(self.next_start, self.next_page) if turn.gap_s else self.next_start

    def is_at_rest(self, now: float) -> bool:
        return not self.waiting and not self.under_way and max(self.next_start, self.next_page) <= now


class Politeness:
    """Who may ask when. now: gives aware datetimes. memory: where what is learnt of hosts is kept."""

    def __init__(self, polling: Polling, *, now: Callable[[], datetime], memory: Memory | None = None) -> None:
        self.polling = polling
        self.hosts = Hosts(polling, now)
        self._memory = memory or Notes()
        self._saving = asyncio.Lock()
        self._queues: dict[str, _Queue] = {}
        self._full: dict[str, None] = {}  # hosts that only wait for one of the slots that all share, in turn
        self._under_way = 0
        self._sweep_at = REMEMBERED_HOSTS

    async def recall(self) -> None:
        """Know what earlier runs learnt of hosts."""
        self.hosts.recall(await asyncio.to_thread(self._memory.hosts))

    def adapt(self, polling: Polling) -> None:
        """Go on by other numbers, with all that is known and under way."""
        self.polling = self.hosts.polling = polling

    @asynccontextmanager
    async def turn(self, host: str, address: str = "", *, gap: timedelta | None = None) -> AsyncIterator[Turn]:
        """Wait until a request to this host may start; it is under way as long as the block runs.

        Of one host no more than ``per_host`` are under way, and ``pause`` lies between the starts of two; between two
        that bring a ``gap``, that. The block says when the host has answered; one that ends with a FetchError and
        without that was not answered at all.
        Raises NotAsked when the host, or the address, may not be asked now.
        """
        turn = await self._granted(host, address, gap)
        queue = self._queue(host)
        try:
            yield turn
        except FetchError as error:
            turn.is_excused |= isinstance(error, Refused | NotAsked)
            if not (turn.is_answered or turn.is_excused):
                self.hosts.missed(host, is_trial=turn.is_trial)
            raise
        finally:
            if turn.is_answered:
                self.hosts.answered(host)
            self._end(queue, turn)
            await self._save()

    def silence(self, name: str, *, until: datetime, status: int) -> None:
        """Leave a host or an address alone, as it asked; who waits for it waits no longer."""
        self.hosts.silence(name, until=until, status=status)
        for queue in list(self._queues.values()):
            if name == queue.host or any(name == turn.address for turn in queue.waiting):
                self._send_away(queue)

    def try_again(self, host: str) -> None:
        """Let the next request to this host try whether it is back, though its rest is not over."""
        self.hosts.try_again(host)

    # --- waiting ---------------------------------------------------------------------------------

    async def _granted(self, host: str, address: str, gap: timedelta | None) -> Turn:
        self.hosts.heed(host, address)
        queue = self._queue(host)
        gap_s = 0.0 if gap is None or gap <= self.polling.pause else gap.total_seconds()
        if gap_s:
            self._ask_patience(queue, gap_s)
        turn = Turn(address, gap_s, asyncio.get_running_loop().create_future())
        queue.waiting.append(turn)
        self._pump(queue)
        try:
            await turn.granted
        except asyncio.CancelledError:
            if turn in queue.waiting:
                queue.waiting.remove(turn)
            elif queue.starting is turn:  # it was let go, and cancelled in the same moment
                self._start(queue, turn)
                self._end(queue, turn)
            else:
                turn.granted.exception()  # it was sent away, and cancelled in the same moment
            raise
        self._start(queue, turn)
        try:
            self.hosts.heed(host, address)
        except NotAsked:  # another request heard so in the moment in which this one was let go
            self._end(queue, turn)
            raise
        return turn

    def _ask_patience(self, queue: _Queue, gap_s: float) -> None:
        """Raise NotAsked where the host's own delay would keep a page waiting for too long."""
        ahead = sum(1 for turn in queue.waiting if turn.gap_s)
        wait_s = max(queue.next_page - asyncio.get_running_loop().time(), 0.0) + ahead * gap_s
        if wait_s > PATIENCE.total_seconds():
            raise NotAsked(
                f"{queue.host} wants {gap_s:g} s between two pages (Crawl-delay in its robots.txt); "
                "this one is left for later",
                until=self.hosts.now() + timedelta(seconds=wait_s),
            )

    def _pump(self, queue: _Queue) -> None:
        """Let the next of a host's requests go, if it is time."""
        if queue.starting is not None or queue.under_way >= self.polling.per_host:
            return
        if queue.trial is not None:  # the others wait for what becomes of it
            return
        now = asyncio.get_running_loop().time()
        if queue.next_start > now:
            if queue.waiting:
                self._wake(queue, queue.next_start)
            return
        waiting = (turn for turn in queue.waiting if not turn.granted.done())  # the others were cancelled just now
        turn = next((turn for turn in waiting if queue.opens(turn) <= now), None)
        if turn is None:
            if queue.waiting:  # for pages, which lie further apart
                self._wake(queue, queue.next_page)
        elif self._under_way >= self.polling.concurrency:
            self._full.setdefault(queue.host)
        else:
            self._full.pop(queue.host, None)
            queue.waiting.remove(turn)
            queue.starting = turn
            queue.under_way += 1
            self._under_way += 1
            if self.hosts.is_on_trial(queue.host):
                turn.is_trial = True
                queue.trial = turn
            turn.granted.set_result(None)

    def _wake(self, queue: _Queue, at: float) -> None:
        if queue.timer is None or queue.timer.when() > at:
            if queue.timer is not None:
                queue.timer.cancel()
            queue.timer = asyncio.get_running_loop().call_at(at, self._woken, queue)

    def _woken(self, queue: _Queue) -> None:
        queue.timer = None
        self._pump(queue)

    def _start(self, queue: _Queue, turn: Turn) -> None:
        """Count the pause from here: what was let go may have had to wait for the loop."""
        now = asyncio.get_running_loop().time()
        queue.starting = None
        queue.next_start = now + self.polling.pause.total_seconds()
        if turn.gap_s:
            queue.next_page = now + turn.gap_s
        self._pump(queue)

    def _end(self, queue: _Queue, turn: Turn) -> None:
        queue.under_way -= 1
        self._under_way -= 1
        if queue.trial is turn:
            queue.trial = None
        if self.hosts.is_resting(queue.host):
            self._send_away(queue)
        self._full.setdefault(queue.host)  # behind those that wait already
        for host in list(self._full):
            del self._full[host]
            if host in self._queues:
                self._pump(self._queues[host])

    def _send_away(self, queue: _Queue) -> None:
        """Tell those who wait that the host may not be asked any more."""
        for turn in [turn for turn in queue.waiting if not turn.granted.done()]:
            try:
                self.hosts.heed(queue.host, turn.address)
            except NotAsked as error:
                queue.waiting.remove(turn)
                turn.granted.set_exception(error)

    # --- remembering -----------------------------------------------------------------------------

    async def _save(self) -> None:
        async with self._saving:  # what was learnt later must not be written earlier
            if changes := self.hosts.changes():
                await asyncio.to_thread(self._save_all, changes)

    def _save_all(self, changes: list[HostState]) -> None:
        for state in changes:
            self._memory.save_host(state)

    def _queue(self, host: str) -> _Queue:
        if host not in self._queues:
            if len(self._queues) >= self._sweep_at:
                now = asyncio.get_running_loop().time()
                self._queues = {name: queue for name, queue in self._queues.items() if not queue.is_at_rest(now)}
                self._sweep_at = max(REMEMBERED_HOSTS, 2 * len(self._queues))
            self._queues[host] = _Queue(host)
        return self._queues[host]
