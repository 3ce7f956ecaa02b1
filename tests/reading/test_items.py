"""What is taken of an entry on its way to a copy."""

import pytest

from aggregator.model import RawEntry, RawText, Source, SourceInfo
from aggregator.reading.items import ENDLESS_ID, LONGEST_ID, Item, begun
from aggregator.text.patterns import Searching
from tests.fakes import NOW

URL = "https://a.example/feed"


def taken(identifier: str) -> Item:
    raw = RawEntry(id=identifier, title=RawText(value="Title", type="text"), url="https://a.example/1")
    source = Source(name="a", url=URL)
    return begun(raw, source, SourceInfo(), base=URL, mark=1, now=NOW, searching=Searching())


@pytest.mark.parametrize("digits", [LONGEST_ID + 1, 3_000_000])
def test_an_id_without_end_is_told_and_named_nowhere(digits: int) -> None:
    item = taken("9" * digits)

    assert item.raw.id is None
    assert item.warnings == (ENDLESS_ID,)
    assert [(key.kind, key.value) for key in item.keys] == [("url", "a.example/1")]
    assert len(item.local) < 100


def test_an_id_as_long_as_an_address_is_kept() -> None:
    item = taken("9" * LONGEST_ID)

    assert (item.raw.id, item.warnings) == ("9" * LONGEST_ID, ())
