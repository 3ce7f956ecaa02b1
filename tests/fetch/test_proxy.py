"""Through a proxy: it looks names up, so a private address is known by its looks only."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from aggregator.errors import FetchError, Refused
from aggregator.fetch import Fetcher
from aggregator.fetch.guard import is_private_host
from aggregator.model import Polling, Request
from tests.fetch.site import in_loop
from tests.spelled import spelled

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
# Names that are public by their looks; where they lead only the proxy sees.
NAMED = ("private.example", "private6.example", "mapped.example", "unset.example", "two.example", "metadata.example")
NAMED += ("nat64.example", "127.0.0.1.pages.example", "xn--fiqs8s.example", "中国.example")


@dataclass
class Proxy:
    """A running proxy. lines: the first line of each request. heads: all of them."""

    url: str
    lines: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    @property
    def hosts(self) -> list[str]:
        """The hosts that it was asked for."""
        targets = [line.split(" ")[1] for line in self.lines]
        return [httpx.URL(target if "://" in target else f"https://{target}").host for target in targets]


@asynccontextmanager
async def proxy() -> AsyncIterator[Proxy]:
    """Answer every request for a page with an empty feed, and let nobody through to a secure one."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                server.heads.append(head)
                server.lines.append(head.partition("\r\n")[0])
                if head.startswith("CONNECT"):
                    writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                elif "/moved/" in server.lines[-1]:
                    target = server.lines[-1].split(" ")[1].partition("/moved/")[2]
                    writer.write(
                        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://%s/\r\n\r\n" % target.encode()
                    )
                else:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    server = Proxy(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    try:
        yield server
    finally:
        listening.close()


def fetcher(through: Proxy, *, allow_private: bool = False, credentials: str = "") -> Fetcher:
    polling = Polling(pause=timedelta(0), timeout=timedelta(seconds=10))
    address = through.url.replace("//", f"//{credentials}")
    return Fetcher(polling, now=lambda: NOW, proxy=address, allow_private=allow_private)


@in_loop
async def test_private_addresses_are_refused_by_their_looks_however_they_are_spelled():
    async with proxy() as server, fetcher(server) as send:
        for url in spelled(8000):
            with pytest.raises(FetchError) if "example" not in url else suppress(FetchError):
                await send(Request(url=url))

    assert {host.rstrip(".").lower() for host in server.hosts} <= set(NAMED)
    assert not [host for host in server.hosts if is_private_host(host)]


@in_loop
@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "localhost", "nas", "router.lan"])
async def test_redirect_to_a_private_address_is_refused_too(host):
    async with proxy() as server, fetcher(server) as send:
        with pytest.raises(Refused, match="not a public address"):
            await send(Request(url=f"http://public.example/moved/{host}", is_trusted=True))

    assert server.hosts == ["public.example"]


@in_loop
async def test_operator_may_name_private_addresses_behind_the_proxy():
    async with proxy() as server, fetcher(server) as send:
        await send(Request(url="http://10.0.0.1/feed", is_trusted=True))
        await send(Request(url="http://nas/feed", allow_private=True))

    assert server.hosts == ["10.0.0.1", "nas"]


@in_loop
async def test_secure_addresses_are_asked_for_by_connect_and_private_ones_never():
    async with proxy() as server, fetcher(server, credentials="me:word@") as send:
        with pytest.raises(FetchError, match="does not let us through"):
            await send(Request(url="https://public.example/feed?token=secret"))
        with pytest.raises(Refused):
            await send(Request(url="https://127.0.0.1/feed"))

    assert server.lines == ["CONNECT public.example:443 HTTP/1.1"]
    assert "proxy-authorization: basic bwu6d29yza==" in server.heads[0].lower()
    assert "secret" not in server.heads[0]


@in_loop
async def test_ports_of_other_services_are_refused_through_a_proxy_too():
    async with proxy() as server, fetcher(server) as send:
        with pytest.raises(Refused, match="port 25"):
            await send(Request(url="http://public.example:25/"))

    assert not server.lines


@in_loop
async def test_credentials_of_the_proxy_reach_nobody_else():
    async with proxy() as server, fetcher(server, credentials="me:word@") as send:
        await send(Request(url="http://public.example/feed"))

    assert server.heads[0].lower().count("proxy-authorization:") == 1
    assert "\r\nAuthorization:" not in server.heads[0]
