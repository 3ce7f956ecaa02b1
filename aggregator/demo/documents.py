"""What the small world's servers send: pages, answers of an API, an RSS, an Atom and a JSON feed. Pure."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from aggregator.demo.articles import Article

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_NUMBER = 2350000117
LIST_PATH = "/jilin/category/chunjiang.html"


@dataclass(frozen=True, kw_only=True)
class Published:
    """An article and when it came out. number: from 0, in the order of coming out."""

    article: Article
    number: int
    when: datetime

    @property
    def digits(self) -> str:
        """The 18 digits that name it: the day and a running number."""
        return f"{self.when.astimezone(SHANGHAI):%Y%m%d}{FIRST_NUMBER + 37 * self.number}"

    @property
    def code(self) -> str:
        return f"NW{self.digits}"

    @property
    def clock(self) -> str:
        """Its time as the Chinese media here write it: Shanghai's, without saying so."""
        return f"{self.when.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def page_path(told: Published) -> str:
    """Return where the article's page stands, as ``/jilin/chunjiang/2026/11/23/NW….html``."""
    return f"/jilin/chunjiang/{told.when.astimezone(SHANGHAI):%Y/%m/%d}/{told.code}.html"


def share_url(told: Published) -> str:
    """Return the address at which the publisher shares it, with the parameter that names it."""
    return f"https://news.chunjiang.example/NewsShare.html?infoCode={told.code}"


def front_page() -> bytes:
    places = {
        LIST_PATH: "春江日报，一个没有订阅源的网页",
        "/api/list.json": "江海通讯，一个接口",
        "/rolling/rss.xml": "河湾滚动（RSS）",
        "/tides/atom.xml": "The Tide Table (Atom)",
        "/lantern/feed.json": "Lantern Digest (JSON Feed)",
    }
    links = "\n".join(f'<li><a href="{path}">{escape(title)}</a></li>' for path, title in places.items())
    return _page("江与海 · River and Sea", f"<h1>江与海 · River and Sea</h1>\n<ul>\n{links}\n</ul>")


def list_page(told: Sequence[Published]) -> bytes:
    links = "\n".join(
        f'<li><a href="../{page_path(each).removeprefix("/jilin/")}">{escape(each.article.title)}</a></li>'
        for each in told
    )
    return _page("春江日报新闻", f'<h1>春江日报新闻</h1>\n<ul>\n{links}\n</ul>\n<p><a href="/">返回首页</a></p>')


def article_page(told: Published) -> bytes:
    shared = escape(share_url(told))
    return _page(
        told.article.title,
        f"<small>{told.clock}</small>\n"
        f"<h1>{escape(told.article.title)}</h1>\n"
        f"{_text_with_medium(told.article)}\n"
        f'<p><a href="{shared}">{shared}</a></p>\n'
        f'<p><a href="../../../../category/chunjiang.html">返回春江日报新闻</a>｜<a href="/">返回首页</a></p>',
    )


def api_list(told: Sequence[Published]) -> bytes:
    records = [
        {"infocode": each.code, "title": each.article.title, "showtime": each.clock, "from": each.article.medium}
        for each in told
    ]
    return _json({"nodeList": records})


def api_text(told: Published) -> bytes:
    return _json({"text": _text_with_medium(told.article)})


def rss(told: Sequence[Published], base_url: str) -> bytes:
    root = ET.Element("rss", {"version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom"})
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", "河湾滚动")
    _add(channel, "link", "https://hewan.example/")
    _add(channel, "description", "河湾一带正在发生的事")
    _add(channel, "language", "zh-CN")
    _add(channel, "lastBuildDate", format_datetime(max(each.when for each in told).astimezone(SHANGHAI)))
    address = {"rel": "self", "type": "application/rss+xml", "href": f"{base_url}/rolling/rss.xml"}
    ET.SubElement(channel, "atom:link", address)
    for each in told:
        item = ET.SubElement(channel, "item")
        _add(item, "title", each.article.title)
        _add(item, "link", _rolling_url(each))
        _add(item, "guid", f"hewan-{each.article.name}", isPermaLink="false")
        _add(item, "pubDate", format_datetime(each.when.astimezone(SHANGHAI)))
        _add(item, "description", f"<p>{escape(each.article.paragraphs[0])}</p>")
    return _xml(root)


def atom(told: Sequence[Published], base_url: str) -> bytes:
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _add(root, "id", "tag:tidetable.example,2026:log")
    _add(root, "title", "The Tide Table")
    _add(root, "updated", max(each.when for each in told).isoformat())
    _add(ET.SubElement(root, "author"), "name", "The Tide Table")
    ET.SubElement(root, "link", {"rel": "alternate", "href": "https://www.tidetable.example/"})
    ET.SubElement(root, "link", {"rel": "self", "href": f"{base_url}/tides/atom.xml"})
    for each in told:
        entry = ET.SubElement(root, "entry")
        _add(entry, "id", _tide_id(each))
        _add(entry, "title", each.article.title)
        ET.SubElement(entry, "link", {"rel": "alternate", "href": _tide_url(each)})
        _add(entry, "published", each.when.isoformat())
        _add(entry, "updated", each.when.isoformat())
        _add(entry, "content", _text(each.article), type="html")
    return _xml(root)


def json_feed(told: Sequence[Published], base_url: str) -> bytes:
    return _json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Lantern Digest",
            "home_page_url": "https://lantern.example/",
            "feed_url": f"{base_url}/lantern/feed.json",
            "language": "en",
            "authors": [{"name": "Lantern Digest"}],
            "items": [_lantern_item(each) for each in told],
        }
    )


def _rolling_url(told: Published) -> str:
    """河湾 has the agency's digits in its addresses; to the paper it links with the parameter in its own spelling."""
    if told.article.joins == "parameter":
        return f"https://m.chunjiang.example/share.html?from=hewan&InfoCode={told.code}&utm_source=hewan"
    return f"https://finance.hewan.example/news/1350,{told.digits}.html"


def _tide_id(told: Published) -> str:
    return f"tag:tidetable.example,2026:{told.article.name}"


def _tide_url(told: Published) -> str:
    return f"https://www.tidetable.example/log/{told.article.name}/"


def _lantern_item(told: Published) -> dict[str, str]:
    """The digest's own stories are whole; of others it repeats the beginning, under their address or their id."""
    item = {"title": told.article.title, "date_published": told.when.isoformat()}
    own = f"https://lantern.example/{told.article.name}"
    match told.article.joins:
        case "url":  # the same page as The Tide Table's link, written as it goes through the hands of others
            url = f"http://tidetable.example/log/{told.article.name}?utm_source=lantern&utm_medium=digest#top"
            return {"id": own, "url": url, **item, "content_text": told.article.paragraphs[0]}
        case "guid":
            return {"id": _tide_id(told), **item, "content_text": told.article.paragraphs[0]}
        case _:
            return {"id": own, "url": own, **item, "content_html": _text(told.article)}


def _text(article: Article) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)


def _text_with_medium(article: Article) -> str:
    return f'{_text(article)}<p class="em_media">（文章来源：{article.medium}）</p>'


def _page(title: str, section: str) -> bytes:
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<title>{escape(title)}</title>\n</head>\n<body>\n<header><a href="/">江与海</a></header>\n'
        f"<section>\n{section}\n</section>\n</body>\n</html>\n"
    ).encode()


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text


def _xml(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
