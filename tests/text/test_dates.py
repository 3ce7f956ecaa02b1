"""Dates become the instants that were meant, or None."""

import calendar
import io
import warnings
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.text.dates import find_date, read_date
from tests.corpora import corpus

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 16:00 in Shanghai


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Sat, 07 Sep 2002 00:00:01 GMT", utc(2002, 9, 7, 0, 0, 1)),
        ("Sat, 07 Sep 02 10:20 EST", utc(2002, 9, 7, 15, 20)),
        ("Tue, 07 Sep 2002 10:20:30 +0200", utc(2002, 9, 7, 8, 20, 30)),
        ("7 September 2002 09:42:31 +08:00", utc(2002, 9, 7, 1, 42, 31)),
        ("Thu, 01 Jan 2004 19:48:21 GMT+0800", utc(2004, 1, 1, 11, 48, 21)),
        ("Sat,29 Jul 2006 00:03:02 +0000", utc(2006, 7, 29, 0, 3, 2)),
        ("Thu , \t 09  Feb\t2006  23:59:45\t +0000", utc(2006, 2, 9, 23, 59, 45)),
        ("Thu(odd), 9(th) Feb(ruary) 2006 23:59:45 +0000(GMT)", utc(2006, 2, 9, 23, 59, 45)),
        ("Fri, 25 Feb 2022 09:40:28 +0800 (CST)", utc(2022, 2, 25, 1, 40, 28)),
        ("Mon, 26 Sept 2005 21:46:23+0900", utc(2005, 9, 26, 12, 46, 23)),
        ("Mon, 3 Mar 103 10:00:00 GMT", utc(2003, 3, 3, 10)),
        ("31 Dec 1994 24:00:00 GMT", utc(1995, 1, 1)),
        ("2003-12-31T10:14:55Z", utc(2003, 12, 31, 10, 14, 55)),
        ("2003-12-31 10:14:55.75+08:00", utc(2003, 12, 31, 2, 14, 55)),
        ("2003-12-31T10:14-0800", utc(2003, 12, 31, 18, 14)),
        ("2016-12-31T23:59:60Z", utc(2016, 12, 31, 23, 59, 59)),
        ("2003-12-31T10Z", utc(2003, 12, 31, 10)),
        ("2003-12-31T24:00:00Z", utc(2004, 1, 1)),
        ("2003-12-31+08:00", utc(2003, 12, 30, 16)),
        ("20031231T101455Z", utc(2003, 12, 31, 10, 14, 55)),
        ("2022-02-25 09:40:28 +0800", utc(2022, 2, 25, 1, 40, 28)),
        ("Wed Jan  7 12:30:00 PST 2004", utc(2004, 1, 7, 20, 30)),
        ("Sun Feb 27 2022 10:00:00 GMT+0800 (China Standard Time)", utc(2022, 2, 27, 2)),
        ("25 Feb 2022 09:40:28 America/New_York", utc(2022, 2, 25, 14, 40, 28)),
        ("1767225600", utc(2026, 1, 1)),
        ("1767225600000", utc(2026, 1, 1)),
        ("lun, 05 févr. 2024 10:00:00 +0100", utc(2024, 2, 5, 9)),
        ("2小时前", NOW - timedelta(hours=2)),
        ("2 小時前", NOW - timedelta(hours=2)),
        ("半小时前", NOW - timedelta(minutes=30)),
        ("刚刚", NOW),
        ("3 hours ago", NOW - timedelta(hours=3)),
        ("hace 3 horas", NOW - timedelta(hours=3)),
    ],
)
def test_date_that_names_its_zone_means_the_same_everywhere(text, instant):
    for timezone in ("UTC", "Asia/Shanghai", "America/New_York"):
        assert read_date(text, timezone=timezone, now=NOW) == instant


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2003", (2003, 1, 1)),
        ("2003-12", (2003, 12, 1)),
        ("2003年12月", (2003, 12, 1)),
        ("2003-12-31", (2003, 12, 31)),
        ("20031231", (2003, 12, 31)),
        ("20031231101455", (2003, 12, 31, 10, 14, 55)),
        ("2003-335", (2003, 12, 1)),
        ("2003-W10-2", (2003, 3, 4)),
        ("Wed Jan  7 12:30:00 2004", (2004, 1, 7, 12, 30)),
        ("2026/11/01 09:40:00", (2026, 11, 1, 9, 40)),
        ("2026年11月01日 09:40", (2026, 11, 1, 9, 40)),
        ("2026年11月1日 09时40分", (2026, 11, 1, 9, 40)),
        ("2026年11月1日星期日 下午3:05", (2026, 11, 1, 15, 5)),
        ("2026年11月1日上午12点05分", (2026, 11, 1, 0, 5)),
        ("2月25日 09:40", (2026, 2, 25, 9, 40)),
        ("12月25日", (2025, 12, 25)),
        ("07-03 12:30", (2026, 7, 3, 12, 30)),
        ("昨天 12:30", (2026, 11, 22, 12, 30)),
        ("前天", (2026, 11, 21)),
        ("Yesterday at 5:10 PM", (2026, 11, 22, 17, 10)),
        ("发布时间：2022-02-25 09:40 来源：长河报", (2022, 2, 25, 9, 40)),
        ("２０２２年２月２５日　０９：４０", (2022, 2, 25, 9, 40)),
        ("民國111年2月25日", (2022, 2, 25)),
        ("令和4年2月25日", (2022, 2, 25)),
        ("二〇二二年二月二十五日", (2022, 2, 25)),
        ("2022년 2월 25일 오후 3:05", (2022, 2, 25, 15, 5)),
        ("2006. 01. 04. 17:48:45", (2006, 1, 4, 17, 48, 45)),
        ("25.02.2026, 14:05 Uhr", (2026, 2, 25, 14, 5)),
        ("03.02.2026", (2026, 2, 3)),
        ("25/02/2026", (2026, 2, 25)),
        ("02/25/2026 4:05:12 PM", (2026, 2, 25, 16, 5, 12)),
        ("02/03/2026 4:05 PM", (2026, 2, 3, 16, 5)),
        ("Jan 5th, 2024 at 10:30am", (2024, 1, 5, 10, 30)),
        ("14:05, 3 May 2022", (2022, 5, 3, 14, 5)),
        ("25 февраля 2022 10:15", (2022, 2, 25, 10, 15)),
    ],
)
def test_date_without_a_zone_is_read_in_the_timezone_of_its_source(text, local):
    when = utc(*local)
    assert read_date(text, timezone="UTC", now=NOW) == when
    assert read_date(text, timezone="Asia/Shanghai", now=NOW) == when - timedelta(hours=8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+0800",
        "12:30",
        "hello",
        "Version 3.11.2",
        "insert date here",
        "2022-02-30",
        "2003-07-01T25:51:30-05:00",
        "2003-07-01T01:61:30-05:00",
        "Sat, 31 Jun 2006 23:08:26 +1000",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "0103-12-13T18:30:02Z",
        "05/20 7:03 am",
        "99999999999999999999",
        "9" * 5000,
        "Le 5 mai 33",
        "十十月十十日",
        "99999999999 years ago",
    ],
)
def test_what_is_no_date_is_none(text):
    assert read_date(text, timezone="Asia/Shanghai", now=NOW) is None


def test_day_and_month_that_nothing_tells_apart_are_none():
    assert read_date("02/03/2026", timezone="UTC", now=NOW) is None
    assert read_date("02/03/2026", timezone="America/Chicago", now=NOW) == utc(2026, 2, 3, 6)
    assert read_date("02/03/2026", timezone="Europe/London", now=NOW) == utc(2026, 3, 2)


def test_cst_is_the_time_of_china_for_a_chinese_source():
    text = "Fri, 25 Feb 2022 09:40:28 CST"
    assert read_date(text, timezone="Asia/Shanghai", now=NOW) == utc(2022, 2, 25, 1, 40, 28)
    assert read_date(text, timezone="UTC", now=NOW) == utc(2022, 2, 25, 15, 40, 28)


def test_first_date_in_a_text_is_found():
    text = "本报讯 记者昨天从市里获悉，2022年2月25日 09:40 起，大桥恢复通行；3月1日前后还将限行。"
    assert find_date(text, timezone="Asia/Shanghai", now=NOW) == utc(2022, 2, 25, 1, 40)


def test_numbers_in_a_text_are_no_dates():
    for text in ("共 2003 人，3-5 天", "电话 20031231", "1767225600", "比分 7-3", "1.2.3", "共120条评论"):
        assert find_date(text, timezone="Asia/Shanghai", now=NOW) is None


def test_summer_time_of_the_source_is_kept():
    assert read_date("2022-07-01 12:00", timezone="Europe/Berlin", now=NOW) == utc(2022, 7, 1, 10)
    assert read_date("2022-01-01 12:00", timezone="Europe/Berlin", now=NOW) == utc(2022, 1, 1, 11)


def test_dates_of_real_feeds_read_as_feedparser_reads_them():
    """Only well-formed dates: feedparser bends 31 June into July, and we say None."""
    import feedparser

    read, wrong = 0, {}
    for path in sorted(corpus("chardet").rglob("*.xml")) + sorted(corpus("fastfeedparser").rglob("*.xml")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = feedparser.parse(
                io.BytesIO(path.read_bytes()[:150_000]), sanitize_html=False, resolve_relative_uris=False
            )
        for entry in found.entries:
            for name in ("published", "updated"):
                if dict.__contains__(entry, name) and (parsed := entry.get(f"{name}_parsed")):
                    read += 1
                    when = read_date(entry[name], timezone="UTC", now=NOW)
                    if when is None or int(when.timestamp()) != calendar.timegm(parsed):
                        wrong[entry[name]] = when
    assert read > 1000
    assert len(wrong) <= read // 500, wrong
