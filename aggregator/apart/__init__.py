"""Computing for others: the light in a thread, the heavy in a process that can be killed and replaced.

A thread can neither be stopped nor be held to an amount of memory, and what holds the interpreter in it (a parser, a
regular expression, much that is unpacked at once) holds the event loop as well. A process costs half a second and some
forty megabytes to start. So a document of ordinary size is read in a thread, and one that is heavy in a process: within
bounds of time and memory, past which the process is killed, another takes its place, and the document is refused.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from aggregator.errors import ReadError

__all__ = ["Limits", "Load", "Spent", "Work", "in_threads"]

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Load:
    """What is worked on. url: named in errors. size_bytes: of the document. most_bytes: of one that is accepted."""

    url: str | None = None
    size_bytes: int = 0
    most_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """From where on work is heavy, and what it may take.

    heavy_bytes: of a document. seconds: of processor time in a process. light_seconds: likewise in a thread.
    patience: times these by the clock, for what waits instead of computing. memory_bytes: resident, of a process; where
    documents of more than a tenth of that are accepted, ten times these. kept_bytes: a process that has grown to more
    is not used again. idle_seconds: after them a process is ended. processes: at most so many.
    """

    heavy_bytes: int = 384_000
    seconds: float = 60.0
    light_seconds: float = 15.0
    patience: float = 10.0
    memory_bytes: int = 200_000_000
    kept_bytes: int = 100_000_000
    idle_seconds: float = 30.0
    processes: int = 2

    def memory_for(self, load: Load) -> int:
        """Return how many bytes may be resident while this is worked on."""
        return max(self.memory_bytes, load.most_bytes * 10)


class Spent(ReadError):
    """Working on a document took more than it may, or ended the process that did it."""


class Work(Protocol):
    """Calls a function somewhere else, and returns what it returns or raises what it raises.

    The function stands at the top of a module; it, its arguments and its result can be pickled. Raises Spent.
    """

    async def __call__(self, function: Callable[..., Result], /, *args: Any, load: Load) -> Result: ...


async def in_threads(function: Callable[..., Result], /, *args: Any, load: Load) -> Result:  # noqa: ARG001
    """Return what the function returns, called in a thread without any bounds, whatever the load."""
    return await asyncio.to_thread(function, *args)
