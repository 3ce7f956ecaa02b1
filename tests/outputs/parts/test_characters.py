from dataclasses import replace

from aggregator.outputs.parts.characters import writable
from tests.outputs.examples import ENTRY, hostile


def test_what_can_be_written_is_the_very_same_value():
    assert writable(ENTRY) is ENTRY


def test_forbidden_characters_go_wherever_they_stand():
    cleaned = writable(hostile("a\0b\ud800\ufffe😀"))

    assert cleaned.content.title == "ab😀"
    assert cleaned.copies[1].source == "ab😀"
    assert cleaned.content.tags == ("ab😀",)
    assert cleaned.copies[0] is ENTRY.copies[0]
    assert writable(replace(ENTRY, id="x\x01")).id == "x"
