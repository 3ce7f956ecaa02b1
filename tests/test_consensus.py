"""Real feeds say what three unrelated readers agree they say."""

import html
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest

from aggregator.errors import ReadError
from aggregator.model import Document, RawEntry, RawText, Source, SourceInfo
from aggregator.normalize import normalize
from aggregator.sources import feed
from aggregator.text.dates import read_date
from tests.corpora import corpus, is_other_part

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ADDRESS = "https://feeds.example.org/feed.xml"
SOURCE = Source(name="consensus", kind="feed", url=ADDRESS)
YEAR_2 = -62104060800
KINDS = ("entries", "titles", "links", "dates")
WAVE = "Shift_JIS 0x8160 is the full-width tilde on the web (WHATWG) and on the systems that wrote it"
# What we say otherwise, and why: file -> claim -> reason.
EXCEPTIONS = {
    "chardet/SHIFT_JIS/blog.inkase.net.xml": {"titles 6": WAVE},
    "chardet/SHIFT_JIS/celeb.lalalu.com.xml": {"titles 8": WAVE},
    "chardet/SHIFT_JIS/ooganemochi.com.xml": {"titles 0": WAVE},
    "feed-rs/rss2/rss_2.0_nbcny.xml": {"dates 0": "02:02:33 PM is fourteen hours; the others leave the PM out"},
    "miniflux/parser/no_encoding_ISO-8859-1.xml": {
        f"titles {number}": "the others lose the accents of a feed that names no encoding"
        for number in (1, 2, 4, 5, 6, 7, 9)
    },
}


def document(path: Path) -> Document:
    return Document(url=ADDRESS, requested_url=ADDRESS, body=path.read_bytes(), fetched_at=NOW)


def comparable(text: RawText | None) -> str:
    """Without mark-up, references decoded twice, white space collapsed, as the corpora's README says."""
    words = re.sub(r"<[^<>]*>", "", html.unescape(html.unescape(re.sub(r"<[^<>]*>", "", text.value if text else ""))))
    return " ".join(words.split())


def dates_of(entry: RawEntry) -> set[int]:
    """In seconds."""
    dates = [read_date(text, timezone="UTC", now=NOW) for text in (entry.published, entry.updated) if text]
    return {int(when.timestamp()) for when in dates if when}


def is_no_date(seconds: int, entry: RawEntry) -> bool:
    """Whether the claim is the year 1, which programs print for no date, and the entry is undated and says so."""
    content, warnings = normalize(entry, SOURCE, SourceInfo(), url=ADDRESS, now=NOW)
    return seconds < YEAR_2 and content.published is None and "0001" in "".join(warnings)


def contradictions(record: dict) -> tuple[Counter[str], dict[str, str]]:
    """How many claims of each kind the record makes, and those that we contradict: claim -> what we say."""
    try:
        entries = feed.read(document(corpus(record["file"])), SOURCE, now=NOW).entries
    except ReadError as error:
        return Counter(entries=1), {"entries": str(error)} if record["entries"] else {}
    claims = Counter(entries=1)
    if len(entries) != record["entries"]:
        if record["entries"] == 0 and len(entries) in record["readers"].values():
            return claims, {}  # two found nothing to read where the third read what we read
        return claims, {"entries": f"{len(entries)}, not {record['entries']}"}
    wrong = {}
    for position, entry in enumerate(entries):
        base = entry.base or ADDRESS
        title, link, date = (record[kind][position] if record[kind] else None for kind in KINDS[1:])
        if title is not None and comparable(entry.title) != comparable(RawText(value=title)):
            wrong[f"titles {position}"] = f"{entry.title!r}, not {title!r}"
        if link is not None and urljoin(base, entry.url or "") != urljoin(base, link):
            wrong[f"links {position}"] = f"{entry.url!r}, not {link!r}"
        if date is not None and date not in dates_of(entry) and not is_no_date(date, entry):
            wrong[f"dates {position}"] = f"{entry.published!r}, {entry.updated!r}, not {date}"
        claims.update(kind for kind, claim in zip(KINDS[1:], (title, link, date), strict=True) if claim is not None)
    return claims, wrong


def test_real_feeds_are_read_as_others_read_them():
    """Takes about eight seconds."""
    claims: Counter[str] = Counter()
    wrong = {}
    for record in json.loads(corpus("consensus.json").read_text("utf-8")):
        made, contradicted = contradictions(record)
        claims += made
        if contradicted:
            wrong[record["file"]] = contradicted
    unlike = Counter(claim.split()[0] for contradicted in wrong.values() for claim in contradicted)
    assert {kind: unlike[kind] / claims[kind] <= 0.002 for kind in KINDS} == dict.fromkeys(KINDS, True), wrong
    if is_other_part():
        return
    assert min(claims.values()) > 300
    assert {file: set(told) for file, told in wrong.items()} == {file: set(told) for file, told in EXCEPTIONS.items()}


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
    assert read + refused > 200 or is_other_part()
