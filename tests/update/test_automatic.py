"""``article: auto`` over polls: which pages are asked for, what is taken, and that it stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import World, item, rss

FEED = "https://news.example/feed"
YAML = """
    sources:
      - {name: news, url: "https://news.example/feed", article: auto}
"""
LEAD = "The harbour board met on Tuesday evening to decide what will become of the old pilot house."
REST = [
    "It has stood empty for eleven years, and the roof leaks in three places, as the surveyor told the board.",
    "Two bids came in, one of them from the sailing club, which wants to open a café there in the summer.",
    "The board will meet again in a fortnight; until then both bidders may look at the house on weekdays.",
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, YAML) as made:
        yield made


def article(*paragraphs: str, title: str = "Pilot house to be sold", head: str = "") -> str:
    """Return the page of an article on a site with a menu, other news and a foot."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{title} - Harbour News</title>{head}</head><body>"
        "<header><nav><a href=/>Home</a> <a href=/sport>Sport</a> <a href=/ships>Ships</a></nav></header>"
        f"<main><article><h1>{title}</h1>{text}</article></main>"
        "<aside><h3>Most read</h3><ul><li><a href=/7>Ferry timetable changes in May</a></ul></aside>"
        "<footer>© 2026 Harbour News <a href=/privacy>Privacy</a></footer></body></html>"
    )


def put(world: World, *items: str, feed: str = FEED) -> None:
    world.site.put(feed, rss(*items))


def poll(world: World) -> tuple[list[str], str]:
    """Poll once; return the pages that were asked for, and all warnings."""
    world.site.forget()
    world.clock.turn(hours=13)
    round_ = world.refresh()
    return [url for url in world.site.asked if url != FEED], " ".join(w for r in round_.reports for w in r.warnings)


def text_of(world: World, title: str = "Pilot house to be sold") -> str:
    return world.full_entry(title).content.html or ""


def test_a_teaser_is_completed_from_its_page_and_stays_the_summary(world: World) -> None:
    put(world, item("Pilot house to be sold", "https://news.example/1", text=f"<p>{LEAD}</p>"))
    world.site.put("https://news.example/1", article(LEAD, *REST))

    asked, warnings = poll(world)

    entry = world.full_entry("Pilot house to be sold")
    assert (asked, warnings) == (["https://news.example/1"], "")
    assert entry.content.html == "".join(f"<p>{paragraph}</p>" for paragraph in (LEAD, *REST))
    assert entry.content.summary == LEAD


PAGE = "https://news.example/1"
TITLE = "Pilot house to be sold"


def teaser(text: str = f"<p>{LEAD}</p>", link: str = PAGE, **more: str) -> str:
    return item(TITLE, link, text=text, **more)


def test_a_text_from_a_page_stays_as_it_is_whatever_the_feed_does_to_its_teaser(world: World) -> None:
    put(world, teaser())
    world.site.put(PAGE, article(LEAD, *REST))
    poll(world)
    before = text_of(world)

    for words in ("Read by 20 people. ", "Read by 30 people. "):
        put(world, teaser(f"<p>{words}{LEAD}</p>"))
        assert poll(world) == ([], "")
        assert text_of(world) == before


def test_a_teaser_that_changes_is_no_update_of_an_entry_with_its_text_from_the_page(world: World) -> None:
    put(world, teaser())
    world.site.put(PAGE, article(LEAD, *REST))
    poll(world)

    put(world, teaser(f"<p>{LEAD} It was a long evening.</p>"))
    round_ = world.refresh()

    assert [report.updated for report in round_.reports] == [0]


def test_the_feeds_own_text_comes_back_once_it_is_whole(world: World) -> None:
    put(world, teaser())
    world.site.put(PAGE, article(LEAD, *REST))
    poll(world)

    put(world, teaser("".join(f"<p>{text}</p>" for text in (LEAD, *REST, "Corrected: the roof leaks in four places."))))
    asked, _ = poll(world)

    assert asked == []
    assert "Corrected" in text_of(world)


def test_a_page_that_is_not_taken_is_asked_for_once_and_the_feed_goes_on_telling(world: World) -> None:
    put(world, teaser())
    world.site.put(PAGE, article(LEAD, title="Something else") + "<p>Subscribe to continue reading</p>")

    first, warnings = poll(world)
    put(world, teaser("<p>The harbour board met on Wednesday.</p>"))
    second, _ = poll(world)

    assert (first, second) == ([PAGE], [])
    assert TITLE in warnings
    assert "not for everybody" in warnings
    assert text_of(world) == "<p>The harbour board met on Wednesday.</p>"


def test_the_pages_of_a_feed_with_whole_texts_are_not_asked_for(world: World) -> None:
    long = "".join(f"<p>{text}</p>" for text in (LEAD, *REST) * 6)
    summed_up = {"content:encoded": "".join(f"<p>{text}</p>" for text in (LEAD, *REST, *REST))}
    put(world, teaser(long), item("Another", "https://news.example/2", text=LEAD[:60], **summed_up))
    body = world.site.pages[FEED].body.replace(
        b"<rss ", b'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    )
    world.site.put(FEED, body)

    assert poll(world) == ([], "")


@pytest.mark.parametrize("ending", ["…", "Read more", "<a href='/1'>Continue reading →</a>", "阅读全文"])
def test_a_long_text_that_breaks_off_is_a_teaser(world: World, ending: str) -> None:
    put(world, teaser("".join(f"<p>{text}</p>" for text in (LEAD, *REST) * 6) + f"<p>{ending}</p>"))

    assert poll(world)[0] == [PAGE]


@pytest.mark.parametrize("link", ["/report.pdf", "/episode-1.mp3", "/photo.JPG"])
def test_what_is_no_page_by_its_address_is_not_asked_for(world: World, link: str) -> None:
    put(world, teaser(link=f"https://news.example{link}"))

    assert poll(world) == ([], "")


def test_an_address_that_several_entries_share_is_nobodys_page(world: World) -> None:
    put(world, item("One", "https://news.example/changes#1", text="a"), item("Two", "https://news.example/changes#2"))

    assert poll(world)[0] == []


def test_the_sites_home_page_is_nobodys_page(world: World) -> None:
    put(world, teaser(link="https://feeds.example.org/"))

    assert poll(world)[0] == []


def test_a_pdf_is_given_up_at_once(world: World) -> None:
    put(world, teaser())
    world.site.put(PAGE, b"%PDF-1.7", headers={"content-type": "application/pdf"})

    first, warnings = poll(world)
    second, _ = poll(world)

    assert (first, second) == ([PAGE], [])
    assert "given up" in warnings
    assert LEAD in text_of(world)


def test_a_captcha_is_tried_three_times(world: World) -> None:
    put(world, teaser())
    world.site.put(PAGE, "<title>Just a moment...</title><p>Verify you are human</p>")

    asked = [poll(world)[0] for _ in range(4)]

    assert asked == [[PAGE]] * 3 + [[]]


def test_entries_whose_pages_lead_to_the_front_page_do_not_become_one(world: World) -> None:
    front = article(LEAD, *REST, title="Harbour News", head='<link rel=canonical href="https://news.example/">')
    put(world, item("One", "https://news.example/a", text="a"), item("Two", "https://news.example/b", text="b"))
    for name in "ab":
        world.site.put(f"https://news.example/{name}", front, location="https://news.example/")

    _, warnings = poll(world)

    assert len(world.entries) == 2
    assert warnings.count("front page") == 2


def test_a_comment_on_an_article_stays_an_entry_of_its_own_with_its_own_text(tmp_path: Path) -> None:
    links = "\n      - {name: links, url: 'https://links.example/feed', article: auto}\n"
    comment = "I have seen a good many harbours, and nobody in any of them knew what to do with such a house. " * 3
    with World(tmp_path, YAML.rstrip() + links) as world:
        put(world, teaser())
        put(world, item("A house", PAGE, text=comment), feed="https://links.example/feed")
        world.site.put(PAGE, article(LEAD, *REST))

        world.refresh()

        assert len(world.entries) == 2
        assert comment.strip() in text_of(world, "A house")
        assert REST[2] in text_of(world)


KINDS = {
    "html_list": (
        "{name: news, kind: html_list, url: 'https://news.example/feed', items: li, fields: {title: a}, article: auto}",
        f'<ul><li><a href="/1">{TITLE}</a></li></ul>',
    ),
    "json_api": (
        "{name: news, kind: json_api, url: 'https://news.example/feed', items: list, fields: {title: t, number: n},"
        " article: {auto: true, url: 'https://news.example/{number}'}}",
        f'{{"list": [{{"t": "{TITLE}", "n": 1}}]}}',
    ),
    "json feed": (
        "{name: news, url: 'https://news.example/feed', article: {auto: true, remove: [aside]}}",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": [{"id": "1", '
        f'"url": "{PAGE}", "title": "{TITLE}", "content_text": "{LEAD}"}}]}}',
    ),
    "sitemap": (
        "{name: news, kind: sitemap, url: 'https://news.example/feed', article: auto}",
        f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{PAGE}</loc></url></urlset>",
    ),
}


@pytest.mark.parametrize(("source", "body"), KINDS.values(), ids=KINDS)
def test_pages_are_read_for_entries_of_any_kind(tmp_path: Path, source: str, body: str) -> None:
    with World(tmp_path, f"\n    sources:\n      - {source}\n") as world:
        world.site.put(FEED, body)
        world.site.put(PAGE, article(LEAD, *REST))

        asked, warnings = poll(world)

        assert (asked, warnings) == ([PAGE], "")
        assert text_of(world) == "".join(f"<p>{paragraph}</p>" for paragraph in (LEAD, *REST))


def test_a_post_without_an_address_names_no_page(tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts" / "2026-03-01-short.md").write_text("---\ntitle: Short\n---\nThat is all.\n")
    with World(tmp_path, "\n    sources:\n      - {name: posts, path: _posts/, article: auto}\n") as world:
        _, warnings = poll(world)

        assert "Short names no article page" in warnings
        assert text_of(world, "Short") == "<p>That is all.</p>"


def test_further_pages_of_an_article_are_found_by_themselves_too(tmp_path: Path) -> None:
    yaml = YAML.replace("article: auto", "article: {auto: true, next: {url: a.next@href, pages: 3}}")
    with World(tmp_path, yaml) as world:
        put(world, teaser())
        parts = ([LEAD, *REST], [text[::-1] + "." for text in REST], ["Subscribe to continue reading"])
        for number, part in enumerate(parts, start=1):
            page = article(*part).replace(
                "</article>", f"<a class=next href='/1?page={number + 1}'>Next page</a></article>"
            )
            world.site.put(PAGE if number == 1 else f"{PAGE}?page={number}", page)

        asked, warnings = poll(world)

        assert asked == [PAGE, f"{PAGE}?page=2", f"{PAGE}?page=3"]
        assert text_of(world).count("<p>") == 7
        assert "Subscribe" not in text_of(world)
        assert "page 3 of the article" in warnings
