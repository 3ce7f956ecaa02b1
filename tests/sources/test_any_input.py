"""Whatever comes: posts and answers are read, or refused as what they are, in no more than seconds."""

from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import ReadError
from aggregator.model import Document, File, Paging, Source
from aggregator.sources import jekyll_posts, json_api
from aggregator.sources.parts.jekyll import liquid
from aggregator.sources.parts.jekyll.typography import typeset

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BOUNDED = settings(max_examples=150, deadline=5000)

MARKS = (
    *("{% raw %}", "{% if x %}", "%}", "{{ page.title | upcase }}", "{{ ", "{: .a}", "{::comment}", "{:/}", "{#a}"),
    *("<div>\n", "</div>", '<p markdown="1">', "</p> a", "<!-- ", "| a | b |\n", "|---|\n", "**", "`", "```\n", "$$"),
    *("[^1]", "[^1]: a\n", ": a\n", "- ", "> ", "    ", "\n\n", "\r\n", "---\n", "中。", "é", "\x00", '"', "'", "a"),
)
HEADS = (
    *(
        "title: a\n",
        "date: 2022-02-30\n",
        "date: +0800\n",
        "categories: a b\n",
        "categories: {a: b}\n",
        "tags: [1, ~]\n",
    ),
    *("permalink: /:year/:x/:title\n", "permalink: [a]\n", "excerpt_separator: a\n", "- a\n", "a: &b\n", "c: *b\n"),
    *(
        "published: {}\n",
        "slug: ''\n",
        "image: {path: []}\n",
        "author: [{name: a}, 1]\n",
        "? a\n",
        "{",
        "'",
        "\t",
        "!!a b\n",
    ),
)
JSON = (
    *('{"list": ', '[{"t": "a"}]', "[", "]", "{", "}", '"t"', ":", ",", "null", "NaN", "-1e999", '"\\ud83d"', "'a'"),
    *(
        "<script>",
        "</script>",
        "var a = ",
        'JSON.parse("',
        "cb(",
        ");",
        "<pre>",
        "//",
        "/*",
        "!0",
        "undefined",
        "\\",
        "9" * 30,
    ),
)


def texts(pieces: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces) | st.text(max_size=3), max_size=25).map("".join)


@given(head=texts(HEADS), body=texts(MARKS), config=texts(HEADS))
@BOUNDED
def test_any_post_is_read_or_told(head, body, config):
    files = (
        File(path="_config.yml", body=f"url: https://a.example\n{config}".encode("utf-8", "replace")),
        File(path="_posts/2022-01-01-a.md", body=f"---\n{head}---\n{body}".encode("utf-8", "replace")),
        File(path="_posts/2022-01-02-b.md", body=b"---\ntitle: b\n---\ntext"),
    )
    document = Document(url="/site", requested_url="/site", files=files, fetched_at=NOW)

    reading = jekyll_posts.read(document, Source(name="s", kind="jekyll_posts", path="/site"), now=NOW)

    found = {entry.file for entry in reading.entries}
    assert "2022-01-02-b.md" in found
    is_hidden = "published:" in head
    assert "2022-01-01-a.md" in found or any("2022-01-01-a.md" in text for text in reading.warnings) or is_hidden


@given(answer=texts(JSON), items=st.sampled_from(["list", "@", "values(@)", "a.b", "list[*]", "[]"]))
@BOUNDED
def test_any_answer_is_read_or_refused(answer, items):
    source = Source(
        name="s",
        kind="json_api",
        url="https://a.example/",
        items=items,
        fields=(("title", ("t", "@")), ("url", ("https://a.example/{t}",)), ("published", ("list",))),
        next=Paging(url="https://a.example/?p={page}&c={list}", pages=3),
    )
    body = answer.encode("utf-8", "replace")
    document = Document(url="https://a.example/", requested_url="https://a.example/", body=body, fetched_at=NOW)

    with suppress(ReadError):
        for entry in json_api.read(document, source, now=NOW).entries:
            assert entry.title or entry.url


@given(text=texts(MARKS))
@BOUNDED
def test_what_liquid_leaves_holds_no_tag_that_is_whole(text):
    left, _ = liquid.run(text, value_of=lambda _: "", address_of=lambda *_: None)

    assert "raw" in text or "{% if x %}" not in left


@given(text=st.text(alphabet="ab \"'-.<>中(\n", max_size=40))
@BOUNDED
def test_typesetting_changes_signs_and_nothing_else(text):
    def letters(one: str) -> str:
        return "".join(sign for sign in one if sign in "ab中(\n")

    assert letters(typeset(text)) == letters(text)
    assert not {'"', "'"} & set(typeset(text))
