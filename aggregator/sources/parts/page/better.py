"""Is what a page holds plainly better than what the feed gave, and is a page needed at all. Pure.

When in doubt, the feed's own text stays: it is the publisher's word for what the entry says.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from urllib.parse import urlsplit

from aggregator.model import RawEntry
from aggregator.sources.parts.page.extraction import Candidate
from aggregator.sources.parts.page.notices import width
from aggregator.text.wording import folded

# All lengths are widths: letters, a Chinese character counted as two.
LONG = 2_000  # a text of so many, some 330 English words, is no teaser
ENOUGH = 500  # so many beside a summary half as long, or less, is the text that the summary sums up
LEAST = 200  # what a page must hold to be an article
LEAST_NAMED = 60  # enough where the page bears the entry's title, and the feed gave nothing
_SAYS_LITTLE = 60  # of the feed: too little to be compared
_OF_ITS_OWN = 200  # characters of the feed that are not on the page: a comment on the article, not its beginning
_LINKED = 0.5
_SCRAPS = 0.35  # of the text in blocks of SENTENCE at least
_SENTENCE = 50
_TEASERS = 4  # blocks that break off
_LIST = 3  # blocks that are links as a whole

_BREAKS_OFF = re.compile(
    r"(?:…|\.\.\.|\[\s*…\s*\])[\s\])>»›→]*$"
    r"|(?:\b(?:read|continue|learn|find out|see|view)\s+(?:more|on|reading|(?:the )?(?:full|rest)\b)[^.!?。]{0,40}"
    r"|\bclick here\b[^.!?。]{0,30}|\bweiter ?lesen|\blire (?:la suite|plus)|\bleer más|\bseguir leyendo|\bleggi tutto"
    r"|(?:阅读|查看|点击|浏览)(?:全文|更多|原文|详情|查看)|继续阅读|(?:^|[\s\[【(>])(?:全文|详情|更多)|続きを読む)"
    r"[\s\])】>»›→:….]*$",
    re.IGNORECASE,
)
_STOPS = re.compile(r"[.!?。！？…\"”’」)）]\s*$")
_ALONE = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff"  # where no space parts words, a token each
_TOKEN = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_LETTER = re.compile(r"[^\W\d_]")
_CHINESE = re.compile("[\u3400-\u9fff]")
_NO_PAGE = re.compile(
    r"(?i)\.(?:7z|aac|avi|csv|docx?|epub|exe|flac|gif|gz|jpe?g|m4[av]|mkv|mobi|mov|mp[34]|og[agv]|opus|pdf|png|pptx?|"
    r"rar|svg|tar|torrent|wav|web[mp]|xlsx?|zip)$"
)


def why_no_page(raw: RawEntry, text: str, *, summary: str | None) -> str | None:
    """Return why an entry's page need not be asked for, or None: its text may be a teaser.

    A text is whole when it does not break off (``…``, ``Read more``) and is LONG, or at least ENOUGH and twice the
    summary that the feed gives beside it. What is no page by its address (a PDF, a sound file) is not asked for.
    text: what a reader sees of the entry. summary: what the feed gives beside it, if anything.
    """
    if raw.url and (suffix := _NO_PAGE.search(urlsplit(raw.url).path)):
        return f"its address ends with {suffix[0].lower()}, which is no page"
    long = width(text)
    is_whole = long >= LONG or (summary is not None and long >= max(ENOUGH, 2 * width(summary)))
    if not is_whole or breaks_off(text):
        return None
    return f"the feed has the whole text: {len(text):,} characters"


def breaks_off(text: str) -> bool:
    """Tell whether a text ends as teasers do."""
    return _BREAKS_OFF.search(folded(text[-200:])) is not None


def unfit(candidate: Candidate, *, is_named: bool) -> str | None:
    """Return why this is no article, whatever the entry says, or None. is_named: the page bears the entry's title."""
    whole = width(candidate.text)
    least = LEAST_NAMED if is_named else LEAST
    if whole < least:
        return f"it holds only {len(candidate.text)} characters of text"
    if candidate.linked >= _LINKED:
        return f"it is a list of links: {candidate.linked:.0%} of its text"
    blocks = len(candidate.blocks)
    if candidate.headed >= _LIST and candidate.headed >= 0.15 * blocks:
        return f"it is a list of articles: {candidate.headed} of {blocks} blocks are links"
    teasers = sum(breaks_off(text) for text in candidate.blocks)
    if teasers >= _TEASERS and teasers >= 0.3 * blocks:
        return f"it is a list of teasers: {teasers} of {blocks} blocks break off"
    prose = sum(width(text) for text in candidate.blocks if width(text) >= _SENTENCE)
    counters = sum(_LETTER.search(text) is None for text in candidate.blocks)
    if prose < _SCRAPS * whole or (counters >= _TEASERS and counters >= 0.3 * blocks):
        return f"it is made of scraps, as menus are: {blocks} blocks of {whole // max(blocks, 1)} characters"
    if whole < LEAST and not any(_STOPS.search(text[-20:]) for text in candidate.blocks):
        return "it holds no sentence"
    return None


def bears(titles: Iterable[str], title: str | None) -> bool:
    """Tell whether one of a page's titles and headings is the entry's, perhaps with the site's name or cut short."""
    if not title:
        return False
    words = _tokens(title)
    return any(
        _share(words, _tokens(one)) >= 0.6 or (len(one) > 12 and _share(_tokens(one), words) >= 0.9) for one in titles
    )


def another(candidate: Candidate, own: str, *, title: str | None, is_named: bool) -> str | None:
    """Return why the page is about something else than the entry, or None.

    own: what a reader sees of the feed's own text.
    """
    page = _tokens(candidate.text)
    share = _share(_tokens(own[:1_000]), page)
    if width(own) >= _SAYS_LITTLE and _is_chinese(own) != _is_chinese(candidate.text):
        return "it is in another language than the feed's text"
    if len(own) >= _OF_ITS_OWN:
        if share < 0.25:
            return f"the feed says something of its own, of which the page has {share:.0%}"
        return None
    if is_named or (width(own) >= _SAYS_LITTLE and share >= 0.4):
        return None
    if not title and width(own) < _SAYS_LITTLE:
        return None
    if title and _says(page, title) >= (0.9 if own else 0.7):
        return None
    if width(own) >= _SAYS_LITTLE:
        return f"it is about something else: it bears another title, and has {share:.0%} of the feed's text"
    return "it is about something else: it bears another title"


def no_better(candidate: Candidate, own: str) -> str | None:
    """Return why the feed's own text is as good, or None.

    A page has to say half as much again, and twice as much as several paragraphs; a fifth more than what breaks off.
    """
    mine, theirs = width(own), width(candidate.text)
    factor = 1.2 if breaks_off(own) else 2.0 if mine >= 800 and own.count("\n") >= 2 else 1.5
    if theirs >= max(factor * mine, mine + 80):
        return None
    return f"the feed's own text is as good: {len(own):,} characters, the page has {len(candidate.text):,}"


def is_longer(had: str, own: str) -> bool:
    """Tell whether a text that a page gave once is still more than the feed's own."""
    return width(had) >= 1.2 * width(own)


def _tokens(text: str) -> list[str]:
    return [word.casefold() for word in _TOKEN.findall(folded(text))]


def _share(of: list[str], within: list[str]) -> float:
    """Return the share of neighbouring words that stand in the other text too; of single words, where there are few."""
    size = 2 if len(of) >= 4 else 1
    mine, theirs = _runs(of, size), _runs(within, size)
    return len(mine & theirs) / len(mine) if mine else 0.0


def _says(page: list[str], title: str) -> float:
    """Return the share of a title's words that a text has; of Chinese, of its pairs of characters."""
    tokens = _tokens(title)
    words = {(token,) for token in tokens if len(token) > 2} | {
        pair for pair in pairwise(tokens) if all(map(_CHINESE.match, pair))
    }
    has = _runs(page, 1) | _runs(page, 2)
    return len(words & has) / len(words) if len(words) > 2 else 0.0


def _runs(tokens: list[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1)}


def _is_chinese(text: str) -> bool:
    return len(_CHINESE.findall(text)) > 0.1 * len(text)
