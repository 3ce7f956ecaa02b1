"""Which copies are one entry, which one speaks, and what ids are: over feeds that are polled one after the other."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import identity
from aggregator.model import Content, IdentityRules, Link, Parameter, RawEntry, RawText, Source
from tests.fakes import NOW, World, item, rss

LONG = "<p>" + " ".join(f"A sentence of the article with the number {n} in it." for n in range(20)) + "</p>"
OWN_WORDS = "<p>" + " ".join(f"What the linkblog thinks of it, thought number {n}." for n in range(12)) + "</p>"
OTHER_WORDS = "<p>" + " ".join(f"Quite another opinion, in {n} of so many lines." for n in range(12)) + "</p>"

Web = Callable[..., World]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """Return a function that makes a world of feeds: name -> what its source says beside name and url."""
    made: list[World] = []

    def make(top: str = "", **sources: str) -> World:
        lines = [
            f"  - {{name: {name}, url: 'https://{name}.example/feed'{', ' + more if more else ''}}}"
            for name, more in sources.items()
        ]
        text = "\n".join(["site: {title: T, url: 'https://out.example/'}", top, "sources:", *lines])
        world = World(tmp_path / str(len(made)), text)
        made.append(world)
        return world

    yield make
    for world in made:
        world.store.close()


def say(world: World, name: str, *items: str) -> Any:
    """Let a source say this from now on, and poll it; returns its report."""
    world.site.put(f"https://{name}.example/feed", rss(*items, title=f"Feed {name}"))
    world.clock.turn(minutes=1)
    (report,) = world.refresh(name).reports
    return report


def copies(world: World) -> list[list[str]]:
    """Return the sources of each entry's copies."""
    return sorted(sorted(copy[0] for copy in entry.copies) for entry in world.entries)


PARAMETER = "identity: {parameters: [infoCode]}"


# --- one entry, whatever the order ---------------------------------------------------------------


FORMS = {
    "a": item("One", "https://a.example/show?infoCode=NW1&from=list", text="<p>text</p>", guid="a1"),
    "b": item("One", "http://www.b.example/other?infocode=NW1", text="<p>text</p>"),
    "c": item("One", "https://c.example/x", text='<p>t <a href="https://d.example/?InfoCode=NW1">d.example/?InfoCode=NW1</a></p>'),
}  # fmt: skip


@pytest.mark.parametrize("order", list(itertools.permutations("abc")), ids="".join)
def test_a_parameter_names_an_article_on_any_host_in_any_letter_case(web: Web, order: tuple[str, ...]) -> None:
    world = web(PARAMETER, a="", b="", c="")

    for name in order:
        say(world, name, FORMS[name])

    assert copies(world) == [["a", "b", "c"]]


@pytest.mark.parametrize("order", list(itertools.permutations("abc")), ids="".join)
def test_one_page_under_several_spellings_of_its_address_is_one_entry(web: Web, order: tuple[str, ...]) -> None:
    world = web(a="", b="", c="")
    spellings = {
        "a": "https://news.example.org/one/?b=2&a=1&utm_source=feed",
        "b": "http://www.news.example.org:80/one?a=1&b=2#top",
        "c": "https://NEWS.example.org/x/../one?a=1&b=2",
    }

    for name in order:
        say(world, name, item("One", spellings[name], text="<p>text</p>"))

    assert copies(world) == [["a", "b", "c"]]
    assert {copy[1] for copy in world.entries[0].copies} >= {spellings["a"], spellings["b"]}


def test_a_parameter_of_given_hosts_names_nothing_elsewhere(web: Web) -> None:
    world = web("identity: {parameters: [{name: id, hosts: [news.example.org]}]}", a="", b="", c="")

    say(world, "a", item("One", "https://news.example.org/a?id=7", text="<p>one</p>"))
    say(world, "b", item("One", "https://m.news.example.org/b?id=7", text="<p>one</p>"))
    say(world, "c", item("Other", "https://shop.example/?id=7", text="<p>other</p>"))

    assert copies(world) == [["a", "b"], ["c"]]


@pytest.mark.parametrize("order", list(itertools.permutations("abc")), ids="".join)
def test_a_copy_that_bears_names_of_two_entries_makes_them_one_under_the_older_id(
    web: Web, order: tuple[str, ...]
) -> None:
    world = web(PARAMETER, a="", b="", c="")
    items = {
        "a": item("One", "https://a.example/?infoCode=7", guid="https://a.example/id-a"),
        "b": item("One", "https://b.example/one", guid="https://b.example/id-b"),
        "c": item("One", "https://b.example/one", text='<p>t <a href="https://a.example/?infoCode=7">https://a.example/?infoCode=7</a></p>'),
    }  # fmt: skip

    ids = []
    for name in order:
        say(world, name, items[name])
        ids.append([entry.id for entry in world.entries])

    assert copies(world) == [["a", "b", "c"]]
    assert ids[-1] == [ids[0][0]]


def test_a_retired_id_is_never_used_again(web: Web) -> None:
    world = web(PARAMETER, a="", b="", c="", d="")
    say(world, "a", item("One", "https://a.example/?infoCode=7"))
    say(world, "b", item("One", "https://b.example/one", guid="https://b.example/id-b"))
    say(world, "c", item("One", "https://b.example/one?infoCode=7", guid="c"))
    say(world, "c", item("One", "https://b.example/one", guid="c", infoCode="7"))
    world.refresh()

    say(world, "d", item("Something else", "https://d.example/new", guid="https://b.example/id-b"))

    assert [entry.id for entry in world.entries].count("https://b.example/id-b") <= 1


def test_what_was_merged_counts_as_neither_new_nor_updated(web: Web) -> None:
    world = web(PARAMETER, a="", b="", c="")
    say(world, "a", item("One", "https://a.example/?infoCode=7"))
    say(world, "b", item("One", "https://b.example/one"))

    closing = '<p>t <a href="https://a.example/?infoCode=7">https://a.example/?infoCode=7</a></p>'
    report = say(world, "c", item("One", "https://b.example/one", text=closing))

    assert (report.new, report.updated, report.duplicates) == (0, 0, 1)


def test_a_known_copy_that_moves_to_the_address_of_another_entry_joins_it(web: Web) -> None:
    world = web(a="", b="")
    say(world, "a", item("One", "https://site.example/one", guid="a-1"))
    (first,) = world.entries
    say(world, "b", item("One, again", "https://b.example/moved", guid="b-1"))
    assert len(world.entries) == 2

    say(world, "b", item("One, again", "https://site.example/one", guid="b-1"))

    assert [entry.id for entry in world.entries] == [first.id]
    assert copies(world) == [["a", "b"]]


# --- guids ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "guid",
    [
        "https://a.example/id/1",
        "tag:a.example,2026:1",
        "urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341",
        "HTTP://A.example/ID/%7e1?x=Y",
    ],
)
def test_an_id_that_means_the_same_everywhere_is_kept_character_for_character(web: Web, guid: str) -> None:
    world = web(a="")

    say(world, "a", item("One", "https://a.example/1", guid=guid))

    assert world.entries[0].id == guid


@pytest.mark.parametrize(
    "guid",
    [
        "1",
        "post-1",
        "a.example/1",
        "https://",
        "https://a b/c",
        "tag:a",
        "urn:x",
        "javascript:alert(1)",
        "ftp://a.example/1",
        "https://a.example/\u00a0b",
        'tag:a.example,2026:"x',
    ],
)
def test_a_guid_that_is_no_iri_stays_within_its_source(web: Web, guid: str) -> None:
    world = web(a="", b="")

    say(world, "a", item("One", "https://a.example/1", guid=guid))
    say(world, "b", item("Other", "https://b.example/1", guid=guid))

    assert len(world.entries) == 2
    assert all(entry.id.startswith("urn:uuid:") for entry in world.entries)


@pytest.mark.parametrize("name", ["one", "other"])
def test_an_id_is_minted_from_what_the_article_is_called_and_nothing_else(web: Web, name: str) -> None:
    world = web(**{name: "category: any"})

    say(world, name, item("One", "https://a.example/1/", guid="7"))

    assert world.entries[0].id == "urn:uuid:d6eb2e0c-aeea-5cf0-b1a9-65268021f6fc"  # of url:a.example/1, for ever


def test_a_comment_goes_on_naming_an_article_that_became_one_with_another(web: Web) -> None:
    world = web(PARAMETER, a="", article="", linkblog="", bridge="")
    say(world, "a", item("The article", "https://a.example/?infoCode=7", text=LONG))
    say(world, "article", item("The article", "https://article.example/1", text=LONG))
    say(world, "linkblog", item("On it", "https://article.example/1", text=OWN_WORDS, guid="l"))

    closing = '<p>t <a href="https://a.example/?infoCode=7">https://a.example/?infoCode=7</a></p>'
    say(world, "bridge", item("The article", "https://article.example/1", text=LONG + closing))

    assert copies(world) == [["a", "article", "bridge"], ["linkblog"]]
    related = {entry.credit.name: entry.related for entry in world.full()}
    assert all(len(links) == 1 for links in related.values())


def test_a_guid_from_elsewhere_places_what_nothing_stronger_places(web: Web) -> None:
    world = web(a="", b="")
    say(world, "a", item("One", "https://a.example/1", guid="tag:a.example,2026:1"))

    report = say(world, "b", item("One", "https://proxy.example/r/1", guid="tag:a.example,2026:1"))

    assert copies(world) == [["a", "b"]]
    assert report.duplicates == 1


def test_a_guid_never_makes_two_entries_one(web: Web) -> None:
    world = web(a="", b="", c="")
    say(world, "a", item("One", "https://a.example/1", guid="tag:a.example,2026:1"))
    say(world, "b", item("Two", "https://b.example/2"))

    say(world, "c", item("Two", "https://b.example/2", guid="tag:a.example,2026:1"))

    assert copies(world) == [["a"], ["b", "c"]]


def test_a_guid_that_several_entries_of_one_document_share_names_none_of_them(web: Web) -> None:
    world = web(a="", b="")
    guid = "https://a.example/"

    say(world, "a", *(item(f"Nr {n}", f"https://a.example/{n}", guid=guid, text=f"<p>{n}</p>") for n in range(3)))
    say(world, "b", item("From elsewhere", "https://b.example/1", guid=guid))

    assert len(world.entries) == 4
    assert guid not in {entry.id for entry in world.entries if entry.title != "From elsewhere"}


def test_an_address_that_differing_entries_of_one_document_share_names_none_of_them(web: Web) -> None:
    world = web(a="")

    report = say(world, "a", *(item(f"Nr {n}", "https://a.example/", text=f"<p>{n}</p>") for n in range(3)))
    again = say(world, "a", *(item(f"Nr {n}", "https://a.example/", text=f"<p>{n}</p>") for n in range(4)))

    assert (report.new, again.new) == (3, 1)
    assert len(world.entries) == 4


def test_the_same_entry_twice_in_one_document_is_one(web: Web) -> None:
    world = web(a="")

    report = say(world, "a", *([item("One", "https://a.example/1", text="<p>one</p>")] * 2))

    assert (report.new, report.duplicates) == (1, 0)


def test_a_parameter_joins_also_what_shares_it_within_one_document(web: Web) -> None:
    world = web(PARAMETER, a="")

    say(
        world,
        "a",
        item("One", "https://a.example/x?infoCode=7", text="<p>a</p>", guid="1"),
        item("One, longer", "https://a.example/y?infoCode=7", text="<p>b</p>", guid="2"),
    )

    assert copies(world) == [["a", "a"]]


def test_an_entry_without_any_name_is_known_by_title_and_date_within_its_source(web: Web) -> None:
    world = web(a="", b="")
    bare = item("Bare", None, text="<p>one</p>", pubDate="Mon, 02 Mar 2026 07:00:00 GMT")

    first = say(world, "a", bare)
    edited = say(world, "a", bare.replace("one", "two"))
    other = say(world, "b", bare)

    assert (first.new, edited.new, edited.updated, other.new) == (1, 0, 1, 1)


@pytest.mark.parametrize("dates", [("3分钟前", "5分钟前"), ("2 hours ago", "3 hours ago"), ("昨天", "前天")])
def test_an_entry_without_any_name_is_not_new_because_its_date_is_told_against_the_time_of_the_poll(
    web: Web, dates: tuple[str, str]
) -> None:
    world = web(a="")
    once, later = (item("Bare", None, text=None, pubDate=date) for date in dates)

    say(world, "a", once)
    (before,) = world.entries
    again = say(world, "a", later)

    assert (again.new, again.updated) == (0, 0)
    assert [(entry.id, entry.published) for entry in world.entries] == [(before.id, before.published)]


def test_two_entries_without_any_name_are_told_apart_by_their_texts_where_their_dates_move(web: Web) -> None:
    world = web(a="")
    date = {"pubDate": "3分钟前"}

    report = say(
        world, "a", item("Flash", None, text="<p>one</p>", **date), item("Flash", None, text="<p>two</p>", **date)
    )

    assert report.new == 2


def test_an_entry_whose_guid_changes_upstream_is_neither_new_nor_deaf_to_edits(web: Web) -> None:
    world = web(a="")
    say(world, "a", item("One", "https://a.example/1", text="<p>one</p>", guid="http://a.example/?p=1"))
    (before,) = world.entries

    renamed = say(world, "a", item("One", "https://a.example/1", text="<p>one</p>", guid="https://a.example/?p=1"))
    edited = say(
        world, "a", item("One", "https://a.example/1", text="<p>one, edited</p>", guid="https://a.example/?p=1")
    )

    assert (renamed.new, renamed.updated, edited.new, edited.updated) == (0, 0, 0, 1)
    assert [(entry.id, len(entry.copies)) for entry in world.entries] == [(before.id, 1)]
    assert world.full()[0].content.html == "<p>one, edited</p>"


def test_two_entries_of_one_document_with_one_address_stay_two_copies(web: Web) -> None:
    world = web(a="")
    twice = [item("One", "https://a.example/1", text="<p>one</p>", guid=guid) for guid in ("x", "y")]

    say(world, "a", *twice)
    say(world, "a", *twice, item("Two", "https://a.example/2"))

    assert copies(world) == [["a"], ["a", "a"]]


# --- comments, languages, closing addresses ------------------------------------------------------


@pytest.mark.parametrize("order", ["article first", "comment first"])
def test_a_linkblogs_own_text_stays_apart_and_both_name_each_other(web: Web, order: str) -> None:
    world = web(article="", linkblog="")
    says = {
        "article": item("The article", "https://article.example/1", text=LONG, guid="https://article.example/1"),
        "linkblog": item("The article", "https://article.example/1", text=OWN_WORDS, guid="https://linkblog.example/9"),
    }

    for name in ("article", "linkblog") if order == "article first" else ("linkblog", "article"):
        say(world, name, says[name])

    assert copies(world) == [["article"], ["linkblog"]]
    full = {entry.credit.name: entry for entry in world.full()}
    for entry in full.values():
        assert [link.rel for link in entry.related] == ["related"]
    assert "linkblog thinks" not in (full["article"].content.html or "")
    say(world, "linkblog", says["linkblog"].replace("thinks", "says"))
    say(world, "article", says["article"].replace("sentence", "phrase"))
    assert copies(world) == [["article"], ["linkblog"]]


@pytest.mark.parametrize("order", list(itertools.permutations(["article", "one", "two"])), ids="-".join)
def test_two_linkblogs_and_the_article_are_three_entries(web: Web, order: tuple[str, ...]) -> None:
    world = web(article="", one="", two="")
    says = {
        "article": item("The article", "https://article.example/1", text=LONG),
        "one": item("The article", "https://article.example/1", text=OWN_WORDS, guid="o1"),
        "two": item("The article", "https://article.example/1", text=OTHER_WORDS, guid="t1"),
    }

    for name in order:
        say(world, name, says[name])

    assert copies(world) == [["article"], ["one"], ["two"]]
    article = next(entry for entry in world.full() if entry.credit.name == "article")
    assert article.content.html
    assert {copy[0] for entry in world.entries if len(entry.copies) == 1 for copy in entry.copies} == set(order)


@pytest.mark.parametrize("order", ["article first", "planet first"])
def test_an_excerpt_and_the_full_text_are_one_article(web: Web, order: str) -> None:
    world = web(article="", planet="")
    says = {
        "article": item("The article", "https://article.example/1", text=LONG),
        "planet": item("The article", "https://article.example/1", text=LONG[:300] + " …</p>"),
    }

    for name in ("article", "planet") if order == "article first" else ("planet", "article"):
        say(world, name, says[name])

    assert copies(world) == [["article", "planet"]]
    assert world.full()[0].credit.name == "article"


def test_where_feeds_yaml_says_so_an_address_joins_whatever_the_text(web: Web) -> None:
    world = web(article="", linkblog="identity: {urls: any}")

    say(world, "article", item("The article", "https://article.example/1", text=LONG))
    say(world, "linkblog", item("The article", "https://article.example/1", text=OWN_WORDS, guid="l"))

    assert copies(world) == [["article", "linkblog"]]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_different_languages_are_different_articles(web: Web, order: str) -> None:
    world = web(a="language: en", b="language: de")
    says = {
        "a": item("Open house", "https://site.example/1", text="<p>The house is open to all of you today.</p>"),
        "b": item("Offenes Haus", "https://site.example/1", text="<p>Das Haus ist heute für alle offen.</p>"),
    }

    for name in order:
        say(world, name, says[name])

    assert copies(world) == [["a"], ["b"]]


@pytest.mark.parametrize("order", ["article first", "note first"])
def test_a_note_that_ends_with_an_address_is_not_the_article_at_that_address(web: Web, order: str) -> None:
    world = web(article="", note="")
    link = '<p>Read on: <a href="https://article.example/1">https://article.example/1</a></p>'
    says = {
        "article": item("The article", "https://article.example/1", text=LONG),
        "note": item("Three things I read", "https://note.example/5", text="<p>Short words on what I read.</p>" + link),
    }

    for name in ("article", "note") if order == "article first" else ("note", "article"):
        say(world, name, says[name])

    assert copies(world) == [["article"], ["note"]]
    assert world.full_entry("The article").credit.name == "article"


@pytest.mark.parametrize("order", ["article first", "repost first"])
def test_a_repost_that_ends_with_the_articles_address_is_the_article(web: Web, order: str) -> None:
    world = web(article="", repost="")
    link = '<p><a href="https://article.example/1">https://article.example/1</a></p>'
    says = {
        "article": item("The article", "https://article.example/1", text=LONG),
        "repost": item("The article", "https://repost.example/5", text=LONG + link),
    }

    for name in ("article", "repost") if order == "article first" else ("repost", "article"):
        say(world, name, says[name])

    assert copies(world) == [["article", "repost"]]


# --- who speaks ----------------------------------------------------------------------------------


def test_the_copy_from_the_articles_own_site_speaks_unless_another_has_priority(web: Web) -> None:
    world = web(planet="", article="", desk="priority: 5")
    one = item("One", "https://article.example/1", text=LONG)

    say(world, "planet", one)
    assert world.full()[0].credit.name == "planet"
    say(world, "article", one)
    assert world.full()[0].credit.name == "article"
    say(world, "desk", one)
    assert world.full()[0].credit.name == "desk"
    assert [copy[0] for copy in world.entries[0].copies] == ["desk", "article", "planet"]


def test_who_came_first_speaks_among_equals(web: Web) -> None:
    world = web(b="", a="")

    say(world, "b", item("One", "https://site.example/1", text="<p>one</p>"))
    say(world, "a", item("One", "https://site.example/1", text="<p>one</p>"))

    assert world.full()[0].credit.name == "b"


def test_what_the_speaker_lacks_comes_from_the_own_site_and_from_nobody_else(web: Web) -> None:
    world = web(desk="priority: 5", stranger="", article="")
    say(world, "desk", item("One", "https://article.example/1"))
    say(world, "stranger", item("One", "https://article.example/1", text="<p>A stranger's text.</p>"))
    assert world.full()[0].content.html is None

    say(world, "article", item("One", "https://article.example/1", text="<p>The text.</p>"))

    assert world.full()[0].content.html == "<p>The text.</p>"
    assert world.full()[0].credit.name == "desk"


def test_what_the_speaker_lacks_comes_from_a_copy_with_the_same_parameter(web: Web) -> None:
    world = web(PARAMETER, a="", b="")
    say(world, "a", item("One", "https://x.example/?infoCode=7"))

    say(world, "b", item("One", "https://y.example/?infoCode=7", text="<p>The text.</p>", author="Somebody"))

    (entry,) = world.full()
    assert (entry.credit.name, entry.content.html) == ("a", "<p>The text.</p>")
    assert [person.name or person.email for person in entry.content.authors] == ["Somebody"]


@pytest.mark.parametrize(
    "guid",
    ["tag:article.example,2026:1", "https://article.example/id/1", "urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341"],
)
def test_no_source_speaks_under_anothers_id_by_claiming_its_guid(web: Web, guid: str) -> None:
    world = web(proxy="", evil="")
    say(world, "proxy", item("The article", "https://article.example/1", text=LONG, guid=guid))

    say(world, "evil", item("Buy now", "https://evil.example/1", text="<p>Cheap things.</p>", guid=guid))

    (entry,) = [entry for entry in world.full() if entry.id == guid]
    assert entry.content.title == "The article"
    assert "Cheap" not in (entry.content.html or "")


def test_no_source_speaks_under_anothers_id_by_ending_with_its_address(web: Web) -> None:
    world = web(proxy="", evil="")
    say(world, "proxy", item("The article", "https://article.example/1", text=LONG, guid="tag:article.example,2026:1"))

    link = '<a href="https://article.example/1">https://article.example/1</a>'
    say(world, "evil", item("The article", "https://evil.example/1", text=f"<p>Cheap things.</p>{link}"))

    entry = next(entry for entry in world.full() if entry.id == "tag:article.example,2026:1")
    assert "Cheap" not in (entry.content.html or "")


# --- time ----------------------------------------------------------------------------------------


def test_published_never_changes_once_it_was_given_out(web: Web) -> None:
    world = web(a="")
    dated = item("One", "https://a.example/1", text="<p>one</p>", pubDate="Sun, 01 Mar 2026 07:00:00 GMT")
    say(world, "a", dated)
    world.publish()

    say(world, "a", dated.replace("07:00", "09:30"))
    say(world, "a", dated.replace("07:00", "09:30").replace("one", "another"))

    assert world.entries[0].published == datetime(2026, 3, 1, 7, tzinfo=UTC)


def test_a_date_in_the_future_stands_where_it_was_first_seen(web: Web) -> None:
    world = web(a="")

    say(
        world,
        "a",
        item("Soon", "https://a.example/1", pubDate="Wed, 04 Mar 2026 07:00:00 GMT"),
        item("Undated", "https://a.example/2"),
    )

    at = world.clock()
    assert {entry.content.title: entry.stands for entry in world.full()} == {"Soon": at, "Undated": at}


def test_a_clock_that_is_a_little_ahead_is_believed(web: Web) -> None:
    world = web(a="")
    ahead = (NOW + timedelta(minutes=8)).strftime("%a, %d %b %Y %H:%M:%S GMT")

    say(world, "a", item("Soon", "https://a.example/1", pubDate=ahead))

    assert world.full()[0].stands == NOW + timedelta(minutes=8)


def test_undated_entries_of_one_poll_keep_the_documents_order(web: Web) -> None:
    world = web(a="")

    say(world, "a", *(item(f"Nr {n}", f"https://a.example/{n}") for n in range(12)))

    assert [entry.content.title for entry in world.full()] == [f"Nr {n}" for n in range(12)]


def test_a_visible_edit_by_the_speaker_is_an_update(web: Web) -> None:
    world = web(a="")
    say(world, "a", item("One", "https://a.example/1", text="<p>one</p>"))
    before = world.entries[0].updated

    report = say(world, "a", item("One", "https://a.example/1", text="<p>one, corrected</p>"))

    assert report.updated == 1
    assert world.entries[0].updated == world.clock() > before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>one</p>", "<p>one  </p>\n"),
        ('<p>one <img src="https://a.example/i.png?token=1"/></p>', '<p>one <img src="https://a.example/i.png?token=2"/></p>'),
        ("<p>one</p><p>12 comments</p>", "<p>one</p><p>13 comments</p>"),
    ],
    ids=["white space", "token", "counter"],
)  # fmt: skip
def test_an_invisible_change_changes_nothing(web: Web, before: str, after: str) -> None:
    world = web(a="")
    say(world, "a", item("One", "https://a.example/1", text=before))
    world.publish()
    tree = world.tree()

    report = say(world, "a", item("One", "https://a.example/1", text=after))
    world.publish()

    assert (report.outcome, report.new, report.updated) == ("fetched", 0, 0)
    assert world.tree() == tree


def test_a_copy_that_only_repeats_changes_nothing_but_the_list_of_copies(web: Web) -> None:
    world = web(a="", b="")
    one = item("One", "https://a.example/1", text="<p>one</p>")
    say(world, "a", one)
    before = world.entries[0].updated

    report = say(world, "b", one)
    edited = say(world, "b", one.replace("<p>", "<p>b's note: ").replace("&lt;p&gt;", "&lt;p&gt;b's note: "))

    assert (report.updated, report.duplicates, edited.updated) == (0, 1, 0)
    assert world.entries[0].updated == before


def test_a_changed_configuration_is_no_update(web: Web, tmp_path: Path) -> None:
    world = web(a="")
    say(
        world,
        "a",
        item(
            "One",
            "https://a.example/1",
            text="<p>one</p><p class='ad'>buy</p>",
            pubDate="Mon, 02 Mar 2026 07:00:00 +0000",
        ),
    )
    before = world.entries[0].updated

    world.write_config(world.text.replace("feed'}", "feed', language: de}"))
    report = say(
        world,
        "a",
        item(
            "One",
            "https://a.example/1",
            text="<p>one</p><p class='ad'>buy</p>",
            pubDate="Mon, 02 Mar 2026 07:00:00 +0000",
        ),
    )

    assert (report.outcome, report.updated) == ("fetched", 0)
    assert world.entries[0].updated == before


@pytest.mark.parametrize(("written", "updated"), [("text", 0), ("all", 1), ("none", 0)])
def test_what_counts_as_an_update_is_the_sources_to_say(web: Web, written: str, updated: int) -> None:
    world = web(a=f"updates: {written}")
    say(world, "a", item("One", "https://a.example/1", text='<p>one <img src="https://a.example/i.png?t=1"/></p>'))

    report = say(
        world, "a", item("One", "https://a.example/1", text='<p>one <img src="https://a.example/i.png?t=2"/></p>')
    )

    assert report.updated == updated


# --- keys by themselves --------------------------------------------------------------------------


RULES = IdentityRules(parameters=(Parameter(name="infoCode"),), patterns=(("infoCode", (r"\b(?:NW)?(\d{18})\b",)),))


@pytest.mark.parametrize(
    "raw",
    [
        RawEntry(url="https://x.example/?INFOCODE=NW202204212352230938"),
        RawEntry(url="https://x.example/news/1350,202204212352230938.html"),
        RawEntry(url="https://x.example/#!/news?infoCode=NW202204212352230938"),
        RawEntry(fields=(("infoCode", "NW202204212352230938"),)),
        RawEntry(id="NW202204212352230938"),
        RawEntry(file="2022-04-21-NW202204212352230938.md"),
    ],
    ids=["parameter", "path", "fragment", "field", "guid", "file"],
)
def test_a_pattern_finds_the_name_wherever_it_stands(raw: RawEntry) -> None:
    source = Source(name="s", url="https://x.example/", identity=RULES)

    (key, *_) = identity.keys(raw, Content(url=raw.url), source)

    assert (key.kind, key.value) == ("parameter", "infocode=202204212352230938")


def test_a_number_of_another_length_is_no_name() -> None:
    source = Source(name="s", url="https://x.example/", identity=RULES)

    keys = identity.keys(
        RawEntry(url="https://x.example/1202204212352230938"),
        Content(url="https://x.example/1202204212352230938"),
        source,
    )

    assert [key.kind for key in keys] == ["url"]


def test_names_that_equal_entries_share_go_on_naming_them() -> None:
    twice = RawEntry(id="g", url="https://x.example/1", title=RawText(value="One"))

    assert identity.shared_names([twice, twice]) == identity.Shared()


def test_the_address_that_a_page_calls_canonical_is_a_key_too() -> None:
    content = Content(
        title="A title",
        url="https://m.news.example/a",
        links=(Link(url="https://www.news.example/a?utm_source=m", rel="canonical"),),
    )

    names = identity.keys(RawEntry(url="https://m.news.example/a"), content, Source(name="news"))

    assert [key.value for key in names] == ["m.news.example/a", "news.example/a"]
