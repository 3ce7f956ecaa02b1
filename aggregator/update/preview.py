"""What a source would yield now: asked and read as in a poll, step by step, with nothing kept."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from aggregator.apart import Work, in_threads
from aggregator.config import CategoryRule, members_of
from aggregator.errors import NotAsked, Refused, SourceError
from aggregator.fetch import Send
from aggregator.membership import step
from aggregator.model import Copy, Document, Matched, Member, Request, Source, SourceInfo, Warned
from aggregator.reading.items import Item, begun, copy_of
from aggregator.reading.secrecy import entry_without_secrets
from aggregator.sources import matched, settled
from aggregator.sources.parts.page import article
from aggregator.text.urls import without_credentials
from aggregator.update.answers import answered
from aggregator.update.articles import why_no_page
from aggregator.update.asking import Asking
from aggregator.update.documents import Clock, Documents, Page, load_of
from aggregator.update.noting import of_documents, of_entries, of_entry, of_searching
from aggregator.update.sieve import Sieve
from aggregator.update.trial import Trial, trial
from aggregator.warned import Met, remembered

MOST_ARTICLES = 3  # pages fetched: enough to see whether the selectors are right
MOST_PARTS = 3  # lists of an index


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request and what came of it. address: without credentials. url: where the answer came from, if elsewhere.

    status: None for what is on this machine or gave no answer. is_asked: False where that was left undone, as a
    robots.txt or a wish to be left alone says. files: of a folder. seconds: waiting in turn included.
    """

    address: str
    method: str = "GET"
    url: str | None = None
    status: int | None = None
    is_asked: bool = True
    size_bytes: int = 0
    files: int = 0
    media_type: str | None = None
    error: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What came of it. found: entries in the document, before rules. entries: those that would be saved.

    articles: how many of the entries have had their page read. error: why there is nothing, or no article page.
    trial: what the rules of the source and of categories do to them.
    matched: what each selector or path of feeds.yaml yields by itself, of the list and of the article pages read.
    notes: local name of an entry -> what was taken of its page, or why nothing. warned: the warnings by sort.
    """

    source: Source
    kind: str
    info: SourceInfo = field(default_factory=SourceInfo)
    requests: tuple[Asked, ...] = ()
    found: int = 0
    entries: tuple[Copy, ...] = ()
    trial: Trial = field(default_factory=Trial)
    feeds: tuple[Source, ...] = ()
    matched: tuple[Matched, ...] = ()
    articles: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    warned: tuple[Warned, ...] = ()
    error: str | None = None


async def preview(
    source: Source,
    *,
    send: Send,
    now: Clock,
    work: Work = in_threads,
    articles: int = MOST_ARTICLES,
    categories: Sequence[CategoryRule] = (),
    sources: Sequence[Source] = (),
    members: Sequence[Member] = (),
) -> Preview:
    """Return what the source would yield. A failure stands in the preview, beside what was asked before it.

    articles: so many article pages are fetched, of the first entries. categories, sources: of feeds.yaml, to try the
    rules of its categories as well. members: what is remembered of a list of feeds, so that it names them as ever.
    """
    recorded = _Recorded(send)
    documents = Documents(source, kind=None, kept=lambda _: None, send=recorded, work=work)
    try:
        pages = await Asking(documents, most_parts=MOST_PARTS).pages(now=now)
    except SourceError as error:
        return Preview(
            source=source,
            kind=documents.kind,
            requests=tuple(recorded.asked),
            matched=await _matched(documents.kind, recorded.answers[-1:], source, work=work, now=now()),
            warnings=tuple(documents.warnings),
            warned=remembered((), of_documents((), documents.warnings), at=now(), reads_document=True),
            error=str(error),
        )
    info = next((page.reading.info for page in pages if page.reading), SourceInfo())
    at = now()
    found = await documents.begun(pages, now=at)
    sieve = Sieve(source, now=at, searching=documents.searching)
    asked = await asyncio.to_thread(sieve.begun, found)
    polled = settled(source, documents.kind)
    completed, problems = await _completed(asked[:articles], polled, info, sieve, send=recorded, work=work, now=now)
    is_total_failure = bool(problems) and not any(item.is_complete for item in completed)
    read = {one.item.local: one.item for one in completed}
    items = [read.get(item.local, item) for item in found]
    kept = await asyncio.to_thread(sieve.passed, items)
    met = [*_moved(pages[0].document), *of_documents(pages, documents.warnings), *problems, *of_entries(kept)]
    tried = await asyncio.to_thread(trial, items, kept, sieve, categories=categories, sources=sources)
    met.extend(of_searching(documents.searching))
    of_list = await _matched(documents.kind, [pages[0].document], polled, work=work, now=at)
    of_pages = await _matched_in([one.page for one in completed if one.page], polled, work=work, now=at)
    return Preview(
        source=polled,
        kind=documents.kind,
        info=info,
        requests=tuple(recorded.asked),
        found=sum(page.count for page in pages),
        entries=tuple(copy_of(item, source, info, now=now()) for item in kept),
        trial=tried,
        feeds=_feeds(pages, source, sources, members, at=at),
        matched=(*of_list, *of_pages),
        articles=sum(one.is_complete for one in completed),
        notes={one.item.local: one.note for one in completed if one.note},
        warnings=tuple(dict.fromkeys(one.text for one in met)),
        warned=remembered((), met, at=at, reads_document=True, reads_all=True),
        error=problems[0].text if is_total_failure else None,
    )


def _moved(document: Document) -> list[Met]:
    """Return what a permanent redirect of the first address means for the person who wrote it."""
    if document.permanent_url is None:
        return []
    asked = without_credentials(document.requested_url)
    text = f"{asked} leads to {document.permanent_url} for good (301 or 308): write that address in feeds.yaml"
    return [Met(about="document", text=text)]


async def _matched(
    kind: str, documents: Sequence[Document], source: Source, *, work: Work, now: datetime
) -> tuple[Matched, ...]:
    """Return what the rules of a source yield, and nothing where they cannot be tried."""
    told: list[Matched] = []
    with suppress(SourceError):  # what is wrong with it stands in the preview already
        for document in documents:
            asked = partial(matched, kind, document, source, now=now)
            told += await work(asked, load=load_of(document, source))
    return tuple(told)


async def _matched_in(pages: Sequence[Document], source: Source, *, work: Work, now: datetime) -> tuple[Matched, ...]:
    if not pages:
        return ()
    loads = [load_of(page, source) for page in pages]
    load = replace(loads[0], size_bytes=sum(one.size_bytes for one in loads))
    with suppress(SourceError):
        return await work(partial(article.matched_in, pages, source, now=now), load=load)
    return ()


def _feeds(
    pages: Sequence[Page], source: Source, sources: Sequence[Source], members: Sequence[Member], *, at: datetime
) -> tuple[Source, ...]:
    """Return the sources that a list of feeds names now."""
    reading = pages[0].reading
    if reading is None or reading.feeds is None:
        return ()
    now = step(members, reading.feeds, at=at, is_whole=reading.is_whole).members
    own = {one.url for one in sources if one.url and one.listed_in is None}
    return tuple(members_of(source, members if now is None else now, own=own))


@dataclass(frozen=True)
class _Completed:
    item: Item
    is_complete: bool
    note: str | None = None
    page: Document | None = None


async def _completed(
    items: Sequence[Item], source: Source, info: SourceInfo, sieve: Sieve, *, send: Send, work: Work, now: Clock
) -> tuple[list[_Completed], list[Met]]:
    """Return the items with what their pages tell, and a sentence for each page that told nothing."""
    if source.article is None:
        return [], []
    done: list[_Completed] = []
    problems: list[Met] = []
    for item in items:
        page_document: Document | None = None
        if why := why_no_page(item, source, info):
            done.append(_Completed(item, is_complete=True, note=f"not asked for: {why}"))
            continue
        try:
            request = article.article_request(item.raw, source)
            if request is None:
                problems.append(of_entry(item, f"{item.called} names no article page"))
                done.append(_Completed(item, is_complete=False))
                continue
            answer = await answered(request, source, send, work=work)
            page_document = answer.document
            read = partial(article.read_page, item.raw, answer.document, source, now=now(), more=answer.more)
            page = await work(read, load=answer.load(source))
        except SourceError as error:
            problems.append(of_entry(item, f"the article page of {item.called}: {error}"))
            done.append(_Completed(item, is_complete=False, page=page_document))
            continue
        again = begun(
            entry_without_secrets(page.entry, source),
            source,
            info,
            base=item.base,
            mark=item.fingerprint,
            now=now(),
            searching=sieve.searching,
            shared=item.shared,
            local=item.local,
        )
        told = replace(again, warnings=(*again.warnings, *page.warnings, *answer.missing))
        done.append(_Completed(told, is_complete=True, note=page.note, page=page_document))
    return done, problems


class _Recorded:
    """A send that remembers what was asked and what came."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.asked: list[Asked] = []
        self.answers: list[Document] = []

    async def __call__(self, request: Request) -> Document:
        asked = Asked(address=without_credentials(request.address), method=request.method)
        started = time.monotonic()
        try:
            document = await self.send(request)
        except SourceError as error:
            is_asked = not isinstance(error, NotAsked | Refused) or error.is_redirected
            status = error.status if is_asked else None  # that of a robots.txt is another document's
            self._note(replace(asked, status=status, is_asked=is_asked, error=str(error)), started)
            raise
        self.answers.append(document)
        url = without_credentials(document.url)
        self._note(
            replace(
                asked,
                url=url if request.url and url != asked.address.partition("#")[0] else None,
                status=document.status if request.url else None,
                size_bytes=sum(len(file.body) for file in document.files) or len(document.body),
                files=len(document.files),
                media_type=document.headers.get("content-type"),
            ),
            started,
        )
        return document

    def _note(self, asked: Asked, started: float) -> None:
        self.asked.append(replace(asked, seconds=time.monotonic() - started))
