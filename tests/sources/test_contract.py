"""What every kind of source owes. A new kind is found by itself and inherits these tests."""

import inspect
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from aggregator import sources
from aggregator.config import load
from aggregator.errors import ReadError
from aggregator.model import Document, File, Reading, Source
from aggregator.sources import Kind

NOW = datetime(2022, 6, 1, tzinfo=UTC)
URL = "https://news.example.org/list"
KINDS = sorted(sources.names())
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "white space": b" \r\n\t ",
    "zero bytes": b"\0" * 64,
    "noise": random.Random(7).randbytes(5000),
    "half a character": "早".encode()[:2],
    "byte order mark alone": b"\xff\xfe",
    "words": b"just words, and nothing else",
    "an address": b"https://news.example.org/",
    "a page": b"<!DOCTYPE html><title>t</title><ul><li><a href='/1'>one</a></li><li>two</li></ul>",
    "a page cut off": b"<!DOCTYPE html><ul><li><a href='/1'>one</a><li><a hre",
    "a feed": b"<rss version='2.0'><channel><item><title>a</title><link>/1</link></item></channel></rss>",
    "a feed cut off": b"<rss version='2.0'><channel><item><title>a</title></item><item><tit",
    "a feed in another order": b"<?xml version='1.0' encoding='x-nope'?><feed xmlns='http://www.w3.org/2005/Atom'><entry/>",
    "entities that grow": b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><rss>&b;</rss>",
    "a list": b'[{"title": "a", "url": "/1"}, null, 17, [], {"title": {"x": [1]}}]',
    "an error": b'{"code": 500, "msg": "down", "items": null}',
    "strange values": b'{"items": [{"title": true, "url": 1e999, "x": "\\ud800"}, "text", [[]]]}',
    "JSON cut off": b'{"items": [{"title": "a',
    "deep JSON": b"[" * 50_000,
    "deep elements": b"<ul><li>" + b"<div>" * 20_000 + b"x",
    "a post": b"---\ntitle: a\ndate: +0800\n---\ntext <https://a.example/1>\n",
    "a post cut off": b"---\ntitle: a\n",
    "a post with broken front matter": b'---\ntitle: "a" b\n---\ntext',
    "a post of brackets": b"---\na: " + b"[" * 3000 + b"\n---\n" + b"[" * 3000 + b"> " * 3000,
    "addresses that are none": b"<ul><li><a href='http://[::1'>x</a></li><li><a href='//'>y</a></li></ul><base href='http://['>",
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return sources.kind(str(request.param))


def example(kind: Kind) -> str:
    """The example for feeds.yaml in the module's docstring, which is its page in the manual."""
    text = inspect.getdoc(kind) or ""
    match = re.search(r"\.\. code-block:: yaml\n\n((?:    .*\n|\n)+)", text)
    assert match is not None, "the docstring shows no example for feeds.yaml"
    return dedent(match[1])


def configured(kind: Kind, folder: Path) -> Source:
    file = folder / "feeds.yaml"
    file.write_text(example(kind), encoding="utf-8")
    return load(file, kinds=KINDS, formats=("atom", "rss", "json_feed", "html", "opml"), environ={}).sources[-1]


def readings(kind: Kind, source: Source, body: bytes) -> Iterator[Reading | ReadError]:
    """What comes of the bytes as an answer, and as one file of a folder."""
    for files in ((), (File(path="_posts/2022-01-01-a.md", body=body), File(path="_config.yml", body=body))):
        document = Document(
            url=source.url or source.path or URL,
            requested_url=source.url or source.path or URL,
            body=b"" if files else body,
            files=files,
            headers={"content-type": "text/html; charset=iso-8859-1"},
            fetched_at=NOW,
        )
        try:
            yield kind.read(document, source, now=NOW)
        except ReadError as error:
            yield error


def test_name_of_a_kind_is_its_word_in_feeds_yaml(kind, tmp_path):
    assert configured(kind, tmp_path).kind in {kind.__name__.rsplit(".", 1)[-1], None}


def test_first_request_goes_to_the_address_of_the_operator_with_what_the_operator_wrote(kind, tmp_path):
    source = replace(
        configured(kind, tmp_path), headers=(("x-key", "1"),), max_bytes=7, allow_private=True, robots=False
    )

    asked = kind.request(source)

    assert asked.is_trusted
    assert (asked.url, asked.path) == (source.url, source.path)
    assert (asked.headers, asked.max_bytes, asked.allow_private) == (source.headers, 7, True)
    assert not (asked.is_page and asked.robots)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_comes_is_read_or_refused_in_words(kind, tmp_path, name):
    source = configured(kind, tmp_path)
    for source_read in (source, replace(source, fields=(), items="items", next=None), replace(source, remove=("a",))):
        for outcome in readings(kind, source_read, HOSTILE[name]):
            if isinstance(outcome, ReadError):
                assert len(str(outcome)) > 20
                assert outcome.url
                continue
            for entry in outcome.entries:
                assert entry.url or entry.title or entry.summary or entry.content or entry.enclosures
                assert "" not in {entry.id, entry.url, entry.published, entry.image}
            for asked in outcome.requests:
                assert not asked.is_trusted


@pytest.mark.parametrize("name", HOSTILE)
def test_same_bytes_give_the_same_reading(kind, tmp_path, name):
    source = configured(kind, tmp_path)

    first, second = (
        [
            str(outcome) if isinstance(outcome, ReadError) else outcome
            for outcome in readings(kind, source, HOSTILE[name])
        ]
        for _ in range(2)
    )

    assert first == second


def test_empty_answer_is_refused(kind, tmp_path):
    outcome = next(readings(kind, configured(kind, tmp_path), b""))

    assert isinstance(outcome, ReadError)
