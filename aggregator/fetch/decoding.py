"""Decompression with a bound on what comes out (RFC 9110, section 8.4).

A kilobyte of brotli can hold a gigabyte, so every decoder here is asked for no more than what is still allowed, and
for little at once, so that who decodes can let others go on in between.
"""

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

from aggregator.errors import FetchError, TooLarge

# No compression, whatever it is called. Seen in the wild: servers that name a charset here.
PLAIN = frozenset({"", "identity", "none", "binary", "utf-8"})

STEP_BYTES = 1 << 20  # about as much comes out at once; a step takes a few milliseconds
ZSTD_WINDOW_BYTES = 8 << 20  # more is not allowed on the web (RFC 9659)
ZSTD_SLICE_BYTES = 256  # at most 64 blocks that repeat one byte, of 128 KiB each: what one step can inflate to


class Body:
    """Collects an answer's body as it arrives and raises when it grows past ``limit`` bytes, on the wire or decoded."""

    def __init__(self, encoding: str, limit: int) -> None:
        """encoding: the value of ``Content-Encoding``. Raises FetchError when it is none that we read."""
        self._limit = limit
        self._wire_bytes = 0
        self._decoded = bytearray()
        self._codec = _codec(encoding)

    def add(self, chunk: bytes) -> None:
        """Take in what arrived. Raises TooLarge past the limit and FetchError when it cannot be decoded."""
        for _ in self.steps(chunk):
            pass

    def steps(self, chunk: bytes) -> Iterator[None]:
        """Take in what arrived, step by step: others may go on after each. Raises as ``add`` does."""
        self._wire_bytes += len(chunk)
        if self._wire_bytes > self._limit:
            raise too_large(self._limit)
        since = 0
        for part in self._codec.decode(chunk, self._limit - len(self._decoded)):
            self._decoded += part
            if len(self._decoded) > self._limit:
                raise too_large(self._limit)
            since += len(part)
            if since >= STEP_BYTES:
                since = 0
                yield

    def finish(self) -> bytes:
        """Return the whole body, decoded. Raises FetchError when the compressed data stops before its end."""
        if self._wire_bytes and not self._codec.is_complete():
            raise FetchError("the compressed answer broke off in the middle; it will be asked for again")
        return bytes(self._decoded)


def unpacked(body: bytes, limit: int) -> bytes:
    """Return what a gzip file (``sitemap.xml.gz``) holds; any other body as it is. Raises as Body does."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    inner = Body("gzip", limit)
    inner.add(body)
    return inner.finish()


def too_large(limit: int) -> TooLarge:
    """Return the error for an answer that is larger than ``limit`` bytes."""
    return TooLarge(f"the answer is larger than {size(limit)}; raise max_bytes on this source if that is meant")


def size(size_bytes: int) -> str:
    """Return a size for people: ``20 MB``."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.3g} {unit}"
    return f"{size_bytes} bytes"


class _Plain:
    def decode(self, chunk: bytes, left: int) -> Iterator[bytes]:  # noqa: ARG002 - the shape that all codecs have
        yield chunk

    def is_complete(self) -> bool:
        return True


class _Zlib:
    """gzip, of one or many members, and deflate with or without the zlib header that it should have.

    A body that says gzip and does not start like it is taken as it is: caches are known to decompress and to forget
    to say so.
    """

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._start: bytes | None = b""  # None once the decoder is chosen
        self._is_plain = False
        self._is_over = False  # what comes now is padding
        self._wbits = zlib.MAX_WBITS | 16
        self._inflate = zlib.decompressobj(self._wbits)

    def decode(self, chunk: bytes, left: int) -> Iterator[bytes]:
        if self._start is not None:
            chunk = self._start + chunk
            if len(chunk) < 2:
                self._start = chunk
                return
            self._choose(chunk)
            self._start = None
        if self._is_plain:
            yield chunk
        else:
            yield from self._inflated(chunk, left)

    def is_complete(self) -> bool:
        return self._is_plain or (self._start is None and self._inflate.eof)

    def _choose(self, start: bytes) -> None:
        if start.startswith(b"\x1f\x8b"):
            return
        if self._is_gzip:
            self._is_plain = True
            return
        # RFC 1950, section 2.2: the first two bytes are a multiple of 31 and name the method 8
        has_header = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
        self._wbits = zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
        self._inflate = zlib.decompressobj(self._wbits)

    def _inflated(self, chunk: bytes, left: int) -> Iterator[bytes]:
        while chunk and left >= 0 and not self._is_over:
            if self._inflate.eof:
                if not (self._is_gzip and chunk.startswith(b"\x1f")):
                    self._is_over = True  # zeros, mostly
                    break
                self._inflate = zlib.decompressobj(self._wbits)
            try:
                part = self._inflate.decompress(chunk, min(left + 1, STEP_BYTES))
            except zlib.error as error:
                raise FetchError("the answer says it is compressed and is not, or is damaged") from error
            yield part
            left -= len(part)
            chunk = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._error = brotli.error
        self._decoder = brotli.Decompressor()

    def decode(self, chunk: bytes, left: int) -> Iterator[bytes]:
        # A small input can leave output behind, also where more input would be taken: that ends with an empty part.
        while not self._decoder.is_finished():  # what follows the end is padding
            try:
                part = self._decoder.process(chunk, output_buffer_limit=min(left + 1, STEP_BYTES))
            except self._error as error:
                raise FetchError("the answer says it is brotli and is not") from error
            yield part
            left -= len(part)
            chunk = b""
            if left < 0 or (not part and self._decoder.can_accept_more_data()):
                break

    def is_complete(self) -> bool:
        return bool(self._decoder.is_finished())


class _Zstd:
    """zstd, of one or many frames, fed in slices so small that no step can inflate far."""

    def __init__(self) -> None:
        import zstandard

        self._error = zstandard.ZstdError
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES)
        self._frame = self._decompressor.decompressobj()

    def decode(self, chunk: bytes, left: int) -> Iterator[bytes]:
        for start in range(0, len(chunk), ZSTD_SLICE_BYTES):
            rest = chunk[start : start + ZSTD_SLICE_BYTES]
            while rest and left >= 0:
                if self._frame.eof:
                    self._frame = self._decompressor.decompressobj()
                try:
                    part = self._frame.decompress(rest)
                except self._error as error:
                    raise FetchError("the answer says it is zstd and is not, or needs too much memory") from error
                yield part
                left -= len(part)
                rest = self._frame.unused_data if self._frame.eof else b""

    def is_complete(self) -> bool:
        return self._frame.eof


class _Codec(Protocol):
    def decode(self, chunk: bytes, left: int) -> Iterator[bytes]:
        """Yield what the chunk decodes to, little by little; ends soon after more than ``left`` bytes came out."""

    def is_complete(self) -> bool:
        """Tell whether the compressed data has come to its end."""


def _codec(encoding: str) -> _Codec:
    names = [name for part in encoding.lower().split(",") if (name := part.strip()) not in PLAIN]
    if len(names) > 1:
        raise FetchError(f"the answer is compressed {len(names)} times, which no honest server does; tell its owner")
    name = names[0] if names else ""
    codec = CODECS.get(name)
    if codec is None:
        raise FetchError(f"the answer is encoded as {name[:40]!r}, which was not asked for; tell its owner")
    return codec()


CODECS: dict[str, Callable[[], _Codec]] = {
    "": _Plain,
    "gzip": partial(_Zlib, is_gzip=True),
    "x-gzip": partial(_Zlib, is_gzip=True),
    "deflate": partial(_Zlib, is_gzip=False),
    "br": _Brotli,
    "zstd": _Zstd,
}
