"""How much of pages, APIs and JSON Feeds is read, and what is said of the rest."""

import json
import time
from datetime import UTC, datetime

import pytest

from aggregator import sources
from aggregator.errors import ReadError
from aggregator.model import Document, Reading, Source
from aggregator.sources.html_list import MOST_IN_ITEMS
from aggregator.sources.parts.bounds import MOST_ENTRIES, too_heavy
from aggregator.sources.parts.feed.json_feed import MOST_IN_LIST
from aggregator.sources.parts.literals import LONGEST, read_literal
from aggregator.sources.parts.selectors import DEEPEST, MOST_ATTRIBUTES, MOST_ELEMENTS
from aggregator.sources.parts.sitemap_text import MOST_READ

URL = "https://a.example/list"
LIST = Source(name="a", kind="html_list", url=URL, items="li", fields=(("title", ("a",)), ("published", (".d",))))
API = Source(name="a", kind="json_api", url=URL, items="list", fields=(("id", ("id",)), ("title", ("t",))))
FEED = Source(name="a", kind="feed", url=URL)
ITEM = "<li><a href=/1>One</a></li>"


def read(source: Source, body: str) -> Reading:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    document = Document(url=URL, requested_url=URL, body=body.encode(), headers={}, fetched_at=now)
    return sources.kind(source.kind or "").read(document, source, now=now)


def feed(items: str, more: str = "") -> str:
    return f'{{"version": "https://jsonfeed.org/version/1.1", "title": "T", {more} "items": [{items}]}}'


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (ITEM + "<p>" * MOST_ELEMENTS, "100,003 elements, and no more than 100,000"),
        (ITEM + "<div>" * (DEEPEST + 1), f"nest more than {DEEPEST} deep"),
        (ITEM + f"<p {' '.join(f'a{number}' for number in range(MOST_ATTRIBUTES * 2))}>", "more than 500 attributes"),
        (f"<li><a href=/1>One</a>{'<b>x</b>' * (MOST_IN_ITEMS // 100)}" * 15, "within each other"),
    ],
)
def test_page_that_is_too_much_is_refused(page: str, told: str) -> None:
    page = page.replace("</b><li>", "</b><li><ul>")
    with pytest.raises(ReadError) as refused:
        read(LIST, f"<ul>{page}")
    assert told in str(refused.value)


def test_page_at_the_bounds_is_read() -> None:
    attributes = " ".join(f"a{number}" for number in range(MOST_ATTRIBUTES - 1))
    page = f"<ul>{ITEM}</ul><p {attributes}>{'<div>' * (DEEPEST - 5)}{'</div>' * (DEEPEST - 5)}{'<p>x' * 50_000}"
    assert len(read(LIST, page).entries) == 1


def test_first_items_of_too_many_are_read() -> None:
    reading = read(LIST, "<ul>" + "".join(f"<li><a href=/{n}>{n}</a>" for n in range(MOST_ENTRIES + 3)))

    assert len(reading.entries) == MOST_ENTRIES
    assert "there are 10,003 items in the page, of which the first 10,000 are read" in reading.warnings


def test_dates_within_dates_are_looked_at_a_few_times_only() -> None:
    before = time.process_time()
    reading = read(LIST, f"<ul><li><a href=/1>One</a>{'<i class=d>x' * 500}{'<i>y</i>' * 20_000}")
    assert len(reading.entries) == 1
    assert time.process_time() - before < 20  # 500 dates take minutes


def test_first_records_of_too_many_are_read() -> None:
    reading = read(API, json.dumps({"list": [{"id": n, "t": "x"} for n in range(MOST_ENTRIES + 3)]}))

    assert len(reading.entries) == MOST_ENTRIES
    assert "there are 10,003 records in 'list', of which the first 10,000 are read" in reading.warnings


@pytest.mark.parametrize("source", [API, FEED])
@pytest.mark.parametrize("more", ["{}," * 200_000, "[]," * 400_000, "1," * 1_100_000, "[" * 600_000])
def test_json_of_too_many_values_is_refused_before_it_is_parsed(source: Source, more: str) -> None:
    with pytest.raises(ReadError, match="ask for fewer records"):
        read(source, f'{{"list": [{more} 1], "items": []}}')


def test_json_of_one_long_text_is_read() -> None:
    text = "one, two. " * 400_000
    assert too_heavy(json.dumps({"list": [text]})) is None
    (entry,) = read(API, json.dumps({"list": [{"id": 1, "t": "One", "x": text}]})).entries
    assert entry.id == "1"


@pytest.mark.parametrize(
    ("name", "one"),
    [("tags", '"t%d"'), ("authors", '{"name": "A%d"}'), ("attachments", '{"url": "https://a.example/%d"}')],
)
def test_lists_of_an_entry_in_json_are_read_up_to_a_bound(name: str, one: str) -> None:
    listed = ", ".join(one % number for number in range(MOST_IN_LIST + 5))
    reading = read(FEED, feed(f'{{"id": "1", "title": "One", "{name}": [{listed}]}}, {{"id": "2", "title": "Two"}}'))

    first, _ = reading.entries
    found = {"tags": first.categories, "authors": first.authors, "attachments": first.enclosures}[name]
    assert len(found) == MOST_IN_LIST
    assert reading.warnings == (f"an entry has more than 2,000 {name}, of which the first 2,000 are read",)


def test_first_items_of_a_json_feed_are_read() -> None:
    reading = read(FEED, feed(", ".join(f'{{"id": "{n}", "title": "T"}}' for n in range(MOST_ENTRIES + 3))))
    assert (len(reading.entries), reading.is_whole) == (MOST_ENTRIES, True)
    assert reading.warnings == ("there are 10,003 items in the feed, of which the first 10,000 are read",)


@pytest.mark.parametrize("more", ['"_x": ' + "9" * 100_000 + ",", '"_x": [NaN, -Infinity, 1e999999],'])
def test_numbers_that_no_machine_has_leave_the_feed_readable(more: str) -> None:
    reading = read(FEED, feed('{"id": "1", "title": "One"}', more))
    assert [entry.id for entry in reading.entries] == ["1"]
    assert reading.warnings == ()


@pytest.mark.parametrize("depth", [5_000, 100_000])
@pytest.mark.parametrize("source", [API, FEED])
def test_json_within_json_too_deep_is_refused_in_plain_words(source: Source, depth: int) -> None:
    with pytest.raises(ReadError, match="too deep"):
        read(source, f'{{"list": {"[" * depth}{"]" * depth}}}')


def test_comments_around_a_call_are_passed_in_time() -> None:
    before = time.process_time()
    with pytest.raises(ReadError, match="not JSON"):
        read(API, "/**/" * 250 + "!")
    assert [entry.id for entry in read(API, '/* * **/ /**/ call({"list": [{"id": 1, "t": "x"}]})').entries] == ["1"]
    assert time.process_time() - before < 10


def test_constant_of_a_script_that_is_too_long_is_none() -> None:
    assert read_literal("[1,]" + " " * LONGEST, 0) == ("[1]", 4)
    assert read_literal("[" + "1," * LONGEST + "]", 0) is None
    assert read_literal(f"[0x{'f' * 10_000}]", 0) == ("[null]", 10_004)


def test_first_addresses_of_a_sitemap_that_never_ends_are_looked_at() -> None:
    urls = "".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(MOST_READ + 5))
    reading = read(Source(name="a", kind="sitemap", url=URL), f"<s:urlset xmlns:s='x'>{urls}</s:urlset>")

    assert len(reading.entries) == 50_000
    assert reading.warnings[0] == "the sitemap has 60,005 elements, of which the first 60,000 are looked at"


def test_sitemap_of_too_many_tags_is_refused() -> None:
    with pytest.raises(ReadError, match="more than 1,000,000 tags"):
        read(Source(name="a", kind="sitemap", url=URL), f"<urlset><url>{'<a/>' * 1_000_001}</url></urlset>")


def test_outline_of_too_many_attributes_is_refused() -> None:
    attributes = " ".join(f"a{number}=''" for number in range(MOST_ATTRIBUTES * 2))
    with pytest.raises(ReadError, match="more than 500 attributes"):
        read(Source(name="a", kind="opml", url=URL), f"<opml><body><outline {attributes}/></body></opml>")
