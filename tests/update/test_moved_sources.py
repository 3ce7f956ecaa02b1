"""A source whose server redirects for good: a real server on loopback, a clock of our own, one poll after another."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aggregator import refresh
from aggregator.fetch.client import Fetcher
from aggregator.model import SourceReport, SourceState
from tests.fakes import World, item, rss, titles
from tests.fetch.site import Answer, Received, Site, in_loop, site

BODY = rss(item("One", "https://news.example/1")).encode()
HTML = b"<html><body>Please sign in to use this network</body></html>"
CREDENTIALS = "Basic b3R0ZXI6d29yZA=="  # otter:word


def feed(body: bytes = BODY, etag: str = '"1"') -> Callable[[Received], Answer]:
    """Return a feed that can be asked for conditionally."""

    def answer(request: Received) -> Answer:
        headers = [("Content-Type", "application/rss+xml"), ("ETag", etag)]
        is_same = request.header("if-none-match") == etag
        return Answer(status=304 if is_same else 200, headers=headers, body=b"" if is_same else body)

    return answer


def to(target: str, status: int = 301) -> Answer:
    return Answer(status=status, headers=[("Location", target)])


@dataclass
class Days:
    """Polls of one world, a day apart."""

    world: World
    server: Site
    reports: list[SourceReport] = field(default_factory=list)

    async def poll(self, times: int = 1, *, days: float = 1) -> list[str]:
        """Poll so often, each time some days later; return the paths asked in the last of these polls."""
        world = self.world
        for _ in range(times):
            world.clock.turn(days=days)
            self.server.requests.clear()
            states = {state.name: state for state in await asyncio.to_thread(world.store.states)}
            chosen = refresh.choose(world.config, states, now=world.clock(), force=True)
            async with Fetcher(world.config.polling, now=world.clock) as send:
                done = await refresh.refresh(world.config, chosen, store=world.store, send=send, now=world.clock)
            world.config = done.config
            self.reports = done.reports
        return self.server.paths()

    @property
    def state(self) -> SourceState:
        return self.world.store.state("a")

    @property
    def outcome(self) -> str:
        return self.reports[0].outcome


def days(folder: Path, server: Site, source: str = "url: '{url}/old'", **environ: str) -> Days:
    text = "polling: {{pause: 0s}}\nsources: [{{name: a, " + source + "}}]"
    text = text.format(url=server.url, bare=server.url.removeprefix("http://"))
    return Days(World(folder, text, environ=environ), server)


@in_loop
async def test_the_third_day_of_a_permanent_redirect_is_the_last_that_costs_two_requests(tmp_path: Path) -> None:
    async with site({"/old": to("/new"), "/new": feed()}) as server:
        polls = days(tmp_path, server)
        assert await polls.poll(2) == ["/old", "/new"]
        assert polls.reports[0].warnings == ()

        assert await polls.poll() == ["/old", "/new"]
        assert any("has moved to" in text and "write that address" in text for text in polls.reports[0].warnings)

        assert await polls.poll() == ["/new"]
        assert (polls.outcome, polls.reports[0].warnings) == ("unchanged", ())
        assert polls.server.requests[0].header("if-none-match") == '"1"'
        assert titles(polls.world.entries) == ["One"]
        assert polls.state.url == f"{server.url}/old"


@pytest.mark.parametrize("status", [302, 303, 307])
@in_loop
async def test_a_temporary_redirect_is_never_remembered(tmp_path: Path, status: int) -> None:
    async with site({"/old": to("/new", status), "/new": feed()}) as server:
        polls = days(tmp_path, server)

        assert await polls.poll(5) == ["/old", "/new"]
        assert polls.state.moved_to is None


@in_loop
async def test_of_a_chain_counts_what_comes_before_its_first_temporary_redirect(tmp_path: Path) -> None:
    chain = {"/old": to("/b"), "/b": to("/c", 308), "/c": to("/new", 302), "/new": feed()}
    async with site(chain) as server:
        polls = days(tmp_path, server)
        await polls.poll(3)

        assert await polls.poll() == ["/c", "/new"]
        assert polls.state.moved_to == f"{server.url}/c"


@in_loop
async def test_a_redirect_to_another_address_begins_anew(tmp_path: Path) -> None:
    async with site({"/old": to("/new"), "/new": feed(), "/newest": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll(2)
        server.answers["/old"] = to("/newest")

        assert await polls.poll(3) == ["/old", "/newest"]
        assert await polls.poll() == ["/newest"]


@in_loop
async def test_a_portal_of_a_network_is_not_believed_as_it_leads_to_no_feed(tmp_path: Path) -> None:
    async with site({"/old": feed(), "/portal": Answer(body=HTML)}) as server:
        polls = days(tmp_path, server)
        await polls.poll()
        server.answers["/old"] = to("/portal")
        await polls.poll(4)
        assert polls.outcome == "failed"

        server.answers["/old"] = feed()
        assert await polls.poll() == ["/old"]
        assert (polls.outcome, polls.state.moved_to) == ("unchanged", None)


FAILURES = {
    "404": Answer(status=404),
    "410": Answer(status=410),
    "500": Answer(status=500),
    "page": Answer(body=HTML),
    "silence": Answer(raw=b""),
}


@pytest.mark.parametrize("failure", FAILURES)
@in_loop
async def test_where_the_new_address_fails_the_written_one_is_asked_and_holds_again(
    tmp_path: Path, failure: str
) -> None:
    async with site({"/old": to("/new"), "/new": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll(4)
        server.answers |= {"/new": FAILURES[failure], "/old": feed()}

        asked = await polls.poll()
        assert [path for path, before in zip(asked, [None, *asked], strict=False) if path != before] == ["/new", "/old"]
        assert polls.outcome != "failed"
        assert any("no longer leads to" in text for text in polls.reports[0].warnings)
        assert await polls.poll() == ["/old"]


@pytest.mark.parametrize("failure", ["404", "410", "500", "page"])
@in_loop
async def test_where_both_fail_none_is_asked_twice_and_the_new_address_is_kept(tmp_path: Path, failure: str) -> None:
    async with site({"/old": to("/new"), "/new": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll(4)
        server.answers["/new"] = FAILURES[failure]

        assert await polls.poll() == ["/new", "/old"]
        assert polls.outcome == "failed"
        assert f"{server.url}/new, where it has moved to: " in (polls.reports[0].error or "")
        assert polls.state.is_gone == (failure == "410")

        server.answers["/new"] = feed()
        assert await polls.poll() == ["/new"]
        assert polls.outcome == "unchanged"


@in_loop
async def test_where_both_fail_by_themselves_both_are_told(tmp_path: Path) -> None:
    async with site({"/old": to("/new"), "/new": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll(4)
        server.answers |= {"/new": Answer(status=410), "/old": Answer(status=404)}
        await polls.poll()

        assert "404" in (polls.reports[0].error or "")
        assert "410" in (polls.reports[0].error or "")
        assert not polls.state.is_gone, "the written address may come back"


@in_loop
async def test_a_busy_server_at_the_new_address_is_no_reason_to_ask_the_written_one(tmp_path: Path) -> None:
    async with site({"/old": to("/new"), "/new": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll(4)
        server.answers["/new"] = Answer(status=429, headers=[("Retry-After", "60")])

        assert await polls.poll() == ["/new"]
        assert polls.state.moved_to == f"{server.url}/new"


@in_loop
async def test_a_server_that_takes_its_redirect_back_is_noticed_within_thirty_days(tmp_path: Path) -> None:
    async with site({"/old": to("/new"), "/new": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll(4)
        server.answers["/old"] = feed(rss(item("Two", "https://news.example/2")).encode(), etag='"2"')

        assert await polls.poll(days=28) == ["/new"]
        assert await polls.poll() == ["/old"]
        assert set(titles(polls.world.entries)) == {"One", "Two"}
        assert any("no longer leads to" in text for text in polls.reports[0].warnings)


@in_loop
async def test_a_written_address_that_has_died_since_is_looked_at_once_and_the_new_one_stays(tmp_path: Path) -> None:
    async with site({"/old": to("/new"), "/new": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll(4)
        server.answers["/old"] = Answer(status=404)

        assert await polls.poll(days=29) == ["/old", "/new"]
        assert polls.outcome == "unchanged"
        assert await polls.poll() == ["/new"]


@in_loop
async def test_on_the_day_of_that_look_too_no_address_is_asked_twice(tmp_path: Path) -> None:
    async with site({"/old": to("/new"), "/new": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll(4)
        server.answers["/new"] = Answer(status=404)

        assert await polls.poll(days=29) == ["/old", "/new"]
        assert polls.outcome == "failed"


@in_loop
async def test_another_url_in_feeds_yaml_ends_what_was_remembered(tmp_path: Path) -> None:
    async with site({"/old": to("/new"), "/new": feed(), "/mine": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll(4)
        polls.world.write_config(f"sources: [{{name: a, url: '{server.url}/mine'}}]")

        assert await polls.poll() == ["/mine"]
        assert polls.state.moved_to is None


@in_loop
async def test_credentials_and_headers_go_on_to_the_same_origin_only(tmp_path: Path) -> None:
    seen: list[tuple[str, str | None, str | None]] = []

    def noted(request: Received) -> Answer:
        seen.append((request.path, request.header("authorization"), request.header("x-key")))
        return feed()(request)

    source = "headers: {{x-key: k}}, allow_private: true, url: 'http://otter:word@{bare}/old'"
    async with site({"/elsewhere": noted}, host="127.0.0.2") as other, site({"/new": noted}) as server:
        server.answers["/old"] = to("/new")
        polls = days(tmp_path, server, source)
        await polls.poll(4)
        assert polls.server.paths() == ["/new"]
        assert set(seen) == {("/new", CREDENTIALS, "k")}
        assert "otter" not in (polls.state.moved_to or "")

        seen.clear()
        server.answers |= {"/old": to(f"{other.url}/elsewhere"), "/new": Answer(status=404)}
        await polls.poll(5)
        assert polls.server.paths() == []
        assert set(seen) == {("/elsewhere", None, None)}


@in_loop
async def test_the_remembered_address_is_a_strangers_word_and_may_not_be_private(tmp_path: Path) -> None:
    async with site({"/new": feed()}, host="127.0.0.2") as other, site({}) as server:
        server.answers["/old"] = feed()
        polls = days(tmp_path, server)
        await polls.poll()
        moved = ("2026-03-01", "2026-03-02", "2026-03-03")
        state = polls.state
        await asyncio.to_thread(
            polls.world.store.save_state,
            SourceState(**{**vars(state), "moved_to": f"{other.url}/new", "moved_days": moved}),
        )

        await polls.poll()

        assert other.requests == []
        assert (polls.outcome, polls.server.paths()) == ("unchanged", ["/old"])


@in_loop
async def test_a_list_of_pages_is_read_from_its_new_place_and_robots_txt_there_binds(tmp_path: Path) -> None:
    page = b"<ul><li><a href='/1'>One</a></li></ul><a class=next href='/new?p=2'>next</a>"
    last = b"<ul><li><a href='/2'>Two</a></li></ul>"
    fields = "items: li, fields: {{title: a, url: a@href}}, next: {{url: a.next@href, pages: 2}}"
    source = f"kind: html_list, {fields}, url: '{{url}}/old'"
    answers = {"/old": to("/new"), "/new": Answer(body=page), "/new?p=2": Answer(body=last)}
    async with site(answers) as server:
        polls = days(tmp_path, server, source)
        await polls.poll(3)
        asked = [path for path in await polls.poll() if path != "/robots.txt"]
        assert asked == ["/new"]
        assert set(titles(polls.world.entries)) == {"One", "Two"}

        server.answers["/new"] = Answer(body=b"<ul></ul>")
        server.answers["/old"] = Answer(status=404)
        await polls.poll()
        assert polls.outcome == "failed", "an empty first page is as wrong there as at the written address"

        server.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /new")
        polls.world.clock.turn(days=1)
        assert "/new" not in await polls.poll()


KINDS = {
    "json_api": (
        "items: list, fields: {{title: t, url: u}}",
        b'{"list": [{"t": "One", "u": "https://news.example/1"}]}',
    ),
    "sitemap": (
        "article: {{content: p}}",
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>%s/1</loc></url></urlset>",
    ),
    "opml": ("category: x", b"<opml version='2.0'><body><outline type='rss' xmlUrl='%s/feed'/></body></opml>"),
}


@pytest.mark.parametrize("kind", KINDS)
@in_loop
async def test_every_kind_with_an_address_follows_a_move(tmp_path: Path, kind: str) -> None:
    words, body = KINDS[kind]
    answers = {"/old": to("/new"), "/feed": feed(), "/1": Answer(body=b"<title>One</title><p>One</p>")}
    async with site(answers) as server:
        server.answers["/new"] = Answer(body=body.replace(b"%s", server.url.encode()))
        polls = days(tmp_path, server, f"kind: {kind}, {words}, url: '{{url}}/old'")
        await polls.poll(3)

        asked = await polls.poll()

        assert "/new" in asked
        assert "/old" not in asked
        assert titles(polls.world.entries) == ["One"]


@in_loop
async def test_a_feed_that_a_page_names_is_followed_where_it_moves(tmp_path: Path) -> None:
    page = b"<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head><body>b</body></html>"
    async with site({"/old": Answer(body=page), "/feed": to("/new"), "/new": feed()}) as server:
        polls = days(tmp_path, server)
        assert await polls.poll() == ["/old", "/feed", "/new"]
        assert await polls.poll(2) == ["/feed", "/new"]
        assert any(f"its feed {server.url}/feed has moved" in text for text in polls.reports[0].warnings)
        assert await polls.poll() == ["/new"]

        server.answers |= {"/new": Answer(status=404), "/feed": Answer(status=404)}
        assert await polls.poll() == ["/new", "/feed"]
        assert (polls.state.found_url, polls.state.moved_to) == (None, None)
        assert await polls.poll() == ["/old", "/feed"]


@in_loop
async def test_a_feed_that_is_busy_is_not_looked_for_on_its_page_again(tmp_path: Path) -> None:
    page = b"<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head><body>b</body></html>"
    async with site({"/old": Answer(body=page), "/feed": feed()}) as server:
        polls = days(tmp_path, server)
        await polls.poll()
        server.answers["/feed"] = Answer(status=503, headers=[("Retry-After", "60")])
        await polls.poll()

        assert await polls.poll() == ["/feed"]


@in_loop
async def test_a_target_that_spells_the_name_of_a_secret_does_not_get_its_value(tmp_path: Path) -> None:
    source = "headers: {{x-key: '${{KEY}}'}}, url: '{url}/old'"
    async with site({"/old": to("/new?x=${KEY}"), "/new": feed()}) as server:
        polls = days(tmp_path, server, source, KEY="a-secret-of-ours")
        await polls.poll(5)

        assert [request.target for request in server.requests] == ["/old", "/new?x=$%7BKEY%7D"]
        assert polls.state.moved_to is None


@in_loop
async def test_a_redirect_of_what_is_sent_a_body_is_never_remembered(tmp_path: Path) -> None:
    body = b'{"list": [{"t": "One", "u": "https://news.example/1"}]}'
    source = "kind: json_api, method: POST, body: '{{}}', items: list, fields: {{title: t, url: u}}, url: '{url}/old'"
    async with site({"/old": to("/new", 308), "/new": Answer(body=body)}) as server:
        polls = days(tmp_path, server, source)

        assert await polls.poll(5) == ["/old", "/new"]
        assert [request.method for request in server.requests] == ["POST", "POST"]


def test_an_upgrade_to_https_of_the_same_host_is_the_commonest_move(tmp_path: Path) -> None:
    old, new = "http://a.example/feed?key=s3cret", "https://a.example/feed?key=s3cret"
    text = "sources: [{name: a, url: 'http://a.example/feed?key=${KEY}', headers: {x-key: k}}]"
    with World(tmp_path, text, environ={"KEY": "s3cret"}) as world:
        for address, how in ((old, {"location": new, "is_permanent": True}), (new, {})):
            world.site.put(address, BODY, **how)
        for _ in range(4):
            world.clock.turn(days=1)
            world.site.forget()
            world.refresh()

        (request,) = world.site.requests
        state = world.store.state("a")

    assert (request.url, request.is_trusted, request.headers) == (new, False, ())
    assert request.validated_url == new
    assert request.etag
    assert state.moved_to == "https://a.example/feed?key=${KEY}"
