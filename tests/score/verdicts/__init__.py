"""The eighteen statements on fetching, each with the function that judges a run by it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.score.log import Run
from tests.score.verdicts import conduct, failing, pace, validators
from tests.score.verdicts.verdict import Verdict

__all__ = ["STATEMENTS", "Statement", "Verdict"]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """number: as in the list of behaviours. short: for a table. judge: raises nothing, looks at nothing but the run."""

    number: int
    short: str
    judge: Callable[[Run], Verdict]


STATEMENTS = tuple(
    Statement(number=number, short=short, judge=judge)
    for number, (short, judge) in enumerate(
        (
            ("every request after the first is conditional", validators.is_conditional),
            ("If-Modified-Since is Last-Modified, byte for byte", validators.keeps_dates),
            ("If-None-Match is the ETag, byte for byte; both where both are known", validators.keeps_etags),
            ("every 200 and 304 renews the validators", validators.renews),
            ("a validator that vanished, or is another URL's, is not sent", validators.drops),
            ("what could not be read leaves no validators", validators.forgets_broken),
            ("an hour between two requests, a day where there is no validator", pace.waits),
            ("nothing is early after a restart, a reload or a crash", pace.outlasts),
            ("max-age and Expires lengthen the wait, on a 304 too", pace.believes_freshness),
            ("Retry-After is heeded, in seconds and as a date", failing.heeds),
            ("429 and 403 without it: hours, longer each time, not together", failing.backs_off),
            ("no address is asked twice: discovery, first poll, two sources", pace.asks_once),
            ("no cookies, Referer, cache busters, no-cache, disguise", conduct.is_plain),
            ("says who it is and what it takes", conduct.says_who),
            ("permanent redirects count after days, temporary ones never", conduct.follows),
            ("410 ends it; other failures are asked ever more rarely, for ever", failing.gives_up_well),
            ("pages and icons once; few connections, a pause between requests", conduct.is_gentle),
            ("what is due together does not start in one second", pace.spreads),
        ),
        start=1,
    )
)
