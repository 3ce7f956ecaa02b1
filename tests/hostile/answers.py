"""Servers that were made to harm, whatever it is that they should serve."""

import gzip
import zlib

import brotli

from tests.fetch.site import Answer
from tests.hostile.feeds import one
from tests.hostile.kinds import Hostile

_BLOCK = 1 << 20


def _gzip(data: bytes, times: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join((*(packer.compress(data) for _ in range(times)), packer.flush()))


def _coded(name: str, body: bytes) -> Answer:
    return Answer(headers=[("Content-Encoding", name), ("Content-Type", "application/rss+xml")], body=body)


def _brotli(_: int) -> Answer:
    packer = brotli.Compressor(quality=5)
    return _coded("br", b"".join((*(packer.process(b" " * _BLOCK) for _ in range(200)), packer.finish())))


def _raw(text: bytes) -> Answer:
    return Answer(raw=text)


def answer_kinds() -> tuple[Hostile, ...]:
    """Return those of servers."""
    to_private = Answer(status=302, headers=[("Location", "http://10.0.0.1/feed")])
    to_itself = Answer(status=302, headers=[("Location", "/to-itself")])
    found = (
        ("gzip that unpacks to 200 MB", lambda _: _coded("gzip", _gzip(b" " * _BLOCK, 200))),
        (
            "deflate that unpacks to 200 MB",
            lambda _: _coded("deflate", zlib.compress(b" " * 200 * _BLOCK)),
        ),
        ("Brotli that unpacks to 200 MB", _brotli),
        ("gzip within gzip", lambda _: _coded("gzip, gzip", gzip.compress(gzip.compress(one(""))))),
        (
            "a gzip file of a gzip file that unpacks to 200 MB",
            lambda _: Answer(body=gzip.compress(_gzip(b" " * _BLOCK, 200))),
        ),
        ("gzip that breaks off", lambda _: _coded("gzip", gzip.compress(one("") * 50)[:200])),
        ("gzip that is none", lambda _: _coded("gzip", one(""))),
        ("a compression that nobody offered", lambda _: _coded("compress", one(""))),
        ("a body without end", lambda _: Answer(body=b"<rss>" * 10_000, endless=True)),
        ("a body of a byte every now and then", lambda _: Answer(body=one(""), drip=0.2)),
        ("an answer that never begins", lambda _: Answer(hold=60)),
        ("a length of more than comes", lambda _: Answer(body=one(""), length=1_000_000, close=True)),
        ("a length of a terabyte", lambda _: Answer(body=one(""), length=10**12, close=True)),
        ("a length that is negative", lambda _: _raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + one(""))),
        (
            "two lengths",
            lambda _: _raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 500\r\n\r\n" + one("")),
        ),
        (
            "pieces whose lengths are none",
            lambda _: _raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + one("")),
        ),
        (
            "a piece of a terabyte",
            lambda _: _raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n" + one("")),
        ),
        (
            "a header of a megabyte",
            lambda _: _raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * _BLOCK + b"\r\n\r\n" + one("")),
        ),
        ("headers without end", lambda _: _raw(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 100_000 + b"\r\n" + one(""))),
        ("a status line that is none", lambda _: _raw(b"GOOD MORNING\r\n\r\n" + one(""))),
        ("a status that nobody knows", lambda _: Answer(status=999, body=one(""))),
        ("early answers without end", lambda _: _raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000)),
        ("nothing, and hanging up", lambda _: _raw(b"")),
        ("a redirect to a private address", lambda _: to_private),
        ("a redirect to itself", lambda _: to_itself),
        ("redirects without end", lambda _: Answer(status=302, headers=[("Location", "/next/0")])),
        ("a redirect to a file", lambda _: Answer(status=302, headers=[("Location", "file:///etc/passwd")])),
        (
            "a redirect to an address of a megabyte",
            lambda _: Answer(status=302, headers=[("Location", "/" + "a" * 60_000)]),
        ),
        ("a redirect that leads nowhere", lambda _: Answer(status=302)),
        ("a wait of ten thousand years", lambda _: Answer(status=503, headers=[("Retry-After", "9" * 30)])),
        (
            "validators of a megabyte",
            lambda _: Answer(headers=[("ETag", '"' + "a" * 50_000 + '"')], body=one("")),
        ),
        (
            "cookies without end",
            lambda _: Answer(headers=[("Set-Cookie", f"a{n}=b") for n in range(500)], body=one("")),
        ),
    )
    return tuple(
        Hostile(name=f"HTTP: {name}", make=make, paths={"/to-itself": lambda _: to_itself}) for name, make in found
    )
