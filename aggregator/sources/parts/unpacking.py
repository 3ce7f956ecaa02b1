"""Documents that are gzip files themselves (``feed.xml.gz``), whatever the transfer was compressed by. Pure."""

import zlib
from dataclasses import replace

from aggregator.errors import ReadError
from aggregator.model import Document

_GZIP = b"\x1f\x8b"
_MOST_LAYERS = 3  # .xml.gz, compressed once more on the way


def unpacked(document: Document, *, limit: int, what: str) -> Document:
    """Return the document that a gzip file holds, without the media type, which is the file's; any other as it is.

    limit: bytes that it may have when decompressed. what: it should be. Raises ReadError when it is larger or broken.
    """
    body = document.body
    for _ in range(_MOST_LAYERS):
        if not body.startswith(_GZIP):
            break
        body = _inflated(body, limit, document.url, what)
    if body is document.body:
        return document
    headers = {name: value for name, value in document.headers.items() if name != "content-type"}
    return replace(document, body=body, headers=headers)


def _inflated(body: bytes, limit: int, url: str, what: str) -> bytes:
    """What a gzip file of one or many members holds. Raises ReadError past the limit, and where it is broken."""
    parts: list[bytes] = []
    left = limit
    while body.startswith(_GZIP):
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            part = inflate.decompress(body, left + 1)
        except zlib.error as error:
            raise ReadError(f"the compressed {what} is broken: {error}", url=url) from error
        left -= len(part)
        if left < 0:
            raise ReadError(f"the {what} is larger than {limit:,} bytes; raise max_bytes if that is meant", url=url)
        parts.append(part)
        if not inflate.eof:
            raise ReadError(f"the compressed {what} broke off in the middle; it will be asked for again", url=url)
        body = inflate.unused_data
    return b"".join(parts)
