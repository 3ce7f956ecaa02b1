"""Nouns come back from a column as they went in, those kept by an earlier version too."""

import pytest

from aggregator.model import Content, Enclosure, Origin, Person, RawEntry, SourceInfo, Wanted
from aggregator.store.rows import from_json, to_json
from tests.fakes import NOW
from tests.whole import EPISODE, HOST, INFO, PLACE, RAW, VALUE, unset

CONTENT = Content(
    title="Snow",
    authors=(HOST,),
    contributors=(HOST,),
    enclosures=RAW.enclosures,
    pictures=RAW.pictures,
    places=(PLACE,),
    comment_count=0,
    episode=EPISODE,
    extensions=(VALUE,),
)


@pytest.mark.parametrize("value", [CONTENT, RAW, INFO], ids=["content", "raw", "info"])
def test_every_noun_comes_back_as_it_was(value):
    assert from_json(to_json(value, type(value)), type(value)) == value


def test_example_leaves_no_field_of_a_source_untried():
    assert unset(INFO, but=frozenset({"hints", "type", "title", "language", "text", "children"})) == []


def test_raw_entry_that_waits_for_its_page_comes_back_whole():
    raw = RawEntry(origin=Origin(title="B", authors=(HOST,), categories=("x",)), episode=EPISODE, comment_count=3)
    wanted = Wanted(local="l", raw=raw, base="https://e.example/", fingerprint=1, tries=0, due=NOW)
    assert from_json(to_json(wanted, Wanted), Wanted) == wanted


def test_what_an_earlier_version_kept_is_still_read():
    kept = '{"title":"T","authors":[{"name":"Ann"}],"enclosures":[{"url":"https://e.example/a.mp3","duration":9}]}'
    assert from_json(kept, Content) == Content(
        title="T", authors=(Person(name="Ann"),), enclosures=(Enclosure(url="https://e.example/a.mp3", duration=9),)
    )
    assert from_json('{"title":"T","hints":{"ttl":"PT3H"}}', SourceInfo).title == "T"
