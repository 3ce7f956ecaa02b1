"""One round over many sources: who is asked, who is left alone, what came of it.

Lists of feeds are read before all others: what came to a list is polled in the same round, what left it is not.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator import moving, schedule
from aggregator.apart import Work, in_threads
from aggregator.config import Config
from aggregator.errors import NotAsked, StoreError, UsageError
from aggregator.fetch import Send
from aggregator.fetch.hosts import address_name, host_name, why_not
from aggregator.fetch.politeness import Politeness
from aggregator.membership import LIST
from aggregator.model import Changes, HostState, Polling, Source, SourceReport, SourceState
from aggregator.publish import sync
from aggregator.store import Store
from aggregator.text.urls import requested, without_credentials
from aggregator.turns import share
from aggregator.update import update_source
from aggregator.update.documents import Clock
from aggregator.update.sharing import Shared


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Who is polled in this round, and the reports of those that are left alone. due, force: by what they were chosen,
    which holds for the feeds that come to a list, too.
    """

    sources: tuple[Source, ...]
    skipped: tuple[SourceReport, ...] = ()
    due: bool = False
    force: bool = False


@dataclass(kw_only=True)
class Round:
    """What a round came to. reports: in the order of feeds.yaml; an entry counts once, whoever brought it.

    config: with the feeds that its lists name now.
    """

    config: Config
    reports: list[SourceReport] = field(default_factory=list)
    new_ids: set[str] = field(default_factory=set)
    updated_ids: set[str] = field(default_factory=set)
    duplicates: int = 0

    def add(self, report: SourceReport, changes: Changes) -> None:
        self.reports.append(report)
        self.new_ids |= changes.new
        self.updated_ids |= changes.updated - self.new_ids
        if changes.retired:
            self.new_ids -= changes.retired
            self.updated_ids -= changes.retired
        self.duplicates += changes.duplicates

    def count(self, *outcomes: str) -> int:
        return sum(report.outcome in outcomes for report in self.reports)

    @property
    def is_relisted(self) -> bool:
        """A list names other feeds than before, or puts them elsewhere."""
        return any(report.is_relisted for report in self.reports)

    @property
    def polled(self) -> int:
        return self.count("fetched", "unchanged", "failed")

    @property
    def is_total_failure(self) -> bool:
        """Every source that was polled failed."""
        return self.polled > 0 and self.count("failed") == self.polled


def choose(
    config: Config,
    states: Mapping[str, SourceState],
    *,
    now: datetime,
    names: Sequence[str] = (),
    due: bool = False,
    force: bool = False,
    hosts: Iterable[HostState] = (),
) -> Chosen:
    """Return who is polled now: all that are enabled unless named, but nobody who asked to be left alone.

    hosts: what is remembered of them. One that does not answer is left alone, too, unless its source is named.

    Who names a list means its feeds as well, though not to try those again that failed a moment ago.
    Raises UsageError for a name that feeds.yaml does not have.
    """
    chosen: list[Source] = []
    skipped: list[SourceReport] = []
    known = {} if force else {host.name: host for host in hosts}
    meant = {source.name for source in named(config.sources, names)}
    for source in config.sources:
        if source.name not in meant and source.listed_in not in meant:
            continue
        state = states.get(source.name) or SourceState(name=source.name)
        reason: tuple[str, datetime | None] | None = ("disabled in feeds.yaml", None)
        is_named = bool(names) and source.name in meant
        if source.enabled:
            planned = replace(state, due=schedule.replanned(state, source, config.polling))
            reason = schedule.skip_reason(planned, now=now, named=is_named, force=force, due_only=due)
        if reason is None and known and source.url:
            error = _left_alone(asked_address(source, state), known, now=now, is_named=bool(names))
            reason = (str(error), error.until) if error else None
        if reason is None:
            chosen.append(source)
        else:
            skipped.append(
                SourceReport(
                    source=source.name,
                    kind=state.kind or source.kind or "feed",
                    outcome="skipped",
                    error=reason[0],
                    until=reason[1],
                )
            )
    if due:
        along = company(named(config.sources, names), chosen, states, config.polling, now=now)
        chosen += along
        skipped = [report for report in skipped if report.source not in {source.name for source in along}]
    return Chosen(sources=tuple(chosen), skipped=tuple(skipped), due=due, force=force)


def asked_address(source: Source, state: SourceState) -> str:
    """Return where a source on the web is asked first, in the spelling that is asked, without credentials."""
    address = moving.new_address(state, source) or state.found_url or source.url or ""
    return requested(without_credentials(address))


def _left_alone(address: str, hosts: Mapping[str, HostState], *, now: datetime, is_named: bool) -> NotAsked | None:
    """Return why an address may not be asked now. is_named: a person wants to know whether its host is back."""
    host = host_name(address)
    for name in (host, address_name(address)):
        if (state := hosts.get(name)) is not None:
            state = replace(state, open_until=None) if is_named else state
            if (error := why_not(state, now=now, host=host)) is not None:
                return error
    return None


def company(
    sources: Iterable[Source],
    asked: Sequence[Source],
    states: Mapping[str, SourceState],
    polling: Polling,
    *,
    now: datetime,
) -> list[Source]:
    """Return those of the sources that take part when others are asked alike: one request serves them all."""
    names = {source.name for source in asked}
    alike: dict[tuple[object, ...], list[Source]] = defaultdict(list)
    for source in asked:
        if source.url:
            alike[_asking(source, states)].append(source)
    return [
        source
        for source in sources
        if source.url
        and source.enabled
        and source.name not in names
        and any(
            schedule.comes_along(
                states.get(source.name) or SourceState(name=source.name), source, one, polling, now=now
            )
            for one in alike.get(_asking(source, states), ())
        )
    ]


def _asking(source: Source, states: Mapping[str, SourceState]) -> tuple[object, ...]:
    return polled_address(source, states.get(source.name)), source.method, source.headers, source.body


def polled_address(source: Source, state: SourceState | None) -> str:
    """Return what a poll asks for, in one spelling: where a page named its feed, that feed."""
    return requested((state.found_url if state else None) or source.url or "")


def named(sources: Sequence[Source], names: Sequence[str]) -> Iterable[Source]:
    """Return the sources with these names, aliases or addresses; all where none is named."""
    if not names:
        return sources
    by_word: dict[str, Source] = {}
    for source in sources:
        for word in (source.address, *source.aliases, source.name):
            by_word[word] = source
    unknown = [name for name in names if name not in by_word]
    if unknown:
        words = ", ".join(repr(name) for name in unknown)
        raise UsageError(f"there is no source {words} in feeds.yaml or its lists; `aggregator status` has the names")
    return tuple(dict.fromkeys(by_word[name] for name in names))


async def refresh(
    config: Config,
    chosen: Chosen,
    *,
    store: Store,
    send: Send,
    now: Clock,
    work: Work = in_threads,
    on_report: Callable[[SourceReport], None] | None = None,
    is_asked: bool = False,
    follows: bool = True,
    is_claimed: bool = False,
) -> Round:
    """Poll the chosen sources, many at a time; each is saved on its own as soon as it was read.

    work: where documents are read. is_asked: by the operator, now, not by our own plan. follows: what comes to a list
    is polled in this round, too. is_claimed: their due times have moved on already.
    Raises StoreError when one could not be saved.
    """
    if not is_claimed:
        await asyncio.to_thread(claim, chosen.sources, config, store, now())
    polls = _Polls(config, store=store, shared=Shared(send), now=now, work=work, is_asked=is_asked, on_report=on_report)
    try:
        skipped = await polls.all(chosen, follows=follows)
    except ExceptionGroup as group:
        unwritten, bugs = group.split(StoreError)
        if unwritten is None or bugs is not None:
            raise
        raise unwritten.exceptions[0] from group
    round_ = Round(config=polls.config)
    for report, changes in polls.finished.values():
        round_.add(report, changes)
    for report in skipped:
        round_.add(report, Changes())
        if on_report:
            on_report(report)
    order = {source.name: position for position, source in enumerate(polls.config.sources)}
    round_.reports.sort(key=lambda report: order.get(report.source, len(order)))
    return round_


class _Polls:
    """The polls of one round. config: with the feeds that its lists name by now. finished: by source."""

    def __init__(
        self,
        config: Config,
        *,
        store: Store,
        shared: Shared,
        now: Clock,
        work: Work,
        is_asked: bool,
        on_report: Callable[[SourceReport], None] | None,
    ) -> None:
        self.config = config
        self.finished: dict[str, tuple[SourceReport, Changes]] = {}
        self._store = store
        self._shared = shared
        self._now = now
        self._work = work
        self._is_asked = is_asked
        self._on_report = on_report
        # One host's long queue must not hold up the others: of each only so many are begun, and hosts come in turn.
        at_once = replace(config.polling, per_host=share(config.polling.per_host), pause=timedelta(0))
        self._begun = Politeness(at_once, now=now)

    async def all(self, chosen: Chosen, *, follows: bool) -> list[SourceReport]:
        """Poll the lists, then the others and what came to the lists; return the reports of those left alone."""
        having = {source.listed_in for source in self.config.sources}
        waiting: list[list[Source]] = [[], []]
        for source in chosen.sources:
            is_list = source.kind == LIST or source.name in having
            waiting[0 if is_list else 1].append(source)
        skipped = list(chosen.skipped)
        while waiting:
            reports = await self._wave(waiting.pop(0))
            left = {name for report in reports for name in report.left}
            waiting = [[source for source in wave if source.name not in left] for wave in waiting]
            skipped = [report for report in skipped if report.source not in left]
            if follows and any(report.is_relisted for report in reports):
                more = await asyncio.to_thread(self._newcomers, chosen)
                skipped.extend(more.skipped)
                now_as = {source.name: source for source in self.config.sources}  # a line may have another address
                later = [now_as[source.name] for wave in waiting for source in wave if source.name in now_as]
                waiting = [[*later, *more.sources]]
        return skipped

    async def _wave(self, sources: Sequence[Source]) -> list[SourceReport]:
        await asyncio.to_thread(self._shared.begin, sources, self._store)
        async with asyncio.TaskGroup() as tasks:
            for source in sources:
                tasks.create_task(self._one(source))
        return [self.finished[source.name][0] for source in sources]

    async def _one(self, source: Source) -> None:
        async with self._begun.turn(place_of(source)):
            self.finished[source.name] = await update_source(
                source,
                polling=self.config.polling,
                store=self._store,
                send=self._shared.of(source),
                now=self._now,
                work=self._work,
                is_asked=self._is_asked,
            )
        if self._on_report:
            self._on_report(self.finished[source.name][0])

    def _newcomers(self, chosen: Chosen) -> Chosen:
        """Take over what the lists name now; return who came and is polled for it, and who is left alone."""
        at = self._now()
        before = {source.name for source in self.config.sources}
        self.config = sync(self.config, self._store, now=at)
        came = [source.name for source in self.config.sources if source.name not in before]
        if not came:
            return Chosen(sources=())
        states = {state.name: state for state in self._store.states()}
        hosts = self._store.hosts()
        more = choose(self.config, states, now=at, names=came, due=chosen.due, force=chosen.force, hosts=hosts)
        claim(more.sources, self.config, self._store, at)
        return more


def place_of(source: Source) -> str:
    """Return the host that a source waits for; one on this machine waits for none but itself."""
    return host_name(source.url) if source.url else f"path {source.name}"


def claim(sources: Sequence[Source], config: Config, store: Store, at: datetime) -> None:
    """Move the due times on before anything is asked: a crash loop must not hammer a server."""
    states = {state.name: state for state in store.states([source.name for source in sources])}
    store.save_states([schedule.claimed(states[source.name], source, config.polling, now=at) for source in sources])
