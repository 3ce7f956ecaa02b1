"""One process that works for this one: started, handed work, watched, ended."""

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from aggregator.apart.process import STARTED

Result = TypeVar("Result")

LAST_WORDS = 1.0  # seconds that an idle process has for its end

_BEGIN = (
    "import sys; sys.path[:] = sys.argv[3:]; from aggregator.apart.process import main; main(*map(int, sys.argv[1:3]))"
)
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


class Ended(Exception):
    """The process is no more. is_begun: the work had reached it. status: of its exit, below zero a signal."""

    def __init__(self, *, is_begun: bool, status: int | None) -> None:
        super().__init__(is_begun, status)
        self.is_begun = is_begun
        self.status = status


class Worker:
    """A process with the modules of this one within reach. It shares nothing else, and no terminal."""

    def __init__(self) -> None:
        self._channel, its_channel = socket.socketpair()
        its_lifeline, self._lifeline = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603  ourselves
                [sys.executable, "-c", _BEGIN, str(its_channel.fileno()), str(its_lifeline), *filter(None, sys.path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(its_channel.fileno(), its_lifeline),
                process_group=0,  # a Ctrl-C at the terminal is not for it
            )
        except BaseException:
            self._channel.close()
            os.close(self._lifeline)
            raise
        finally:
            its_channel.close()
            os.close(its_lifeline)
        self._asks, self._tells = self._channel.makefile("wb"), self._channel.makefile("rb")
        self.pid = self._process.pid
        self.is_ready = True  # for work

    def do(
        self, function: Callable[..., Result], args: tuple[Any, ...], *, memory_bytes: int, seconds: float
    ) -> Result:
        """Return what the function returns there, or raise what it raises. Raises Ended when the process dies.

        What is sent and what comes back passes in pieces, between which other threads have their turn.
        memory_bytes, seconds: past which the kernel ends it, if nobody else does.
        """
        is_begun, self.is_ready = False, False
        try:
            pickle.dump((memory_bytes, seconds, function, args), self._asks, protocol=pickle.HIGHEST_PROTOCOL)
            self._asks.flush()
            is_begun = self._tells.read(1) == STARTED
            is_done, value = pickle.load(self._tells)  # noqa: S301  from what we started ourselves
            self.is_ready = True
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self.end()
            raise Ended(is_begun=is_begun, status=self._process.returncode) from error
        if is_done:
            result: Result = value
            return result
        raise value

    @property
    def resident_bytes(self) -> int:
        """What it has in memory; 0 where the system does not tell."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE_BYTES
        return 0

    @property
    def processor_seconds(self) -> float:
        """What it has computed since its start; 0 where the system does not tell."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            after_name = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(after_name[11]) + int(after_name[12])) / _TICKS
        return 0.0

    def kill(self) -> None:
        """End it at once, whatever it does. Who waits for its work is told."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)

    def end(self) -> None:
        """End it, and leave nothing of it: an idle process by itself, a busy one by force."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        for one in (self._asks, self._tells, self._channel):
            with contextlib.suppress(OSError):
                one.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        try:
            self._process.wait(LAST_WORDS)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
