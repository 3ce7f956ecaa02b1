"""Tests that read the corpora are marked ``corpora``, so that they can be run, or left out, together."""

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine must not make a test fail
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        module = getattr(item, "module", None)
        if hasattr(module, "corpus"):
            item.add_marker(pytest.mark.corpora)
