"""What is put before the changed documents: every reader, and what makes text trusted."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from aggregator import sources
from aggregator.config.lines import Lines
from aggregator.errors import ConfigError, FetchError, SourceError
from aggregator.fetch.decoding import CODECS, Body
from aggregator.fetch.robots import our_rules
from aggregator.fetch.validators import freshness, retry_after, validators
from aggregator.model import ArticleRule, Document, File, Paging, RawEntry, RawText, Source, SourceInfo
from aggregator.normalize import normalize
from aggregator.normalize.html import clean
from aggregator.sources.parts.jekyll.front_matter import FrontMatterError, split_post
from aggregator.sources.parts.page import article
from aggregator.text.dates import find_date, read_date
from aggregator.text.decoding import decode
from aggregator.text.urls import LONGEST_URL, absolute, canonical
from tests.bounded import NOW
from tests.fuzzing.seeds import SEEDS

URL = "https://a.example/list"
MOST_DECODED = 1 << 20  # bytes
ENTRY = RawEntry(id="1", url="https://a.example/1", title=RawText(value="一"), summary=RawText(value="春江两岸的早晨"))

SOURCES: dict[str, Source] = {
    "feed": Source(name="feed", url=URL),
    "html_list": Source(
        name="list",
        kind="html_list",
        url=URL,
        items="ul li",
        fields=(
            ("title", ("a@title", "a")),
            ("published", (".date",)),
            ("image", ("img",)),
            ("summary", ("p.digest",)),
        ),
        next=Paging(url="a.next@href", pages=3),
    ),
    "json_api": Source(
        name="api",
        kind="json_api",
        url=URL,
        items="data.nodeList",
        fields=(
            ("id", ("infocode",)),
            ("title", ("title",)),
            ("published", ("showtime", "time")),
            ("category", ("from",)),
            ("url", ("https://a.example/?infoCode={infocode}",)),
            ("tags", ("tags[].label",)),
        ),
    ),
    "article": Source(
        name="page",
        url=URL,
        article=ArticleRule(content=("section.text",), fields=(("published", ("time", "small")),), remove=("nav",)),
    ),
    "auto": Source(name="auto", url=URL, article=ArticleRule(auto=True)),
}


def targets() -> dict[str, Callable[[bytes], int]]:
    """Return every target by its name: it takes a document, returns how many entries it gave, may raise SourceError."""
    kinds = {name: partial(_read, name) for name in sources.names()}
    pages = {name: partial(_complete, SOURCES[name]) for name in ("article", "auto")}
    texts = {"html": _html, "dates": _dates, "urls": _urls, "decoding": _decoding, "config": _config}
    texts |= {"front_matter": _front_matter, "headers": _headers, "robots": _robots, "packed": _packed, "rules": _rules}
    return {name: act for name, act in {**kinds, **pages, **texts}.items() if name in SEEDS}


def _read(name: str, body: bytes) -> int:
    source = SOURCES.get(name) or Source(name=name, kind=name, url=URL, path=None)
    files: tuple[File, ...] = ()
    if name == "jekyll_posts":
        source = Source(name=name, kind=name, path="/srv/site")
        files, body = (File(path="_posts/2022-02-25-a.md", body=body), File(path="_config.yml", body=body[:200])), b""
    return _read_as(source, body, files)


def _read_as(source: Source, body: bytes, files: tuple[File, ...] = ()) -> int:
    reading = sources.kind(source.kind or "feed").read(_document(body, files), source, now=NOW)
    for entry in reading.entries:
        normalize(entry, source, reading.info or SourceInfo(), url=URL, now=NOW)
    return len(reading.entries) + len(reading.feeds or ())


def _complete(source: Source, body: bytes) -> int:
    raw, _ = article.complete(ENTRY, _document(body), source, now=NOW)
    normalize(raw, source, SourceInfo(), url=URL, now=NOW)
    return 1


def _html(body: bytes) -> int:
    text = body.decode("utf-8", "replace")
    once = clean(text, base=URL)
    if once and (twice := clean(once, base=URL)) != once:
        raise AssertionError(f"cleaned again it is another text: {once[:200]!r} and {twice[:200]!r}")
    raw = RawEntry(title=RawText(value=text, type="html"), content=RawText(value=text, type="html"), rights=text)
    normalize(raw, Source(name="html", url=URL), SourceInfo(), url=URL, now=NOW)
    return 1


def _dates(body: bytes) -> int:
    text = body.decode("utf-8", "replace")
    for timezone in ("UTC", "Asia/Shanghai"):
        read_date(text, timezone=timezone, now=NOW)
        find_date(text, timezone=timezone, now=NOW)
    return 1


def _urls(body: bytes) -> int:
    text = body.decode("utf-8", "replace")
    if url := absolute(text, URL):
        once = canonical(url)
        if once and len(once) <= LONGEST_URL and canonical(once) != once:
            raise AssertionError(f"not stable: {url!r} → {once!r} → {canonical(once)!r}")
    return 1


def _decoding(body: bytes) -> int:
    for media_type in (None, "text/html; charset=gbk", "text/xml; charset=nonsense"):
        decode(body, media_type)
    return 1


def _packed(body: bytes) -> int:
    for encoding in CODECS:
        whole, joined = (_decoded(body, encoding, piece) for piece in (len(body) or 1, 1 + len(body) // 7))
        # Brotli's library refuses what stands behind the end, where it arrives with the end
        if whole != joined and not (encoding == "br" and whole is None):
            raise AssertionError(f"{encoding!r}: in pieces it is another body")
        if whole is not None and len(whole) > MOST_DECODED:
            raise AssertionError(f"{encoding!r}: {len(whole)} bytes came out")
    return 1


def _decoded(body: bytes, encoding: str, piece: int) -> bytes | None:
    answer = Body(encoding, MOST_DECODED)
    try:
        for start in range(0, len(body), piece):
            answer.add(body[start : start + piece])
        return answer.finish()
    except FetchError:
        return None


def _rules(body: bytes) -> int:
    """The first line is a rule, as feeds.yaml may hold it; below it stands the answer."""
    line, _, answer = body.partition(b"\n")
    rule = line.decode("utf-8", "replace")
    every = tuple(
        (name, (rule,)) for name in ("title", "url", "published", "image", "author", "tags", "enclosure", "x")
    )
    count = 0
    for items, paging in (("data.nodeList", rule), (rule, "https://a.example/{page}")):
        source = replace(SOURCES["json_api"], items=items, fields=every, next=Paging(url=paging, pages=3))
        with suppress(SourceError):
            count += _read_as(source, answer)
    return count


def _config(body: bytes) -> int:
    with suppress(ConfigError):
        Lines(body.decode("utf-8", "replace"), file="feeds.yaml")
    return 1


def _front_matter(body: bytes) -> int:
    with suppress(FrontMatterError):
        split_post(body.decode("utf-8", "replace"))
    return 1


def _headers(body: bytes) -> int:
    text = body.decode("latin-1")
    names = ("etag", "last-modified", "cache-control", "expires", "age", "date", "retry-after", "content-type")
    headers = dict.fromkeys(names, text)
    retry_after(headers, now=NOW)
    answer = Document(url=URL, requested_url=URL, body=b"", headers=headers, fetched_at=NOW)
    freshness(answer, now=NOW)
    validators(answer, None)
    return 1


def _robots(body: bytes) -> int:
    our_rules(body.decode("utf-8", "replace"), "aggregator")
    return 1


def _document(body: bytes, files: tuple[File, ...] = ()) -> Document:
    return Document(
        url=URL, requested_url=URL, body=body, files=files, headers={"content-type": "text/html"}, fetched_at=NOW
    )
