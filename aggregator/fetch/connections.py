"""Connections to servers, guarded and bounded: a message goes out, an answer comes in, whole or not at all.

The only module that knows what carries the HTTP library. Of what such a library does by itself nothing is left on: no
cookies, no redirects, no decompression, no credentials or proxies from the environment.
"""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import AsyncExitStack
from contextvars import ContextVar
from dataclasses import dataclass

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from aggregator.errors import Refused
from aggregator.fetch import failures
from aggregator.fetch.addresses import basic, parsed
from aggregator.fetch.decoding import Body, too_large
from aggregator.fetch.guard import (
    BAD_PORTS,
    LookUp,
    Resolver,
    is_private_host,
    is_public,
    literal,
    public_socket,
)
from aggregator.fetch.headers import decoded, location
from aggregator.fetch.politeness import Turn
from aggregator.fetch.wire import LONGEST_LINE_BYTES, MOST_FIELDS, Connector, Response

NAMES_KEPT_S = 60  # how long a look-up is believed


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer, its body decompressed. headers: names in lower case. location: where a redirect leads."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    location: str | None


class Connections:
    """Two pools of connections: for addresses that the operator vouches for, and for those that content names.

    They are kept apart, or a request on a stranger's word could use a connection that a trusted one has opened.
    proxy: an http(s) URL, through which all requests go; it looks names up itself, so that private addresses are
    only recognised by their looks then.
    """

    def __init__(self, *, proxy: str | None = None, look_up: LookUp | None = None) -> None:
        """look_up: finds the addresses of a name; None: as this machine does."""
        self._look_up = look_up
        self._proxy = _proxy(proxy) if proxy else None
        self._transports: dict[bool, AiohttpTransport] = {}
        self._context: ssl.SSLContext | None = None
        self._closing = AsyncExitStack()

    def check(self, url: httpx.URL, *, is_trusted: bool) -> None:
        """Raise Refused for what is known before a name is looked up: spelled out addresses, ports, names of home.

        The names only where a proxy looks them up; else the guard sees where they lead.
        """
        if is_trusted:
            return
        host = url.host
        address = literal(host)
        if (self._proxy and is_private_host(host)) or (address is not None and not is_public(address)):
            raise failures.of_private_address(address or host, url=str(url), host=host)
        if url.port in BAD_PORTS:
            raise failures.of_bad_port(url.port, url=str(url), host=host)

    async def ask(
        self,
        method: str,
        url: httpx.URL,
        headers: dict[str, str],
        body: bytes | None,
        *,
        is_trusted: bool,
        limit: int,
        turn: Turn,
    ) -> Answer:
        """Return the answer. Raises Refused, TooLarge or FetchError. limit: of the body, in bytes.

        turn: is told whether the host lives, whatever becomes of its answer.
        """
        if self._proxy is not None and url.scheme == "http":  # over https they travel with CONNECT
            headers = {**headers, **self._proxy.headers}
        try:
            lines = [(name.encode(), value.encode()) for name, value in headers.items()]
            message = httpx.Request(method, url, headers=lines, content=body)
            response = await self._transport(is_trusted=is_trusted).handle_async_request(message)
            turn.answered()
            try:
                return await _received(response, limit)
            finally:
                await response.aclose()
        except (httpx.HTTPError, aiohttp.ClientError, ConnectionError) as error:
            if failures.is_of_proxy(error):
                turn.excused()
            elif failures.is_answer(error):
                turn.answered()
            raise failures.of_exception(error, url=str(url), host=url.host) from error
        except ValueError as error:  # a line break in a header, a host that is no name
            raise Refused("the request cannot be sent; look at the address and at `headers`") from error

    async def close(self) -> None:
        """Let go of all connections; the next request makes new ones."""
        await self._closing.aclose()
        self._transports.clear()

    def _transport(self, *, is_trusted: bool) -> AiohttpTransport:
        if is_trusted not in self._transports:
            self._context = self._context or httpx.create_ssl_context(trust_env=False)
            context = self._context
            resolver = Resolver(self._look_up)

            def session() -> aiohttp.ClientSession:
                tracing = aiohttp.TraceConfig()
                tracing.on_connection_reuseconn.append(_note_reuse)
                connector = Connector(
                    ssl=context,
                    limit=0,  # politeness counts
                    ttl_dns_cache=NAMES_KEPT_S,
                    resolver=resolver,
                    socket_factory=None if is_trusted or self._proxy else public_socket,
                )
                return aiohttp.ClientSession(
                    connector=connector,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    trust_env=False,
                    response_class=Response,
                    max_line_size=LONGEST_LINE_BYTES,
                    max_field_size=LONGEST_LINE_BYTES,
                    max_headers=MOST_FIELDS,
                    middlewares=(_once,),
                    trace_configs=[tracing],
                )

            transport = AiohttpTransport(verify=context, trust_env=False, client=session, proxy=self._proxy)
            self._closing.push_async_callback(resolver.close)
            self._closing.push_async_callback(transport.aclose)
            self._transports[is_trusted] = transport
        return self._transports[is_trusted]


_IS_REUSED: ContextVar[bool] = ContextVar("_IS_REUSED", default=False)


async def _note_reuse(*_: object) -> None:
    _IS_REUSED.set(True)


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Let nobody ask again at once who was hung up on, unless the connection was an old one (RFC 9112, section 9.3.1).

    The library tries every request once more: a server in trouble would be asked twice at each poll.
    """
    _IS_REUSED.set(False)
    try:
        return await handler(request)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        if _IS_REUSED.get() or isinstance(error, aiohttp.ClientConnectorError):
            raise
        raise aiohttp.ClientConnectionError from error


async def _received(response: httpx.Response, limit: int) -> Answer:
    headers = decoded(response.headers.raw)
    if not response.is_success:  # nobody reads what an error or a redirect says, and a 304 says nothing
        return Answer(status=response.status_code, headers=headers, body=b"", location=location(response.headers.raw))
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > limit):
        raise too_large(limit)
    body = Body(headers.get("content-encoding", ""), limit)
    async for chunk in response.aiter_raw():
        for _ in body.steps(chunk):
            await asyncio.sleep(0)
    return Answer(status=response.status_code, headers=headers, body=body.finish(), location=None)


def _proxy(url: str) -> httpx.Proxy:
    """Return the proxy. Its credentials travel as a header, never within an address that an error could show."""
    try:
        address = parsed(url)
    except Refused as error:
        raise Refused("network.proxy: only http:// and https:// proxies are used") from error
    headers = {"proxy-authorization": basic(address)} if address.userinfo else None
    return httpx.Proxy(address.copy_with(userinfo=b""), headers=headers)
