# ruff: noqa: E501  # tables
"""A web of sources of every kind that say nothing but what is in ``vectors``, polled and published by the command.

``published(folder)`` gives the output folder. Each entry's id is ``urn:vector:KIND:NAME``, each kind has a category.
"""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

import html5lib
from html5lib.constants import DataLossWarning
from lxml import etree

from tests.fetch.site import Answer, Site, site
from tests.sanitising.vectors import ADDRESSES, BODIES, CONFUSIONS, SCRIPTS, TEXTS, Vector

DATE = "2026-01-05T10:00:00Z"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:georss="http://www.georss.org/georss" '
    'xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule" '
    'xmlns:psc="http://podlove.org/simple-chapters"'
)
TITLE = 'A </title><script>fetch("http://ran.test/site")</script> & "site"'
DESCRIPTION = '"><img src=x onerror="fetch(\'http://ran.test/site\')">'

# kind -> where its source answers
KINDS = (
    "rss-description", "rss-encoded", "atom-html", "atom-summary", "atom-xhtml", "json-feed", "json-api", "jekyll",
    "html-list", "html-articles", "rss-addresses", "atom-addresses", "json-addresses", "api-addresses",
    "jekyll-addresses", "list-addresses", "rss-texts", "atom-texts", "json-texts", "api-texts", "jekyll-texts",
    "list-texts", "broken-texts",
)  # fmt: skip
XML_KINDS = frozenset({"rss-description", "rss-encoded", "atom-html", "atom-summary", "atom-xhtml", "rss-addresses",
                       "atom-addresses", "rss-texts", "atom-texts"})  # fmt: skip


def is_xml(text: str) -> bool:
    """Tell whether an XML document can hold the text."""
    return _NOT_IN_XML.search(text) is None


def vectors_of(kind: str) -> tuple[Vector, ...]:
    """Return what the source of a kind says."""
    if kind == "html-articles":
        return (*SCRIPTS[:20], *CONFUSIONS)  # a poll takes a hundred pages at most
    every = ADDRESSES if kind.endswith("addresses") else TEXTS if kind.endswith("texts") else BODIES
    if kind == "html-list":
        return tuple(one for one in every if _keeps_its_place(one.text))
    if kind == "atom-xhtml":
        every = tuple(one for one in every if one.text.count("<div>") < 100)  # XML nested so deep is not read
    return tuple(one for one in every if kind not in XML_KINDS or is_xml(one.text))


def bodies_of(address: Vector) -> str:
    """Return every element that could lead to an address, or load it."""
    url = address.text.replace('"', "&quot;")
    return (
        f'<p><a href="{url}">{address.kept}</a></p><img src="{url}"><img srcset="{url} 1x"><video src="{url}" poster="{url}">'
        f'</video><audio src="{url}"></audio><video><source src="{url}"><track src="{url}"></video><iframe src="{url}">'
        f'</iframe><blockquote cite="{url}">x</blockquote><q cite="{url}">x</q><ins cite="{url}">x</ins><form action="{url}">'
        f'<button formaction="{url}">x</button><input type=image src="{url}"></form><object data="{url}"></object><embed src'
        f'="{url}"><svg><a xlink:href="{url}" href="{url}"><text>x</text></a><image href="{url}"/></svg><math href="{url}">x'
        f'</math><map><area href="{url}" ping="{url}"></map><link rel=stylesheet href="{url}"><body background="{url}"><table'
        f' background="{url}"><tr><td>x</table><amp-img src="{url}"></amp-img><img data-src="{url}"><img src="data:," data-o'
        f'riginal="{url}"><noscript><img src="{url}"></noscript><base href="{url}"><a href="x">after</a>'
    )


@contextlib.contextmanager
def web(answers: Mapping[str, Answer]) -> Iterator[Site]:
    """Serve the answers on loopback, in a thread."""
    ready, ends, found = threading.Event(), [], []

    async def serve() -> None:
        stop = asyncio.Event()
        ends.append((asyncio.get_running_loop(), stop))
        async with site(answers) as server:
            found.append(server)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        loop, stop = ends[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


def published(folder: Path) -> Path:
    """Poll all of it into a new store below the folder, publish every format; return the output folder."""
    answers, yaml = _answers(), _sources()
    _posts(folder)
    with web(answers) as server:
        (folder / "feeds.yaml").write_text(yaml.replace("$/", f"{server.url}/"), encoding="utf-8")
        ended = _run(folder, "refresh", "--json")
        (folder / "report.json").write_text(ended.stdout, encoding="utf-8")
        assert ended.returncode == 0, ended.stderr[-3000:]
        sources = json.loads(ended.stdout)["sources"]
        assert {one["source"]: one["error"] for one in sources if one["outcome"] != "fetched"} == {}
    return folder / "output"


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parents[2])
    environ = os.environ | {"PYTHONPATH": root}
    command = [sys.executable, "-m", "aggregator", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=300)


def _sources() -> str:
    """Return feeds.yaml; ``$/`` stands for the site's address."""
    plain = [kind for kind in KINDS if kind not in ("html-list", "html-articles", "json-api")]
    lines = []
    for kind in plain:
        if kind.startswith("jekyll"):
            more = "path: posts-" + kind + ", kind: jekyll_posts"
        elif kind.startswith("api"):
            more = f"url: $/{kind}, kind: json_api, items: list, fields: {json.dumps({n: n for n in _API})}"
        elif kind.startswith("list"):
            more = f"url: $/{kind}, kind: html_list, items: li, fields: {json.dumps(_LIST)}"
        else:
            more = f"url: $/{kind}, kind: feed"
        tags = ", entry_categories: true" if kind.endswith("texts") else ""
        lines.append(f"{{name: {kind}, category: {kind}, {more}{tags}}}")
    lines.append(
        "{name: json-api, category: json-api, url: $/json-api, kind: json_api, items: list, fields: "
        + json.dumps({name: name for name in _API})
        + "}"
    )
    fields = {"title": "a", "url": "a@href", "content": "div"}
    lines.append(
        "{name: html-list, category: html-list, url: $/html-list, kind: html_list, items: section, fields: "
        + json.dumps(fields)
        + "}"
    )
    lines.append(
        "{name: html-articles, category: html-articles, url: $/html-articles, kind: html_list, items: li, "
        "fields: {title: a, url: a@href}, article: {content: '#content'}}"
    )
    lines.append("{name: lists, category: lists, url: $/opml, kind: opml}")
    return "\n".join(
        (
            f"site: {{title: {json.dumps(TITLE)}, description: {json.dumps(DESCRIPTION)}, url: http://pages.test/}}",
            "polling: {pause: 0s, per_host: 8, robots: false}",
            "output: {limit: 20000, max: 20000}",
            "sources:",
            *(f"  - {line}" for line in lines),
        )
    )


_API = (
    "id", "title", "url", "published", "summary", "content", "author", "category", "tags", "image", "language", "enclosure"
)  # fmt: skip
_LIST = {
    "title": "a",
    "url": "a@href",
    "author": "b",
    "category": "i",
    "image": "img@src",
    "tags": "u",
    "id": "@data-id",
}


def _answers() -> dict[str, Answer]:
    """Return path -> what the site says there."""
    made: dict[str, tuple[str, str]] = {}
    xml, json_, html = "application/xml", "application/json", "text/html; charset=utf-8"
    for kind in ("rss-description", "rss-encoded", "rss-addresses", "rss-texts"):
        made[kind] = xml, _rss(kind, vectors_of(kind))
    for kind in ("atom-html", "atom-summary", "atom-xhtml", "atom-addresses", "atom-texts"):
        made[kind] = xml, _atom(kind, vectors_of(kind))
    made["broken-texts"] = xml, _rss("broken-texts", vectors_of("broken-texts"))
    for kind in ("json-feed", "json-addresses", "json-texts"):
        made[kind] = json_, _json_feed(kind, vectors_of(kind))
    for kind in ("json-api", "api-addresses", "api-texts"):
        made[kind] = json_, json.dumps({"list": [_record(kind, one) for one in vectors_of(kind)]})
    made["html-list"] = html, _page("".join(
        f'<section><a href="{_link("html-list", one)}">{one.kept}</a><div>{one.text}</div></section>'
        for one in vectors_of("html-list")
    ))  # fmt: skip
    made["html-articles"] = html, _page("".join(
        f'<li><a href="/article/{one.name}">{one.kept}</a>' for one in vectors_of("html-articles")
    ))  # fmt: skip
    for one in vectors_of("html-articles"):
        made[f"article/{one.name}"] = html, _page(f"<div id=content>{one.text}</div>")
    for kind in ("list-addresses", "list-texts"):
        made[kind] = html, _page("".join(_listed(kind, one) for one in vectors_of(kind)))
    named = [one for one in (*TEXTS, *ADDRESSES) if is_xml(one.text)]
    made["opml"] = "text/x-opml", _opml(named)
    for one in named:
        made[f"listed/{one.name}"] = xml, _rss_of_strangers(one)
    return {
        f"/{path}": Answer(headers=[("Content-Type", kind)], body=body.encode("utf-8", "surrogatepass"))
        for path, (kind, body) in made.items()
    }


def _keeps_its_place(text: str) -> bool:
    """Tell whether a page goes on after the text: what opens a comment or raw text takes in all that follows."""
    page = html5lib.parse(f"<section><div>{text}</div></section><section id=next>", namespaceHTMLElements=False)
    return page.find("./body/section[@id='next']") is not None


def _page(body: str) -> str:
    return f"<!doctype html><meta charset=utf-8><title>News</title><body>{body}</body>"


def _link(kind: str, one: Vector) -> str:
    return f"http://art.test/{kind}/{one.name}"


def _id(kind: str, one: Vector) -> str:
    return f"urn:vector:{kind}:{one.name}"


def _rss(kind: str, vectors: Iterable[Vector]) -> str:
    items = "".join(_item(kind, one) for one in vectors)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {_NAMESPACES}><channel><title>{kind}</title>'
        f"<link>http://art.test/{kind}</link><description>x</description>{items}</channel></rss>"
    )


def _item(kind: str, one: Vector) -> str:
    text, guid = escape(one.text), f'<guid isPermaLink="false">{_id(kind, one)}</guid>'
    if kind.endswith("addresses"):
        return (
            f'<item><title>{one.kept}</title>{guid}<link>{text}</link><comments>{text}</comments><enclosure url="{text}" '
            f'type="audio/mpeg" length="1"/><source url="{text}">x</source><media:thumbnail url="{text}"/><media:content '
            f'url="{text}" type="video/mp4"><media:player url="{text}"/></media:content><itunes:image href="{text}"/>'
            f'<podcast:transcript url="{text}" type="text/html"/><podcast:chapters url="{text}" type="application/json"/>'
            f'<podcast:person href="{text}" img="{text}">x</podcast:person><atom:link rel="related" href="{text}"/><atom:'
            f'link rel="replies" href="{text}"/><wfw:commentRss>{text}</wfw:commentRss><creativeCommons:license>{text}</'
            f'creativeCommons:license><psc:chapters><psc:chapter start="0" title="x" href="{text}" image="{text}"/></psc'
            f":chapters><description>{escape(bodies_of(one))}</description></item>"
        )
    if kind.endswith("texts"):
        return (
            f"<item><title>{text}</title>{guid}<link>{_link(kind, one)}</link><author>{text}</author><dc:creator>{text}</"
            f'dc:creator><category domain="{text}">{text}</category><dc:rights>{text}</dc:rights><dc:language>{text}</dc:'
            f'language><source url="http://a.test/">{text}</source><enclosure url="http://a.test/{quote(one.name)}.mp3" '
            f'type="{text}" length="{text}"/><media:title>{text}</media:title><media:credit role="{text}">{text}</media:c'
            f"redit><media:keywords>{text}</media:keywords><itunes:author>{text}</itunes:author><itunes:duration>{text}</"
            f"itunes:duration><itunes:keywords>{text}</itunes:keywords><itunes:season>{text}</itunes:season><itunes:"
            f'subtitle>{text}</itunes:subtitle><podcast:location geo="{text}" osm="{text}">{text}</podcast:location>'
            f'<georss:featurename>{text}</georss:featurename><podcast:person role="{text}" group="{text}">{text}</podcast'
            f':person><atom:link rel="related" href="http://a.test/" title="{text}" type="{text}" hreflang="{text}"/>'
            f'<atom:link rel="{text}" href="http://a.test/"/><pubDate>{text}</pubDate><description>{one.kept}</description'
            "></item>"
        )
    head = f"<item><title>{one.kept}</title>{guid}<link>{_link(kind, one)}</link>"
    if kind == "rss-encoded":
        cdata = one.text.replace("]]>", "]]]]><![CDATA[>")
        return f"{head}<content:encoded><![CDATA[{cdata}]]></content:encoded></item>"
    return f"{head}<description>{text}</description></item>"


def _atom(kind: str, vectors: Iterable[Vector]) -> str:
    entries = "".join(_entry(kind, one) for one in vectors)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{kind}</title>'
        f"<id>urn:vector:{kind}</id><updated>{DATE}</updated>{entries}</feed>"
    )


def _entry(kind: str, one: Vector) -> str:
    text, head = escape(one.text), f"<id>{_id(kind, one)}</id><updated>{DATE}</updated>"
    if kind.endswith("addresses"):
        rels = ("alternate", "related", "via", "enclosure", "license", "replies", "self", "edit", "payment", text)
        links = "".join(f'<link rel="{rel}" href="{text}"/>' for rel in rels)
        return (
            f'<entry xml:base="{text}">{head}<title>{one.kept}</title>{links}<author><name>x</name><uri>{text}</uri></'
            f'author><contributor><name>x</name><uri>{text}</uri></contributor><source><id>{text}</id><link href="{text}"/>'
            f'<icon>{text}</icon><logo>{text}</logo></source><category term="x" scheme="{text}"/><content type="html" '
            f'src="{text}">{escape(bodies_of(one))}</content></entry>'
        )
    if kind.endswith("texts"):
        kinds = {"text": "text", "html": "html", "xhtml": "text"}
        kind_of_title = kinds[("text", "html", "xhtml")[int(one.name[-1]) % 3]]
        return (
            f'<entry xml:lang="{text}">{head}<title type="{kind_of_title}">{text}</title><link href="{_link(kind, one)}"/>'
            f"<author><name>{text}</name><email>{text}</email></author><contributor><name>{text}</name></contributor>"
            f'<category term="{text}" label="{text}" scheme="{text}"/><rights type="html">{text}</rights><link rel='
            f'"related" href="http://a.test/" title="{text}" type="{text}" hreflang="{text}" length="{text}"/><link rel='
            f'"{text}" href="http://a.test/"/><source><id>{text}</id><title type="html">{text}</title><rights>{text}</rights>'
            f'</source><published>{text}</published><summary type="text">{text}</summary><content type="{text}">{one.kept}'
            "</content></entry>"
        )
    title = f'{head}<title>{one.kept}</title><link href="{_link(kind, one)}"/>'
    if kind == "atom-xhtml":
        return f'<entry>{title}<content type="xhtml">{_xhtml(one.text)}</content></entry>'
    tag = "summary" if kind == "atom-summary" else "content"
    return f'<entry>{title}<{tag} type="html">{text}</{tag}></entry>'


def _xhtml(text: str) -> str:
    """Return what a browser would make of the text, as well-formed XHTML."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataLossWarning)  # names that XML cannot hold
        tree = html5lib.parse(text, treebuilder="lxml").getroot()
    body = tree.find("{http://www.w3.org/1999/xhtml}body")
    if body is None:  # a page of frames
        body = tree
    body.tag = "{http://www.w3.org/1999/xhtml}div"
    found: str = etree.tostring(body, encoding="unicode")
    return found


def _json_feed(kind: str, vectors: Iterable[Vector]) -> str:
    items = [_json_item(kind, one) for one in vectors]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": kind, "items": items})


def _json_item(kind: str, one: Vector) -> dict[str, object]:
    text, told = one.text, {"id": _id(kind, one), "date_published": DATE}
    if kind.endswith("addresses"):
        addresses = dict.fromkeys(("url", "external_url", "image", "banner_image"), text)
        attachments = [{"url": text, "mime_type": "audio/mpeg"}]
        authors = [{"name": "x", "url": text, "avatar": text}]
        return {**told, **addresses, "title": one.kept, "attachments": attachments, "authors": authors,
                "content_html": bodies_of(one)}  # fmt: skip
    if kind.endswith("texts"):
        files = [{"url": "http://a.test/x", "mime_type": text, "title": text, "size_in_bytes": text}]
        return {**told, "url": _link(kind, one), "title": text, "authors": [{"name": text}], "author": {"name": text},
                "tags": [text], "language": text, "attachments": files, "summary": text, "content_text": text}  # fmt: skip
    return {**told, "url": _link(kind, one), "title": one.kept, "content_html": text}


def _record(kind: str, one: Vector) -> dict[str, object]:
    told: dict[str, object] = {"id": _id(kind, one), "published": DATE}
    if kind.endswith("addresses"):
        text = one.text
        return {**told, "url": text, "image": text, "enclosure": text, "title": one.kept, "content": bodies_of(one)}
    if kind.endswith("texts"):
        words = dict.fromkeys(("title", "author", "category", "summary", "content", "language"), one.text)
        return {**told, **words, "url": _link(kind, one), "tags": [one.text]}
    return {**told, "url": _link(kind, one), "title": one.kept, "content": one.text}


def _listed(kind: str, one: Vector) -> str:
    if kind.endswith("addresses"):
        url = one.text.replace('"', "&quot;")
        return f'<li data-id="{_id(kind, one)}"><a href="{url}">{one.kept}</a><img src="{url}"></li>'
    text = escape(one.text)
    return f'<li data-id="{_id(kind, one)}"><a href="{_link(kind, one)}">{text}</a><b>{text}</b><i>{text}</i><u>{text}</u></li>'


def _opml(named: Iterable[Vector]) -> str:
    outlines = "".join(
        f'<outline text="{escape(one.text)}"><outline type="rss" text="{escape(one.text)}" title="{escape(one.text)}" '
        f'description="{escape(one.text)}" xmlUrl="/listed/{one.name}" htmlUrl="{escape(one.text)}"/></outline>'
        for one in named
    )
    return f'<opml version="2.0"><head><title>x</title></head><body>{outlines}</body></opml>'


def _rss_of_strangers(one: Vector) -> str:
    """Return a feed that calls itself as the vector says, its home too, with an entry."""
    text = escape(one.text)
    return (
        f'<rss version="2.0" {_NAMESPACES}><channel><title>{text}</title><link>{text}</link><description>{text}</description>'
        f"<copyright>{text}</copyright><generator>{text}</generator><managingEditor>{text}</managingEditor><language>{text}"
        f'</language><image><url>{text}</url><title>{text}</title><link>{text}</link></image><atom:link rel="hub" href='
        f'"{text}"/><atom:link rel="next" href="{text}"/><item><title>{one.kept}</title><guid isPermaLink="false">'
        f"{_id('lists', one)}</guid><description>{one.kept}</description></item></channel></rss>"
    )


def _posts(folder: Path) -> None:
    for kind in ("jekyll", "jekyll-addresses", "jekyll-texts"):
        posts = folder / f"posts-{kind}"
        posts.mkdir()
        for one in vectors_of(kind):
            (posts / f"2026-01-05-{one.name}.md").write_bytes(_post(kind, one).encode("utf-8", "surrogatepass"))
    for one in TEXTS:
        name = "".join(one.text.split("/"))[:80].replace("\0", "")
        (folder / "posts-jekyll-texts" / f"2026-01-06-{name}.md").write_text(
            f"---\n---\n{one.kept} of a file name\n", "utf-8"
        )


def _post(kind: str, one: Vector) -> str:
    told: dict[str, object] = {"title": one.kept, "link": _link(kind, one), "guid": _id(kind, one)}
    body = one.text
    if kind.endswith("addresses"):
        told |= dict.fromkeys(("link", "external_url", "image", "permalink", "enclosure"), one.text)
        body = bodies_of(one) + f"\n\n[x]({one.text}) ![x]({one.text})\n\n[y]: {one.text}\n\n[y] <{one.text}>\n"
    elif kind.endswith("texts"):
        names = ("title", "author", "categories", "tags", "lang", "excerpt", "description", "slug", "layout", "date")
        told |= dict.fromkeys(names, one.text)
        body = one.kept
    head = "\n".join(f"{name}: {json.dumps(value)}" for name, value in told.items())
    return f"---\n{head}\n---\n{body}\n"
