"""Threads that nobody has to wait for: each does one thing, and holds back no end of the program."""

import asyncio
import ctypes
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Stopped(BaseException):
    """Raised within a thread that shall go no further; no ``except Exception`` of what runs there holds it back."""


class Thread(Generic[Result]):
    """A function being called in a thread of its own. done: what it returns or raises, for the loop that started it."""

    def __init__(self, function: Callable[[], Result]) -> None:
        self._loop = asyncio.get_running_loop()
        self._function = function
        self.done: asyncio.Future[Result] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, name="apart", daemon=True)
        self._thread.start()

    @property
    def processor_seconds(self) -> float:
        """What it has computed so far; 0 once it is over, and where the system does not tell."""
        if not self._thread.is_alive() or self._thread.ident is None or not hasattr(time, "pthread_getcpuclockid"):
            return 0.0
        return time.clock_gettime(time.pthread_getcpuclockid(self._thread.ident))

    def stop(self) -> None:
        """Let it end as soon as it is back in Python. What it does in C until then cannot be stopped."""
        if self._thread.ident is not None:
            number = ctypes.c_ulong(self._thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(number, ctypes.py_object(Stopped))

    def _run(self) -> None:
        try:
            try:
                value = self._function()
            except Exception as error:
                self._tell(self.done.set_exception, error)
            else:
                self._tell(self.done.set_result, value)
        except Stopped:
            self._tell(self.done.cancel)

    def _tell(self, settle: Callable[..., object], *args: object) -> None:
        def now() -> None:
            if not self.done.done():
                settle(*args)

        try:
            self._loop.call_soon_threadsafe(now)
        except RuntimeError:  # the loop is closed; nobody waits any more
            return
