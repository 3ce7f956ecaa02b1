"""No word of a stranger leads to a private address: every way in which content names one, by every spelling.

What counts is the other server: a trap on loopback that must not be connected to even once. That it would be, were it
allowed, is shown for each way, or the way would prove nothing.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from aggregator import refresh
from aggregator.fetch import Fetcher
from aggregator.refresh import Round
from tests.fakes import World, item, rss
from tests.fetch.site import Answer, Site, in_loop, site
from tests.spelled import look_up, spelled

POLLING = "polling: {pause: 0s, timeout: 10s, concurrency: 8, per_host: 8}\n"
TRAP = Answer(body=rss(item("Trapped", "https://trap.example/1", text="from within")).encode())


def html(inner: str, head: str = "") -> Answer:
    page = f"<html><head><title>Page</title>{head}</head><body>{inner}</body></html>"
    return Answer(body=page.encode(), headers=[("Content-Type", "text/html; charset=utf-8")])


def link(url: str, text: str = "A link") -> str:
    return f"<a href={quoteattr(url)}>{text}</a>"


def outline(name: str, url: str) -> str:
    return f'<outline type="rss" text="{name}" xmlUrl={quoteattr(url)}/>'


def opml(*lines: str) -> Answer:
    return Answer(body=f'<opml version="2.0"><head/><body>{"".join(lines)}</body></opml>'.encode())


def to(status: int, url: str) -> Answer:
    """A redirect; what no header can hold is left out, as any server would."""
    plain = "".join(character for character in url if character not in "\r\n\0")
    return Answer(status=status, headers=[("Location", plain)])


@dataclass
class Told:
    """What the operator's server says, and feeds.yaml's sources, one a line."""

    sources: list[str]
    answers: dict[str, Answer]


Way = Callable[[str, Sequence[str]], Told]  # the operator's origin, what content names


def each(make: Callable[[str, int, str], tuple[str, dict[str, Answer]]]) -> Way:
    """A way in which one source can name but one address: a source for each."""

    def way(own: str, urls: Sequence[str]) -> Told:
        made = [make(own, number, url) for number, url in enumerate(urls)]
        return Told([source for source, _ in made], {path: one for _, answers in made for path, one in answers.items()})

    return way


def articles_of_a_feed(own: str, urls: Sequence[str]) -> Told:
    entries = [item(f"Entry {number}", url, guid=f"entry-{number}") for number, url in enumerate(urls)]
    return Told([f"{{name: feed, url: '{own}/feed', article: auto}}"], {"/feed": Answer(body=rss(*entries).encode())})


def articles_of_a_page(own: str, urls: Sequence[str]) -> Told:
    entries = "".join(f"<li>{link(url, f'Entry {number}')}</li>" for number, url in enumerate(urls))
    rule = "items: li, fields: {title: a, url: a@href}, article: {content: body}"
    return Told([f"{{name: page, url: '{own}/list', kind: html_list, {rule}}}"], {"/list": html(f"<ul>{entries}</ul>")})


def records(urls: Sequence[str], **more: str) -> Answer:
    found = [{"title": f"Entry {number}", "id": f"n{number}", "link": url} for number, url in enumerate(urls)]
    return Answer(body=json.dumps({"list": found, **more}).encode())


def templates_of_articles(own: str, urls: Sequence[str]) -> Told:
    rule = "items: list, fields: {id: id, title: title}, article: {url: '{link}', content: body}"
    return Told([f"{{name: api, url: '{own}/api', kind: json_api, {rule}}}"], {"/api": records(urls)})


def templates_of_hosts(own: str, urls: Sequence[str]) -> Told:
    places = [url.removeprefix("http://").partition("/")[0].rpartition(":") for url in urls]
    found = [{"title": host, "id": f"n{n}", "host": host, "port": port} for n, (host, _, port) in enumerate(places)]
    rule = "items: list, fields: {id: id, title: title}, article: {url: 'http://{host}:{port}/trap', content: body}"
    answer = Answer(body=json.dumps({"list": found}).encode())
    return Told([f"{{name: api, url: '{own}/api', kind: json_api, {rule}}}"], {"/api": answer})


def pages_of_a_sitemap(own: str, urls: Sequence[str]) -> Told:
    places = "".join(f"<url><loc>{_escaped(url)}</loc></url>" for url in urls)
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    source = f"{{name: map, url: '{own}/map.xml', kind: sitemap, article: auto}}"
    return Told([source], {"/map.xml": Answer(body=body.encode())})


def parts_of_a_sitemap(own: str, urls: Sequence[str]) -> Told:
    places = "".join(f"<sitemap><loc>{_escaped(url)}</loc></sitemap>" for url in urls)
    body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</sitemapindex>'
    return Told([f"{{name: map, url: '{own}/map.xml', kind: sitemap}}"], {"/map.xml": Answer(body=body.encode())})


def lines_of_a_list(own: str, urls: Sequence[str]) -> Told:
    lines = [outline(f"Feed {number}", url) for number, url in enumerate(urls)]
    return Told([f"{{name: list, url: '{own}/list.opml', kind: opml}}"], {"/list.opml": opml(*lines)})


def redirects_of_a_lists_feeds(own: str, urls: Sequence[str]) -> Told:
    lines = [outline(f"Feed {number}", f"{own}/feed/{number}") for number in range(len(urls))]
    answers = {f"/feed/{number}": to(302, url) for number, url in enumerate(urls)}
    return Told([f"{{name: list, url: '{own}/list.opml', kind: opml}}"], {"/list.opml": opml(*lines), **answers})


def redirects_of_articles(own: str, urls: Sequence[str]) -> Told:
    entries = [item(f"Entry {n}", f"{own}/article/{n}", guid=f"entry-{n}") for n in range(len(urls))]
    answers = {f"/article/{number}": to(307, url) for number, url in enumerate(urls)}
    feed = Answer(body=rss(*entries).encode())
    return Told([f"{{name: feed, url: '{own}/feed', article: auto}}"], {"/feed": feed, **answers})


def redirect_of_a_source(status: int) -> Way:
    return each(lambda own, n, url: (f"{{name: s{n}, url: '{own}/{n}', kind: feed}}", {f"/{n}": to(status, url)}))


def next_page_of_a_feed(own: str, n: int, url: str) -> tuple[str, dict[str, Answer]]:
    following = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href={quoteattr(url)}/>'
    body = rss(item(f"Entry {n}", f"https://e.example/{n}")).replace("<item>", following + "<item>", 1)
    return f"{{name: s{n}, url: '{own}/feed/{n}', kind: feed, next: {{pages: 2}}}}", {
        f"/feed/{n}": Answer(body=body.encode())
    }


def next_page_of_a_page(own: str, n: int, url: str) -> tuple[str, dict[str, Answer]]:
    rule = "items: li, fields: {title: a, url: a@href}, next: {url: a.next@href, pages: 2}"
    body = f"<ul><li>{link(f'https://e.example/{n}', 'Entry')}</li></ul><a class=next href={quoteattr(url)}>on</a>"
    return f"{{name: s{n}, url: '{own}/list/{n}', kind: html_list, {rule}}}", {f"/list/{n}": html(body)}


def next_page_of_an_api(own: str, n: int, url: str) -> tuple[str, dict[str, Answer]]:
    rule = "items: list, fields: {id: id, title: title, url: link}, next: {url: more, pages: 2}"
    answer = records([f"https://e.example/{n}"], more=url)
    return f"{{name: s{n}, url: '{own}/api/{n}', kind: json_api, {rule}}}", {f"/api/{n}": answer}


def next_page_of_an_article(own: str, n: int, url: str) -> tuple[str, dict[str, Answer]]:
    rule = "items: li, fields: {title: a, url: a@href}, article: {content: p, next: {url: a.next@href, pages: 2}}"
    listed = html(f"<ul><li>{link(f'{own}/article/{n}', 'Entry')}</li></ul>")
    page = html(f"<p>The first half of it.</p><a class=next href={quoteattr(url)}>on</a>")
    return f"{{name: s{n}, url: '{own}/list/{n}', kind: html_list, {rule}}}", {
        f"/list/{n}": listed,
        f"/article/{n}": page,
    }


def feed_that_a_page_names(own: str, n: int, url: str) -> tuple[str, dict[str, Answer]]:
    head = f'<link rel="alternate" type="application/rss+xml" href={quoteattr(url)}>'
    return f"{{name: s{n}, url: '{own}/home/{n}'}}", {f"/home/{n}": html("<p>Welcome.</p>", head)}


WAYS: dict[str, Way] = {
    "article of a feed": articles_of_a_feed,
    "article of a page": articles_of_a_page,
    "article by a template": templates_of_articles,
    "article by a template of hosts": templates_of_hosts,
    "page of a sitemap": pages_of_a_sitemap,
    "part of a sitemap": parts_of_a_sitemap,
    "line of a list": lines_of_a_list,
    "redirect of a list's feed": redirects_of_a_lists_feeds,
    "redirect of an article": redirects_of_articles,
    **{f"redirect {status}": redirect_of_a_source(status) for status in (301, 302, 303, 307, 308)},
    "next page of a feed": each(next_page_of_a_feed),
    "next page of a page": each(next_page_of_a_page),
    "next page of an API": each(next_page_of_an_api),
    "next page of an article": each(next_page_of_an_article),
    "feed that a page names": each(feed_that_a_page_names),
}
WITH_A_LATER_POLL = ("line of a list", "feed that a page names")  # whose addresses are remembered


def _escaped(text: str) -> str:
    return "".join(character for character in quoteattr(text)[1:-1] if character != "\0")


async def polled(folder: Path, told: Told, *, times: int = 1, network: str = "") -> tuple[World, list[Round]]:
    """Return what came of polls with the true fetcher, an hour and more apart."""
    sources = "".join(f"  - {source}\n" for source in told.sources)
    world = World(folder, f"{POLLING}{network}sources:\n{sources}")
    rounds = []
    for _ in range(times):
        polling, trust = world.config.polling, world.config.network.allow_private
        async with Fetcher(polling, now=world.clock, allow_private=trust, look_up=look_up) as send:
            chosen = refresh.choose(
                world.config, {one.name: one for one in world.store.states()}, now=world.clock(), force=True
            )
            done = await refresh.refresh(world.config, chosen, store=world.store, send=send, now=world.clock)
        world.config = done.config
        rounds.append(done)
        world.clock.turn(hours=13)
    return world, rounds


@asynccontextmanager
async def _trap6(port: int) -> AsyncIterator[Site]:
    """The same port on IPv6, where this machine has that."""
    try:
        async with site({}, host="::1", port=port) as server:
            yield server
    except OSError:
        yield Site("", {})


def port_of(server: Site) -> int:
    return int(server.url.rpartition(":")[2])


@in_loop
@pytest.mark.parametrize("way", WAYS)
async def test_content_leads_to_no_private_address_however_it_is_spelled(way, tmp_path):
    async with site({}) as own, site({}) as trap, _trap6(port_of(trap)) as trap6:
        told = WAYS[way](own.url, spelled(port_of(trap)))
        own.answers.update(told.answers)
        world, _ = await polled(tmp_path, told, times=2 if way in WITH_A_LATER_POLL else 1)
        with world:
            assert own.requests
            assert not [entry for entry in world.entries if entry.title == "Trapped"]

        assert (trap.connections, trap6.connections) == (0, 0)


@in_loop
@pytest.mark.parametrize("way", WAYS)
async def test_each_way_leads_there_where_the_operator_allows_it(way, tmp_path):
    async with site({}) as own, site({"/trap": TRAP}) as trap:
        told = WAYS[way](own.url, [f"{trap.url}/trap"])
        own.answers.update(told.answers)
        world, _ = await polled(tmp_path, told, network="network: {allow_private: true}\n")
        world.store.close()

        assert "/trap" in trap.paths()
