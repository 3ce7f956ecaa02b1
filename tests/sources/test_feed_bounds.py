import re
from datetime import UTC, datetime

import pytest

from aggregator import sources
from aggregator.errors import ReadError
from aggregator.model import Document, Reading, Source
from aggregator.sources.parts.bounds import MOST_ENTRIES
from aggregator.sources.parts.feed.bounds import (
    DEEPEST,
    LONGEST_NAME,
    MOST_ALIKE,
    MOST_ATTRIBUTES,
    MOST_ELEMENTS,
    MOST_IN_ENTRY,
    bounded,
)

URL = "https://a.example/feed"
GOOD = "<item><title>Good</title><guid>good</guid></item>"


def rss(items: str, head: str = "") -> str:
    return f'<rss version="2.0"><channel><title>C</title>{head}{items}</channel></rss>'


def bad(inner: str) -> str:
    return f"<item><title>Bad</title><guid>bad</guid>{inner}</item>"


def read(text: str) -> Reading:
    document = Document(
        url=URL, requested_url=URL, body=text.encode(), headers={}, fetched_at=datetime(2026, 11, 24, tzinfo=UTC)
    )
    return sources.kind("feed").read(document, Source(name="a", url=URL), now=document.fetched_at)


def titles(reading: Reading) -> list[str | None]:
    return [entry.title.value if entry.title else None for entry in reading.entries]


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        ("<a>" * (DEEPEST + 1) + "</a>" * (DEEPEST + 1), f"more than {DEEPEST} deep"),
        ("<a>" * (DEEPEST + 1), f"more than {DEEPEST} deep"),
        ("".join(f"<a{number}/>" for number in range(MOST_IN_ENTRY)), f"more than {MOST_IN_ENTRY:,}"),
        ("<p/>" * MOST_IN_ENTRY, f"more than {MOST_IN_ENTRY:,}"),
        ("<a " + "".join(f'b{number}="" ' for number in range(MOST_ATTRIBUTES + 1)) + "/>", "attributes"),
        ("<a " + "b=" * (MOST_ATTRIBUTES + 1) + "c/>", "attributes"),
        (f"<{'a' * (LONGEST_NAME + 1)}/>", "a name of 201 characters"),
    ],
)
def test_entry_that_is_too_much_goes_and_the_others_stay(inner: str, why: str) -> None:
    reading = read(rss(bad(inner) + "\n" + GOOD))

    assert titles(reading) == ["Good"]
    (told,) = [one for one in reading.warnings if "too much" in one]
    assert told.startswith("'Bad': left out")
    assert why in told


@pytest.mark.parametrize("name", ["category", "dc:creator", "enclosure", "media:content", "x", "title"])
def test_elements_of_one_name_past_the_bound_go_and_the_entry_stays(name: str) -> None:
    text = rss(
        bad(f"<{name}>1</{name}>" * (MOST_ALIKE + 5) + "<pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate>") + GOOD
    )

    rest, told = bounded(text, URL)

    assert rest.count(f"<{name}>1") == MOST_ALIKE - (name == "title")  # which it has one of already
    assert rest.endswith(f"</pubDate></item>{GOOD}</channel></rss>")
    assert told == [f"one place has more than 2,000 <{name}> elements, of which the first 2,000 are read"]


def test_paragraphs_of_a_long_text_are_not_too_many_of_one_name() -> None:
    text = rss(bad("<div>" + "<p>x</p>" * (MOST_ALIKE * 2) + "</div>"))
    assert bounded(text, URL) == (text, [])


def test_contents_of_an_archive_in_rss_1_are_not_too_many_of_one_name() -> None:
    text = rss("", head="<items>" + "<rdf:li/>" * (MOST_ALIKE * 2) + "</items>")
    assert bounded(text, URL) == (text, [])


def test_first_entries_of_too_many_are_read() -> None:
    reading = read(
        rss("".join(f"<item><title>t</title><guid>{number}</guid></item>" for number in range(MOST_ENTRIES + 7)))
    )

    assert (len(reading.entries), reading.entries[-1].id) == (MOST_ENTRIES, str(MOST_ENTRIES - 1))
    assert reading.warnings == (f"the feed has {MOST_ENTRIES + 7:,} entries, of which the first 10,000 are read",)
    assert reading.is_whole


def test_first_entries_of_those_with_too_many_elements_are_read() -> None:
    item = "<item><guid>g</guid>" + "".join(f"<a{number}/>" for number in range(9_998)) + "</item>"
    rest, (told,) = bounded(rss(item * 25), URL)

    assert rest.count("<guid>") == MOST_ELEMENTS // 10_000 - 1
    assert rest.endswith("</item></channel></rss>")
    assert told == "the feed has 25 entries with more than 200,000 elements, of which the first 19 are read"


@pytest.mark.parametrize(
    "text",
    [
        "<rss>" * 300,
        rss(GOOD, head="<a>" * 300),
        f"<rss {''.join(f'a{number}=1 ' for number in range(300))}><channel>{GOOD}</channel></rss>",
        rss("", head="".join(f"<a{number}/>" for number in range(MOST_IN_ENTRY))),
    ],
)
def test_feed_whose_head_is_too_much_is_refused(text: str) -> None:
    with pytest.raises(ReadError, match="around its entries, are too much"):
        read(text)


def test_text_of_stray_marks_is_refused() -> None:
    with pytest.raises(ReadError, match="begin nothing"):
        read(rss(bad("&" * 600_000)))


def test_marks_in_texts_and_comments_count_for_nothing() -> None:
    text = rss(bad(f"<description><![CDATA[{'<a>' * 500}]]></description><!--{'<b>' * 500}-->") + GOOD)
    assert bounded(text, URL) == (text, [])


def test_lines_keep_their_numbers() -> None:
    text = rss(bad("\n" + "<a>" * 300 + "\n\n") + "\n" + GOOD + "&")
    rest, _ = bounded(text, URL)
    assert rest.count("\n") == text.count("\n")


def test_entries_without_their_ends_are_not_taken_for_depth() -> None:
    text = rss("".join(f"<item><title>{number}</title>" for number in range(DEEPEST * 2)))
    assert bounded(text, URL) == (text, [])


def test_paragraphs_and_breaks_without_their_ends_are_not_taken_for_depth() -> None:
    text = rss(bad("<description>" + "one<br>two<hr>" * DEEPEST + "</description>"))
    assert bounded(text, URL) == (text, [])


@pytest.mark.parametrize("before", ["<!-- <rss> -->", "<?a <rss> ?>", "<!-- <feed> --><?a?>"])
def test_entities_behind_what_looks_like_a_root_are_refused(before: str) -> None:
    with pytest.raises(ReadError, match="entities"):
        read(f'{before}<!DOCTYPE rss [<!ENTITY a "bb"><!ENTITY c "&a;&a;">]>{rss(GOOD)}')


def test_attributes_that_a_declaration_gives_to_elements_are_not_given() -> None:
    declared = f'<!DOCTYPE rss [<!ATTLIST guid isPermaLink CDATA "{"x" * 1000}">]>'
    (entry,) = read(declared + rss(GOOD)).entries
    assert entry.id == "good"


def test_live_items_without_end_are_passed_in_time() -> None:
    from aggregator.sources.parts.feed.document import without_live_items

    text = "<podcast:liveItem>" * 100_000
    assert without_live_items(text) == text
    assert without_live_items(f"a<x:liveItem>b\n</x:liveItem>c{text}") == f"a\nc{text}"
    assert re.sub(r"\s", "", without_live_items("<x:liveItem/><x:liveItem>b</x:liveItem>")) == "<x:liveItem/>"
