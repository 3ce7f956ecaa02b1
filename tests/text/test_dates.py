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
        ("Thu, 5 Nov 2026 15:04:05 --0500", utc(2026, 11, 5, 20, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 &#43;0800", utc(2026, 11, 5, 7, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 UT", utc(2026, 11, 5, 15, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 A", utc(2026, 11, 5, 15, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 -0000", utc(2026, 11, 5, 15, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 GMT+8", utc(2026, 11, 5, 7, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 GMT+05:30", utc(2026, 11, 5, 9, 34, 5)),
        ("Thu, 5 Nov 2026 15:04:05 +0800 +0800", utc(2026, 11, 5, 7, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 GMT GMT", utc(2026, 11, 5, 15, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 +8", utc(2026, 11, 5, 7, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 +800", utc(2026, 11, 5, 7, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:05 0800", utc(2026, 11, 5, 7, 4, 5)),
        ("2026-11-05T15:04:05 08:00", utc(2026, 11, 5, 7, 4, 5)),
        ("Thu, 5 Nov 2026 3:04:05 PM EST", utc(2026, 11, 5, 20, 4, 5)),
        ("Nov 5, 2026 3:04 pm PST", utc(2026, 11, 5, 23, 4)),
        ("Nov. 5, 2026, 3:04 p.m. ET", utc(2026, 11, 5, 20, 4)),
        ("July 5, 2026, 3:04 p.m. ET", utc(2026, 7, 5, 19, 4)),
        ("3:04 PM EST, Nov 5, 2026", utc(2026, 11, 5, 20, 4)),
        ("15:04 GMT 5 Nov 2026", utc(2026, 11, 5, 15, 4)),
        ("Thu, 05 Nov 2026 15:04:05 Eastern Standard Time", utc(2026, 11, 5, 20, 4, 5)),
        ("Thu, 05 Nov 2026 15:04:05 Pacific Daylight Time", utc(2026, 11, 5, 22, 4, 5)),
        ("Thu, 05 Nov 2026 15:04:05 (UTC)", utc(2026, 11, 5, 15, 4, 5)),
        ("Fri, 5 Nov 2026 15:04:05 GMT", utc(2026, 11, 5, 15, 4, 5)),
        ("Thurs, 5 Novem 2026 15:4:5 GMT", utc(2026, 11, 5, 15, 4, 5)),
        ("Thursday, 05-Nov-26 15:04:05 GMT", utc(2026, 11, 5, 15, 4, 5)),
        ("Thu, 5 11 2026 15:04:05 GMT", utc(2026, 11, 5, 15, 4, 5)),
        ("Thu, 5 Nov 2026 15.04.05 GMT", utc(2026, 11, 5, 15, 4, 5)),
        ("Thu, 5 Nov 2026 15-04-05 GMT", utc(2026, 11, 5, 15, 4, 5)),
        ("Thu, 5 Nov 2026 15:04:60 GMT", utc(2026, 11, 5, 15, 4, 59)),
        ("2026-11-05t15:04:05z", utc(2026, 11, 5, 15, 4, 5)),
        ("2026-11-05T15:04:05,123Z", utc(2026, 11, 5, 15, 4, 5)),
        ("2026-11-05T15:04:05.Z", utc(2026, 11, 5, 15, 4, 5)),
        ("2026-11-05T15:04:05ZZ", utc(2026, 11, 5, 15, 4, 5)),
        ("2026-11-05T15:04:05\u221208:00", utc(2026, 11, 5, 23, 4, 5)),
        ("2026-11-05T15:04:05\u201308:00", utc(2026, 11, 5, 23, 4, 5)),
        ("2026-11-05T15:04:05[Europe/Berlin]", utc(2026, 11, 5, 14, 4, 5)),
        ("2026-11-05 15:04:05 +0000 UTC", utc(2026, 11, 5, 15, 4, 5)),
        ("20261105150405Z", utc(2026, 11, 5, 15, 4, 5)),
        ("20261105150405+0800", utc(2026, 11, 5, 7, 4, 5)),
        ("261105150405Z", utc(2026, 11, 5, 15, 4, 5)),
        ("D:20261105150405Z", utc(2026, 11, 5, 15, 4, 5)),
        ("2026-309T15:04:05Z", utc(2026, 11, 5, 15, 4, 5)),
        ("2026-W45-4T15:04:05Z", utc(2026, 11, 5, 15, 4, 5)),
        ("@1767225600", utc(2026, 1, 1)),
        ("1767225600.75", utc(2026, 1, 1)),
        ("1767225600000.0", utc(2026, 1, 1)),
        ("1767225600000000", utc(2026, 1, 1)),
        ("1767225600000000000", utc(2026, 1, 1)),
        ("/Date(1767225600000+0800)/", utc(2026, 1, 1)),
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
        ("2026-11-05&nbsp;08:52", (2026, 11, 5, 8, 52)),
        ("2026-W45", (2026, 11, 2)),
        ("Nov 2026", (2026, 11, 1)),
        ("2026-11-05T15", (2026, 11, 5, 15)),
        ("2026 Nov 5 15:04", (2026, 11, 5, 15, 4)),
        ("5th of November, 2026", (2026, 11, 5)),
        ("2026-11-05 10:00-12:00", (2026, 11, 5, 10)),
        ("2026-11-05 1234 views", (2026, 11, 5)),
        ("2026-11-05 - 3 comments", (2026, 11, 5)),
        ("2022年2月25日（金）15:05", (2022, 2, 25, 15, 5)),
        ("2022/2/25 PM 03:40", (2022, 2, 25, 15, 40)),
        ("2022.02.25 (금) 10:12", (2022, 2, 25, 10, 12)),
        ("2022年2月25日 晚8:05", (2022, 2, 25, 20, 5)),
        ("2022年2月25日凌晨1:05", (2022, 2, 25, 1, 5)),
        ("2022年2月25日中午1点", (2022, 2, 25, 13)),
        ("2022年2月25日 晚上12:30", (2022, 2, 26, 0, 30)),
        ("2022年2月25日 下午12:30", (2022, 2, 25, 12, 30)),
        ("2022年2月25日 9点半", (2022, 2, 25, 9, 30)),
        ("二零二二年十二月三十一日 上午九点四十分", (2022, 12, 31, 9, 40)),
        ("二OO八年八月八日", (2008, 8, 8)),
        ("二○二二年二月廿五日", (2022, 2, 25)),
        ("民國一一一年二月二十五日", (2022, 2, 25)),
        ("民国一百一十一年二月二十五日", (2022, 2, 25)),
        ("中華民國111年2月25日 下午3:05", (2022, 2, 25, 15, 5)),
        ("111年2月25日", (2022, 2, 25)),
        ("22年2月25日", (2022, 2, 25)),
        ("去年12月25日", (2025, 12, 25)),
        ("今年2月25日 08:52", (2026, 2, 25, 8, 52)),
        ("令和元年5月1日", (2019, 5, 1)),
        ("令和4年2月25日(金) 午後3時5分", (2022, 2, 25, 15, 5)),
        ("R4.2.25", (2022, 2, 25)),
        ("昭和64年1月7日", (1989, 1, 7)),
        ("5 พฤศจิกายน 2569", (2026, 11, 5)),
        ("٢٥ فبراير ٢٠٢٢", (2022, 2, 25)),
        ("Nov 5, 3:04 PM", (2026, 11, 5, 15, 4)),
        ("5 Nov", (2026, 11, 5)),
        ("24 December", (2025, 12, 24)),
        ("29 Feb", (2024, 2, 29)),
        ("7-3", (2026, 7, 3)),
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
        "--11-05",
        "202611",
        "44000",
        "12.30",
        "1.2.3",
        "0",
        "-1",
        "/Date(-62135596800000)/",
        "29 Feb 2025",
        "2026-02-29",
        "31 novembre 2026",
        "9999-12-31T23:59:59-01:00",
        "1000-01-01T00:00:00+08:00",
        "in 3 hours",
        "3小时后",
        "明天 10:00",
        "5 May was a good day",
        "12:30 est arrivé",
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


def test_weekday_tells_day_and_month_apart():
    assert read_date("Thu, 05/11/2026 15:04", timezone="UTC", now=NOW) == utc(2026, 11, 5, 15, 4)
    assert read_date("Monday 05/11/2026", timezone="UTC", now=NOW) == utc(2026, 5, 11)


@pytest.mark.parametrize(
    ("text", "timezone", "instant"),
    [
        ("7/3 12:30", "Asia/Shanghai", utc(2026, 7, 3, 4, 30)),
        ("7/3 12:30", "America/Chicago", utc(2026, 7, 3, 17, 30)),
        ("7/3 12:30", "Europe/Berlin", utc(2026, 3, 7, 11, 30)),
        ("7/3 12:30", "UTC", None),
        ("05/20 7:03 am", "UTC", utc(2026, 5, 20, 7, 3)),
        ("05.11., 15:04 Uhr", "Europe/Berlin", utc(2026, 11, 5, 14, 4)),
        ("22-02-25 09:40", "Asia/Shanghai", utc(2022, 2, 25, 1, 40)),
        ("05-11-26", "Europe/Amsterdam", utc(2026, 11, 4, 23)),
        ("05-11-26", "UTC", None),
        ("03-12-31", "UTC", utc(2003, 12, 31)),
        ("11/13/26", "UTC", utc(2026, 11, 13)),
        ("05/11/26", "America/New_York", utc(2026, 5, 11, 4)),
        ("05.11.26 15:04", "UTC", utc(2026, 11, 5, 15, 4)),
        ("111/02/25", "Asia/Taipei", utc(2022, 2, 24, 16)),
        ("111/02/25", "UTC", None),
        ("98年5月1日", "Asia/Taipei", utc(2009, 4, 30, 16)),
        ("98年5月1日", "Asia/Shanghai", utc(1998, 4, 30, 16)),
        ("5. listopada 2026", "Europe/Zagreb", utc(2026, 10, 4, 22)),
        ("5 listopada 2026", "Europe/Warsaw", utc(2026, 11, 4, 23)),
    ],
)
def test_order_of_the_parts_is_that_of_the_sources_place(text, timezone, instant):
    assert read_date(text, timezone=timezone, now=NOW) == instant


@pytest.mark.parametrize(
    ("name", "timezone", "hours"),
    [
        ("CST", "Asia/Shanghai", 8),
        ("CST", "Asia/Taipei", 8),
        ("CST", "Asia/Urumqi", 8),
        ("CST", "America/Chicago", -6),
        ("CST", "America/Havana", -5),
        ("CST", "Australia/Adelaide", 9.5),
        ("CST", "UTC", -6),
        ("CST", "Europe/Berlin", -6),
        ("IST", "Asia/Kolkata", 5.5),
        ("IST", "Europe/Dublin", 1),
        ("IST", "Asia/Jerusalem", 2),
        ("IST", "UTC", 5.5),
        ("BST", "Europe/London", 1),
        ("BST", "Asia/Dhaka", 6),
        ("EST", "Australia/Sydney", 10),
        ("EST", "UTC", -5),
        ("AST", "Asia/Riyadh", 3),
        ("AST", "UTC", -4),
        ("PST", "Asia/Manila", 8),
        ("PST", "UTC", -8),
        ("GMT", "Asia/Shanghai", 0),
        ("MESZ", "Europe/Berlin", 2),
    ],
)
def test_name_of_several_zones_is_that_of_the_source(name, timezone, hours):
    when = read_date(f"Fri, 25 Feb 2022 09:40:28 {name}", timezone=timezone, now=NOW)
    assert when == utc(2022, 2, 25, 9, 40, 28) - timedelta(hours=hours)


def test_first_date_in_a_text_is_found():
    text = "本报讯 记者昨天从市里获悉，2022年2月25日 09:40 起，大桥恢复通行；3月1日前后还将限行。"
    assert find_date(text, timezone="Asia/Shanghai", now=NOW) == utc(2022, 2, 25, 1, 40)


def test_numbers_in_a_text_are_no_dates():
    for text in (
        "共 2003 人，3-5 天",
        "电话 20031231",
        "1767225600",
        "比分 7-3 08:52",
        "1.2.3",
        "共120条评论",
        "3月前完成",
        "3일 전국 비",
        "Vol. 5 No. 11 2026",
        "25 people 2020",
        "Hier steht nichts",
        "On Monday at 10:00 it rained",
    ):
        assert find_date(text, timezone="Asia/Shanghai", now=NOW) is None


def test_summer_time_of_the_source_is_kept():
    assert read_date("2022-07-01 12:00", timezone="Europe/Berlin", now=NOW) == utc(2022, 7, 1, 10)
    assert read_date("2022-01-01 12:00", timezone="Europe/Berlin", now=NOW) == utc(2022, 1, 1, 11)


def test_hour_that_the_clock_leaves_out_or_shows_twice_is_read_as_before_the_change():
    assert read_date("2026-03-29 02:30", timezone="Europe/Berlin", now=NOW) == utc(2026, 3, 29, 1, 30)
    assert read_date("2026-10-25 02:30", timezone="Europe/Berlin", now=NOW) == utc(2026, 10, 25, 0, 30)


@pytest.mark.parametrize(
    "text",
    [
        "Veröffentlicht am 5. November 2026 von Max",
        "Publié le jeudi 5 novembre 2026 par Anne",
        "Publicado el 5 de noviembre de 2026",
        "Pubblicato il 5 novembre 2026",
        "Publicado em 5 de novembro de 2026",
        "Dodano: 5 listopada 2026",
        "Опубликовано 5 ноября 2026",
        "Δημοσιεύτηκε 5 Νοεμβρίου 2026",
        "Posted on the 5th of November, 2026",
    ],
)
def test_date_with_words_around_it_is_found_in_many_languages(text):
    for read in (read_date, find_date):
        assert read(text, timezone="UTC", now=NOW) == utc(2026, 11, 5)


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
