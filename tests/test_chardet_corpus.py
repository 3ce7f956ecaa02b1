"""Feeds in legacy encodings, as they were collected to test guessers of encodings: each is read with its own titles.

What is right is said by the folder, which is named after the encoding, and by Python's own codec for it.
"""

import codecs
import html
import re
from datetime import UTC, datetime
from functools import cache

import pytest

from aggregator.errors import ReadError
from aggregator.model import Document, RawEntry, Source, SourceInfo
from aggregator.normalize import normalize
from aggregator.sources import feed
from aggregator.text.decoding import decode
from tests.corpora import corpus, is_other_part

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
URL = "https://feeds.example.org/feed.xml"
SOURCE = Source(name="example", url=URL)
SUPERSETS = {"GB2312": "gb18030", "EUC-KR": "cp949", "SHIFT_JIS": "cp932", "Big5": "big5hkscs"}
LABEL = re.compile(rb"(?P<name>encoding|charset)=(?P<quote>[\"']?)[\w-]+", re.IGNORECASE)
ENTRY = re.compile(r"<(?:\w+:)?(item|entry)[\s>].*?(?:</(?:\w+:)?\1>|\Z)", re.DOTALL)  # some are cut off
TITLE = re.compile(r"<title(?:\s[^<>]*)?>(.*?)</title>", re.DOTALL | re.IGNORECASE)
LIES = (b"utf-8", b"iso-8859-1", b"windows-1252", b"gb2312", b"no-such-thing")
# Nothing in these bytes tells them from Western European ones, or from GBK.
TOLD_BY_THEIR_LABEL_ALONE = {
    b"gb2312": ("iso-8859-2", "windows-1250"),
}


@cache
def documents():
    """(file, body, text that its folder says it is)"""
    found = []
    for folder in sorted(corpus("chardet").iterdir()):
        for path in sorted(folder.iterdir()):
            body = path.read_bytes()
            found.append((f"{folder.name}/{path.name}", body, body.decode(codec_of(folder.name), "replace")))
    return found


def codec_of(folder: str) -> str:
    """The codec that a folder is named after; behind it may stand a language."""
    for name in (SUPERSETS.get(folder, folder), folder.rpartition("-")[0]):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    raise AssertionError(folder)


def comparable(title: str | None) -> str:
    """Without mark-up, references decoded as often as there are some, without white space."""
    text = re.sub(r"<!\[CDATA\[|\]\]>|<!--.*?-->", "", title or "")
    for _ in range(3):
        text = html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", text))
    return "".join(re.sub("[\x00-\x1f\x7f-\x9f\ufffd\u200b\ufeff]", "", text).split())


def read(body: bytes, content_type: str | None = None) -> tuple[RawEntry, ...]:
    headers = {"content-type": content_type} if content_type else {}
    document = Document(url=URL, requested_url=URL, body=body, headers=headers, fetched_at=NOW)
    return feed.read(document, SOURCE, now=NOW).entries


def titles_of(entries) -> list[str]:
    return [comparable(normalize(one, SOURCE, SourceInfo(), url=URL, now=NOW)[0].title) for one in entries]


def test_feeds_in_legacy_encodings_have_the_right_titles():
    wrong, titles, feeds = {}, 0, 0
    for file, body, text in documents():
        if not ENTRY.search(text):
            page = decode(body)
            if TITLE.findall(page) != TITLE.findall(text.lstrip("\ufeff")):
                wrong[file] = TITLE.findall(page)
            continue
        expected = [comparable(found[1] if (found := TITLE.search(one[0])) else "") for one in ENTRY.finditer(text)]
        try:
            found = titles_of(read(body))
        except ReadError as error:
            found = [str(error)]
        feeds += 1
        titles += len(expected)
        if found != expected:
            wrong[file] = [(a, b) for a, b in zip(expected, found, strict=False) if a != b] or (
                len(expected),
                len(found),
            )
    assert len(wrong) <= 0.01 * len(documents())
    if is_other_part():
        return
    assert wrong == {}
    assert len(documents()) >= 200
    assert feeds > 150
    assert titles > 1500


@pytest.mark.parametrize("lie", LIES)
def test_label_that_lies_changes_no_title(lie):
    """All but a few in a hundred: short texts in which next to nothing is beyond ASCII."""
    wrong, count = [], 0
    for file, body, text in documents():
        if LABEL.search(body[:3000]) and not file.startswith(TOLD_BY_THEIR_LABEL_ALONE.get(lie, "-")):
            count += 1
            claimed = LABEL.sub(lambda label, lie=lie: b"%s=%s%s" % (label["name"], label["quote"], lie), body)
            if TITLE.findall(decode(claimed)) != TITLE.findall(text.lstrip("\ufeff")):
                wrong.append(file)
    assert count > 150
    assert len(wrong) <= count // 50, wrong


@pytest.mark.parametrize("charset", ["utf-8", "us-ascii", "iso-8859-1", "windows-1252"])
def test_server_that_lies_changes_no_title(charset):
    wrong = [
        file
        for file, body, text in documents()
        if LABEL.search(body[:3000])
        and TITLE.findall(decode(body, f"text/xml; charset={charset}")) != TITLE.findall(text.lstrip("\ufeff"))
    ]
    assert wrong == []


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-5", "cp866", "cp855", "mac-cyrillic"])
def test_russian_and_bulgarian_feeds_have_their_titles_in_any_encoding_without_a_label(encoding):
    wrong, count = [], 0
    for file, _, text in documents():
        if re.match(r"KOI8-R|.*-(?:russian|bulgarian)/", file):
            count += 1
            body = LABEL.sub(b"", text.encode(encoding, "replace"))
            if TITLE.findall(decode(body)) != TITLE.findall(body.decode(encoding)):
                wrong.append(file)
    assert count > 50
    assert wrong == []
