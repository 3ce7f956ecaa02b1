"""The page of an article, which tells what its list does not: text, date, author. Pure.

``article:`` of a source, such as::

    article:
      published: section > small
      content: section
      remove: [section > small, section > h1, "a:-soup-contains('返回')"]

Selectors are as in html_list; with ``as: json`` they are paths as in json_api. All but the content are read before
``remove`` cuts; the content is the inner HTML of every match. What the page does not tell stays as the list had it.

An article that is cut into several pages is put together with ``next: a.next@href``, or
``next: {url: "https://news.example.org/{id}_{page}.html", pages: 5}``: a selector, or a template that may hold
``{page}``; at most ``pages`` in all (default 10). A page that is missing is a warning, and the others stay.

``article: auto``, or ``article: {auto: true, remove: [.share]}``, finds the text by itself. It asks for the page only
where the feed's own text may be a teaser, and takes the page's text only where it is plainly better; see
``automatic.py`` for what that means. A ``content`` beside it is tried first, and ``next`` is followed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bs4 import BeautifulSoup

from aggregator.errors import NotAPage, ReadError
from aggregator.model import ArticleRule, Document, FieldRule, Link, RawEntry, RawText, Request, Source
from aggregator.sources.parts import paths, selectors
from aggregator.sources.parts.asking import further_request
from aggregator.sources.parts.bare import GONE
from aggregator.sources.parts.complaints import describe
from aggregator.sources.parts.json_documents import read_json
from aggregator.sources.parts.mapping import (
    Found,
    RuleError,
    find_fields,
    held_date,
    looks_like_markup,
    raw_entry,
    silent_fields,
)
from aggregator.sources.parts.page import automatic
from aggregator.sources.parts.page.article_pages import content_of, continued, following_request, matched_in
from aggregator.sources.parts.page.facts import PageFacts, is_front, page_facts
from aggregator.sources.parts.templates import fill
from aggregator.text.urls import absolute, origin

__all__ = [
    "article_request",
    "complete",
    "following_page",
    "matched_in",
    "read_page",
    "without",
]


def article_request(raw: RawEntry, source: Source) -> Request | None:
    """Return what to ask for the entry's page, or None where the source follows none or the entry names none.

    The address is the template of ``article: url`` over the raw record or the mapped fields, else the entry's own.
    Only the source's own origin is trusted, and the one that the template spells out. Raises ReadError for a template
    that cannot be understood.
    """
    rule = source.article
    if rule is None:
        return None
    base = raw.base or source.url
    if rule.url is None:
        own = raw.asked_url or raw.url
        url = absolute(own, base) if own else None
        return further_request(url, source, is_page=True) if url else None
    try:
        filled = fill(rule.url, lambda path: _value(raw, path))
    except RuleError as error:
        raise ReadError(f"article.url: {error}; see `aggregator check`", url=source.url) from error
    url = absolute(filled, base) if filled else None
    if url is None:
        return None
    return further_request(url, source, is_page=True, trusted=_spelled_out(rule, url))


def _spelled_out(rule: ArticleRule, url: str) -> str | None:
    """The beginning of the template, where it spells out the origin of the address."""
    written = (rule.url or "").split("{", 1)[0]
    return written if written.count("/") > 2 and origin(written) == origin(url) else None


def following_page(document: Document, source: Source) -> Request | None:
    """Return what to ask for the page that continues an article's, or None. Raises ReadError for a rule that is none.

    Who asks counts the pages, and sees to it that none is asked twice.
    """
    return following_request(document, source, trusted=_spelled_out(source.article or ArticleRule(), document.url))


@dataclass(frozen=True, kw_only=True)
class PageReading:
    """An entry with what its page tells. is_taken: something of the page is in it. note: what was done, and why."""

    entry: RawEntry
    warnings: tuple[str, ...] = ()
    is_taken: bool = True
    note: str | None = None


def complete(raw: RawEntry, document: Document, source: Source, *, now: datetime) -> tuple[RawEntry, tuple[str, ...]]:
    """Return the entry with what its page tells, and warnings. Raises ReadError when the page has no such content.

    document: the answer to ``article_request``.
    """
    reading = read_page(raw, document, source, now=now)
    return reading.entry, reading.warnings


def read_page(
    raw: RawEntry, document: Document, source: Source, *, now: datetime, more: Sequence[Document] = ()
) -> PageReading:
    """Return what a page makes of its entry. Raises ReadError when it cannot be read, or has no such content.

    document: the answer to ``article_request``. more: those to ``following_page``, in their order; only the text of
    these counts, and none of them is missed so much that the others would go.
    """
    rule = source.article or ArticleRule()
    if rule.auto:
        reading = _found_by_itself(raw, document, source, rule, now)
        if not more or reading.entry.content is raw.content:
            return reading
        entry, warnings = continued(reading.entry, more, source)
        return replace(reading, entry=entry, warnings=(*reading.warnings, *warnings))
    read = _from_json if rule.as_ == "json" else _from_page
    entry, warnings = read(raw, document, source, rule, now)
    entry, of_others = continued(entry, more, source)
    return PageReading(entry=entry, warnings=(*warnings, *of_others))


def _found_by_itself(
    raw: RawEntry, document: Document, source: Source, rule: ArticleRule, now: datetime
) -> PageReading:
    page = automatic.page_of(document)
    base = selectors.base_of(page, document.url)
    facts = page_facts(page, url=document.url, timezone=source.timezone, now=now)
    found = _fields_of(page, rule, document, source, now)
    told = raw_entry(found, base=base, is_markup=lambda name, _: name == "content")
    try:
        selectors.cut(page, (*rule.remove, *source.remove))
        html = content_of(page, rule.content)
    except RuleError as error:
        raise ReadError(f"article: {error}; see `aggregator check`", url=document.url) from error
    length = ""
    if not html:
        verdict = automatic.judged(page, facts, raw, document)
        if rule.facts and verdict.is_gone:
            raise NotAPage(f"the page is gone: {verdict.why}", url=document.url, status=GONE[0])
        if verdict.candidate is None:
            is_told = (verdict.is_entrys or rule.facts) and raw.title is None  # a sitemap has addresses alone
            return PageReading(
                entry=_filled(raw, facts, rule, document) if is_told else raw,
                warnings=(f"the page of {_called(raw)} is not taken: {verdict.why}",) if verdict.is_fault else (),
                is_taken=is_told,
                note=f"not taken: {verdict.why}",
            )
        html, length = verdict.candidate.html, f": {len(verdict.candidate.text):,} characters of text"
    told = replace(told, content=RawText(value=html, type="html", base=base))
    filled = _filled(raw, facts, rule, document)
    before = replace(filled, summary=raw.summary or raw.content or filled.summary)
    return PageReading(
        entry=_joined(before, told, found.unread),
        warnings=_missing(rule, found),
        note=f"taken{length}",
    )


def _from_page(
    raw: RawEntry, document: Document, source: Source, rule: ArticleRule, now: datetime
) -> tuple[RawEntry, tuple[str, ...]]:
    page = selectors.parse_page(document)
    base = selectors.base_of(page, document.url)
    facts = page_facts(page, url=document.url, timezone=source.timezone, now=now)
    if rule.facts and is_front(document.url) and not is_front(document.requested_url):
        gone = "the page is gone: its address leads to the front page of the site"
        raise NotAPage(gone, url=document.url, status=GONE[0])

    found = _fields_of(page, rule, document, source, now)
    told = raw_entry(found, base=base, is_markup=lambda name, _: name == "content")
    try:
        selectors.cut(page, (*rule.remove, *source.remove))
        html = content_of(page, rule.content)
    except RuleError as error:
        raise ReadError(f"article: {error}; see `aggregator check`", url=document.url) from error
    if rule.content and not html:
        raise ReadError(_no_content(page, rule), url=document.url)
    if html:
        told = replace(told, content=RawText(value=html, type="html", base=base))
    entry = _joined(raw, told, found.unread)
    filled = _filled(entry, facts, rule, document)
    return (filled if rule.facts else replace(_dated(entry, facts), links=filled.links)), _missing(rule, found)


def _filled(raw: RawEntry, facts: PageFacts, rule: ArticleRule, document: Document) -> RawEntry:
    """The entry with what its page says of itself, where nothing else says it."""
    entry = automatic.filled(raw, facts, base=document.url)
    canonical = facts.canonical or (document.url if document.url != document.requested_url else None)
    if canonical and all(link.rel != "canonical" for link in raw.links):
        entry = replace(entry, links=(*entry.links, Link(url=canonical, rel="canonical")))
    if not rule.facts:
        return entry
    return replace(
        entry,
        summary=raw.summary or (RawText(value=facts.summary) if facts.summary else None),
        tags=raw.tags if raw.tags or raw.categories else facts.tags,
        language=raw.language or facts.language,
    )


def _dated(raw: RawEntry, facts: PageFacts) -> RawEntry:
    """The entry with the title and date of its page where it has none: a list may hold addresses alone."""
    title = RawText(value=facts.title) if facts.title else None
    return replace(raw, title=raw.title or title, published=raw.published or facts.published)


def _fields_of(page: BeautifulSoup, rule: ArticleRule, document: Document, source: Source, now: datetime) -> Found:
    def date_in(text: str) -> str | None:
        return held_date(text, timezone=source.timezone, now=now)

    def read_one(field: str, one: str) -> tuple[str, ...]:
        return selectors.read_rule(page, field, one)

    return find_fields(rule.fields, read_one, url=document.url, date_in=date_in)


def _from_json(
    raw: RawEntry, document: Document, source: Source, rule: ArticleRule, now: datetime
) -> tuple[RawEntry, tuple[str, ...]]:
    answer = read_json(
        document.body,
        document.headers.get("content-type"),
        url=document.url,
        fits=lambda value: any(isinstance(one, str) and paths.read_path(value, one) for one in rule.content),
    )
    answer = answer[0] if isinstance(answer, list) and len(answer) == 1 else answer

    def read_one(_: str, path: str) -> tuple[str, ...]:
        return paths.read_path(answer, path)

    def date_in(text: str) -> str | None:
        return held_date(text, timezone=source.timezone, now=now)

    rules: list[tuple[str, FieldRule]] = [*rule.fields]
    if rule.content:
        rules.append(("content", rule.content))
    found = find_fields(rules, read_one, url=document.url, date_in=date_in)
    told = raw_entry(found, base=document.url, is_markup=looks_like_markup, last_name=paths.last_name)
    if rule.content and told.content is None:
        raise ReadError(
            f"article: {_written(rule.content)} gives no text; {describe(answer)}; if "
            "the API has changed, write the text's new name in article: content",
            url=document.url,
        )
    if told.content is not None and told.content.type == "html" and (rule.remove or source.remove):
        told = replace(told, content=without(told.content, (*rule.remove, *source.remove), url=document.url))
    return _joined(raw, told, found.unread), _missing(rule, found)


def without(text: RawText, remove: tuple[str, ...], *, url: str | None) -> RawText:
    """Return an HTML text without what the selectors match. Raises ReadError for what is no selector."""
    tree = selectors.parse_html(text.value, url=url)
    try:
        removed = selectors.cut(tree, remove)
    except RuleError as error:
        raise ReadError(f"remove: {error}; see `aggregator check`", url=url) from error
    if not removed:
        return text
    return replace(text, value=tree.body.decode_contents().strip() if tree.body else "")


def _value(raw: RawEntry, path: str) -> str | None:
    record = json.loads(raw.record) if raw.record else None
    if record is not None and (texts := paths.as_texts(paths.lookup(record, path))):
        return texts[0]
    named = dict(reversed(raw.fields))
    return named.get(path) or {"url": raw.url, "id": raw.id}.get(path)


def _no_content(page: BeautifulSoup, rule: ArticleRule) -> str:
    written = [one for one in rule.content if isinstance(one, str)]
    matching = [one for one in written if selectors.select(page, one)]
    if matching:
        return (
            f"article: content {matching[0]!r} matches an element with nothing to show in it; the text may be "
            "made by a script or cut by remove"
        )
    return f"article: {selectors.mismatch(page, written[0])}; the page may have changed: compare it with content"


def _joined(raw: RawEntry, told: RawEntry, unread: frozenset[str]) -> RawEntry:
    """What the page tells, and where it says nothing what the list had.

    Addresses that the page tells are relative to the page, not to the list. unread: dates of the page that are none.
    """

    def here(url: str | None) -> str | None:
        return absolute(url, told.base) if url else None

    enclosures = tuple(replace(one, url=url) for one in told.enclosures if (url := here(one.url)))
    return replace(
        raw,
        id=told.id or raw.id,
        url=here(told.url) or raw.url,
        title=told.title or raw.title,
        summary=told.summary or raw.summary,
        content=told.content or raw.content,
        published=raw.published if raw.published and "published" in unread else told.published or raw.published,
        updated=raw.updated if raw.updated and "updated" in unread else told.updated or raw.updated,
        authors=told.authors or raw.authors,
        categories=told.categories or raw.categories,
        tags=told.tags or raw.tags,
        enclosures=enclosures or raw.enclosures,
        image=here(told.image) or raw.image,
        language=told.language or raw.language,
        rights=told.rights or raw.rights,
        comments=here(told.comments) or raw.comments,
        links=(*raw.links, *told.links),
        fields=(*raw.fields, *told.fields),
    )


def _missing(rule: ArticleRule, found: Found) -> tuple[str, ...]:
    return tuple(warning.replace("fields.", "article.", 1) for warning in silent_fields(rule.fields, [found]))


def _called(raw: RawEntry) -> str:
    return repr(" ".join(raw.title.value.split())[:80]) if raw.title else raw.url or "an entry"


def _written(rule: FieldRule) -> str:
    return ", ".join(repr(one) for one in rule if isinstance(one, str))
