"""What the pages are made with: templates, words in the reader's language, times on the reader's clock. Pure.

An entry's fragment is the same in every page, but pages lie at different depths, in different languages and time
zones. So a fragment has gaps, which ``filled`` closes: U+0000, a name, perhaps ``:`` and a value, U+0000. That
character is in no text (``parts.characters``), so no entry can make one up.
"""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aggregator.model import Feed, Site
from aggregator.outputs.parts.addresses import is_language

if TYPE_CHECKING:
    from jinja2 import Environment

_WORDS = {
    "en": {
        "all_copy": "Everything in one feed",
        "also": "Also at",
        "copy_address": "Copy one of these addresses into a feed reader: every new article will come to you by itself.",
        "copy_link": "Copy one of these links into a feed reader: every new article will come to you by itself.",
        "empty": "Nothing here yet.",
        "files": "Files",
        "full": "Read it here",
        "import": "Every category as one list (OPML), to import into a reader",
        "latest": "Latest articles",
        "made": "Made by aggregator from the feeds of others; every article belongs to its source.",
        "one_tap": "Open in",
        "reader": "your reader",
        "related": "Related",
        "skip": "Skip to the articles",
        "sources": "Whom we read",
        "subscribe": "Subscribe",
        "updated": "Updated",
    },
    "zh": {
        "all_copy": "所有文章合为一个订阅",
        "also": "另见于",
        "copy_address": "把下面任意一个地址复制到阅读器里，有新文章时它会自动送到。",
        "copy_link": "把下面任意一个链接的地址复制到阅读器里，有新文章时它会自动送到。",
        "empty": "这里还没有文章。",
        "files": "附件",
        "full": "在此阅读全文",
        "import": "全部分类的订阅列表（OPML），可导入阅读器",
        "latest": "最新文章",
        "made": "由 aggregator 汇集自各家来源，文章归其来源所有。",
        "one_tap": "一键订阅",
        "reader": "本机阅读器",
        "related": "相关",
        "skip": "跳到文章",
        "sources": "我们读谁",
        "subscribe": "订阅",
        "updated": "更新于",
    },
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FEEDS = (("atom", "Atom", ".atom"), ("rss", "RSS", ".rss"), ("json_feed", "JSON Feed", ".json"))


def language(site: Site) -> str:
    """Return the language tag of the pages: the site's, else English."""
    return site.language if site.language and is_language(site.language) else "en"


def words(site: Site) -> dict[str, str]:
    """Return the words of the pages, in Chinese or English."""
    return _WORDS["zh" if language(site).partition("-")[0].lower() == "zh" else "en"]


def shown(when: datetime, site: Site) -> str:
    """Return the time as people read it, on the clock of site.timezone."""
    local = when.astimezone(_zone(site.timezone))
    clock = f"{local.hour:02}:{local.minute:02}"
    if words(site) is _WORDS["zh"]:
        return f"{local.year}年{local.month}月{local.day}日 {clock}"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {clock}"


def feeds(feed: Feed, root: str) -> list[dict[str, str]]:
    """Return the feeds of the same entries: name, media type, href below root, and address (empty without site.url)."""
    return [
        {
            "name": name,
            "type": f"application/{'feed+json' if suffix == '.json' else suffix[1:] + '+xml'}",
            "href": root + feed.path + suffix,
            "address": feed.url(suffix) or "",
        }
        for format_, name, suffix in _FEEDS
        if format_ in feed.site.formats
    ]


def gap(name: str, value: str = "") -> str:
    """Return a gap that ``filled`` closes. name: ``root``, a word of ours, or ``time`` with a time of RFC 3339."""
    return f"\0{name}:{value}\0" if value else f"\0{name}\0"


def filled(part: bytes, site: Site, root: str) -> bytes:
    """Return the fragment or section with its gaps closed. root: the way from the page up to the top of the output."""
    known = {**words(site), "root": root}
    pieces = part.split(b"\0")
    for place in range(1, len(pieces), 2):  # text and gaps take turns
        name, _, value = pieces[place].decode().partition(":")
        closed = shown(datetime.fromisoformat(value), site) if name == "time" else known[name]
        pieces[place] = closed.encode()
    return b"".join(pieces)


def rendered(template: str, parts: bytes, **values: Any) -> bytes:
    """Return the page with these parts in it, which do not go through the template engine: there may be megabytes.

    The template is told by ``parts`` where they go; it is empty where there are none.
    """
    page = templates().get_template(template).render(**values, parts=gap("parts") if parts else "").encode()
    before, _, after = page.partition(gap("parts").encode())
    return before + parts + after


@cache
def templates() -> "Environment":
    """Return the templates of this package; whatever stands in ``{{ }}`` is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("aggregator.outputs.parts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["gap"] = gap
    return environment


@cache
def stylesheet() -> bytes:
    """Return ``assets/style.css``."""
    environment = templates()
    assert environment.loader is not None
    return environment.loader.get_source(environment, "style.css")[0].encode()


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
