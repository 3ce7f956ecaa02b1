"""The client against a real server on loopback."""

import asyncio
import base64
import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import FetchError, NotAsked, Refused, TooLarge
from aggregator.fetch import Fetcher
from aggregator.fetch.hosts import ENOUGH, Notes
from aggregator.fetch.validators import validators
from aggregator.model import Document, Polling, Request
from tests.fetch.site import Answer, Received, in_loop, site

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
POLLING = Polling(pause=timedelta(0), timeout=timedelta(seconds=5))
FEED = Answer(body=b"<rss/>", headers=[("Content-Type", "application/rss+xml")])


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def fetcher(polling: Polling = POLLING, *, allow_private: bool = False, site_url: str | None = None) -> Fetcher:
    return Fetcher(polling, now=lambda: NOW, allow_private=allow_private, site_url=site_url, version="1.2.3")


def trusted(url: str) -> Request:
    return Request(url=url, is_trusted=True)


async def fetch(request: Request, polling: Polling = POLLING) -> Document:
    async with fetcher(polling) as send:
        return await send(request)


async def failure(request: Request, polling: Polling = POLLING) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetch(request, polling)
    return caught.value


# --- what we say of ourselves ---------------------------------------------------------------------


@in_loop
async def test_request_names_us_and_asks_for_feeds_and_holds_nothing_else():
    async with site({"/feed": FEED}) as server, fetcher(site_url="https://feeds.example/") as send:
        await send(trusted(f"{server.url}/feed"))

    headers = {name.lower(): value for name, value in server.requests[0].headers}
    assert headers.pop("user-agent") == "aggregator/1.2.3 (+https://feeds.example/)"
    assert "application/atom+xml" in headers.pop("accept")
    assert headers.pop("accept-encoding") == "gzip, br, zstd"
    assert headers.pop("host") == server.url.removeprefix("http://")
    assert not headers


@in_loop
async def test_page_is_asked_for_as_html():
    async with site({"/list": Answer(body=b"<p>")}) as server, fetcher() as send:
        await send(replace(trusted(f"{server.url}/list"), is_page=True))

    assert server.requests[-1].header("accept").startswith("text/html")


@in_loop
async def test_cookies_are_neither_kept_nor_shown():
    answer = replace(FEED, headers=[("Set-Cookie", "visit=1; Path=/")])
    async with site({"/feed": answer}) as server, fetcher() as send:
        document = await send(trusted(f"{server.url}/feed"))
        await send(trusted(f"{server.url}/feed"))

    assert server.requests[1].header("cookie") is None
    assert "set-cookie" not in document.headers


@in_loop
async def test_written_headers_method_and_body_are_sent_as_written():
    async with site({"/api": FEED}) as server, fetcher() as send:
        request = replace(trusted(f"{server.url}/api"), method="post", body='{"n": "消息"}', headers=(("X-Key", "k"),))
        await send(request)

    received = server.requests[0]
    assert received.method == "POST"
    assert received.body.decode() == '{"n": "消息"}'
    assert received.header("content-type") == "application/json"
    assert received.header("x-key") == "k"


@pytest.mark.parametrize(
    ("body", "headers", "told"),
    [
        ("q=%E6%97%A9&page=2", (), "application/x-www-form-urlencoded"),
        ('[{"page": 2}]', (), "application/json"),
        ("<q/>", (("Content-Type", "text/xml"),), "text/xml"),
        ('{"a": 1}', (("content-type", "application/vnd.api+json"),), "application/vnd.api+json"),
    ],
)
@in_loop
async def test_body_is_sent_as_json_or_as_a_form_unless_a_header_says_else(body, headers, told):
    async with site({"/api": FEED}) as server, fetcher() as send:
        await send(replace(trusted(f"{server.url}/api"), method="POST", body=body, headers=headers))

    assert (server.requests[0].body.decode(), server.requests[0].header("content-type")) == (body, told)


@in_loop
async def test_fragment_that_tells_pages_apart_stays_here():
    async with site({"/api": FEED}) as server, fetcher() as send:
        document = await send(replace(trusted(f"{server.url}/api#page=2"), method="POST", body="page=2"))

    assert server.requests[0].target == "/api"
    assert (document.url, document.requested_url) == (f"{server.url}/api", f"{server.url}/api#page=2")


@in_loop
async def test_credentials_in_the_address_become_a_header_and_leave_the_document():
    async with site({"/feed": FEED}) as server, fetcher() as send:
        document = await send(trusted(server.url.replace("//", "//ann:s%40cret@") + "/feed"))

    expected = "Basic " + base64.b64encode(b"ann:s@cret").decode()
    assert server.requests[0].header("authorization") == expected
    assert document.url == f"{server.url}/feed"


# --- conditional requests -------------------------------------------------------------------------


def validated(request: Received) -> Answer:
    headers = [("ETag", 'W/"ab  c,\u00e9"'), ("Last-Modified", "Tue, 3 Mar 2026 1:02:03 GMT+0")]
    if request.header("if-none-match") or request.header("if-modified-since"):
        return Answer(status=304, headers=[("ETag", '"next"')])
    return Answer(body=b"<rss/>", headers=headers)


@in_loop
async def test_validators_go_back_byte_for_byte():
    async with site({"/feed": validated}) as server, fetcher() as send:
        first = await send(trusted(f"{server.url}/feed"))
        kept = validators(first, None)
        second = await send(replace(trusted(f"{server.url}/feed"), etag=kept.etag, last_modified=kept.last_modified))

    asked = server.requests[1]
    assert asked.header("if-none-match").encode("latin-1").decode() == 'W/"ab  c,\u00e9"'
    assert asked.header("if-modified-since") == "Tue, 3 Mar 2026 1:02:03 GMT+0"
    assert (second.status, second.body, second.is_unchanged) == (304, b"", True)
    assert second.headers["etag"] == '"next"'


@in_loop
async def test_etag_that_cannot_be_sent_back_as_it_came_is_none():
    answer = Answer(body=b"<rss/>", headers=[("ETag", b'"caf\xe9"'), ("Last-Modified", "Tue, 3 Mar 2026 1:02:03 GMT")])
    async with site({"/feed": answer}) as server:
        kept = validators(await fetch(trusted(f"{server.url}/feed")), None)

    assert kept.etag is None
    assert kept.last_modified == "Tue, 3 Mar 2026 1:02:03 GMT"


@in_loop
async def test_validators_are_not_sent_to_where_a_redirect_leads():
    answers = {"/old": Answer(status=302, headers=[("Location", "/new")]), "/new": FEED}
    async with site(answers) as server, fetcher() as send:
        await send(replace(trusted(f"{server.url}/old"), etag='"old"'))

    assert [request.header("if-none-match") for request in server.requests] == ['"old"', None]


@in_loop
async def test_validators_of_a_redirect_target_are_sent_to_it_alone():
    answers = {"/old": Answer(status=302, headers=[("Location", "/new")]), "/new": Answer(status=304)}
    async with site(answers) as server, fetcher() as send:
        request = replace(trusted(f"{server.url}/old"), etag='"new"', validated_url=f"{server.url}/new")
        document = await send(request)

    assert [request.header("if-none-match") for request in server.requests] == [None, '"new"']
    assert document.is_unchanged


@in_loop
async def test_304_to_an_unconditional_request_is_an_error():
    async with site({"/feed": Answer(status=304)}) as server:
        error = await failure(trusted(f"{server.url}/feed"))

    assert error.status == 304


# --- redirects ------------------------------------------------------------------------------------


def redirect(status: int, location: str | bytes) -> Answer:
    return Answer(status=status, headers=[("Location", location)])


@in_loop
async def test_permanent_address_is_the_end_of_the_unbroken_run():
    answers = {
        "/a": redirect(301, "/b"),
        "/b": redirect(308, "/c"),
        "/c": redirect(302, "/d"),
        "/d": redirect(301, "/e"),
    }
    async with site({**answers, "/e": FEED}) as server, fetcher() as send:
        document = await send(trusted(f"{server.url}/a"))

    assert document.permanent_url == f"{server.url}/c"
    assert document.url == f"{server.url}/e"
    assert document.requested_url == f"{server.url}/a"


@in_loop
async def test_temporary_redirect_is_followed_and_not_remembered():
    async with site({"/a": redirect(307, "/b#top"), "/b": FEED}) as server, fetcher() as send:
        document = await send(trusted(f"{server.url}/a"))

    assert document.permanent_url is None
    assert document.url == f"{server.url}/b"


@in_loop
async def test_redirects_end_after_ten():
    answers = {f"/{n}": redirect(302, f"/{n + 1}") for n in range(20)}
    async with site({**answers, "/20": FEED}) as server:
        error = await failure(trusted(f"{server.url}/0"))
        ten = await fetch(trusted(f"{server.url}/10"))

    assert isinstance(error, TooLarge)
    assert "10 redirects" in str(error)
    assert ten.body == b"<rss/>"


@in_loop
async def test_what_speaks_against_an_address_that_a_redirect_names_is_told_with_who_named_it():
    async with (
        site({"/there": FEED}, host="127.0.0.2") as other,
        site({"/a": redirect(302, f"{other.url}/there")}) as server,
    ):
        error = await failure(trusted(f"{server.url}/a"))

    assert str(error).startswith("127.0.0.1 redirects to 127.0.0.2: 127.0.0.2 is not a public address")


@in_loop
async def test_redirects_that_go_in_a_circle_are_not_asked_twice():
    answers = {"/a": redirect(301, "/b"), "/b": redirect(302, "/a"), "/self": redirect(301, "/self")}
    async with site(answers) as server:
        errors = [await failure(trusted(f"{server.url}{path}")) for path in ("/a", "/self")]

    assert server.paths() == ["/a", "/b", "/self"]
    assert all("go in a circle" in str(error) for error in errors)


@in_loop
async def test_written_headers_and_credentials_never_reach_another_origin():
    async with site({"/there": FEED}) as other, site({"/a": redirect(302, f"{other.url}/there")}) as server:
        address = server.url.replace("//", "//ann:secret@")
        headers = (("X-Key", "k"), ("Cookie", "c=1"), ("Authorization", "Bearer t"))
        await fetch(replace(trusted(f"{address}/a"), headers=headers, trusted_origin=other.url))

    assert server.requests[0].header("x-key") == "k"
    assert server.requests[0].header("authorization") == "Bearer t"
    names = {name.lower() for name, _ in other.requests[0].headers}
    assert names == {"host", "user-agent", "accept", "accept-encoding"}


@in_loop
async def test_body_is_never_sent_on_to_another_origin():
    async with site({"/there": FEED}) as other, site({"/a": redirect(307, f"{other.url}/there")}) as server:
        request = replace(trusted(f"{server.url}/a"), method="POST", body="k=v", trusted_origin=other.url)
        error = await failure(request)

    assert isinstance(error, Refused)
    assert not other.requests


@in_loop
async def test_see_other_turns_a_post_into_a_get():
    async with site({"/a": redirect(303, "/b"), "/b": FEED}) as server, fetcher() as send:
        await send(replace(trusted(f"{server.url}/a"), method="POST", body="k=v"))

    assert [(request.method, request.body) for request in server.requests] == [("POST", b"k=v"), ("GET", b"")]


@in_loop
async def test_location_in_an_older_chinese_encoding_is_followed_to_the_same_bytes():
    async with site({"/a": redirect(302, "/新".encode("gbk")), "/%D0%C2": FEED}) as server, fetcher() as send:
        document = await send(trusted(f"{server.url}/a"))

    assert document.url == f"{server.url}/%D0%C2"


@in_loop
@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://example.org/", "http://", "http://[", ""])
async def test_redirect_to_what_is_no_web_address_is_refused(location):
    async with site({"/a": redirect(302, location)}) as server:
        error = await failure(trusted(f"{server.url}/a"))

    assert error.status in (None, 302)


# --- bounds ---------------------------------------------------------------------------------------


@in_loop
async def test_endless_answer_ends_at_max_bytes():
    async with site({"/feed": Answer(body=b"x" * 10_000, endless=True)}) as server:
        error = await failure(replace(trusted(f"{server.url}/feed"), max_bytes=2_000_000))

    assert isinstance(error, TooLarge)
    assert "2 MB" in str(error)
    assert "max_bytes" in str(error)


@in_loop
async def test_answer_that_announces_too_much_is_not_read():
    async with site({"/feed": Answer(body=b"x", length=10**9)}) as server:
        error = await failure(trusted(f"{server.url}/feed"))

    assert isinstance(error, TooLarge)


@in_loop
async def test_answer_of_just_max_bytes_is_taken():
    async with site({"/feed": Answer(body=b"x" * 1000)}) as server:
        document = await fetch(replace(trusted(f"{server.url}/feed"), max_bytes=1000))

    assert len(document.body) == 1000


@in_loop
async def test_slow_drip_ends_with_the_time_for_the_whole_answer():
    polling = replace(POLLING, timeout=timedelta(seconds=0.3))
    async with site({"/feed": Answer(body=b"x" * 1000, drip=0.05)}) as server:
        error = await failure(trusted(f"{server.url}/feed"), polling)

    assert isinstance(error, TooLarge)
    assert "timed out after 0.3 s" in str(error)


@in_loop
async def test_compressed_answer_comes_decompressed():
    body = b"<rss>" + b"a" * 5000
    answer = Answer(body=gzip.compress(body), headers=[("Content-Encoding", "gzip")])
    async with site({"/feed": answer}) as server:
        document = await fetch(trusted(f"{server.url}/feed"))

    assert document.body == body


@in_loop
async def test_gzip_file_comes_unpacked():
    async with site({"/sitemap.xml.gz": Answer(body=gzip.compress(b"<urlset/>"))}) as server:
        document = await fetch(trusted(f"{server.url}/sitemap.xml.gz"))

    assert document.body == b"<urlset/>"


@in_loop
async def test_answer_with_long_headers_is_taken():
    answer = replace(FEED, headers=[("Content-Security-Policy", "x" * 30_000)])
    async with site({"/feed": answer}) as server:
        document = await fetch(trusted(f"{server.url}/feed"))

    assert document.body == b"<rss/>"


# --- errors in words ------------------------------------------------------------------------------


@in_loop
async def test_status_is_told_with_what_to_do():
    async with site({"/gone": Answer(status=410), "/broken": Answer(status=500)}) as server:
        missing = await failure(trusted(f"{server.url}/nothing"))
        gone = await failure(trusted(f"{server.url}/gone"))
        broken = await failure(trusted(f"{server.url}/broken"))

    assert (missing.status, gone.status, broken.status) == (404, 410, 500)
    assert str(missing) == "404 Not Found: look whether the address is still right"
    assert missing.url == f"{server.url}/nothing"


@in_loop
async def test_nobody_listening_is_told():
    async with site({}) as server:
        url = server.url
    error = await failure(trusted(f"{url}/feed"))

    assert str(error).startswith("connection refused by 127.0.0.1")


@in_loop
async def test_unknown_host_is_told():
    error = await failure(trusted("http://nowhere.invalid/feed"))

    assert "no such host: nowhere.invalid" in str(error)


@in_loop
async def test_answer_that_breaks_off_is_told():
    async with site({"/feed": Answer(body=b"<rss>", length=500, close=True)}) as server:
        error = await failure(trusted(f"{server.url}/feed"))

    assert "broke off" in str(error)


@in_loop
async def test_what_is_no_http_is_told():
    async with site({"/feed": Answer(raw=b"SSH-2.0-OpenSSH_9.2\r\n\r\n")}) as server:
        error = await failure(trusted(f"{server.url}/feed"))

    assert "not proper HTTP" in str(error)


@in_loop
async def test_plain_server_asked_for_tls_is_told():
    async with site({"/feed": FEED}) as server:
        error = await failure(trusted(server.url.replace("http:", "https:") + "/feed"))

    assert "no secure connection" in str(error)


@in_loop
@pytest.mark.parametrize("url", ["file:///etc/passwd", "feed.xml", "ftp://example.org/", "http://", "http://h:x/"])
async def test_address_that_is_none_is_refused(url):
    assert isinstance(await failure(trusted(url)), Refused)


@in_loop
async def test_no_message_holds_a_secret():
    answers = {
        "/busy": Answer(status=503),
        "/cut": Answer(body=b"x", length=9, close=True),
        "/loop": redirect(302, "/loop"),
    }
    async with site(answers) as server:
        address = server.url.replace("//", "//ann:hunter2@")
        dead = "http://ann:hunter2@nowhere.invalid/?token=hunter2"
        for url in [f"{address}{path}?token=hunter2" for path in [*answers, "/none"]] + [
            dead,
            "http://ann:hunter2/x@h/",
        ]:
            error = await failure(replace(trusted(url), headers=(("X-Key", "hunter2"),)))
            assert "hunter2" not in str(error)
            assert "ann" not in (error.url or "")


@in_loop
async def test_line_break_in_a_header_is_refused():
    async with site({"/feed": FEED}) as server:
        error = await failure(replace(trusted(f"{server.url}/feed"), headers=(("X-Key", "a\r\nX-Other: b"),)))

    assert isinstance(error, Refused)
    assert not server.requests


# --- waiting --------------------------------------------------------------------------------------


@in_loop
@pytest.mark.parametrize("value", ["3600", "Wed, 04 Mar 2026 06:06:07 GMT"])
async def test_server_that_asks_to_wait_is_understood_in_both_forms(value):
    headers = [("Retry-After", value), ("Date", "Wed, 04 Mar 2026 05:06:07 GMT")]
    async with site({"/feed": Answer(status=429, headers=headers)}) as server:
        error = await failure(trusted(f"{server.url}/feed"))

    assert (error.status, error.retry_after) == (429, timedelta(hours=1))


@in_loop
async def test_busy_host_is_left_alone_by_all_its_addresses():
    busy = Answer(status=503, headers=[("Retry-After", "600")])
    async with site({"/a": busy, "/b": FEED}) as server, fetcher(replace(POLLING, retry_after="host")) as send:
        with pytest.raises(FetchError):
            await send(trusted(f"{server.url}/a"))
        with pytest.raises(FetchError) as caught:
            await send(trusted(f"{server.url}/b"))

    assert server.paths() == ["/a"]
    assert isinstance(caught.value, NotAsked)
    assert caught.value.until == NOW + timedelta(minutes=10)
    assert caught.value.status is None


@in_loop
@pytest.mark.parametrize("scope", ["url", None])
async def test_host_of_ones_own_network_is_silenced_address_by_address(scope):
    busy = Answer(status=429, headers=[("Retry-After", "600")])
    async with site({"/a": busy, "/b": FEED}) as server, fetcher(replace(POLLING, retry_after=scope)) as send:
        for _ in range(2):
            with pytest.raises(FetchError):
                await send(trusted(f"{server.url}/a"))
        await send(trusted(f"{server.url}/b"))

    assert server.paths() == ["/a", "/b"]


@in_loop
async def test_silence_outlasts_the_process_and_only_force_breaks_it():
    memory = Notes()
    busy = Answer(status=429, headers=[("Retry-After", "7200")])
    polling = replace(POLLING, retry_after="host")
    async with site({"/a": busy, "/b": FEED}) as server:
        async with Fetcher(polling, now=lambda: NOW, memory=memory) as send:
            with pytest.raises(FetchError):
                await send(trusted(f"{server.url}/a"))
        async with Fetcher(polling, now=lambda: NOW, memory=memory) as send:
            send.try_again(server.url)
            with pytest.raises(NotAsked, match="asked us to wait until 2026-03-04 07:06 UTC"):
                await send(trusted(f"{server.url}/b"))
        async with Fetcher(polling, now=lambda: NOW, memory=memory, heeds_past=False) as send:
            await send(trusted(f"{server.url}/b"))
        async with Fetcher(polling, now=lambda: NOW + timedelta(hours=2), memory=memory) as send:
            await send(trusted(f"{server.url}/b"))

    assert server.paths() == ["/a", "/b", "/b"]


@in_loop
async def test_ports_of_one_machine_are_hosts_of_their_own():
    busy = Answer(status=429, headers=[("Retry-After", "7200")])
    async with (
        site({"/a": busy}) as one,
        site({"/a": FEED}) as other,
        fetcher(replace(POLLING, retry_after="host")) as send,
    ):
        with pytest.raises(FetchError):
            await send(trusted(f"{one.url}/a"))
        await send(trusted(f"{other.url}/a"))

    assert other.paths() == ["/a"]


# --- hosts that are down -------------------------------------------------------------------------


@in_loop
async def test_host_that_gives_no_answer_is_asked_no_more_until_one_request_has_tried():
    clock, hang_up = Clock(), Answer(raw=b"")
    memory = Notes()
    async with site({"/a": hang_up, "/b": FEED}) as server, Fetcher(POLLING, now=clock, memory=memory) as send:
        for _ in range(ENOUGH):
            with pytest.raises(FetchError, match="closed the connection"):
                await send(trusted(f"{server.url}/a"))
        asked = len(server.requests)
        with pytest.raises(
            NotAsked, match="has not answered since 2026-03-04 05:06 UTC, 5 requests in a row"
        ) as caught:
            await send(trusted(f"{server.url}/b"))
        assert len(server.requests) == asked

        clock.now = caught.value.until
        await send(trusted(f"{server.url}/b"))
        assert memory.known[server.url.removeprefix("http://")].failures == 0


@in_loop
async def test_host_that_is_down_stays_so_across_runs_and_is_tried_when_a_person_names_it():
    memory = Notes()
    async with site({"/a": Answer(raw=b""), "/b": FEED}) as server:
        for _ in range(ENOUGH):  # each run another failure
            async with Fetcher(POLLING, now=lambda: NOW, memory=memory) as send:
                with pytest.raises(FetchError, match="closed the connection"):
                    await send(trusted(f"{server.url}/a"))
        async with Fetcher(POLLING, now=lambda: NOW, memory=memory) as send:
            with pytest.raises(NotAsked):
                await send(trusted(f"{server.url}/b"))
            send.try_again(f"{server.url}/b")
            await send(trusted(f"{server.url}/b"))
            await send(trusted(f"{server.url}/b"))


@in_loop
@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(status=404),
        Answer(raw=b"SSH-2.0-nothing\r\n"),
        Answer(body=b"x" * 10, length=20, close=True),
        Answer(body=b"x" * 200),
    ],
)
async def test_host_that_answers_badly_is_not_down(answer):
    async with site({"/a": answer}) as server, fetcher(POLLING) as send:
        for _ in range(2 * ENOUGH):
            with pytest.raises(FetchError) as caught:
                await send(replace(trusted(f"{server.url}/a"), max_bytes=100))
            assert not isinstance(caught.value, NotAsked)


@in_loop
async def test_answer_between_failures_begins_the_count_anew():
    answers = [*[Answer(raw=b"")] * 4, Answer(status=404), *[Answer(raw=b"")] * 5]
    async with site({"/a": answers}) as server, fetcher(POLLING) as send:
        errors = []
        for _ in answers:
            with pytest.raises(FetchError) as caught:
                await send(replace(trusted(f"{server.url}/a"), method="POST", body="k"))  # a GET is tried twice
            errors.append(type(caught.value))
        with pytest.raises(NotAsked):
            await send(trusted(f"{server.url}/a"))

    assert NotAsked not in errors


# --- connections ----------------------------------------------------------------------------------


@in_loop
async def test_connection_is_kept_for_the_next_request():
    async with site({"/feed": FEED}) as server, fetcher() as send:
        for _ in range(3):
            await send(trusted(f"{server.url}/feed"))

    assert server.connections == 1


@in_loop
async def test_connection_that_was_closed_under_us_costs_one_more_try():
    answers = [FEED, Answer(raw=b""), FEED]
    async with site({"/feed": answers}) as server, fetcher() as send:
        await send(trusted(f"{server.url}/feed"))
        document = await send(trusted(f"{server.url}/feed"))

    assert document.body == b"<rss/>"
    assert len(server.requests) == 3


@in_loop
async def test_server_that_hangs_up_on_a_new_connection_is_not_asked_twice():
    async with site({"/feed": Answer(raw=b"")}) as server:
        error = await failure(trusted(f"{server.url}/feed"))

    assert "closed the connection before it answered" in str(error)
    assert len(server.requests) == 1


@in_loop
async def test_post_is_never_sent_twice():
    async with site({"/feed": [FEED, Answer(raw=b""), FEED]}) as server, fetcher() as send:
        await send(trusted(f"{server.url}/feed"))
        with pytest.raises(FetchError, match="closed the connection"):
            await send(replace(trusted(f"{server.url}/feed"), method="POST", body="k=v"))

    assert len(server.requests) == 2


@in_loop
async def test_requests_at_once_stay_within_the_limits():
    answers = {f"/{n}": replace(FEED, hold=0.02) for n in range(8)}
    async with site(answers) as server, fetcher(replace(POLLING, per_host=2)) as send:
        await asyncio.gather(*(send(trusted(f"{server.url}/{n}")) for n in range(8)))

    assert server.busiest == 2
