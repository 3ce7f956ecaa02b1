"""Real feeds say what three unrelated readers agree they say."""

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest

from aggregator.errors import ReadError
from aggregator.model import Document, RawEntry, RawText, Source
from aggregator.sources import feed
from aggregator.text.dates import read_date
from tests.corpora import corpus

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ADDRESS = "https://feeds.example.org/feed.xml"
SOURCE = Source(name="consensus", kind="feed", url=ADDRESS)
NO_DATE = -62135596800
PARTS = 4  # so that several processes share the work


def document(path: Path) -> Document:
    return Document(url=ADDRESS, requested_url=ADDRESS, body=path.read_bytes(), fetched_at=NOW)


def comparable(text: RawText | None) -> str:
    """Without mark-up, references decoded twice, white space collapsed, as the corpora's README says."""
    words = re.sub(r"<[^<>]*>", "", html.unescape(html.unescape(re.sub(r"<[^<>]*>", "", text.value if text else ""))))
    return " ".join(words.split())


def dates_of(entry: RawEntry) -> set[int]:
    """In seconds; the year 1, which programs print for no date, is none to us and a number to others."""
    dates = [read_date(text, timezone="UTC", now=NOW) for text in (entry.published, entry.updated) if text]
    return {int(when.timestamp()) for when in dates if when} or {NO_DATE}


def disagreements(record: dict) -> tuple[int, list[str]]:
    """How many claims the record makes, and those that we contradict."""
    try:
        reading = feed.read(document(corpus(record["file"])), SOURCE, now=NOW)
    except ReadError as error:
        return 1, ["refused: " + str(error)] if record["entries"] else []
    entries = reading.entries
    if len(entries) != record["entries"]:
        return 1, [f"{len(entries)} entries, not {record['entries']} {reading.warnings}"]
    claims, wrong = 1, []
    for position, entry in enumerate(entries):
        base = entry.base or ADDRESS
        title, link, date = (record[name][position] if record[name] else None for name in ("titles", "links", "dates"))
        if title is not None and comparable(entry.title) != comparable(RawText(value=title)):
            wrong.append(f"title {position}: {entry.title!r}, not {title!r}")
        if link is not None and urljoin(base, entry.url or "") != urljoin(base, link):
            wrong.append(f"link {position}: {entry.url!r}, not {link!r}")
        if date is not None and date not in dates_of(entry):
            wrong.append(f"date {position}: {entry.published!r}, {entry.updated!r}, not {date}")
        claims += sum(claim is not None for claim in (title, link, date))
    return claims, wrong


@pytest.mark.parametrize("part", range(PARTS))
def test_real_feeds_are_read_as_others_read_them(part):
    records = json.loads(corpus("consensus.json").read_text())[part::PARTS]
    claims, wrong = 0, {}
    for record in records:
        made, contradicted = disagreements(record)
        claims += made
        if contradicted:
            wrong[record["file"]] = contradicted
    assert claims > 1000
    share = sum(map(len, wrong.values())) / claims
    assert share <= 0.001, wrong
    assert sum("entries" in claims[0] for claims in wrong.values()) <= 1, wrong


@pytest.mark.parametrize("origin", ["feedparser", "feedvalidator", "gofeed", "venus miniflux simplepie netnewswire"])
def test_every_document_is_read_or_refused_with_a_reason(origin):
    read, refused = 0, 0
    for folder in origin.split():
        for path in sorted(corpus(folder).rglob("*")):
            if not path.is_file() or path.suffix in {".json", ".ini"}:
                continue
            try:
                feed.read(document(path), SOURCE, now=NOW)
                read += 1
            except ReadError:
                refused += 1
    assert read > refused
    assert read + refused > 200
