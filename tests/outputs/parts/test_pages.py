from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.outputs.parts import pages
from tests.outputs.examples import SITE


@pytest.mark.parametrize(
    ("language", "timezone", "expected"),
    [
        ("zh-CN", "Asia/Shanghai", "2026年1月1日 04:05"),
        ("zh", "UTC", "2025年12月31日 20:05"),
        ("en-GB", "Europe/Berlin", "31 Dec 2025, 21:05"),
        (None, "UTC", "31 Dec 2025, 20:05"),
        ("not a tag", "UTC", "31 Dec 2025, 20:05"),
    ],
)
def test_time_is_shown_on_the_clock_and_in_the_words_of_the_site(language, timezone, expected):
    site = replace(SITE, language=language, timezone=timezone)

    assert pages.shown(datetime(2025, 12, 31, 20, 5, tzinfo=UTC), site) == expected


def test_both_languages_have_the_same_words():
    chinese, english = (pages.words(replace(SITE, language=language)) for language in ("zh-TW", "fr"))

    assert chinese.keys() == english.keys()
    assert chinese != english


def test_gaps_are_closed_wherever_they_stand():
    text = f"<a href='{pages.gap('root')}x'>{pages.gap('full')}</a>{pages.gap('time', '2025-12-31T20:05:00Z')}"

    closed = pages.filled(text.encode(), replace(SITE, language="en", timezone="UTC"), "../")

    assert closed == b"<a href='../x'>Read it here</a>31 Dec 2025, 20:05"
