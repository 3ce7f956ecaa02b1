"""Words and patterns, in an engine that can be stopped."""

import re
import time
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.text.patterns import (
    ENDURANCE,
    LONGEST_TEXT,
    PatternError,
    Searching,
    check,
    escaped,
    is_word,
)

ENDLESS = [r"(a|aa)+$", r"(?:\w+\s?)+$", r"^(([a-z])+.)+[A-Z]([a-z])+$"]
BAIT = "a" * 60_000 + "!"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("招商", "全市招商引资"),
        ("AI", "The ＡＩ boom"),
        ("straße", "Hauptstrasse 1, STRASSE"),
        ("café", "Cafe\u0301 Central"),
        ("Q&A - #1", "our q&a - #1 is here"),
    ],
)
def test_a_word_is_found_whatever_its_case_width_and_composition(word: str, text: str) -> None:
    assert is_word(word)
    assert Searching().is_found(word, text)


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        (r"招商|项目", "项目", True),
        (r"\bAI\b", "Mais oui", False),
        (r"\bAI\b", "the ai act", True),
        (r"\bmañana\b", "Hasta MAÑANA!", True),
        (r"(?<!不)招商", "不招商", False),
        (r"(?<=市.{0,3})招商", "市里招商", True),
        (r"\p{Han}{2}", "AI 时代", True),
        (r"^\w+$", "жизнь", True),
    ],
)
def test_patterns_are_those_of_python_for_every_script(pattern: str, text: str, is_found: bool) -> None:
    assert Searching().is_found(pattern, text) is is_found


@pytest.mark.parametrize("pattern", ENDLESS)
def test_a_pattern_without_end_counts_as_not_found_is_told_and_not_tried_again(pattern: str) -> None:
    searching = Searching()

    started = time.process_time()
    found = [searching.is_found(pattern, f"{BAIT}{number}") for number in range(200)]
    spent = time.process_time() - started

    assert not any(found)
    assert spent < 4
    (warning,) = searching.warnings
    assert f"the pattern '{pattern}' finds no end in 'aaaa" in warning
    assert not Searching().warnings


def test_the_same_holds_for_what_names_an_article() -> None:
    searching = Searching()

    assert searching.first_group(r"id=(\d+)", "x?id=12") == "12"
    assert searching.first_group(r"(a|aa)+$", BAIT) is None
    assert len(searching.warnings) == 1


def test_a_pattern_that_takes_its_time_with_every_text_is_given_up_too() -> None:
    seconds = count(step=ENDURANCE / 2)
    searching = Searching(lambda: next(seconds))  # each search takes half of what one pattern may take in all

    assert [searching.is_found("ab?c", "abc") for _ in range(5)] == [True, True, True, False, False]
    assert len(searching.warnings) == 1


def test_a_pattern_is_searched_so_far_and_a_word_in_all_of_a_text() -> None:
    text = "x" * LONGEST_TEXT + "needle"

    assert Searching().is_found("needle", text)
    assert not Searching().is_found("need.e", text)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "missing )"),
        ("*广告", "nothing to repeat"),
        ("(a{1000}){1000}", "repetitions come to more than"),
        (".{1000000}", "repetitions come to more than"),
        ("a{9999}" * 1000, "repetitions come to more than"),
        ("((a{100}){100}){100}", "repetitions come to more than"),
        ("(?R)", "calls itself"),
        ("(a(?1)?b)", "calls itself"),
        ("(?P<x>a(?&x)?b)", "calls itself"),
        ("(" * 4000 + ")" * 4000, "nested too deep"),
        ("a?" * 6000, "longer than"),
        (r"\L<words>", "undefined named list"),
    ],
)
def test_what_would_take_all_memory_is_no_pattern(pattern: str, message: str) -> None:
    with pytest.raises(PatternError, match=re.escape(message)):
        check(pattern)


@pytest.mark.parametrize("pattern", [r"\d{18}[]{3}]x{2}", r"[^]]{3}(){4}", r"(?P<n>a)(?P=n)", ".{0,200}" * 30, r"\(?1"])
def test_what_only_looks_like_it_is_one(pattern: str) -> None:
    assert check(pattern) >= 0


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_what_is_escaped_is_found_as_it_stands(text: str, around: str) -> None:
    pattern = escaped(text) + r"(?:)"

    assert Searching().is_found(pattern, f"{around}{text}{around}")


@given(st.text(alphabet="ab(){}[]|*+?.^$\\1,3<>=!:PR&", max_size=24))
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_is_a_pattern_or_told_as_none(text: str) -> None:
    try:
        check(text)
    except PatternError as error:
        told = str(error)
    else:
        told = f"found: {Searching().is_found(text, 'ab(ab)' * 20)}"

    assert told
