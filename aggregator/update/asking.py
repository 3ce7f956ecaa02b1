"""A source is asked, conditionally, and what came is read where it is not as it was."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aggregator import moving, sources
from aggregator.apart import Load, Spent, Work, in_threads
from aggregator.errors import ReadError, SourceError
from aggregator.fetch import Send
from aggregator.fetch.validators import validators
from aggregator.model import Document, Fetched, Part, Reading, Request, Source, Validators
from aggregator.reading import MOST_NEW, Read, begun_together, read
from aggregator.reading.items import Found, Item
from aggregator.reading.marks import reading_salt
from aggregator.reading.secrecy import document_without_secrets, kept_address
from aggregator.sources.parts.asking import further_request
from aggregator.text.dates import read_date
from aggregator.text.patterns import Searching
from aggregator.text.secrets import filled
from aggregator.text.urls import origin, with_credentials

PARTS_PER_POLL = 100  # lists that an index names; at one a second more would hold everything else back
DEEPEST = 3  # indexes of indexes
ENOUGH_FAILURES = 5  # in a row: the host is down
SHOWN = 3  # of what is told by number
A_LITTLE_LATER = timedelta(hours=1)
OLDEST = datetime.min.replace(tzinfo=UTC)

Clock = Callable[[], datetime]
Kept = Callable[[str], Fetched | None]  # what is kept of a document, by the address that was asked


@dataclass(frozen=True, kw_only=True)
class Page:
    """A document of a source. before: what was kept of it and still holds. reading: None where it is as it was.

    reading: without its entries. items, found, count, names: see ``Read``.
    """

    document: Document
    before: Fetched | None
    reading: Reading | None
    fetched: Fetched
    items: tuple[Item, ...] | None = None
    found: Found | None = None
    count: int = 0
    names: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The documents that it names, now or, where it is as it was, before."""
        return self.fetched.parts

    @property
    def light(self) -> "Page":
        """The page without its body, which nobody needs once it was read."""
        return replace(self, document=replace(self.document, body=b"", files=()), found=None)


class Asking:
    """One source being asked, and what is found out on the way: its kind, the feed that its page names."""

    def __init__(
        self,
        source: Source,
        *,
        kind: str | None,
        found_url: str | None,
        kept: Kept,
        send: Send,
        moved_to: str | None = None,
        looks_again: bool = False,
        most_parts: int = PARTS_PER_POLL,
        trusts_guids: bool = True,
        work: Work = in_threads,
    ) -> None:
        """moved_to: asked instead of the first address, or where looks_again, after it. most_parts: of an index.

        trusts_guids: guids name entries. work: where documents are read.
        """
        self.source = source
        self.kind = source.kind or kind or "feed"
        self.found_url = found_url  # as it is kept: without secrets
        self.kept = kept
        self.send = send
        self.moved_to = moved_to
        self.looks_again = looks_again
        self.is_there = False  # the answer came from ``moved_to``, asked directly
        self.most_parts = most_parts
        self.trusts_guids = trusts_guids
        self.work = work
        self.searching = Searching(time.perf_counter)
        self.salt = reading_salt(source)
        self.warnings: list[str] = []
        self.gone: list[Fetched] = []  # documents that an index names no longer

    async def pages(self, *, now: Clock) -> list[Page]:
        """Return the documents of a poll: one, as many pages of a list as feeds.yaml allows, or an index and its parts.

        Raises SourceError when the first cannot be had or read; a later page that is missing is a warning.
        """
        page = await self._first_page(now=now)
        if self.kind == "feed" and _names_only_a_feed(page):
            page = await self._named_feed(page, now=now)
        pages = [page]
        most = self.source.next.pages if self.source.next else 1
        seen = _told_by(page)
        while len(pages) < most and page.reading and page.reading.requests:
            request = page.reading.requests[0]
            if any(kept_address(request.address, self.source) == one.fetched.url for one in pages):
                break
            try:
                page = await self._page(request, now=now)
            except SourceError as error:
                self.warnings.append(f"page {len(pages) + 1} of the list is missing: {error}")
                break
            pages.append(page)
            if _told_by(page) <= seen:  # a list that knows no pages gives the first one again and again
                break
            seen |= _told_by(page)
        return [*pages, *await self._parts(pages[0], now=now)]

    async def begun(self, pages: Sequence[Page], *, now: datetime) -> list[Item]:
        """Return what is new in the pages, each entry once."""
        items = [item for page in pages for item in page.items or ()]
        found = tuple(page.found for page in pages if page.found)
        if found:
            seen = frozenset[int]().union(*(page.before.seen for page in pages if page.before))
            loads = [load_of(page.document, self.source) for page in pages if page.found]
            load = replace(loads[0], size_bytes=sum(one.size_bytes for one in loads))
            told = (found, self.source, now, seen, self.trusts_guids, self.searching)
            together, self.searching = await self.work(begun_together, *told, load=load)
            items += together
        return items

    def _first(self) -> Request:
        """Return the first request: the operator's address, or the feed that its page named last time."""
        request = sources.kind(self.kind).request(self.source)
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
            return await self._page(own, now=now)
        if self.looks_again:
            try:
                return await self._page(own, now=now)
            except SourceError as error:
                if error.url == self.moved_to:
                    raise
        try:
            page = await self._page(there, now=now, kept_as=own.address)
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
            return await self._page(replace(own, avoid=self.moved_to), now=now)
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
        self.warnings.extend(page.reading.warnings)
        found = page.reading.requests[0]
        self.found_url = kept_address(found.address, self.source)
        try:
            page = await self._page(found, now=now)
        except SourceError as error:
            error.args = (f"the feed that the page names, {found.url}: {error}",)
            raise
        if _names_only_a_feed(page):
            raise ReadError(f"{found.url} is a page again, not a feed: give the feed's own address", url=found.url)
        return page

    async def _parts(self, index: Page, *, now: Clock) -> list[Page]:
        """Return the documents that an index names, those that may hold something new, and what they name in turn.

        First those that were never read or changed, in the order of the index, then those longest not asked; of too
        many the rest is left for the next polls. Raises SourceError when none of them can be had.
        """
        pages: list[Page] = []
        failures: list[SourceError] = []
        waiting = [index]
        left, in_a_row, entries = 0, 0, 0
        known = {index.fetched.url}
        for _ in range(DEEPEST):
            named = [part for page in waiting for part in await self._new_parts(page, known)]
            waiting = []
            for part in named:
                is_enough = len(pages) + len(failures) >= self.most_parts or entries >= MOST_NEW
                if is_enough or in_a_row >= ENOUGH_FAILURES:
                    left += 1
                    continue
                try:
                    page = await self._page(
                        further_request(part.url, self.source, is_page=True), now=now, kind=self.kind
                    )
                except SourceError as error:
                    failures.append(error)
                    in_a_row += 1
                    continue
                in_a_row = 0
                changed = None if page.parts else settled_change(part.changed, self.source.timezone, now=now())
                page = replace(page, fetched=replace(page.fetched, changed=changed))
                pages.append(page)
                entries += len(page.fetched.seen - (page.before.seen if page.before else frozenset()))
                waiting.append(page)
        if failures and not pages:
            raise failures[0]
        self.warnings += [f"a list that {index.document.url} names is missing: {one}" for one in failures[:SHOWN]]
        if len(failures) > SHOWN:
            self.warnings.append(f"{len(failures) - SHOWN} more of its lists are missing")
        if left:
            self.warnings.append(f"{left} of its lists are left for the next polls")
        return pages

    async def _new_parts(self, index: Page, known: set[str]) -> list[Part]:
        """The parts of an index that are to be asked; notes those that it named before and does no longer."""
        named = {part.url: part for part in index.parts if part.url not in known}
        if index.reading is not None and index.before is not None:
            for part in index.before.parts:
                if part.url not in named and part.url not in known:
                    await self._forget(part.url, depth=1)
        known.update(named)
        changed: list[Part] = []
        unsaid: list[tuple[datetime, Part]] = []
        for part in named.values():
            kept = await asyncio.to_thread(self.kept, part.url)
            if kept is None or kept.salt != self.salt or (kept.changed and part.changed not in (None, kept.changed)):
                changed.append(part)
            elif kept.changed is None or part.changed is None:
                unsaid.append((kept.at or OLDEST, part))
        return [*changed, *(part for _, part in sorted(unsaid, key=lambda one: one[0]))]

    async def _forget(self, url: str, *, depth: int) -> None:
        kept = await asyncio.to_thread(self.kept, url)
        if kept is not None:
            self.gone.append(Fetched(url=url, validators=Validators(url=url), salt=self.salt))
            for part in kept.parts if depth < DEEPEST else ():
                await self._forget(part.url, depth=depth + 1)

    async def _page(self, request: Request, *, now: Clock, kind: str | None = None, kept_as: str | None = None) -> Page:
        """Return the answer, read where it is not as it was. kept_as: the address whose document it is, if another."""
        address = kept_address(kept_as or request.address, self.source)
        before = await asyncio.to_thread(self.kept, address)
        still_holds = before if before is not None and before.salt == self.salt else None
        document = await self.send(conditional(request, still_holds, self.source))
        document = replace(document, requested_url=kept_as) if kept_as else document
        if "${" in (document.permanent_url or ""):  # a stranger's word that the value of a secret would be put in for
            document = replace(document, permanent_url=None)
        kept = await asyncio.to_thread(validators, document, before.validators if before else None)
        kept = replace(kept, url=kept_address(kept.url, self.source))
        told = document_without_secrets(document, self.source)
        if still_holds and (document.is_unchanged or still_holds.validators.body_hash == kept.body_hash):
            fetched = replace(still_holds, validators=kept)
            return Page(document=told, before=still_holds, reading=None, fetched=fetched)
        done = await self._read(document, kind, still_holds, now=now())
        self.kind = done.kind
        self.searching = done.searching
        if done.left:
            self.warnings.append(f"{done.left} of its {done.count} entries are left for the next polls")
        if done.left or not done.reading.is_whole:  # a 304, or the same bytes, must not keep us from the rest of it
            kept = Validators(url=kept.url)
        fetched = Fetched(
            url=address,
            validators=kept,
            salt=self.salt,
            seen=done.seen,
            parts=done.reading.parts,
        )
        return Page(
            document=told,
            before=still_holds,
            reading=done.reading,
            fetched=fetched,
            items=done.items,
            found=done.found,
            count=done.count,
            names=done.names,
        )

    async def _read(self, document: Document, kind: str | None, before: Fetched | None, *, now: datetime) -> Read:
        load = load_of(document, self.source)
        seen = before.seen if before else frozenset[int]()
        told = (self.source, kind, self.salt, now, seen, self.trusts_guids, self.searching)
        try:
            return await self.work(read, document, *told, load=load)
        except Spent:
            raise
        except SourceError:
            if kind is None:
                kind = await self.work(sources.kind_of, self.source, document, load=load)
            raise


def load_of(document: Document, source: Source) -> Load:
    """Return what reading a document of a source means to whoever does it."""
    size = sum(len(file.body) for file in document.files) or len(document.body)
    return Load(url=document.url, size_bytes=size, most_bytes=source.max_bytes)


def settled_change(changed: str | None, timezone: str, *, now: datetime) -> str | None:
    """Return what an index says of a document's last change where nothing can have changed unsaid since, else None.

    A day that is not over may bring more under the same date, and a list may be made a little later than its index.
    """
    when = read_date(changed or "", timezone=timezone, now=now)
    if changed is None or when is None:
        return None
    precision = next((span for start, span in _PRECISIONS if start.fullmatch(changed.strip())), timedelta(0))
    return changed if when + precision + A_LITTLE_LATER <= now else None


_PRECISIONS = (
    (re.compile(r"\d{4}"), timedelta(days=366)),
    (re.compile(r"\d{4}-\d{2}"), timedelta(days=31)),
    (re.compile(r"[^:]*"), timedelta(days=1)),
)


def _told_by(page: Page) -> set[tuple[str | None, ...]]:
    """What the entries of a page are known by, whatever the address that it came from."""
    entries = page.found.entries if page.found else ()
    return {(raw.id, raw.url, raw.title.value if raw.title else None, raw.record) for raw in entries}


def _names_only_a_feed(page: Page) -> bool:
    return bool(page.reading and page.reading.requests and not page.count)


def conditional(request: Request, kept: Fetched | None, source: Source) -> Request:
    """Return the request with the validators of the last answer. kept: None asks for the whole document."""
    if kept is None:
        return request
    known = kept.validators
    validated_url = filled(known.url, source.secrets)  # only compared with what is asked, so no secret goes astray
    etag = known.etag and filled(known.etag, source.secrets)
    return replace(request, etag=etag, last_modified=known.last_modified, validated_url=validated_url)
