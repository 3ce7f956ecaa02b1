"""Article pages: fetched for what is new, once; where that failed, up to three times within an hour.

They have a life of their own in the store (wanted, tried, had): a kill in the middle of a hundred loses none, and a
list that answers 304 does not keep them from being tried again.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator import identity
from aggregator.apart import Work, in_threads
from aggregator.errors import FetchError, NotAPage, NotAsked, ReadError, Refused
from aggregator.fetch import Send
from aggregator.model import ArticleRule, Key, RawEntry, Request, Source, SourceInfo, Wanted
from aggregator.reading.items import NOTHING_SHARED, OLDEST, Item, begun
from aggregator.reading.marks import reading_salt
from aggregator.reading.pages import again, read_article, strongest_first
from aggregator.sources.parts.bare import is_bare, without_page
from aggregator.sources.parts.page import article, better
from aggregator.store import KnownCopy, Store
from aggregator.text.patterns import Searching
from aggregator.text.urls import canonical
from aggregator.text.visible import visible
from aggregator.update.answers import Answered, all_answered
from aggregator.update.noting import of_entry
from aggregator.update.sieve import Sieve
from aggregator.warned import Met

PER_POLL = 100  # pages; at one a second a first poll of thousands would hold everything else back
MOST_TRIES = 3
TRY_AGAIN = timedelta(minutes=20)


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What came of it. items: all that stay, with or without their page. had: no longer wanted, by local name.

    met: what was dropped, and what is tried again. left: how many pages there was no time for. has_asked: for a page.
    """

    items: tuple[Item, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    had: tuple[str, ...] = ()
    met: tuple[Met, ...] = ()
    left: int = 0
    has_asked: bool = False

    @property
    def is_waiting(self) -> bool:
        """Pages are still to be had, and none was asked for: what was said of them before holds."""
        return not self.has_asked and (bool(self.wanted) or self.left > 0)


@dataclass(frozen=True, kw_only=True)
class _Page:
    """An article page to be asked for. tries: before this one. is_kept: the store has this wish as it is.

    stands: the date of its entry; of one that tells none, when it was met, unless it was there before its source was.
    """

    item: Item
    request: Request
    tries: int
    is_kept: bool
    stands: datetime | None


@dataclass(frozen=True, kw_only=True)
class _Waiting:
    """An item that waits for its page. tries, is_kept, stands: as of the page."""

    item: Item
    tries: int = 0
    is_kept: bool = False
    stands: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """What is done with which item.

    items: those of this poll. waiting: those whose page is fetched now, or later. pending: those that have to wait.
    bare: local names of items that say nothing without their page, and are nowhere yet. rest: pages that wait in the
    store beside these.
    """

    items: list[Item]
    waiting: list[_Waiting]
    pending: list[Wanted]
    bare: frozenset[str]
    rest: int


async def complete(
    items: Sequence[Item],
    source: Source,
    info: SourceInfo,
    *,
    store: Store,
    send: Send,
    now: datetime,
    sieve: Sieve,
    work: Work = in_threads,
    is_asked: bool = False,
) -> Completed:
    """Return the items with what their pages tell, and the pages of earlier polls whose time has come.

    is_asked: the operator asks now, so the time of pages that failed has come, too.
    An entry that has a text already, from this or another source, which may stand under it, needs no page. One that
    says nothing without its page is not among the items until that was had or given up.
    source: see ``sources.settled``.
    """
    if source.article is None:
        dropped = tuple(one.local for one in await asyncio.to_thread(store.wanted_articles, source.name))
        return Completed(items=tuple(await asyncio.to_thread(sieve.passed, items)), had=dropped)
    searching = sieve.searching
    prepared = await asyncio.to_thread(_prepared, items, source, info, store, now, is_asked, searching)
    now_pages, later, unnamed = await asyncio.to_thread(_pages, prepared, source)
    met = [of_entry(item, f"{item.called} names no article page") for item in unnamed]

    async def read(number: int, answer: Answered) -> Item | ReadError:
        told = (answer.document, answer.more, answer.missing, source, info, now, searching)
        item, searched = await work(read_article, now_pages[number].item, *told, load=answer.load(source))
        searching.join(searched)
        return item

    answers = await all_answered([page.request for page in now_pages], source, send, work=work, read=read)

    done: dict[str, Item] = {}
    had: list[str] = []
    not_asked: list[NotAsked] = []
    wanted = await asyncio.to_thread(_left, prepared.pending, later, now)
    for page, answer in zip(now_pages, answers, strict=True):
        if isinstance(answer, Item):
            done[page.item.local] = answer
            had.append(page.item.local)
        elif answer is None:
            wanted.append(_wanted(page, tries=page.tries, due=now + TRY_AGAIN))
        elif isinstance(answer, NotAsked):
            not_asked.append(answer)
            wanted.append(_wanted(page, tries=page.tries, due=max(answer.until, now)))
        elif page.tries + 1 >= MOST_TRIES or isinstance(answer, Refused | NotAPage):
            had.append(page.item.local)
            becomes = ""
            if source.article.facts and is_bare(page.item.raw):
                raw = without_page(page.item.raw, answer)
                becomes = "; its entry is left out" if raw is None else "; its entry is called by its address"
                if raw is not None:
                    done[page.item.local] = again(page.item, raw, source, info, now, searching)
            met.append(of_entry(page.item, f"the page of {page.item.called} is given up: {answer}{becomes}"))
        else:
            said = of_entry(page.item, f"the page of {page.item.called} will be tried again: {answer}")
            met.append(replace(said, about="page"))
            asked = (answer.retry_after if isinstance(answer, FetchError) else None) or TRY_AGAIN
            wanted.append(_wanted(page, tries=page.tries + 1, due=now + max(asked, TRY_AGAIN)))
    for why, many in Counter(map(str, not_asked)).items():
        pages_wait = "1 article page waits" if many == 1 else f"{many} article pages wait"
        met.append(Met(about="page", text=f"{pages_wait}, untried: {why}"))
    if left := len(later) + prepared.rest:
        met.append(Met(about="page", text=f"{left} article pages are left for the next polls"))
    stay = await asyncio.to_thread(_passed, prepared, done, sieve)
    return Completed(
        items=tuple(stay),
        wanted=tuple(wanted),
        had=tuple(had),
        met=tuple(met),
        left=left,
        has_asked=bool(now_pages),
    )


def _pages(prepared: _Prepared, source: Source) -> tuple[list[_Page], list[_Page], list[Item]]:
    """Return the pages that are asked for now, those that there is no time for, and the items that name none."""
    pages: list[_Page] = []
    unnamed: list[Item] = []
    for one in prepared.waiting:
        request = article.article_request(one.item.raw, source)
        if request is None:
            unnamed.append(one.item)
        else:
            pages.append(_Page(item=one.item, request=request, tries=one.tries, is_kept=one.is_kept, stands=one.stands))
    pages.sort(key=lambda page: page.stands or OLDEST, reverse=True)
    return pages[:PER_POLL], pages[PER_POLL:], unnamed


def _left(pending: Sequence[Wanted], later: Sequence[_Page], now: datetime) -> list[Wanted]:
    """Return what the store has to keep of what waits."""
    return [*pending, *(_wanted(page, tries=page.tries, due=now) for page in later if not page.is_kept)]


def _passed(prepared: _Prepared, done: Mapping[str, Item], sieve: Sieve) -> list[Item]:
    """Return the items that stay, with what their pages told, those of earlier polls last."""
    shown = [item for item in prepared.items if item.local in done or item.local not in prepared.bare]
    listed = {item.local: done.get(item.local, item) for item in shown}
    return sieve.passed([*listed.values(), *(item for local, item in done.items() if local not in listed)])


def _prepared(
    items: Sequence[Item],
    source: Source,
    info: SourceInfo,
    store: Store,
    now: datetime,
    is_asked: bool,
    searching: Searching,
) -> _Prepared:
    latest = now + TRY_AGAIN if is_asked else now  # what is due later waits because its server asked for it
    wanted = {one.local: one for one in store.wanted_articles(source.name, among=[item.local for item in items])}
    due = {one.local: one for one in store.wanted_articles(source.name, due=latest, limit=PER_POLL)}
    rest = max(store.count_wanted_articles(source.name, due=latest) - len(due.keys() | wanted.keys()), 0)
    known = store.known_copies(source.name, [*(item.local for item in items), *due])
    met = None if store.state(source.name).last_success is None else now
    has_text = store.keys_with_text(source.name, [key for item in items for key in item.keys])
    kept: list[Item] = []
    waiting: list[_Waiting] = []
    later: list[Wanted] = []
    bare: set[str] = set()
    for item in items:
        before, pending = known.get(item.local), wanted.get(item.local)
        waits_bare = source.article is not None and source.article.facts and is_bare(item.raw)
        if waits_bare and before is None:
            bare.add(item.local)
        kept.append(_with_page(item, before, source) if before and (before.has_page or waits_bare) else item)
        if pending is not None:
            if pending.due <= latest:
                waiting.append(_Waiting(item=item, tries=pending.tries, stands=pending.stands))
            else:
                later.append(replace(pending, raw=_pinned(item), base=item.base, fingerprint=item.fingerprint))
        elif before is not None and (before.has_page or before.salt == reading_salt(source)):
            continue  # it was had, given up or not needed; another configuration is another chance
        elif waits_bare or (not _can_do_without(item, has_text) and why_no_page(item, source, info) is None):
            waiting.append(_Waiting(item=item, stands=item.content.published or met))
    for page in due.values():
        if page.local in wanted:
            continue
        shared = identity.nameless(page.raw, known[page.local].keys) if page.local in known else NOTHING_SHARED
        item = begun(
            page.raw,
            source,
            info,
            base=page.base,
            mark=page.fingerprint,
            now=now,
            searching=searching,
            shared=shared,
            local=page.local,
        )
        waiting.append(_Waiting(item=item, tries=page.tries, is_kept=True, stands=page.stands))
    return _Prepared(items=kept, waiting=waiting, pending=later, bare=frozenset(bare), rest=rest)


def why_no_page(item: Item, source: Source, info: SourceInfo) -> str | None:
    """Return why the page of an entry is not asked for where ``article: auto`` might, or None: it is asked for."""
    if source.article is None or not source.article.auto or (source.article.facts and is_bare(item.raw)):
        return None
    url = item.content.url
    if source.article.url is None and url:
        if all(key.kind not in ("url", "parameter") for key in item.keys):
            return "its address is that of other entries too"
        if info.url and canonical(url) == canonical(info.url):
            return "its address is that of the source's own page"
    summary = item.content.summary if item.raw.summary and item.raw.content else None
    return better.why_no_page(item.raw, visible(item.content.html), summary=summary)


def _can_do_without(item: Item, has_text: frozenset[Key]) -> bool:
    """Its entry has a text that may stand there: of the same parameter, or of a copy that goes on speaking."""
    return any(
        key.kind == "parameter" or not identity.is_own(item.base, item.content.url)
        for key in has_text.intersection(item.keys)
    )


def _with_page(item: Item, before: KnownCopy, source: Source) -> Item:
    """Return the item with what its page told when it was read; the list goes on telling the rest."""
    rule = source.article or ArticleRule()
    told = {_TOLD_AS.get(name, name) for name, _ in rule.fields} | {"html", "language"}
    if rule.auto and not better.is_longer(visible(before.content.html), visible(item.content.html)):
        told -= {"html"}  # by now the feed has the whole text itself
    changes = {
        name: had
        for name in _OF_PAGES
        if (had := getattr(before.content, name)) and (name in told or not getattr(item.content, name))
    }
    if item.raw.summary is None and before.content.summary:
        changes["summary"] = before.content.summary
    raw = item.raw
    if "category" in told and before.categories:
        raw = replace(raw, categories=before.categories)
    keys = strongest_first((*item.keys, *before.keys))
    return replace(item, raw=raw, content=replace(item.content, **changes), keys=keys, has_page=before.has_page)


_TOLD_AS = {"author": "authors", "enclosure": "enclosures", "content": "html"}  # a field's name -> Content's
_OF_PAGES = (
    *("title", "url", "html", "published", "updated", "authors", "tags", "enclosures", "image", "language", "rights"),
    *("comments", "links"),
)


def _wanted(page: _Page, *, tries: int, due: datetime) -> Wanted:
    return Wanted(
        local=page.item.local,
        raw=_pinned(page.item),
        base=page.item.base,
        fingerprint=page.item.fingerprint,
        tries=tries,
        due=due,
        stands=page.stands,
    )


def _pinned(item: Item) -> RawEntry:
    """The raw entry with its date as it was understood: what says ``2小时前`` says something else in an hour."""
    raw, published = item.raw, item.content.published
    return replace(raw, published=published.isoformat()) if raw.published and published else raw
