"""What arrives on a connection: taken in small pieces, and no more of it than an honest answer needs around its body.

The library bounds a line and the number of lines. It does not bound answers before the answer (1xx), the words that
may stand beside the size of a chunk, or chunks of one byte; here all that is no body is counted together.
"""

import asyncio
from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError

LONGEST_LINE_BYTES = 64 * 1024  # policies and links of some sites are longer than the library's 8 kB
MOST_FIELDS = 128  # of a header, and as many of a trailer
MOST_HEAD_BYTES = 128 * 1024  # all before the body: answers before the answer, and the header
FRAMING = 16  # bytes around each byte of a body at most; a chunk of one byte has five
PIECE_BYTES = 32 * 1024  # read at once; the library's 256 kB of nonsense would hold the event loop up for too long


class TooMuchAroundError(HttpProcessingError):
    """An answer of which too much is neither header nor body."""


class Wire(ResponseHandler, asyncio.BufferedProtocol):
    """The library's reader of answers, with a bound on what it reads."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._room = memoryview(bytearray(PIECE_BYTES))
        self._arrived_bytes = 0

    def set_response_params(self, **named: Any) -> None:
        """Begin with a new answer; the library calls this before each request."""
        self._arrived_bytes = 0
        super().set_response_params(**named)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - the shape that asyncio asks for
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        self._arrived_bytes += nbytes
        body_bytes = self._payload.total_bytes if self._payload is not None else 0
        if self._arrived_bytes - body_bytes > MOST_HEAD_BYTES + PIECE_BYTES + FRAMING * body_bytes:
            self._refuse()
        else:
            self.data_received(bytes(self._room[:nbytes]))

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        """Tell who waits for the answer, and also who waits for its body: nonsense in a trailer would leave them be."""
        super().set_exception(exc, exc_cause or exc)
        body = self._payload
        if body is not None and not body.is_eof() and body.exception() is None:
            body.set_exception(aiohttp.ClientPayloadError("damaged"), exc_cause or exc)

    def _refuse(self) -> None:
        self.set_exception(TooMuchAroundError())
        self._parser = None  # or it would be told that the answer broke off
        if self.transport is not None:
            self.transport.abort()


class Connector(aiohttp.TCPConnector):
    """Makes connections on which a Wire listens."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        wire: type[ResponseHandler] = Wire
        self._factory = partial(wire, loop=self._loop)


class Response(aiohttp.ClientResponse):
    """An answer whose reason may be in any encoding: nobody reads it, and it must not lose us the answer."""

    async def start(self, connection: Connection) -> "Response":
        await super().start(connection)
        self.reason = (self.reason or "").encode("ascii", "replace").decode("ascii")
        return self
