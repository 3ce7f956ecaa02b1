"""The output folder: files that are replaced in one step, and only when they differ."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from aggregator.errors import StoreError

UNFINISHED = ".unfinished-"  # a file on its way; what a kill leaves of it is swept away at the next start
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


class Folder:
    """A folder that readers look into while we write: none ever sees half a file.

    Paths are relative, with slashes. Nothing outside is written or removed, whatever links stand in the folder. Raises
    StoreError when the folder cannot be written.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._changed: set[tuple[str, ...]] = set()

    def inside(self, path: str) -> Path:
        """Return where a file stands. Raises StoreError for what leads out of the output."""
        _steps(path)
        return self.directory / path

    def present(self) -> dict[str, int]:
        """Return path -> size in bytes, of every file there; sweeps away what a killed process left unfinished."""
        found: dict[str, int] = {}
        waiting = [""]
        try:
            while waiting:
                place = waiting.pop()
                with suppress(FileNotFoundError), os.scandir(self.directory / place) as here:
                    for one in here:
                        path = f"{place}{one.name}"
                        if one.is_dir(follow_symlinks=False):
                            waiting.append(f"{path}/")
                        elif one.name.startswith(UNFINISHED):
                            Path(one).unlink(missing_ok=True)
                        else:
                            with suppress(FileNotFoundError):  # whoever else works in here may take it away meanwhile
                                found[path] = one.stat(follow_symlinks=False).st_size
        except OSError as error:
            raise StoreError(f"the output {self.directory} cannot be read: {error.strerror or error}") from error
        return found

    def write(self, path: str, body: bytes) -> bool:
        """Let the file hold these bytes; return whether it had to be written."""
        steps, name = _steps(path)
        try:
            with self._opened(steps, is_made=True) as parent:
                if _bytes_of(name, parent, size=len(body)) == body:
                    return False
                unfinished = f"{UNFINISHED}{os.getpid()}-{name}"
                with suppress(FileNotFoundError):
                    os.unlink(unfinished, dir_fd=parent)
                handle = os.open(unfinished, NEW, 0o666, dir_fd=parent)
                with os.fdopen(handle, "wb") as file:
                    file.write(body)
                    file.flush()
                    os.fsync(file.fileno())  # or a power cut may leave the new name with nothing in it
                os.replace(unfinished, name, src_dir_fd=parent, dst_dir_fd=parent)
        except OSError as error:
            raise StoreError(f"the output {self.directory / path} cannot be written: {_reason(error)}") from error
        self._changed.add(steps)
        return True

    def remove(self, path: str) -> None:
        """Remove a file of ours, and the folder that it leaves empty."""
        steps, name = _steps(path)
        is_empty = False
        try:
            with suppress(FileNotFoundError), self._opened(steps) as parent:
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=parent)
                is_empty = bool(steps) and not os.listdir(parent)  # noqa: PTH208  of what is open, wherever it has been moved to
            if is_empty:
                with self._opened(steps[:-1]) as above:
                    os.rmdir(steps[-1], dir_fd=above)
                return
        except OSError as error:
            raise StoreError(f"the output {self.directory / path} cannot be removed: {_reason(error)}") from error
        self._changed.add(steps)

    def settle(self) -> None:
        """Return once the new names are on the disk."""
        for steps in self._changed:
            with suppress(FileNotFoundError), self._opened(steps) as parent:
                os.fsync(parent)
        self._changed.clear()

    @contextmanager
    def _opened(self, steps: tuple[str, ...], *, is_made: bool = False) -> Iterator[int]:
        """Open a folder within the output, step by step, so that no link on the way leads out of it.

        The output itself may be a link: it is the operator's word.
        """
        if is_made:
            self.directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for step in steps:
                if is_made:
                    with suppress(FileExistsError):
                        os.mkdir(step, dir_fd=handle)
                inner = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
                os.close(handle)
                handle = inner
            yield handle
        finally:
            os.close(handle)


def _steps(path: str) -> tuple[tuple[str, ...], str]:
    """Return the folders on the way to a file, and its name. Raises StoreError for what leads out of the output."""
    steps = path.split("/")
    if any(step in ("", ".", "..") or "\0" in step for step in steps):
        raise StoreError(f"{path!r} is not a place in the output")
    return tuple(steps[:-1]), steps[-1]


def _bytes_of(name: str, parent: int, *, size: int) -> bytes | None:
    """Return what a file holds, or None where it is none, is a link, or has another size."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=parent)
    except OSError:  # whoever writes it will say what is wrong
        return None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        return file.read() if stat.S_ISREG(found.st_mode) and found.st_size == size else None


def _reason(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.ENOTDIR) and isinstance(error.filename, str):
        return f"{error.filename!r} on the way is no folder, or a link to one; move it away"
    return error.strerror or str(error)


def body_hash(body: bytes) -> bytes:
    """Return 16 bytes that stand for a file's."""
    return blake2b(body, digest_size=16).digest()


def missing(written: Iterable[tuple[str, int]], present: dict[str, int]) -> frozenset[str]:
    """Return the paths of files that we wrote and that are gone or have another size. written: path, size."""
    return frozenset(path for path, size in written if present.get(path) != size)
