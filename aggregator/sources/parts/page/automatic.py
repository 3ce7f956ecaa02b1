"""The article of a page that nobody described (``article: auto``): what is taken of it, or why nothing is. Pure.

Asked in this order; the first no ends it, and the feed's own text stays:

- is it a page, of a size that can be looked at;
- is it this entry's, and for everybody: not "page not found", not a site's front page, not marked as not free, no
  "subscribe to continue reading", no "enable JavaScript", no captcha;
- does it hold an article: enough text, not mostly links, no list of other articles, no menu;
- is it about the entry: its title, or the feed's text, stands on the page;
- is it plainly better than the feed's own text: half as long again, or a fifth where that breaks off.

Title, date, authors and image come from what the page says of itself, where the feed has none: of a page whose text is
taken, and for an entry without a title of any page that is its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup

from aggregator.errors import NotAPage, ReadError
from aggregator.model import Document, RawEntry, RawText
from aggregator.sources.parts import selectors
from aggregator.sources.parts.page import bare as bare_page
from aggregator.sources.parts.page import better, extraction, notices
from aggregator.sources.parts.page.extraction import Candidate
from aggregator.sources.parts.page.facts import PageFacts, is_front

_LONGEST_QUOTE = 60  # characters of a notice that is told
_BEFORE, _BEHIND = 3, 6  # blocks around an article in which a notice is about it
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"ID3", b"OggS", b"RIFF", b"\x1f\x8b")
_PAGES = frozenset(
    {"", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", "application/octet-stream"}
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What comes of a page: a candidate that is taken, or why none is.

    is_fault: the operator may want to know; not that the feed's own text is as good. is_entrys: nothing speaks against
    the page being the entry's own, so what it says of itself holds. is_gone: there is no such page any more.
    """

    candidate: Candidate | None = None
    why: str = ""
    is_fault: bool = True
    is_entrys: bool = False
    is_gone: bool = False


def page_of(document: Document) -> BeautifulSoup:
    """Return an answer as a page. Raises NotAPage for what is none, or too much of one; ReadError for nothing."""
    kind = document.headers.get("content-type", "").partition(";")[0].strip().lower()
    start = document.body[:1024].lstrip().lower()
    looks_like_one = start.startswith((b"<!doctype html", b"<html", b"<!--", b"<head", b"<body"))
    if document.body.startswith(_BINARY) or not (kind in _PAGES or looks_like_one):
        what = f"{kind or 'a file'}, which is no page; write article: false where that is so for all entries"
        if "json" in kind:
            what = "JSON; where the article's text is in it, write article: {as: json, content: PATH}"
        raise NotAPage(f"article: auto: the address leads to {what}", url=document.url)
    text = selectors.page_text(document)
    if too_much := bare_page.too_much(text):
        raise NotAPage(f"article: auto: {too_much}; write article: {{content: SELECTOR}}", url=document.url)
    page = selectors.parse_html(text, url=document.url)
    if bare_page.is_too_deep(page):
        raise NotAPage("article: auto: the page's elements nest too deep", url=document.url)
    return page


def judged(page: BeautifulSoup, facts: PageFacts, raw: RawEntry, document: Document) -> Verdict:
    """Return what comes of a page. Raises ReadError where it may be another in an hour. The page is changed.

    facts: what the page says of itself.
    """
    title = _plain(raw.title)
    own = max(_plain(raw.content), _plain(raw.summary), key=len)
    titles = _titles(page, facts.title)
    if facts.is_free is False or page.select_one("meta[property$='article:content_tier' i][content=metered i]"):
        return Verdict(why="it is marked as not free")
    if notice := notices.missing(titles, wanted=title):
        return Verdict(why=f"it says that there is no such page: {_quoted(notice)}", is_gone=True)
    if is_front(document.url) and not is_front(document.requested_url):
        return Verdict(why="its address leads to the front page of the site", is_gone=True)
    bare_page.bare(page)
    texts = extraction.texts(page)
    if notice := notices.not_free(texts):
        return Verdict(why=f"it is not for everybody: {_quoted(notice)}")
    if notice := notices.needs_script((*titles, *texts)):
        return Verdict(why=f"its text is made by a script: {_quoted(notice)}")
    if notice := notices.challenge((*titles, *texts)):
        raise ReadError(f"the site wants to see a person: {_quoted(notice)}", url=document.url)
    is_named = better.bears(titles, title)
    first: Verdict | None = None
    for candidate in _candidates(page, [title, *titles] if title else titles, document.url):
        is_another = better.another(candidate, own, title=title, is_named=is_named)
        if why := better.unfit(candidate, is_named=is_named and not own) or is_another:
            first = first or Verdict(why=why, is_entrys=is_another is None)
        elif why := better.no_better(candidate, own):
            return Verdict(why=why, is_fault=False, is_entrys=True)
        elif notice := notices.members_only(_near(texts, candidate.blocks)):
            return Verdict(why=f"it is not for everybody: {_quoted(notice)}")
        else:
            return Verdict(candidate=candidate, is_entrys=True)
    return first or Verdict(why="no article is found on it")


def continuation(page: BeautifulSoup, *, url: str) -> str:
    """Return the text of a further page of an article as HTML, or nothing where it holds none. The page is changed."""
    titles = _titles(page)
    bare_page.bare(page)
    if notices.not_free(extraction.texts(page)):
        return ""
    found = extraction.candidate(page, url=url, titles=titles)
    return found.html if found is not None and better.unfit(found, is_named=True) is None else ""


def filled(raw: RawEntry, facts: PageFacts, *, base: str) -> RawEntry:
    """Return the entry with what its page says of itself, where the feed said nothing."""
    title = RawText(value=facts.title, base=base) if facts.title else None
    return replace(
        raw,
        title=raw.title or title,
        published=raw.published or facts.published,
        authors=raw.authors or facts.authors,
        image=raw.image or (None if raw.pictures else facts.image),
    )


def _candidates(page: BeautifulSoup, titles: Sequence[str], url: str) -> Iterator[Candidate]:
    """What the extractor finds; where that does not do, what the page itself marks as its article."""
    written = str(page)
    if (found := extraction.candidate(page, url=url, titles=titles)) is not None:
        yield found
    if (marked := extraction.declared(selectors.parse_html(written, url=url), url=url, titles=titles)) is not None:
        yield marked


def _near(texts: Sequence[str], blocks: Sequence[str]) -> Sequence[str]:
    """The page's texts from a little before the article to a little behind it."""
    own = set(blocks)
    places = [place for place, text in enumerate(texts) if text in own]
    return texts[max(places[0] - _BEFORE, 0) : places[-1] + _BEHIND + 1] if places else texts


def _titles(page: BeautifulSoup, told: str | None = None) -> list[str]:
    of_page = [selectors.visible_text(element) for element in (page.title, *page.find_all("h1")) if element]
    return [text for text in dict.fromkeys((told or "", *of_page)) if text]


def _plain(text: RawText | None) -> str:
    """What a reader sees of a text, a line for each block."""
    if text is None:
        return ""
    if text.type == "text" or ("<" not in text.value and "&" not in text.value):
        return "\n".join(line for part in text.value.split("\n") if (line := " ".join(part.split())))
    return "\n".join(extraction.texts(selectors.parse_html(text.value, url=None)))


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…")
