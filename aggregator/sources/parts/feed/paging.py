"""The further pages of a feed, which it names itself: RFC 5005, and JSON Feed's ``next_url``. Pure."""

from collections.abc import Iterable
from urllib.parse import urljoin

from aggregator.model import Document, Link, Request, Source
from aggregator.sources.parts.asking import further_request
from aggregator.sources.parts.feed.found import WEB


def named_pages(links: Iterable[Link]) -> list[str]:
    """Return the addresses, as sent, that may be the next page: of a paged feed, else of its archive."""
    found = [link for link in links if link.rel in {"next", "prev-archive"}]
    return [link.url for link in sorted(found, key=lambda link: link.rel)]


def next_page(named: Iterable[str], document: Document, source: Source, *, base: str | None) -> tuple[Request, ...]:
    """Return a request for the next page, where feeds.yaml asks for pages (``next: {pages: …}``).

    named: addresses as sent, the first that leads elsewhere on the web counts. base: where they start from.
    """
    if source.next is None or source.next.pages < 2:
        return ()
    for address in named:
        try:
            url = urljoin(base or document.url, address)
        except ValueError:
            continue
        if WEB.match(url) and url not in {document.url, document.requested_url, source.url}:
            return (further_request(url, source, is_page=False),)
    return ()
