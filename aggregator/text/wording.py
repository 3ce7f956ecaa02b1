"""The words of an article without what differs from paper to paper. Pure.

Case, width, punctuation, white space, the form of numbers, traditional or simplified characters, source lines, bylines.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from aggregator.model import Content
from aggregator.text.visible import visible

LONGEST = 20_000  # characters that are looked at; texts that agree so far agree

Token = tuple[str, str]  # as folded, and as written: capitals show names

# A token each where no space parts words: Thai to Khmer, kana, Chinese characters. Runs of numerals are one.
_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_NUMERALS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "".join([*_NUMERALS, *_UNITS])
_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)*|[{_NUMERAL}]+|[{_ALONE}]|[^\W\d_{_ALONE}]+")
_COUNTING = "zero one two three four five six seven eight nine ten eleven twelve"
_COUNTED = {word: str(value) for value, word in enumerate(_COUNTING.split())}

# Lines that papers put before and after a text which is not theirs. A paragraph may begin with such words too
# ("记者从市气象局获悉", "By noon the water was gone."), so what follows them counts.
_NOTE = re.compile(
    r"""(?ix) ^\W*(?:
      (?:文章|信息|新闻|稿件)?来源\s*:
    | (?:作者|(?:责任|值班|本期|执行)?编辑|责编|编审|校对|审核|初审|终审|发布时间)(?:\s|:)
    | (?:本报|本网|特约)?(?:记者|通讯员)(?:\s|:|\w{2,4}$)
    | \d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*(?:\d\d:\d\d(?::\d\d)?)?\s*(?:来源|作者|$)
    | (?:免责|版权)?声明: | 版权(?:归|所有)
    | (?-i:B[Yy])\s+(?-i:[A-Z]).*[^.!?]$ | source: | (?:published|updated)\b.*\d | reporting\ by | editing\ by
    | originally\ (?:published|appeared) | copyright | © | advertisement$ | read\ more\b | share\ this\b
    | \d+\ min(?:ute)?s?\ read$ )"""
)
_NOTE_LENGTH = 80  # characters; a longer line is a paragraph that happens to begin so
_NOTE_LINES = 4  # so many lines at either end may be notes
_CLOSING_NOTE = re.compile(
    r"[(\[【][^()\[\]【】]{0,12}(?:来源|记者|编辑|责编|作者|通讯员)[^()\[\]【】]{0,40}[)\]】]\s*$", re.IGNORECASE
)

_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
# Traditional forms that the simplified character set has too; all others are known by not being in it
_TRADITIONAL_IN_GB2312 = "乾吒夥後徵捱摺於榘甯菸薹醣麴麽"
# Forms of Taiwan and Hong Kong that stand for these, which a converter of single characters leaves alone
_VARIANTS = dict(zip("著瞭覆衞枱擡", "着了复卫台抬", strict=True))


def body(content: Content) -> list[Token]:
    """Return the words of the text, without the lines that papers put around a text that is not theirs."""
    text = visible(content.html) or content.summary
    lines = [line for line in folded(text).split("\n") if line.strip()]
    kept = [line for place, line in enumerate(lines) if not _is_note(line, place, len(lines))]
    return _tokens(_CLOSING_NOTE.sub("", "\n".join(kept)))


def title(content: Content) -> list[Token]:
    """Return the words of the title."""
    return _tokens(folded(content.title))


def words(tokens: Sequence[Token]) -> list[str]:
    """Return the tokens as folded."""
    return [word for word, _ in tokens]


def _is_note(line: str, place: int, count: int) -> bool:
    is_at_end = place < _NOTE_LINES or place >= count - _NOTE_LINES
    return is_at_end and count > 1 and len(line) <= _NOTE_LENGTH and bool(_NOTE.match(line))


def folded(text: str | None) -> str:
    """Return the first LONGEST characters with width and traditional or simplified writing evened out."""
    text = unicodedata.normalize("NFKC", (text or "")[:LONGEST])
    if text.isascii():
        return text
    return text.translate({ord(character): _simplified(character) for character in set(text)})


@lru_cache(maxsize=8192)
def _simplified(character: str) -> str:
    if not _CHINESE.match(character):
        return character
    if character in _VARIANTS:
        return _VARIANTS[character]
    try:
        character.encode("gb2312")
        is_simplified = character not in _TRADITIONAL_IN_GB2312
    except UnicodeEncodeError:
        is_simplified = False
    return character if is_simplified else _to_simplified()(character)


@cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # 15 ms and a dictionary that most sites never need

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def _tokens(text: str) -> list[Token]:
    return [(_token(word), word) for word in _TOKEN.findall(text)]


def _token(word: str) -> str:
    if word[0].isdigit():
        return word.replace(",", "").lstrip("0") or "0"
    if word[0] in _NUMERAL:
        return _number(word)
    word = word.casefold()
    return _COUNTED.get(word, word)


def _number(numeral: str) -> str:
    """Return a Chinese numeral below ten thousand in digits: 二〇二三 and 三百一十 alike."""
    if not any(character in _UNITS for character in numeral):
        return "".join(str(_NUMERALS[character]) for character in numeral).lstrip("0") or "0"
    total, digit = 0, 0
    for character in numeral:
        if character in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[character], 0
        else:
            digit = _NUMERALS[character]
    return str(total + digit)
