"""Article pages: fetched once for what is new, tried again where that failed, and never lost."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes import World, titles

LIST = "https://news.example/list"
YAML = """
    identity: {parameters: [infoCode]}
    sources:
      - name: news
        kind: html_list
        url: https://news.example/list
        items: li
        fields: {title: a, url: a@href, summary: p}
        article: {content: article, published: time, author: .by}
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, YAML) as made:
        yield made


def put_list(world: World, *numbers: int, summaries: Mapping[int, str] | None = None) -> None:
    lines = [
        f'<li><a href="/{n}">Title {n}</a>{"<p>" + summaries[n] + "</p>" if summaries and n in summaries else ""}</li>'
        for n in numbers
    ]
    world.site.put(LIST, f"<html><body><ul>{''.join(lines)}</ul></body></html>")


def put_page(world: World, number: int, text: str = "All of it") -> None:
    body = f"<article><p>{text}, number {number}.</p></article><time>2026-03-01 10:00</time><i class='by'>Ann</i>"
    world.site.put(page(number), f"<html><body>{body}</body></html>")


def page(number: int) -> str:
    return f"https://news.example/{number}"


def poll(world: World, *names: str) -> tuple[list[str], str]:
    """Poll once; return the pages that were asked for, without the list, and all warnings."""
    world.site.forget()
    world.clock.turn(minutes=21)
    round_ = world.refresh(*names)
    return [url for url in world.site.asked if url != LIST], " ".join(w for r in round_.reports for w in r.warnings)


def test_a_page_is_fetched_once_and_its_text_published(world: World) -> None:
    put_list(world, 1, 2)
    put_page(world, 1)
    put_page(world, 2)

    first, _ = poll(world)
    put_list(world, 3, 1, 2)
    put_page(world, 3)
    second, _ = poll(world)

    assert sorted(first) == [page(1), page(2)]
    assert second == [page(3)]
    assert world.full_entry("Title 1").content.html == "<p>All of it, number 1.</p>"


def test_what_was_said_of_a_page_ends_when_it_was_had_though_another_waits(world: World) -> None:
    put_list(world, 1, 2)
    world.site.fail(page(1), status=None)
    world.site.fail(page(2))
    poll(world)

    put_page(world, 1)
    poll(world)

    (kept,) = [one for one in world.store.state("news").warnings if one.about == "page"]
    assert "Title 2" in kept.texts[0]
    assert not any("does not answer" in text for text in kept.texts)


def test_a_page_that_fails_is_tried_three_times_while_the_list_says_304_and_then_given_up(world: World) -> None:
    put_list(world, 1)
    world.site.fail(page(1))

    tries = [poll(world) for _ in range(5)]

    assert [len(asked) for asked, _ in tries] == [1, 1, 1, 0, 0]
    assert "will be tried again" in tries[0][1]
    assert "given up" in tries[2][1]
    assert titles(world.entries) == ["Title 1"]


def test_three_tries_take_less_than_an_hour(world: World) -> None:
    put_list(world, 1)
    world.site.fail(page(1))
    poll(world)
    began = world.clock()
    while not world.site.asked or page(1) in world.site.asked:
        poll(world)

    assert (world.clock() - began).total_seconds() < 3600 + 21 * 60


def test_a_page_that_failed_and_comes_later_completes_the_entry(world: World) -> None:
    put_list(world, 1)
    world.site.fail(page(1))
    poll(world)
    (before,) = world.entries
    put_page(world, 1)

    asked, _ = poll(world)

    (after,) = world.entries
    assert asked == [page(1)]
    assert after.id == before.id
    assert world.full()[0].content.html == "<p>All of it, number 1.</p>"


def test_a_page_is_not_tried_again_before_its_time(world: World) -> None:
    put_list(world, 1)
    world.site.fail(page(1))
    poll(world)
    world.site.forget()
    world.clock.turn(minutes=5)

    world.refresh()

    assert page(1) not in world.site.asked


def test_pages_that_were_not_had_survive_a_restart(world: World) -> None:
    put_list(world, 1)
    world.site.fail(page(1))
    poll(world)
    world.restart()
    put_page(world, 1)

    asked, _ = poll(world)

    assert asked == [page(1)]
    assert world.full()[0].content.html


def test_a_first_poll_of_many_takes_some_now_the_rest_later_and_loses_none(world: World) -> None:
    numbers = range(1, 251)
    put_list(world, *numbers)
    for number in numbers:
        put_page(world, number)

    asked = [poll(world)[0] for _ in range(4)]

    assert [len(pages) for pages in asked] == [100, 100, 50, 0]
    assert len({url for pages in asked for url in pages}) == 250
    assert [entry for entry in world.full() if not entry.content.html] == []


def test_a_host_that_is_down_is_not_asked_for_every_page(world: World) -> None:
    put_list(world, *range(1, 41))
    for number in range(1, 41):
        world.site.fail(page(number), status=None)

    asked, _ = poll(world)

    assert len(asked) < 15
    for number in range(1, 41):
        put_page(world, number)
    poll(world)
    poll(world)
    assert [entry for entry in world.full() if not entry.content.html] == []


def test_a_text_that_was_had_stays_when_the_list_says_something_else(world: World) -> None:
    put_list(world, 1, summaries={1: "Read by 10 people"})
    put_page(world, 1)
    poll(world)
    before = world.full()[0].content

    put_list(world, 1, summaries={1: "Read by 20 people, and a longer teaser now"})
    asked, _ = poll(world)

    after = world.full()[0].content
    assert asked == []
    assert (after.html, after.authors, after.published) == (before.html, before.authors, before.published)
    assert after.html == "<p>All of it, number 1.</p>"


def test_a_page_that_was_given_up_is_not_asked_again_whenever_the_list_changes(world: World) -> None:
    put_list(world, 1, summaries={1: "0 views"})
    world.site.fail(page(1))
    asked = [poll(world)[0] for _ in range(3)]

    for views in range(1, 5):
        put_list(world, 1, summaries={1: f"{views} views"})
        asked.append(poll(world)[0])

    assert [len(pages) for pages in asked] == [1, 1, 1, 0, 0, 0, 0]


def test_a_list_that_changes_all_the_time_does_not_stretch_the_tries(world: World) -> None:
    world.site.fail(page(1))
    asked = []
    for views in range(6):
        put_list(world, 1, summaries={1: f"Teaser number {views}"})
        asked.append(poll(world)[0])

    assert sum(map(len, asked)) == 3


def test_the_lists_new_words_count_while_the_page_was_not_had(world: World) -> None:
    world.site.fail(page(1))
    put_list(world, 1, summaries={1: "The first teaser"})
    poll(world)

    put_list(world, 1, summaries={1: "The second teaser"})
    poll(world)

    assert "second" in (world.full()[0].content.html or "")


def test_an_entry_that_has_its_text_from_elsewhere_needs_no_page(tmp_path: Path) -> None:
    with World(tmp_path, YAML + "      - {name: other, url: 'https://other.example/feed'}") as world:
        text = "<item><link>https://news.example/x?infoCode=7</link><description>Text enough</description></item>"
        world.site.put("https://other.example/feed", f"<rss version='2.0'><channel>{text}</channel></rss>")
        world.refresh("other")
        world.site.put(LIST, '<ul><li><a href="/y?infoCode=7">Title</a></li></ul>')

        asked, _ = poll(world, "news")

        assert asked == []
        assert len(world.entries) == 1


def test_an_entry_that_became_one_with_another_has_its_text(tmp_path: Path) -> None:
    more = "\n".join(f"      - {{name: {name}, url: 'https://{name}.example/feed'}}" for name in "abc")
    with World(tmp_path, YAML.replace("[infoCode]", "[infoCode, id]") + more) as world:
        for name, link, text in (
            ("a", "https://news.example/x?infoCode=7", "Text enough"),
            ("b", "https://news.example/y?id=8", "Text enough"),
            ("c", "https://news.example/x?infoCode=7&amp;id=8", "Text enough"),
        ):
            feed = f"<rss version='2.0'><channel><item><link>{link}</link><description>{text}</description></item>"
            world.site.put(f"https://{name}.example/feed", f"{feed}</channel></rss>")
            world.refresh(name)
        assert len(world.entries) == 1
        world.site.put(LIST, '<ul><li><a href="/z?id=8">Title</a></li></ul>')

        asked, _ = poll(world, "news")

        assert asked == []


def test_the_own_site_does_not_speak_with_nothing_to_say(tmp_path: Path) -> None:
    with World(tmp_path, YAML + "      - {name: other, url: 'https://other.example/feed'}") as world:
        feed = "<item><link>https://news.example/1</link><description>Text enough</description></item>"
        world.site.put("https://other.example/feed", f"<rss version='2.0'><channel>{feed}</channel></rss>")
        world.refresh("other")
        put_list(world, 1)
        put_page(world, 1)

        asked, _ = poll(world, "news")

        assert asked == [page(1)]
        assert world.full()[0].content.html == "<p>All of it, number 1.</p>"


def test_excluded_entries_cost_no_page_now_and_later(tmp_path: Path) -> None:
    with World(tmp_path, YAML.rstrip() + "\n        exclude: {title: [title 1]}\n") as world:
        put_list(world, 1, 2)
        put_page(world, 2)

        first, _ = poll(world)
        put_list(world, 3, 1, 2)
        put_page(world, 3)
        second, _ = poll(world)

        assert (first, second) == ([page(2)], [page(3)])
        assert set(titles(world.entries)) == {"Title 2", "Title 3"}


def test_what_a_page_must_tell_to_be_included_is_asked_once(tmp_path: Path) -> None:
    with World(tmp_path, YAML.rstrip() + "\n        include: {text: [wanted]}\n") as world:
        put_list(world, 1, 2)
        put_page(world, 1, "What is wanted")
        put_page(world, 2, "Something else")

        first, _ = poll(world)
        put_list(world, 1, 2, 3)
        put_page(world, 3, "Something else")
        second, _ = poll(world)

        assert sorted(first) == [page(1), page(2)]
        assert second == [page(3)]
        assert titles(world.entries) == ["Title 1"]


def test_entries_that_share_an_address_stay_apart_also_after_their_page_was_read(tmp_path: Path) -> None:
    shared = """
    sources:
      - name: news
        kind: json_api
        url: https://news.example/list
        items: list
        fields: {title: title, url: {const: "https://news.example/home"}, number: number}
        article: {url: "https://news.example/text/{number}", as: json, content: text}
    """
    with World(tmp_path, shared) as world:
        records = ",".join(f'{{"title": "Title {n}", "number": {n}}}' for n in (1, 2, 3))
        world.site.put(LIST, f'{{"list": [{records}]}}')
        for number in (1, 2):
            world.site.put(f"https://news.example/text/{number}", f'{{"text": "Text {number}"}}')
        world.site.fail("https://news.example/text/3")

        poll(world)
        world.site.put("https://news.example/text/3", '{"text": "Text 3"}')
        poll(world)

        assert set(titles(world.entries)) == {"Title 1", "Title 2", "Title 3"}


# --- several pages of one article --------------------------------------------------------------------

CUT = """
    sources:
      - {name: list, kind: html_list, url: 'https://news.example/list', items: li, fields: {title: a, url: a@href},
         article: {content: .text, remove: [.ad], next: {url: a.next@href, pages: 4}}}
"""


def part(text: str, following: str | None = None) -> str:
    link = f"<a class=next href='{following}'>下一页</a>" if following else ""
    return f"<div class=text><p>{text}</p><p class=ad>buy</p></div>{link}"


@pytest.fixture
def cut(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, CUT) as made:
        made.site.put("https://news.example/list", "<ul><li><a href='/a/1.html'>One</a></ul>")
        yield made


def test_pages_of_one_article_are_joined_in_their_order(cut: World) -> None:
    cut.site.put("https://news.example/a/1.html", part("first <img src='1.png'>", "1_2.html#top"))
    cut.site.put("https://news.example/a/1_2.html", part("second <img src='2.png'>", "/b/1_3.html"))
    cut.site.put("https://news.example/b/1_3.html", part("third <img src='3.png'>"))

    report = cut.refresh().reports[0]

    html = cut.full_entry("One").content.html or ""
    assert re.findall("first|second|third", html) == ["first", "second", "third"]
    for address in ("/a/1.png", "/a/2.png", "/b/3.png"):
        assert f'src="https://news.example{address}"' in html
    assert "buy" not in html
    assert report.warnings == ()
    pages = [request for request in cut.site.requests if "/list" not in request.address]
    assert all(request.is_page and not request.is_trusted for request in pages)
    cut.site.forget()
    cut.clock.turn(hours=1)
    cut.refresh()
    assert cut.site.asked == ["https://news.example/list"]


@pytest.mark.parametrize("back", ["/a/1.html", "/a/1.html#part2", "#", "/a/1_2.html", "javascript:void(0)"])
def test_pages_that_lead_back_end_the_article(cut: World, back: str) -> None:
    cut.site.put("https://news.example/a/1.html", part("first", "1_2.html"))
    cut.site.put("https://news.example/a/1_2.html", part("second", back))

    assert cut.refresh().reports[0].warnings == ()

    assert cut.site.asked[1:] == ["https://news.example/a/1.html", "https://news.example/a/1_2.html"]
    assert (cut.full_entry("One").content.html or "").count("second") == 1


def test_no_more_pages_are_asked_than_feeds_yaml_allows(cut: World) -> None:
    for number in range(1, 9):
        name = "1" if number == 1 else f"1_{number}"
        cut.site.put(f"https://news.example/a/{name}.html", part(f"part {number}", f"1_{number + 1}.html"))

    cut.refresh()

    assert len(cut.site.asked) == 1 + 4
    assert "part 4" in (cut.full_entry("One").content.html or "")


def test_a_page_that_says_the_same_again_ends_the_article(cut: World) -> None:
    for name in ("1", "1_2", "1_3"):
        cut.site.put(
            f"https://news.example/a/{name}.html", part("the same", f"{name}x.html" if name != "1" else "1_2.html")
        )

    cut.refresh()

    assert (cut.full_entry("One").content.html or "").count("the same") == 1


@pytest.mark.parametrize("answer", [None, "<p>not found</p>", ""])
def test_a_missing_page_is_a_warning_and_the_others_stay(cut: World, answer: str | None) -> None:
    cut.site.put("https://news.example/a/1.html", part("first", "1_2.html"))
    if answer is not None:
        cut.site.put("https://news.example/a/1_2.html", answer)

    report = cut.refresh().reports[0]

    assert "first" in (cut.full_entry("One").content.html or "")
    (warning,) = report.warnings
    assert "One" in warning
    assert "page 2 of the article" in warning


def test_the_next_page_may_be_a_template_with_its_number(tmp_path: Path) -> None:
    config = CUT.replace("a.next@href, pages: 4", "'https://news.example/a/1.html?page={page}', pages: 3")
    with World(tmp_path, config) as world:
        world.site.put("https://news.example/list", "<ul><li><a href='/a/1.html'>One</a></ul>")
        for number in (1, 2, 3, 4):
            suffix = "" if number == 1 else f"?page={number}"
            world.site.put(f"https://news.example/a/1.html{suffix}", part(f"part {number}"))
        world.refresh()

        html = world.full_entry("One").content.html or ""
        assert ["part 1" in html, "part 2" in html, "part 3" in html, "part 4" in html] == [True, True, True, False]


def test_a_date_told_against_now_means_the_time_of_the_poll_also_when_the_page_comes_later(tmp_path: Path) -> None:
    config = CUT.replace("url: a@href}", "url: a@href, published: i}")
    with World(tmp_path, config) as world:
        world.site.put("https://news.example/list", "<ul><li><a href='/1'>One</a><i>2小时前</i></ul>")
        world.site.fail("https://news.example/1")
        world.refresh()
        before = world.full_entry("One").content.published

        world.clock.turn(minutes=30)
        world.site.put("https://news.example/1", part("text"))
        world.refresh()

        assert world.full_entry("One").content.html is not None
        assert world.full_entry("One").content.published == before
        assert world.store.wanted_articles("list") == ()


def test_dates_told_against_now_stay_where_they_were_first_read(tmp_path: Path) -> None:
    fields = "fields: {title: a, url: a@href, published: i}"
    with World(tmp_path, f"sources: [{{name: l, kind: html_list, url: '{LIST}', items: li, {fields}}}]") as world:
        world.site.put(
            LIST, "<ul><li><a href='/1'>One</a><i>2小时前</i><li><a href='/2'>Two</a><i>3 hours ago</i></ul>"
        )
        world.refresh()
        before = {entry.title: entry.published for entry in world.entries}

        world.clock.turn(hours=2, minutes=20)
        world.site.put(LIST, "<ul><li><a href='/1'>One</a><i>4小时前</i><li><a href='/2'>Two</a><i>昨天 09:00</i></ul>")
        report = world.refresh().reports[0]

        assert {entry.title: entry.published for entry in world.entries} == before
        assert (report.new, report.updated) == (0, 0)


# --- several pages of one list -----------------------------------------------------------------------


def listing(*numbers: int, following: str | None = None) -> str:
    items = "".join(f"<li><a href='/{number}'>Entry {number}</a></li>" for number in numbers)
    return f"<base href='/archive/'><ul>{items}</ul>" + (
        f"<a class=next href='{following}'>next</a>" if following else ""
    )


@pytest.fixture
def paged(tmp_path: Path) -> Iterator[World]:
    rules = "items: li, fields: {title: a, url: a@href}, next: {url: a.next@href, pages: 4}"
    with World(tmp_path, f"sources: [{{name: l, kind: html_list, url: '{LIST}', {rules}}}]") as made:
        yield made


def test_pages_of_a_list_are_followed_from_their_base_and_no_further_than_wanted(paged: World) -> None:
    paged.site.put(LIST, listing(1, following="p2"))
    for number in range(2, 8):
        paged.site.put(f"https://news.example/archive/p{number}", listing(number, following=f"p{number + 1}"))

    paged.refresh()

    assert paged.site.asked == [LIST, *(f"https://news.example/archive/p{number}" for number in (2, 3, 4))]
    assert len(paged.entries) == 4


@pytest.mark.parametrize("back", ["/list", "p2", "/list#top", "p2#bottom"])
def test_pages_of_a_list_that_lead_in_a_circle_are_asked_once(paged: World, back: str) -> None:
    paged.site.put(LIST, listing(1, following="p2"))
    paged.site.put("https://news.example/archive/p2", listing(2, following=back))

    assert paged.refresh().reports[0].warnings == ()

    assert paged.site.asked == [LIST, "https://news.example/archive/p2"]
    assert len(paged.entries) == 2


ANY_KIND = {
    "a feed and selectors": (
        "{name: news, url: 'https://news.example/list', article: {content: article, author: .by}}",
        "<rss version='2.0'><channel><item><title>Title 1</title><link>/1</link><guid>1</guid></item></channel></rss>",
    ),
    "a feed and paths": (
        "{name: news, url: 'https://news.example/list',"
        " article: {url: 'https://news.example/api/{id}', as: json, content: data.text, author: data.by}}",
        "<rss version='2.0'><channel><item><title>Title 1</title><guid>1</guid></item></channel></rss>",
    ),
    "a sitemap and selectors": (
        "{name: news, kind: sitemap, url: 'https://news.example/list',"
        " article: {title: time, content: article, author: .by}}",
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://news.example/1</loc></url></urlset>",
    ),
    "a JSON API and selectors": (
        "{name: news, kind: json_api, url: 'https://news.example/list', items: list, fields: {title: t, url: u},"
        " article: {content: article, author: .by}}",
        '{"list": [{"t": "Title 1", "u": "/1"}]}',
    ),
}


@pytest.mark.parametrize(("source", "listed"), ANY_KIND.values(), ids=ANY_KIND)
def test_selectors_and_paths_read_the_articles_of_any_kind(tmp_path: Path, source: str, listed: str) -> None:
    with World(tmp_path, f"\n    sources:\n      - {source}\n") as world:
        world.site.put(LIST, listed)
        put_page(world, 1)
        world.site.put("https://news.example/api/1", '{"data": {"text": "<p>All of it, number 1.</p>", "by": "Ann"}}')

        poll(world)

        (entry,) = world.full()
        assert entry.content.html == "<p>All of it, number 1.</p>"
        assert [person.name for person in entry.content.authors] == ["Ann"]
