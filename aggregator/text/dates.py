"""Dates as people and programs write them, to aware datetimes in UTC. Pure.

What is told apart, and how:

- A date without a zone is read in ``timezone``. ``CST`` is China's where ``timezone`` is, else North America's.
- A date without a year (``2月25日``, ``07-03 12:30``) is the last such day that is not after tomorrow.
- ``02/03/2026``: a part above 12 is the day. Otherwise dots and hyphens mean day first (25.02.2026 is written where
  days come first); slashes mean month first beside AM/PM or in a zone of the United States, day first in any other
  zone but UTC, where nothing tells them apart: None.
- Two digits of a year are 1950 to 2049 (RFC 5322, section 4.3). Weekdays are not looked at: many are wrong.
- Years before 1000 are what programs print for "no date": None. So are days that no calendar has.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed_zone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aggregator.text.date_words import CHINA, MONTHS, UNITED_STATES, ZONES, digits, from_words

LONGEST = 200  # characters of a field that is a date
_SEARCHED = 2000  # characters of a text that holds one
_EPOCH_LATEST = 4_102_444_800  # the year 2100, in seconds

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YMD = re.compile(
    r"(?<!\d)(?<!\d\.)(?P<year>\d{4})\s?(?:[-/]|[.年년]\s?)(?P<month>\d{1,2})\s?(?:[-/]|[.月월]\s?)(?P<day>\d{1,2})(?![\d%])"
    r"\s?[日号號일]?(?:\.(?=\s))?"
)
_DMY_NAMED = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?(?:\s+of)?[\s\-,/]*"
    rf"(?P<month>{_MONTH})\.?[\s\-,/]*'?(?P<year>\d{{2,4}})(?!\d|:)",
    re.IGNORECASE,
)
_MDY_NAMED = re.compile(
    rf"(?<![^\W\d_])(?P<month>{_MONTH})\.?[\s\-/]*"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-,/]+'?(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
_ASCTIME = re.compile(
    rf"(?<![^\W\d_])(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}}),?\s+(?P<time>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)"
    r"(?P<zone>\s+(?:[A-Za-z]{1,5}|(?:GMT|UTC)?[+-]\d{2}:?\d{2}))?\s+(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<![\d./-])(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4})(?![\d/])")
_MD = re.compile(r"(?<!\d)(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日号號일]")
_SEARCHABLE = (_YMD, _DMY_NAMED, _MDY_NAMED, _ASCTIME, _NUMERIC, _MD)

# Only where the whole text is the date
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?=$|[T\s]|\d{4}(?:\d{2})?$)")
_ORDINAL = re.compile(r"(?P<year>\d{4})-?(?P<ordinal>\d{3})(?=$|T)")
_WEEK = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d{2})-?(?P<weekday>[1-7])(?=$|T)")
_YEAR_MONTH = re.compile(r"(?P<year>(?:19|20)\d{2})(?:[-/.](?P<month>\d{2})|年(?P<month_cn>\d{1,2})月)?年?$")
_MD_BARE = re.compile(r"(?P<month>\d{1,2})-(?P<day>\d{1,2})(?=$|\s+\d{1,2}:\d{2})")

_COMMENT = re.compile(r"\([^()]*\)")  # RFC 5322, section 3.2.2

_HALVES = "上午|下午|早上|早晨|凌晨|中午|晚上|傍晚|夜间|午前|午後|오전|오후"
_TIME = re.compile(
    r"(?:T|[\s,;|·/()\[\]]|-\s|at\b|kl\.|um\b|@|星期[一二三四五六日天]|[周週][一二三四五六日]"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b\.?)*"
    rf"(?P<half>{_HALVES})?\s*"
    r"(?:(?P<hour>\d{1,2})\s*[:时時点點h시]\s*"
    r"(?:(?P<minute>\d{1,2})(?:\s*[:分분]\s*(?:(?P<second>\d{1,2})(?:[.,]\d+)?\s*[秒초]?)?)?)?"
    r"|(?P<hour_c>\d{2})(?P<minute_c>\d{2})(?:(?P<second_c>\d{2})(?:[.,]\d+)?)?(?!\d)"
    r"|(?P<hour_only>\d{1,2})(?=\s*(?:[ap]\.?m\b|z\b|[+-]\d{2}:?\d{2})))"
    r"\s*(?P<ampm>[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\s*\(?\s*(?:(?P<utc>z|utc?|gmt)?\s*(?P<sign>[+\-−])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d|:\d)"
    r"|(?P<area>[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?)"
    r"|(?P<name>[A-Za-z]{1,5})(?![A-Za-z]))",
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(
    r"(?<!\d)(\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b\.?)?)[\s,|·]*(?:[A-Za-z]{3,9},?\s+)?$", re.IGNORECASE
)


def read_date(text: str, *, timezone: str, now: datetime) -> datetime | None:
    """Return the instant that a field of dates tells, or None when it cannot be told.

    Reads RFC 5322 and ISO 8601 with the mistakes seen in the wild, epochs, the ways of Chinese, Japanese and Korean
    pages, times relative to ``now``, and such a date with words around it. What has a date but no time is midnight.

    timezone: IANA name, for dates without an offset. now: aware.
    """
    text = digits(text[: LONGEST + 1]).strip()
    if not text or len(text) > LONGEST:
        return None
    zone = _zone(timezone)
    if re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{13}", text):
        return _epoch(text)
    for pattern in (_COMPACT, _ORDINAL, _WEEK, _YEAR_MONTH, _MD_BARE):
        if match := pattern.match(text):
            return _instant(match, text, zone, timezone, now)
    if found := _search(text, zone, timezone, now) or _relative(text, zone, now):
        return found
    if any(_matches(text)):  # a date that no calendar has, which other readers would bend
        return None
    bare = _COMMENT.sub(" ", _COMMENT.sub(" ", text))
    return _search(bare, zone, timezone, now) if bare != text else from_words(text, zone=zone, now=now)


def find_date(text: str, *, timezone: str, now: datetime) -> datetime | None:
    """Return the first date that stands somewhere in a text, or None when it holds none.

    Unlike read_date it takes no number, year or ``7-3`` for a date, since in running text they are something else.
    """
    text = digits(text[:_SEARCHED]).strip()
    zone = _zone(timezone)
    return _search(text, zone, timezone, now) or _relative(text, zone, now)


def _epoch(text: str) -> datetime | None:
    seconds = float(text) / (1000 if len(text) == 13 and text.isdecimal() else 1)
    return datetime.fromtimestamp(seconds, UTC) if seconds < _EPOCH_LATEST else None


def _search(text: str, zone: tzinfo, timezone: str, now: datetime) -> datetime | None:
    """The first date in a text that the calendar has."""
    if not any(character.isdigit() for character in text):
        return None
    for match in _matches(text):
        if (when := _instant(match, text, zone, timezone, now)) is not None:
            return when
    return None


def _matches(text: str) -> Iterator[re.Match[str]]:
    found = [match for pattern in _SEARCHABLE for match in pattern.finditer(text)]
    yield from sorted(found, key=lambda match: (match.start(), -match.end()))


def _instant(match: re.Match[str], text: str, zone: tzinfo, timezone: str, now: datetime) -> datetime | None:
    """The instant of a date found in a text, with the time and the zone that stand beside it."""
    parts = match.groupdict()
    time, offset = _time(parts, match, text)
    if time is None:
        return None
    if (own := _offset(offset, timezone)) is not None:
        zone = own
    try:
        if parts.get("year") is None:
            day = _latest(int(parts["month"]), int(parts["day"]), now.astimezone(zone))
        else:
            day = _day(parts, timezone, has_half=bool(re.search(r"\d\s*[ap]\.?m\b", text, re.IGNORECASE)))
        if day is None or day.year < 1000:
            return None
        return (day.replace(tzinfo=zone) + time).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(parts: dict[str, str | None], timezone: str, *, has_half: bool) -> datetime | None:
    """The day that a match names. Raises ValueError when the calendar has no such day."""
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 50 else 1900
    elif len(parts["year"] or "") == 3:
        year += 1900  # RFC 5322, section 4.3: programs that print years since 1900
    if ordinal := parts.get("ordinal"):
        day = datetime(year, 1, 1) + timedelta(days=int(ordinal) - 1)  # noqa: DTZ001  the zone comes with the time
        return day if day.year == year else None
    if week := parts.get("week"):
        return datetime.fromisocalendar(year, int(week), int(parts["weekday"] or 1))
    if mark := parts.get("mark"):
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        month_first = _is_month_first(one, two, mark, timezone, has_half=has_half)
        if month_first is None:
            return None
        month, day_of_month = (one, two) if month_first else (two, one)
    else:
        name = parts.get("month") or parts.get("month_cn") or "1"
        month, day_of_month = MONTHS.get(name.lower(), 0) or int(name), int(parts.get("day") or 1)
    return datetime(year, month, day_of_month)  # noqa: DTZ001


def _is_month_first(one: int, two: int, mark: str, timezone: str, *, has_half: bool) -> bool | None:
    if one > 12 or one == two:
        return False
    if two > 12:
        return True
    if mark != "/":
        return False
    if has_half or timezone in UNITED_STATES or timezone.startswith("US/"):
        return True
    return None if timezone in {"UTC", "Etc/UTC", "GMT"} else False


def _latest(month: int, day: int, now: datetime) -> datetime | None:
    """The last such day that is not after tomorrow; of 29 February, within eight years."""
    for year in range(now.year + 1, now.year - 9, -1):
        with suppress(ValueError):
            found = datetime(year, month, day, tzinfo=now.tzinfo)
            if found <= now + timedelta(days=1):
                return found.replace(tzinfo=None)
    return None


def _time(parts: dict[str, str | None], match: re.Match[str], text: str) -> tuple[timedelta | None, str]:
    """The time beside a date (None: there is one that no clock shows) and what follows it, for the zone."""
    if inner := parts.get("time"):
        found = _TIME.match(inner)
        return (_clock(found) if found else None), parts.get("zone") or ""
    after = text[match.end() :]
    if found := _TIME.match(after):
        return _clock(found), after[found.end() :]
    if (before := _TIME_BEFORE.search(text[: match.start()])) and (found := _TIME.match(before[1])):
        return _clock(found), ""
    zone_at_once = re.match(r"\s?(?:Z|[+-]\d{2}:?\d{2})(?!\d|-)", after)  # 2003-12-31Z, 2003-12-31+08:00
    return timedelta(0), zone_at_once[0] if zone_at_once else ""


def _clock(match: re.Match[str]) -> timedelta | None:
    hour = int(match["hour"] or match["hour_c"] or match["hour_only"])
    minute = int(match["minute"] or match["minute_c"] or 0)
    second = int(match["second"] or match["second_c"] or 0)
    half, ampm = match["half"] or "", (match["ampm"] or "")[:1].lower()
    if (half in {"下午", "晚上", "傍晚", "午後", "오후"} or ampm == "p") and hour < 12:
        hour += 12
    elif half == "中午":
        hour += 12 if hour < 4 else 0
    elif hour == 12 and (ampm == "a" or half in {"上午", "凌晨", "午前", "오전"}):
        hour = 0
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))  # a leap second is the one before it


def _offset(text: str, timezone: str) -> tzinfo | None:
    """The zone that stands after a time, or None when none does that we know."""
    match = _ZONE.match(text)
    if match is None:
        return None
    if match["sign"]:
        hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
        if match["minutes"] is None and match["utc"] is None and len(match["hours"]) == 1:
            return None  # "- 3 comments"
        if hours > 15 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        return fixed_zone(offset if match["sign"] == "+" else -offset)
    if match["area"]:
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(match["area"])
        return None
    name = match["name"].upper()
    if name == "CST" and timezone in CHINA:
        return fixed_zone(timedelta(hours=8))
    return fixed_zone(timedelta(hours=ZONES[name])) if name in ZONES else None


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


_AGO = re.compile(
    r"(?P<count>\d+(?:\.\d+)?|半|an?|one|一|两|兩)\s*个?個?\s*"
    r"(?P<unit>秒钟?|秒鐘|分钟|分鐘|分|小时|小時|钟头|鐘頭|天|日|周|週|星期|礼拜|个?月|個月|年"
    r"|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)\s*(?:之?以?前|ago\b)",
    re.IGNORECASE,
)
_UNITS = (
    (("秒", "sec"), timedelta(seconds=1)),
    (("分", "min"), timedelta(minutes=1)),
    (("小", "钟", "鐘", "hour", "hr"), timedelta(hours=1)),
    (("天", "日", "day"), timedelta(days=1)),
    (("周", "週", "星", "礼", "week"), timedelta(weeks=1)),
    (("月", "个", "個", "month"), timedelta(days=30)),
    (("年", "year"), timedelta(days=365)),
)
_COUNTS = {"半": 0.5, "a": 1, "an": 1, "one": 1, "一": 1, "两": 2, "兩": 2}
_NOW = re.compile(r"刚刚|剛剛|刚才|剛才|just now|(?<!\w)now(?=\s*$)", re.IGNORECASE)
_NAMED_DAY = re.compile(r"(?P<day>今天|今日|昨天|昨日|前天|大前天|\btoday\b|\byesterday\b)", re.IGNORECASE)
_DAYS_BACK = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}


def _relative(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """What is told against now: ``2小时前``, ``昨天 12:30``, ``3 hours ago``. A named day alone is midnight."""
    if match := _AGO.search(text):
        count = match["count"].lower()
        unit = next((span for starts, span in _UNITS if match["unit"].lower().startswith(starts)), None)
        if unit is None:
            return None
        with suppress(OverflowError):
            return (now - unit * (_COUNTS.get(count) or float(count))).astimezone(UTC)
        return None
    if _NOW.search(text):
        return now.astimezone(UTC)
    if match := _NAMED_DAY.search(text):
        back = 3 if text[match.start() - 1 : match.end()] == "大前天" else _DAYS_BACK.get(match["day"].lower(), 3)
        midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        found = _TIME.match(text[match.end() :])
        time = _clock(found) if found else timedelta(0)
        if time is None:
            return None
        return (midnight - timedelta(days=back) + time).replace(tzinfo=zone).astimezone(UTC)
    return None
