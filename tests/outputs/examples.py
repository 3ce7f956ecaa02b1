"""Entries, heads and hostile texts, made up for the tests of the formats."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser

from aggregator.model import (
    Category,
    Content,
    CopyRef,
    Credit,
    Enclosure,
    Entry,
    Feed,
    Link,
    Person,
    Site,
)

NOW = datetime(2026, 11, 23, 19, 25, 14, tzinfo=UTC)

SITE = Site(
    title="金融消息",
    url="https://feeds.example.org/news/",
    description="Finance news, merged",
    language="zh-CN",
    author="Example Press",
    timezone="Asia/Shanghai",
    hub="https://hub.example.net/",
)
JILIN = Category(slug="jilinribao", name="吉林日报", title="吉林日报新闻")
TECH = Category(slug="keji", name="科技", title="科技")

CONTENT = Content(
    title="冰雪季提前开板",
    url="https://press.example.com/a?infoCode=NW1&page=2",
    summary="雪场客流 < 去年同期的 3 倍 & 更多",
    html='<p>雪场客流同比增长。<img src="https://press.example.com/i.png" alt=""></p><p>5 &lt; 6 &amp; 7</p>',
    published=NOW - timedelta(hours=3),
    updated=NOW - timedelta(hours=1),
    authors=(Person(name="张三", email="zhang@example.com"), Person(name="Lee", url="https://lee.example.com/")),
    tags=("冰雪", "Tourism"),
    enclosures=(
        Enclosure(url="https://press.example.com/a.mp3", type="audio/mpeg", length=1234, duration=65),
        Enclosure(url="https://press.example.com/b.pdf?v=1", title="Programme"),
    ),
    image="https://press.example.com/cover.jpg",
    language="zh-CN",
    rights="CC BY 4.0",
    comments="https://press.example.com/a/comments",
    links=(
        Link(rel="via", url="https://wire.example.com/1", title="Wire"),
        Link(rel="license", url="https://creativecommons.org/licenses/by/4.0/"),
        Link(rel="alternate", url="https://press.example.com/en/a", language="en"),
        Link(rel="next", url="https://press.example.com/feed?page=2"),
    ),
)
CREDIT = Credit(
    name="press.example.com/feed",
    title="Example 日报",
    url="https://press.example.com/",
    feed_url="https://press.example.com/feed",
    id="tag:press.example.com,2020:feed",
    updated=NOW - timedelta(hours=2),
    rights="© Example 日报",
)
ENTRY = Entry(
    id="https://press.example.com/?infoCode=NW1",
    first_seen=NOW - timedelta(minutes=5),
    stands=NOW - timedelta(hours=3),
    updated=NOW - timedelta(hours=1),
    content=CONTENT,
    credit=CREDIT,
    copies=(
        CopyRef(source="press.example.com/feed", title="Example 日报", url=CONTENT.url, guid="1"),
        CopyRef(source="wire", title="要闻", url="https://wire.example.com/news/1.html", guid="2"),
        CopyRef(source="inside", title="Inside", url="https://inside.example.com/1", guid="3", is_private=True),
    ),
    categories=(JILIN, TECH),
    related=(Link(rel="related", url="https://blog.example.com/on-snow", title="A comment"),),
)
NOTE = replace(
    ENTRY,
    id="urn:uuid:0ec3a8f2-6d3a-5b0e-9d6e-0a4f5f1f8a11",
    content=Content(html="<p>A note without a title of its own. It goes on for a while.</p><p>Then it ends.</p>"),
    credit=Credit(name="notes", title="Notes"),
    copies=(),
    categories=(),
    related=(),
)
BARE = replace(NOTE, id="tag:example.org,2026:bare", content=Content())
FEED = Feed(
    site=SITE,
    path="category/jilinribao",
    id="urn:uuid:7d1c1f0e-3b52-5c0a-8a43-6f2f0f5a9b11",
    title="吉林日报新闻",
    updated=NOW,
    category=JILIN,
)
ALL = replace(FEED, path="all", title="All", id="urn:uuid:7d1c1f0e-3b52-5c0a-8a43-6f2f0f5a9b12", category=None)
PLAIN_FEED = replace(FEED, site=replace(SITE, url=None, author=None, language=None, description=None))

HOSTILE = (
    "]]>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %} \\n \\u0000",
    "a\x00b\x07c\x1b\x7f\x85",
    "\0time:x\0 \0root\0",
    "lone \ud83d surrogate \ufffe\uffff",
    "😀👩‍👩‍👧 𠮷",
    "\u202eright to left\u202c שלום عربى",
    "&amp; &lt;b&gt; &#x26; &nonsense;",
    "\r\n\t line \u2028 ends \u2029",
    "<!-- --> <![CDATA[ x ]]> <?php ?>",
    "long " * 20_000,
    " ",
)


def hostile(text: str) -> Entry:
    """Return an entry that has this in every text field but its HTML, which was cleaned before it came here."""
    return replace(
        ENTRY,
        content=replace(
            CONTENT,
            title=text,
            summary=text,
            authors=(Person(name=text, email=text, url=text),),
            tags=(text,),
            enclosures=(Enclosure(url=f"https://press.example.com/{text}", type=text, title=text),),
            image=text,
            language=text,
            rights=text,
            comments=text,
            links=(Link(rel="via", url=f"https://x.example.com/{text}", type=text, title=text, language=text),),
        ),
        credit=replace(CREDIT, title=text, url=text, feed_url=text, id=text, rights=text),
        copies=(*ENTRY.copies[:1], CopyRef(source=text, title=text, url=f"https://y.example.com/{text}", guid=text)),
        categories=(replace(JILIN, name=text, title=text),),
        related=(Link(rel="related", url=text, title=text), Link(rel=text, url="https://z.example.com/", title=text)),
    )


def hostile_feed(text: str) -> Feed:
    """Return a head that has this in every text field."""
    site = replace(SITE, title=text, description=text, author=text, language=text, hub=text)
    return replace(FEED, site=site, title=text, description=text)


def parsed(document: bytes) -> Any:
    """Return what feedparser reads in it; a document that is not well formed fails the test."""
    found = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.get("bozo_exception")
    return found
