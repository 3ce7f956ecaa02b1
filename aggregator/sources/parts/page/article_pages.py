"""An article that its site cut into several pages: which page follows, and the texts put together. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from aggregator.errors import ReadError
from aggregator.model import ArticleRule, Const, Document, FieldRule, Matched, RawEntry, RawText, Request, Source
from aggregator.sources.parts import selectors, tally
from aggregator.sources.parts.asking import further_request
from aggregator.sources.parts.following import following_address
from aggregator.sources.parts.mapping import DATES, RuleError, held_date
from aggregator.sources.parts.page import automatic
from aggregator.text.urls import absolute, without_credentials

_ADDRESSES = ("href", "src", "data-src", "data-original", "poster")


def following_request(document: Document, source: Source, *, trusted: str | None) -> Request | None:
    """Return what to ask for the next page of an article, or None where there is none.

    document: the page so far read. trusted: an address whose origin the operator wrote.
    """
    rule = source.article and source.article.next
    if rule is None or rule.url is None:
        return None
    try:
        page = selectors.parse_page(document)
        url = following_address(page, selectors.base_of(page, document.url), document, rule.url)
    except RuleError as error:
        raise ReadError(f"article.next: {error}; see `aggregator check`", url=document.url) from error
    return further_request(url, source, is_page=True, trusted=trusted) if url else None


def continued(entry: RawEntry, more: Sequence[Document], source: Source) -> tuple[RawEntry, tuple[str, ...]]:
    """Return the entry with the texts of its further pages behind that of the first, and warnings.

    A page without a text, or with that of a page before it, ends the article.
    """
    rule = source.article or ArticleRule()
    if entry.content is None:
        return entry, ()
    parts = [entry.content.value]
    for number, document in enumerate(more, start=2):
        try:
            html = _text(document, entry.content.base or document.url, rule, source)
        except ReadError as error:
            return _with(entry, parts), (f"page {number} of the article cannot be read: {error}",)
        if not html:
            warning = f"page {number} of the article ({document.url}) holds no text of it: left out"
            return _with(entry, parts), (warning,)
        if html in parts:
            break
        parts.append(html)
    return _with(entry, parts), ()


def matched_in(documents: Sequence[Document], source: Source, *, now: datetime) -> tuple[Matched, ...]:
    """Return what each selector of ``article`` matches in some pages of articles; of other rules nothing."""
    rule = source.article or ArticleRule()
    if rule.as_ != "html" or not documents:
        return ()
    pages = [selectors.parse_page(document) for document in documents]
    readers = [partial(_shown, page, source=source, now=now) for page in pages]
    content: tuple[tuple[str, FieldRule], ...] = (("content", rule.content),) if rule.content else ()
    found = [*tally.tally("article", (*rule.fields, *content), readers)]
    for selector in rule.remove:
        cut = [element for page in pages for element in _tried(page, selector)]
        found.append(tally.one("article.remove", selector, [selectors.visible_text(element) for element in cut]))
    if rule.next and rule.next.url:
        row = zip(pages, documents, strict=True)
        named = [_named(page, document, rule.next.url) for page, document in row]
        found.append(tally.one("article.next", rule.next.url, [without_credentials(url) for url in named if url]))
    return tuple(found)


def _shown(page: BeautifulSoup, field: str, rule: str, *, source: Source, now: datetime) -> tuple[str, ...]:
    if field == "content":
        html = content_of(page, (rule,))
        return (selectors.visible_text(selectors.parse_html(html, url=None)) or html,) if html else ()
    texts = selectors.read_rule(page, field, rule)
    is_date = field in DATES
    return tuple(text for text in texts if not is_date or held_date(text, timezone=source.timezone, now=now))


def _tried(page: BeautifulSoup, selector: str) -> list[Tag]:
    try:
        return selectors.select(page, selector)
    except RuleError:
        return []


def _named(page: BeautifulSoup, document: Document, rule: str) -> str | None:
    try:
        return following_address(page, selectors.base_of(page, document.url), document, rule)
    except RuleError:
        return None


def content_of(page: BeautifulSoup, rule: FieldRule) -> str:
    """Return the inner HTML of all that the first selector with something to show matches."""
    for one in rule:
        if isinstance(one, Const):
            return one.text
        matches = selectors.select(page, one)
        within = {id(match) for match in matches}
        outermost = [match for match in matches if not any(id(parent) in within for parent in match.parents)]
        parts = [html for match in outermost if (html := selectors.inner_html(match))]
        if parts:
            return "\n".join(parts)
    return ""


def _text(document: Document, base: str, rule: ArticleRule, source: Source) -> str:
    page = automatic.page_of(document) if rule.auto else selectors.parse_page(document)
    own = selectors.base_of(page, document.url)
    try:
        selectors.cut(page, (*rule.remove, *source.remove))
        if urljoin(own, "x") != urljoin(base, "x"):
            _make_absolute(page, own)
        html = content_of(page, rule.content)
    except RuleError as error:
        raise ReadError(f"article: {error}; see `aggregator check`", url=document.url) from error
    return automatic.continuation(page, url=document.url) if rule.auto and not html else html


def _make_absolute(page: BeautifulSoup, base: str) -> None:
    """Write the addresses out, since those of the first page start elsewhere."""
    for element in page.find_all(True):
        for name in _ADDRESSES if isinstance(element, Tag) else ():
            if (written := selectors.attribute(element, name)) and (url := absolute(written, base)):
                element[name] = url


def _with(entry: RawEntry, parts: Sequence[str]) -> RawEntry:
    content = entry.content or RawText(value="", type="html")
    return replace(entry, content=replace(content, value="\n".join(parts)))
