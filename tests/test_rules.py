"""Which entries a source lets through, and whom they are owed to."""

import pytest

from aggregator import rules
from aggregator.credit import credit
from aggregator.model import Content, Person, Source, SourceInfo
from tests.fakes import NOW

CONTENT = Content(
    title="Open House in 长春",
    url="https://news.example/Sport/1",
    html="<p>All <b>doors</b> are open.</p><p>Second line</p>",
    summary="A teaser",
    authors=(Person(name="Ann"), Person(email="bob@news.example")),
    tags=("party",),
    language="en-GB",
)


@pytest.mark.parametrize(
    ("field", "pattern", "matches"),
    [
        ("title", "open house", True),
        ("title", "长春", True),
        ("title", "^house", False),
        ("text", "All doors are", True),
        ("text", "teaser", True),
        ("text", "<b>", False),
        ("url", "/sport/", True),
        ("author", "^ann$", True),
        ("author", "^nn$", False),
        ("author", "ann", True),
        ("author", "bob@", True),
        ("category", "house", False),
        ("category", "local news", True),
        ("category", "^party$", True),
        ("language", "^en", True),
    ],
)
def test_a_pattern_is_searched_anywhere_in_its_field_whatever_the_case(field: str, pattern: str, matches: bool) -> None:
    included = Source(name="s", include=((field, (pattern,)),))
    excluded = Source(name="s", exclude=((field, (pattern,)),))

    assert rules.is_wanted(CONTENT, ("Local News",), included) is matches
    assert rules.is_wanted(CONTENT, ("Local News",), excluded) is not matches


def test_one_include_is_enough_and_one_exclude_too_much() -> None:
    include = (("title", ("nothing", "open")), ("url", ("nowhere",)))

    assert rules.is_wanted(CONTENT, (), Source(name="s", include=include))
    assert not rules.is_wanted(CONTENT, (), Source(name="s", include=include, exclude=(("text", ("doors",)),)))
    assert not rules.is_wanted(CONTENT, (), Source(name="s", include=(("url", ("nowhere",)),)))


def test_without_rules_all_pass_even_what_says_nothing() -> None:
    assert rules.is_wanted(Content(), (), Source(name="s"))


# --- credit --------------------------------------------------------------------------------------

INFO = SourceInfo(id="tag:n", title="News", url="https://news.example/", updated="2026-03-01T00:00:00Z", rights="CC BY")


def test_a_source_is_called_as_feeds_yaml_says_else_as_it_says_itself() -> None:
    source = Source(name="n", url="https://news.example/feed")

    assert credit(source, INFO, now=NOW).title == "News"
    assert credit(source, SourceInfo(), now=NOW).title == "n"
    assert credit(Source(name="n", title="Ours", url=source.url), INFO, now=NOW).title == "Ours"


@pytest.mark.parametrize("url", ["https://me:secret@news.example/feed", "https://news.example/feed?token=abc"])
def test_an_address_with_a_secret_is_nobodys_business(url: str) -> None:
    told = credit(Source(name="n", url=url), INFO, now=NOW)

    assert told.feed_url is None
    assert "secret" not in repr(told)
    assert "abc" not in repr(told)
    assert told.url == "https://news.example/"


def test_a_private_source_shows_no_address_at_all() -> None:
    told = credit(Source(name="n", url="https://news.example/feed", private=True), INFO, now=NOW)

    assert (told.url, told.feed_url) == (None, None)


def test_a_folder_has_no_address() -> None:
    told = credit(Source(name="n", path="/home/me/posts"), SourceInfo(), now=NOW)

    assert (told.url, told.feed_url) == (None, None)
