"""The outcome of a poll → when the next one is due, and who is left alone until when. Pure.

``due`` is when the source's time comes by our own plan; ``wait_until`` is how long it must not be asked even when a
person says refresh, because the server asked for it, its answer is still fresh, or we back off after an error.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aggregator.errors import SourceError
from aggregator.model import Every, Hints, Polling, Source, SourceState
from aggregator.text.shares import share

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

FASTER = 0.5  # what the adaptive interval becomes when a poll brought something new …
SLOWER = 1.5  # … and when it did not
ONCE_A_DAY = timedelta(hours=24)  # where each answer costs the whole document, as the server bears no validators
SPREAD = 0.1  # so much of a wait at most is added to it, by the source's name: what fails together comes back apart

BUSY = timedelta(hours=4)  # the wait after a 429, 503 or 403 that does not say how long
LONGEST_WAIT = timedelta(days=7)
DEAD_AFTER = 20  # failures in a row, more than a week at the default intervals: from then on up to LONGEST_WAIT apart

ALL_HOURS, ALL_DAYS = 24, 7

CRON_FIELDS = 5  # minute, hour, day of the month, month, day of the week
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def is_due(state: SourceState, *, now: datetime) -> bool:
    """Tell whether the source's time has come. A source that was never polled is due; one that is gone never is."""
    return not state.is_gone and (state.due is None or state.due <= now)


def claimed(state: SourceState, source: Source, polling: Polling, *, now: datetime) -> SourceState:
    """Return the state to save before the request: due again only later, or a crash loop would hammer the server."""
    return replace(state, due=_next(state, source, polling, now), asked_at=now)


def replanned(state: SourceState, source: Source, polling: Polling) -> datetime | None:
    """Return when a source is due after feeds.yaml was read: a shorter interval counts from the last poll on.

    A poll that a kill cut off counts like any other, or a crash loop would hammer the server. What the server asked
    for, and a back-off, stay as they are. None: at once.
    """
    every = _written(source, polling)
    longest = every.interval if every else polling.maximum if polling.has_maximum else None
    begun = [at for at in (state.last_poll, state.asked_at) if at is not None]
    if longest is None or state.due is None or state.last_poll is None or state.wait_until:
        return state.due
    return min(state.due, max(begun) + longest)


def comes_along(state: SourceState, source: Source, asked: Source, polling: Polling, *, now: datetime) -> bool:
    """Tell whether the source takes part when another one with its address is asked now.

    Its own turn would be one more request for the same document. One that waits because of what a server or its feed
    asked for, or after an error, goes on waiting; an interval that the operator wrote, other than for the one that is
    asked, is cut by a tenth at most, and a cron expression not at all.
    """
    if state.is_gone or (state.wait_until is not None and state.wait_until > now):
        return False
    every = _written(source, polling)
    if state.due is None or state.due <= now or every is None or every == _written(asked, polling):
        return True
    return every.interval is not None and state.due - now <= every.interval * SPREAD


def unconditional_interval(state: SourceState, source: Source, polling: Polling) -> timedelta | None:
    """Return how far apart a source is asked at least because its answers bear no validators; None: it is not so.

    Nothing but what the operator wrote makes it shorter than a day.
    """
    if _written(source, polling) is not None or state.has_validators is not False:
        return None
    return min(ONCE_A_DAY, polling.maximum) if polling.has_maximum else ONCE_A_DAY


def after_success(
    state: SourceState,
    source: Source,
    polling: Polling,
    *,
    now: datetime,
    fresh_for: timedelta | None = None,
    new: int = 0,
    status: int = 200,
    hints: Hints | None = None,
    has_validators: bool | None = None,
) -> SourceState:
    """Return the state after an answer that could be read, a 304 too.

    A written interval or cron expression is taken as it is; an adaptive interval is halved towards ``min`` where
    entries are new, stretched towards ``max`` where none is, and at least ONCE_A_DAY where the answer has no
    validators, though never more than a ``max`` that the operator wrote. ``fresh_for`` and, without a written
    ``every``, the feed's hints make it later, ``fresh_for`` and ``ttl`` by ``max`` at most.
    hints: what the feed says now; None (a 304) keeps what it said before. has_validators: None for what is on this
    machine.
    """
    hints = state.hints if hints is None else hints
    state = replace(state, has_validators=has_validators)
    every = _written(source, polling)
    interval = _adapted(state, polling, is_new=new > 0) if every is None else state.interval
    planned = _next(replace(state, interval=interval), source, polling, now)
    open_from = now + min(fresh_for or timedelta(0), polling.maximum)
    if every is None:
        hinted = max(hints.ttl or timedelta(0), hints.update_period or timedelta(0))
        open_from = _not_skipped(max(open_from, now + min(hinted, polling.maximum)), hints)
        planned = _not_skipped(planned, hints)
    is_fresh = open_from > now
    return replace(
        state,
        due=max(planned, open_from),
        interval=interval,
        last_poll=now,
        last_success=now,
        last_new=now if new else state.last_new,
        failures=0,
        failing_since=None,
        error=None,
        status=status,
        wait_until=open_from if is_fresh else None,
        wait_reason="fresh" if is_fresh else None,
        is_gone=False,
        hints=hints,
    )


def after_failure(
    state: SourceState, source: Source, polling: Polling, error: SourceError, *, now: datetime
) -> SourceState:
    """Return the state after a poll that failed.

    429 and 503 wait as the server says, else BUSY and each time twice as long, and do not count as failures; 410 ends
    the polling; all else backs off: the interval (adaptive: ``min``; for a 403 BUSY at least) times 2 for each failure
    in a row after the first, up to ``max``, and once the source looks dead up to LONGEST_WAIT, and never sooner than
    the answer asked for.
    """
    failed = replace(state, last_poll=now, error=str(error), status=error.status)
    if error.status in (429, 503):
        wait = min(_busy(state) if error.retry_after is None else error.retry_after, LONGEST_WAIT)
        planned = _next(state, source, polling, now)
        due = max(planned, now + spread(wait, source.name, LONGEST_WAIT))
        return replace(failed, due=due, wait_until=now + wait, wait_reason="retry-after")
    failed = replace(failed, failures=state.failures + 1, failing_since=state.failing_since or now)
    if error.status == 410:
        since = failed.failing_since if state.is_gone else now
        return replace(failed, failing_since=since, is_gone=True, due=None, wait_until=None, wait_reason=None)
    least = BUSY if error.status == 403 else timedelta(0)
    due = _backed_off(source, polling, failed.failures, now, least=least)
    if error.retry_after is not None:
        due = max(due, now + spread(min(error.retry_after, LONGEST_WAIT), source.name, LONGEST_WAIT))
    return replace(failed, due=due, wait_until=due, wait_reason="back-off")


def not_asked(state: SourceState, source: Source, polling: Polling, *, now: datetime, until: datetime) -> SourceState:
    """Return the state of a source whose host may not be asked before ``until``: that is no poll, and no failure.

    Its time comes after that moment, a share of its own interval later: what waited together does not come together.
    """
    every = _written(source, polling)
    if every is not None and every.cron is not None:
        return replace(state, due=_next_fire(every.cron, source.timezone, max(until, now)))
    planned = _next(state, source, polling, now)
    wait = max(until, now) - now
    longest = max(wait, planned - now)
    return replace(state, due=now + wait + (spread(longest, source.name, 2 * LONGEST_WAIT) - longest))


def skip_reason(
    state: SourceState, *, now: datetime, named: bool, force: bool, due_only: bool
) -> tuple[str, datetime | None] | None:
    """Return why a refresh leaves the source alone, and until when (None: for good), or None when it is polled.

    named: the person asked for this very source, which overrides back-off and 410. force: overrides all.
    due_only: our own plan counts too.
    """
    if force:
        return None
    if state.is_gone and not named:
        since = f" since {state.failing_since:%Y-%m-%d}" if state.failing_since else ""
        return f"gone{since}: the server answered 410; name the source to try again", None
    if state.wait_until is not None and state.wait_until > now:
        if state.wait_reason == "retry-after":
            return "the server asked us to wait", state.wait_until
        if state.wait_reason == "fresh":
            return "its last answer is still fresh", state.wait_until
        if not named:
            return f"left alone after {_times(state.failures)}; name the source to try again", state.wait_until
    if due_only and not is_due(state, now=now):
        return "not due yet", state.due
    return None


def _written(source: Source, polling: Polling) -> Every | None:
    return source.every or polling.every


def _next(state: SourceState, source: Source, polling: Polling, now: datetime) -> datetime:
    """Return when the source is due by our own plan alone."""
    every = _written(source, polling)
    if every is None:
        interval = _bounded(state.interval or polling.minimum, polling)
        least = unconditional_interval(state, source, polling) or timedelta(0)
        ceiling = polling.maximum if least <= polling.maximum else LONGEST_WAIT
        return now + spread(max(interval, least), source.name, ceiling)
    if every.cron is not None:
        return _next_fire(every.cron, source.timezone, now)
    return now + (every.interval or polling.minimum)


def _adapted(state: SourceState, polling: Polling, *, is_new: bool) -> timedelta:
    if state.interval is None or state.last_success is None:  # all of a first poll is new, which tells nothing
        return polling.minimum
    return _bounded(state.interval * (FASTER if is_new else SLOWER), polling)


def _bounded(interval: timedelta, polling: Polling) -> timedelta:
    return max(min(interval, polling.maximum), polling.minimum)


def _busy(state: SourceState) -> timedelta:
    """Return how long to wait where the server does not say: longer each time that it goes on like this."""
    if state.wait_reason != "retry-after" or state.wait_until is None or state.last_poll is None:
        return BUSY
    return max(2 * (state.wait_until - state.last_poll), BUSY)


def _backed_off(
    source: Source, polling: Polling, failures: int, now: datetime, *, least: timedelta = timedelta(0)
) -> datetime:
    every = _written(source, polling)
    if every is not None and every.cron is not None:
        first = _next_fire(every.cron, source.timezone, now)
        base = _next_fire(every.cron, source.timezone, first) - first
        wait = _back_off(max(base, least), polling.maximum, failures)
        return _next_fire(every.cron, source.timezone, now + wait - base)  # still only at the times written
    base = max(polling.minimum if every is None else every.interval or polling.minimum, least)
    ceiling = max(base, polling.maximum, timedelta(0) if failures <= DEAD_AFTER else LONGEST_WAIT)
    return now + spread(_back_off(base, polling.maximum, failures), source.name, ceiling)


def _back_off(base: timedelta, maximum: timedelta, failures: int) -> timedelta:
    ceiling = max(base, maximum)
    if failures <= DEAD_AFTER:
        return min(base * (1 << failures - 1), ceiling)
    return max(min(ceiling * (1 << min(failures - DEAD_AFTER, 10)), LONGEST_WAIT), ceiling)


def spread(wait: timedelta, name: str, ceiling: timedelta) -> timedelta:
    """Return the wait, lengthened by the share that falls to this name, and no longer than the ceiling by it."""
    return max(min(wait * (1 + SPREAD * share(name)), ceiling), wait)


def _not_skipped(when: datetime, hints: Hints) -> datetime:
    """Return the first moment from then on in none of the hours and on none of the days that the feed rules out.

    Hours and days are in UTC (RSS 2.0, skipHours). A feed that rules out all of either means none.
    """
    hours = set(hints.skip_hours) if len(set(hints.skip_hours)) < ALL_HOURS else set()
    days = set(hints.skip_days) if len(set(hints.skip_days)) < ALL_DAYS else set()
    for _ in range(ALL_HOURS * ALL_DAYS):
        at = when.astimezone(UTC)
        if at.hour not in hours and at.weekday() not in days:
            return when
        when = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return when


def _next_fire(cron: str, timezone: str, after: datetime) -> datetime:
    """Return the first time after that moment which the expression names."""
    fire: datetime | None = trigger(cron, timezone).get_next_fire_time(None, after + timedelta(microseconds=1))
    if fire is None:  # the 30th of February
        return after + LONGEST_WAIT
    return fire.astimezone(UTC)


@lru_cache(maxsize=256)
def trigger(cron: str, timezone: str) -> "CronTrigger":
    """Return the times that a cron expression of five fields names. Raises ValueError when it is none.

    Days of the week are cron's (0 and 7 are Sunday), not the library's (0 is Monday). Where a day of the month and a
    day of the week are both given, both must hold.
    """
    from apscheduler.triggers.cron import CronTrigger

    fields = cron.split()
    if len(fields) != CRON_FIELDS:
        raise ValueError(f"a cron expression has {CRON_FIELDS} fields, not {len(fields)}")
    minute, hour, day, month, weekday = fields
    return CronTrigger(
        minute=minute,
        hour=hour,
        day=day,
        month=month.lower(),
        day_of_week=",".join(_weekday(part) for part in weekday.lower().split(",")),
        timezone=ZoneInfo(timezone),
    )


def _weekday(part: str) -> str:
    """Return one part of cron's fifth field (``1-5``, ``*/2``, ``fri``) as names of days."""
    days, _, step = part.partition("/")
    first, _, last = days.partition("-")
    if days == "*":
        return part if not step else _weekday(f"0-6/{step}")
    start, end = _day_number(first), _day_number(last or ("6" if step else first))
    count = (end - start) % 7 + 1 if (start, end) != (0, 7) else 7
    return ",".join(WEEKDAYS[(start + day) % 7] for day in range(0, count, int(step or 1)))


def _day_number(text: str) -> int:
    if text in WEEKDAYS:
        return WEEKDAYS.index(text)
    if text.isascii() and text.isdigit() and int(text) <= len(WEEKDAYS):
        return int(text)
    raise ValueError(f"no day of the week: {text!r}")


def _times(failures: int) -> str:
    return "an error" if failures == 1 else f"{failures} errors in a row"
