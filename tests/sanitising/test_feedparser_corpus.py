"""The 615 documents by which feedparser tries its own sanitizer, as we would publish them in every format.

Nothing of them can do harm, and what feedparser leaves for a reader to see is seen with us, but for what stands below.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

pytest.importorskip("html5lib", reason="html5lib reads HTML as browsers do: pip install -e '.[dev]'")

from aggregator import outputs
from aggregator.credit import credit
from aggregator.model import Content, Document, Entry, Source, SourceInfo
from aggregator.normalize import normalize
from aggregator.sources import feed
from tests.corpora import corpus, is_other_part
from tests.outputs.examples import ENTRY, FEED
from tests.sanitising.harm import OWN_CLASSES, found_in_feed, found_in_json, found_in_page
from tests.sanitising.html5 import words_in

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "http://harbour.example/feed.xml"

# Elements whose content feedparser leaves as text, and why it is none with us
NO_TEXT = {
    "svg": "a drawing goes whole; its labels make no sentence",
    "math": "a formula is its own words for itself",
    "button": "what a form's button says is nothing to read",
    "select": "what a form offers is nothing to read",
    "option": "as above",
    "textarea": "as above",
    "title": "a page's title stands in no text",
    "iframe": "a frame becomes a link or a player",
    "style": "rules of style are nothing to read",
}
_HAS_NO_TEXT = re.compile(rf"<(?:{'|'.join(NO_TEXT)})\b")
_SHOWN = "feedparser leaves the title of a page and what stands in an unclosed script as text; a browser shows neither"
EXCEPTIONS = {
    "wellformed/sanitize/entry_content_crazy.xml": _SHOWN,
    "wellformed/sanitize/entry_summary_crazy.xml": _SHOWN,
    "wellformed/sanitize/item_content_encoded_crazy.xml": _SHOWN,
    "wellformed/sanitize/item_fullitem_crazy.xml": _SHOWN,
}


@cache
def cases() -> list[dict[str, Any]]:
    told = json.loads(corpus("feedparser", "expectations.json").read_text("utf-8"))
    return [case for case in told if "/sanitize/" in case["file"]]


@cache
def read(file: str) -> tuple[SourceInfo, tuple[Content, ...]]:
    source = Source(name="harbour", kind="feed", url=URL)
    body = corpus("feedparser", file).read_bytes()
    document = Document(url=URL, requested_url=URL, body=body, fetched_at=NOW)
    reading = feed.read(document, source, now=NOW)
    contents = (normalize(raw, source, reading.info, url=URL, now=NOW)[0] for raw in reading.entries)
    return reading.info, tuple(contents)


def published(file: str) -> dict[str, bytes]:
    """Return the document of each format of feeds."""
    info, contents = read(file)
    told = credit(Source(name="harbour", kind="feed", url=URL), info, now=NOW)
    entries: list[Entry] = [replace(ENTRY, content=content, credit=told) for content in contents]
    formats = {name: made for name, made in outputs.formats().items() if isinstance(made, outputs.FeedFormat)}
    head = replace(FEED, title=told.title)
    return {name: made.document(head, [made.fragment(entry) for entry in entries]) for name, made in formats.items()}


def harm_of(file: str) -> list[str]:
    made = published(file)
    classes = {*OWN_CLASSES.findall(STYLE), "authors"}
    return [
        *found_in_feed(made["atom"]),
        *found_in_feed(made["rss"]),
        *found_in_json(json.loads(made["json_feed"])),
        *found_in_page(made["html"].decode(), classes),
    ]


STYLE = outputs.formats()["html"].site(FEED, [], [])["assets/style.css"].decode()  # type: ignore[attr-defined]


def test_nothing_harmful_is_published_of_any() -> None:
    assert is_other_part() or len(cases()) == 615
    harmful = {case["file"]: found for case in cases() if (found := harm_of(case["file"]))}
    assert harmful == {}


def test_what_feedparser_leaves_to_see_is_seen() -> None:
    compared, other = 0, {}
    for case in cases():
        for field, expected in texts_of(case):
            _, contents = read(case["file"])
            if not contents or _HAS_NO_TEXT.search(corpus("feedparser", case["file"]).read_text("utf-8", "replace")):
                continue
            compared += 1
            seen = shown(contents[0], field)
            if squeezed(words_in(expected)) != squeezed(seen):
                other[case["file"]] = (words_in(expected), seen)
    assert {file: both for file, both in other.items() if file not in EXCEPTIONS} == {}
    assert is_other_part() or compared > 400
    assert set(EXCEPTIONS) <= set(other) or is_other_part()


def texts_of(case: dict[str, Any]) -> list[tuple[str, str]]:
    """The texts of its first entry that a case expects: field, HTML."""
    found = []
    for clause in case["expect"]:
        path = clause["path"]
        if path[:2] == ["entries", 0] and len(path) > 2 and isinstance(clause.get("value"), str):
            found.append((path[2], clause["value"]))
    return found


def shown(content: Content, field: str) -> str:
    """What a reader sees of that field with us."""
    if field.startswith("title"):
        return content.title or ""
    return words_in(content.html or content.summary or "")


def squeezed(text: str) -> str:
    return "".join(text.split())
