"""Which addresses a stranger's word may lead us to."""

import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohappyeyeballs
import pytest

from aggregator.errors import FetchError, Refused
from aggregator.fetch import Fetcher
from aggregator.fetch.guard import AddressInfo, LookUp, NotPublicError, is_private_host, is_public, public_socket
from aggregator.model import Polling, Request
from tests.fetch.site import Answer, in_loop, site
from tests.spelled import look_up, spelled

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FEED = Answer(body=b"<rss/>")


def fetcher(*, allow_private: bool = False, proxy: str | None = None) -> Fetcher:
    polling = Polling(pause=timedelta(0), timeout=timedelta(seconds=5))
    return Fetcher(polling, now=lambda: NOW, allow_private=allow_private, proxy=proxy)


def dialled(address: str) -> AddressInfo:
    return (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, 9))


@pytest.mark.parametrize(
    "address",
    [
        *("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2002:5db8:d822::1"),
        *("1.1.1.1", "192.1.0.1", "172.32.0.1", "100.128.0.1", "169.255.0.1", "2a00:1450::5efe:5db8:d822"),
    ],
)
def test_addresses_of_the_open_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fd00::1", "ff02::1", "2001:db8::1", "4000::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::", "2001::1"),
        *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1"),
        *("192.0.0.1", "192.0.0.192", "192.88.99.1", "3fff::1", "5f00::1", "100::1", "fd00:ec2::254", "fe80::1%25"),
    ],
)
def test_special_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "LOCALHOST.", "a.localhost", "nas", "nas.lan"]
)
def test_private_hosts_are_known_by_their_looks(host):
    assert is_private_host(host)


@pytest.mark.parametrize("host", ["example.org", "1.example.org", "93.184.216.34", "2606:2800:220:1::1"])
def test_other_hosts_are_not_private_by_their_looks(host):
    assert not is_private_host(host)


@in_loop
async def test_name_whose_addresses_are_all_private_is_refused_as_such():
    infos = [dialled("127.0.0.1"), dialled("127.0.0.2")]

    with pytest.raises(NotPublicError):
        await aiohappyeyeballs.start_connection(infos, socket_factory=public_socket, happy_eyeballs_delay=0.01)


@in_loop
@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "0.0.0.0", "localhost"),
        *("LOCALHOST", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]"),
        *("[2002:7f00:1::]", "[fe80::1]", "user@127.0.0.1", "１２７.0.0.1"),
    ],
)
async def test_stranger_leads_to_no_private_address_however_it_is_spelled(host):
    async with site({"/feed": FEED}, host="127.0.0.1") as server, fetcher() as send:
        port = server.url.rpartition(":")[2]
        with pytest.raises(Refused):
            await send(Request(url=f"http://{host}:{port}/feed"))

    assert not server.connections


@in_loop
async def test_redirect_to_a_private_address_is_refused_and_says_how_to_allow_it():
    async with site({"/secret": FEED}) as inner:
        leads = Answer(status=302, headers=[("Location", f"{inner.url}/secret")])
        async with site({"/feed": leads}) as server, fetcher() as send:
            with pytest.raises(Refused, match="allow_private: true"):
                await send(Request(url=f"{server.url}/feed", is_trusted=True))

    assert not inner.connections


@in_loop
async def test_redirect_within_the_trusted_origin_is_followed():
    answers = {"/feed": Answer(status=302, headers=[("Location", "/there")]), "/there": FEED}
    async with site(answers) as server, fetcher() as send:
        document = await send(Request(url=f"{server.url}/feed", is_trusted=True))

    assert document.body == b"<rss/>"


@in_loop
@pytest.mark.parametrize("change", [{"is_trusted": True}, {"allow_private": True}])
async def test_operator_may_name_private_addresses(change):
    async with site({"/feed": FEED}) as server, fetcher() as send:
        document = await send(replace(Request(url=f"{server.url}/feed"), **change))

    assert document.body == b"<rss/>"


@in_loop
async def test_same_origin_as_the_operators_address_is_trusted_and_another_port_is_not():
    async with site({"/article": FEED}) as server, site({"/article": FEED}) as other, fetcher() as send:
        await send(Request(url=f"{server.url}/article", trusted_origin=server.url))
        with pytest.raises(Refused):
            await send(Request(url=f"{other.url}/article", trusted_origin=server.url))


@in_loop
async def test_connection_that_a_trusted_request_left_open_serves_no_stranger():
    async with site({"/feed": FEED}) as server, fetcher() as send:
        await send(Request(url=f"{server.url}/feed", is_trusted=True))
        with pytest.raises(Refused):
            await send(Request(url=f"{server.url}/feed"))

    assert len(server.requests) == 1


@in_loop
async def test_all_is_allowed_where_the_operator_says_so():
    async with site({"/feed": FEED}) as server, fetcher(allow_private=True) as send:
        document = await send(Request(url=f"{server.url}/feed"))

    assert document.status == 200


@in_loop
async def test_proxy_is_asked_for_public_hosts_and_not_for_private_ones():
    answers = {"http://example.org/feed": FEED}
    async with site(answers) as proxy, fetcher(proxy=proxy.url.replace("//", "//me:word@")) as send:
        document = await send(Request(url="http://example.org/feed"))
        with pytest.raises(Refused):
            await send(Request(url="http://127.0.0.1/feed"))

    assert document.body == b"<rss/>"
    assert [request.target for request in proxy.requests] == ["http://example.org/feed"]
    assert proxy.requests[0].header("proxy-authorization") == "Basic bWU6d29yZA=="


# --- names, and what becomes of them between look-up and connection -----------------------------------


def named(answers: Sequence[Sequence[str]], asked: list[str]) -> LookUp:
    """Return what tells another of these answers each time that it is asked for a name; the last one stays."""

    def look_up(host: str, port: int, _: socket.AddressFamily) -> list[AddressInfo]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(*dialled(address)[:4], (address, port)) for address in found]

    return look_up


def fetcher_with(look_up: LookUp) -> Fetcher:
    polling = Polling(pause=timedelta(0), timeout=timedelta(seconds=5))
    return Fetcher(polling, now=lambda: NOW, look_up=look_up)


@in_loop
async def test_address_that_was_looked_up_is_the_one_that_is_dialled():
    """A name server that answers otherwise the second time finds nobody who asks."""
    asked: list[str] = []
    async with site({"/feed": FEED}) as server, fetcher_with(named([["127.0.0.1"], ["127.0.0.2"]], asked)) as send:
        port = server.url.rpartition(":")[2]
        document = await send(Request(url=f"http://own.example:{port}/feed", is_trusted=True))

    assert document.body == b"<rss/>"
    assert asked == ["own.example"]


@in_loop
@pytest.mark.parametrize("is_trusted_first", [True, False])
async def test_look_up_and_connection_of_a_trusted_request_serve_no_stranger(is_trusted_first):
    asked: list[str] = []
    async with site({"/feed": FEED}) as server, fetcher_with(named([["127.0.0.1"]], asked)) as send:
        port = server.url.rpartition(":")[2]
        url = f"http://own.example:{port}/feed"
        for is_trusted in (is_trusted_first, not is_trusted_first, is_trusted_first):
            if is_trusted:
                await send(Request(url=url, is_trusted=True))
            else:
                with pytest.raises(Refused, match=r"leads to 127\.0\.0\.1, which is not a public address"):
                    await send(Request(url=url))

    assert server.connections == 1
    assert len(asked) == 2  # each of the two kinds of requests looks for itself


@in_loop
async def test_name_that_turns_private_is_refused_then():
    asked: list[str] = []
    async with site({"/feed": FEED}) as server, fetcher_with(named([[], ["10.0.0.1"], ["127.0.0.1"]], asked)) as send:
        port = server.url.rpartition(":")[2]
        for _ in range(3):
            with pytest.raises(FetchError):
                await send(Request(url=f"http://rebound.example:{port}/feed"))

    assert not server.connections


@in_loop
async def test_redirects_lead_from_trust_to_a_stranger_and_not_on_to_another_private_address():
    async with site({"/secret": FEED}) as inner, site({"/feed": FEED}) as own:
        own.answers["/start"] = Answer(status=302, headers=[("Location", "/mid")])
        own.answers["/mid"] = Answer(status=302, headers=[("Location", f"{inner.url}/secret")])
        async with fetcher() as send:
            with pytest.raises(Refused) as caught:
                await send(Request(url=f"{own.url}/start", is_trusted=True))

    assert own.paths() == ["/start", "/mid"]
    assert caught.value.url == f"{inner.url}/secret"
    assert not inner.connections


# --- ports, credentials, the environment ----------------------------------------------------------------


@in_loop
@pytest.mark.parametrize("port", [22, 25, 6667, 6000])
async def test_stranger_names_no_port_of_another_service(port):
    async with fetcher() as send:
        with pytest.raises(Refused, match=f"port {port}.*allow_private"):
            await send(Request(url=f"http://public.example:{port}/"))


@in_loop
async def test_operator_may_name_any_port():
    async with fetcher_with(named([["127.0.0.1"]], [])) as send:
        with pytest.raises(FetchError) as caught:
            await send(Request(url="http://own.example:1/", is_trusted=True))

    assert not isinstance(caught.value, Refused)


@in_loop
async def test_credentials_that_content_names_are_not_sent():
    async with site({"/page": FEED}) as server, fetcher() as send:
        url = server.url.replace("//", "//a:b@")
        await send(Request(url=f"{url}/page", allow_private=True))
        await send(Request(url=f"{url}/page", trusted_origin=server.url))

    assert [request.header("authorization") for request in server.requests] == [None, "Basic YTpi"]


@in_loop
async def test_credentials_of_a_redirect_are_not_sent():
    async with site({"/page": FEED}) as other, site({}) as server, fetcher(allow_private=True) as send:
        for target in (server, other):
            server.answers["/page"] = FEED
            leads = f"{target.url.replace('//', '//a:b@')}/page"
            server.answers["/start"] = Answer(status=302, headers=[("Location", leads)])
            await send(Request(url=f"{server.url}/start", is_trusted=True))

    assert [request.header("authorization") for request in [*server.requests, *other.requests]] == [None] * 4


@in_loop
async def test_environment_names_no_proxy_and_no_credentials(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    async with site({"/feed": FEED}) as server, site({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        async with fetcher() as send:
            await send(Request(url=f"{server.url}/feed", is_trusted=True))

    assert server.requests[0].header("authorization") is None
    assert not proxy.connections


@in_loop
@pytest.mark.parametrize("kind", ["direct", "redirect"])
async def test_no_spelling_leads_within(kind):
    async with site({}) as server, site({}) as trap, fetcher_with(look_up) as send:
        for url in spelled(int(trap.url.rpartition(":")[2])):
            plain = "".join(character for character in url if character not in "\r\n\0")
            server.answers["/start"] = Answer(status=307, headers=[("Location", plain)])
            direct, redirected = Request(url=url), Request(url=f"{server.url}/start", is_trusted=True)
            with pytest.raises(FetchError) as caught:
                await send(direct if kind == "direct" else redirected)
            assert (
                isinstance(caught.value, Refused) or "no such host" in str(caught.value) or caught.value.status == 404
            )

    assert not trap.connections
