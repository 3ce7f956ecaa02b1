"""The shapes that a day has in writing, as patterns. Pure."""

import re

from aggregator.text.date_words import MONTHS

# In all: year, month, day as they are called; word: a month's name in some language; one, two, three: numbers whose
# order the place decides; mark: what stands between them.

MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
# Marks belong to letters in Hebrew, Arabic, Hindi and Thai; `พ.ย.` has dots.
LETTERS = r"(?:[^\W\d_]|[\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e]|\.(?=[^\W\d_]))"
YMD = re.compile(
    r"(?<!\d)(?<!\d\.)(?P<year>\d{4})\s?(?:[-/]|[.年년]\s?)(?P<month>\d{1,2})\s?(?:[-/]|[.月월]\s?)(?P<day>\d{1,2})(?![\d%])"
    r"\s?[日号號일]?(?:\.(?=\s))?"
)
DMY_NAMED = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?(?:\s+of)?[\s\-,/]*"
    rf"(?P<month>{MONTH})\.?[\s\-,/]*'?(?P<year>\d{{2,4}})(?!\d|:)",
    re.IGNORECASE,
)
MDY_NAMED = re.compile(
    rf"(?<![^\W\d_])(?P<month>{MONTH})\.?[\s\-/]*"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-,/]+'?(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
YMD_NAMED = re.compile(
    rf"(?<!\d)(?P<year>\d{{4}})[\s\-,/.]+(?P<month>{MONTH})\b\.?[\s\-,/]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)",
    re.IGNORECASE,
)
ASCTIME = re.compile(
    rf"(?<![^\W\d_])(?P<month>{MONTH})\s+(?P<day>\d{{1,2}}),?\s+(?P<time>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)"
    r"(?P<zone>\s+(?:[A-Za-z]{1,5}|(?:GMT|UTC)?[+-]\d{2}:?\d{2}))?\s+(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
NUMERIC = re.compile(r"(?<![\d./-])(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4})(?![\d/])")
SPACED = re.compile(
    r"(?<![\d./-])(?P<day>\d{1,2})\.?\s(?:(?:tháng|thg)\s)?(?P<month>\d{1,2})[.,]?\s(?:năm\s)?"
    r"(?P<year>(?:19|20)\d{2})(?![\d/])"
)
MD = re.compile(
    r"(?:(?<!\d)(?P<short>\d{2,3})\s?年\s?|(?P<named>[今去前昨]年)\s?)?(?<!\d)(?P<month>\d{1,2})\s?[月월]\s?"
    r"(?P<day>\d{1,2})\s?[日号號일]"
)
WORDED = (
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:\.|er|re|º|°|ª|-?го|-ви|일)?,?[\s\-/]+(?:(?:de|d['’]|of|ng)\s?)?"
        rf"(?P<word>{LETTERS}{{3,20}})\.?,?[\s\-/]+(?:(?:de|del)\s)?'?(?P<year>\d{{4}})(?!\d|:)"
    ),
    re.compile(
        rf"(?<!\d)(?P<year>\d{{4}})\.?\s*(?:m\.|gada|-?(?:yil|жыл))?\s*(?:(?P<day_first>\d{{1,2}})\.?\s)?"
        rf"(?P<word>{LETTERS}{{3,20}})\.?(?:\s(?P<day>\d{{1,2}})(?!\d|:)(?:\sd\.)?)?"
    ),
    re.compile(
        rf"(?P<word>{LETTERS}{{3,20}})\.?\s(?P<day>\d{{1,2}})(?:\.|er|º)?(?:,\s?|\s(?:del?\s)?)(?P<year>\d{{4}})(?!\d|:)"
    ),
)
SEARCHABLE = (YMD, DMY_NAMED, MDY_NAMED, YMD_NAMED, ASCTIME, NUMERIC, SPACED, MD)

# Only where the whole text is the date
COMPACT = re.compile(
    r"(?:D:)?(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?=$|[TZ\s]|\d{4}(?:\d{2})?(?:$|[Z+-]))"
)
ASN1 = re.compile(r"(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})(?=\d{4}(?:\d{2})?Z$)")
ORDINAL = re.compile(r"(?P<year>\d{4})-?(?P<ordinal>\d{3})(?=$|[TZ])")
WEEK = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d{2})(?:-?(?P<weekday>[1-7]))?(?=$|[TZ])")
YEAR_MONTH = re.compile(r"(?P<year>(?:19|20)\d{2})(?:[-/.](?P<month>\d{2})|年(?P<month_cn>\d{1,2})月)?年?$")
SHORT_YEAR = re.compile(
    r"(?P<one>\d{1,3})(?P<mark>[/.-])(?P<two>\d{1,2})(?P=mark)(?P<three>\d{2})"
    r"(?=$|T\d|[\s,]+\D{0,12}\d{1,2}:\d{2}|[\s,]+$)"
)
MONTH_YEAR = re.compile(rf"(?P<month>{MONTH})\.?,?\s+(?P<year>(?:19|20)\d{{2}})$", re.IGNORECASE)
NO_YEAR = re.compile(  # `12.30` alone is rather a time
    r"(?P<one>\d{1,2})(?:(?P<mark>[/-])(?P<two>\d{1,2})|(?P<dot>\.)(?P<two_d>\d{1,2})(?:\.|(?=\s+\D{0,12}\d{1,2}:\d{2})))"
    r"(?=$|,?\s+\D{0,12}\d{1,2}[:.]\d{2})"
)
NO_YEAR_NAMED = (
    re.compile(
        rf"^(?:{LETTERS}{{2,12}}\.?,?\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?(?:\s(?:de|of))?[\s\-]"
        rf"(?P<word>{LETTERS}{{3,20}})\.?"
        r"(?=$|[,\s]+\D{0,12}\d{1,2}[:.h]\d{2})"
    ),
    re.compile(
        rf"^(?:{LETTERS}{{2,12}}\.?,?\s)?(?P<word>{LETTERS}{{3,20}})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
        r"(?=$|[,\s]+\D{0,12}\d{1,2}[:.h]\d{2})"
    ),
)
