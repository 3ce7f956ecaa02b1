"""Months and spans of time in the languages of the world, as a library knows them. Pure."""

import re
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

_LATIN = (
    *("en", "fr", "de", "es", "pt", "it", "nl", "pl", "cs", "sv", "da", "nb", "fi", "tr", "hu", "ro", "id", "vi"),
    *("sk", "sl", "hr", "lt", "lv", "et", "ca", "is"),
)
# Each script has its languages, since trying all that there are takes a tenth of a second. Where two languages call
# different months by one name, the first that has it counts, unless the source's time zone is the other's home.
_LANGUAGES = (
    (re.compile("[а-яёіїєґў]", re.IGNORECASE), ("ru", "uk", "bg", "be", "sr", "mk", "kk")),
    (re.compile("[α-ωά-ώ]", re.IGNORECASE), ("el",)),
    (re.compile("[א-ת]"), ("he",)),
    (re.compile("[ء-ي]"), ("ar", "fa", "ur")),
    (re.compile("[ก-๛]"), ("th",)),
    (re.compile("[\u0900-\u097f]"), ("hi", "mr", "ne")),
    (re.compile("[\u0980-\u09ff]"), ("bn",)),
    (
        re.compile(r"[^\W\d_]"),
        _LATIN,
    ),
)
_HOMES = {"Europe/Zagreb": "hr", "Europe/Sarajevo": "hr"}
_EAST_ASIAN = re.compile("[ぁ-ヿ一-鿿가-힣]")  # months are numbers there, and spans are read elsewhere
_NO_MONTHS = frozenset({"år", "ano", "dag"})  # which the library takes for months of languages nearby
LONGEST = 60  # characters of a phrase
# What makes a phrase one of time: a number, or two words (`vor einer Stunde`)
_PHRASE = re.compile(r"(?=.*\d|\S+\s+\S+)(?=.*[^\W\d_]{2,}).{4,}", re.DOTALL)


def _languages(text: str, timezone: str) -> tuple[str, ...]:
    found = next((languages for script, languages in _LANGUAGES if script.search(text)), ())
    home = _HOMES.get(timezone)
    return (home, *found) if home in found and home is not None else found


@lru_cache(maxsize=2048)
def month_named(word: str, timezone: str) -> int | None:
    """Return the month, 1 to 12, that a word means in one of many languages; None for any other word."""
    word = word.strip(" .")
    if len(word) < 3 or _EAST_ASIAN.search(word) or word.lower() in _NO_MONTHS:
        return None
    if not (languages := _languages(word, timezone)):
        return None
    from dateparser.date import DateDataParser  # a tenth of a second, and rarely needed

    settings = {"STRICT_PARSING": True, "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"}
    parser = DateDataParser(languages=list(languages), use_given_order=True, settings=settings)
    found: datetime | None = parser.get_date_data(f"15 {word} 2001").date_obj
    return found.month if found is not None and (found.year, found.day) == (2001, 15) else None


@lru_cache(maxsize=2048)  # 6 ms each, and a list says "vor 3 Stunden" many times
def told_span(text: str, *, zone: tzinfo, now: datetime) -> datetime | None:
    """Return the instant that a whole text tells by a span before now (``hace 3 horas``, ``vor einer Stunde``)."""
    if len(text) > LONGEST or _EAST_ASIAN.search(text) or not _PHRASE.fullmatch(text):
        return None
    if not (languages := _languages(text, "UTC")):
        return None
    from dateparser.date import DateDataParser

    base = now.astimezone(zone).replace(tzinfo=None)
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past", "STRICT_PARSING": True}
    parser = DateDataParser(languages=list(languages), settings={**settings, "PARSERS": ["relative-time"]})
    spellings = (text,) if any(c.isdigit() for c in text) else (text, f"1 {text}")  # `час назад`
    with suppress(ValueError, OverflowError):
        found: datetime | None = next((when for s in spellings if (when := parser.get_date_data(s).date_obj)), None)
        if found is not None and found.tzinfo is None and found <= base:
            return found.replace(tzinfo=zone).astimezone(UTC)
    return None
