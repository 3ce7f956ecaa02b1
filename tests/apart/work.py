"""Pieces of work that tests give to a process: well-behaved ones, and such as never end, grow or die."""

import ctypes
import os
import time

from aggregator.errors import FetchError


def added(one: int, other: int) -> int:
    return one + other


def pid() -> int:
    return os.getpid()


def sized(size_bytes: int) -> bytes:
    return bytes(size_bytes)


def spinning() -> None:
    while True:
        pass


def waiting(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def growing() -> None:
    """Take more and more memory."""
    held = []
    while True:
        held.append(bytes(100_000))


def leaping() -> int:
    """Take more memory than there may be, at once."""
    return len(bytes(4 << 30))


def exiting() -> None:
    os._exit(3)


def crashing() -> None:
    ctypes.string_at(0)


def refusing() -> None:
    raise FetchError("a reason", url="https://a.example/", status=404)


class UnrebuildableError(Exception):
    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


def raising() -> None:
    raise UnrebuildableError(1, 2)
