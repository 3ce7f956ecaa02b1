"""The feeds that a page names (autodiscovery). Pure."""

import re
from urllib.parse import urljoin, urlsplit

from aggregator.text.references import unescaped

_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<link\s[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_BASE = re.compile(r"""<base\s[^<>]*href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_OF_FEEDS = re.compile(r"application/(?:x[.-])?(?:(?:rss|atom|rdf|feed)\+(?:xml|json)|rss|atom)", re.IGNORECASE)
_OF_ANYTHING = re.compile(r"(?:application|text)/(?:xml|json)", re.IGNORECASE)

_COMMENTS = ("comment", "评论", "評論", "kommentar", "commentaire", "comentario")


def named_feeds(text: str, base: str) -> tuple[str, ...]:
    """Return the addresses of the feeds that a page names, first named first, those of its comments last.

    A page names them by ``<link rel="alternate" type="application/rss+xml" href="…">``. What is plain XML or JSON comes
    behind those: blog software names its API like that. base: the address of the page, which its <base> overrules.
    """
    text = _UNSEEN.sub("", text)
    if found := _BASE.search(text):
        base = _joined(base, unescaped(found[1])) or base
    feeds: dict[str, tuple[bool, bool]] = {}
    for tag in _LINK.findall(text):
        attributes = {name.lower(): unescaped(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag)}
        relations = attributes.get("rel", "").lower().split()
        media_type = attributes.get("type", "").partition(";")[0].strip()
        is_alternate = "alternate" in relations and "stylesheet" not in relations
        is_surely = "feed" in relations or (is_alternate and _OF_FEEDS.fullmatch(media_type) is not None)
        if not is_surely and not (is_alternate and _OF_ANYTHING.fullmatch(media_type)):
            continue
        if url := _joined(base, attributes.get("href", "")):
            words = f"{url.rsplit('://', 1)[-1]} {attributes.get('title', '')}".lower()
            feeds.setdefault(url, (not is_surely, any(word in words for word in _COMMENTS)))
    return tuple(sorted(feeds, key=lambda url: feeds[url]))


def _joined(base: str, href: str) -> str | None:
    """An absolute web address, or None for what cannot become one."""
    try:
        url = urljoin(base, href.strip())
        is_web = urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
    except ValueError:
        return None
    return url if href.strip() and is_web else None
