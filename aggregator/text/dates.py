"""Dates as people and programs write them, to aware datetimes in UTC. Pure.

What is told apart, and how:

- A date without a zone is read in ``timezone``. A zone's name that means several is that of ``timezone``, where that
  bears it (``CST`` is China's in Asia/Shanghai), else the one that feeds mean most often.
- A date without a year (``2月25日``, ``07-03 12:30``, ``5 Nov``) is the last such day that is not after tomorrow; a
  time alone (``08:52``) the last such time, a weekday the last such day.
- ``02/03/2026``: a part above 12 is the day. Otherwise dots and hyphens mean day first (25.02.2026 is written where
  days come first); slashes mean month first beside AM/PM or in a zone of the United States, day first in any other
  zone but UTC, where nothing but a weekday beside them tells them apart: None. Without a year, and with a year of two
  digits, parts come as in the zone's country, in China and its neighbours from the greatest to the smallest.
- Two digits of a year are 1950 to 2049 (RFC 5322, section 4.3). Weekdays decide nothing else: many are wrong.
- Years before 1000 are what programs print for "no date": None. So are days that no calendar has.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from aggregator.text.date_clock import (
    CHINA,
    UNITED_STATES,
    Clock,
    clock_after,
    clock_before,
    offset,
    zone_after_day,
)
from aggregator.text.date_languages import month_named, told_span
from aggregator.text.date_relative import WEEKDAYS, told_against_now, told_by_all
from aggregator.text.date_shapes import (
    ASN1,
    COMPACT,
    LETTERS,
    MONTH_YEAR,
    NO_YEAR,
    NO_YEAR_NAMED,
    ORDINAL,
    SEARCHABLE,
    SHORT_YEAR,
    WEEK,
    WORDED,
    YEAR_MONTH,
)
from aggregator.text.date_words import MONTHS, digits
from aggregator.text.references import unescaped

FIRST_YEAR = 1000
LONGEST = 200  # characters of a field that is a date
_SEARCHED = 2000  # characters of a text that holds one
_EPOCH_LATEST = 4_102_444_800  # the year 2100, in seconds
_MOST_WORDS = 4  # that may be a month's name in some language, looked up in one text

_LATER = timedelta(days=8)  # past every weekday; later rather than earlier, so that `2月25日` keeps its year

_YEAR_FIRST = CHINA | {"Asia/Tokyo", "Asia/Seoul", "Japan", "ROK", "Asia/Ulaanbaatar"}
_MINGUO = frozenset({"Asia/Taipei", "ROC"})
_NOWHERE = frozenset({"UTC", "Etc/UTC", "GMT"})  # zones that tell nothing of a country

_WELL_FORMED = re.compile(r"[1-9]\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)")

_EPOCH = re.compile(r"@?(\d{9,10}|\d{12,13}|\d{16}|\d{19})(?:\.\d+)?|/Date\((-?\d{9,13})(?:[+-]\d{4})?\)/")
_COMMENT = re.compile(r"\([^()]*\)")  # RFC 5322, section 3.2.2
_HAS_HALF = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
_A_WORD = re.compile(rf"^,?\s*{LETTERS}{{3,14}}\.?,?(?=\s+\d{{1,2}}[:.h]\d{{2}})")  # a weekday in some language
_WEEKDAY = re.compile(r"(?<![^\W\d_])(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*)\b", re.IGNORECASE)


def read_date(text: str, *, timezone: str, now: datetime) -> datetime | None:
    """Return the instant that a field of dates tells, or None when it cannot be told.

    Reads RFC 5322 and ISO 8601 with the mistakes seen in the wild, epochs, the ways of pages in Chinese, Japanese,
    Korean, English and other languages, times relative to ``now``, and such a date with words around it. What has a
    date but no time is midnight.

    timezone: IANA name, for dates without an offset. now: aware.
    """
    if _WELL_FORMED.fullmatch(text):
        with suppress(ValueError, OverflowError):  # 24:00:00, a leap second, 31 June: see below
            when = datetime.fromisoformat(text).replace(microsecond=0).astimezone(UTC)
            return when if when.year >= FIRST_YEAR else None
    text = " ".join(digits(unescaped(text[: LONGEST + 1])).split()).strip("\"'“”")
    if not text or len(text) > LONGEST:
        return None
    zone = _zone(timezone)
    if (epoch := _EPOCH.fullmatch(text)) and not COMPACT.match(text):
        return _epoch(epoch)
    for pattern in (COMPACT, ASN1, ORDINAL, WEEK, YEAR_MONTH, MONTH_YEAR):
        if match := pattern.match(text):
            return _instant(match, text, zone, timezone, now)
    if found := _search(text, zone, timezone, now) or told_against_now(text, zone=zone, now=now):
        return found
    if any(_matches(text)):  # a date that no calendar has, which other readers would bend
        return None
    for part in (SHORT_YEAR, NO_YEAR):
        if match := part.match(text):
            return _instant(match, text, zone, timezone, now)
    if found := told_by_all(text, zone=zone, now=now):
        return found
    if found := _worded(text, (*WORDED, *NO_YEAR_NAMED), zone, timezone, now):
        return found
    bare = _COMMENT.sub(" ", _COMMENT.sub(" ", text))
    return _search(bare, zone, timezone, now) if bare != text else told_span(text, zone=zone, now=now)


def find_date(text: str, *, timezone: str, now: datetime) -> datetime | None:
    """Return the first date that stands somewhere in a text, or None when it holds none.

    Unlike read_date it takes no number, year or ``7-3`` for a date, since in running text they are something else.
    """
    text = " ".join(digits(text[:_SEARCHED]).split())
    zone = _zone(timezone)
    return (
        _search(text, zone, timezone, now)
        or told_against_now(text, zone=zone, now=now)
        or _worded(text, WORDED, zone, timezone, now)
    )


def moves_on(text: str, *, timezone: str, now: datetime) -> bool:
    """Return whether a field of dates will tell another day in a week: ``2小时前``, ``昨天``, ``08:52``, ``Monday``.

    timezone, now: as for ``read_date``.
    """
    return read_date(text, timezone=timezone, now=now) != read_date(text, timezone=timezone, now=now + _LATER)


def _epoch(match: re.Match[str]) -> datetime | None:
    """Seconds, or by the count of their digits milli-, micro- or nanoseconds."""
    figures = match[2] or match[1]
    number = int(figures)
    if match[2]:
        number //= 1000
    else:
        number //= {12: 10**3, 13: 10**3, 16: 10**6, 19: 10**9}.get(len(figures), 1)
    return datetime.fromtimestamp(number, UTC) if 0 <= number < _EPOCH_LATEST else None


def _search(text: str, zone: tzinfo, timezone: str, now: datetime) -> datetime | None:
    """The first date in a text that the calendar has."""
    if not any(character.isdigit() for character in text):
        return None
    for match in _matches(text):
        if (when := _instant(match, text, zone, timezone, now)) is not None:
            return when
    return None


def _matches(text: str) -> Iterator[re.Match[str]]:
    found = [match for pattern in SEARCHABLE for match in pattern.finditer(text)]
    yield from sorted(found, key=lambda match: (match.start(), -match.end()))


def _worded(
    text: str, patterns: tuple[re.Pattern[str], ...], zone: tzinfo, timezone: str, now: datetime
) -> datetime | None:
    """The first date whose month is a word in some language."""
    looked_up = 0
    for pattern in patterns:
        for match in pattern.finditer(text):
            looked_up += 1
            month = month_named(match["word"], timezone) if looked_up <= _MOST_WORDS else None
            if month is not None and (when := _instant(match, text, zone, timezone, now, month=month)) is not None:
                return when
    return None


def _instant(
    match: re.Match[str], text: str, zone: tzinfo, timezone: str, now: datetime, *, month: int | None = None
) -> datetime | None:
    """The instant of a date found in a text, with the time and the zone that stand beside it."""
    parts = match.groupdict()
    if month is not None:
        parts |= {"month": str(month), "day": parts["day"] or parts.get("day_first")}
        if parts["day"] is None:
            return None
    clock = _clock_of(parts, match, text, is_worded=month is not None)
    if clock.time is None:
        return None
    zone = offset(clock.zone, timezone) or zone
    try:
        day = _day(parts, text, timezone, now.astimezone(zone))
        when = None if day is None else (day.replace(tzinfo=zone) + clock.time).astimezone(UTC)
        return None if when is None or when.year < FIRST_YEAR else when
    except (ValueError, OverflowError):
        return None


def _clock_of(parts: dict[str, str | None], match: re.Match[str], text: str, *, is_worded: bool) -> Clock:
    """The time that stands in a date, behind it or before it; midnight where none does."""
    if inner := parts.get("time"):
        found = clock_after(inner)
        return Clock(time=found.time if found else None, zone=parts.get("zone") or "")
    after = text[match.end() :]
    return (
        clock_after(_A_WORD.sub("", after) if is_worded else after)
        or clock_before(text[: match.start()])
        or Clock(time=timedelta(0), zone=zone_after_day(after))
    )


def _day(parts: dict[str, str | None], text: str, timezone: str, now: datetime) -> datetime | None:
    """The day that a match names. Raises ValueError when the calendar has no such day."""
    if parts.get("three"):
        return _of_short_year(parts, text, timezone, now)
    year = _year(parts, timezone, now)
    if ordinal := parts.get("ordinal"):
        day = datetime(year or 0, 1, 1) + timedelta(days=int(ordinal) - 1)  # noqa: DTZ001  the zone comes with the time
        return day if day.year == year else None
    if week := parts.get("week"):
        return datetime.fromisocalendar(year or 0, int(week), int(parts["weekday"] or 1))
    if mark := parts.get("mark") or parts.get("dot"):
        one, two = int(parts["one"] or 0), int(parts.get("two") or parts.get("two_d") or 0)
        month_first = _is_month_first(one, two, year, mark, text, timezone)
        if month_first is None:
            return None
        month, day_of_month = (one, two) if month_first else (two, one)
    else:
        name = parts.get("month") or parts.get("month_cn") or "1"
        month, day_of_month = MONTHS.get(name.lower(), 0) or int(name), int(parts.get("day") or 1)
    return _latest(month, day_of_month, now) if year is None else datetime(year, month, day_of_month)  # noqa: DTZ001


def _year(parts: dict[str, str | None], timezone: str, now: datetime) -> int | None:
    """The year that a match names, or None when it names none."""
    if named := parts.get("named"):
        return now.year - {"今": 0, "去": 1, "昨": 1, "前": 2}[named[0]]
    if short := parts.get("short"):
        if len(short) == 3 or timezone in _MINGUO:
            return 1911 + int(short)
        return _century(int(short))
    figures = parts.get("year")
    if figures is None:
        return None
    if len(figures) == 2:
        return _century(int(figures))
    return int(figures) + (1900 if len(figures) == 3 else 0)  # RFC 5322, section 4.3: some print years since 1900


def _century(year: int) -> int:
    return year + (2000 if year < 50 else 1900)


def _is_month_first(one: int, two: int, year: int | None, mark: str, text: str, timezone: str) -> bool | None:
    if one > 12 or one == two:
        return False
    if two > 12:
        return True
    if year is None and (mark == "-" or timezone in _YEAR_FIRST):
        return True  # where lists of news write `07-03`, they are Chinese
    if mark != "/":
        return False
    if _is_american(text, timezone):
        return True
    if timezone not in _NOWHERE:
        return False
    return _order_by_weekday(one, two, year, text)


def _is_american(text: str, timezone: str) -> bool:
    return _HAS_HALF.search(text) is not None or timezone in UNITED_STATES or timezone.startswith("US/")


def _order_by_weekday(one: int, two: int, year: int | None, text: str) -> bool | None:
    """Whether the month comes first, where only one of the two days is the weekday that stands beside them."""
    named = _WEEKDAY.search(text)
    if year is None or named is None:
        return None
    wanted = WEEKDAYS.index(named[1].lower())
    fits = [datetime(year, month, day).weekday() == wanted for month, day in ((one, two), (two, one))]  # noqa: DTZ001
    return None if fits[0] == fits[1] else fits[0]


def _of_short_year(parts: dict[str, str | None], text: str, timezone: str, now: datetime) -> datetime | None:
    """The day of three numbers of which one is a year's last two digits, or a year of the Republic of China."""
    one, two, three = (int(parts[name] or 0) for name in ("one", "two", "three"))
    if len(parts["one"] or "") == 3:
        return datetime(1911 + one, two, three) if timezone in _MINGUO else None  # noqa: DTZ001
    orders = {"ymd": (one, two, three), "dmy": (three, two, one), "mdy": (three, one, two)}
    if timezone in _YEAR_FIRST:
        wanted = "ymd"
    elif _is_american(text, timezone):
        wanted = "mdy"
    elif parts["mark"] == "." or timezone not in _NOWHERE:
        wanted = "dmy"
    else:
        wanted = ""
    days = {order: day for order, each in orders.items() if (day := _possible(*each, now)) is not None}
    if wanted in days:
        return days[wanted]
    return next(iter(days.values())) if len(set(days.values())) == 1 else None


def _possible(year: int, month: int, day: int, now: datetime) -> datetime | None:
    with suppress(ValueError):
        found = datetime(_century(year), month, day)  # noqa: DTZ001
        return found if found.year <= now.year + 1 else None
    return None


def _latest(month: int, day: int, now: datetime) -> datetime | None:
    """The last such day that is not after tomorrow; of 29 February, within eight years."""
    for year in range(now.year + 1, now.year - 9, -1):
        with suppress(ValueError):
            found = datetime(year, month, day, tzinfo=now.tzinfo)
            if found <= now + timedelta(days=1):
                return found.replace(tzinfo=None)
    return None


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)
