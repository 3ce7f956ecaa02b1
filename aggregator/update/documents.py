"""One document of a source: asked for, conditionally, and read where it is not as it was."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import sources
from aggregator.apart import Load, Spent, Work, in_threads
from aggregator.errors import FetchError, NotAsked, Refused, SourceError, TooLarge
from aggregator.fetch import Send
from aggregator.fetch.validators import validators
from aggregator.model import Document, Fetched, Part, Reading, Request, Source, Validators
from aggregator.reading import Read, begun_together, read
from aggregator.reading.items import Found, Item
from aggregator.reading.marks import reading_salt
from aggregator.reading.secrecy import document_without_secrets, kept_address
from aggregator.text.patterns import Searching
from aggregator.text.secrets import filled

ENOUGH_FAILURES = 5  # in a row: the host is down, and every further document would only wait for its time-out

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


class Documents:
    """The documents of one source, each asked and read, and what is found out on the way: the kind that they are."""

    def __init__(
        self,
        source: Source,
        *,
        kind: str | None,
        kept: Kept,
        send: Send,
        trusts_guids: bool = True,
        work: Work = in_threads,
    ) -> None:
        """trusts_guids: guids name entries. work: where documents are read."""
        self.source = source
        self.kind = source.kind or kind or "feed"
        self.kept = kept
        self.send = send
        self.trusts_guids = trusts_guids
        self.work = work
        self.searching = Searching(time.perf_counter)
        self.salt = reading_salt(source)
        self.warnings: list[str] = []

    async def page(self, request: Request, *, now: Clock, kind: str | None = None, kept_as: str | None = None) -> Page:
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


def conditional(request: Request, kept: Fetched | None, source: Source) -> Request:
    """Return the request with the validators of the last answer. kept: None asks for the whole document."""
    if kept is None:
        return request
    known = kept.validators
    validated_url = filled(known.url, source.secrets)  # only compared with what is asked, so no secret goes astray
    etag = known.etag and filled(known.etag, source.secrets)
    return replace(request, etag=etag, last_modified=known.last_modified, validated_url=validated_url)


def is_unheard(error: SourceError) -> bool:
    """Whether a host gave no answer, or none that ends: the next request to it would only wait again."""
    is_silent = isinstance(error, FetchError) and error.status is None and not isinstance(error, Refused | NotAsked)
    return isinstance(error, TooLarge) or is_silent
