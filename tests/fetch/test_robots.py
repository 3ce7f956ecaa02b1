"""robots.txt binds pages."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import FetchError, NotAsked, Refused
from aggregator.fetch import Fetcher
from aggregator.fetch.hosts import Notes
from aggregator.fetch.robots import LONGEST_DELAY
from aggregator.model import Polling, Request
from tests.fetch.site import Answer, Script, Site, in_loop, site

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
POLLING = Polling(pause=timedelta(0), timeout=timedelta(seconds=5))
PAGE = Answer(body=b"<p>")
RULES = Answer(
    body=b"User-agent: other\nDisallow: /\n\nUser-agent: aggregator\nDisallow: /private\nAllow: /private/open\n"
)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def page(server: Site, path: str) -> Request:
    return Request(url=f"{server.url}{path}", is_trusted=True, is_page=True)


def pages(robots: Script) -> dict[str, Script]:
    return {"/robots.txt": robots, "/a": PAGE, "/private/b": PAGE, "/private/open": PAGE}


@in_loop
async def test_forbidden_page_is_not_asked_for_and_the_error_says_who_forbids_it():
    async with site(pages(RULES)) as server, Fetcher(POLLING, now=Clock()) as send:
        await send(page(server, "/a"))
        await send(page(server, "/private/open"))
        with pytest.raises(Refused, match=r"/robots\.txt forbids"):
            await send(page(server, "/private/b"))

    assert server.paths() == ["/robots.txt", "/a", "/private/open"]


@in_loop
async def test_rules_are_asked_for_as_plain_text():
    async with site(pages(RULES)) as server, Fetcher(POLLING, now=Clock()) as send:
        await send(page(server, "/a"))

    assert str(server.requests[0].header("accept")).startswith("text/plain")
    assert str(server.requests[1].header("accept")).startswith("text/html")


@in_loop
async def test_rules_are_asked_for_once_by_many_pages_and_again_after_a_day():
    clock = Clock()
    async with site(pages(RULES)) as server, Fetcher(POLLING, now=clock) as send:
        await asyncio.gather(*(send(page(server, "/a")) for _ in range(4)))
        assert server.paths().count("/robots.txt") == 1
        clock.now += timedelta(hours=25)
        await send(page(server, "/a"))

    assert server.paths().count("/robots.txt") == 2


@in_loop
@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_site_without_rules_allows_all(status):
    async with site(pages(Answer(status=status))) as server, Fetcher(POLLING, now=Clock()) as send:
        assert (await send(page(server, "/private/b"))).status == 200


@in_loop
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_rules_that_cannot_be_read_allow_nothing_for_now(status):
    clock = Clock()
    async with site(pages([Answer(status=status), RULES])) as server, Fetcher(POLLING, now=clock) as send:
        with pytest.raises(FetchError, match=r"robots\.txt cannot be read") as caught:
            await send(page(server, "/a"))
        clock.now += timedelta(hours=5)
        await send(page(server, "/a"))

    assert caught.value.status == status
    assert server.paths() == ["/robots.txt", "/robots.txt", "/a"]


@in_loop
async def test_redirected_page_is_bound_by_the_rules_of_where_it_leads():
    async with site(pages(RULES)) as there:
        leads = Answer(status=302, headers=[("Location", f"{there.url}/private/b")])
        async with site({"/a": leads}) as server, Fetcher(POLLING, now=Clock(), allow_private=True) as send:
            with pytest.raises(Refused):
                await send(page(server, "/a"))

    assert there.paths() == ["/robots.txt"]


@in_loop
@pytest.mark.parametrize("change", [{"is_page": False}, {"robots": False}])
async def test_feeds_and_pages_whose_rules_the_operator_overrules_are_not_bound(change):
    async with site(pages(RULES)) as server, Fetcher(POLLING, now=Clock()) as send:
        await send(replace(page(server, "/private/b"), **change))

    assert server.paths() == ["/private/b"]


@in_loop
async def test_rules_may_be_switched_off_for_all():
    async with site(pages(RULES)) as server, Fetcher(replace(POLLING, robots=False), now=Clock()) as send:
        await send(page(server, "/private/b"))

    assert server.paths() == ["/private/b"]


# --- whom the rules mean, and what they forbid (RFC 9309) -----------------------------------------


async def may(robots: bytes, path: str, *, agent: str | None = None) -> bool:
    answers: dict[str, Script] = {"/robots.txt": Answer(body=robots), path: PAGE}
    async with (
        site(answers) as server,
        Fetcher(replace(POLLING, user_agent=agent), now=Clock()) as send,
    ):
        try:
            await send(page(server, path))
        except Refused:
            return False
        return True


@in_loop
@pytest.mark.parametrize(
    ("robots", "is_allowed"),
    [
        (b"User-agent: aggregator\nDisallow: /", False),
        (b"user-AGENT : AGGREGATOR\ndisALLOW : /", False),
        (b"User-agent: Aggregator/2.0 (beta)\nDisallow: /", False),
        (b"User-agent: agg\nDisallow: /", True),  # a token is a whole word
        (b"User-agent: aggregator-news\nDisallow: /", True),
        (b"User-agent: my-aggregator\nDisallow: /", True),
        (b"User-agent: *\nDisallow: /", False),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: aggregator\nDisallow:", True),  # who is named need not heed others
        (b"User-agent: aggregator\nDisallow:\n\nUser-agent: *\nDisallow: /", True),
        (b"User-agent: aggregator\nAllow: /b\n\nUser-agent: aggregator\nDisallow: /a", False),  # groups are joined
        (b"User-agent: other\nUser-agent: aggregator\nDisallow: /", False),
        (b"User-agent: aggregator\nSitemap: https://a.example/s.xml\nUser-agent: other\nDisallow: /", False),
        (b"User-agent: aggregator\nCrawl-delay: 0\n\nUser-agent: other\nDisallow: /", True),
        (b"Disallow: /", True),  # a rule of nobody's
        (b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n", False),
        (b"User-agent: *\rDisallow: /\r", False),
        (b"User-agent: * # all of you\nDisallow: / # everything", False),
        (b"User-agent: *\nDisallow:", True),
        (b"", True),
        (b"<!doctype html><html><body><h1>Disallow: /</h1>\nDisallow: /\n</body></html>", True),
        (b"\xff\xfe\x00\x01 \x00 nothing", True),
    ],
)
async def test_rules_are_those_of_the_groups_that_name_us_else_of_everybodys(robots, is_allowed):
    assert await may(robots, "/a") is is_allowed


@in_loop
async def test_operators_own_agent_is_the_one_that_is_looked_for():
    rules = b"User-agent: newsbot\nDisallow: /\nUser-agent: aggregator\nAllow: /"

    assert not await may(rules, "/a", agent="NewsBot/1.0 (+https://example.org/)")


@in_loop
@pytest.mark.parametrize(
    ("rules", "path", "is_allowed"),
    [
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", False),
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/x.gif", True),
        ("Disallow: /a\nAllow: /a", "/a", True),  # of two alike the one that allows
        ("Disallow: *.gif$", "/b/c.gif", False),
        ("Disallow: *.gif$", "/b/c.gif?x", True),
        ("Disallow: /*/private", "/x/private/y", False),
        ("Disallow: /private*", "/private", False),
        ("Disallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", False),
        ("Disallow: /foo/bar/\U0001f642", "/foo/bar/%F0%9F%99%82", False),
        ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("Disallow: /foo/bar/baz", "/foo/bar/%62%61%7A", False),
        ("Disallow: /私", "/%E7%A7%81", False),
        ("Disallow: /a$b", "/a$b", False),
    ],
)
async def test_paths_match_as_the_rfc_has_it(rules, path, is_allowed):
    assert await may(f"User-agent: *\n{rules}\n".encode(), path) is is_allowed


@in_loop
async def test_first_half_megabyte_is_read_of_a_file_however_many_groups_it_has():
    crowd = b"".join(b"User-agent: bot%d\n" % number for number in range(20_000))
    started = time.process_time()
    assert not await may(crowd + b"Disallow: /b\nUser-agent: *\nDisallow: /a\n" + b"#" * 600_000, "/a")
    assert await may(b"#" * 520_000 + b"\nUser-agent: *\nDisallow: /a\n", "/a")
    assert time.process_time() - started < 5


# --- remembered ------------------------------------------------------------------------------------


def asks(server: Site) -> int:
    return server.paths().count("/robots.txt")


@in_loop
async def test_rules_outlast_the_process_for_a_day_and_are_asked_for_conditionally_then():
    clock, memory = Clock(), Notes()
    headers = [("ETag", '"r"'), ("Last-Modified", "Tue, 03 Mar 2026 05:06:07 GMT")]
    answers = pages([replace(RULES, headers=headers), Answer(status=304)])
    async with site(answers) as server:
        for hours in (0, 1, 22, 2, 22):
            clock.now += timedelta(hours=hours)
            async with Fetcher(POLLING, now=clock, memory=memory) as send:
                with pytest.raises(Refused):
                    await send(page(server, "/private/b"))

    assert [(one.header("if-none-match"), one.header("if-modified-since")) for one in server.requests] == [
        (None, None),
        ('"r"', "Tue, 03 Mar 2026 05:06:07 GMT"),
    ]


@in_loop
async def test_known_rules_go_on_while_new_ones_cannot_be_had():
    clock, memory = Clock(), Notes()
    async with site(pages([RULES, Answer(status=500)])) as server:
        for days in (0, 2, 40):
            clock.now += timedelta(days=days)
            async with Fetcher(POLLING, now=clock, memory=memory) as send:
                await send(page(server, "/a"))
                with pytest.raises(Refused):
                    await send(page(server, "/private/b"))

    assert asks(server) == 3


@in_loop
@pytest.mark.parametrize("answer", [Answer(status=500), Answer(status=599), Answer(raw=b"")])
async def test_rules_that_were_never_to_be_had_forbid_all_for_thirty_days_and_then_nothing(answer):
    clock, memory = Clock(), Notes()
    async with site(pages(answer)) as server:
        for _ in range(29):
            async with Fetcher(POLLING, now=clock, memory=memory) as send:
                with pytest.raises(NotAsked) as caught:
                    await send(page(server, "/a"))
                assert caught.value.is_failure
            clock.now += timedelta(days=1)
        assert server.paths() == ["/robots.txt"] * asks(server)
        clock.now += timedelta(days=1)
        async with Fetcher(POLLING, now=clock, memory=memory) as send:
            if answer.raw is None:  # else it is the host that rests
                assert (await send(page(server, "/a"))).status == 200


@in_loop
async def test_rules_that_cannot_be_had_are_asked_for_ever_more_seldom():
    clock, memory = Clock(), Notes()
    async with site(pages(Answer(status=500))) as server:
        for _ in range(24 * 6):  # every ten minutes for a day
            async with Fetcher(POLLING, now=clock, memory=memory) as send:
                with pytest.raises(FetchError):
                    await send(page(server, "/a"))
            clock.now += timedelta(minutes=10)

    assert asks(server) <= 10


@in_loop
async def test_rules_that_moved_are_followed_and_a_redirect_without_end_is_no_rules():
    async with site({}) as there:
        there.answers["/rules"] = RULES
        hops = {f"/{n}": Answer(status=301, headers=[("Location", f"/{n + 1}")]) for n in range(1, 5)}
        hops["/robots.txt"] = Answer(status=301, headers=[("Location", "/1")])
        hops["/5"] = Answer(status=302, headers=[("Location", f"{there.url}/rules")])
        answers: dict[str, Script] = {**pages(RULES), **hops}
        async with site(answers) as server, Fetcher(POLLING, now=Clock(), allow_private=True) as send:
            with pytest.raises(Refused):
                await send(page(server, "/private/b"))
    circle = Answer(status=301, headers=[("Location", "/robots.txt")])
    async with site(pages(circle)) as server, Fetcher(POLLING, now=Clock()) as send:
        await send(page(server, "/private/b"))


@in_loop
async def test_host_that_wants_no_requests_now_is_not_asked_for_pages_after_its_rules_said_so():
    clock = Clock()
    busy = Answer(status=429, headers=[("Retry-After", "3600")])
    polling = replace(POLLING, retry_after="host")
    async with site(pages([busy, RULES])) as server, Fetcher(polling, now=clock) as send:
        with pytest.raises(NotAsked) as first:
            await send(page(server, "/a"))
        with pytest.raises(NotAsked) as second:
            await send(replace(page(server, "/a"), is_page=False))
        clock.now += timedelta(hours=1)
        await send(page(server, "/a"))

    assert (first.value.status, first.value.is_failure, first.value.retry_after) == (429, True, timedelta(hours=1))
    assert (second.value.status, second.value.is_failure) == (None, False)
    assert server.paths() == ["/robots.txt", "/robots.txt", "/a"]


@in_loop
async def test_site_says_how_far_its_pages_lie_apart_and_its_feeds_need_not():
    rules = Answer(body=b"User-agent: *\nCrawl-delay: 0.3\n")
    async with site(pages(rules)) as server, Fetcher(POLLING, now=Clock()) as send:
        loop = asyncio.get_running_loop()
        times = []

        async def ask(request: Request) -> None:
            await send(request)
            times.append(loop.time())

        await asyncio.gather(*(ask(page(server, "/a")) for _ in range(3)))
        apart = times[-1] - times[0]
        times.clear()
        await asyncio.gather(*(ask(replace(page(server, "/a"), is_page=False)) for _ in range(3)))

    assert apart >= 0.55
    assert server.paths().count("/a") == 6


@in_loop
@pytest.mark.parametrize("delay", ["86400", "1e400", "-5", "never"])
async def test_delay_without_measure_is_bounded_and_told(delay, caplog):
    rules = Answer(body=f"User-agent: *\nCrawl-delay: {delay}\n".encode())
    async with site(pages(rules)) as server, Fetcher(POLLING, now=Clock()) as send:
        await send(page(server, "/a"))
        robots = send._robots
        gap = await robots.check(f"{server.url}/a", server.url, is_trusted=True)

    assert gap in (None, LONGEST_DELAY)
    assert ("they are 30 s apart" in caplog.text) is (delay == "86400")
