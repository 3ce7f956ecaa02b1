"""Paths into JSON with names in every script."""

import pytest

from aggregator.text.json_paths import quoted


@pytest.mark.parametrize(
    ("path", "spelled"),
    [
        ("标签[].名", '"标签"[]."名"'),
        ("a.b[0]", "a.b[0]"),
        ('"标签"[].名', '"标签"[]."名"'),
        ("a[?b=='名'].c", "a[?b=='名'].c"),
        ("a[?b==`名`].é", 'a[?b==`名`]."é"'),
        (r"'it\'s 名'", r"'it\'s 名'"),
        ("列表1.x_2", '"列表1".x_2'),
    ],
)
def test_only_names_that_the_grammar_does_not_take_bare_are_quoted(path: str, spelled: str) -> None:
    assert quoted(path) == spelled
