import json
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.cli.words import ago, beginning, clock, count, plain, shown, shown_json, size, utc

NOW = datetime(2026, 3, 1, 20, 30, 15, 999_000, tzinfo=UTC)


def test_programs_get_utc_to_the_second():
    assert utc(NOW) == "2026-03-01T20:30:15Z"
    assert utc(None) is None


def test_people_get_the_date_only_where_it_is_not_today():
    assert clock(NOW + timedelta(hours=1), now=NOW, timezone="UTC") == "21:30 UTC"
    assert clock(NOW + timedelta(hours=1), now=NOW, timezone="Asia/Shanghai") == "05:30 CST"
    assert clock(NOW + timedelta(hours=4), now=NOW, timezone="UTC") == "2026-03-02 00:30 UTC"


@pytest.mark.parametrize(
    ("away", "told"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=-40), "40 s ago"),
        (timedelta(minutes=-59), "59 min ago"),
        (timedelta(hours=-47), "47 h ago"),
        (timedelta(days=-9), "9 days ago"),
        (timedelta(minutes=12), "in 12 min"),
    ],
)
def test_how_far_away_is_told_in_the_largest_unit_that_fits(away, told):
    assert ago(NOW + away, now=NOW) == told


@pytest.mark.parametrize(
    "text",
    ["a\x1b[31mb", "a\x9b31mb", "a\u202eb", "a\u2066b", "a\nb", "a\r\x07b", "a\u2028b", "a\ud800b", "a\x00\x7fb"],
)
def test_text_from_outside_cannot_play_with_the_terminal(text):
    clean = plain(text)

    assert clean.startswith("a ")
    assert clean.isprintable()


def test_letters_of_any_script_stay_as_they_are():
    assert plain("吉林日报 «Été» עברית 👩‍🚀") == "吉林日报 «Été» עברית 👩‍🚀"


def test_a_long_text_is_cut_on_one_line():
    assert beginning("one\n two", 20) == "one two"
    assert beginning("春" * 30, 10) == "春" * 9 + "…"


def test_numbers_carry_their_noun_and_unit():
    assert [count(1, "entry", "entries"), count(2, "entry", "entries"), count(0, "feed")] == [
        "1 entry",
        "2 entries",
        "0 feeds",
    ]
    assert [size(999), size(14_400), size(2_100_000)] == ["999 B", "14 kB", "2.1 MB"]


def test_terminal_gets_nothing_that_it_would_obey():
    assert (
        shown("a\x1b[2J\x1b]8;;http://x\x07b\rc\x9b1m\u202ed") == "a\\x1b[2J\\x1b]8;;http://x\\x07b\\rc\\x9b1m\\u202ed"
    )
    assert shown("two  spaces\n\tand a line 文😀") == "two  spaces\n\tand a line 文😀"


def test_json_on_a_terminal_means_the_same():
    text = json.dumps("a\x1b[2J\x7f\x9b1m\u202eb\u2028文", ensure_ascii=False)
    assert json.loads(shown_json(text)) == json.loads(text)
    assert shown_json(text).isprintable()
