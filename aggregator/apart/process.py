"""The other side: a process that does one piece of work after the other and ends with the one that started it."""

import fcntl
import gc
import os
import pickle
import resource
import signal
import socket
import traceback
from typing import IO, Any

STARTED = b"+"  # the work has come whole; what happens from here on is its own doing
OUT_OF_MEMORY = 77  # the status of exit
BEYOND_MEMORY = 64_000_000  # bytes of data beyond the memory that may be resident: stops what grows in one leap
LAST_SECONDS = 5  # of processor time beyond those that are watched


def main(channel: int, lifeline: int) -> None:
    """Do what comes through the channel until it is closed.

    lifeline: the reading end of a pipe that nobody writes to. The kernel ends this process once its other end is gone,
    however busy it is.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started us
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _end_with(lifeline)
    with socket.socket(fileno=channel) as connection:
        asked, told = connection.makefile("rb"), connection.makefile("wb")
        try:
            while _one(asked, told):
                gc.collect()
        except MemoryError:  # nothing is certain any more; whoever waits is told by our end
            os._exit(OUT_OF_MEMORY)
        except OSError:  # whoever waited does not any more
            os._exit(0)


def _end_with(lifeline: int) -> None:
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    signal.signal(signal.SIGIO, signal.SIG_DFL)  # which is to end
    fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    try:
        is_over = os.read(lifeline, 1) == b""
    except BlockingIOError:
        is_over = False
    if is_over:  # it was gone before we listened
        os._exit(0)


def _one(asked: IO[bytes], told: IO[bytes]) -> bool:
    """Do one piece of work; return whether there may be more."""
    try:
        memory_bytes, seconds, function, args = pickle.load(asked)  # noqa: S301  from the one that started us
    except EOFError:
        return False
    _bound(memory_bytes, seconds)
    told.write(STARTED)
    told.flush()
    outcome = _outcome(function, args)
    del function, args
    pickle.dump(outcome, told, protocol=pickle.HIGHEST_PROTOCOL)
    told.flush()
    return True


def _outcome(function: Any, args: Any) -> tuple[bool, Any]:
    """Return whether the function returned, and what it returned or raised."""
    try:
        return True, function(*args)
    except MemoryError:
        raise
    except Exception as error:
        error.add_note("in a process of its own:\n" + traceback.format_exc())
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301  our own
        except Exception:  # some exceptions cannot be made again
            return False, RuntimeError(f"{type(error).__name__}: {error}")
        return False, error


def _bound(memory_bytes: int, seconds: float) -> None:
    """Let the kernel stop what the other side does not see in time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + LAST_SECONDS
    for what, most in ((resource.RLIMIT_CPU, until), (resource.RLIMIT_DATA, memory_bytes + BEYOND_MEMORY)):
        resource.setrlimit(what, (most, resource.getrlimit(what)[1]))
