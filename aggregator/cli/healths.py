"""How sources do, and what their servers asked for, in words. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from aggregator import moving, schedule
from aggregator.cli.words import clock, count, plain, span
from aggregator.config import Config
from aggregator.fetch.hosts import address_name, host_name
from aggregator.membership import LIST
from aggregator.model import HostState, Source, SourceState
from aggregator.text.urls import requested, without_credentials

State = Literal["ok", "failing", "waiting", "gone", "disabled", "new"]


@dataclass(frozen=True, kw_only=True)
class Health:
    """A source, what is remembered of it, and what that comes to.

    asked: what its server asked for, or how it fails, and what we do about it. feeds: how many a list of feeds names.
    """

    source: Source
    remembered: SourceState
    state: State
    next_poll: datetime | None
    asked: tuple[str, ...] = ()
    feeds: int = 0

    @property
    def is_list(self) -> bool:
        return LIST in (self.source.kind, self.remembered.kind)


def healths(
    config: Config, remembered: Iterable[SourceState], hosts: Iterable[HostState], *, now: datetime
) -> Iterator[Health]:
    """Yield how each source of feeds.yaml does, in its order."""
    states = {state.name: state for state in remembered}
    by_host = {host.name: host for host in hosts}
    feeds = Counter(source.listed_in for source in config.sources)
    for source in config.sources:
        names = (source.name, *source.aliases)  # renamed in feeds.yaml, and not polled since
        known = next((states[name] for name in names if name in states), SourceState(name=source.name))
        host = _host_of(source, known, by_host, now=now)
        state = _state(source, known, host, now=now)
        is_polled = state not in ("disabled", "gone", "new")
        next_poll = schedule.replanned(known, source, config.polling) if is_polled else None
        if is_polled and host is not None:
            next_poll = _not_before(host, next_poll)
        yield Health(
            source=source,
            remembered=known,
            state=state,
            next_poll=next_poll,
            asked=tuple(_asked(source, known, host, state, next_poll, config, now=now)),
            feeds=feeds[source.name],
        )


def _host_of(source: Source, known: SourceState, hosts: Mapping[str, HostState], *, now: datetime) -> HostState | None:
    """Return what is known of the host of a source where nobody may ask it now."""
    if source.url is None or not source.enabled:
        return None
    address = moving.new_address(known, source) or known.found_url or source.url
    address = requested(without_credentials(address))
    for name in (host_name(address), address_name(address)):
        host = hosts.get(name)
        if host is not None and any(until and until > now for until in (host.silent_until, host.open_until)):
            return host
    return None


def _not_before(host: HostState, planned: datetime | None) -> datetime | None:
    """Return when a source is asked whose host may not be asked now. planned: None: at once."""
    return max((at for at in (planned, host.silent_until, host.open_until) if at is not None), default=None)


def _state(source: Source, known: SourceState, host: HostState | None, *, now: datetime) -> State:
    if not source.enabled:
        return "disabled"
    if known.is_gone:
        return "gone"
    if known.wait_reason == "retry-after" or (host and host.silent_until and host.silent_until > now):
        return "waiting"
    if known.failures or known.error or host:
        return "failing"
    return "new" if known.last_poll is None else "ok"


def _asked(
    source: Source,
    known: SourceState,
    host: HostState | None,
    state: State,
    next_poll: datetime | None,
    config: Config,
    *,
    now: datetime,
) -> Iterator[str]:
    """Yield the sentences, what matters most first."""
    zone = config.site.timezone

    def at(when: datetime) -> str:
        return clock(when, now=now, timezone=zone)

    if state == "disabled":
        return
    if state == "gone":
        since = f" since {_day(known.failing_since, zone)}" if known.failing_since else ""
        yield f"gone{since}: the server said so for good ({known.status or 410}); name it in `refresh` to try again"
    yield from _silence(known, host, at, now=now)
    if state == "failing" and host is None:
        yield _failing(known, next_poll, at, now=now)
    elif state == "failing" and known.error:
        yield plain(known.error)
    yield from _move(source, known)
    if known.wait_reason == "fresh" and known.wait_until and known.wait_until > now:
        yield f"its answer is fresh until {at(known.wait_until)}, and it is not asked before"
    rarely = schedule.unconditional_interval(known, source, config.polling)
    if rarely is not None and state == "ok":
        often = "once a day" if rarely == timedelta(days=1) else f"every {span(rarely)} at most"
        yield f"asked {often}, as its server gives no validators (ETag, Last-Modified); write `every` to ask more often"


def _silence(
    known: SourceState, host: HostState | None, at: Callable[[datetime], str], *, now: datetime
) -> Iterator[str]:
    if known.wait_reason == "retry-after" and known.wait_until and known.wait_until > now:
        yield f"asked us to wait until {at(known.wait_until)} ({known.status})"
    elif host and host.silent_until and host.silent_until > now:
        status = f" ({host.silent_status})" if host.silent_status else ""
        yield f"its host asked us to wait until {at(host.silent_until)}{status}"
    elif known.wait_reason == "retry-after" and known.wait_until:
        yield f"asked us to wait until {at(known.wait_until)} ({known.status}), and that is over"
    if host and host.open_until and host.open_until > now:
        since = f" since {at(host.failing_since)}" if host.failing_since else ""
        row = f" ({count(host.failures, 'request')} in a row)"
        yield f"{host.name} does not answer{since}{row}; it is asked again at {at(host.open_until)}"


def _failing(known: SourceState, next_poll: datetime | None, at: Callable[[datetime], str], *, now: datetime) -> str:
    error = plain(known.error or "it failed")
    if not known.failures:
        return error
    if known.failures == 1:
        since = f"failed at {at(known.last_poll)}" if known.last_poll else "failed"
    else:
        begun = f" since {at(known.failing_since)}" if known.failing_since else ""
        since = f"failing{begun}, {known.failures} times in a row"
    due = "now" if next_poll is None or next_poll <= now else at(next_poll)
    return f"{since}, next try {due}: {error}"


def _move(source: Source, known: SourceState) -> Iterator[str]:
    if known.moved_to is None:
        return
    days = count(len(known.moved_days), "day")
    target = plain(without_credentials(known.moved_to))
    what = "moved to" if known.found_url is None else "its feed moved to"
    if moving.new_address(known, source) is not None:
        since = known.moved_days[moving.ENOUGH_DAYS - 1]
        yield f"{what} {target}, seen on {days}; asked there since {since}: write that address in feeds.yaml"
    elif len(known.moved_days) < moving.ENOUGH_DAYS:
        yield f"{what} {target}, seen on {days}; asked there directly once {moving.ENOUGH_DAYS} days have said so"
    else:
        yield f"{what} {target}, seen on {days}: write that address in feeds.yaml"


def _day(when: datetime, timezone: str) -> str:
    return f"{when.astimezone(ZoneInfo(timezone)):%Y-%m-%d}"
