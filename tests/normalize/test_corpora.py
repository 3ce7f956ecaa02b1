"""The sanitizer before feeds that others collected to break one, and the posts of the first site we read."""

import io
import json
import re
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser

import pytest

from aggregator.model import Person, RawEntry, RawText, Source, SourceInfo
from aggregator.normalize import normalize
from aggregator.normalize.html import clean
from aggregator.normalize.text import plain
from aggregator.text.visible import visible
from tests.corpora import corpus
from tests.normalize.hostile import harm_in

NOW = datetime(2024, 5, 1, tzinfo=UTC)


@cache
def sanitizer_cases():
    cases = json.loads(corpus("feedparser", "expectations.json").read_text("utf-8"))
    return [case for case in cases if case["file"].startswith("wellformed/sanitize/")]


@cache
def values():
    """Texts of every document of the sanitizer tests, as sent: (file, kind of text, value)."""
    import feedparser

    found = []
    for case in sanitizer_cases():
        body = corpus("feedparser", case["file"]).read_bytes()
        parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
        for part in (parsed.feed, *parsed.entries):
            for name in ("title", "subtitle", "summary", "rights", "info", "content"):
                value = part.get(name)
                texts = [each.value for each in value] if isinstance(value, list) else [value]
                found.extend((case["file"], name, text) for text in texts if text)
    return found


def test_nothing_harmful_is_left_of_the_sanitizer_tests():
    assert len(values()) > 500
    harmful = {
        file: harm for file, _, value in values() if (harm := harm_in(clean(value, base="https://example.org/")))
    }
    assert harmful == {}


def test_nothing_harmful_is_left_in_titles_of_the_sanitizer_tests():
    titles = [plain(RawText(value=value, type="html")) or "" for _, name, value in values() if name == "title"]
    assert titles
    assert not [title for title in titles if "<script" in title or "onerror" in title or "javascript:" in title]


def test_text_that_the_sanitizer_tests_expect_is_left():
    """What is expected to be visible is what we leave visible, but for elements that go with their content."""
    expected_by_file = {case["file"]: str(case["expect"][-1].get("value", "")) for case in sanitizer_cases()}
    del expected_by_file["wellformed/sanitize/item_description_crazy.xml"]  # expects the text of a title in the body
    missing = {}
    for file, name, value in values():
        expected = text_of(expected_by_file.get(file, ""))
        if (
            name != "title"
            and expected
            and not re.search(r"<(?:svg|math|button|select|textarea|title|option|iframe)", value)
        ):
            result = visible(clean(value, base="https://example.org/"))
            if "".join(expected.split()) != "".join(result.split()):
                missing[file] = (expected, result)
    assert missing == {}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def text_of(html):
    reader = _Text()
    reader.feed(html)
    reader.close()
    return reader.text


POSTS = {
    "2022-02-25-NW202202252288940718.md": "吉林日报",
    "2022-04-21-NW202204212352070339.md": "财联社",
    "2022-04-21-NW202204212352188819.md": "央视新闻客户端",
    "2022-04-21-202204212352230938.md": "财联社",
    "2022-05-26-NW202205262391921712.md": "上海证券报",
    "-202205262391921712.md": "上海证券报",
}


def content_of_post(name):
    text = corpus("finews", "_posts", name).read_text("utf-8")
    _, head, body = text.split("---\n", 2)
    title = re.search(r'title: "(.*)"', head)[1]
    body = re.sub(r"\n> (.*)\n", r"<blockquote><p>\1</p></blockquote>", "\n" + body)  # as Markdown gives it
    raw = RawEntry(
        title=RawText(value=title), content=RawText(value=body, type="html"), base="https://finews.example/a/"
    )
    source = Source(name="posts", path="/srv/posts")
    return normalize(raw, source, SourceInfo(language="en"), url="file:///srv/posts", now=NOW)[0]


@pytest.mark.parametrize(("name", "medium"), POSTS.items())
def test_posts_of_the_first_site_name_their_medium_as_author(name, medium):
    assert content_of_post(name).authors == (Person(name=medium),)


@pytest.mark.parametrize("name", POSTS)
def test_posts_of_the_first_site_come_out_clean(name):
    content = content_of_post(name)
    assert harm_in(content.html) == []
    assert content.language == "zh"
    assert not re.search(r"<(?:p|span)>(?:\s|<br>)*</|display|data-code|<!--", content.html)
    assert len(content.summary) <= 500


def test_post_that_opens_with_a_digest_has_it_as_summary():
    summary = content_of_post("-202205262391921712.md").summary
    assert summary.startswith("据霍尼韦尔官网消息")
    assert summary.endswith("（上海证券报）")


def test_chart_with_a_token_stays_as_it_came():
    html = content_of_post("-202205262391921712.md").html
    assert "imageType=k&amp;token=28dfeb41d35cc81d84b4664d7c23c49f&amp;at=1" in html
