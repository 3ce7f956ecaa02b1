"""The page that continues another: of a list, or of an article that was cut into several. Pure."""

from urllib.parse import urldefrag

from bs4 import BeautifulSoup

from aggregator.model import Document
from aggregator.sources.parts import selectors
from aggregator.sources.parts.templates import fill, has_names, next_number
from aggregator.text.urls import absolute


def following_address(page: BeautifulSoup, base: str, document: Document, rule: str) -> str | None:
    """Return the absolute address of the page that follows, or None at the end.

    The rule is a selector, which gives the element's link, or a template whose names are selectors, and ``{page}``.
    A page that names itself ends the row. Raises RuleError for what is neither.
    """

    def value_of(name: str) -> str | None:
        if name == "page":
            return str(next_number(rule, document.requested_url))
        return next(iter(selectors.read_rule(page, "", name)), None)

    texts = (fill(rule, value_of),) if has_names(rule) else selectors.read_rule(page, "url", rule)
    target = absolute(texts[0], base) if texts and texts[0] else None
    own = {place(document.url), place(document.requested_url)}
    return None if target is None or place(target) in own else place(target)


def place(url: str) -> str:
    """Return an address without its fragment: what two links to one page have in common."""
    return urldefrag(url).url
