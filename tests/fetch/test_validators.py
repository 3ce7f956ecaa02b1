"""What an answer's headers say of time and change."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.fetch.validators import LONGEST_RETRY, body_hash, freshness, retry_after, validators
from aggregator.model import Document, File, Validators

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
URL = "https://example.org/feed"
OLD = Validators(url=URL, etag='"old"', last_modified="yesterday", body_hash="00")


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Document:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Document(url=URL, requested_url=URL, body=body, status=status, headers=named, fetched_at=NOW)


def test_200_replaces_both_validators_also_where_the_body_is_the_same():
    first = validators(answer(body=b"a", etag='W/"1"', last_modified="whenever"), OLD)
    second = validators(answer(body=b"a", etag='W/"2"'), first)

    assert (first.etag, first.last_modified) == ('W/"1"', "whenever")
    assert (second.etag, second.last_modified) == ('W/"2"', None)
    assert second.body_hash == first.body_hash != OLD.body_hash


def test_304_replaces_only_the_validators_that_it_bears():
    assert validators(answer(304, etag='"new"'), OLD) == Validators(
        url=URL, etag='"new"', last_modified="yesterday", body_hash="00"
    )
    assert validators(answer(304), OLD) == OLD
    assert validators(answer(304, last_modified="now"), None).last_modified == "now"


def test_body_hash_knows_the_files_of_a_folder_apart():
    def folder(*files: tuple[str, bytes]) -> Document:
        found = tuple(File(path=path, body=body) for path, body in files)
        return Document(url="file:///p", requested_url="/p", files=found, fetched_at=NOW)

    hashes = {
        body_hash(folder()),
        body_hash(folder(("a", b"bc"))),
        body_hash(folder(("ab", b"c"))),
        body_hash(folder(("a", b"b"), ("c", b""))),
    }
    assert len(hashes) == 4


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache_control": "max-age=600"}, 600),
        ({"cache_control": 'public, Max-Age="600"'}, 600),
        ({"cache_control": "max-age=600", "age": "100"}, 500),
        ({"cache_control": "max-age=600, s-maxage=9"}, 600),
        ({"cache_control": "max-age=600", "expires": "Wed, 04 Mar 2026 05:06:08 GMT"}, 600),
        ({"cache_control": "public", "expires": "Wed, 04 Mar 2026 05:16:07 GMT"}, 600),
        (
            {"expires": "Wed, 04 Mar 2026 08:10:00 GMT", "date": "Wed, 04 Mar 2026 08:00:00 GMT"},  # its clock is wrong
            600,
        ),
        ({"cache_control": "max-age=" + "9" * 5000}, 365 * 86400),
        ({"cache_control": "max-age=99999999999"}, 365 * 86400),
    ],
)
def test_answer_is_fresh_as_long_as_its_headers_say(headers, seconds):
    assert freshness(answer(**headers), now=NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"cache_control": "no-cache, max-age=600"},
        {"cache_control": "no-store", "expires": "Wed, 04 Mar 2027 05:06:08 GMT"},
        {"cache_control": "max-age=0"},
        {"cache_control": "max-age=-1"},
        {"cache_control": "max-age=soon", "expires": "Wed, 04 Mar 2027 05:06:08 GMT"},
        {"cache_control": "max-age=600", "age": "600"},
        {"expires": "0"},
        {"expires": "-1"},
        {"expires": "Wed, 04 Mar 2020 05:06:08 GMT"},
        {"expires": "Wed, 99 Mar 99999 05:06:08 GMT"},
    ],
)
def test_answer_that_promises_nothing_is_not_fresh(headers):
    assert freshness(answer(**headers), now=NOW) is None


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "120"}, timedelta(minutes=2)),
        ({"retry-after": " 0 "}, timedelta(0)),
        ({"retry-after": "Wed, 04 Mar 2026 05:08:07 GMT"}, timedelta(minutes=2)),
        (
            {"retry-after": "Wed, 04 Mar 2026 05:08:07 GMT", "date": "Wed, 04 Mar 2026 05:07:07 GMT"},
            timedelta(minutes=1),
        ),
        ({"retry-after": "Wed, 04 Mar 2020 05:08:07 GMT"}, timedelta(0)),
        ({"retry-after": "31536000"}, LONGEST_RETRY),
        ({"retry-after": "9" * 5000}, LONGEST_RETRY),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "²"}, None),
        ({"retry-after": "later"}, None),
        ({}, None),
    ],
)
def test_wait_is_what_the_server_asks_for(headers, wait):
    assert retry_after(headers, now=NOW) == wait
