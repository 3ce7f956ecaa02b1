"""A source is polled: what is asked, what is kept between polls, what a failure leaves as it was."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Changes
from aggregator.update import update_articles, update_source
from tests.fakes import Answer, World, item, rss, titles

URL = "https://a.example/feed"
ONE = item("One", "https://a.example/1", text="<p>one</p>")
LIST = """
sources:
  - name: a
    kind: html_list
    url: https://a.example/1
    items: li
    fields: {title: a, url: a@href}
"""
TWO = item("Two", "https://a.example/2", text="<p>two</p>")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, f"sources: [{{name: a, url: '{URL}'}}]") as made:
        made.site.put(URL, rss(ONE))
        yield made


def poll(world: World, *names: str) -> list[str]:
    """Poll once; return the outcome of each source."""
    world.clock.turn(hours=1)
    world.site.forget()
    return [report.outcome for report in world.refresh(*names).reports]


def test_the_next_request_bears_the_validators_byte_for_byte(world: World) -> None:
    odd = {"etag": 'W/"a,b"; \tc', "last-modified": "Sun, 1 mars 2026"}
    world.site.put(URL, rss(ONE), etag="", headers=odd)
    poll(world)

    poll(world)

    (request,) = world.site.requests
    assert (request.etag, request.last_modified) == (odd["etag"], odd["last-modified"])
    assert request.validated_url == URL


def test_validators_are_kept_with_the_address_they_came_from(world: World) -> None:
    world.site.put(URL, rss(ONE), location="https://cdn.example/a")
    poll(world)

    poll(world)

    assert world.site.requests[0].validated_url == "https://cdn.example/a"


def test_a_200_without_validators_takes_the_old_ones_away(world: World) -> None:
    poll(world)
    world.site.put(URL, rss(TWO), etag="")
    poll(world)

    poll(world)

    assert (world.site.requests[0].etag, world.site.requests[0].last_modified) == (None, None)


def test_an_equal_body_is_unchanged_though_the_server_says_200(world: World) -> None:
    world.site.put(URL, rss(ONE), etag="")
    poll(world)

    assert poll(world) == ["unchanged"]


def test_only_what_was_not_there_before_is_new(world: World) -> None:
    poll(world)
    world.site.put(URL, rss(TWO, ONE))
    world.clock.turn(hours=1)

    (report,) = world.refresh().reports

    assert (report.outcome, report.new, report.updated) == ("fetched", 1, 0)
    assert set(titles(world.entries)) == {"One", "Two"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(status=0),
        Answer(status=429, retry_after=timedelta(days=1)),
        Answer(body=b""),
        Answer(body=b"<html><body>We are moving house</body></html>"),
        Answer(body=b'{"error": "no"}'),
    ],
    ids=["500", "silence", "429", "empty", "page", "json"],
)
def test_a_poll_that_fails_changes_nothing_but_the_report(world: World, answer: Answer) -> None:
    poll(world)
    world.publish()
    before, tree = world.entries, world.tree()
    world.site.pages[URL] = answer

    assert poll(world) == ["failed"]
    world.publish()
    assert world.entries == before
    assert world.tree() == tree
    assert world.store.state("a").error

    world.site.put(URL, rss(ONE))
    assert poll(world) == ["unchanged"], "the old validators still hold"


def test_a_feed_that_is_cut_off_loses_nothing_that_was_stored(world: World) -> None:
    poll(world)
    before = world.entries
    world.site.put(URL, rss(ONE)[:130])

    poll(world)

    assert world.entries == before


def test_a_failure_says_what_and_until_when(world: World) -> None:
    world.site.fail(URL, 503, retry_after=timedelta(hours=5))

    (report,) = world.refresh().reports

    assert (report.outcome, report.status) == ("failed", 503)
    assert report.error
    assert report.until is not None
    assert report.until >= world.clock() + timedelta(hours=5)


def test_one_bad_source_does_not_stop_the_others(tmp_path: Path) -> None:
    with World(tmp_path, f"sources: [{{name: a, url: '{URL}'}}, {{name: b, url: 'https://b.example/'}}]") as world:
        world.site.put(URL, rss(ONE))
        world.site.put("https://b.example/", b"\x00\xff not a feed")

        assert poll(world) == ["fetched", "failed"]
        assert titles(world.entries) == ["One"]


def test_words_of_feeds_yaml_that_say_how_to_read_make_it_read_all_again(world: World) -> None:
    poll(world)

    world.write_config(f"sources: [{{name: a, url: '{URL}', language: de}}]")

    assert poll(world) == ["fetched"]
    assert world.site.requests[0].etag is None
    assert world.full()[0].content.language == "de"


def test_words_of_feeds_yaml_that_say_nothing_on_reading_do_not(world: World) -> None:
    poll(world)

    world.write_config(f"sources: [{{name: a, url: '{URL}', priority: 3, every: 5h}}]")

    assert poll(world) == ["unchanged"]


def test_failure_of_a_feed_that_a_page_names_tells_its_address(tmp_path: Path) -> None:
    with World(tmp_path, "sources: [{name: a, url: 'https://a.example/'}]") as world:
        world.site.put(
            "https://a.example/", b"<!doctype html><link rel=alternate type='application/atom+xml' href='/away'>"
        )
        (report,) = world.refresh().reports

    assert (report.outcome, report.status) == ("failed", 404)
    assert str(report.error).startswith("the feed that the page names, https://a.example/away: ")


def test_the_feed_that_a_page_names_is_remembered_and_asked_directly(tmp_path: Path) -> None:
    with World(tmp_path, "sources: [{name: a, url: 'https://a.example/blog'}]") as world:
        world.site.put(
            "https://a.example/blog",
            "<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head><body>b</body></html>",
        )
        world.site.put(URL, rss(ONE))

        poll(world)
        assert world.site.asked == ["https://a.example/blog", URL]
        assert poll(world) == ["unchanged"]
        assert world.site.asked == [URL]


def test_a_named_feed_that_is_gone_is_looked_for_on_the_page_again(tmp_path: Path) -> None:
    with World(tmp_path, "sources: [{name: a, url: 'https://a.example/blog'}]") as world:
        link = "<html><head><link rel=alternate type='application/rss+xml' href='{}'></head><body>b</body></html>"
        world.site.put("https://a.example/blog", link.format("/old"))
        world.site.put("https://a.example/old", rss(ONE))
        poll(world)
        world.site.fail("https://a.example/old", 404)
        world.site.put("https://a.example/blog", link.format("/feed"))
        world.site.put(URL, rss(ONE, TWO))
        assert poll(world) == ["failed"]

        assert poll(world) == ["fetched"]
        assert len(world.entries) == 2


def test_an_address_that_was_corrected_in_feeds_yaml_is_asked_whatever_the_old_one_came_to(tmp_path: Path) -> None:
    with World(tmp_path, "sources: [{name: a, url: 'https://wrong.example/blog'}]") as world:
        world.site.put(
            "https://wrong.example/blog",
            "<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head><body>b</body></html>",
        )
        world.site.put("https://wrong.example/feed", rss(TWO))
        poll(world)
        world.site.fail("https://wrong.example/feed", 410)
        poll(world)
        world.write_config(f"sources: [{{name: a, url: '{URL}'}}]")
        world.site.put(URL, rss(ONE))
        world.site.forget()

        world.refresh(force=False)

        assert world.site.asked == [URL]
        assert set(titles(world.entries)) == {"One", "Two"}


def test_a_new_source_brings_no_more_of_its_old_entries_than_wanted(tmp_path: Path) -> None:
    dated = [
        item(f"Nr {n}", f"https://a.example/{n}", pubDate=f"Sun, 0{n} Feb 2026 07:00:00 GMT") for n in (1, 5, 3, 2, 4)
    ]
    with World(tmp_path, f"sources: [{{name: a, url: '{URL}', backlog: 2}}]") as world:
        world.site.put(URL, rss(*dated))
        poll(world)
        assert titles(world.entries) == ["Nr 5", "Nr 4"]

        world.site.put(URL, rss(ONE, *dated))
        poll(world)
        assert set(titles(world.entries)) == {"One", "Nr 5", "Nr 4"}


@pytest.mark.parametrize("again", ["an edit", "another time zone in feeds.yaml"])
def test_an_old_entry_that_was_left_out_stays_out_though_it_is_read_again(tmp_path: Path, again: str) -> None:
    config = f"sources: [{{name: a, url: '{URL}', backlog: 1}}]"
    old = item("Old", "https://a.example/o", text="<p>old</p>", pubDate="Sun, 01 Feb 2026 07:00:00 GMT")
    new = item("New", "https://a.example/n", pubDate="Mon, 02 Feb 2026 07:00:00 GMT")
    with World(tmp_path, config) as world:
        world.site.put(URL, rss(new, old))
        poll(world)

        for words in ("edited", "edited again"):
            if again == "an edit":
                world.site.put(URL, rss(new, old.replace("old", words)))
            else:
                world.site.put(URL, rss(new, old, title=words))
                world.write_config(config.replace("backlog", "timezone: Asia/Tokyo, backlog"))
            poll(world)

        assert titles(world.entries) == ["New"]


def test_what_is_excluded_is_left_out_and_what_is_included_stays(tmp_path: Path) -> None:
    text = f"sources: [{{name: a, url: '{URL}', include: {{title: [ON, wo]}}, exclude: {{text: ['^TWO']}}}}]"
    with World(tmp_path, text) as world:
        world.site.put(URL, rss(ONE, TWO, item("Three", "https://a.example/3")))

        poll(world)

        assert titles(world.entries) == ["One"]


def test_further_pages_of_a_list_are_read_as_far_as_wanted(tmp_path: Path) -> None:
    with World(tmp_path, LIST + "    next: {url: a.next@href, pages: 2}") as world:
        for n in (1, 2, 3):
            line = f"<ul><li><a href='/e{n}'>Entry {n}</a></li></ul><a class=next href='/{n + 1}'>next</a>"
            world.site.put(f"https://a.example/{n}", line)

        poll(world)

        assert set(titles(world.entries)) == {"Entry 1", "Entry 2"}
        assert poll(world) == ["unchanged"]


def test_a_page_of_a_list_that_is_missing_is_a_warning(tmp_path: Path) -> None:
    with World(tmp_path, LIST + "    next: {url: a.next@href, pages: 2}") as world:
        world.site.put("https://a.example/1", "<ul><li><a href='/e1'>E</a></li></ul><a class=next href='/2'>next</a>")

        (report,) = world.refresh().reports

        assert report.outcome == "fetched"
        assert any("page 2" in warning for warning in report.warnings)


@pytest.mark.parametrize("guid", ["\\ud800", "a\\u0000b", "\\u202e", "x" * 100_000])
def test_no_guid_however_strange_breaks_more_than_itself(tmp_path: Path, guid: str) -> None:
    with World(tmp_path, "sources: [{name: a, url: 'https://a.example/feed.json'}]") as world:
        ids = "".join(
            f'{{"id": "{one}", "title": "T{one}", "content_text": "text", "tags": ["{one}"], "url": "https://a.example/{one}"}},'
            for one in (guid, "plain")
        )
        feed = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "{guid[:9]}", "items": [{ids[:-1]}]}}'
        world.site.put("https://a.example/feed.json", feed)

        poll(world)
        world.publish()

        assert len(world.entries) == 2
        assert poll(world) == ["unchanged"]


def test_article_pages_can_be_had_without_asking_for_the_list(tmp_path: Path) -> None:
    with World(tmp_path, LIST + "    article: {content: p}") as world:
        world.site.put("https://a.example/1", "<ul><li><a href='/e1'>One</a></li></ul>")
        world.site.fail("https://a.example/e1")
        poll(world)
        world.site.put("https://a.example/e1", "<p>The text</p>")
        world.clock.turn(hours=1)
        world.site.forget()
        assert world.store.sources_wanting_articles(now=world.clock()) == {"a"}

        asyncio.run(update_articles(world.config.sources[0], store=world.store, send=world.site, now=world.clock))

        assert world.site.asked == ["https://a.example/e1"]
        assert world.full()[0].content.html == "The text"
        assert world.store.sources_wanting_articles(now=world.clock()) == frozenset()


def test_a_report_counts_what_was_saved(world: World) -> None:
    report, changes = asyncio.run(
        update_source(
            world.config.sources[0], polling=world.config.polling, store=world.store, send=world.site, now=world.clock
        )
    )

    assert (report.source, report.kind, report.outcome, report.status, report.new) == ("a", "feed", "fetched", 200, 1)
    assert len(changes.new) == 1
    assert changes != Changes()


def test_what_remove_names_is_cut_out_of_a_feed_as_well(tmp_path: Path) -> None:
    text = """
    sources:
      - {name: news, url: "https://news.example/feed", remove: [".advert"]}
    """
    with World(tmp_path, text) as world:
        body = "<p>Words that stay.</p><p class='advert'>Buy now</p>"
        world.site.put("https://news.example/feed", rss(item("A title", "https://news.example/1", text=body)))
        world.refresh()

        html = world.full_entry("A title").content.html

    assert html is not None
    assert "Words that stay" in html
    assert "Buy now" not in html


def test_an_entry_whose_address_moves_is_published_with_the_new_one_and_is_no_update(tmp_path: Path) -> None:
    with World(tmp_path, 'sources: [{name: news, url: "https://news.example/feed"}]') as world:
        world.site.put("https://news.example/feed", rss(item("A title", "https://news.example/old", guid="1")))
        world.refresh()
        before = world.entry("A title")

        world.site.put("https://news.example/feed", rss(item("A title", "https://news.example/new", guid="1")))
        round_ = world.refresh()
        after = world.entry("A title")

    assert after.url == "https://news.example/new"
    assert (after.id, after.updated) == (before.id, before.updated)
    assert not round_.updated_ids


def test_a_secret_in_an_address_is_not_remembered_and_not_credited(tmp_path: Path) -> None:
    text = 'sources: [{name: news, url: "https://news.example/feed?key=${KEY}"}]'
    with World(tmp_path, text, environ={"KEY": "s3cret"}) as world:
        world.site.put("https://news.example/feed?key=s3cret", rss(item("A title", "https://news.example/1")))
        world.refresh()
        world.publish()

        assert world.store.state("news").url == "https://news.example/feed?key=${KEY}"
        assert world.full_entry("A title").credit.feed_url is None
        assert not any(b"s3cret" in body for body, _ in world.tree().values())


def test_an_entry_that_nothing_tells_from_another_is_left_out_and_told(world: World) -> None:
    notes = [item("Correction", text=f"<p>{text}</p>") for text in ("the bridge is open", "the bridge is shut")]
    world.site.put(URL, rss(ONE, *notes, notes[0]))

    (report,) = world.refresh().reports

    assert sorted(filter(None, titles(world.entries))) == ["Correction", "One"]
    assert [text for text in report.warnings if "only an id or a url could tell them apart" in text] == [
        "Correction: another entry of its title and date, with another text, is left out: "
        "only an id or a url could tell them apart"
    ]
