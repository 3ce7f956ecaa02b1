"""The words that dates are made of: months, zones, numerals, and other languages. Pure."""

import re
import unicodedata
from datetime import UTC, datetime, tzinfo

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}

# Hours from UTC. Names that mean several zones have the one that feeds mean most often. Single letters but Z are
# military zones, which RFC 822 defined the wrong way round: UTC (RFC 5322, section 4.3).
ZONES = {
    **dict.fromkeys("ABCDEFGHIKLMNOPQRSTUVWXYZ", 0.0),
    **dict.fromkeys(("UT", "UTC", "GMT", "WET"), 0.0),
    "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "ET": -5, "CST": -6, "CDT": -5, "CT": -6,
    "MST": -7, "MDT": -6, "MT": -7, "PST": -8, "PDT": -7, "PT": -8, "AKST": -9, "AKDT": -8, "HST": -10,
    "BRT": -3, "ART": -3, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2,
    "EEST": 3, "SAST": 2, "MSK": 3, "MSD": 4, "IST": 5.5, "PKT": 5, "ICT": 7, "WIB": 7, "HKT": 8, "SGT": 8, "PHT": 8,
    "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
CHINA = frozenset(
    f"Asia/{city}" for city in ("Shanghai", "Chongqing", "Harbin", "Urumqi", "Taipei", "Hong_Kong", "Macau", "Macao")
) | {"PRC", "ROC", "Hongkong"}
UNITED_STATES = frozenset(
    f"America/{city}"
    for city in ("New_York", "Detroit", "Chicago", "Denver", "Boise", "Phoenix", "Los_Angeles", "Anchorage", "Juneau")
) | {"Pacific/Honolulu", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"}

_NUMERALS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_YEAR_OF_NUMERALS = re.compile(f"[{''.join(_NUMERALS)}]{{4}}(?=\\s?年)")
_NUMBER_OF_NUMERALS = re.compile(
    "(?<![一二三四五六七八九十廿])(?:[一二三四五]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[〇零一二三四五六七八九]{1,2})"
    "(?=\\s?[月日号號时時点點分秒])"
)
_ERA = re.compile(r"(?P<era>民[國国]|中[華华]民[國国]|令和|平成|昭和)\s?(?P<year>\d{1,3}|元)\s?年")
_ERA_BEGINS = {"民": 1911, "中": 1911, "令": 2018, "平": 1988, "昭": 1925}

# What a date in another language may look like: short, a number, and letters. Each script has its languages, since
# trying all that there are takes a tenth of a second.
_GATE = re.compile(r"(?=.*\d)(?=.*[^\W\d_]{2,}).{5,60}", re.DOTALL)
_LANGUAGES = (
    (re.compile("[а-яё]", re.IGNORECASE), ("ru", "uk", "bg")),
    (re.compile("[α-ω]", re.IGNORECASE), ("el",)),
    (re.compile("[א-ת]"), ("he",)),
    (re.compile("[ء-ي]"), ("ar", "fa")),
    (re.compile("[가-힣]"), ("ko",)),
    (re.compile("[ぁ-ヿ]"), ("ja",)),
    (re.compile("[ก-๛]"), ("th",)),
    (re.compile("[一-鿿]"), ("zh",)),
    (
        re.compile("[a-z]", re.IGNORECASE),
        ("en", "fr", "de", "es", "pt", "it", "nl", "pl", "cs", "sv", "da", "nb", "fi", "tr", "hu", "ro", "id", "vi"),
    ),
)


def digits(text: str) -> str:
    """Return the text with every digit of a date as ASCII: full-width ones, Chinese numerals, years of an era."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text).replace("\u200e", "").replace("\u200f", "")
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    text = _YEAR_OF_NUMERALS.sub(lambda match: "".join(str(_NUMERALS[c]) for c in match[0]), text)
    if "月" in text or "点" in text or "點" in text:
        text = _NUMBER_OF_NUMERALS.sub(lambda match: str(_number(match[0])), text)
    return _ERA.sub(
        lambda match: f"{_ERA_BEGINS[match['era'][0]] + (1 if match['year'] == '元' else int(match['year']))}年", text
    )


def _number(numerals: str) -> int:
    """The number below 100 that Chinese numerals say: 三, 十二, 二十五, 廿五."""
    tens, ten, ones = numerals.replace("廿", "二十").partition("十")
    if not ten:
        return int("".join(str(_NUMERALS[c]) for c in tens))
    return (_NUMERALS[tens[-1]] if tens else 1) * 10 + (_NUMERALS[ones[-1]] if ones else 0)


def from_words(text: str, *, zone: tzinfo, now: datetime) -> datetime | None:
    """Return what a short date in one of many languages says, or None.

    A day, a month and a year must be there, or a span before now (``hace 3 horas``).
    """
    if not _GATE.fullmatch(text):
        return None
    languages = next((found for script, found in _LANGUAGES if script.search(text)), None)
    if languages is None:
        return None
    from dateparser.date import DateDataParser  # a tenth of a second, and rarely needed

    parser = DateDataParser(
        languages=list(languages),
        settings={
            "RELATIVE_BASE": now.astimezone(zone).replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "STRICT_PARSING": True,
            "PARSERS": ["absolute-time" if re.search(r"\d{4}", text) else "relative-time"],
        },
    )
    when: datetime | None = parser.get_date_data(text).date_obj
    if when is None:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)
