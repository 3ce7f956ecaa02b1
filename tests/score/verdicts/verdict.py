"""What a statement comes to for one reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from tests.score.log import Exchange

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SLACK = timedelta(minutes=2)  # cron does not start on the second, and a round takes its time
SHOWN = 4  # names of resources in a reason
AT_ONCE = timedelta(minutes=1)  # nearer than this is no second poll but the same one


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """outcome: ``none`` where the run has nothing to judge by. offending: the requests that speak against it."""

    outcome: Literal["passed", "failed", "none"]
    reason: str = ""
    offending: tuple[Exchange, ...] = ()


def passed(reason: str = "") -> Verdict:
    return Verdict(outcome="passed", reason=reason)


def failed(reason: str, offending: Iterable[Exchange] = ()) -> Verdict:
    return Verdict(outcome="failed", reason=reason, offending=tuple(offending))


def none(reason: str) -> Verdict:
    return Verdict(outcome="none", reason=reason)


def judged(offending: Sequence[Exchange], reason: str) -> Verdict:
    """Failed where there is an offence, with its number and first example; passed otherwise."""
    if not offending:
        return passed()
    names = list(dict.fromkeys(one.name or one.url for one in offending))
    more = f" and {len(names) - SHOWN} others" if len(names) > SHOWN else ""
    return failed(f"{reason} ({len(offending)} ×: {', '.join(names[:SHOWN])}{more})", offending)


def pairs(some: Sequence[Exchange]) -> list[tuple[Exchange, Exchange]]:
    """Return each request with the next one to the same URL."""
    return list(pairwise(some))


def hours(span: timedelta) -> str:
    return f"{span / HOUR:.1f} h"
