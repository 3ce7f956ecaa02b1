"""Real pages, front pages and articles: read without a fault, in time, and called what a reader would call them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ReadError
from aggregator.model import ArticleRule, Document, RawEntry, Source
from aggregator.sources import html_list
from aggregator.sources.parts import selectors
from aggregator.sources.parts.page import article
from aggregator.sources.parts.page.facts import page_facts
from aggregator.text.dates import read_date
from tests.corpora import CORPORA, corpus

NOW = datetime(2022, 6, 1, tzinfo=UTC)
URL = "https://news.example.org/a/page.html"
FOLDERS = ("gne", "newspaper", "simplepie", "trafilatura", "miniflux", "netnewswire")
SECONDS = 2
# Pages that hold nothing to call them by: a redirect in <meta>, and pieces of pages.
NAMELESS = frozenset({"google_meta_refresh.html", "iframe.html", "img.html", "p.html", "unsung.html"})


def pages() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((CORPORA / folder).rglob("*.htm*"))


PAGES = [path for path in pages() if path.suffix in {".html", ".htm"}] or [Path("none")]


def document(path: Path) -> Document:
    body = corpus(*path.relative_to(CORPORA).parts).read_bytes() if path.is_absolute() else corpus("none").read_bytes()
    return Document(url=URL, requested_url=URL, body=body, fetched_at=NOW)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page_is_called_by_its_title_and_dated_by_what_is_a_date(path: Path):
    page = document(path)
    started = time.process_time()
    facts = page_facts(selectors.parse_page(page), url=URL, timezone="Asia/Shanghai", now=NOW)

    assert time.process_time() - started < SECONDS
    assert (facts.title is None) == (path.name in NAMELESS)
    for date in (facts.published, facts.updated):
        assert date is None or read_date(date, timezone="Asia/Shanghai", now=NOW) is not None
    for address in (facts.image, facts.canonical):
        assert address is None or address.startswith(("http://", "https://"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page_is_read_as_list_and_as_article_without_a_fault(path: Path):
    page = document(path)
    as_list = Source(name="x", url=URL, items="a[href]", fields=(("title", ("",)), ("url", ("@href",))))
    started = time.process_time()
    try:
        entries = html_list.read(page, as_list, now=NOW).entries
    except ReadError:
        entries = ()
    assert all(entry.url or entry.title for entry in entries)
    for rule in (ArticleRule(content=("body",)), ArticleRule(auto=True), ArticleRule(auto=True, facts=True)):
        source = Source(name="x", url=URL, article=rule)
        try:
            article.read_page(RawEntry(url=URL), page, source, now=NOW)
        except ReadError:
            continue
    assert time.process_time() - started < 2 * SECONDS


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_pages_that_are_cut_off_are_read_or_refused(share: float):
    for path in PAGES:
        whole = document(path)
        cut = Document(url=URL, requested_url=URL, body=whole.body[: int(len(whole.body) * share)], fetched_at=NOW)
        source = Source(name="x", url=URL, article=ArticleRule(content=("body",), facts=True))
        try:
            article.read_page(RawEntry(url=URL), cut, source, now=NOW)
        except ReadError:
            continue
