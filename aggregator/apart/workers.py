"""A few processes for what is heavy, started when it comes and ended when there is none."""

import asyncio
import gc
import logging
import signal
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from aggregator.apart import Limits, Load, Spent
from aggregator.apart.process import OUT_OF_MEMORY
from aggregator.apart.threads import Thread
from aggregator.apart.worker import Ended, Worker

Result = TypeVar("Result")

LOOK = 0.02  # seconds between two looks at what a process has taken
LIGHT_AT_ONCE = 4  # threads that compute: more of them only make each other wait

log = logging.getLogger(__name__)


class Workers:
    """Work as ``Work`` has it, used as ``async with Workers() as work``, one for a program's life.

    What is light is called in a thread. Where that takes too long, the thread is told to stop, the same is done in a
    process, and whatever comes from its address is heavy from then on.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._turns = asyncio.Semaphore(self.limits.processes)
        self._light = asyncio.Semaphore(LIGHT_AT_ONCE)
        self._idle: dict[Worker, asyncio.TimerHandle] = {}
        self._busy: set[Worker] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._slow: set[str | None] = set()
        self._is_over = False

    async def __aenter__(self) -> Self:
        gc.freeze()  # a full collection holds everything: what is there for the program's life need not be in it
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True
        for worker in self._busy:
            worker.kill()
        for worker in list(self._idle):
            self._end(worker)
        while self._ending:
            await asyncio.wait(self._ending)
        gc.unfreeze()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that there are now."""
        return tuple(worker.pid for worker in (*self._busy, *self._idle))

    async def __call__(self, function: Callable[..., Result], /, *args: Any, load: Load) -> Result:
        if load.size_bytes < self.limits.heavy_bytes and load.url not in self._slow:
            async with self._light:
                thread = Thread(lambda: function(*args))
                if await self._is_in_time(thread):
                    return await thread.done
                thread.stop()
            self._slow.add(load.url)
            log.warning("%s takes long to read: this is done in a process of its own from now on", load.url)
        async with self._turns:
            try:
                return await self._in_process(function, args, load)
            except Ended as error:
                if error.is_begun or self._is_over:
                    raise self._spent(error, load) from error
            return await self._in_process(function, args, load)  # it had ended before it was given anything

    async def _is_in_time(self, thread: Thread[Any]) -> bool:
        """Wait for a thread, and return whether it came to an end within what is light."""
        most, started = self.limits.light_seconds, time.monotonic()
        await asyncio.wait({thread.done}, timeout=most)
        while not thread.done.done():
            if thread.processor_seconds > most or time.monotonic() - started > most * self.limits.patience:
                return False
            await asyncio.wait({thread.done}, timeout=1)
        return True

    # --- in a process ----------------------------------------------------------------------------

    async def _in_process(self, function: Callable[..., Result], args: tuple[Any, ...], load: Load) -> Result:
        worker = self._worker()
        memory, seconds = self.limits.memory_for(load), self.limits.seconds
        thread = Thread(lambda: worker.do(function, args, memory_bytes=memory, seconds=seconds))
        why: Spent | None = None
        try:
            why = await self._watched(thread, worker, load)
            return await thread.done
        except Ended as error:
            raise why or error from None
        except asyncio.CancelledError:
            worker.kill()
            raise
        finally:
            self._settle(worker, thread)

    def _worker(self) -> Worker:
        """Return a process that is free. Of several the one that was busy last: the others may end."""
        while self._idle:
            worker, timer = self._idle.popitem()
            timer.cancel()
            self._busy.add(worker)
            return worker
        worker = Worker()  # a few milliseconds; it goes on starting while it is sent its work
        self._busy.add(worker)
        return worker

    async def _watched(self, thread: Thread[Any], worker: Worker, load: Load) -> Spent | None:
        """Wait for the end of a piece of work; return why the process was killed, or None."""
        memory, seconds = self.limits.memory_for(load), self.limits.seconds
        started, before = time.monotonic(), worker.processor_seconds
        why: Spent | None = None
        while not thread.done.done():
            await asyncio.wait({thread.done}, timeout=LOOK)
            if why is not None or thread.done.done():
                continue
            if worker.resident_bytes > memory:
                why = too_much_memory(load, memory)
            elif worker.processor_seconds - before > seconds:
                why = too_long(load, seconds)
            elif time.monotonic() - started > seconds * self.limits.patience:
                why = too_long(load, seconds * self.limits.patience)
            if why is not None:
                worker.kill()
        return why

    def _settle(self, worker: Worker, thread: Thread[Any]) -> None:
        """Keep a process for what comes next, or end it where it has grown, failed or been left."""
        if thread.done.done() and worker.is_ready and worker.resident_bytes <= self.limits.kept_bytes:
            self._busy.discard(worker)
            loop = asyncio.get_running_loop()
            self._idle[worker] = loop.call_later(self.limits.idle_seconds, self._end, worker)
        else:
            self._end(worker, after=thread)

    def _end(self, worker: Worker, after: Thread[Any] | None = None) -> None:
        timer = self._idle.pop(worker, None)
        if timer:
            timer.cancel()

        async def ending() -> None:
            if after:
                await asyncio.gather(after.done, return_exceptions=True)
            await Thread(worker.end).done
            self._busy.discard(worker)

        task = asyncio.get_running_loop().create_task(ending())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _spent(self, error: Ended, load: Load) -> Spent:
        if error.status == OUT_OF_MEMORY:
            return too_much_memory(load, self.limits.memory_for(load))
        if error.status == -signal.SIGXCPU:
            return too_long(load, self.limits.seconds)
        return _died(error, load)


def too_much_memory(load: Load, memory_bytes: int) -> Spent:
    """Return the error of a document that takes more memory than it may."""
    return Spent(
        f"reading it takes more than {memory_bytes // 1_000_000} MB of memory, and was ended; it has {_size(load)}. "
        "Ask for less at once (an address with fewer entries), or write a larger max_bytes: "
        "reading may take ten times that",
        url=load.url,
    )


def too_long(load: Load, seconds: float) -> Spent:
    """Return the error of a document that takes longer than it may."""
    return Spent(
        f"reading it took longer than {seconds:g} s, and was ended; it has {_size(load)}. "
        "Ask for less at once (an address with fewer entries), or report it where the document is none of the large",
        url=load.url,
    )


def _died(error: Ended, load: Load) -> Spent:
    how = f"status {error.status}"
    if error.status is not None and error.status < 0:
        how = signal.Signals(-error.status).name
    return Spent(
        f"the process that read it ended ({how}); it has {_size(load)}. Either this machine is short of memory, or it "
        "is a fault of this program or its libraries: please report it",
        url=load.url,
    )


def _size(load: Load) -> str:
    return f"{load.size_bytes / 1_000_000:.1f} MB" if load.size_bytes >= 100_000 else f"{load.size_bytes:,} bytes"
