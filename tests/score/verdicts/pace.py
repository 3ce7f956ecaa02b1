"""Statements 7 to 9, 12 and 18: when a URL is asked again."""

from collections.abc import Iterator
from datetime import timedelta

from tests.score.log import Exchange, Run
from tests.score.verdicts.validators import Known
from tests.score.verdicts.verdict import (
    AT_ONCE,
    DAY,
    HOUR,
    SLACK,
    Verdict,
    failed,
    hours,
    judged,
    none,
    pairs,
    passed,
)

BELIEVED = timedelta(hours=11)  # of a promise of freshness at least so much must be believed …
LONGEST = timedelta(days=31)  # … and no more than this
SECOND = timedelta(seconds=1)
TOGETHER = 0.9  # the share of a crowd that may not start within one second


def waits(run: Run) -> Verdict:
    early = [
        second
        for first, second, known in _polls(run)
        if second.name != "twins" and AT_ONCE <= second.at - first.at < _least(first, known) - SLACK
    ]
    unknown = [one for one in early if one.name in ("bare", "vanishing")]
    if early and early == unknown:
        return judged(early, "asks within a day though there is no validator")
    return judged(early, "asks again within an hour, or within a day where there is no validator")


def outlasts(run: Run) -> Verdict:
    if not run.is_scheduled:
        return none("it polls whenever its command is called")
    if not run.events:
        return none("nothing befell it")
    early = [
        second
        for first, second, _ in _polls(run)
        if any(first.at <= event.at <= second.at for event in run.events)
        and second.at - first.at < max(HOUR, _asked_for(first)) - SLACK
    ]
    return judged(early, "asks before the due time after a restart, a reload or a crash")


def believes_freshness(run: Run) -> Verdict:
    told = [
        (first, second)
        for some in run.of("feed", "moved")
        for first, second in [*pairs(some), (some[-1], None)]
        if first.fresh_for is not None and first.status in (200, 304) and not first.is_lost
    ]
    if not told:
        return none("no answer said how long it holds")
    early = [
        second
        for first, second in told
        if second is not None and second.at - first.at < min(first.fresh_for or timedelta(0), BELIEVED) - SLACK
    ]
    if early:
        return judged(early, "asks before the answer's time is over")
    late = [
        first
        for first, second in told
        if (second.at if second else run.ends) - first.at > min(first.fresh_for or LONGEST, LONGEST) + 2 * DAY
    ]
    return judged(late, "believes a promise of freshness that nobody can have meant")


def asks_once(run: Run) -> Verdict:
    crashes = [event.at for event in run.events]
    twice = [
        second
        for some in run.by_url.values()
        for first, second in pairs(some)
        if second.at - first.at < (HOUR - SLACK if second.name == "twins" else AT_ONCE)
        and not any(first.at <= at <= second.at for at in crashes)
    ]
    return judged(twice, "asks one address twice")


def spreads(run: Run) -> Verdict:
    """Feeds that came together: their second polls."""
    second = sorted(some[1].at for some in run.by_url.values() if some[0].name.startswith("crowd") and len(some) > 1)
    if len(second) < 2:
        return none("too few were polled again")
    most = max(sum(at <= other < at + SECOND for other in second) for at in second)
    said = f"{most} of {len(second)} within one second, all within {hours(second[-1] - second[0])}"
    return failed(said) if most > TOGETHER * len(second) else passed(said)


def _polls(run: Run) -> Iterator[tuple[Exchange, Exchange, Known]]:
    """Yield a request, the next one to the same URL, and what was known between them; of what is polled."""
    for some in run.of("feed", "moved", "page"):
        known = Known()
        for first, second in pairs(some):
            known = known.after(first)
            yield first, second, known


def _least(first: Exchange, known: Known) -> timedelta:
    """Return the least wait after this answer."""
    is_bare = known.is_met and known.etag is None and known.date is None and known.is_sure
    return DAY if is_bare and first.status == 200 else HOUR


def _asked_for(first: Exchange) -> timedelta:
    """Return the wait that the answer itself asks for."""
    if first.is_lost:
        return timedelta(0)
    fresh = min(first.fresh_for or timedelta(0), BELIEVED)
    return max(fresh, (first.retry_after or timedelta(0)) if first.status in (429, 503) else timedelta(0))
