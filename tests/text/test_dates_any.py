"""What holds of every date, whatever is written."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.text.dates import find_date, read_date

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ZONES = st.sampled_from(
    ["UTC", "Asia/Shanghai", "America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney"]
)
PIECES = st.sampled_from(
    re.split(
        r"\s+",
        """2026 26 111 0 00 1 5 13 29 30 31 99 08:52 24:00 25:61 12.30 T Z z GMT CST EST +0800 -25:00 +8 a.m. PM Uhr
        à 年 月 日 号 时 分 秒 上午 下午 晚上 周三 星期 前 小时 个 半 天前 昨天 今天 民國 元年 令和 廿五 十一 百
        〇 ago hours yesterday last Monday Nov noviembre März ноября 5. / - . , : ( ) [ ] \u200f \ud800 \x00 ٢٥
        ２０２６ 전 오후 時間 /Date( W45 D: 一""",
    )
)
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=9).map("".join), st.lists(PIECES, max_size=9).map(" ".join)
)
INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2026, 11, 20)).map(lambda d: d.replace(microsecond=0))  # noqa: DTZ001
ABBREVIATED = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ACCORDING_TO_ZONE = (
    "{0:%Y-%m-%d %H:%M:%S}",
    "{0:%Y-%m-%dT%H:%M:%S}",
    "{0:%Y/%m/%d %H:%M:%S}",
    "{0:%Y%m%dT%H%M%S}",
    "{0:%Y%m%d%H%M%S}",
    "{0:%Y-%jT%H:%M:%S}",
    "{0:%G-W%V-%uT%H:%M:%S}",
    "{0:%d.%m.%Y %H:%M:%S}",
    "{0:%d-%m-%Y %H:%M:%S}",
    "{0.day} {1} {0:%Y %H:%M:%S}",
    "{1} {0.day}, {0:%Y %H:%M:%S}",
    "{0:%Y年%m月%d日 %H时%M分%S秒}",
    "{0.year}年{0.month}月{0.day}日 {0.hour}:{0:%M:%S}",
    "{0.year}년 {0.month}월 {0.day}일 {0:%H시 %M분 %S초}",
    "{0:%a} {1} {0.day:2} {0:%H:%M:%S %Y}",
    "{0:%Y-%m-%d %I:%M:%S %p}",
)


@settings(deadline=None, max_examples=400)
@given(TEXTS, ZONES)
def test_any_text_is_a_date_or_none(text, timezone):
    for read in (read_date, find_date):
        when = read(text, timezone=timezone, now=NOW)
        assert when is None or (when.tzinfo is UTC and when.year >= 1000)


@settings(deadline=None, max_examples=400)
@given(TEXTS, ZONES, ZONES)
def test_date_that_was_read_reads_as_itself(text, timezone, other):
    when = read_date(text, timezone=timezone, now=NOW)
    if when is not None:
        written = when.isoformat()
        assert read_date(written, timezone=other, now=NOW + timedelta(days=400)) == when.replace(microsecond=0)


@settings(deadline=None, max_examples=200)
@given(INSTANTS, st.integers(-12 * 4, 14 * 4), ZONES)
def test_date_with_an_offset_reads_as_it_was_written(local, quarters, timezone):
    offset = timedelta(minutes=15 * quarters)
    instant = local.replace(tzinfo=UTC) - offset
    sign = "-" if offset < timedelta(0) else "+"
    minutes = abs(15 * quarters)
    hhmm = f"{sign}{minutes // 60:02}{minutes % 60:02}"
    colon = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    month = ABBREVIATED[local.month - 1]
    for text in (
        f"{local.isoformat()}{colon}",
        f"{local.isoformat(' ')} {hhmm}",
        f"{local.isoformat()}.250{colon}",
        f"{local:%Y%m%dT%H%M%S}{hhmm}",
        f"{local.day:02} {month} {local.year} {local:%H:%M:%S} {hhmm}",
        f"Xyz, {local.day} {month} {local.year} {local:%H:%M:%S} GMT{colon}",
        f"{month} {local.day}, {local.year} {local:%I:%M:%S %p} {hhmm}",
        format_datetime(instant),
        str(int(instant.timestamp())) if instant.timestamp() >= 1e8 else instant.isoformat(),
        str(int(instant.timestamp() * 1000)) if instant.timestamp() >= 1e9 else instant.isoformat(),
    ):
        assert read_date(text, timezone=timezone, now=NOW) == instant, text


@settings(deadline=None, max_examples=200)
@given(INSTANTS, ZONES)
def test_date_without_an_offset_reads_in_the_zone_of_its_source(local, timezone):
    instant = local.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    for form in ACCORDING_TO_ZONE:
        text = form.format(local, ABBREVIATED[local.month - 1])
        assert read_date(text, timezone=timezone, now=NOW) == instant, text


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 525_000), ZONES)
def test_span_before_now_reads_as_it_was_written(minutes, timezone):
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    then = NOW - timedelta(minutes=minutes)
    for text in (
        f"{minutes} minutes ago",
        f"{minutes}分钟前",
        f"{days}天{hours}小时{left}分钟前",
        f"{days}d {hours}h {left}m ago",
    ):
        assert read_date(text, timezone=timezone, now=NOW) == then, text


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 23 * 60 + 59), ZONES)
def test_time_alone_lies_in_the_last_day(minute, timezone):
    when = read_date(f"{minute // 60:02}:{minute % 60:02}", timezone=timezone, now=NOW)
    assert when is not None
    assert timedelta(minutes=-10) <= NOW - when <= timedelta(days=1)
    assert when.astimezone(ZoneInfo(timezone)).strftime("%H:%M") == f"{minute // 60:02}:{minute % 60:02}"


@pytest.mark.parametrize(
    "piece", ["1小时", "1 day ", "1年", "an ", "5 word 2026 ", "2026-", "Mon, ", "(", "百", "12.12."]
)
def test_text_that_begins_a_date_again_and_again_is_given_up_soon(piece):
    """Two thousand characters of spans that never came to their end took longer than anybody waits."""
    started = process_time()
    for read in (read_date, find_date):
        read(piece * 2000, timezone="UTC", now=NOW)
        read(piece * (190 // len(piece)), timezone="UTC", now=NOW)
    assert process_time() - started < 5
