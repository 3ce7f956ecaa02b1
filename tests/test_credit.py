from datetime import UTC, datetime

import pytest

from aggregator.credit import credit
from aggregator.model import Source, SourceInfo

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOURCE = Source(name="news", kind="feed", url="https://news.example/feeds/all.xml")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/home", "https://news.example/home"),
        ("../home", "https://news.example/home"),
        ("https://ann:secret@news.example/", "https://news.example/"),
        ("feed:javascript:alert(1)", "https://news.example"),
        ("javascript:alert(1)", "https://news.example"),
        ("mailto:ann@news.example?bcc=x", "https://news.example"),
        ("https://news.example/\u202egpj.exe", "https://news.example/gpj.exe"),
    ],
)
def test_home_of_a_source_is_a_page_on_the_web(url, expected):
    assert credit(SOURCE, SourceInfo(url=url), now=NOW).url == expected


def test_name_and_rights_of_a_source_are_one_line_that_turns_nothing():
    told = credit(SOURCE, SourceInfo(title="News\u202e\n of\x07 today", rights="(c)\u200b\x9d Ann"), now=NOW)
    assert (told.title, told.rights) == ("News of today", "(c) Ann")


def test_source_without_a_name_that_one_can_see_is_called_by_its_own():
    assert credit(SOURCE, SourceInfo(title="\u200b"), now=NOW).title == "news"
