"""Where the corpora of real feeds and pages are, for the tests that read them.

They are not part of the project. Put them beside the checkout as ``../shared/corpora`` or name their folder in
AGGREGATOR_CORPORA. Without them these tests are skipped, and fail where AGGREGATOR_CORPORA_REQUIRED is set.

The counts and exceptions that stand in tests are those of one part of what the origins have. Over another part, with
an ``index.tsv`` of its own, what others expect is measured as a share alone, and a file that is not there is skipped.
"""

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORPORA = Path(os.environ.get("AGGREGATOR_CORPORA") or ROOT.parent / "shared" / "corpora")

_KNOWN_INDEX = "46233ceb79108da9"  # of the part that the tests' counts and exceptions are of


@cache
def is_other_part() -> bool:
    """Tell whether these are other files of the same origins than the tests' counts and exceptions are of."""
    index = CORPORA / "index.tsv"
    return index.is_file() and not sha256(index.read_bytes()).hexdigest().startswith(_KNOWN_INDEX)


def corpus(*parts: str) -> Path:
    """Return a path inside the corpora; skips the test, or fails it, where there are none."""
    if not CORPORA.is_dir():
        message = f"no corpora at {CORPORA}; set AGGREGATOR_CORPORA to their folder"
        if os.environ.get("AGGREGATOR_CORPORA_REQUIRED"):
            pytest.fail(message)
        pytest.skip(message)
    path = CORPORA.joinpath(*parts)
    if not path.exists() and is_other_part():
        pytest.skip(f"this part of the corpora has no {'/'.join(parts)}")
    return path
