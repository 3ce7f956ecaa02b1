import gzip
import os
import re
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from starlette.responses import PlainTextResponse

from aggregator.outputs import html
from aggregator.serve import application
from aggregator.serve.files import MEDIA_TYPES as BUILT_IN
from aggregator.serve.files import Files
from aggregator.serve.memory import Memory
from tests.outputs.examples import FEED as FEED_HEAD
from tests.serve.conftest import FEED, MEDIA_TYPES, Running, running


def test_feed_comes_with_its_media_type_its_validators_and_its_bytes(site: Running, folder: Path):
    os.utime(folder / "all.atom", (1_700_000_000, 1_700_000_000))

    answer = site.ask("/all.atom")

    assert (answer.status, answer.body) == (200, FEED)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["content-length"] == str(len(FEED))
    assert answer.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["vary"] == "accept-encoding"
    assert "server" not in answer.headers


def test_page_may_run_no_script(site: Running):
    answer = site.ask("/category/jilinribao.html")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; img-src http: https:; ")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_page_says_the_same_policy_itself_as_its_header_but_who_may_frame_it(site: Running, folder: Path):
    (folder / "all.html").write_bytes(html.document(FEED_HEAD, []))

    answer = site.ask("/all.html")

    said = re.search(rb'http-equiv="Content-Security-Policy" content="([^"]*)"', answer.body)
    assert said
    assert answer.headers["content-security-policy"] == said[1].decode() + "; frame-ancestors 'none'"


@pytest.mark.parametrize(
    "path", ["/all.atom", "/index.html", "/assets/style.css", "/nothing", "/category/jilin.html", "/healthz"]
)
def test_every_answer_tells_browsers_to_do_nothing_but_show_it(site: Running, path: str):
    headers = site.ask(path).headers

    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; ") if " " in part)
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy
    assert ("sandbox" in headers["content-security-policy"]) is (path != "/index.html")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_root_is_the_front_page_and_assets_are_kept_longer(site: Running):
    assert site.ask("/").body == site.ask("/index.html").body
    assert site.ask("/assets/style.css").headers["cache-control"] == "public, max-age=86400"


@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"other", {0}', '"other",W/{0}', "*", '"a,b" , {0}'])
def test_copy_that_is_still_good_is_answered_with_304(site: Running, form: str):
    first = site.ask("/all.atom")

    answer = site.ask("/all.atom", {"If-None-Match": form.format(first.headers["etag"])})

    assert (answer.status, answer.body) == (304, b"")
    for name in ("etag", "cache-control", "vary", "last-modified", "access-control-allow-origin"):
        assert answer.headers[name] == first.headers[name]
    assert "date" in answer.headers
    assert "content-type" not in answer.headers
    assert "content-length" not in answer.headers


def test_tag_of_another_state_brings_the_new_one_whatever_the_date_says(site: Running):
    first = site.ask("/all.atom")

    answer = site.ask("/all.atom", {"If-None-Match": '"old"', "If-Modified-Since": first.headers["last-modified"]})

    assert answer.status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Tue, 14 Nov 2023 22:13:20 GMT", 304),
        ("Tuesday, 14-Nov-23 22:13:20 GMT", 304),
        ("Tue Nov 14 22:13:20 2023", 304),
        ("Wed, 15 Nov 2023 00:00:00 GMT", 304),
        ("Tue, 14 Nov 2023 22:13:19 GMT", 200),
        ("yesterday", 200),
        ("", 200),
        ("Tue, 99 Nov 99999 22:13:19 GMT", 200),
    ],
)
def test_date_alone_decides_where_no_tag_is_sent(site: Running, folder: Path, since: str, status: int):
    os.utime(folder / "all.atom", (1_700_000_000.9, 1_700_000_000.9))

    assert site.ask("/all.atom", {"If-Modified-Since": since}).status == status


def test_head_tells_what_get_would_send(site: Running):
    for encoding in ("identity", "gzip", "br"):
        got = site.ask("/all.atom", {"Accept-Encoding": encoding})
        told = site.ask("/all.atom", {"Accept-Encoding": encoding}, method="HEAD")

        assert told.body == b""
        assert {**told.headers, "date": ""} == {**got.headers, "date": ""}
        assert told.headers["content-length"] == str(len(got.body))


def test_each_encoding_unpacks_to_the_same_and_has_a_tag_of_its_own(site: Running):
    plain = site.ask("/all.atom")
    zipped = site.ask("/all.atom", {"Accept-Encoding": "gzip, deflate"})
    brotlied = site.ask("/all.atom", {"Accept-Encoding": "gzip, deflate, br"})

    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == FEED
    assert brotlied.headers["content-encoding"] == "br"
    assert brotli.decompress(brotlied.body) == FEED
    assert len({answer.headers["etag"] for answer in (plain, zipped, brotlied)}) == 3
    assert {answer.headers["vary"] for answer in (plain, zipped, brotlied)} == {"accept-encoding"}
    again = {"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["etag"]}
    assert site.ask("/all.atom", again).status == 304
    assert site.ask("/all.atom", {"If-None-Match": zipped.headers["etag"]}).status == 200


def test_what_packing_would_not_shorten_is_sent_as_it_is(site: Running, folder: Path):
    (folder / "noise.atom").write_bytes(os.urandom(5000))
    (folder / "small.atom").write_bytes(b"<feed/>")
    (folder / "picture.png").write_bytes(b"\x89PNG" + bytes(5000))

    for name in ("noise.atom", "small.atom", "picture.png"):
        assert "content-encoding" not in site.ask(f"/{name}", {"Accept-Encoding": "gzip, br"}).headers
    assert "vary" not in site.ask("/picture.png").headers


def test_restart_and_a_new_date_keep_the_tag_and_new_bytes_change_it(folder: Path):
    tags = []
    for now in (1_700_000_000, 1_700_000_000, 1_700_009_999):
        os.utime(folder / "all.atom", (now, now))
        with running(application(folder, media_types=MEDIA_TYPES)) as site:
            tags.append(site.ask("/all.atom").headers["etag"])
    assert len(set(tags)) == 1

    with running(application(folder, media_types=MEDIA_TYPES)) as site:
        assert site.ask("/all.atom").headers["etag"] == tags[0]
        (folder / "next").write_bytes(FEED[::-1])
        (folder / "next").replace(folder / "all.atom")
        answer = site.ask("/all.atom", {"If-None-Match": tags[0]})
    assert (answer.status, answer.body) == (200, FEED[::-1])
    assert answer.headers["etag"] != tags[0]


def test_reader_that_knows_only_dates_misses_no_change_within_a_second(site: Running, folder: Path):
    os.utime(folder / "all.atom", (1_700_000_000.2, 1_700_000_000.2))
    first = site.ask("/all.atom").headers["last-modified"]
    (folder / "next").write_bytes(b"<feed>next</feed>")
    os.utime(folder / "next", (1_700_000_000.8, 1_700_000_000.8))
    (folder / "next").replace(folder / "all.atom")

    assert site.ask("/all.atom", {"If-Modified-Since": first}).body == b"<feed>next</feed>"


def test_file_that_vanishes_is_gone_and_one_that_comes_back_is_there(site: Running, folder: Path):
    assert site.ask("/all.atom").status == 200
    (folder / "all.atom").rename(folder / "away")
    assert site.ask("/all.atom").status == 404
    (folder / "away").rename(folder / "all.atom")
    assert site.ask("/all.atom").status == 200


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.html",
        "/category/../../secret.html",
        "/category/../index.html",
        "/%2e%2e/secret.html",
        "/%2E%2E%2Fsecret.html",
        "/..%2fsecret.html",
        "/..%5csecret.html",
        "/..\\secret.html",
        "/%252e%252e/secret.html",
        "/....//secret.html",
        "/./index.html",
        "//secret.html",
        "//etc/passwd",
        "/category//jilinribao.html",
        "/category/%00/../secret.html",
        "/all.atom%00.html",
        "/%c0%ae%c0%ae/secret.html",
        "/%ff%fe/secret.html",
        "/..;/secret.html",
        "/C:/secret.html",
        "/index.html%0d%0aX:%20y",
        "/" + "a" * 3000 + ".html",
        "/" + "a/" * 3000 + "a.html",
        "/.hidden.html",
        "/.cache/a.html",
        "/_posts/2026-01-01-a.html",
        "/%5fposts/2026-01-01-a.html",
        "/_posts/",
        "/aggregator.db",
        "/outside.html",
        "/elsewhere/secret.html",
        "/loop.html",
        "/pipe.html",
        "/folder.html",
        "/category",
        "/category/",
        "/category/jilinribao/",
        "/category/jilinribao.html/",
        "/category/nothing.atom",
        "/category/nothing",
        "/metrics",
        "/healthz/",
    ],
)
def test_nothing_but_the_published_files_is_served(site: Running, folder: Path, target: str):
    (folder / "outside.html").symlink_to(folder.parent / "secret.html")
    (folder / "elsewhere").symlink_to(folder.parent)
    (folder / "loop.html").symlink_to(folder / "loop.html")
    (folder / "folder.html").mkdir()
    os.mkfifo(folder / "pipe.html")

    answer = site.ask(target)

    assert answer.status == 404
    assert b"SECRET" not in answer.body
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"


def test_folder_may_be_a_link_and_hold_links_that_stay_inside(folder: Path, tmp_path: Path):
    (tmp_path / "public").symlink_to(folder)
    (folder / "latest.atom").symlink_to("all.atom")

    with running(application(tmp_path / "public", media_types=MEDIA_TYPES)) as site:
        assert site.ask("/latest.atom").body == FEED


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_told_which_are_possible(site: Running, method: str):
    answer = site.ask("/all.atom", {"Content-Length": "0"}, method=method)

    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/category/jilin.atom", "jilinribao.atom"),
        ("/category/jilin.html", "jilinribao.html"),
        ("/category/jilin", "jilinribao"),
        ("/category/archive/jilin/2022-02.atom", "../jilinribao/2022-02.atom"),
        ("/category/jilinribao", "jilinribao.html"),
    ],
)
def test_old_slugs_and_bare_slugs_lead_to_the_file_under_any_prefix(site: Running, target: str, location: str):
    answer = site.ask(target, {"Host": "evil.example", "X-Forwarded-Host": "evil.example"})

    assert answer.status == 301
    assert answer.headers["location"] == location
    assert "evil" not in str(answer.headers)


def test_redirect_carries_nothing_that_a_visitor_made_up(site: Running):
    answer = site.ask("/category/jilin.atom%0d%0aSet-Cookie:%20a=b")

    assert answer.status == 404
    assert "set-cookie" not in answer.headers


def test_query_is_not_looked_at(site: Running):
    assert site.ask("/all.atom?utm_source=x&..").status == 200


def test_health_answers_whoever_asks_and_is_never_kept(site: Running):
    answer = site.ask("/healthz", {"Host": "feeds.example.org", "X-Forwarded-For": "198.51.100.7"})

    assert (answer.status, answer.body) == (200, b"ok\n")
    assert answer.headers["cache-control"] == "no-store"
    assert site.ask("/healthz", method="HEAD").body == b""
    assert site.ask("/healthz", {"Content-Length": "0"}, method="POST").status == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8080"}, 200),
        ({"Host": "[::1]:8080"}, 200),
        ({"Host": "feeds.example.org"}, 404),
        ({"X-Forwarded-For": "127.0.0.1"}, 404),
        ({"Forwarded": "for=127.0.0.1"}, 404),
    ],
)
def test_local_pages_answer_this_machine_and_no_proxy(folder: Path, headers: dict[str, str], status: int):
    async def metrics(_):
        return PlainTextResponse("polls 3\n")

    with running(application(folder, media_types=MEDIA_TYPES, local_pages={"/metrics": metrics})) as site:
        answer = site.ask("/metrics", headers)

    assert answer.status == status
    assert (b"polls" in answer.body) == (status == 200)


def test_large_file_is_sent_whole_and_not_kept(folder: Path):
    body = os.urandom(1_000_003)
    (folder / "large.atom").write_bytes(body)
    memory = Memory(folder, largest_kept=100_000)
    files = Files(
        memory=memory,
        folder=folder,
        media_types={**BUILT_IN, **MEDIA_TYPES},
        aliases=lambda _: None,
        max_age=timedelta(0),
    )
    with running(files) as site:
        answer = site.ask("/large.atom", {"Accept-Encoding": "br"})
        assert answer.body == body
        assert answer.headers["content-length"] == str(len(body))
        assert site.ask("/large.atom", method="HEAD").headers["content-length"] == str(len(body))
        assert site.ask("/large.atom", {"If-None-Match": answer.headers["etag"]}).status == 304
    assert memory.kept_bytes == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_that_may_not_be_read_is_no_crash(site: Running, folder: Path):
    (folder / "all.atom").chmod(0)

    assert site.ask("/all.atom").status == 503
