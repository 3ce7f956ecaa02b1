"""The published files over HTTP: validators, packed forms, redirects of old slugs, and nothing else."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from starlette.types import Receive, Scope, Send

from aggregator.serve.conditions import header, http_date, is_not_modified, preferred_encoding
from aggregator.serve.manners import Pairs, manners
from aggregator.serve.memory import Kept, Memory, open_as_kept

log = logging.getLogger(__name__)

# What stands in output/ beside the feeds. A suffix that is not named is not served, so that a store or a
# feeds.yaml that lies in the same folder stays where it is.
MEDIA_TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
PLAIN = "text/plain; charset=utf-8"
PACKED_ALREADY = ("image/png", "image/jpeg", "image/webp", "font/woff2")

CHUNK_BYTES = 256_000
ASSETS_AGE = timedelta(days=1)  # a stylesheet changes with a new version of aggregator, not with the news

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_FILE_NAME = re.compile(r"[a-zA-Z0-9.-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Files:
    """An ASGI application for the files of one folder.

    media_types: suffix -> media type. aliases: an old slug of a category -> the one it has now, else None.
    max_age: how long a copy may be used without asking.
    """

    memory: Memory
    folder: Path
    media_types: Mapping[str, str]
    aliases: Callable[[str], str | None]
    max_age: timedelta

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(scope, send, 405, b"Only GET and HEAD are possible here.\n", [(b"allow", b"GET, HEAD")])
            return
        segments = _segments(scope)
        if segments is None:
            await _not_found(scope, send)
            return
        moved = self._moved(segments)
        if moved is not None:
            await _redirect(scope, send, moved)
            return
        try:
            await self._send_file(scope, send, segments)
        except OSError as error:
            log.warning("%s cannot be read: %s", self.folder.joinpath(*segments), error)
            retry = [(b"retry-after", b"60")]
            await _answer(scope, send, 503, b"This file cannot be read just now.\n", retry)

    async def _send_file(self, scope: Scope, send: Send, segments: tuple[str, ...]) -> None:
        if segments[-1] == "":
            segments = (*segments[:-1], "index.html")
        media_type = self.media_types.get(Path(segments[-1]).suffix)
        path = self.folder.joinpath(*segments)
        kept = await self.memory.find(path) if media_type else None
        if kept is not None and media_type is not None:
            await self._send_kept(scope, send, kept, media_type, is_asset=segments[0] == "assets")
        elif _SLUG.fullmatch(segments[-1]) and await self.memory.find(path.with_name(f"{segments[-1]}.html")):
            await _redirect(scope, send, f"{segments[-1]}.html")
        else:
            await _not_found(scope, send)

    async def _send_kept(self, scope: Scope, send: Send, kept: Kept, media_type: str, *, is_asset: bool) -> None:
        body, encoding = kept.body, None
        can_be_packed = body is not None and media_type not in PACKED_ALREADY
        if can_be_packed:
            encoding = preferred_encoding(header(scope["headers"], b"accept-encoding"))
        if encoding is not None:
            packed = await self.memory.packed(kept, encoding)
            body, encoding = (packed, encoding) if packed is not None else (body, None)
        # each form has an ETag of its own, as its bytes differ (RFC 9110, section 8.8.3.3)
        etag = f'"{kept.digest}-{encoding}"' if encoding else f'"{kept.digest}"'
        age = ASSETS_AGE if is_asset else self.max_age
        headers = [
            (b"etag", etag.encode()),
            (b"last-modified", http_date(kept.last_modified).encode()),
            (b"cache-control", f"public, max-age={int(age.total_seconds())}".encode()),
            *manners(media_type),
        ]
        if can_be_packed:
            headers.append((b"vary", b"accept-encoding"))
        if is_not_modified(scope["headers"], etag=etag, last_modified=kept.last_modified):
            await _send(send, 304, headers, b"")
            return
        headers.append((b"content-type", media_type.encode()))
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        size_bytes = len(body) if body is not None else kept.size_bytes
        headers.append((b"content-length", str(size_bytes).encode()))
        if scope["method"] == "HEAD":
            await _send(send, 200, headers, b"")
        elif body is not None:
            await _send(send, 200, headers, body)
        else:
            await _stream(send, headers, kept)

    def _moved(self, segments: tuple[str, ...]) -> str | None:
        """Where a category went, relative to the request, so that it holds under any path prefix."""
        match segments:
            case ("category", name):
                old, dot, rest = name.partition(".")
                new = self._new_slug(old)
                return f"{new}{dot}{rest}" if new and _FILE_NAME.fullmatch(name) else None
            case ("category", "archive", old, name):
                new = self._new_slug(old)
                return f"../{new}/{name}" if new and _FILE_NAME.fullmatch(name) else None
        return None

    def _new_slug(self, slug: str) -> str | None:
        new = self.aliases(slug) if _SLUG.fullmatch(slug) else None
        return new if new != slug else None


def _segments(scope: Scope) -> tuple[str, ...] | None:
    """The way from the folder to the file, an empty last one for a folder, or None for what is never served."""
    path: str = scope["path"]
    if not path.startswith("/"):
        return None
    segments = tuple(path[1:].split("/"))
    return None if any(map(_is_hidden, segments[:-1])) or _is_hidden(segments[-1] or "index.html") else segments


def _is_hidden(segment: str) -> bool:
    """Dot files, ``..``, ``_posts``, empty segments, and whatever a file system might read as more than a name."""
    return segment[:1] in ("", ".", "_") or not segment.isprintable() or not set(segment).isdisjoint("/\\:")


async def _not_found(scope: Scope, send: Send) -> None:
    await _answer(scope, send, 404, b"There is nothing here.\n", [])


async def _redirect(scope: Scope, send: Send, location: str) -> None:
    where = [(b"location", location.encode("ascii"))]
    await _answer(scope, send, 301, f"It is at {location} now.\n".encode(), where)


async def _answer(scope: Scope, send: Send, status: int, text: bytes, headers: Pairs) -> None:
    headers = [
        (b"content-type", PLAIN.encode()),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"public, max-age=300" if status == 301 else b"no-store"),
        *manners(PLAIN),
        *headers,
    ]
    await _send(send, status, headers, b"" if scope["method"] == "HEAD" else text)


async def _send(send: Send, status: int, headers: Pairs, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _stream(send: Send, headers: Pairs, kept: Kept) -> None:
    """Send a large file piece by piece from one open descriptor: who replaces the file does not change what is open."""
    with open_as_kept(kept) as file:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        left = kept.size_bytes
        while left > 0 and (piece := await asyncio.to_thread(file.read, min(CHUNK_BYTES, left))):
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
