import asyncio
import http.client
import signal
import socket
import time
from pathlib import Path

import pytest

from aggregator.errors import AggregatorError
from aggregator.serve import application, serve
from tests.serve.conftest import FEED, MEDIA_TYPES, running


async def nothing(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def nothing_much(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"60000")]})
    await send({"type": "http.response.body", "body": bytes(60_000)})


async def endless(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})


def serve_for_a_moment(app, listen: str) -> str:
    told: list[str] = []

    async def main() -> None:
        stop = asyncio.Event()

        def ready(address: str) -> None:
            told.append(address)
            stop.set()

        await asyncio.wait_for(serve(app, listen, on_ready=ready, stop=stop), 5)

    asyncio.run(main())
    return told[0]


def test_port_0_tells_the_port_it_got():
    with running(nothing) as site:
        assert site.address.startswith("http://127.0.0.1:")
        assert site.ask("/").status == 204


@pytest.mark.parametrize("listen", [":0", "0.0.0.0:0", "localhost:0"])
def test_every_address_and_names_are_reachable_as_localhost(listen: str):
    with running(nothing, listen) as site:
        assert site.address.startswith("http://localhost:")
        assert site.ask("/").status == 204


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 on this machine")
def test_ipv6_address_stands_in_brackets():
    with running(nothing, "[::1]:0") as site:
        assert site.address.startswith("http://[::1]:")
        assert site.ask("/").status == 204


def test_stops_at_once_though_a_client_keeps_its_connection_and_another_reads_nothing():
    with running(endless) as site:
        _, _, port = site.address.strip("/").rpartition(":")
        idle = socket.create_connection(("127.0.0.1", int(port)))
        slow = socket.create_connection(("127.0.0.1", int(port)))
        slow.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        slow.recv(10)
        began = time.monotonic()
    assert time.monotonic() - began < 2.5
    idle.close()
    slow.close()


def test_bodies_do_not_wait_for_the_headers_to_be_acknowledged():
    with running(nothing_much) as site:
        connection = http.client.HTTPConnection(site.address.removeprefix("http://").strip("/"))
        began = time.monotonic()
        for _ in range(50):
            connection.request("GET", "/")
            connection.getresponse().read()
        seconds = time.monotonic() - began
        connection.close()
    assert seconds < 1.5  # 50 times 40 ms are 2 s


def test_port_is_free_again_after_the_stop():
    address = serve_for_a_moment(nothing, "127.0.0.1:0")
    listen = address.removeprefix("http://").strip("/")

    assert serve_for_a_moment(nothing, listen) == address


def test_signals_stay_the_callers():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    during: list[object] = []

    async def main() -> None:
        stop = asyncio.Event()

        def ready(_: str) -> None:
            during.extend((signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)))
            stop.set()

        unpatched = signal.getsignal(signal.SIGTERM)
        await serve(nothing, "127.0.0.1:0", on_ready=ready, stop=stop)
        assert during[1] is unpatched

    asyncio.run(main())
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_cancelled_server_closes_its_socket():
    async def main() -> int:
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(serve(nothing, "127.0.0.1:0", on_ready=ready.set_result, stop=asyncio.Event()))
        address = await ready
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return int(address.strip("/").rpartition(":")[2])

    port = asyncio.run(main())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_port_in_use_names_the_address_and_the_remedy():
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(AggregatorError, match=rf"{listen}: another program has this port; .*AGGREGATOR_LISTEN"):
            serve_for_a_moment(nothing, listen)


@pytest.mark.parametrize(
    ("listen", "words"),
    [
        ("8080", "write an address and a port"),
        ("127.0.0.1:", "write an address and a port"),
        ("127.0.0.1:http", "write an address and a port"),
        ("127.0.0.1:99999", "write an address and a port"),
        ("203.0.113.5:0", "no such address"),
        ("unix:/nowhere/at/all.sock", "No such file"),
        ("unix:/tmp/" + "a" * 200, "too long"),
    ],
)
def test_address_that_cannot_be_had_is_explained(listen: str, words: str):
    with pytest.raises(AggregatorError, match=words):
        serve_for_a_moment(nothing, listen)


class UnixConnection(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.host)


def test_unix_socket_serves_and_leaves_nothing_behind(folder: Path, tmp_path: Path):
    path = tmp_path / "a.sock"
    with running(application(folder, media_types=MEDIA_TYPES), f"unix:{path}") as site:
        assert site.address == f"unix:{path}"
        connection = UnixConnection(str(path))
        connection.request("GET", "/all.atom")
        assert connection.getresponse().read() == FEED
        connection.close()
    assert not path.exists()


def test_unix_socket_that_a_killed_process_left_is_taken_over(tmp_path: Path):
    path = tmp_path / "a.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
        left.bind(str(path))

    assert serve_for_a_moment(nothing, f"unix:{path}") == f"unix:{path}"


def test_unix_socket_of_a_living_server_and_a_plain_file_are_left_alone(tmp_path: Path):
    path = tmp_path / "a.sock"
    with (
        running(nothing, f"unix:{path}"),
        pytest.raises(AggregatorError, match="another program answers"),
    ):
        serve_for_a_moment(nothing, f"unix:{path}")
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(AggregatorError, match="is no socket"):
        serve_for_a_moment(nothing, f"unix:{tmp_path / 'notes'}")
    assert (tmp_path / "notes").read_text() == "mine"
