"""The published folder of ``world``, made once for all tests of this room."""

from pathlib import Path

import pytest

from tests.once import made_once


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("html5lib", reason="html5lib reads HTML as browsers do: pip install -e '.[dev]'")
    from tests.sanitising.world import published

    return made_once(tmp_path_factory, "hostile-world", published) / "output"
