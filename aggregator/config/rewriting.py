"""feeds.yaml written anew: checked before it takes the place of the old one, in one step."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from aggregator.config.settings import Config
from aggregator.errors import ConfigError, StoreError, UsageError

_MARK = b"\xef\xbb\xbf"


def rewrite(path: Path, change: Callable[[str], str], *, load: Callable[[Path], Config]) -> Config:
    """Let the file hold what ``change`` makes of its text; return what it says then. A file that is missing is made.

    load: reads a feeds.yaml. Raises ConfigError where the new text would be wrong, UsageError where somebody else
    changed the file meanwhile, StoreError where it cannot be written; it is then as it was.
    """
    path = path.expanduser()
    real = Path(os.path.realpath(path))
    tried = path.with_name(f".{path.name}.unfinished-{os.getpid()}")  # beside the link: relative paths start there
    try:
        before = real.read_bytes() if real.exists() else None
        mark = _MARK if before is not None and before.startswith(_MARK) else b""
        after = mark + change((before or b"").decode("utf-8-sig")).encode()
        _write(tried, after)
        try:
            config = load(tried)
        except ConfigError as error:
            raise ConfigError([replace(problem, file=str(path)) for problem in error.problems]) from error
        if (real.read_bytes() if real.exists() else None) != before:
            raise UsageError(f"{path} was changed by somebody else meanwhile; nothing is written, try again")
        if before is not None:
            shutil.copymode(real, tried)
        if real.parent != tried.parent.resolve():
            beside = real.with_name(tried.name)
            shutil.copy(tried, beside)
            beside.replace(real)
        else:
            tried.replace(real)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} must be saved as UTF-8") from error
    finally:
        with suppress(OSError):
            tried.unlink(missing_ok=True)
    return replace(config, path=path)


def _write(path: Path, body: bytes) -> None:
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
