"""Comments on an article, by the contract: entries of their own, which name each other."""

import pytest

from tests.acceptance.conftest import Room, item, rss
from tests.fetch.site import Site

ARTICLE = "The harbour was rebuilt in three years by the people who live there. " * 5
COMMENT = "What strikes me is how little was said about the ferries, and who pays. " * 5


def comment_source(site: Site, more: str = "") -> str:
    return f"{{name: blog, url: '{site.url.replace('127.0.0.1', 'localhost')}/blog'{more}}}"


@pytest.fixture
def published(room: Room) -> Room:
    """The article in a feed of its own site, and in a linkblog on another host."""
    url = f"{room.web.url}/article"
    room.put("/own", rss(item("Harbour rebuilt", url, text=ARTICLE)))
    room.put("/blog", rss(item("On the harbour", url, text=COMMENT)))
    return room


@pytest.mark.parametrize("first", ["own", "blog"])
def test_comment_is_an_entry_of_its_own_and_both_name_each_other(published: Room, first: str) -> None:
    sources = ["{name: own, url: $/own}", comment_source(published.web)]
    published.write(*(sources if first == "own" else sources[::-1]))

    report = published.refresh()

    assert (report["new"], report["duplicates"]) == (2, 0)
    for name in ("all.atom", "all.rss"):
        links = {
            entry.title: [link for link in entry.links if link.rel == "related"]
            for entry in published.read(name).entries
        }
        assert {title: [link.href for link in found] for title, found in links.items()} == {
            "Harbour rebuilt": [f"{published.web.url}/article"],
            "On the harbour": [f"{published.web.url}/article"],
        }
        assert links["Harbour rebuilt"][0].title == "On the harbour"
    related = {
        entry["title"]: entry["_aggregator"]["related"][0]["title"] for entry in published.read("all.json")["items"]
    }
    assert related == {"Harbour rebuilt": "On the harbour", "On the harbour": "Harbour rebuilt"}


@pytest.mark.parametrize(
    ("text", "keys"), [("Worth reading.", ""), (ARTICLE, ""), (COMMENT, ", identity: {urls: any}")]
)
def test_short_word_the_same_text_or_the_operator_joins(published: Room, text: str, keys: str) -> None:
    published.put("/blog", rss(item("On the harbour", f"{published.web.url}/article", text=text)))
    published.write("{name: own, url: $/own}", comment_source(published.web, keys))

    report = published.refresh()

    assert (report["new"], report["duplicates"], published.titles()) == (1, 1, ["Harbour rebuilt"])


@pytest.mark.parametrize("first", ["own", "blog"])
def test_a_source_whose_urls_join_always_joins_whoever_came_first(published: Room, first: str) -> None:
    published.put("/blog", rss(item("On the harbour", f"{published.web.url}/article", text=COMMENT)))
    published.write("{name: own, url: $/own}", comment_source(published.web, ", identity: {urls: any}"))

    published.refresh(first)
    published.refresh("blog" if first == "own" else "own")

    assert published.titles() == ["Harbour rebuilt"]
