"""The published folder of ``world``, made once for all tests of this room, whoever of several processes runs them."""

import fcntl
import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("html5lib", reason="html5lib reads HTML as browsers do: pip install -e '.[dev]'")
    from tests.sanitising.world import published

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "hostile-world"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "done"
        if not done.exists():
            published(folder)
            done.touch()
    return folder / "output"
