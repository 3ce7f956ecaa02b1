"""A site that is polled by its sitemap: lists and indexes, pages at its pace, nothing lost and nothing twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import publish
from aggregator.model import Fetched
from aggregator.update.articles import PER_POLL, TRY_AGAIN
from aggregator.update.indexes import PARTS_PER_POLL, settled_change
from tests.fakes import NOW, World

SITE = "https://news.example"
INDEX = f"{SITE}/sitemap.xml"
CONFIG = f"sources: [{{name: news, url: '{INDEX}', kind: sitemap}}]"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, CONFIG) as made:
        yield made


def urlset(*urls: str | tuple[str, str]) -> str:
    rows = [(one, "") if isinstance(one, str) else one for one in urls]
    lines = [
        f"<url><loc>{SITE}{path}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>"
        for path, lastmod in rows
    ]
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{''.join(lines)}</urlset>"


def index(*lists: tuple[str, str]) -> str:
    lines = [
        f"<sitemap><loc>{SITE}{path}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</sitemap>"
        for path, lastmod in lists
    ]
    return f"<sitemapindex>{''.join(lines)}</sitemapindex>"


def page(title: str, published: str = "2026-02-01T08:00:00Z") -> str:
    text = f"{title} was reported from many places on that day, and everybody had something to say of it. " * 12
    return (
        f"<html lang=en><head><title>{title} | News</title><meta property=og:title content='{title}'>"
        f"<meta name=description content='About {title}.'><meta name=author content='Ann Lee'>"
        f"<meta property=article:published_time content='{published}'></head>"
        f"<body><article><h1>{title}</h1><p>{text}</p><p>{text}</p></article></body></html>"
    )


def put(world: World, *paths: str) -> None:
    for path in paths:
        world.site.put(f"{SITE}{path}", page(path.strip("/").replace("/", " ").capitalize()))


def asked(world: World) -> list[str]:
    """The paths asked since the last time."""
    paths = [address.removeprefix(SITE) for address in world.site.asked]
    world.site.forget()
    return paths


def titles(world: World) -> list[str]:
    return sorted(entry.title or "" for entry in world.entries)


# --- entries and their pages -----------------------------------------------------------------------


def test_an_entry_has_title_date_author_and_text_of_its_page(world: World) -> None:
    world.site.put(INDEX, urlset("/rain"))
    put(world, "/rain")

    report = world.refresh().reports[0]

    entry = world.full_entry("Rain")
    assert report.warnings == ()
    assert (report.kind, report.new) == ("sitemap", 1)
    assert entry.content.url == f"{SITE}/rain"
    assert entry.content.published is not None
    assert entry.content.published.isoformat() == "2026-02-01T08:00:00+00:00"
    assert [person.name for person in entry.content.authors] == ["Ann Lee"]
    assert "reported from many places" in (entry.content.html or "")
    assert entry.content.language == "en"


def test_selectors_say_what_of_the_page_is_the_text(tmp_path: Path) -> None:
    config = f"sources: [{{url: '{INDEX}', kind: sitemap, article: {{content: .text}}}}]"
    with World(tmp_path, config) as world:
        world.site.put(INDEX, urlset("/rain"))
        world.site.put(f"{SITE}/rain", "<title>Rain</title><div class=text><p>It rains.</p></div><p>More</p>")
        world.refresh()

        assert world.full_entry("Rain").content.html == "<p>It rains.</p>"


def test_a_sitemap_is_known_by_what_it_is(tmp_path: Path) -> None:
    with World(tmp_path, f"sources: ['{SITE}/all-our-pages']") as world:
        world.site.put(f"{SITE}/all-our-pages", urlset("/rain"))
        put(world, "/rain")

        assert world.refresh().reports[0].kind == "sitemap"
        assert titles(world) == ["Rain"]
        assert world.store.state(world.config.sources[0].name).kind == "sitemap"

        world.clock.turn(hours=1)
        world.site.forget()
        world.refresh()
        assert [request.is_page for request in world.site.requests] == [True]  # so robots.txt binds it


def test_pages_are_asked_newest_first_over_several_polls_and_none_is_lost_or_shown_bare(world: World) -> None:
    count = 2 * PER_POLL + 5
    paths = [f"/page-{number:03}" for number in range(count)]
    days = [(NOW - timedelta(days=count - number)).isoformat() for number in range(count)]
    world.site.put(INDEX, urlset(*zip(paths, days, strict=True)))
    put(world, *paths)

    report = world.refresh().reports[0]
    first = asked(world)[1:]

    assert sorted(first) == sorted(paths[-PER_POLL:])
    assert len(world.entries) == PER_POLL
    assert all(entry.title for entry in world.entries)
    assert f"{count - PER_POLL} article pages are left for the next polls" in report.warnings

    world.clock.turn(hours=1)
    world.refresh()
    second = asked(world)[1:]
    world.clock.turn(hours=1)
    world.restart()
    world.refresh()

    assert sorted(second) == sorted(paths[5:-PER_POLL])
    assert sorted(asked(world)[1:]) == paths[:5]
    assert len(world.entries) == count
    world.clock.turn(hours=1)
    assert world.refresh().reports[0].outcome == "unchanged"
    assert asked(world) == ["/sitemap.xml"]


def test_what_comes_without_a_date_goes_before_what_was_there(world: World) -> None:
    paths = [f"/page-{number:03}" for number in range(PER_POLL + 40)]
    dated = [(path, "2026-01-01") for path in paths]
    world.site.put(INDEX, urlset(*dated))
    put(world, *paths, "/new")
    world.refresh()
    asked(world)

    world.clock.turn(hours=1)
    world.site.put(INDEX, urlset(*dated, "/new"))
    world.refresh()

    assert asked(world)[:2] == ["/sitemap.xml", "/new"]


def test_an_address_that_changes_is_no_new_entry_and_its_page_is_not_asked_again(world: World) -> None:
    world.site.put(INDEX, urlset(("/rain", "2026-02-01")))
    put(world, "/rain")
    world.refresh()
    before = world.entries[0]
    asked(world)

    world.clock.turn(days=1)
    world.site.put(INDEX, urlset(("/rain", "2026-03-02"), "/sun"))
    put(world, "/sun")
    report = world.refresh().reports[0]

    assert (report.new, report.updated) == (1, 0)
    assert asked(world) == ["/sitemap.xml", "/sun"]
    assert titles(world) == ["Rain", "Sun"]
    assert world.entry("Rain").id == before.id
    assert "reported from" in (world.full_entry("Rain").content.html or "")


def test_a_page_that_fails_holds_its_entry_back_and_then_gives_it_a_title_of_its_address(world: World) -> None:
    world.site.put(INDEX, urlset("/2026/heavy-rain-in_town.html", "/gone", "/odd/c_11253.htm"))
    world.site.fail(f"{SITE}/2026/heavy-rain-in_town.html", 500)
    world.site.fail(f"{SITE}/gone", 410)
    world.site.fail(f"{SITE}/odd/c_11253.htm", 403)

    for _ in range(2):
        world.refresh()
        assert world.entries == ()
        world.clock.turn(seconds=TRY_AGAIN.total_seconds())
    report = world.refresh().reports[0]

    assert {entry.title for entry in world.entries} == {"Heavy rain in town", None}
    assert sum("is given up" in text for text in report.warnings) == 3
    assert sum("called by its address" in text for text in report.warnings) == 2
    assert sum("left out" in text for text in report.warnings) == 1
    asked(world)
    world.clock.turn(hours=2)
    world.refresh()
    assert asked(world) == ["/sitemap.xml"]


def test_a_page_that_leads_to_the_front_page_is_gone(world: World) -> None:
    world.site.put(INDEX, urlset("/rain", "/sun"))
    put(world, "/rain")
    world.site.put(f"{SITE}/sun", page("Welcome"), location=f"{SITE}/")

    report = world.refresh().reports[0]

    assert titles(world) == ["Rain"]
    assert any("front page" in text for text in report.warnings)


def test_what_is_no_page_is_asked_once_and_called_by_its_address(world: World) -> None:
    world.site.put(INDEX, urlset("/annual-report.pdf"))
    world.site.put(f"{SITE}/annual-report.pdf", b"%PDF-1.7 \xff\xfe", headers={"content-type": "application/pdf"})

    world.refresh()

    assert titles(world) == ["Annual report"]
    world.clock.turn(hours=1)
    asked(world)
    world.refresh()
    assert asked(world) == ["/sitemap.xml"]


def test_a_page_that_is_not_free_gives_all_but_its_text(world: World) -> None:
    world.site.put(INDEX, urlset("/rain"))
    locked = page("Rain").replace("</head>", "<meta property='article:content_tier' content='locked'></head>")
    world.site.put(f"{SITE}/rain", locked)

    world.refresh()

    content = world.full_entry("Rain").content
    assert "reported from" not in (content.html or "")
    assert content.summary == "About Rain."
    assert content.published is not None


def test_addresses_that_are_not_wanted_are_never_asked_for(tmp_path: Path) -> None:
    config = f"sources: [{{url: '{INDEX}', include: {{url: /news/}}, exclude: {{url: old}}}}]"
    with World(tmp_path, config) as world:
        world.site.put(INDEX, urlset("/news/rain", "/news/old", "/about"))
        put(world, "/news/rain", "/news/old", "/about")
        world.refresh()

        assert asked(world) == ["/sitemap.xml", "/news/rain"]
        assert titles(world) == ["News rain"]


def test_backlog_brings_the_newest_of_what_is_there_already_and_all_that_comes(tmp_path: Path) -> None:
    with World(tmp_path, f"sources: [{{url: '{INDEX}', backlog: 1}}]") as world:
        old, new = ("/old", "2026-01-01"), ("/new", "2026-02-01")
        world.site.put(INDEX, urlset(old, new))
        put(world, "/old", "/new", "/next")
        world.refresh()
        assert titles(world) == ["New"]

        world.clock.turn(hours=1)
        world.site.put(INDEX, urlset(old, new, ("/next", "2026-03-01")))
        world.refresh()
        assert titles(world) == ["New", "Next"]


def test_a_news_sitemap_gives_entries_before_their_pages(world: World) -> None:
    news = """<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url>
        <loc>https://news.example/rain</loc><n:news><n:title>Rain at noon</n:title>
        <n:publication_date>2026-03-01</n:publication_date></n:news></url></urlset>"""
    world.site.put(INDEX, news)
    world.site.fail(f"{SITE}/rain", 503)

    world.refresh()

    assert titles(world) == ["Rain at noon"]


def test_a_source_that_is_no_sitemap_any_more_drops_the_pages_that_waited(world: World) -> None:
    world.site.put(INDEX, urlset("/rain"))
    world.site.fail(f"{SITE}/rain", 500)
    world.refresh()
    assert len(world.store.wanted_articles("news")) == 1

    world.write_config(CONFIG.replace("sitemap}", "feed}").replace(INDEX, f"{SITE}/feed"))
    world.site.put(f"{SITE}/feed", "<rss version='2.0'><channel><item><title>x</title></item></channel></rss>")
    world.refresh()

    assert world.store.wanted_articles("news") == ()


# --- indexes -----------------------------------------------------------------------------------------


def test_of_an_index_only_lists_are_asked_that_are_new_changed_or_unknown(world: World) -> None:
    world.site.put(INDEX, index(("/a.xml", "2026-01-01"), ("/b.xml", "2026-02-01"), ("/c.xml", "")))
    for name in "abc":
        world.site.put(f"{SITE}/{name}.xml", urlset(f"/{name}1"))
        put(world, f"/{name}1", f"/{name}2")
    report = world.refresh().reports[0]

    assert report.warnings == ()
    assert asked(world)[:4] == ["/sitemap.xml", "/b.xml", "/a.xml", "/c.xml"]
    assert titles(world) == ["A1", "B1", "C1"]

    world.clock.turn(hours=1)
    assert world.refresh().reports[0].outcome == "unchanged"
    assert asked(world) == ["/sitemap.xml", "/c.xml"]

    world.clock.turn(hours=1)
    world.site.put(INDEX, index(("/a.xml", "2026-01-02"), ("/b.xml", "2026-02-01"), ("/c.xml", "")))
    world.site.put(f"{SITE}/a.xml", urlset("/a1", "/a2"))
    report = world.refresh().reports[0]

    assert report.new == 1
    assert asked(world) == ["/sitemap.xml", "/a.xml", "/c.xml", "/a2"]


def test_lists_are_asked_conditionally(world: World) -> None:
    world.site.put(INDEX, index(("/a.xml", "")))
    world.site.put(f"{SITE}/a.xml", urlset("/rain"))
    put(world, "/rain")
    world.refresh()
    world.site.forget()
    world.clock.turn(hours=1)
    world.refresh()

    assert [request.etag is not None for request in world.site.requests] == [True, True]
    assert all(request.is_page and not request.is_trusted for request in world.site.requests[1:])


def test_indexes_of_indexes_are_followed_and_loops_end(world: World) -> None:
    world.site.put(INDEX, index(("/years.xml", "2026-01-01")))
    world.site.put(f"{SITE}/years.xml", index(("/2026.xml", "2026-01-01"), ("/sitemap.xml", ""), ("/years.xml", "")))
    world.site.put(f"{SITE}/2026.xml", urlset("/rain"))
    put(world, "/rain")

    world.refresh()
    assert asked(world) == ["/sitemap.xml", "/years.xml", "/2026.xml", "/rain"]

    world.clock.turn(hours=1)
    world.refresh()
    assert asked(world) == ["/sitemap.xml", "/years.xml"]


def test_of_very_many_lists_some_are_read_now_and_the_rest_later(world: World) -> None:
    names = [f"/list-{number:03}.xml" for number in range(PARTS_PER_POLL + 3)]
    world.site.put(INDEX, index(*((name, "2026-01-01") for name in names)))
    for name in names:
        world.site.put(f"{SITE}{name}", urlset(name.replace(".xml", "-page")))

    report = world.refresh().reports[0]
    assert "3 of its lists are left for the next polls" in report.warnings
    assert [path for path in asked(world) if path.endswith(".xml")] == ["/sitemap.xml", *names[:-3]]

    world.clock.turn(hours=1)
    world.refresh()
    assert [path for path in asked(world) if path.endswith(".xml")] == ["/sitemap.xml", *names[-3:]]


def test_what_comes_with_lists_that_are_read_later_is_no_flood(world: World) -> None:
    count = PARTS_PER_POLL + 20
    world.site.put(INDEX, index(*((f"/list-{number:03}.xml", "2026-01-01") for number in range(count))))
    for number in range(count):
        world.site.put(f"{SITE}/list-{number:03}.xml", urlset((f"/page-{number:03}", "2020-01-01")))
        world.site.put(f"{SITE}/page-{number:03}", page(f"Page {number}", "2020-01-01T00:00:00Z"))

    world.refresh()
    world.clock.turn(hours=1)
    world.refresh()

    assert len(world.entries) == count
    assert world.store.state("news").held == 0


def test_a_list_that_fails_is_a_warning_and_asked_again(world: World) -> None:
    world.site.put(INDEX, index(("/a.xml", "2026-01-01"), ("/b.xml", "2026-01-01")))
    world.site.put(f"{SITE}/a.xml", urlset("/rain"))
    world.site.fail(f"{SITE}/b.xml", 500)
    put(world, "/rain", "/sun")

    report = world.refresh().reports[0]
    assert report.outcome == "fetched"
    assert any("/b.xml" in text and "missing" in text for text in report.warnings)

    world.site.put(f"{SITE}/b.xml", urlset("/sun"))
    world.clock.turn(hours=1)
    world.refresh()
    assert titles(world) == ["Rain", "Sun"]


def test_lists_that_are_not_there_keep_no_other_from_being_read(world: World) -> None:
    gone = [(f"/gone-{number}.xml", "2026-01-01") for number in range(7)]
    world.site.put(INDEX, index(*gone, ("/a.xml", "2026-01-01")))
    for path, _ in gone:
        world.site.fail(SITE + path, 404)
    world.site.put(f"{SITE}/a.xml", urlset("/rain"))
    put(world, "/rain")

    world.refresh()

    assert titles(world) == ["Rain"]


def test_an_index_none_of_whose_lists_can_be_had_is_a_failure(world: World) -> None:
    world.site.put(INDEX, index(("/a.xml", "")))
    world.site.fail(f"{SITE}/a.xml", 500)

    report = world.refresh().reports[0]

    assert (report.outcome, report.status) == ("failed", 500)


def test_entries_of_a_list_that_left_the_index_are_no_longer_in_the_source(tmp_path: Path) -> None:
    with World(tmp_path, f"retention: 10d\n{CONFIG}") as world:
        world.site.put(INDEX, index(("/a.xml", "2026-01-01"), ("/b.xml", "2026-01-01")))
        for name in "ab":
            world.site.put(f"{SITE}/{name}.xml", urlset(f"/{name}1"))
            put(world, f"/{name}1")
        world.refresh()

        world.clock.turn(days=1)
        world.site.put(INDEX, index(("/a.xml", "2026-01-01")))
        world.refresh()

        kept = world.store.fetched("news", f"{SITE}/b.xml")
        assert isinstance(kept, Fetched)
        assert kept.seen == frozenset()
        world.clock.turn(days=11)
        publish.prune(world.config, world.store, now=world.clock())
        assert titles(world) == ["A1"]


@pytest.mark.parametrize(
    ("changed", "is_settled"),
    [
        ("2026-03-01", True),
        ("2026-03-02", False),  # the day is not over: more may come under the same date
        ("2026-03", False),
        ("2026-01", True),
        ("2026", False),
        ("2025", True),
        ("2026-03-02T06:59:00Z", True),
        ("2026-03-02T07:30:00Z", False),  # the list may have been made a little later than its index
        ("2026-03-02T15:30:00+08:00", False),
        ("soon", False),
        (None, False),
    ],
)
def test_a_change_is_settled_when_nothing_can_follow_under_its_date(changed: str | None, is_settled: bool) -> None:
    assert settled_change(changed, "UTC", now=NOW) == (changed if is_settled else None)
