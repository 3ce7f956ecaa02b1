"""A small web site on loopback that answers as it is told and remembers what it was asked.

``async with site({"/feed.xml": Answer(body=b"…")}) as server``, then ``server.url``, ``server.requests``.
"""

import asyncio
import functools
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request as it came. headers: in order, names as sent. connection: counts from 0."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What to say. drip: seconds between the bytes of the body. endless: the body over and over.

    length: what Content-Length claims instead of the truth. close: hang up afterwards. raw: instead of all else.
    hold: seconds before the answer starts.
    """

    status: int = 200
    headers: Sequence[tuple[str, str | bytes]] = ()
    body: bytes = b""
    drip: float = 0.0
    hold: float = 0.0
    length: int | None = None
    close: bool = False
    endless: bool = False
    raw: bytes | None = None


# One answer for always; several, of which the last stays; or a function of what was asked. ``*``: for all other paths.
Script = Answer | Sequence[Answer] | Callable[[Received], Answer]


@dataclass
class Site:
    """A running server. busiest: how many requests were being answered at once at most."""

    url: str
    answers: dict[str, Script]
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    busiest: int = 0
    _busy: int = 0
    _asked: dict[str, int] = field(default_factory=dict)

    @property
    def busy(self) -> int:
        """How many requests are being answered."""
        return self._busy

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def _answer(self, request: Received) -> Answer:
        named = self.answers.get(request.target) or self.answers.get(request.path)
        script = named or self.answers.get("*") or Answer(status=404)
        if isinstance(script, Answer):
            return script
        if callable(script):
            return script(request)
        turn = self._asked.get(request.path, 0)
        self._asked[request.path] = turn + 1
        return script[min(turn, len(script) - 1)]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = self.connections
        self.connections += 1
        try:
            while (request := await _request(reader, number)) is not None:
                self.requests.append(request)
                self._busy += 1
                self.busiest = max(self.busiest, self._busy)
                try:
                    answer = self._answer(request)
                    await _send(answer, writer)
                finally:
                    self._busy -= 1
                if answer.close or answer.raw is not None or answer.endless:
                    break
            else:
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def site(answers: Mapping[str, Script], *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Site]:
    """Serve the answers by path (or path and query) on a port of a loopback address, 0: a free one; all else is 404."""
    running: set[asyncio.Task[None]] = set()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await server._talk(reader, writer)
        except asyncio.CancelledError:  # the site closes
            pass
        finally:
            running.discard(task)

    listening = await asyncio.start_server(talk, host, port, family=family)
    port = listening.sockets[0].getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    server = Site(f"http://{name}:{port}", dict(answers))
    try:
        yield server
    finally:
        listening.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def in_loop(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    """Run an async test in a loop of its own, no longer than 30 seconds."""

    @functools.wraps(test)
    def run(*arguments: object, **named: object) -> None:
        asyncio.run(asyncio.wait_for(test(*arguments, **named), 30))  # type: ignore[arg-type]

    return run


async def _request(reader: asyncio.StreamReader, connection: int) -> Received | None:
    start = await reader.readexactly(1)
    if start == b"\x16":  # the first byte of TLS, which is not spoken here
        return None
    head = start + await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    body = await reader.readexactly(length)
    return Received(method=method, target=target, headers=headers, body=body, connection=connection)


async def _send(answer: Answer, writer: asyncio.StreamWriter) -> None:
    if answer.hold:
        await asyncio.sleep(answer.hold)
    if answer.raw is not None:
        writer.write(answer.raw)
        await writer.drain()
        return
    phrase = HTTPStatus(answer.status).phrase if answer.status in set(HTTPStatus) else "Whatever"
    lines = [f"HTTP/1.1 {answer.status} {phrase}".encode()]
    lines += [name.encode() + b": " + (_bytes(value)) for name, value in answer.headers]
    if not answer.endless and answer.status != 304:
        length = len(answer.body) if answer.length is None else answer.length
        lines.append(b"Content-Length: %d" % length)
    if answer.endless or answer.close:
        lines.append(b"Connection: close")
    writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
    pieces = [answer.body[at : at + 1] for at in range(len(answer.body))] if answer.drip else [answer.body]
    while True:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            if answer.drip:
                await asyncio.sleep(answer.drip)
        if not answer.endless:
            return


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
