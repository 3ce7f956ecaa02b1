from dataclasses import replace

import pytest

from aggregator.model import Content, Enclosure, Person
from aggregator.text.visible import digest, visible

CONTENT = Content(
    title="Title",
    html='<p>One <b>two</b></p><p><img src="https://example.org/a.png?token=1"></p>',
    authors=(Person(name="Ann"),),
    enclosures=(Enclosure(url="https://example.org/a.mp3?sig=1"),),
)


def test_text_has_a_line_for_each_block():
    html = "<h1>Head</h1><p>a <b>b</b>c\n d</p><ul><li>one</li><li>two<br>three</li></ul>"
    assert visible(html) == "Head\na bc d\none\ntwo\nthree"


def test_references_are_decoded_once():
    assert visible("<p>a &lt;b&gt; &amp;amp; &nbsp;c</p>") == "a <b> &amp; c"


def test_nothing_is_seen_of_nothing():
    assert visible(None) == visible("") == visible("<p><img src='a'></p>") == ""


def test_plain_text_passes():
    assert visible("I <3 feeds & 2 < 3") == "I <3 feeds & 2 < 3"


@pytest.mark.parametrize(
    "same",
    [
        replace(CONTENT, html='<div><p>One\n two</p> <img src="https://example.org/a.png?token=2"></div>'),
        replace(CONTENT, title="Title "),
        replace(CONTENT, enclosures=(Enclosure(url="https://example.org/a.mp3?sig=2"),)),
        replace(CONTENT, summary="another"),
        replace(CONTENT, tags=("a",)),
    ],
)
def test_what_no_reader_notices_changes_no_digest(same):
    assert digest(same) == digest(CONTENT)


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTENT, html="<p>One three</p>"),
        replace(CONTENT, html=None),
        replace(CONTENT, title=None),
        replace(CONTENT, authors=()),
        replace(CONTENT, authors=(Person(name="Bob"),)),
        replace(CONTENT, enclosures=(Enclosure(url="https://example.org/b.mp3"),)),
    ],
)
def test_what_a_reader_notices_changes_the_digest(other):
    assert digest(other) != digest(CONTENT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>Text. 12 comments</p>", "<p>Text. 1,300 comments</p>"),
        ("<p>正文。阅读 1234</p>", "<p>正文。阅读（5.2万）</p>"),
        ("<p>正文。12条评论</p>", "<p>正文。3条评论</p>"),
        ("<p>at https://example.org/?token=1</p>", "<p>at https://example.org/?token=2</p>"),
    ],
)
def test_counters_and_tokens_change_no_digest(one, other):
    assert digest(Content(html=one)) == digest(Content(html=other))


def test_other_numbers_change_the_digest():
    assert digest(Content(html="<p>12 dead</p>")) != digest(Content(html="<p>13 dead</p>"))
