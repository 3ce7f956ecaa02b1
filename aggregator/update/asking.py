"""A source is asked: at its first address or where that has moved, then the pages and parts that the answer names."""

import asyncio
from dataclasses import replace

from aggregator import moving, sources
from aggregator.errors import ReadError, SourceError
from aggregator.model import Request
from aggregator.reading.secrecy import kept_address
from aggregator.sources.parts.asking import further_request
from aggregator.text.urls import origin, with_credentials
from aggregator.update.documents import Clock, Documents, Page
from aggregator.update.indexes import PARTS_PER_POLL, Parts


class Asking:
    """One source being asked, and what is found out on the way: where it answers, the feed that its page names."""

    def __init__(
        self,
        documents: Documents,
        *,
        found_url: str | None = None,
        moved_to: str | None = None,
        looks_again: bool = False,
        most_parts: int = PARTS_PER_POLL,
    ) -> None:
        """moved_to: asked instead of the first address, or where looks_again, after it. most_parts: of an index."""
        self.documents = documents
        self.source = documents.source
        self.found_url = found_url  # as it is kept: without secrets
        self.moved_to = moved_to
        self.looks_again = looks_again
        self.is_there = False  # the answer came from ``moved_to``, asked directly
        self.parts = Parts(documents, most=most_parts)

    async def pages(self, *, now: Clock) -> list[Page]:
        """Return the documents of a poll: one, as many pages of a list as feeds.yaml allows, or an index and its parts.

        Raises SourceError when the first cannot be had or read; a later page that is missing is a warning.
        """
        page = await self._first_page(now=now)
        if self.documents.kind == "feed" and _names_only_a_feed(page):
            page = await self._named_feed(page, now=now)
        pages = [page]
        most = self.source.next.pages if self.source.next else 1
        seen = _told_by(page)
        while len(pages) < most and page.reading and page.reading.requests:
            request = page.reading.requests[0]
            if any(kept_address(request.address, self.source) == one.fetched.url for one in pages):
                break
            try:
                page = await self.documents.page(request, now=now)
            except SourceError as error:
                self.documents.warnings.append(f"page {len(pages) + 1} of the list is missing: {error}")
                break
            pages.append(page)
            if _told_by(page) <= seen:  # a list that knows no pages gives the first one again and again
                break
            seen |= _told_by(page)
        return [*pages, *await self.parts.of(pages[0], now=now)]

    def _first(self) -> Request:
        """Return the first request: the operator's address, or the feed that its page named last time."""
        request = sources.kind(self.documents.kind).request(self.source)
        if self.found_url is None:
            return request
        return further_request(self.found_url, self.source, is_page=request.is_page)

    async def _first_page(self, *, now: Clock) -> Page:
        """Return the page at the first address; where that has moved, by one request to the new one.

        The other of the two is asked only where the one fails, and no address twice.
        """
        own = await asyncio.to_thread(self._first)  # a kind is imported when it is first needed, which takes long
        there = self._there(own)
        if there is None:
            return await self.documents.page(own, now=now)
        if self.looks_again:
            try:
                return await self.documents.page(own, now=now)
            except SourceError as error:
                if error.url == self.moved_to:
                    raise
        try:
            page = await self.documents.page(there, now=now, kept_as=own.address)
        except SourceError as error:
            error.args = (f"{self.moved_to}, where it has moved to: {error}",)
            if self.looks_again or moving.is_answer_enough(error):
                raise
            return await self._page_again(own, error, now=now)
        self.is_there = True
        return page

    async def _page_again(self, own: Request, failure: SourceError, *, now: Clock) -> Page:
        """Return the page at the first address after all. failure: of the new one, to which it may lead again."""
        try:
            return await self.documents.page(replace(own, avoid=self.moved_to), now=now)
        except SourceError as error:
            if error.url == self.moved_to:
                raise failure from error
            error.args = (f"{error}; {failure}",)
            raise

    def _there(self, own: Request) -> Request | None:
        """Return the request to the new address, with what the operator wrote only where the origin is the same."""
        if self.moved_to is None:
            return None
        if origin(self.moved_to) != origin(own.address):
            return further_request(self.moved_to, self.source, is_page=own.is_page)
        return replace(own, url=with_credentials(self.moved_to, of=own.address), is_trusted=False)

    async def _named_feed(self, page: Page, *, now: Clock) -> Page:
        assert page.reading is not None
        self.documents.warnings.extend(page.reading.warnings)
        found = page.reading.requests[0]
        self.found_url = kept_address(found.address, self.source)
        try:
            page = await self.documents.page(found, now=now)
        except SourceError as error:
            error.args = (f"the feed that the page names, {found.url}: {error}",)
            raise
        if _names_only_a_feed(page):
            raise ReadError(f"{found.url} is a page again, not a feed: give the feed's own address", url=found.url)
        return page


def _told_by(page: Page) -> set[tuple[str | None, ...]]:
    """What the entries of a page are known by, whatever the address that it came from."""
    entries = page.found.entries if page.found else ()
    return {(raw.id, raw.url, raw.title.value if raw.title else None, raw.record) for raw in entries}


def _names_only_a_feed(page: Page) -> bool:
    return bool(page.reading and page.reading.requests and not page.count)
