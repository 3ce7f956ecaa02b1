"""robots.txt binds pages."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import FetchError, Refused
from aggregator.fetch import Fetcher
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
