"""Files as they are sent, read once per change and kept in memory up to a bound."""

import asyncio
import errno
import gzip
import hashlib
import os
import stat
from collections import OrderedDict
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

KEPT_BYTES = 64_000_000  # of all files together, packed forms included
LARGEST_KEPT = 8_000_000  # a larger file is read from the disk each time, and never packed
SMALLEST_PACKED = 300  # below, packing saves nothing: it all fits one network packet
ATTEMPTS = 3  # to read a file that somebody writes in place

NO_SUCH_NAME = (errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)  # no file can bear it

Signature = tuple[int, int, int, int]  # another one means that the file may have changed


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One state of one file. last_modified: whole seconds since 1970. digest: of the bytes, so it outlives restarts.

    body: None for a file larger than LARGEST_KEPT. packed: encoding -> bytes, None where packing saves nothing.
    """

    path: Path
    signature: Signature
    digest: str
    last_modified: int
    size_bytes: int
    body: bytes | None
    packed: dict[str, bytes | None] = field(default_factory=dict)

    @property
    def kept_bytes(self) -> int:
        return len(self.body or b"") + sum(len(body or b"") for body in self.packed.values())


class Memory:
    """The files of one folder. ``find`` costs one look at the disk while a file stays as it is."""

    def __init__(self, folder: Path, *, kept_bytes: int = KEPT_BYTES, largest_kept: int = LARGEST_KEPT) -> None:
        self._folder = folder
        self._bound = kept_bytes
        self._largest = largest_kept
        self._files: OrderedDict[Path, Kept] = OrderedDict()
        self.kept_bytes = 0
        self._lock = asyncio.Lock()  # many who ask at once for what is not kept yet cause one reading

    async def find(self, path: Path) -> Kept | None:
        """Return the file as it is now, or None where there is none, or none that may be served.

        A file is served if it lies in the folder, also after all symbolic links are followed.
        Raises OSError when it is there and cannot be read.
        """
        signature = _look(path)
        if signature is None:
            self._forget(path)
            return None
        kept = self._files.get(path)
        if kept is not None and kept.signature == signature:
            self._files.move_to_end(path)
            return kept
        async with self._lock:
            kept = self._files.get(path)
            if kept is not None and kept.signature == signature:
                return kept
            fresh = await asyncio.to_thread(_read, path, self._folder, self._largest, kept)
            self._forget(path)
            if fresh is not None:
                self._keep(fresh)
            return fresh

    async def packed(self, kept: Kept, encoding: str) -> bytes | None:
        """Return the body packed as br or gzip, made once, or None where packing saves nothing."""
        if encoding not in kept.packed:
            async with self._lock:
                if encoding not in kept.packed:
                    body = await asyncio.to_thread(_pack, kept.body, encoding)
                    if self._files.get(kept.path) is kept:
                        self._forget(kept.path)
                        kept.packed[encoding] = body
                        self._keep(kept)
                    else:
                        kept.packed[encoding] = body
        return kept.packed[encoding]

    def _keep(self, kept: Kept) -> None:
        self._files[kept.path] = kept
        self.kept_bytes += kept.kept_bytes
        while self.kept_bytes > self._bound and self._files:
            self._forget(next(iter(self._files)))

    def _forget(self, path: Path) -> None:
        kept = self._files.pop(path, None)
        if kept is not None:
            self.kept_bytes -= kept.kept_bytes


def open_as_kept(kept: Kept) -> BufferedReader:
    """Return the open file. Raises OSError when it is no longer the one that was hashed."""
    file = _open(kept.path)
    if _signature(os.fstat(file.fileno())) != kept.signature:
        file.close()
        raise OSError("it was replaced just now")
    return file


def _open(path: Path) -> BufferedReader:
    # a pipe put here must not hold us up
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")


def _look(path: Path) -> Signature | None:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        if error.errno in NO_SUCH_NAME:
            return None
        raise
    return _signature(found) if stat.S_ISREG(found.st_mode) else None


def _signature(found: os.stat_result) -> Signature:
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev


def _read(path: Path, folder: Path, largest: int, before: Kept | None) -> Kept | None:
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        return None
    for _ in range(ATTEMPTS):
        try:
            file = _open(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        with file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return None
            if found.st_size <= largest:
                body = file.read()
                digest = hashlib.blake2b(body, digest_size=16).hexdigest()
            else:
                body = None
                digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
            if _signature(os.fstat(file.fileno())) == _signature(found):
                return Kept(
                    path=path,
                    signature=_signature(found),
                    digest=digest,
                    last_modified=_last_modified(int(found.st_mtime), digest, before),
                    size_bytes=found.st_size,
                    body=body,
                )
    raise OSError("somebody keeps writing into it")


def _last_modified(seconds: int, digest: str, before: Kept | None) -> int:
    """Other bytes have a later date, even within one second or with a clock set back, or a reader would miss them."""
    if before is None:
        return seconds
    if before.digest == digest:
        return max(seconds, before.last_modified)
    return max(seconds, before.last_modified + 1)


def _pack(body: bytes | None, encoding: str) -> bytes | None:
    if body is None or len(body) < SMALLEST_PACKED:
        return None
    if encoding == "gzip":
        packed = gzip.compress(body, compresslevel=6, mtime=0)  # no time in it: same body, same bytes
    else:
        import brotli

        packed = brotli.compress(body, quality=5)
    return packed if len(packed) < len(body) else None
