"""What the changing starts from: one small document of each shape, with much in it."""

import gzip
import zlib

import brotli
import zstandard

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:base="https://a.example/b/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel><title>河湾 &amp; co</title><link>/</link><description>d</description><language>zh-cn</language><ttl>60</ttl>
<skipHours><hour>3</hour></skipHours><skipDays><day>Monday</day></skipDays><image><url>/i.png</url></image>
<atom:link rel="self" href="https://a.example/feed.xml"/><atom:link rel="hub" href="https://hub.example/"/>
<item><title>一 &lt;b&gt;one&lt;/b&gt;</title><link>/1?utm_source=x&amp;infoCode=NW202202252288940718</link>
<guid isPermaLink="false">g1</guid><pubDate>Fri, 25 Feb 2022 09:40:00 +0800</pubDate><dc:creator>张三</dc:creator>
<author>a@b.example (A B)</author><category domain="x">招商</category><comments>/1#c</comments>
<description>short</description><content:encoded><![CDATA[<p>text <img data-src="x.jpg"></p>]]></content:encoded>
<enclosure url="a.mp3" length="17" type="audio/mpeg"/><itunes:duration>1:02:03</itunes:duration>
<podcast:transcript url="t.vtt" type="text/vtt"/><podcast:person role="host">P</podcast:person>
<media:group><media:content url="v.mp4" medium="video" duration="9" isDefault="true"/><media:title>m</media:title></media:group>
<source url="https://o.example/feed">O</source></item>
<item><title/><link>https://a.example/2</link><pubDate>昨天 12:30</pubDate></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://a.example/">
<id>tag:a.example,2020:f</id><title type="html">T &amp;lt;</title><updated>2022-02-25T09:40:00Z</updated>
<link rel="next" href="?page=2"/><author><name>N</name><email>n@a.example</email></author>
<entry><id>tag:a.example,2020:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">x<b>y</b></div></title>
<link href="1"/><link rel="enclosure" href="e.mp3" length="5" type="audio/mpeg"/><updated>2022-02-25T09:40:00+08:00</updated>
<published>2022-02-25</published><summary>s</summary><category term="c" label="C"/><rights>r</rights>
<content type="xhtml" xml:base="sub/"><div xmlns="http://www.w3.org/1999/xhtml"><a href="x">l</a></div></content>
<source><id>tag:o.example,2020:o</id><title>O</title><updated>2021-01-01T00:00:00Z</updated></source></entry></feed>"""

RDF = """<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.example/"><title>t</title><link>/</link></channel>
<item rdf:about="https://a.example/1"><title>a</title><link>https://a.example/1</link><dc:date>2022-02-25</dc:date></item></rdf:RDF>"""

JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "t", "home_page_url": "https://a.example/", "feed_url":
"https://a.example/f.json", "next_url": "?2", "hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "authors": [{"name":
"n", "url": "/n"}], "items": [{"id": 17, "url": "/1", "title": "a", "content_html": "<p>x</p>", "content_text": "x",
"date_published": "2022-02-25T09:40:00+08:00", "image": "i.png", "tags": ["x", null], "attachments": [{"url": "a.mp3",
"mime_type": "audio/mpeg", "size_in_bytes": 5.0, "duration_in_seconds": "9"}], "_x": {}}, {"id": null}, "text"]}"""

LIST = """<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><base href="/b/"><title>列表</title></head><body>
<section><ul><li><a href="1.html" title="一">一…</a><span class="date">2小时前</span><img data-src="i.jpg"></li>
<li><a href="?infoCode=NW2">二</a><span class="date">昨天 12:30</span><p class="digest">d</p></li><li></li></ul></section>
<a class="next" href="?page=2">下一页</a></body></html>"""

API = """{"code": 0, "data": {"nodeList": [{"infocode": "NW2022", "title": "<b>a</b>", "showtime": "2022-02-25 09:40:00",
"from": "春江日报", "tags": [{"label": "x"}], "time": 1645753200000}, {"infocode": 2, "title": null}, null, [1]]}}"""

POST = """---
layout: post
title: "一 \\u4e00: a"
date: 2022-02-25 09:40:00 +0800
categories: jilinribao 财经
tags: [a, 'b']
excerpt: e
---
> digest

| a | b |
|---|---|
| 1 | `2` |

<p style="display:none">x</p> {% raw %}{{ x }}{% endraw %} **b** [l](../x "t") <https://a.example/?infoCode=NW2022>
"""

SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
 xmlns:xhtml="http://www.w3.org/1999/xhtml"><url><loc>https://a.example/1</loc><lastmod>2022-02-25</lastmod>
<xhtml:link rel="alternate" hreflang="de" href="https://a.example/de/1"/><image:image><image:loc>i.png</image:loc></image:image>
<news:news><news:publication><news:name>N</news:name><news:language>zh-cn</news:language></news:publication>
<news:publication_date>2022-02-25T09:40+08:00</news:publication_date><news:title>a</news:title></news:news></url></urlset>"""

OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>l</title></head><body><outline text="a"><outline text="b">
<outline type="rss" text="f" xmlUrl="https://f.example/feed" htmlUrl="https://f.example/"/></outline></outline>
<outline text="g" xmlUrl="/g.xml" category="/x/y,z"/><outline type="include" url="o.opml" text="o"/></body></opml>"""

PAGE = (
    """<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>一 - 春江日报</title><meta property="og:title"
content="一"><link rel="canonical" href="/1"><script type="application/ld+json">{"@type": "NewsArticle", "datePublished":
"2022-02-25T09:40:00+08:00", "author": [{"name": "张三"}], "isAccessibleForFree": true}</script></head><body><nav><a href="/">首页</a>
</nav><article><h1>一</h1><section class="text"><p>"""
    + "春江两岸的早晨从码头开始，" * 30
    + """</p><table><tr><td>1</td></tr></table>
<img data-original="a.jpg" src="blank.gif"></section><p>（文章来源：春江日报）</p></article><footer>©</footer></body></html>"""
)

HTML = """<div><p onclick="x()">a<b>c</p><a href="javascript:alert(1)">l</a><img src=x srcset="a 1x, b 2x"><iframe
src="https://www.youtube.com/embed/x"></iframe><svg><script>1</script></svg><math><mtext><style><img src></style></mtext></math>
<table><tr><td>x</table><!--[if IE]><x><![endif]--><noscript><img src="y.jpg"></noscript><template><p>t</p></template></div>"""

DATES = "\n".join(
    (
        "Fri, 25 Feb 2022 09:40:00 +0800",
        "2022-02-25T09:40:00.123Z",
        "2022年2月25日 上午9时40分",
        "民國111年2月25日",
        "二〇二二年二月二十五日",
        "2小时前",
        "昨天 12:30",
        "3 hours ago",
        "25. Februar 2022, 9:40 Uhr",
        "1645753200000",
    )
)

_TEXTS: dict[str, tuple[str, ...]] = {
    "feed": (RSS, ATOM, RDF, JSON_FEED, PAGE),
    "html_list": (LIST,),
    "json_api": (API, JSON_FEED, f"callback({API});", f"<script type='application/json'>{API}</script>"),
    "jekyll_posts": (POST,),
    "sitemap": (SITEMAP, RSS, "https://a.example/1\nhttps://a.example/2\n"),
    "opml": (OPML,),
    "article": (PAGE,),
    "auto": (PAGE,),
    "html": (HTML, PAGE),
    "dates": tuple(DATES.split("\n")),
    "urls": (
        "https://a.example:443/b/../c?utm_source=x&infoCode=NW2#f",
        "HTTP://[::1%25eth0]:80/ä?q=%E4%B8%80",
        "//x/y",
    ),
    "decoding": (RSS, LIST),
    "config": (
        "site: &s {title: T, url: 'https://a.example/'}\ndefaults: {<<: *s, every: 5m}\nsources:\n  - https://a.example/f\n",
        "sources:\n  - {name: 一, kind: html_list, items: li, fields: {title: [a, b], url: a@href}}\n",
    ),
    "front_matter": (POST, "---\na: &a [1, *a]\nb: {<<: {c: 012}}\nd: !!set {x}\n---\n"),
    "headers": ("Mon, 01 Jan 2024 00:00:00 GMT", "max-age=3600, stale-while-revalidate=9", "86400"),
    "robots": (
        "User-agent: *\nDisallow: /a*b$\nAllow: /a\nCrawl-delay: 1.5\nRequest-rate: 1/5m 0900-1700\nSitemap: /s\n",
    ),
    "rules": tuple(
        f"{rule}\n{API}"
        for rule in (
            "title",
            "data.nodeList[?time > `1`].tags[].label | [0]",
            "join('-', keys(@))",
            "来源.名",
            "https://a.example/{infocode}/{data.id}?q={title}",
            "/{data.nodeList[0].from}#{ page }",
        )
    ),
}

_LONG = RSS.encode() * 40
_DEFLATER = zlib.compressobj(wbits=-zlib.MAX_WBITS)
_PACKED = (
    gzip.compress(RSS.encode(), mtime=0),
    gzip.compress(RSS.encode(), mtime=0) + gzip.compress(LIST.encode(), mtime=0) + bytes(9),
    zlib.compress(_LONG),
    _DEFLATER.compress(RSS.encode()) + _DEFLATER.flush(),
    brotli.compress(RSS.encode()),
    brotli.compress(bytes(4 << 20)),
    zstandard.compress(_LONG),
    zstandard.compress(RSS.encode()) + zstandard.compress(bytes(4 << 20)),
)

SEEDS: dict[str, tuple[bytes, ...]] = {name: tuple(map(str.encode, texts)) for name, texts in _TEXTS.items()}
SEEDS["packed"] = _PACKED
