"""Several sources with one address: one request, however it is spelled, whatever each of them knows."""

from pathlib import Path

import pytest

from aggregator.text.urls import requested
from tests.fakes import World, item, rss, titles

URL = "https://x.example/feed"
ONE, TWO = item("One", "https://x.example/1"), item("Two", "https://x.example/2")
PAIR = f"{{name: a, url: '{URL}', category: a}}, {{name: b, url: '{URL}', category: b}}"


def asked(world: World, *names: str, due: bool = False, force: bool = True) -> list[str]:
    """Poll once; return the addresses asked."""
    world.site.forget()
    world.refresh(*names, due=due, force=force)
    return world.site.asked


@pytest.mark.parametrize(
    "spelling",
    ["https://X.Example/feed", "https://x.example:443/feed", "https://x.example/feed#top", "HTTPS://x.example/feed"],
)
def test_two_spellings_of_one_request_are_one_request(tmp_path: Path, spelling: str) -> None:
    with World(tmp_path, f"sources: [{{name: a, url: '{URL}'}}, {{name: b, url: '{spelling}'}}]") as world:
        for address in (URL, spelling):
            world.site.put(address, rss(ONE))

        for _ in range(3):
            assert len(asked(world)) == 1
            world.clock.turn(hours=1)
        assert world.site.requests[0].etag is not None

        assert {state.last_success is not None for state in world.store.states()} == {True}
        assert {state.url for state in world.store.states()} == {URL, spelling}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?b=1&a=2", "https://a.example/x?a=2&b=1"),
        ("https://a.example/x", "https://a.example/x/"),
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/x", "http://a.example/x"),
        ("https://a.example/x", "https://u:p@a.example/x"),
        ("https://a.example/x", "https://a.example:8443/x"),
        ("https://a.example/x", "https://www.a.example/x"),
    ],
)
def test_what_a_server_could_tell_apart_is_not_one_request(one: str, other: str) -> None:
    assert requested(one) != requested(other)


def test_a_source_that_comes_later_has_the_document_whole_by_one_request_and_then_all_ask_conditionally(
    tmp_path: Path,
) -> None:
    with World(tmp_path, f"sources: [{{name: a, url: '{URL}', category: a}}]") as world:
        world.site.put(URL, rss(ONE))
        asked(world)
        world.write_config(f"sources: [{PAIR}]")

        assert asked(world) == [URL]
        assert world.site.requests[0].etag is None
        assert [entry.categories for entry in world.entries] == [("a", "b")]

        assert asked(world) == [URL]
        assert world.site.requests[0].etag is not None


def test_sources_that_know_different_answers_ask_once_and_both_see_what_is_new(tmp_path: Path) -> None:
    with World(tmp_path, f"sources: [{PAIR}]") as world:
        world.site.put(URL, rss(ONE))
        asked(world)
        world.site.put(URL, rss(TWO, ONE))
        asked(world, "a")

        assert asked(world) == [URL]
        assert {entry.title: entry.categories for entry in world.entries} == {"One": ("a", "b"), "Two": ("a", "b")}
        assert asked(world) == [URL]
        assert world.site.requests[0].etag is not None


def test_the_feed_that_a_page_names_and_a_source_of_that_feed_are_one_request(tmp_path: Path) -> None:
    text = f"sources: [{{name: page, url: 'https://x.example/'}}, {{name: feed, url: '{URL}'}}]"
    with World(tmp_path, text) as world:
        link = "<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head><body>b</body></html>"
        world.site.put("https://x.example/", link)
        world.site.put(URL, rss(ONE))
        asked(world)

        assert asked(world) == [URL]
        assert titles(world.entries) == ["One"]


def test_sources_that_have_moved_to_one_address_ask_it_once(tmp_path: Path) -> None:
    new = "https://new.example/feed"
    with World(tmp_path, f"sources: [{PAIR}]") as world:
        world.site.put(URL, rss(ONE), location=new, is_permanent=True)
        world.site.put(new, rss(ONE))
        for _ in range(3):
            asked(world)
            world.clock.turn(days=1)

        assert asked(world) == [new]
        assert world.site.requests[0].etag is not None
        world.site.put(new, rss(TWO, ONE))
        asked(world, "a")
        assert asked(world) == [new]
        assert world.site.requests[0].etag is None
        assert {entry.categories for entry in world.entries} == {("a", "b")}


def test_the_lists_and_article_pages_of_two_sources_are_asked_once(tmp_path: Path) -> None:
    fields = "kind: sitemap, url: 'https://x.example/map', article: {content: p}"
    with World(tmp_path, f"sources: [{{name: a, {fields}}}, {{name: b, {fields}}}]") as world:
        root = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
        world.site.put(
            "https://x.example/map",
            f"<sitemapindex {root}><sitemap><loc>https://x.example/1</loc></sitemap></sitemapindex>",
        )
        world.site.put("https://x.example/1", f"<urlset {root}><url><loc>https://x.example/p</loc></url></urlset>")
        world.site.put("https://x.example/p", "<title>One</title><p>the text</p>")

        assert sorted(asked(world)) == ["https://x.example/1", "https://x.example/map", "https://x.example/p"]


def test_an_error_is_told_to_each_in_its_own_words(tmp_path: Path) -> None:
    new = "https://new.example/feed"
    with World(tmp_path, f"sources: [{PAIR}]") as world:
        world.site.put(URL, rss(ONE), location=new, is_permanent=True)
        world.site.put(new, rss(ONE))
        for _ in range(3):
            asked(world)
            world.clock.turn(days=1)
        world.site.fail(new, 404)
        world.site.fail(URL, 500)

        assert asked(world) == [new, URL]
        errors = [state.error or "" for state in world.store.states()]
        assert errors[0] == errors[1]
        assert errors[0].count("where it has moved to") == 1


def test_what_may_be_private_for_one_is_not_had_by_another_through_it(tmp_path: Path) -> None:
    text = f"sources: [{{name: a, url: '{URL}', allow_private: true}}, {{name: b, url: '{URL}'}}]"
    with World(tmp_path, text) as world:
        world.site.put(URL, rss(ONE))

        assert asked(world) == [URL, URL]


# --- due at different times -----------------------------------------------------------------------


def test_adaptive_sources_with_one_address_are_polled_together_though_their_times_differ(tmp_path: Path) -> None:
    text = f"sources: [{{name: a, url: '{URL}'}}, {{name: b, url: '{URL}', exclude: {{title: Two}}}}]"
    with World(tmp_path, text) as world:
        world.site.put(URL, rss(ONE))
        asked(world, due=True)
        last, requests = world.clock(), 0
        for hour in range(100):
            world.clock.turn(minutes=15)
            world.site.put(URL, rss(*(item(f"Two {n}", f"https://x.example/{n}") for n in range(hour // 9)), ONE))
            count = len(asked(world, due=True, force=False))
            if count:
                assert count == 1
                assert (world.clock() - last).total_seconds() >= 3600
                last, requests = world.clock(), requests + 1

        states = world.store.states()
        assert requests > 3
        assert states[0].last_poll == states[1].last_poll


def test_a_source_in_back_off_or_asked_to_wait_takes_no_part(tmp_path: Path) -> None:
    api = "kind: json_api, items: x, fields: {title: t}"
    text = f"sources: [{{name: a, url: '{URL}', every: 5m}}, {{name: b, url: '{URL}', {api}}}]"
    with World(tmp_path, text) as world:
        world.site.put(URL, rss(ONE))
        world.refresh()
        assert world.store.state("b").failures == 1

        world.clock.turn(minutes=6)
        assert {one.source: one.outcome for one in world.refresh(due=True, force=False).reports} == {
            "a": "unchanged",
            "b": "skipped",
        }
