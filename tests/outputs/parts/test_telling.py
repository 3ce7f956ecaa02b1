from dataclasses import replace

import pytest

from aggregator.model import Category, Content, CopyRef, Enclosure, Link
from aggregator.outputs.parts import telling
from tests.outputs.examples import BARE, CONTENT, ENTRY, NOTE


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (Content(title=" Two\n lines "), "Two lines"),
        (Content(title="keeps its\u00a0space"), "keeps its\u00a0space"),
        (Content(title=" \u00a0 ", summary="Summary"), "Summary"),
        (Content(html="<h1>Head</h1><p>Te<b>x</b>t &amp; more</p>"), "Head Text & more"),
        (Content(html="<p> </p><img src='x'>"), "Notes"),
        (Content(), "Notes"),
    ],
)
def test_headline_is_the_title_or_the_start_of_the_text_or_the_source(content, expected):
    assert telling.headline(replace(BARE, content=content)) == expected


def test_headline_is_never_empty():
    assert telling.headline(replace(BARE, credit=replace(BARE.credit, title=""))) == BARE.id


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("short", 5, "short"),
        ("one two three four", 12, "one two…"),
        ("长春新区签约，十二个重点项目", 10, "长春新区签约…"),
        ("x" * 50, 10, "xxxxxxxxx…"),
    ],
)
def test_text_is_cut_at_a_word_or_a_mark(text, length, expected):
    assert telling.shortened(text, length) == expected


def test_start_of_a_text_is_found_behind_a_long_image():
    assert telling.plain(f'<p><img src="data:{"x" * 100_000}">Here</p>') == "Here"


def test_text_nested_deep_is_read():
    assert telling.plain("<div>" * 10_000 + "deep") in ("deep", "")


def test_comments_in_the_text_are_no_text():
    assert telling.plain("<p>a<!-- hidden -->b</p>") == "ab"


def test_tags_that_repeat_a_category_are_told_once():
    category = Category(slug="tech-news", name="Tech News", title="All Tech")
    content = Content(tags=("tech news", "TECH-NEWS", "All tech", "Chips", " chips ", " "))

    terms = telling.terms(replace(ENTRY, categories=(category,), content=content))

    assert [(term.term, term.label) for term in terms] == [("tech-news", "All Tech"), ("Chips", None)]


def test_file_named_twice_is_told_once():
    files = (Enclosure(url="https://x.example/a.mp3"), Enclosure(url="https://x.example/a.mp3", length=1))

    assert len(telling.enclosures(Content(enclosures=files))) == 1


def test_copy_with_the_same_address_is_no_relative():
    copies = tuple(CopyRef(source=name, title=name, url=CONTENT.url, guid=None) for name in ("here", "elsewhere"))

    found = telling.links(replace(NOTE, content=replace(CONTENT, links=()), copies=copies))

    assert [link.rel for link in found] == ["replies"]


def test_comment_is_a_relative_of_its_article_though_both_have_one_address():
    article = Link(rel="related", url=CONTENT.url or "", title="What it is about")
    entry = replace(NOTE, content=replace(CONTENT, links=()), related=(article,))

    found = next(link for link in telling.links(entry) if link.rel == "related")

    assert (found.url, found.title) == (CONTENT.url, "What it is about")
