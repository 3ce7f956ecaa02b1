"""The output folder: files that are replaced in one step, and only when they differ."""

import os
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from aggregator.errors import StoreError

UNFINISHED = ".unfinished-"  # a file on its way; what a kill leaves of it is swept away at the next start


class Folder:
    """A folder that readers look into while we write: none ever sees half a file.

    Paths are relative, with slashes. Raises StoreError when the folder cannot be written.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._changed: set[Path] = set()

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
        target = self._inside(path)
        try:
            if target.is_file() and not target.is_symlink() and target.read_bytes() == body:
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_name(f"{UNFINISHED}{os.getpid()}-{target.name}")
            with unfinished.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())  # or a power cut may leave the new name with nothing in it
            unfinished.replace(target)
        except OSError as error:
            raise StoreError(f"the output {target} cannot be written: {error.strerror or error}") from error
        self._changed.add(target.parent)
        return True

    def remove(self, path: str) -> None:
        """Remove a file of ours, and the folder that it leaves empty."""
        target = self._inside(path)
        try:
            target.unlink(missing_ok=True)
            if target.parent != self.directory and target.parent.is_dir() and not any(target.parent.iterdir()):
                target.parent.rmdir()
                return
        except OSError as error:
            raise StoreError(f"the output {target} cannot be removed: {error.strerror or error}") from error
        self._changed.add(target.parent)

    def settle(self) -> None:
        """Return once the new names are on the disk."""
        for parent in self._changed:
            if parent.is_dir():
                handle = os.open(parent, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)
        self._changed.clear()

    def _inside(self, path: str) -> Path:
        target = self.directory / path
        parts = Path(path).parts
        if Path(path).is_absolute() or ".." in parts or not parts:
            raise StoreError(f"{path!r} is not a place in the output")
        return target


def body_hash(body: bytes) -> bytes:
    """Return 16 bytes that stand for a file's."""
    return blake2b(body, digest_size=16).digest()


def missing(written: Iterable[tuple[str, int]], present: dict[str, int]) -> frozenset[str]:
    """Return the paths of files that we wrote and that are gone or have another size. written: path, size."""
    return frozenset(path for path, size in written if present.get(path) != size)
