"""No word of a stranger leads to a private address: every way in which content names one, by every spelling.

What counts is the other server: a trap on loopback that must not be connected to even once. That it would be, were it
allowed, is shown for each way, or the way would prove nothing.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
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
# One source names one address there, so each of these ways takes a part of them; all follow the same path of requests,
# which tests/fetch/test_guard.py holds against every spelling.
ONE_AT_A_TIME = ("redirect 3", "next page", "feed that")
SHARES = 4
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
        urls = spelled(port_of(trap))
        first = list(WAYS).index(way) % SHARES
        told = WAYS[way](own.url, urls[first::SHARES] if way.startswith(ONE_AT_A_TIME) else urls)
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


# --- what is told and never asked ------------------------------------------------------------------


def full_of_addresses(own: str, trap: str) -> dict[str, Answer]:
    """Return a feed, a page of it and the page's list, with an address in every place that has one."""
    feed = f"""<?xml version="1.0"?><?xml-stylesheet href="{trap}/style.xsl" type="text/xsl"?>
    <!DOCTYPE rss SYSTEM "{trap}/rss.dtd">
    <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"
      xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0"
      xmlns:xi="http://www.w3.org/2001/XInclude" xml:base="{trap}/base/">
    <channel><title>Full</title><link>{trap}/site</link><description>d</description><docs>{trap}/docs</docs>
      <atom:link rel="hub" href="{trap}/hub"/><atom:link rel="self" href="{trap}/self"/>
      <atom:link rel="next" href="{trap}/next"/><atom:icon>{trap}/icon</atom:icon><atom:logo>{trap}/logo</atom:logo>
      <image><url>{trap}/image</url><link>{trap}/</link><title>i</title></image><itunes:image href="{trap}/cover"/>
      <itunes:new-feed-url>{trap}/new</itunes:new-feed-url><podcast:podroll/><cloud domain="127.0.0.1" path="/rpc"/>
      <xi:include href="{trap}/included"/>
      <item><title>Full 1</title><link>{own}/article</link><guid>{trap}/guid</guid><comments>{trap}/comments</comments>
        <description>&lt;img src="{trap}/img"&gt;&lt;link rel=stylesheet href="{trap}/css"&gt;</description>
        <source url="{trap}/source">s</source><enclosure url="{trap}/sound.mp3" type="audio/mpeg" length="1"/>
        <media:content url="{trap}/video"/><media:thumbnail url="{trap}/thumbnail"/>
        <podcast:transcript url="{trap}/words" type="text/vtt"/><podcast:chapters url="{trap}/parts"/>
        <podcast:person href="{trap}/person" img="{trap}/face">P</podcast:person>
        <wfw:commentRss xmlns:wfw="http://wellformedweb.org/CommentAPI/">{trap}/wfw</wfw:commentRss></item>
    </channel></rss>"""
    head = f"""<base href="{own}/"><link rel=canonical href="{trap}/canonical"><link rel=amphtml href="{trap}/amp">
    <link rel=next href="{trap}/rel-next"><link rel="shortcut icon" href="{trap}/favicon">
    <link rel=alternate hreflang=fr href="{trap}/fr"><meta property="og:image" content="{trap}/og">
    <meta property="og:url" content="{trap}/og-url"><meta http-equiv=refresh content="0; url={trap}/refresh">
    <link rel=stylesheet href="{trap}/css"><link rel=manifest href="{trap}/m">
    <script src="{trap}/js"></script><script type="application/ld+json">{{"@id": "{trap}/ld"}}</script>"""
    page = f"""<article><h1>Full 1</h1><p>{"What the article says at length. " * 30}</p>
    <img src="{trap}/picture" srcset="{trap}/2 2x"><iframe src="{trap}/frame"></iframe><object data="{trap}/o"></object>
    <video poster="{trap}/poster" src="{trap}/v"></video><form action="{trap}/form"></form>
    <a href="{trap}/a" ping="{trap}/ping">on</a></article>"""
    return {"/feed": Answer(body=feed.encode()), "/article": html(page, head)}


@in_loop
async def test_address_that_names_no_document_of_a_source_is_never_asked_even_where_all_is_allowed(tmp_path):
    async with site({}) as own, site({}) as trap:
        own.answers.update(full_of_addresses(own.url, trap.url))
        told = Told([f"{{name: full, url: '{own.url}/feed', article: auto}}"], {})
        world, _ = await polled(tmp_path, told, times=3, network="network: {allow_private: true}\n")
        with world:
            assert [entry.title for entry in world.entries] == ["Full 1"]
            published = world.publish()
            assert published

        assert "/article" in own.paths()
        assert trap.connections == 0


@in_loop
@pytest.mark.parametrize("way", WAYS)
async def test_files_are_the_operators_own(way, tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_text(rss(item("Trapped", "https://trap.example/1")))
    urls = [
        secret.as_uri(),
        f"file:{secret}",
        f"file://localhost{secret}",
        str(secret),
        f"FILE://{secret}",
        "secret.xml",
    ]
    async with site({}) as own:
        told = WAYS[way](own.url, urls)
        own.answers.update(told.answers)
        world, _ = await polled(tmp_path / "here", told, network="network: {allow_private: true}\n")
        with world:
            assert not [entry for entry in world.entries if "Trapped" in (entry.title or "")]


@in_loop
async def test_entity_of_xml_is_not_fetched(tmp_path):
    async with site({}) as own, site({}) as trap:
        head = (
            f'<!DOCTYPE rss SYSTEM "{trap.url}/rss.dtd" [<!ENTITY % more SYSTEM "{trap.url}/more"> %more; '
            f'<!ENTITY out SYSTEM "{trap.url}/out"> <!ENTITY file SYSTEM "{Path(__file__).as_uri()}">]>'
        )
        feed = rss(item("Of &out; &file; things", "https://e.example/1").replace("&amp;", "&")).replace(
            "?>", f"?>{head}"
        )
        own.answers["/feed"] = Answer(body=feed.encode())
        own.answers["/list.opml"] = opml(outline("&out;", f"{own.url}/feed"))
        own.answers["/map.xml"] = Answer(body=f"<?xml version='1.0'?>{head}<urlset><url>&out;</url></urlset>".encode())
        kinds = {"feed": "feed", "list.opml": "opml", "map.xml": "sitemap"}
        sources = [f"{{name: {kind}, url: '{own.url}/{path}', kind: {kind}}}" for path, kind in kinds.items()]
        told = Told(sources, {})
        world, _ = await polled(tmp_path, told, network="network: {allow_private: true}\n")
        with world:
            assert not [entry for entry in world.entries if "Hold every way" in (entry.title or "")]

        assert trap.connections == 0


# --- trust ----------------------------------------------------------------------------------------


PAGE = "kind: html_list, items: li, fields: {title: a, url: a@href}"


@in_loop
async def test_robots_txt_leads_to_no_private_address(tmp_path):
    async with site({}) as own, site({}) as trap:
        own.answers["/robots.txt"] = to(302, f"{trap.url}/robots.txt")
        own.answers["/list"] = html("<ul><li><a href='https://e.example/1'>Entry</a></li></ul>")
        await _closed(polled(tmp_path, Told([f"{{name: page, url: '{own.url}/list', {PAGE}}}"], {})))

        assert "/robots.txt" in own.paths()
        assert trap.connections == 0


@in_loop
async def test_trust_of_one_source_is_not_that_of_another(tmp_path):
    async with site({}) as own, site({"/trap": html("<p>Within.</p>")}) as trap:
        for number in range(2):
            entry = item(f"Entry {number}", f"{trap.url}/trap?{number}", guid=f"{number}")
            own.answers[f"/feed/{number}"] = Answer(body=rss(entry).encode())
        allowed = f"{{name: allowed, url: '{own.url}/feed/0', article: auto, allow_private: true}}"
        other = f"{{name: other, url: '{own.url}/feed/1', article: auto}}"
        await _closed(polled(tmp_path, Told([allowed, other], {}), times=2))

        assert {request.target for request in trap.requests if "trap" in request.target} == {"/trap?0"}


@in_loop
async def test_list_of_a_stranger_that_names_the_operators_own_feed_changes_nothing_for_it(tmp_path):
    async with site({}) as own, site({}) as trap:
        own.answers["/list.opml"] = opml(*(outline(f"Feed {n}", f"{trap.url}/feed?{n}") for n in range(20)))
        trap.answers["/feed"] = Answer(body=rss(item("Mine", "https://e.example/1")).encode())
        listed = f"{{name: list, url: '{own.url}/list.opml', kind: opml}}"
        mine = f"{{name: mine, url: '{trap.url}/feed'}}"
        world, rounds = await polled(tmp_path, Told([listed, mine], {}), times=2)
        with world:
            assert [entry.title for entry in world.entries] == ["Mine"]

        assert [one.outcome for one in rounds[-1].reports if one.source == "mine"] == ["unchanged"]
        assert [request.target for request in trap.requests] == ["/feed", "/feed"]


@in_loop
async def test_stranger_who_names_the_operators_page_a_hundred_times_does_not_keep_us_from_it(tmp_path):
    async with (
        site({}) as own,
        site({"/list": html("<ul><li><a href='https://e.example/1'>Mine</a></li></ul>")}) as trap,
    ):
        entries = [item(f"Entry {n}", f"http://private.example:{port_of(trap)}/{n}", guid=f"{n}") for n in range(100)]
        own.answers["/feed"] = Answer(body=rss(*entries).encode())
        stranger = f"{{name: stranger, url: '{own.url}/feed', article: auto}}"
        mine = f"{{name: mine, url: 'http://private.example:{port_of(trap)}/list', {PAGE}}}"
        world, rounds = await polled(tmp_path, Told([stranger, mine], {}), times=2)
        with world:
            assert "Mine" in [entry.title for entry in world.entries]

        assert {one.outcome for done in rounds for one in done.reports if one.source == "mine"} <= {
            "fetched",
            "unchanged",
        }
        assert set(trap.paths()) == {"/list", "/robots.txt"}


@in_loop
async def test_remembered_redirect_is_guarded_as_the_redirect_was(tmp_path):
    """It was learnt while private addresses were allowed, and is not asked once they are not."""
    async with site({}) as own, site({"/feed": TRAP}) as trap:
        own.answers["/feed"] = to(308, f"{trap.url}/feed")
        told = Told([f"{{name: feed, url: '{own.url}/feed', allow_private: true}}"], {})
        world, _ = await polled(tmp_path, told, times=9)
        world.store.close()
        before = trap.connections
        assert own.paths().count("/feed") < trap.paths().count("/feed")  # it is asked directly

        told = Told([f"{{name: feed, url: '{own.url}/feed'}}"], {})
        await _closed(polled(tmp_path, told, times=3))

        assert trap.connections == before


@in_loop
async def test_body_that_the_operator_wrote_goes_to_no_address_that_content_names(tmp_path):
    async with site({"/feed": TRAP}) as other, site({}) as own:
        head = f'<link rel="alternate" type="application/rss+xml" href="{other.url}/feed">'
        own.answers["/home"] = html("<p>Welcome.</p>", head)
        own.answers["/old"] = to(301, f"{other.url}/feed")
        how = "method: POST, body: 'key=secret', headers: {X-Key: secret}, allow_private: true"
        sources = [f"{{name: {name}, url: '{own.url}/{name}', {how}}}" for name in ("home", "old")]
        await _closed(polled(tmp_path, Told(sources, {}), times=9))

        assert {request.method for request in own.requests if request.path in ("/home", "/old")} == {"POST"}
        assert other.requests
        assert {(request.method, request.body, request.header("x-key")) for request in other.requests} == {
            ("GET", b"", None)
        }


async def _closed(polls: Awaitable[tuple[World, list[Round]]]) -> None:
    world, _ = await polls
    world.store.close()
