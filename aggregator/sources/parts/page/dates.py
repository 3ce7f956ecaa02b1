"""The date that a page shows: ``<time>``, the line under its headline, a label, its address. Pure."""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from aggregator.sources.parts import selectors
from aggregator.sources.parts.mapping import held_date
from aggregator.text.dates import find_date

_MOST_TIMES = 50  # looked at; an article has one, a page of comments hundreds
_LONGEST_DATELINE = 120  # characters of what stands around a headline; a paragraph is longer
_PARAGRAPH = 200  # characters by which the text has begun
_BLOCKS_LOOKED_AT = 12
_LABEL = re.compile(
    r"(?:发布|发表|發佈|刊登|更新)?(?:时间|日期|時間)\s*[:：]|(?:published|posted|date)\s*(?:on\b|:)", re.IGNORECASE
)
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|\Z)")
_CERTAIN = re.compile(r"\d{4}|\d\s*\w{1,3}\s*前|[昨前今]天\s*\d|\bago\b")
_ELSEWHERE = ("aside", "footer", "nav")  # what stands in these is about something else
_COMMENTS = re.compile(r"comment|related|sidebar|recommend|popular", re.IGNORECASE)


def shown_date(page: BeautifulSoup, title: str | None, *, url: str, timezone: str, now: datetime) -> str | None:
    """Return the date that a reader finds, as ``read_date`` understands it, or None when there is none.

    Under the headline, or beside it, before the text begins; else behind a label (``发布时间：``); else the day in the
    page's address. title: as the page shows it.
    """
    return _dateline(page, title, timezone=timezone, now=now) or _date_in_address(url, timezone, now)


def times(page: BeautifulSoup) -> Iterator[str]:
    """Return the dates of ``<time>`` that may be the article's: marked as such first, then those in ``<article>``."""
    found = [time for time in page.find_all("time", limit=_MOST_TIMES) if not is_elsewhere(time)]
    marked = [time for time in found if time.has_attr("pubdate") or _is_marked(time)]
    article = page.find("article")
    inside = [time for time in found if article is not None and article in time.parents]
    for time in (*marked, *inside, *found):
        yield selectors.attribute(time, "datetime") or selectors.visible_text(time)


def _is_marked(time: Tag) -> bool:
    names = " ".join(time.get("class") or ())
    return re.search(r"publi|dt-published|entry-date", names, re.IGNORECASE) is not None and "updated" not in names


def is_elsewhere(element: Tag) -> bool:
    """Return whether an element stands among comments, links to other articles, or in the page's margins."""
    for parent in (element, *element.parents):
        names = " ".join((*(parent.get("class") or ()), str(parent.get("id") or ""))) if parent.attrs else ""
        if parent.name in _ELSEWHERE or (parent.name not in {"body", "html"} and _COMMENTS.search(names)):
            return True
    return False


def _dateline(page: BeautifulSoup, title: str | None, *, timezone: str, now: datetime) -> str | None:
    """The date that a reader finds under the headline, or beside it, before the text begins; else a labelled one."""
    headline = _headline(page, title)
    texts = [] if headline is None else _blocks_after(headline)
    if headline is not None and headline.parent is not None and headline.parent.name not in {"body", "html"}:
        texts.append(selectors.visible_text(headline.parent))
    for text in (*texts, *_labelled(page)):
        if len(text) <= _LONGEST_DATELINE and (when := _full_date(text, timezone=timezone, now=now)):
            return when.isoformat()
    return None


def _labelled(page: BeautifulSoup) -> Iterator[str]:
    for text in page.find_all(string=_LABEL):
        if type(text) is NavigableString and isinstance(text.parent, Tag) and not is_elsewhere(text.parent):
            yield selectors.visible_text(text.parent)


def _full_date(text: str, *, timezone: str, now: datetime) -> datetime | None:
    """A date with its year, or one that is told against now: ``7-3`` on a page may be a score."""
    return find_date(text, timezone=timezone, now=now) if _CERTAIN.search(text) else None


def _date_in_address(url: str, timezone: str, now: datetime) -> str | None:
    """The day in a path such as ``/2019-12/10/c_1.htm``."""
    found = _DAY_IN_PATH.search(urlsplit(url).path)
    return held_date("-".join(found.groups()), timezone=timezone, now=now) if found else None


def _headline(page: BeautifulSoup, title: str | None) -> Tag | None:
    """The element that shows the title, else the first ``<h1>``."""
    first = page.find("h1")
    for element in page.find_all(("h1", "h2", "h3")):
        if selectors.visible_text(element) == title:
            return element
    for text in page.body.find_all(string=True) if page.body and title else ():
        is_title = type(text) is NavigableString and " ".join(text.split()) == title
        if is_title and isinstance(text.parent, Tag) and text.parent.name != "a":  # that would be a link to it
            return text.parent
    return first


def _blocks_after(headline: Tag) -> list[str]:
    """The short texts that follow a headline, up to the first paragraph."""
    blocks: list[str] = []
    text = ""
    for node in headline.next_elements:
        if isinstance(node, Tag):
            if selectors.is_block(node) and text.strip():
                blocks.append(" ".join(text.split()))
                text = ""
        elif type(node) is NavigableString and headline not in node.parents:
            text += node
        if len(text) > _PARAGRAPH or len(blocks) >= _BLOCKS_LOOKED_AT:
            break
    return blocks if len(text) > _PARAGRAPH else [*blocks, " ".join(text.split())]
