"""FIRST JOURNEY: a source is asked, read, and what is new in it saved.

    ask → read (only what was not seen before) → keys → rules → complete (article pages) → one write

``update_source`` is the one place that turns a SourceError into a report: one bad source never stops the others. A
fault of ours that only this source brings out is logged with its traceback and reported the same way.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator import moving, schedule, sources
from aggregator.apart import Work, in_threads
from aggregator.errors import AggregatorError, NotAsked, SourceError
from aggregator.fetch import Send
from aggregator.fetch.validators import bears_validators, freshness
from aggregator.membership import DOUBTED, LIST, Step
from aggregator.model import (
    Changes,
    Copy,
    Outcome,
    Poll,
    Polling,
    Source,
    SourceInfo,
    SourceReport,
    SourceState,
    Warned,
)
from aggregator.reading.items import Item, copy_of
from aggregator.reading.marks import reading_salt
from aggregator.reading.secrecy import poll_to_be_kept, state_to_be_kept
from aggregator.store import Store
from aggregator.text.lines import line
from aggregator.text.patterns import Searching
from aggregator.text.secrets import hidden
from aggregator.text.urls import shown_address
from aggregator.update.articles import Completed, complete
from aggregator.update.asking import Asking
from aggregator.update.backlog import without_backlog
from aggregator.update.documents import Clock, Documents, Page
from aggregator.update.listing import step_of
from aggregator.update.noting import of_documents, of_entries, of_searching, told, without_secrets
from aggregator.update.sieve import Sieve
from aggregator.warned import Met, remembered

log = logging.getLogger(__name__)

MOST_WARNINGS = 20  # of one poll: a feed of ten thousand bad entries has said it by then


async def update_source(
    source: Source,
    *,
    polling: Polling,
    store: Store,
    send: Send,
    now: Clock,
    work: Work = in_threads,
    is_asked: bool = False,
) -> tuple[SourceReport, Changes]:
    """Poll one source and save what it brought; return what came of it. A failure is a report, not an exception.

    work: where documents are read. is_asked: by the operator, now; what waits by our own plan, such as article pages
    that failed, does not wait.
    """
    started = time.monotonic()
    before = await asyncio.to_thread(store.state, source.name)
    try:
        poll, report = await _poll(
            source, before, polling=polling, store=store, send=send, now=now, work=work, is_asked=is_asked
        )
        changes = await asyncio.to_thread(lambda: store.save(poll_to_be_kept(poll)))
    except SourceError as error:
        fails = _left_alone if isinstance(error, NotAsked) and not error.is_failure else _failed
        report, changes = await fails(source, before, error, polling=polling, store=store, now=now), Changes()
    except AggregatorError:
        raise
    except Exception as fault:  # a source can break only itself, even where the fault is ours
        log.exception("polling %s came upon a fault of this program", source.name)
        told = SourceError(f"a fault of this program, please report it: {type(fault).__name__}: {fault}")
        report, changes = await _failed(source, before, told, polling=polling, store=store, now=now), Changes()
    counted = replace(
        report,
        new=len(changes.new),
        updated=len(changes.updated),
        duplicates=changes.duplicates,
        warnings=(*report.warnings, *changes.warnings),
        seconds=time.monotonic() - started,
    )
    return counted, changes


async def update_articles(source: Source, *, store: Store, send: Send, now: Clock, work: Work = in_threads) -> Changes:
    """Fetch the article pages of a source that are still wanted, without asking for its list."""
    at = now()
    state = await asyncio.to_thread(store.state, source.name)
    info = await asyncio.to_thread(store.info, source.name)
    sieve = _sieve(source, store, now=at, searching=Searching(time.perf_counter))
    polled = sources.settled(source, source.kind or state.kind or "feed")
    done = await complete((), polled, info, store=store, send=send, now=at, work=work, sieve=sieve)
    copies = await asyncio.to_thread(_copies, done.items, source, info, now=at)
    met = without_secrets([*done.met, *of_entries(done.items), *of_searching(sieve.searching)], source)
    warnings = remembered(state.warnings, met, at=at, reads_document=False, is_waiting=done.is_waiting)
    poll = Poll(
        source=source,
        at=at,
        state=replace(state, warnings=warnings),
        copies=copies,
        wanted=done.wanted,
        had=done.had,
        salt=reading_salt(source),
    )
    return await asyncio.to_thread(lambda: store.save(poll_to_be_kept(poll)))


async def _poll(
    source: Source,
    before: SourceState,
    *,
    polling: Polling,
    store: Store,
    send: Send,
    now: Clock,
    work: Work,
    is_asked: bool,
) -> tuple[Poll, SourceReport]:
    documents = Documents(
        source,
        kind=before.kind,
        kept=lambda url: store.fetched(source.name, url),
        send=send,
        trusts_guids=before.guids is None,
        work=work,
    )
    asking = Asking(
        documents,
        found_url=before.found_url,
        moved_to=moving.new_address(before, source),
        looks_again=moving.is_looked_at_again(before, now=now()),
    )
    pages = await asking.pages(now=now)
    at = now()
    info = next((page.reading.info for page in pages if page.reading), None)
    known_info = await asyncio.to_thread(store.info, source.name) if info is None else info

    items = await documents.begun(pages, now=at)
    pages = [page.light for page in pages]
    sieve = _sieve(source, store, now=at, searching=documents.searching)
    items = await asyncio.to_thread(sieve.begun, items)
    is_first = before.last_success is None
    items, pages = await asyncio.to_thread(
        without_backlog, items, pages, source, is_first=is_first, kept=documents.kept
    )
    polled = sources.settled(source, documents.kind)
    done = await complete(
        items, polled, known_info, store=store, send=send, now=at, work=work, sieve=sieve, is_asked=is_asked
    )
    copies = await asyncio.to_thread(_copies, done.items, source, known_info, now=at)
    step = await step_of(pages[0], before, kind=documents.kind, store=store, at=at)

    met = await asyncio.to_thread(_met, source, documents.warnings, pages, done, step, sieve)
    warnings = await asyncio.to_thread(_kept, before.warnings, met, pages, done, step, at=at)
    state = schedule.after_success(
        before,
        source,
        polling,
        now=at,
        fresh_for=freshness(pages[0].document, now=at),
        new=len(items) + (len(step.came) + len(step.left) if step else 0),
        status=pages[0].document.status,
        hints=info.hints if info else None,
        has_validators=bears_validators(pages[0].document) if source.url else None,
    )
    state = moving.after_answer(
        replace(state, found_url=asking.found_url),
        source,
        permanent_url=pages[0].document.permanent_url,
        is_there=asking.is_there,
        now=at,
    )
    moved = moving.told(before, state, source)
    poll = Poll(
        source=source,
        at=at,
        state=replace(
            state,
            kind=documents.kind,
            title=source.title or line(known_info.title),
            url=shown_address(source),
            warnings=warnings,
        ),
        info=info,
        copies=copies,
        fetched=(*(page.fetched for page in pages), *asking.parts.gone),
        wanted=done.wanted,
        had=done.had,
        salt=documents.salt,
        members=step.members if step else None,
    )
    outcome: Outcome = "fetched" if info else "unchanged"
    report = SourceReport(
        source=source.name,
        kind=documents.kind,
        outcome=outcome,
        status=pages[0].document.status if source.url else None,
        warnings=(*((moved,) if moved else ()), *told(met, MOST_WARNINGS)),
        came=tuple(f"{source.name}/{name}" for name in step.came) if step else (),
        left=tuple(f"{source.name}/{name}" for name in step.left) if step else (),
        is_relisted=step is not None and step.members is not None,
        note=moved,
    )
    return poll, report


def _copies(items: Iterable[Item], source: Source, info: SourceInfo, *, now: datetime) -> tuple[Copy, ...]:
    return tuple(copy_of(item, source, info, now=now) for item in items)


def _met(
    source: Source, warned: Sequence[str], pages: Sequence[Page], done: Completed, step: Step | None, sieve: Sieve
) -> list[Met]:
    """Return what had to be guessed or dropped in this poll."""
    doubts = [Met(about="document", text=text) for text in (step.warnings if step else ())]
    documents = of_documents(pages, warned)
    return without_secrets(
        [*doubts, *documents, *done.met, *of_entries(done.items), *of_searching(sieve.searching)], source
    )


def _kept(
    before: Sequence[Warned],
    met: Sequence[Met],
    pages: Sequence[Page],
    done: Completed,
    step: Step | None,
    at: datetime,
) -> tuple[Warned, ...]:
    """Return the warnings that stand after the poll. What was doubted of a list is confirmed by the next answer."""
    is_doubted = step is not None and bool(step.warnings)
    lasting = tuple(one for one in before if is_doubted or not one.sort.startswith(DOUBTED))
    return remembered(
        lasting,
        met,
        at=at,
        reads_document=all(page.reading for page in pages),
        reads_all=all(page.reading and page.before is None for page in pages),
        is_waiting=done.is_waiting,
    )


def _sieve(source: Source, store: Store, *, now: datetime, searching: Searching) -> Sieve:
    def first_seen(locals_: Sequence[str]) -> Mapping[str, datetime]:
        return store.first_seen(source.name, locals_)

    return Sieve(source, now=now, searching=searching, first_seen=first_seen)


async def _left_alone(
    source: Source, before: SourceState, error: SourceError, *, polling: Polling, store: Store, now: Clock
) -> SourceReport:
    """Remember when the source's time comes again; that its host could not be asked is no poll."""
    at = now()
    until = error.until if isinstance(error, NotAsked) else at
    state = schedule.not_asked(before, source, polling, now=at, until=until)
    await asyncio.to_thread(store.save_state, state)
    return SourceReport(
        source=source.name,
        kind=before.kind or source.kind or "feed",
        outcome="skipped",
        error=hidden(str(error), source.secrets),
        until=until,
    )


async def _failed(
    source: Source, before: SourceState, error: SourceError, *, polling: Polling, store: Store, now: Clock
) -> SourceReport:
    kind = before.kind or source.kind
    error.args = (hidden(str(error), source.secrets),)  # it is kept, and shown in more places than this one
    state = schedule.after_failure(before, source, polling, error, now=now())
    # A feed that a page named may have moved: the page is asked again next time. A list goes on being one.
    if not moving.is_answer_enough(error):
        state = moving.forgotten(state) if before.found_url else state
        state = replace(state, kind=LIST if before.kind == LIST else None, found_url=None)
    state = replace(state, kind=source.kind or state.kind, url=shown_address(source))
    await asyncio.to_thread(store.save_state, state_to_be_kept(state, source))
    return SourceReport(
        source=source.name,
        kind=kind or "feed",
        outcome="failed",
        status=error.status,
        error=str(error),
        until=state.due,
    )
