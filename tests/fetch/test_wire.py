"""Answers that are no proper HTTP, or too much of it: each ends soon, with a word to act on; the next one is had."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from aggregator.errors import FetchError, TooLarge
from aggregator.fetch import Fetcher
from aggregator.model import Document, Polling, Request
from tests.fetch.rough import Pieces, Rough, endless, rough
from tests.fetch.site import in_loop

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PATIENCE = timedelta(seconds=20)  # nothing that is bounded in bytes may have to wait for it
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BIG = 64 * 1024


def fetcher(timeout: timedelta = PATIENCE) -> Fetcher:
    return Fetcher(Polling(pause=timedelta(0), timeout=timeout), now=lambda: NOW)


def asked(server: Rough, path: str = "/a", **changes: int) -> Request:
    return Request(url=server.url + path, is_trusted=True, **{"max_bytes": 1_000_000, **changes})


async def outcome(answer: Pieces | bytes, **server_manners: float) -> Document | FetchError:
    """Return what came of an answer, after looking that a good one can still be had by the same fetcher."""
    came: Document | FetchError
    async with rough({"/a": answer}, **server_manners) as server, fetcher() as send:
        try:
            came = await send(asked(server))
        except FetchError as error:
            came = error
        good = await send(asked(server, "/good"))
        assert good.body == b"<rss/>"
    return came


def many_fields() -> Iterator[bytes]:
    yield OK
    for number in count():
        yield b"".join(b"X-%d-%d: y\r\n" % (number, n) for n in range(100))


ENDLESS = {
    "header fields": many_fields,
    "header name": endless(OK, b"a" * BIG),
    "header value": endless(OK + b"X: ", b"a" * BIG),
    "reason": endless(b"HTTP/1.1 200 ", b"a" * BIG),
    "lines before it": endless(b"", b"\r\n" * 1000),
    "answers before it": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "hints before it": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" * 100),
    "words beside a chunk's size": endless(CHUNKED + b"5;a=", b"x" * BIG),
    "words beside each chunk's size": endless(CHUNKED, (b"1;a=" + b"y" * 4000 + b"\r\nx\r\n") * 10),
    "zeros in a chunk's size": endless(CHUNKED, b"0" * BIG),
    "trailer fields": endless(CHUNKED + b"1\r\nx\r\n0\r\n", b"T: y\r\n" * 100),
    "trailer line": endless(CHUNKED + b"1\r\nx\r\n0\r\nT: ", b"y" * BIG),
    "body": endless(OK + b"\r\n", b"x" * BIG),
    "chunks of a body": endless(CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n"),
    "one chunk": endless(CHUNKED + b"FFFFFFFFFFFFFFF\r\n", b"x" * BIG),
}


@in_loop
@pytest.mark.parametrize("what", ENDLESS)
async def test_endless_answer_ends_by_its_size(what):
    came = await outcome(ENDLESS[what])

    assert isinstance(came, FetchError)
    assert "timed out" not in str(came)


@in_loop
@pytest.mark.parametrize("what", [name for name in ENDLESS if "body" not in name and "one chunk" not in name])
async def test_endless_header_or_framing_is_told_with_host_and_remedy(what):
    came = await outcome(ENDLESS[what])

    assert "127.0.0.1" in str(came)
    assert "look whether" in str(came)


ONCE = {
    "10 000 fields": OK + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"Content-Length: 0\r\n\r\n",
    "line of 1 MB": OK + b"X: " + b"a" * 1_000_000 + b"\r\nContent-Length: 0\r\n\r\n",
    "Location of 1 MB": b"HTTP/1.1 302 Found\r\nLocation: /" + b"a" * 1_000_000 + b"\r\n\r\n",
    "chunk of a size past any": CHUNKED + b"FFFFFFFFFFFFFFFFFFFFF\r\nabc",
    "chunk of a negative size": CHUNKED + b"-5\r\nabcde\r\n0\r\n\r\n",
    "chunk of no size": CHUNKED + b"zz\r\nabcde\r\n0\r\n\r\n",
    "chunk that is longer than it says": CHUNKED + b"2\r\nabcde\r\n0\r\n\r\n",
    "chunks and a length": OK + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
    "negative length": OK + b"Content-Length: -2\r\n\r\nok",
    "length past any": OK + b"Content-Length: 99999999999999999999999999\r\n\r\nok",
    "length of several GB": OK + b"Content-Length: 99999999999\r\n\r\nok",
    "length in words": OK + b"Content-Length: two\r\n\r\nok",
    "less than the length": OK + b"Content-Length: 20\r\n\r\nok",
    "more than the length": OK + b"Content-Length: 2\r\n\r\nok and more",
    "HTTP/0.9": b"<rss></rss>",
    "HTTP/9.9": b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/2": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80",
    "every byte": bytes(range(256)) * 20,
    "TLS": b"\x15\x03\x01\x00\x02\x02\x28",
    "nothing": b"",
    "half a status": b"HTTP/1.1 20",
    "header without end": OK + b"X: y\r\n",
    "zero byte in a field": OK + b"X: a\0b\r\nContent-Length: 2\r\n\r\nok",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    + b"x" * 99,
    "status 000": b"HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n",
    "status 999": b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n",
    "status 2000": b"HTTP/1.1 2000 Many\r\nContent-Length: 0\r\n\r\n",
    "status -1": b"HTTP/1.1 -1 Less\r\nContent-Length: 0\r\n\r\n",
    "204 with a body": b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
    "304 with a body": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello",
    "Location of nothing": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: \r\n\r\n",
    "no Location": b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n",
    "Location in a circle": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /a\r\n\r\n",
    "compressed twice": OK + b"Content-Encoding: gzip, gzip\r\nContent-Length: 2\r\n\r\nok",
    "compressed twice, in two fields": OK
    + b"Content-Encoding: br\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
    "compressed 10 000 times": OK
    + b"Content-Encoding: "
    + b", ".join([b"gzip"] * 10_000)
    + b"\r\nContent-Length: 2\r\n\r\nok",
    "compressed in a way nobody knows": OK + b"Content-Encoding: lzma\r\nContent-Length: 2\r\n\r\nok",
}


@in_loop
@pytest.mark.parametrize("what", ONCE)
async def test_answer_that_is_none_is_an_error_and_the_next_is_had(what):
    came = await outcome(ONCE[what])

    assert isinstance(came, FetchError)
    assert "timed out" not in str(came)
    assert str(came.url).startswith("http://127.0.0.1:")


@in_loop
@pytest.mark.parametrize("what", ["less than the length", "chunk of no size", "every byte"])
async def test_connection_that_is_reset_is_an_error_and_the_next_is_had(what):
    assert isinstance(await outcome(ONCE[what], reset=True), FetchError)


@in_loop
async def test_answer_that_nothing_changed_may_name_any_encoding():
    unchanged = b"HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 999999999\r\n\r\n"
    async with rough({"/a": unchanged}) as server, fetcher() as send:
        document = await send(Request(url=f"{server.url}/a", is_trusted=True, etag='"1"'))

    assert document.is_unchanged


TAKEN = {
    "reason in another encoding": "HTTP/1.1 200 好\r\n".encode("gbk") + b"Content-Length: 2\r\n\r\nok",
    "lines without CR": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "folded field": OK + b"X: a\r\n b\r\nContent-Length: 2\r\n\r\nok",
    "hints before it": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 9 + OK + b"Content-Length: 2\r\n\r\nok",
    "more after it": OK + b"Content-Length: 2\r\n\r\nok" + OK + b"Content-Length: 4\r\n\r\nevil",
    "redirect with an endless body": endless(b"HTTP/1.1 302 Found\r\nLocation: /good\r\n\r\n", b"x" * BIG),
    "two Locations": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /good\r\nLocation: /a\r\n\r\n",
    "chunks of one byte": CHUNKED + b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n",
}


@in_loop
@pytest.mark.parametrize("what", TAKEN)
async def test_answer_that_can_be_understood_is_taken(what):
    came = await outcome(TAKEN[what])

    assert isinstance(came, Document)
    assert came.body in (b"ok", b"<rss/>", b"x" * 100_000)


SLOW = {
    "status line": [b"H", b"T", b"T", b"P", b"/", b"1", *([b" "] * 99)],
    "header": [OK, b"X: ", *([b"y"] * 99)],
    "length": [OK + b"Content-Length: 99\r\n\r\n", *([b"y"] * 99)],
    "body": [OK + b"\r\n", *([b"y"] * 99)],
    "trailer": [CHUNKED + b"1\r\nx\r\n0\r\n", b"T: ", *([b"y"] * 99)],
    "after the last chunk": [CHUNKED + b"1\r\nx\r\n0\r\n", b""],
    "nothing": [b""],
}


@in_loop
@pytest.mark.parametrize("where", SLOW)
async def test_answer_that_trickles_ends_with_the_time_for_the_whole_of_it(where):
    async with (
        rough({"/a": lambda: SLOW[where]}, drip=0.05, linger=True) as server,
        fetcher(timedelta(seconds=0.3)) as send,
    ):
        with pytest.raises(TooLarge, match="timed out after"):
            await send(asked(server))
        for _ in range(200):  # the connection is let go, not kept for the next
            if not server.open:
                break
            await asyncio.sleep(0.05)
        assert not server.open
        assert (await send(asked(server, "/good"))).body == b"<rss/>"


@in_loop
async def test_handshake_that_is_never_answered_ends_with_the_time():
    async with rough({}) as server, fetcher(timedelta(seconds=0.3)) as send:
        with pytest.raises(TooLarge, match="timed out after"):
            await send(Request(url=server.url.replace("http:", "https:"), is_trusted=True))
        for _ in range(200):
            if not server.open:
                break
            await asyncio.sleep(0.05)

        assert not server.open


@in_loop
@pytest.mark.parametrize(
    "words", [b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(range(256)), b"\x16\x03\x03\xff\xff", b""]
)
async def test_handshake_that_is_answered_with_nonsense_is_told(words):
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(words)
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with listening, fetcher() as send:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(FetchError, match="127"):
            await send(Request(url=f"https://127.0.0.1:{port}/", is_trusted=True))


@in_loop
async def test_time_counts_over_all_redirects():
    hop = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /%d\r\n\r\n"
    answers = {f"/{n}": lambda n=n: [b"", b"", hop % (n + 1)] for n in range(9)}
    async with rough(answers, drip=0.1) as server, fetcher(timedelta(seconds=0.7)) as send:
        with pytest.raises(TooLarge, match="timed out after"):
            await send(asked(server, "/0"))

    assert server.accepted < 9


@in_loop
async def test_redirect_to_itself_with_another_query_each_time_ends():
    turns = count()

    def again() -> list[bytes]:
        return [b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /a?%d\r\n\r\n" % next(turns)]

    answers = {"/a": again, **{f"/a?{n}": again for n in range(50)}}
    async with rough(answers) as server, fetcher() as send:
        with pytest.raises(TooLarge, match="10 redirects"):
            await send(asked(server))

    assert server.accepted == 11


@in_loop
async def test_no_connection_is_left_open():
    answers: dict[str, Pieces | bytes] = {f"/{n}": answer for n, answer in enumerate([*ONCE.values(), *TAKEN.values()])}
    answers |= {f"/endless/{n}": answer for n, answer in enumerate(ENDLESS.values())}
    async with rough(answers) as server:
        async with fetcher() as send:
            for path in answers:
                with suppress(FetchError):
                    await send(asked(server, path))
        for _ in range(200):
            if not server.open:
                break
            await asyncio.sleep(0.05)
        assert not server.open
    gc.collect()  # what was forgotten would be told of now, as an error
