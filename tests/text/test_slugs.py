"""Slugs: what a name becomes in an address."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.slugs import LONGEST_SLUG, is_slug, slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("吉林日报", "jilinribao"),
        ("21世纪经济报道", "21shijijingjibaodao"),
        ("Tech News", "tech-news"),
        ("BBC News 中文", "bbc-news-zhongwen"),
        ("重庆晚报", "chongqingwanbao"),
        ("科技·互联网", "keji-hulianwang"),
        ("объект Новость", "obekt-novost"),
        ("Café  —  Noël", "cafe-noel"),
        ("ＡＢＣ１", "abc1"),
        ("People's Daily", "people-s-daily"),
        ("1,000 things", "1-000-things"),
        ("R&amp;D", "r-amp-d"),
        ("_a_b_", "a-b"),
        ("jilinribao", "jilinribao"),
    ],
)
def test_a_name_in_any_script_becomes_lower_case_ascii(name, expected):
    assert slug(name) == expected


def test_a_long_name_is_cut_and_ends_in_no_hyphen():
    assert slug("ab " * 60) == "ab-" * 26 + "ab"
    assert slug("x" * 81) == "x" * LONGEST_SLUG


def test_a_name_of_which_nothing_is_left_is_known_by_its_hash():
    assert slug("🎉") == "c-6146299c"
    assert slug("🎉") != slug("🎊")


@given(st.text(max_size=120))
def test_every_name_gives_a_slug_and_a_slug_gives_itself(name):
    assert is_slug(slug(name))
    assert slug(slug(name)) == slug(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", "a--b", "A", "a_b", "a b", "吉林", "a\n", "x" * 81])
def test_what_an_address_cannot_hold_is_no_slug(name):
    assert not is_slug(name)


def test_a_name_that_is_a_slug_loads_no_dictionary():
    code = (
        "import sys; from aggregator.text.slugs import slug; slug('tech-news');"
        "sys.exit('pypinyin' in sys.modules or 'slugify' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
