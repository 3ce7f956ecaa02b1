"""What feedparser's own tests expect of a document is what we read in it, wherever we have the field.

`tests/feedparser_paths.py` says what each of feedparser's names means here, and what we keep nothing of. The documents
are read in place; where the folder holds others of the same origin, they are measured the same way. About 3 seconds.
"""

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from tests.corpora import corpus
from tests.feedparser_paths import LEFT_OUT, MAPPED, Clause, Read, holds, left_out, pattern_of, read

FEWEST_HELD = 0.99

_SHOWN = (
    "a browser shows neither the title of a page nor what stands in an unclosed script; feedparser leaves both as text"
)
_SPACE = "white space around a word changes no word; feedparser does not know it then"

# The tests that do not hold, and why not. One that begins to hold, or another that fails, fails this module.
EXCEPTIONS = {
    "encoding/bozo_linenoise.xml": "one stray byte: the rest is read as UTF-8, not as windows-1252, and told",
    "wellformed/itunes/itunes_channel_block_whitespace.xml": _SPACE,
    "wellformed/itunes/itunes_channel_explicit_whitespace.xml": _SPACE,
    "wellformed/itunes/itunes_item_block_whitespace.xml": _SPACE,
    "wellformed/itunes/itunes_item_explicit_whitespace.xml": _SPACE,
    "wellformed/rss/item_description_not_a_doctype.xml": "HTML reads `<!' …>` as a comment, which nobody sees",
    "wellformed/sanitize/entry_content_crazy.xml": _SHOWN,
    "wellformed/sanitize/entry_summary_crazy.xml": _SHOWN,
    "wellformed/sanitize/entry_title_crazy.xml": _SHOWN,
    "wellformed/sanitize/feed_copyright_crazy.xml": _SHOWN,
    "wellformed/sanitize/feed_subtitle_crazy.xml": _SHOWN,
    "wellformed/sanitize/feed_tagline_crazy.xml": _SHOWN,
    "wellformed/sanitize/feed_title_crazy.xml": _SHOWN,
    "wellformed/sanitize/item_content_encoded_crazy.xml": _SHOWN,
    "wellformed/sanitize/item_description_crazy.xml": _SHOWN,
    "wellformed/sanitize/item_fullitem_crazy.xml": _SHOWN,
}


@cache
def _tests() -> tuple[tuple[str, Read, tuple[tuple[Clause, bool | None], ...]], ...]:
    """Every test with its document as we read it, and each of its clauses with what came of it."""
    tests: list[dict[str, Any]] = json.loads(corpus("feedparser", "expectations.json").read_text())
    judged = []
    for test in tests:
        if any(clause["op"] == "unsupported" for clause in test["expect"]):
            continue
        found = read(test["file"], test.get("headers") or {})
        judged.append((test["file"], found, tuple((clause, holds(clause, found)) for clause in test["expect"])))
    return tuple(judged)


def test_what_feedparser_expects_holds():
    failed = {file for file, _, clauses in _tests() if any(held is False for _, held in clauses)}
    files = {file for file, _, _ in _tests()}
    known = EXCEPTIONS.keys() & files
    if not known:
        pytest.skip("another part of the corpus: its share is measured below")
    assert failed - known == set(), "these do not hold any more"
    assert known - failed == set(), "these hold now: take them out of the exceptions"


def test_nearly_all_that_is_mapped_holds():
    results = Counter(held for _, _, clauses in _tests() for _, held in clauses)
    mapped = results[True] + results[False]
    assert results[True] / mapped >= FEWEST_HELD
    tests = [
        all(held is not False for _, held in clauses) if clauses else found.error is None
        for _, found, clauses in _tests()
    ]
    assert sum(tests) / len(tests) >= FEWEST_HELD
    assert mapped / sum(results.values()) >= 0.95  # what has no field here is little


def test_every_name_is_mapped_or_left_out_for_a_reason():
    if not EXCEPTIONS.keys() & {file for file, _, _ in _tests()}:
        pytest.skip("another part of the corpus: its share is measured above")
    assert not MAPPED.keys() & LEFT_OUT.keys()
    for _, _, clauses in _tests():
        for clause, _ in clauses:
            pattern, _ = pattern_of(clause["path"])
            assert (pattern in MAPPED) != bool(left_out(pattern)), pattern


def test_every_document_is_read_but_those_that_hold_no_feed():
    refused = {file: found.error for file, found, _ in _tests() if found.error}
    for file, error in refused.items():
        assert "no feed" in error or "not well-formed" in error or "empty" in error, (file, error)
    assert len(refused) <= len(_tests()) // 50


@pytest.mark.parametrize(
    ("clause", "held"),
    [
        ({"path": ["feed", "title"], "op": "==", "value": "Another title"}, False),
        ({"path": ["entries", 0, "summary"], "op": "==", "value": "another text"}, False),
        ({"path": ["entries", 7, "title"], "op": "==", "value": "x"}, False),
        ({"path": ["bozo"], "op": "true"}, False),
        ({"path": ["version"], "op": "==", "value": "rss20"}, None),
    ],
)
def test_claim_that_is_not_true_does_not_hold(clause, held):
    document = "wellformed/rss/item_description.xml"
    if not corpus("feedparser", *document.split("/")).is_file():
        pytest.skip("another part of the corpus")
    assert holds(clause, read(document, {})) is held
