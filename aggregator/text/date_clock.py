"""Times of day and zones, as they stand beside a date. Pure."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from datetime import timezone as fixed_zone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CHINA = frozenset(
    f"Asia/{city}" for city in ("Shanghai", "Chongqing", "Harbin", "Urumqi", "Taipei", "Hong_Kong", "Macau", "Macao")
) | {"PRC", "ROC", "Hongkong"}
UNITED_STATES = frozenset(
    f"America/{city}"
    for city in ("New_York", "Detroit", "Chicago", "Denver", "Boise", "Phoenix", "Los_Angeles", "Anchorage", "Juneau")
) | {"Pacific/Honolulu", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"}

# Hours from UTC. Names that mean several zones have the one that feeds mean most often, unless the source's own zone
# bears the name. Single letters but Z are military zones, which RFC 822 defined the wrong way round: UTC (RFC 5322,
# section 4.3).
_ZONES = {
    **dict.fromkeys("ABCDEFGHIKLMNOPQRSTUVWXYZ", 0.0),
    **dict.fromkeys(("UT", "UTC", "GMT", "WET"), 0.0),
    "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
    "BRT": -3, "BRST": -2, "ART": -3, "CLT": -4, "COT": -5, "PET": -5, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2,
    "MET": 1, "MEST": 2, "MEZ": 1, "MESZ": 2, "WAT": 1, "CAT": 2, "EAT": 3, "SAST": 2, "EET": 2, "EEST": 3, "TRT": 3,
    "MSK": 3, "MSD": 4, "IRST": 3.5, "GST": 4, "PKT": 5, "IST": 5.5, "NPT": 5.75, "ICT": 7, "WIB": 7, "WITA": 8,
    "WIT": 9, "HKT": 8, "SGT": 8, "MYT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
# Names that the places' own zones do not bear in the time zone database: (name, beginning of the zone) -> hours
_LOCAL_NAMES = {
    **{("CST", zone): 8.0 for zone in CHINA},
    ("BST", "Asia/Dhaka"): 6, ("AST", "Asia/Riyadh"): 3, ("AST", "Asia/Baghdad"): 3, ("AST", "Asia/Kuwait"): 3,
    ("AST", "Asia/Qatar"): 3, ("AST", "Asia/Bahrain"): 3, ("SST", "Asia/Singapore"): 8, ("WST", "Australia/Perth"): 8,
    ("EST", "Australia/Lindeman"): 10,
}  # fmt: skip
_WALL_CLOCKS = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
_LONG_NAMES = {
    "eastern": "EST", "central": "CST", "mountain": "MST", "pacific": "PST", "greenwich mean": "GMT",
    "coordinated universal": "UTC", "central european": "CET", "eastern european": "EET", "western european": "WET",
    "british": "BST", "india": "IST", "japan": "JST", "korea": "KST", "china": "+8", "moscow": "MSK",
    "australian eastern": "AEST", "australian western": "AWST",
}  # fmt: skip
_SUMMER = {"EST": "EDT", "CST": "CDT", "MST": "MDT", "PST": "PDT", "CET": "CEST", "EET": "EEST", "WET": "WEST"}

_HALVES = (
    "上午|下午|早上|早晨|清晨|凌晨|中午|晚上|傍晚|夜间|夜間|夜里|夜裡|深夜|午前|午後|夕方|오전|오후|早|晚|朝|夜"
    r"|[ap]\.?m\b\.?"
)
_LATE = frozenset({"下午", "傍晚", "午後", "夕方", "오후"})
_NIGHT = frozenset({"晚上", "夜间", "夜間", "夜里", "夜裡", "深夜", "晚", "夜"})
_EARLY = frozenset({"上午", "凌晨", "午前", "오전"})
_BETWEEN = (  # what may stand between a date and its time
    r"(?:T|[\s,;|·•/()\[\]、—–]|-\s|:\s|\.(?=[,\s])"
    r"|星期[一二三四五六日天]|[周週][一二三四五六日]|(?:礼拜|禮拜)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일"
    r"|(?<=\()[一二三四五六日天月火水木金土월화수목금토일](?=\))|(?<=\()[^\W\d_]{2,12}\.?(?=\))"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b\.?"
    r"|@|\b(?:at|um|kl|klo|klokken|à|às|as|as|a\slas?|alle|ore|ob|om|o|godz|в|у|о|г|року|saat|pukul|lúc|στις|την)\b\.?)*"
)
_TIME = re.compile(
    rf"(?P<between>{_BETWEEN})(?P<half>{_HALVES})?\s*"
    r"(?:(?P<hour>\d{1,2})\s*(?:[:时時点點h시](?!\s*前)|Uhr\b)\s*"
    r"(?:(?P<part>半|1刻|3刻)|(?P<minute>\d{1,2})(?:\s*[:分분]\s*(?:(?P<second>\d{1,2})(?:[.,]\d+|\.(?=Z))?\s*[秒초]?)?)?)?"
    r"|(?P<hour_p>\d{1,2})(?P<mark>[.-])(?P<minute_p>\d{2})(?:(?P=mark)(?P<second_p>\d{2}))?"
    r"(?=\s*(?:$|Uhr\b|[ap]\.?m\b|[(|,]|(?-i:[A-Z]{2,5})\b|[+]\d{2}))"
    r"|(?P<hour_c>\d{2})(?P<minute_c>\d{2})(?:(?P<second_c>\d{2})(?:[.,]\d+)?)?(?=\s*(?:$|[+\-−]\d|(?-i:[A-Z]{1,5})\b))"
    r"|(?P<hour_only>\d{1,2})(?=\s*(?:[ap]\.?m\b|z\b|[+-]\d{2}:?\d{2}))"
    r"|(?<=T)(?P<hour_t>\d{2})(?=\s*$))"
    r"\s*(?:Uhr\b|h\b|[时時点點]整?)?\s*(?P<ampm>[ap]\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(
    rf"(?<![\d:])((?:{_HALVES})?\s*\d{{1,2}}[:h]\d{{2}}(?::\d{{2}})?(?:\s*[ap]\.?m\b\.?)?)"
    r"(?P<zone>\s+(?-i:[A-Z]{2,4})|\s*[+-]\d{2}:?\d{2}|\s*Z)?(?:\s*Uhr)?"
    r"[\s,|·—–-]*(?:\b[A-Z][a-z]{2,8}\b\.?,?\s+|\bon\s+|\bam\s+)?$",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\s*\(?\s*(?:(?P<utc>z|utc?|gmt)?\s*(?P<sign>[+\-−–])[\s-]?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d|:\d)"
    r"|(?P<lost>(?:0\d|1[0-4]):?(?:00|30|45))\s*$"
    r"|\[?(?P<area>[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?)"
    rf"|(?P<long>{'|'.join(_LONG_NAMES)})(?:\s(?P<season>standard|daylight|summer))?\stime\b"
    r"|(?P<name>[A-Za-z]{1,5})(?![A-Za-z]))",
    re.IGNORECASE,
)
_ZONE_AT_ONCE = re.compile(r"\s?(?:Z\b|[+-]\d{2}:?\d{2}(?!\d|-))", re.IGNORECASE)  # 2003-12-31Z, 2003-12-31+08:00


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time of day as written. time: since midnight, None where no clock shows it. zone: what stands behind it."""

    time: timedelta | None
    zone: str = ""


def clock_after(text: str) -> Clock | None:
    """Return the time that stands at the beginning, behind what may stand between a date and it; None without one."""
    found = _TIME.match(text)
    if found is None:
        return None
    rest = text[found.end() :]
    return Clock(time=_since_midnight(found), zone="" if _is_span(found, rest) else rest)


def clock_before(text: str) -> Clock | None:
    """Return the time that stands at the end of what goes before a date; None without one."""
    before = _TIME_BEFORE.search(text[-60:])
    found = _TIME.match(before[1]) if before else None
    return Clock(time=_since_midnight(found), zone=before["zone"] or "") if before and found else None


def zone_after_day(text: str) -> str:
    """Return the zone that stands right behind a day that bears no time; empty without one."""
    found = _ZONE_AT_ONCE.match(text)
    return found[0] if found else ""


def offset(text: str, timezone: str) -> tzinfo | None:
    """Return the zone that stands at the beginning of what follows a time, or None when none does that we know.

    timezone: the source's own, which decides what a name means: ``CST`` is China's in Asia/Shanghai, ``IST`` Ireland's
    in Europe/Dublin.
    """
    match = _ZONE.match(text)
    if match is None:
        return None
    if match["sign"]:
        return _numeric(match)
    if match["lost"]:  # a plus that some program took for a space
        return fixed_zone(timedelta(hours=int(match["lost"][:2]), minutes=int(match["lost"][-2:])))
    if match["area"]:
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(match["area"])
        return None
    if match["long"]:
        name = _LONG_NAMES[match["long"].lower()]
        if name == "+8":
            return fixed_zone(timedelta(hours=8))
        name = name if (match["season"] or "standard").lower() == "standard" else _SUMMER.get(name, name)
        return fixed_zone(timedelta(hours=_ZONES[name]))
    name = match["name"].upper()
    if re.fullmatch("Z{1,3}", name):
        name = "Z"
    if name not in ("Z", "UT", "UTC", "GMT"):
        is_last = not text[match.end() :].strip(" )]")
        if not is_last and (len(name) == 1 or not match["name"].isupper()):
            return None  # `12:30 est arrivé`, `9:00 A new`
        if len(name) == 1 and not match["name"].isupper():
            return None
    return _named(name, timezone)


def _numeric(match: re.Match[str]) -> tzinfo | None:
    hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
    if match["minutes"] is None and match["utc"] is None and len(match["hours"]) == 1 and match["sign"] != "+":
        return None  # "- 3 comments"
    if hours > 15 or minutes > 59:
        return None
    east = timedelta(hours=hours, minutes=minutes)
    return fixed_zone(east if match["sign"] == "+" else -east)


@lru_cache(maxsize=256)
def _named(name: str, timezone: str) -> tzinfo | None:
    if (hours := _LOCAL_NAMES.get((name, timezone))) is not None:
        return fixed_zone(timedelta(hours=hours))
    if name not in ("UTC", "GMT", "Z") and timezone != "UTC":
        own = ZoneInfo(timezone)
        names = (name, f"A{name}") if timezone.startswith("Australia/") else (name,)
        for month in (1, 7):
            day = datetime(2020, month, 1, tzinfo=own)
            if day.tzname() in names and (east := day.utcoffset()) is not None:
                return fixed_zone(east)
    if name in _WALL_CLOCKS:
        return ZoneInfo(_WALL_CLOCKS[name])
    return fixed_zone(timedelta(hours=_ZONES[name])) if name in _ZONES else None


def _is_span(match: re.Match[str], rest: str) -> bool:
    """Tell whether what looks like an offset is the end of a span: ``10:00-12:00``."""
    end = re.match(r"-(\d{2}):(\d{2})(?!\d)", rest)
    if end is None or match["second"] or "T" in match["between"].upper() or match["hour"] is None:
        return False
    return (int(end[1]), int(end[2])) > (int(match["hour"]), int(match["minute"] or 0))


def _since_midnight(match: re.Match[str]) -> timedelta | None:
    hour = int(match["hour"] or match["hour_p"] or match["hour_c"] or match["hour_only"] or match["hour_t"])
    minute = int(match["minute"] or match["minute_p"] or match["minute_c"] or 0)
    second = int(match["second"] or match["second_p"] or match["second_c"] or 0)
    if match["part"]:
        minute = {"半": 30, "1刻": 15, "3刻": 45}[match["part"]]
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    hour = _of_day(hour, (match["half"] or "").lower(), (match["ampm"] or "").lower())
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))  # a leap second is the one before it


def _of_day(hour: int, half: str, ampm: str) -> int:
    """The hour from 0 to 24 that an hour of a half of the day is; the night's twelve is the end of its day."""
    if (half in _LATE or half.startswith("p") or ampm.startswith("p")) and hour < 12:
        return hour + 12
    if half in _NIGHT and 4 < hour <= 12:
        return hour + 12
    if half == "中午" and hour < 4:
        return hour + 12
    if hour == 12 and (half in _EARLY or half.startswith("a") or ampm.startswith("a")):
        return 0
    return hour
