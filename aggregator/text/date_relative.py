"""Dates that are told against the time of reading: ``2小时前``, ``昨天 12:30``, ``last Monday``. Pure."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo

from aggregator.text.date_clock import clock_after, offset

AHEAD = timedelta(minutes=10)  # so much later than ours may a site's clock be

_COUNT = r"(?<!\d)\d+(?:\.\d+)?|半|[几幾数數]|\b(?:a\s(?:few|couple(?:\sof)?)|an?|one|two|few|several)\b"
_UNIT = (
    r"秒[钟鐘]?|分[钟鐘間]?|小[时時]|時間|[钟鐘][头頭]|天|日|周間?|週間?|星期|礼拜|禮拜|[个個箇ヶか]月間?|年間?"
    r"|초|분|시간|일|주일?|개월|달|년"
    r"|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|[smhdwy](?![a-z])"
)
_ONE = rf"(?:{_COUNT})\s*[个個]?半?(?:{_UNIT})\s*半?"
_AGO = re.compile(
    rf"(?<![A-Za-z\d.])(?P<spans>(?:{_ONE}(?:[\s,、]*(?:and\s+|[又零])?)){{1,4}})(?:之?以?前(?!後|后)|전(?![가-힣])|ago\b)",
    re.IGNORECASE,
)
_SPAN = re.compile(rf"(?P<count>{_COUNT})\s*[个個]?(?P<half>半?)(?P<unit>{_UNIT})\s*(?P<more>半?)", re.IGNORECASE)
_UNITS = (
    (("秒", "s", "초"), timedelta(seconds=1)),
    (("分", "min", "분"), timedelta(minutes=1)),
    (("小", "时", "時", "钟", "鐘", "h", "시"), timedelta(hours=1)),
    (("天", "日", "d", "일"), timedelta(days=1)),
    (("周", "週", "星", "礼", "禮", "w", "주"), timedelta(weeks=1)),
    (("月", "个", "個", "箇", "ヶ", "か", "month", "개", "달"), timedelta(days=30)),
    (("年", "y", "년"), timedelta(days=365)),
    (("m",), timedelta(minutes=1)),
)
_COUNTS = {"半": 0.5, "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "a couple": 2.0, "a couple of": 2.0}
_FEW = 3.0
_NOW = re.compile(
    r"刚刚|剛剛|刚才|剛才|たった今|방금(?:\s?전)?|just now|moments ago|(?<!\w)now(?=\s*$)|几秒前|幾秒前", re.IGNORECASE
)

# By how many days back; `hier`, `ma` and `i dag` are other words elsewhere, so of these only a whole text is a date.
_DAYS = {
    0: "今天 今日 今早 今晨 今晚 오늘 today",
    1: "昨天 昨日 昨晚 昨夜 어제 yesterday",
    2: "前天 前日 一昨日 おととい 그저께 그제",
    3: "大前天",
}
_DAYS_ELSEWHERE = {
    0: "heute|aujourd['’]hui|hoy|oggi|hoje|vandaag|dzisiaj|dziś|dzis|сегодня|сьогодні|днес|bugün|i ?dag|tänään|dnes"
    "|danes|danas|ma|σήμερα|azi|astăzi|avui|hari ini|hôm nay|היום|اليوم|امروز|วันนี้|आज",
    1: "gestern|hier|ayer|ieri|ontem|gisteren|wczoraj|вчера|вчора|dün|i ?går|eilen|včera|včeraj|jučer|juče|tegnap|χθες"
    "|χτες|ahir|kemarin|hôm qua|אתמול|أمس|امس|دیروز|เมื่อวาน(?:นี้)?",
    2: "vorgestern|avant-hier|anteayer|antier|l['’]altro ieri|anteontem|eergisteren|przedwczoraj|позавчера|позавчора"
    "|evvelsi gün|i förrgår|i forgårs|toissapäivänä|předevčírem|tegnapelőtt|προχθές|alaltăieri|prekjučer",
}
_BACK = {word: back for back, words in _DAYS.items() for word in words.split()}
_NAMED_DAY = re.compile(
    "|".join(rf"\b{word}\b" if word.isascii() else word for word in sorted(_BACK, key=len, reverse=True)), re.IGNORECASE
)
_ELSEWHERE = re.compile(
    rf"(?:{'|'.join(f'(?P<back{back}>{words})' for back, words in _DAYS_ELSEWHERE.items())})(?!\w)", re.IGNORECASE
)
_OF_THE_DAY = {"今早": "早", "今晨": "凌晨", "今晚": "晚", "昨晚": "晚", "昨夜": "晚"}

_HAS_TIME = re.compile(r"\d\s?[:时時点點시]|\dh\d|\d\s?[ap]\.?m\b", re.IGNORECASE)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    r"(?P<which>上上|上[个個]?|本|[这這][个個]?|last\s+|this\s+)?(?:on\s+)?(?:"
    r"(?:星期|[周週]|礼拜|禮拜)(?P<chinese>[一二三四五六日天])"
    r"|(?P<japanese>[月火水木金土日])曜日?|(?P<korean>[월화수목금토일])요일"
    r"|(?P<english>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rsday|r|rs|urday|nes)?\b\.?)",
    re.IGNORECASE,
)


def told_against_now(text: str, *, zone: tzinfo, now: datetime) -> datetime | None:
    """Return what a text somewhere in it tells against now, or None. A named day alone is midnight."""
    if match := _AGO.search(text):
        return _before(match, text, zone, now)
    if _NOW.search(text):
        return now.astimezone(UTC)
    if match := _NAMED_DAY.search(text):
        word = match[0].lower()
        return _at(_BACK[word], _OF_THE_DAY.get(word, "") + text[match.end() :].lstrip(), zone, now)
    return None


def told_by_all(text: str, *, zone: tzinfo, now: datetime) -> datetime | None:
    """Return what a whole text tells against now by a time, a weekday or a day's name in any language, or None.

    A time alone (``08:52``) is the last such time, a weekday the last such day; ``last Monday`` is before today, and
    ``上周五`` in the week before this one.
    """
    if match := _ELSEWHERE.match(text):
        back = next(back for back in _DAYS_ELSEWHERE if match[f"back{back}"])
        return _at(back, text[match.end() :], zone, now) if _is_time_or_nothing(text[match.end() :]) else None
    if match := _WEEKDAY.match(text):
        return _weekday(match, text[match.end() :], zone, now) if _is_time_or_nothing(text[match.end() :]) else None
    if not _HAS_TIME.search(text):
        return None
    clock = clock_after(text)
    if clock is None or clock.time is None or not _is_time_or_nothing(text):
        return None
    found = _at(0, text, zone, now)
    return _at(1, text, zone, now) if found is not None and found > now + AHEAD else found


def _is_time_or_nothing(text: str) -> bool:
    """Tell whether a text is a time of day and no more, or nothing at all."""
    rest = text.strip(" ,.;|()\t\n")
    if not rest:
        return True
    clock = clock_after(text)
    return clock is not None and (not clock.zone.strip(" .,;|()") or offset(clock.zone, "UTC") is not None)


def _at(back: int, after: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The time that stands behind a day's name, on the day so many days back; midnight where none stands there."""
    clock = clock_after(after)
    time = clock.time if clock else timedelta(0)
    zone = (clock and offset(clock.zone, str(zone))) or zone
    return None if time is None else _on(_midnight(zone, now) - timedelta(days=back), time, zone)


def _midnight(zone: tzinfo, now: datetime) -> datetime:
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def _on(day: datetime, time: timedelta, zone: tzinfo) -> datetime | None:
    with suppress(OverflowError, ValueError):
        return (day.replace(tzinfo=zone) + time).astimezone(UTC)
    return None


def _before(match: re.Match[str], text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """Now without all the spans (``1小时30分钟前``); with a time behind days (``3天前 10:20``), that time then."""
    total, smallest = timedelta(0), timedelta.max
    try:
        for span in _SPAN.finditer(match["spans"]):
            unit = _unit(span)
            count = " ".join(span["count"].lower().split())
            number = float(count) if count[0].isdigit() else _COUNTS.get(count, _FEW)
            total += unit * (number + (0.5 if span["half"] or span["more"] else 0))
            smallest = min(smallest, unit)
        if smallest >= timedelta(days=1) and (clock := clock_after(text[match.end() :])) and clock.time is not None:
            return _on(_midnight(zone, now) - timedelta(days=total.days), clock.time, zone)
        return (now - total).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _unit(span: re.Match[str]) -> timedelta:
    word = span["unit"].lower()
    return next(unit for starts, unit in _UNITS if word.startswith(starts))


def _weekday(match: re.Match[str], after: str, zone: tzinfo, now: datetime) -> datetime | None:
    if match["english"]:
        wanted = WEEKDAYS.index(match["english"].lower())
    else:
        letters = {"chinese": "一二三四五六日", "japanese": "月火水木金土日", "korean": "월화수목금토일"}
        name = next(name for name in letters if match[name])
        wanted = letters[name].index(match[name].replace("天", "日"))
    today = _midnight(zone, now).weekday()
    which = (match["which"] or "").lower().strip()
    if which[:1] in ("上", "本", "这", "這"):  # weeks of the calendar, from Monday on
        return _at(today - wanted + 7 * which.count("上"), after, zone, now)
    back = (today - wanted) % 7
    if back == 0 and which == "last":
        back = 7
    found = _at(back, after, zone, now)
    return _at(back + 7, after, zone, now) if found is not None and found > now + AHEAD else found
