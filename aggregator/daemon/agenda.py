"""Who is due when, and who is asked now: so many at once, hosts in turn, those of one address together."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from aggregator import schedule
from aggregator.config import Config
from aggregator.membership import LIST
from aggregator.model import Source, SourceState
from aggregator.refresh import claim, company, place_of, polled_address
from aggregator.store import Store
from aggregator.text.urls import requested
from aggregator.turns import in_turn, share

NEVER = datetime.max.replace(tzinfo=UTC)
EVER = datetime.min.replace(tzinfo=UTC)


class Agenda:
    """What the daemon has to do: the due times of sources, and those that it is busy with."""

    def __init__(self, config: Config, store: Store) -> None:
        self.config = config
        self.store = store
        self.due: dict[str, datetime | None] = {}  # by source; None: at once
        self.lists: set[str] = set()
        self.addresses: dict[str, str] = {}  # source -> what its poll asks for, by what is known of its page
        self.alike: tuple[Source, ...] = ()  # those that have an address with another one in common
        self.busy: set[str] = set()
        self.fetching: set[str] = set()  # of those, whose article pages alone are fetched
        self._may_start = 0  # polls until the next tick: what is due at once does not start in the same second
        self._are_left = False  # some are due, and there was no room for them

    async def plan(self, config: Config) -> None:
        """Let this configuration hold: plan who is due when, and who has an address in common."""
        self.config = config
        before = dict(self.due)
        states = await asyncio.to_thread(self.store.states)
        planned = await asyncio.to_thread(self._planned, states)
        polled = {name: at for name, at in self.due.items() if name in planned and before.get(name, NEVER) != at}
        self.due = planned | polled  # what was polled while we planned knows better when it is due
        self.lists = {source.listed_in or "" for source in self.config.sources}
        self.lists |= {source.name for source in self.config.sources if source.kind == LIST}
        known = {state.name: state for state in states}
        on_web = [source for source in self.config.sources if source.url]
        self.addresses = {source.name: polled_address(source, known.get(source.name)) for source in on_web}
        counts = Counter(self.addresses.values())
        self.alike = tuple(source for source in on_web if counts[self.addresses[source.name]] > 1)

    def begin_tick(self) -> None:
        """Let as many polls start again as feeds.yaml allows at once."""
        self._may_start = self.config.polling.concurrency

    @property
    def has_more(self) -> bool:
        """Whether some that are due found no room, and may start before the next tick where a place becomes free."""
        return self._are_left and self._may_start > 0

    async def polls(self, *, now: datetime) -> list[list[Source]]:
        """Return whom to ask now, those of one address together: claimed, and busy until ``end`` is called for them.

        So many at once and within a tick, hosts in turn, of one host only its share.
        """
        polling = self.config.polling
        sources = self._enabled()
        reading = self.busy & self.lists
        due = sorted(
            (at or EVER, name)
            for name, at in self.due.items()
            if name in sources and name not in self.busy and (at is None or at <= now)
        )
        waiting = [sources[name] for _, name in due]
        reading |= {source.name for source in waiting if source.name in self.lists}
        waiting = [one for one in waiting if one.listed_in not in reading]  # what the list says now comes first
        begun = Counter(place_of(sources[name]) for name in self.busy - self.fetching if name in sources)
        groups = in_turn(
            [(place_of(source), self._address(source), source) for source in waiting],
            free=min(polling.concurrency - begun.total(), self._may_start),
            most=share(polling.per_host),
            begun=begun,
        )
        self._are_left = sum(map(len, groups)) < len(waiting)
        if not groups:
            return []
        self._may_start -= len(groups)
        names = {source.name for group in groups for source in group}
        self.busy |= names
        try:
            for one in await self._company([source for group in groups for source in group], reading, now=now):
                group = next((some for some in groups if self._address(some[0]) == self._address(one)), None)
                if one.name not in self.busy and group is not None:
                    group.append(one)
                    names.add(one.name)
                    self.busy.add(one.name)
            claimed = [one for group in groups for one in group]
            await asyncio.to_thread(claim, claimed, self.config, self.store, now)
        except BaseException:
            self.busy -= names
            raise
        return groups

    async def articles(self, *, now: datetime) -> list[Source]:
        """Return whose article pages are to be fetched now: busy until ``end`` is called for them."""
        pages = await asyncio.to_thread(self.store.sources_wanting_articles, now=now)
        sources = self._enabled()
        free = self.config.polling.concurrency - len(self.fetching)
        names = sorted((pages & sources.keys()) - self.busy)[: max(free, 0)]
        self.fetching.update(names)
        self.busy.update(names)
        return [sources[name] for name in names]

    def end(self, names: Iterable[str]) -> None:
        """Note that the daemon is done with these sources, however it ended."""
        self.busy.difference_update(names)
        self.fetching.difference_update(names)

    def _enabled(self) -> dict[str, Source]:
        return {source.name: source for source in self.config.sources if source.enabled}

    def _planned(self, states: tuple[SourceState, ...]) -> dict[str, datetime | None]:
        sources = {source.name: source for source in self.config.sources}
        return {
            state.name: schedule.replanned(state, sources[state.name], self.config.polling)
            for state in states
            if state.name in sources and not state.is_gone
        }

    def _address(self, source: Source) -> str:
        return self.addresses.get(source.name) or requested(source.address)

    async def _company(self, asked: list[Source], reading: set[str], *, now: datetime) -> list[Source]:
        """Return those with the address of one that is asked now. reading: lists whose answer is awaited."""
        left_out = self.busy | self.lists
        idle = [one for one in self.alike if one.name not in left_out and one.listed_in not in reading]
        if not idle or not asked:
            return []
        names = [source.name for source in (*idle, *asked)]
        states = await asyncio.to_thread(self.store.states, names)
        return company(idle, asked, {state.name: state for state in states}, self.config.polling, now=now)
