"""Statements 10, 11 and 16: what is not to be had."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from tests.score.log import Exchange, Run
from tests.score.verdicts.verdict import AT_ONCE, DAY, HOUR, SLACK, Verdict, failed, hours, judged, none, pairs, passed

ENOUGH = timedelta(hours=11)  # a wait that need not grow further
GROWS = 1.5  # from one wait to the next at least, until it is ENOUGH
SILENCES = 4  # so many times the longest wait without a request: it was given up
LONGEST = timedelta(days=8)  # a week, and what spreads it


def heeds(run: Run) -> Verdict:
    asked = [
        one for one in run.exchanges if one.status in (429, 503) and one.retry_after is not None and one.role == "feed"
    ]
    if not asked:
        return none("no answer asked to wait")
    early = []
    for one in asked:
        until = one.at + (one.retry_after or timedelta(0)) - SLACK
        early += [
            other
            for other in run.exchanges
            if one.at < other.at < until and (other.url == one.url or (run.scope == "host" and other.host == one.host))
        ]
    return judged(early, f"asks before Retry-After is over, at that {run.scope}")


def backs_off(run: Run) -> Verdict:
    streaks = [streak for streak in _streaks(run, 429, 403) if streak[0].retry_after is None]
    if not streaks:
        return none("no answer forbade it without saying how long")
    for streak in streaks:
        if (said := _impatience(streak)) is not None:
            return failed(f"{streak[0].status} at {streak[0].name}: {said}", streak)
    by_host: dict[str, list[Exchange]] = defaultdict(list)
    for streak in streaks:
        by_host[streak[0].host] += streak[1:]
    together = [
        second
        for retries in by_host.values()
        for first, second in pairs(sorted(retries, key=lambda one: one.at))
        if first.url != second.url and second.at - first.at < AT_ONCE
    ]
    return judged(together, "feeds that failed together come back together")


def gives_up_well(run: Run) -> Verdict:
    after_gone = [
        one
        for some in run.of("feed")
        for at, one in enumerate(some)
        if any(before.status == 410 for before in some[:at])
    ]
    if after_gone:
        return judged(after_gone, "goes on after 410")
    streaks = list(_streaks(run, 404, 500, 0))
    if not streaks and not any(one.status == 410 for one in run.exchanges):
        return none("it met no failure")
    for streak in streaks:
        if (said := _impatience(streak)) is not None:
            return failed(f"{streak[0].status or 'no answer'} at {streak[0].name}: {said}", streak)
        rest = run.ends - streak[-1].at
        waits = [second.at - first.at for first, second in pairs(streak)]
        if rest > SILENCES * max([*waits, ENOUGH]) and run.by_url[streak[0].url][-1] is streak[-1]:
            return failed(f"{streak[0].name} was given up after {len(streak)} requests", streak[-1:])
    return _reported(run) if run.told is not None else passed("whether it reports them was not looked at")


def _reported(run: Run) -> Verdict:
    told = run.told or {}
    silent = [name for name, word in (("gone", "410"), ("missing", "404")) if word not in told.get(name, "")]
    return failed(f"nobody is told of {', '.join(silent)}") if silent else passed()


def _impatience(streak: list[Exchange]) -> str | None:
    """Return what is wrong with the waits of one streak of failures, or None."""
    waits = [second.at - first.at for first, second in pairs(streak)]
    if not waits:
        return None
    if min(waits) < HOUR - SLACK:
        return f"asked again after {hours(min(waits))}"
    for first, second in pairwise(waits):
        if first < ENOUGH and second < min(first * GROWS, ENOUGH):
            return f"a wait of {hours(first)} is followed by one of {hours(second)}"
    return f"a wait of {hours(max(waits))}" if max(waits) > LONGEST + DAY else None


def _streaks(run: Run, *statuses: int) -> Iterator[list[Exchange]]:
    """Yield the failures in a row of one feed, with the request that ended the streak, if one did."""
    for some in run.of("feed"):
        streak: list[Exchange] = []
        for one in some:
            if streak and one.at - streak[-1].at < AT_ONCE:
                continue  # asked twice, which is judged elsewhere
            if one.status in statuses:
                streak.append(one)
            elif streak:
                yield [*streak, one]
                streak = []
        if streak:
            yield streak
