"""Documents that are heavy to read, one function each, and how feeds.yaml would have their sources."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

SITE = "https://heavy.example"
WORDS = "a text that goes on and on "


@dataclass(frozen=True, kw_only=True)
class Heavy:
    """A document. source: keys in feeds.yaml beside name and url. page: of each article, where it is asked for."""

    body: Callable[[], bytes]
    media_type: str = "application/xml"
    source: str = ""
    page: Callable[[], bytes] | None = None


def feed(count: int, size: int) -> bytes:
    """An RSS feed of so many entries with texts of so many bytes."""
    text = (WORDS * (size // len(WORDS) + 1))[:size]
    entries = (
        f"<item><title>Entry {n}</title><link>{SITE}/{n}</link><guid>{n}</guid>"
        f"<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate><description>{text}</description></item>"
        for n in range(count)
    )
    return _rss("".join(entries))


def of_categories(count: int) -> bytes:
    """One entry in so many categories: the feed library's work grows with their square."""
    categories = "".join(f"<category>c{n}</category>" for n in range(count))
    return _rss(f"<item><title>a</title><link>{SITE}/1</link>{categories}</item>")


def deep(depth: int) -> bytes:
    """Elements within elements."""
    return _rss(f"<item><title>a</title>{'<a>' * depth}{'</a>' * depth}</item>")


def deep_html(depth: int) -> bytes:
    """A text whose elements stand within each other."""
    return _rss(f"<item><title>a</title><description>{'&lt;div&gt;' * depth}</description></item>")


def json_feed(count: int, size: int) -> bytes:
    """A JSON Feed of so many entries."""
    text = (WORDS * (size // len(WORDS) + 1))[:size]
    items = [{"id": str(n), "url": f"{SITE}/{n}", "title": f"Entry {n}", "content_text": text} for n in range(count)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": items}).encode()


def html_list(count: int) -> bytes:
    """A page with so many lines."""
    lines = (f"<li><a href='/a/{n}'>Entry {n}</a> <span>2026-03-02</span> {WORDS * 5}</li>" for n in range(count))
    return f"<html><body><ul>{''.join(lines)}</ul></body></html>".encode()


def article(size: int) -> bytes:
    """A page with an article of about so many bytes."""
    paragraphs = (f"<p>Paragraph {n}: {WORDS * 20}, <a href='/x{n}'>it says</a>.</p>" for n in range(size // 600))
    return f"<html><body><h1>x</h1><article>{''.join(paragraphs)}</article></body></html>".encode()


def sitemap(size: int) -> bytes:
    """A sitemap of about so many bytes."""
    lines = (
        f"<url><loc>{SITE}/page/{n}/with-a-rather-long-name</loc><lastmod>2026-03-02</lastmod></url>"
        for n in range(size // 105)
    )
    name = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f"<?xml version='1.0'?><urlset xmlns='{name}'>{''.join(lines)}</urlset>".encode()


def outlines(count: int) -> bytes:
    """A list of so many feeds."""
    lines = (f"<outline text='t{n}' type='rss' xmlUrl='https://f{n}.example/f.xml'/>" for n in range(count))
    return f"<opml version='2.0'><body>{''.join(lines)}</body></opml>".encode()


def _rss(entries: str) -> bytes:
    return f"<rss version='2.0'><channel><title>x</title><link>{SITE}/</link>{entries}</channel></rss>".encode()


_LIST = "kind: html_list, items: li, fields: {title: a, url: a@href}"
_ENTRY = 'kind: html_list, items: li, fields: {title: a, url: "{const: URL/page}"}'

DOCUMENTS: Mapping[str, Heavy] = {
    "feed, 25 entries of 2 kB": Heavy(body=lambda: feed(25, 2000)),
    "feed, 300 kB": Heavy(body=lambda: feed(600, 320)),
    "feed, 10,000 entries, 5 MB": Heavy(body=lambda: feed(10_000, 350)),
    "feed, 50,000 entries, 20 MB": Heavy(body=lambda: feed(48_000, 240)),
    "feed, 4,000 entries, 20 MB": Heavy(body=lambda: feed(3_950, 4900)),
    "feed, one entry of 19 MB": Heavy(body=lambda: feed(1, 19_000_000)),
    "feed, 25,000 categories in one entry": Heavy(body=lambda: of_categories(25_000)),
    "feed, elements 100,000 deep": Heavy(body=lambda: deep(100_000)),
    "feed, HTML 100,000 deep": Heavy(body=lambda: deep_html(100_000)),
    "JSON Feed, 20 MB": Heavy(body=lambda: json_feed(45_000, 330), media_type="application/json"),
    "JSON API, 20 MB": Heavy(
        body=lambda: json_feed(45_000, 330),
        media_type="application/json",
        source="kind: json_api, items: items, fields: {id: id, title: title, url: url, content: content_text}",
    ),
    "HTML list, 10 MB": Heavy(body=lambda: html_list(50_000), media_type="text/html", source=_LIST),
    "sitemap, 5 MB": Heavy(body=lambda: sitemap(5_000_000), source="kind: sitemap"),
    "sitemap, 50 MB": Heavy(body=lambda: sitemap(50_000_000), source="kind: sitemap, max_bytes: 60MB"),
    "OPML, 100,000 feeds": Heavy(body=lambda: outlines(100_000), source="kind: opml"),
    "article page, 100 kB": Heavy(body=lambda: feed(1, 50), source="article: auto", page=lambda: article(100_000)),
    "article page, 1 MB": Heavy(body=lambda: feed(1, 50), source="article: auto", page=lambda: article(1_000_000)),
    "article page, 10 MB": Heavy(
        body=lambda: feed(1, 50), source="article: {content: article}", page=lambda: article(10_000_000)
    ),
}
