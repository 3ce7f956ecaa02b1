"""Which entries a source lets through, and whom they are owed to."""

from datetime import datetime, timedelta

import pytest

from aggregator import rules
from aggregator.credit import credit
from aggregator.model import Content, Person, Source, SourceInfo
from aggregator.rules import Choice, Filters, Rule, Subject, Verdict
from aggregator.text.patterns import Searching
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


def is_wanted(content: Content, *, include: Filters = (), exclude: Filters = (), met: datetime = NOW) -> bool:
    return rules.verdict(Subject(content, ("Local News",), met), include, exclude, Searching()).is_wanted


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
    one = ((field, (pattern,)),)

    assert is_wanted(CONTENT, include=one) is matches
    assert is_wanted(CONTENT, exclude=one) is not matches


def test_one_include_is_enough_and_one_exclude_too_much() -> None:
    include = (("title", ("nothing", "open")), ("url", ("nowhere",)))

    assert is_wanted(CONTENT, include=include)
    assert not is_wanted(CONTENT, include=include, exclude=(("text", ("doors",)),))
    assert not is_wanted(CONTENT, include=(("url", ("nowhere",)),))


def test_without_rules_all_pass_even_what_says_nothing() -> None:
    assert is_wanted(Content())


def test_a_pattern_of_an_absent_value_is_searched_in_an_empty_text() -> None:
    assert not is_wanted(Content(title="No author"), exclude=(("author", ("^$",)),))


@pytest.mark.parametrize(
    ("age", "is_included", "is_excluded"),
    [
        ("7d", False, True),
        ("8d", True, False),  # just so old is not older
        ("30d", True, False),
        (">7d", True, True),
        (">8d", False, False),
        (">=8d", True, True),
        ("<8d", False, False),
        ("<=8d", True, True),
        ("≤ 1w1d", True, True),
        ("< 9d", True, True),
    ],
)
def test_an_age_is_that_of_the_entry_when_it_was_first_met(age: str, is_included: bool, is_excluded: bool) -> None:
    content = Content(title="A week and a day", published=NOW - timedelta(days=8))

    assert is_wanted(content, include=(("age", (age,)),)) is is_included
    assert is_wanted(content, exclude=(("age", (age,)),)) is not is_excluded


@pytest.mark.parametrize("published", [None, NOW + timedelta(days=3)])
def test_what_has_no_date_or_one_in_the_future_is_new(published: datetime | None) -> None:
    content = Content(title="Now", published=published)

    assert is_wanted(content, exclude=(("age", ("1d",)),))
    assert is_wanted(content, include=(("age", ("1h",)),))


def test_the_rule_that_decided_is_named() -> None:
    subject = Subject(CONTENT, (), NOW)
    include, exclude = (("title", ("open",)),), (("text", ("nothing", "doors")),)

    def by(include: Filters, exclude: Filters) -> Verdict:
        return rules.verdict(subject, include, exclude, Searching())

    assert by(include, exclude) == Verdict(is_wanted=False, by=Rule(verb="exclude", field="text", pattern="doors"))
    assert by(include, ()) == Verdict(is_wanted=True, by=Rule(verb="include", field="title", pattern="open"))
    assert by((("title", ("closed",)),), ()) == Verdict(is_wanted=False)


# --- categories ----------------------------------------------------------------------------------

ABOUT_DOORS = (("text", ("doors",)),)


@pytest.mark.parametrize(
    ("filed", "choice", "stands"),
    [
        (["news"], Choice(category="news", include=ABOUT_DOORS), {"news": True}),
        (["news"], Choice(category="news", exclude=ABOUT_DOORS), {"news": False}),
        (["sport"], Choice(category="news", include=ABOUT_DOORS), {"sport": True}),
        (["sport"], Choice(category="top", include=ABOUT_DOORS, of=("sport",)), {"sport": True, "top": True}),
        (["sport"], Choice(category="top", of=("sport", "news")), {"sport": True, "top": True}),
        (["sport"], Choice(category="top", include=ABOUT_DOORS, of=("news",)), {"sport": True}),
        ([], Choice(category="top", include=ABOUT_DOORS, of=None), {"top": True}),
        ([], Choice(category="top", include=(("title", ("closed",)),), of=None), {"top": False}),
    ],
)
def test_a_category_chooses_among_what_is_filed_there_and_what_it_is_told_to(
    filed: list[str], choice: Choice[str], stands: dict[str, bool]
) -> None:
    found = rules.standing(filed, [choice], Subject(CONTENT, (), NOW), Searching())

    assert {name: verdict.is_wanted for name, verdict in found.items()} == stands


def test_what_one_category_leaves_out_is_not_there_for_another_to_choose() -> None:
    choices = [Choice(category="news", exclude=ABOUT_DOORS), Choice(category="top", of=("news",))]

    found = rules.standing(["news"], choices, Subject(CONTENT, (), NOW), Searching())

    assert "top" not in found


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
