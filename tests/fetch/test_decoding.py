"""Bounded decompression."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from aggregator.errors import FetchError, TooLarge
from aggregator.fetch.decoding import Body, size, unpacked

TEXT = b"".join(b"%d: an entry of some feed\n" % number for number in range(20_000))


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACK: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "members": ("gzip", lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:])),
    "padded": ("gzip", lambda data: gzip.compress(data) + bytes(100)),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", lambda data: brotli.compress(data, quality=4)),
    "zstd": ("zstd", zstandard.compress),
    "frames": ("zstd", lambda data: zstandard.compress(data[:1000]) + zstandard.compress(data[1000:])),
    "plain": ("identity", bytes),
    "a charset": ("utf-8", bytes),
    "gzip in name only": ("gzip", bytes),
}


def decoded(encoding: str, wire: bytes, *, limit: int = 10_000_000, chunk: int = 16_384) -> bytes:
    body = Body(encoding, limit)
    for at in range(0, len(wire), chunk):
        body.add(wire[at : at + chunk])
    return body.finish()


@pytest.mark.parametrize("chunk", [1, 777, 65_536])
@pytest.mark.parametrize("name", PACK)
def test_body_comes_out_as_it_was_whatever_the_pieces(name, chunk):
    encoding, pack = PACK[name]
    text = TEXT if chunk > 1 else TEXT[:3000]

    assert decoded(encoding, pack(text), chunk=chunk) == text


@pytest.mark.parametrize("name", PACK)
def test_body_of_just_the_limit_is_taken_and_one_byte_more_is_not(name):
    encoding, pack = PACK[name]
    text = bytes(1000) if "name only" not in name else b"x" * 1000
    limit = max(1000, len(pack(text)))

    assert len(decoded(encoding, pack(text), limit=limit)) == 1000
    with pytest.raises(TooLarge):
        decoded(encoding, pack(text), limit=999)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_bomb_stops_at_the_limit_and_takes_little_memory(name):
    encoding, pack = PACK[name]
    wire = pack(bytes(200_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="5 MB"):
            decoded(encoding, wire, limit=5_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 40_000_000


@pytest.mark.parametrize("name", ["gzip", "members", "deflate", "raw deflate", "br", "zstd", "frames"])
def test_body_that_stops_in_the_middle_is_an_error(name):
    encoding, pack = PACK[name]

    with pytest.raises(FetchError, match="broke off"):
        decoded(encoding, pack(TEXT)[:-9])


@pytest.mark.parametrize(("encoding", "wire"), [("br", b"<rss/>" * 9), ("zstd", b"<rss/>"), ("gzip", b"\x1f\x8b" * 30)])
def test_body_that_is_not_what_it_says_is_an_error(encoding, wire):
    with pytest.raises(FetchError, match="is not"):
        decoded(encoding, wire)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,br", "compress", "gzip, identity, br"])
def test_nested_and_unknown_encodings_are_refused(encoding):
    with pytest.raises(FetchError):
        Body(encoding, 1000)


def test_identity_beside_one_encoding_is_no_nesting():
    assert decoded("identity, gzip", gzip.compress(b"a")) == b"a"


@pytest.mark.parametrize("name", PACK)
def test_empty_body_is_empty(name):
    assert decoded(PACK[name][0], b"") == b""


def test_zstd_that_wants_a_huge_window_is_refused():
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    wire = packer.compress(TEXT) + packer.flush()

    with pytest.raises(FetchError):
        decoded("zstd", wire)


def test_gzip_file_is_unpacked_within_the_limit():
    assert unpacked(gzip.compress(b"abc"), 100) == b"abc"
    assert unpacked(b"<urlset/>", 10) == b"<urlset/>"
    with pytest.raises(TooLarge):
        unpacked(gzip.compress(bytes(10_000)), 1000)


def test_sizes_read_well():
    assert [size(n) for n in (999, 1500, 20_000_000, 10**9)] == ["999 bytes", "1.5 kB", "20 MB", "1 GB"]


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_others_may_go_on_while_much_is_decoded(name):
    encoding, pack = PACK[name]
    body = Body(encoding, 100_000_000)

    wire = pack(bytes(90_000_000))
    turns = sum(1 for at in range(0, len(wire), 16_384) for _ in body.steps(wire[at : at + 16_384]))

    assert turns >= 10
    assert len(body.finish()) == 90_000_000


def test_padding_behind_a_gzip_stays_padding_however_it_arrives():
    wire = gzip.compress(TEXT) + bytes(4) + b"\x1f and more"

    assert [decoded("gzip", wire, chunk=chunk) for chunk in (1, 5, len(wire) - 10, len(wire))] == [TEXT] * 4
