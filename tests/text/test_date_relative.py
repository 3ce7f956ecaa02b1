"""Dates that are told against the time of the poll."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.text.dates import read_date

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # Monday, 16:00 in Shanghai


def local(text: str) -> tuple[int, ...] | None:
    """What the text tells, on the clocks of Shanghai: day of November 2026, hour, minute."""
    when = read_date(text, timezone="Asia/Shanghai", now=NOW)
    if when is None:
        return None
    when += timedelta(hours=8)
    assert (when.year, when.month) == (2026, 11)
    return when.day, when.hour, when.minute


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("三小时前", timedelta(hours=3)),
        ("３小時前", timedelta(hours=3)),
        ("十二分鐘前", timedelta(minutes=12)),
        ("两天前", timedelta(days=2)),
        ("1個月前", timedelta(days=30)),
        ("1小时30分钟前", timedelta(minutes=90)),
        ("1天2小时前", timedelta(hours=26)),
        ("两个半小时前", timedelta(minutes=150)),
        ("半个月前", timedelta(days=15)),
        ("几分钟前", timedelta(minutes=3)),
        ("3時間前", timedelta(hours=3)),
        ("2週間前", timedelta(days=14)),
        ("3시간 전", timedelta(hours=3)),
        ("5분 전", timedelta(minutes=5)),
        ("2일전", timedelta(days=2)),
        ("たった今", timedelta(0)),
        ("방금 전", timedelta(0)),
        ("刚才", timedelta(0)),
        ("moments ago", timedelta(0)),
        ("3h ago", timedelta(hours=3)),
        ("5m ago", timedelta(minutes=5)),
        ("2w ago", timedelta(days=14)),
        ("about an hour ago", timedelta(hours=1)),
        ("a few minutes ago", timedelta(minutes=3)),
        ("a couple of days ago", timedelta(days=2)),
        ("1 hour, 5 minutes ago", timedelta(minutes=65)),
        ("1 hour and 5 minutes ago", timedelta(minutes=65)),
        ("vor 3 Stunden", timedelta(hours=3)),
        ("vor einer Stunde", timedelta(hours=1)),
        ("vor 5 Min.", timedelta(minutes=5)),
        ("il y a 3 heures", timedelta(hours=3)),
        ("il y a une heure", timedelta(hours=1)),
        ("hace una hora", timedelta(hours=1)),
        ("há 3 horas", timedelta(hours=3)),
        ("3 ore fa", timedelta(hours=3)),
        ("3 uur geleden", timedelta(hours=3)),
        ("3 godziny temu", timedelta(hours=3)),
        ("3 часа назад", timedelta(hours=3)),
        ("час назад", timedelta(hours=1)),
        ("3 години тому", timedelta(hours=3)),
        ("3 saat önce", timedelta(hours=3)),
        ("för 3 timmar sedan", timedelta(hours=3)),
        ("for 3 timer siden", timedelta(hours=3)),
        ("3 tuntia sitten", timedelta(hours=3)),
        ("před 3 hodinami", timedelta(hours=3)),
        ("3 órája", timedelta(hours=3)),
        ("πριν από 3 ώρες", timedelta(hours=3)),
        ("acum 3 ore", timedelta(hours=3)),
        ("3 jam yang lalu", timedelta(hours=3)),
        ("לפני 3 שעות", timedelta(hours=3)),
    ],
)
def test_span_before_now(text, ago):
    assert read_date(text, timezone="Asia/Shanghai", now=NOW) == NOW - ago
    assert read_date(text, timezone="America/Chicago", now=NOW) == NOW - ago


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("今天08:52", (23, 8, 52)),
        ("今晨 6:10", (23, 6, 10)),
        ("昨晚 8:05", (22, 20, 5)),
        ("昨天 12:30", (22, 12, 30)),
        ("前天 10:00", (21, 10)),
        ("大前天", (20,)),
        ("3天前 10:20", (20, 10, 20)),
        ("昨日 15:05", (22, 15, 5)),
        ("一昨日", (21,)),
        ("어제", (22,)),
        ("오늘 08:52", (23, 8, 52)),
        ("Today 3:04 PM", (23, 15, 4)),
        ("Yesterday, 15:04", (22, 15, 4)),
        ("heute, 15:04", (23, 15, 4)),
        ("gestern", (22,)),
        ("gestern um 15:04 Uhr", (22, 15, 4)),
        ("vorgestern", (21,)),
        ("hier à 15h04", (22, 15, 4)),
        ("aujourd’hui à 15:04", (23, 15, 4)),
        ("ayer a las 15:04", (22, 15, 4)),
        ("hoy", (23,)),
        ("oggi alle 15:04", (23, 15, 4)),
        ("ontem às 15:04", (22, 15, 4)),
        ("gisteren", (22,)),
        ("wczoraj, 15:04", (22, 15, 4)),
        ("вчера в 15:04", (22, 15, 4)),
        ("сьогодні о 15:04", (23, 15, 4)),
        ("dün 15:04", (22, 15, 4)),
        ("igår 15:04", (22, 15, 4)),
        ("i dag kl. 15.04", (23, 15, 4)),
        ("eilen", (22,)),
        ("včera 15:04", (22, 15, 4)),
        ("tegnap", (22,)),
        ("χθες", (22,)),
        ("ieri, 15:04", (22, 15, 4)),
    ],
)
def test_named_day_is_that_day_at_the_source(text, parts):
    assert local(text) == (*parts, 0, 0)[:3]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("周三 10:30", (18, 10, 30)),
        ("星期一 08:52", (23, 8, 52)),
        ("星期一 18:52", (16, 18, 52)),
        ("礼拜二", (17,)),
        ("週日", (22,)),
        ("上周五", (20,)),
        ("上上周五", (13,)),
        ("本周一", (23,)),
        ("金曜日", (20,)),
        ("금요일 10:30", (20, 10, 30)),
        ("Monday, 3:04 PM", (23, 15, 4)),
        ("Mon 18:04", (16, 18, 4)),
        ("on Friday", (20,)),
        ("last Monday", (16,)),
        ("last Friday", (20,)),
    ],
)
def test_weekday_is_the_last_one_that_was(text, parts):
    assert local(text) == (*parts, 0, 0)[:3]


def test_time_alone_is_the_last_such_time_at_the_source():
    assert local("08:52") == (23, 8, 52)
    assert local("８：５２") == (23, 8, 52)
    assert local("下午3:05") == (23, 15, 5)
    assert local("3:05 pm") == (23, 15, 5)
    assert local("23:58") == (22, 23, 58)


def test_time_of_a_named_day_may_name_its_zone():
    assert local("today 03:04 GMT") == (23, 11, 4)
    assert local("yesterday at 3:04 pm EST") == (23, 4, 4)
    assert local("03:04 GMT") == (23, 11, 4)
    assert local("15:04 Thu") is None


def test_clock_of_a_site_may_be_minutes_ahead_of_ours():
    assert local("16:05") == (23, 16, 5)
    assert local("16:15") == (22, 16, 15)


def test_summer_time_counts_for_the_day_that_is_told():
    now = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)  # the clocks of Berlin changed this morning
    assert read_date("gestern, 12:00", timezone="Europe/Berlin", now=now) == datetime(2026, 3, 28, 11, tzinfo=UTC)
    assert read_date("heute, 12:00", timezone="Europe/Berlin", now=now) == datetime(2026, 3, 29, 10, tzinfo=UTC)
