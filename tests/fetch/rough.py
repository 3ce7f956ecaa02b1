"""A server on loopback that speaks HTTP badly: after a request it sends the pieces it is given, come what may.

``async with rough({"/a": [b"HTTP/1.1 …"], "/b": endless(HEAD, b"x")}) as server``, then ``server.url``.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import repeat

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>"
NO_LINGER = struct.pack("ii", 1, 0)  # closing sends a reset instead of a farewell

Pieces = Callable[[], Iterable[bytes]]


@dataclass
class Rough:
    """The running server. accepted: connections so far; sent_bytes: what the client's side took in."""

    url: str
    accepted: int = 0
    sent_bytes: int = 0
    open: int = 0


def endless(start: bytes, again: bytes) -> Pieces:
    """Return what sends ``start`` once and ``again`` for ever."""

    def pieces() -> Iterator[bytes]:
        yield start
        yield from repeat(again)

    return pieces


@asynccontextmanager
async def rough(
    answers: Mapping[str, Pieces | bytes], *, drip: float = 0.0, reset: bool = False, linger: bool = False
) -> AsyncIterator[Rough]:
    """Serve on a free port; what has no answer gets a good one. drip: seconds between pieces.

    reset: connections end with a reset. linger: they stay open after the last piece.
    """
    running: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        server.accepted += 1
        server.open += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                answer = answers.get(path, GOOD)
                for piece in answer() if callable(answer) else [answer]:
                    writer.write(piece)
                    await writer.drain()
                    server.sent_bytes += len(piece)
                    await asyncio.sleep(drip)
                if path in answers and linger:
                    await reader.read()
                if path in answers:
                    break
            if reset:
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            server.open -= 1
            running.discard(task)
            writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    server = Rough(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    try:
        yield server
    finally:
        listening.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
