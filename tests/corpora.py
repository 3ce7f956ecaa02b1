"""Where the corpora of real feeds and pages are, for the tests that read them.

They are not part of the project. Put them beside the checkout as ``../shared/corpora`` or name their folder in
AGGREGATOR_CORPORA. Without them these tests are skipped, and fail where AGGREGATOR_CORPORA_REQUIRED is set.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORPORA = Path(os.environ.get("AGGREGATOR_CORPORA") or ROOT.parent / "shared" / "corpora")


def corpus(*parts: str) -> Path:
    """Return a path inside the corpora; skips the test, or fails it, where there are none."""
    if not CORPORA.is_dir():
        message = f"no corpora at {CORPORA}; set AGGREGATOR_CORPORA to their folder"
        if os.environ.get("AGGREGATOR_CORPORA_REQUIRED"):
            pytest.fail(message)
        pytest.skip(message)
    return CORPORA.joinpath(*parts)
