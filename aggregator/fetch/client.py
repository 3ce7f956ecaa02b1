"""Asks web servers: politely, guarded at every hop, bounded in bytes, time and redirects."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from aggregator import __version__
from aggregator.errors import FetchError, NotAsked, Refused, SourceError, TooLarge
from aggregator.fetch import failures, local
from aggregator.fetch.addresses import basic, origin, parsed
from aggregator.fetch.connections import Answer, Connections
from aggregator.fetch.decoding import unpacked
from aggregator.fetch.guard import LookUp, is_private_host
from aggregator.fetch.hosts import Memory, Notes, address_name, host_name
from aggregator.fetch.politeness import Politeness, Turn
from aggregator.fetch.robots import Robots
from aggregator.fetch.validators import retry_after
from aggregator.model import Document, Polling, Request

MOST_REDIRECTS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})

FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.9, text/html;q=0.7, */*;q=0.5"
)
PAGES = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
ENCODINGS = "gzip, br, zstd"

# A 429 without Retry-After silences its host at least so long (DESIGN, Manners).
SILENCE = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class _Hop:
    """One request of a chain of redirects. is_own: still at the origin that the operator's headers are meant for."""

    url: httpx.URL
    method: str
    body: bytes | None
    is_own: bool
    is_permanent: bool  # all before it were permanent redirects


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the caller wants, its addresses normalised. validated_url: the one that the validators are for."""

    request: Request
    url: httpx.URL
    validated_url: httpx.URL
    trusted_origins: frozenset[str]


class Fetcher:
    """Sends requests: calling it gives the Document, with status 304 or 2xx, or raises FetchError and its kin.

    One for the whole program, used as ``async with Fetcher(…) as send``; connections are kept between requests.
    now: gives aware datetimes. proxy: an http(s) URL, through which all requests go; it looks names up itself, so
    that private addresses are only recognised by their looks then. memory: where what hosts asked for outlasts the
    process; heeds_past: what earlier runs were told there counts. after: the one whose place it takes, whose queues go
    on. look_up: finds the addresses of a name; None: as this machine does.
    """

    def __init__(
        self,
        polling: Polling,
        *,
        now: Callable[[], datetime],
        allow_private: bool = False,
        proxy: str | None = None,
        site_url: str | None = None,
        version: str = __version__,
        memory: Memory | None = None,
        heeds_past: bool = True,
        after: "Fetcher | None" = None,
        look_up: LookUp | None = None,
    ) -> None:
        self._polling = polling
        self._now = now
        self._allow_private = allow_private
        self._connections = Connections(proxy=proxy, look_up=look_up)
        contact = f" (+{site_url})" if site_url else ""
        self._agent = polling.user_agent or f"aggregator/{version}{contact}"
        memory = memory or Notes()
        self._politeness: Politeness = after._politeness if after else Politeness(polling, now=now, memory=memory)
        self._politeness.adapt(polling)
        self._recalls = heeds_past and after is None
        agent = self._agent.split("/")[0].split(" ")[0]
        self._robots = Robots(agent=agent, send=self._follow, now=now, memory=memory)

    async def __aenter__(self) -> Self:
        if self._recalls:
            await self._politeness.recall()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connections.close()

    async def __call__(self, request: Request) -> Document:
        """Return the answer. Raises Refused, TooLarge or FetchError; no message holds credentials."""
        if request.path is not None:
            return await asyncio.to_thread(local.read, request, now=self._now())
        return await self._follow(request)

    def try_again(self, url: str) -> None:
        """Let the next request to a URL's host try whether it answers again, though it is not yet time for that."""
        self._politeness.try_again(host_name(url))

    async def _follow(self, request: Request) -> Document:
        asked = _asked(request)
        hop = _Hop(
            url=asked.url.copy_with(userinfo=b""),
            method=request.method.upper(),
            body=None if request.body is None else request.body.encode(),
            is_own=True,
            is_permanent=True,
        )
        moved_to: str | None = None
        left = self._polling.timeout.total_seconds()
        loop = asyncio.get_running_loop()
        asked_already: set[tuple[str, str]] = set()
        for _ in range(MOST_REDIRECTS + 1):
            url = str(hop.url)
            asked_already.add((hop.method, url))
            try:
                gap = await self._may_ask(asked, hop)
                async with self._politeness.turn(host_name(url), address_name(url), gap=gap) as turn:
                    started = loop.time()
                    answer = await self._in_time(asked, hop, left, turn)
                    left -= loop.time() - started
                    self._hear(hop.url, answer)
            except (Refused, NotAsked) as error:
                error.is_redirected = len(asked_already) > 1
                if error.is_redirected and isinstance(error, Refused):  # the operator never wrote that address
                    error.args = (f"{asked.url.host} redirects to {hop.url.host}: {error}",)
                raise
            if answer.status not in REDIRECTS:
                return await self._document(asked, hop, answer, moved_to)
            try:
                hop = _next(hop, answer)
            except Refused as error:
                error.is_redirected = True
                raise
            if (hop.method, str(hop.url)) in asked_already:
                message = f"its redirects go in a circle, the last to {hop.url.host}"
                raise TooLarge(message, url=str(hop.url), status=answer.status)
            if str(hop.url) == request.avoid:
                raise FetchError("it leads to an address that failed a moment ago", url=str(hop.url))
            if hop.is_permanent:
                moved_to = str(hop.url)
        message = f"more than {MOST_REDIRECTS} redirects, the last to {hop.url.host}"
        raise TooLarge(message, url=str(hop.url), status=answer.status)

    async def _may_ask(self, asked: _Asked, hop: _Hop) -> timedelta | None:
        """Raise what speaks against asking at all; return the pause that the site wants between two pages, if any."""
        url = str(hop.url)
        self._politeness.hosts.heed(host_name(url), address_name(url))
        is_trusted = self._is_trusted(asked, hop.url)
        self._connections.check(hop.url, is_trusted=is_trusted)
        if asked.request.is_page and asked.request.robots and self._polling.robots:
            return await self._robots.check(url, origin(hop.url), is_trusted=is_trusted)
        return None

    def _is_trusted(self, asked: _Asked, url: httpx.URL) -> bool:
        """Tell whether the operator vouches for the address: wrote it, or one of the same origin, or allows all."""
        return self._allow_private or asked.request.allow_private or origin(url) in asked.trusted_origins

    async def _in_time(self, asked: _Asked, hop: _Hop, left: float, turn: Turn) -> Answer:
        """Return the answer to one request if it is whole before ``left`` seconds have passed."""
        try:
            async with asyncio.timeout(left):
                return await self._ask(asked, hop, turn)
        except TimeoutError as error:
            raise failures.of_time(self._polling.timeout, url=str(hop.url), host=hop.url.host) from error
        except SourceError as error:
            error.url = error.url or str(hop.url)
            raise

    async def _ask(self, asked: _Asked, hop: _Hop, turn: Turn) -> Answer:
        return await self._connections.ask(
            hop.method,
            hop.url,
            self._headers(asked, hop),
            hop.body,
            is_trusted=self._is_trusted(asked, hop.url),
            limit=asked.request.max_bytes,
            turn=turn,
        )

    def _headers(self, asked: _Asked, hop: _Hop) -> dict[str, str]:
        request = asked.request
        headers = {
            "user-agent": self._agent,
            "accept": PAGES if request.is_page else FEEDS,
            "accept-encoding": ENCODINGS,
        }
        if hop.url == asked.validated_url:
            if request.etag:
                headers["if-none-match"] = request.etag
            if request.last_modified:
                headers["if-modified-since"] = request.last_modified
        if hop.body is not None:
            is_json = hop.body.lstrip()[:1] in (b"{", b"[")
            headers["content-type"] = "application/json" if is_json else "application/x-www-form-urlencoded"
        if hop.is_own:
            if asked.url.userinfo and origin(asked.url) in asked.trusted_origins:  # a stranger's are not ours to show
                headers["authorization"] = basic(asked.url)
            headers.update((name.lower(), value) for name, value in request.headers)
        return headers

    async def _document(self, asked: _Asked, hop: _Hop, answer: Answer, moved_to: str | None) -> Document:
        request, url = asked.request, str(hop.url)
        if answer.status == 304 and not (request.etag or request.last_modified):
            raise FetchError("304 Not Modified, though nothing was known to us that could be so", url=url, status=304)
        if answer.status != 304 and not 200 <= answer.status < 300:
            raise self._failure(hop, answer)
        body = answer.body
        if hop.url.path.endswith(".gz"):
            body = await asyncio.to_thread(unpacked, body, request.max_bytes)
        requested_url = request.url or ""
        return Document(
            url=requested_url.partition("#")[0] if hop.url == asked.url else url,
            requested_url=requested_url,
            body=body,
            status=answer.status,
            headers=answer.headers,
            permanent_url=moved_to,
            fetched_at=self._now(),
        )

    def _failure(self, hop: _Hop, answer: Answer) -> FetchError:
        wait = retry_after(answer.headers, now=self._now())
        return failures.of_status(answer.status, url=str(hop.url), retry_after=wait, is_redirected=not hop.is_own)

    def _hear(self, url: httpx.URL, answer: Answer) -> None:
        """Leave the host, or the URL, as ``polling.retry_after`` says, alone where the answer asks for that."""
        wait = retry_after(answer.headers, now=self._now())
        if answer.status not in (429, 503) or not (wait or answer.status == 429):
            return
        is_private = self._polling.retry_after is None and is_private_host(url.host)
        is_of_address = is_private or self._polling.retry_after == "url"
        name = address_name(str(url)) if is_of_address else host_name(str(url))
        self._politeness.silence(name, until=self._now() + (SILENCE if wait is None else wait), status=answer.status)


def _asked(request: Request) -> _Asked:
    url = parsed(request.url or "")
    trusted = {origin(url)} if request.is_trusted else set()
    if request.trusted_origin is not None:
        trusted.add(origin(parsed(request.trusted_origin)))
    validated_url = parsed(request.validated_url) if request.validated_url else url
    return _Asked(
        request=request,
        url=url,
        validated_url=validated_url.copy_with(userinfo=b""),
        trusted_origins=frozenset(trusted),
    )


def _next(hop: _Hop, answer: Answer) -> _Hop:
    """Return the request that a redirect asks for."""
    if answer.location is None:
        message = (
            f"{hop.url.host} redirects ({answer.status}) without saying where to; look whether the address is right"
        )
        raise FetchError(message, url=str(hop.url), status=answer.status)
    try:
        target = urljoin(str(hop.url), answer.location)
    except ValueError as error:
        raise Refused(f"{hop.url.host} redirects to what is no address", url=str(hop.url)) from error
    url = parsed(target).copy_with(userinfo=b"")
    is_own = hop.is_own and origin(url) == origin(hop.url)
    method, body = hop.method, hop.body
    if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):  # RFC 9110, section 15.4
        method, body = ("HEAD" if method == "HEAD" else "GET"), None
    if body is not None and not is_own:
        raise Refused(
            f"{hop.url.host} redirects to {url.host}, which `body` is never sent to; write the new address",
            url=str(hop.url),
        )
    is_permanent = hop.is_permanent and answer.status in PERMANENT
    return replace(hop, url=url, method=method, body=body, is_own=is_own, is_permanent=is_permanent)
