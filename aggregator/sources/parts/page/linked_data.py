"""What a page says of its article in JSON-LD (schema.org). Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup

from aggregator.text.references import unescaped
from aggregator.text.urls import canonical

Node = Mapping[str, Any]

_LONGEST = 1_000_000  # characters of a script; more is a program's data
_MOST_NODES = 2000
_DEEPEST = 6
# An article by any name: NewsArticle, BlogPosting, LiveBlogPosting, AnalysisNewsArticle, …
_ARTICLE = re.compile(r"(?:.*Article|.*Posting|Report|Review|Recipe|VideoObject|PodcastEpisode)\Z", re.IGNORECASE)
_PAGE = re.compile(r"(?:WebPage|ItemPage|.*Page)\Z", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:<!--|(?://)?\s*<!\[CDATA\[|/\*.{0,40}?\*/)", re.DOTALL)
_TAIL = 100  # characters at the end of a script within which a comment is closed
_BEHIND = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?|;)\s*\Z")


def article_nodes(page: BeautifulSoup, url: str) -> tuple[Node, ...]:
    """Return what the page says of its article, the best first: the article itself, then the page it stands on.

    Of several articles it is the one that bears the page's address; a page that tells of many others has none of its
    own. References to other nodes (``{"@id": …}``) are resolved one step deep.
    """
    nodes = list(_nodes(page))
    articles = [node for node in nodes if _is(node, _ARTICLE)]
    own = [node for node in articles if _names(node, url)]
    if not own and len({str(node.get("url") or node.get("@id") or node.get("headline")) for node in articles}) == 1:
        own = articles
    pages = [node for node in nodes if _is(node, _PAGE) and node not in own]
    return (*own, *pages[:1])


def texts(value: Any) -> tuple[str, ...]:
    """Return a property's values as texts: of a node its name, or what it is worth (``@value``)."""
    if isinstance(value, list):
        return tuple(text for one in value for text in texts(one))
    if isinstance(value, dict):
        return texts(value.get("@value", value.get("name", value.get("headline"))))
    if isinstance(value, bool) or value is None:
        return ()
    text = unescaped(value) if isinstance(value, str) else str(value)
    return (" ".join(text.split()),) if text.strip() else ()


def addresses(value: Any) -> tuple[str, ...]:
    """Return a property's values as addresses: of a node its ``url``, ``contentUrl`` or ``@id``."""
    if isinstance(value, list):
        return tuple(url for one in value for url in addresses(one))
    if isinstance(value, dict):
        return addresses(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return (value.strip(),) if isinstance(value, str) and value.strip() else ()


def _nodes(page: BeautifulSoup) -> Iterator[Node]:
    """Every node that a page tells at its top, the references in it resolved."""
    found: list[Node] = []
    for script in page.find_all("script", type=re.compile(r"ld\+json", re.IGNORECASE)):
        text = script.get_text()
        if len(text) <= _LONGEST:
            found += _top(_read(text), depth=0)
    found = found[:_MOST_NODES]
    named = {str(node["@id"]): node for node in found if "@id" in node and len(node) > 1}
    for node in found:
        yield {name: _resolved(value, named) for name, value in node.items()}


def _read(text: str) -> Any:
    bare = text.strip()
    for _ in range(3):  # a comment around CDATA
        bare = _BEFORE.sub("", bare)
        bare = (bare[:-_TAIL] + _BEHIND.sub("", bare[-_TAIL:])).strip()
    for attempt in (text, bare, unescaped(bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _top(value: Any, *, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _top(one, depth=depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _top(value.get(name), depth=depth + 1)


def _resolved(value: Any, named: Mapping[str, Node]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, named) for one in value]
    if isinstance(value, dict) and len(value) <= 2 and "name" not in value and str(value.get("@id")) in named:
        return named[str(value["@id"])]
    return value


def _is(node: Node, pattern: re.Pattern[str]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and pattern.match(name.rsplit("/", 1)[-1][:100]) for name in names)


def _names(node: Node, url: str) -> bool:
    own = [address for name in ("url", "@id", "mainEntityOfPage") for address in addresses(node.get(name))]
    return canonical(url) in {canonical(address.partition("#")[0]) for address in own if "://" in address}
