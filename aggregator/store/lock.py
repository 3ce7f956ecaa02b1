"""One process writes a store at a time; a second waits, or is told who has it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.errors import StoreBusy, StoreError

GLANCE = 0.05  # seconds between two looks at whether the store is free


def lock_of(store: Path) -> Path:
    """Return the file whose lock says who writes a store."""
    return store.with_name(store.name + ".lock")


@contextmanager
def only_writer(path: Path, *, who: str, patience: float) -> Iterator[None]:
    """Hold the store's lock; raises StoreBusy when another process has it for longer than ``patience`` seconds.

    The lock belongs to the open file: the system lets go of it whichever way the process ends, so a kill leaves
    nothing to be repaired. who: what is said to others who want it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error
    with file:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() >= deadline:
                    file.seek(0)
                    holder = file.read().strip() or "another process"
                    raise StoreBusy(
                        f"{path.with_suffix('')} is being written by {holder}; try again when it has ended"
                    ) from None
                time.sleep(GLANCE)
        file.truncate(0)
        file.write(f"{who} (process {os.getpid()})")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
