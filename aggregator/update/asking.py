"""A source is asked, conditionally, and what came is read where it is not as it was."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from aggregator import sources
from aggregator.errors import ReadError, SourceError
from aggregator.fetch import Send
from aggregator.fetch.validators import validators
from aggregator.model import Document, Fetched, RawEntry, Reading, Request, Source, Validators
from aggregator.text.urls import origin

READER = 2  # raise it when the same bytes read differently than before: all is read once more, and nothing is an update

Clock = Callable[[], datetime]
Kept = Callable[[str], Fetched | None]  # what is kept of a document, by the address that was asked


@dataclass(frozen=True, kw_only=True)
class Page:
    """A document of a source. before: what was kept of it and still holds. reading: None where it is as it was."""

    document: Document
    before: Fetched | None
    reading: Reading | None
    fetched: Fetched


class Asking:
    """One source being asked, and what is found out on the way: its kind, the feed that its page names."""

    def __init__(self, source: Source, *, kind: str | None, found_url: str | None, kept: Kept, send: Send) -> None:
        self.source = source
        self.kind = source.kind or kind or "feed"
        self.found_url = found_url
        self.kept = kept
        self.send = send
        self.salt = reading_salt(source)
        self.warnings: list[str] = []

    async def pages(self, *, now: Clock) -> list[Page]:
        """Return the documents of a poll: one, or as many pages of a list as feeds.yaml allows.

        Raises SourceError when the first cannot be had or read; a later page that is missing is a warning.
        """
        page = await self._page(self._first(), now=now)
        if self.source.next is None and _names_only_a_feed(page):
            page = await self._named_feed(page, now=now)
        pages = [page]
        most = self.source.next.pages if self.source.next else 1
        while len(pages) < most and page.reading and page.reading.requests:
            request = page.reading.requests[0]
            if any(request.address == one.fetched.url for one in pages):
                break
            try:
                page = await self._page(request, now=now)
            except SourceError as error:
                self.warnings.append(f"page {len(pages) + 1} of the list is missing: {error}")
                break
            pages.append(page)
        return pages

    def _first(self) -> Request:
        """Return the first request: the operator's address, or the feed that its page named last time."""
        request = sources.kind(self.kind).request(self.source)
        if self.found_url is None:
            return request
        own = origin(self.source.url or "")
        headers = request.headers if origin(self.found_url) == own else ()
        return replace(request, url=self.found_url, headers=headers, is_trusted=False)

    async def _named_feed(self, page: Page, *, now: Clock) -> Page:
        assert page.reading is not None
        self.warnings.extend(page.reading.warnings)
        found = page.reading.requests[0]
        self.found_url = found.url
        page = await self._page(found, now=now)
        if _names_only_a_feed(page):
            raise ReadError(f"{found.url} is a page again, not a feed: give the feed's own address", url=found.url)
        return page

    async def _page(self, request: Request, *, now: Clock) -> Page:
        before = await asyncio.to_thread(self.kept, request.address)
        still_holds = before if before is not None and before.salt == self.salt else None
        document = await self.send(conditional(request, still_holds))
        kept = validators(document, before.validators if before else None)
        if still_holds and (document.is_unchanged or still_holds.validators.body_hash == kept.body_hash):
            fetched = replace(still_holds, validators=kept)
            return Page(document=document, before=still_holds, reading=None, fetched=fetched)
        self.kind = sources.kind_of(self.source, document)
        reading = await asyncio.to_thread(sources.kind(self.kind).read, document, self.source, now=now())
        seen = frozenset(fingerprint(raw, self.salt) for raw in reading.entries)
        if not reading.is_whole:  # a 304, or the same bytes, must not keep us from the rest of it
            kept = Validators(url=kept.url)
        fetched = Fetched(url=request.address, validators=kept, salt=self.salt, seen=seen)
        return Page(document=document, before=still_holds, reading=reading, fetched=fetched)


def _names_only_a_feed(page: Page) -> bool:
    return bool(page.reading and page.reading.requests and not page.reading.entries)


def conditional(request: Request, kept: Fetched | None) -> Request:
    """Return the request with the validators of the last answer. kept: None asks for the whole document."""
    if kept is None:
        return request
    known = kept.validators
    return replace(request, etag=known.etag, last_modified=known.last_modified, validated_url=known.url)


def reading_salt(source: Source) -> str:
    """Return what a fingerprint depends on beside the raw entry: feeds.yaml's words on reading, and our reader."""
    return f"{READER}:{source.salt}"


def fingerprint(raw: RawEntry, salt: str) -> int:
    """Return a number for a raw entry, 0 to 2**63 - 1; another one means that it has to be looked at again."""
    mark = blake2b(f"{salt}\x00{raw!r}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(mark, "big") >> 1
