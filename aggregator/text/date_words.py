"""The words and figures that dates are made of: months, eras, numerals. Pure."""

import re
import unicodedata

MONTHS = {
    name[:length]: number
    for number, name in enumerate(
        (
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ),
        start=1,
    )
    for length in range(3, len(name) + 1)  # `Sept`, `Novem`: wherever somebody stopped
}

_NUMERALS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    **dict.fromkeys("零○", 0),
    **dict.fromkeys("两兩", 2),
}
_TENS = {"十": "十", "廿": "二十", "卅": "三十"}
_DIGIT = f"[{''.join(_NUMERALS)}]"
# What counts something in a date: a numeral before anything else is a word. 〇 is written as a letter too.
_COUNTED = (
    r"(?=\s?(?:[年月日号號时時点點分刻秒天周週]|[个個]半?[月小钟鐘]|[个個]?(?:小[时時]|[钟鐘][头頭]|星期|礼拜|禮拜)))"
)
_YEAR_OF_NUMERALS = re.compile(f"(?:{_DIGIT}|[OoＯ]){{4}}(?=\\s?年)")
_NUMBER_OF_NUMERALS = re.compile(
    f"(?<![周週期拜])(?<!{_DIGIT})(?:(?:{_DIGIT}百)?零?(?:{_DIGIT}?十{_DIGIT}?|[廿卅]{_DIGIT}?)|{_DIGIT}百(?:零?{_DIGIT})?|"
    f"{_DIGIT}{{1,3}}){_COUNTED}"
)

_ERA = re.compile(r"(?P<era>中[華华]民[國国]|民[國国]|令和|平成|昭和|大正)\s?(?P<year>\d{1,3}|元)\s?年")
_ERA_BEGINS = {"民": 1911, "中": 1911, "令": 2018, "平": 1988, "昭": 1925, "大": 1911}
_ERA_SHORT = re.compile(r"(?P<era>[RHS])(?P<year>\d{1,2})(?P<mark>[./-])(?=\d{1,2}(?P=mark)\d{1,2}(?!\d))")
_ERA_SHORT_BEGINS = {"R": 2018, "H": 1988, "S": 1925}
_THAI = re.compile("[\u0e01-\u0e4e]")
_BUDDHIST = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")


def digits(text: str) -> str:
    """Return the text with every figure of a date as ASCII and every year as of our era.

    Full-width and other scripts' digits, Chinese numerals (``廿五日``, ``三小时``), years of an era (民國111年,
    令和4年, พ.ศ. 2569).
    """
    if text.isascii():
        return _ERA_SHORT.sub(_of_short_era, text) if text[:1] in _ERA_SHORT_BEGINS else text
    text = unicodedata.normalize("NFKC", text).replace("\u200e", "").replace("\u200f", "")
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    text = _YEAR_OF_NUMERALS.sub(lambda match: "".join(str(_NUMERALS.get(c, 0)) for c in match[0]), text)
    text = _NUMBER_OF_NUMERALS.sub(lambda match: str(_number(match[0])), text)
    if _THAI.search(text):
        text = _BUDDHIST.sub(lambda match: str(int(match[0]) - 543), text)
    return _ERA.sub(
        lambda match: f"{_ERA_BEGINS[match['era'][0]] + (1 if match['year'] == '元' else int(match['year']))}年", text
    )


def _of_short_era(match: re.Match[str]) -> str:
    return f"{_ERA_SHORT_BEGINS[match['era']] + int(match['year'])}{match['mark']}"


def _number(numerals: str) -> int:
    """The number below 1000 that Chinese numerals say: 三, 十二, 二十五, 廿五, 一百一十一, 一一一."""
    for short, long in _TENS.items():
        numerals = numerals.replace(short, long)
    hundreds, hundred, rest = numerals.rpartition("百")
    tens, ten, ones = rest.partition("十")
    if not hundred and not ten:
        return int("".join(str(_NUMERALS[c]) for c in numerals))
    value = 100 * _NUMERALS[hundreds[-1]] if hundred else 0
    if ten:
        value += 10 * (_NUMERALS[tens[-1]] or 1) if tens else 10
    ones = ones if ten else rest
    return value + (_NUMERALS[ones[-1]] if ones else 0)
