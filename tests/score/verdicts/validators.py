"""Statements 1 to 6: what makes a request conditional."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tests.score.log import Exchange, Run
from tests.score.verdicts.verdict import Verdict, failed, judged, none

TWICE = "twins"  # two sources have it; what they know of it differs where they are asked for one by one


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a URL has told before a request. etags, dates: all that it ever gave. broken: its last answer, if it was.

    is_lost: the reader was killed over the last answer, so that nobody can say what it knows.
    """

    etag: bytes | None = None
    date: bytes | None = None
    etags: frozenset[bytes] = frozenset()
    dates: frozenset[bytes] = frozenset()
    broken: Exchange | None = None
    is_lost: bool = False
    is_met: bool = False

    @property
    def is_sure(self) -> bool:
        return self.broken is None and not self.is_lost

    def after(self, one: Exchange) -> "Known":
        """A 200 replaces both validators, a 304 those that it bears; what could not be read none."""
        if one.status not in (200, 304):
            return self
        etags = self.etags | {one.etag} if one.etag is not None else self.etags
        dates = self.dates | {one.last_modified} if one.last_modified is not None else self.dates
        broken = one if one.is_broken else None
        seen = replace(self, etags=etags, dates=dates, broken=broken, is_lost=one.is_lost, is_met=True)
        if one.is_broken or one.is_lost:
            return seen
        is_304 = one.status == 304
        return replace(
            seen,
            etag=self.etag if is_304 and one.etag is None else one.etag,
            date=self.date if is_304 and one.last_modified is None else one.last_modified,
        )


def known_before(run: Run) -> Iterator[tuple[Exchange, Known]]:
    """Yield every request that was no mere step of a redirect, with what its URL had told before."""
    for some in run.by_url.values():
        known = Known()
        for one in some:
            if not one.is_redirect:
                yield one, known
            known = known.after(one)


def etag_sent(one: Exchange) -> bytes | None:
    return one.sent("if-none-match")


def date_sent(one: Exchange) -> bytes | None:
    return one.sent("if-modified-since")


def is_conditional(run: Run) -> Verdict:
    bad = [
        one
        for one, known in known_before(run)
        if (known.etag or known.date) and known.is_sure and etag_sent(one) is None and date_sent(one) is None
    ]
    return judged(bad, "asks without validators though it was given some")


def keeps_dates(run: Run) -> Verdict:
    """Of a date that stands in no Last-Modified, nobody but the reader can be the author."""
    given = {one.last_modified for one in run.exchanges}
    sent = [one for one in run.exchanges if date_sent(one) is not None]
    if not sent:
        return failed("never sends If-Modified-Since")
    return judged([one for one in sent if date_sent(one) not in given], "sends dates that it was not given")


def keeps_etags(run: Run) -> Verdict:
    given = {one.etag for one in run.exchanges}
    sent = [one for one in run.exchanges if etag_sent(one) is not None]
    if not sent:
        return failed("never sends If-None-Match")
    changed = [one for one in sent if etag_sent(one) not in given]
    if changed:
        return judged(changed, "sends an ETag otherwise than it was given")
    halves = [
        one
        for one, known in known_before(run)
        if known.etag is not None and known.date is not None and known.is_sure and _is_half(one)
    ]
    return judged(halves, "sends one validator though it has both")


def renews(run: Run) -> Verdict:
    if not _sends_any(run):
        return none("it sends no validators")
    stale = [
        one
        for one, known in known_before(run)
        if known.is_sure
        and one.name != TWICE
        and (
            (known.etag is not None and etag_sent(one) in known.etags - {known.etag})
            or (known.date is not None and date_sent(one) in known.dates - {known.date})
        )
    ]
    return judged(stale, "sends an older validator than the last answer's")


def drops(run: Run) -> Verdict:
    if not _sends_any(run):
        return none("it sends no validators")
    etags = _given(run, lambda one: one.etag)
    dates = _given(run, lambda one: one.last_modified)
    vanished, foreign = [], []
    for one, known in known_before(run):
        if not known.is_sure:
            continue
        etag, date = etag_sent(one), date_sent(one)
        if (etag in known.etags and known.etag is None) or (date in known.dates and known.date is None):
            vanished.append(one)
        if (etag not in known.etags and etags.get(etag, one.at) < one.at) or (
            date not in known.dates and dates.get(date, one.at) < one.at
        ):
            foreign.append(one)
    if foreign:
        return judged(foreign, "sends the validators of another URL")
    return judged(vanished, "sends a validator that the last answer had no longer")


def forgets_broken(run: Run) -> Verdict:
    if not _sends_any(run):
        return none("it sends no validators")
    after = [(one, known) for one, known in known_before(run) if known.broken is not None]
    if not after:
        return none("it met nothing that could not be read")
    bad = [
        one
        for one, known in after
        if known.broken is not None
        and (
            (etag_sent(one) is not None and etag_sent(one) == known.broken.etag != known.etag)
            or (date_sent(one) is not None and date_sent(one) == known.broken.last_modified != known.date)
        )
    ]
    return judged(bad, "keeps the validators of what could not be read")


def _given(run: Run, which: Callable[[Exchange], bytes | None]) -> dict[bytes | None, datetime]:
    """Return each validator that any URL gave, with the first time."""
    given: dict[bytes | None, datetime] = {}
    for one in run.exchanges:
        if (value := which(one)) is not None:
            given.setdefault(value, one.at)
    return given


def _is_half(one: Exchange) -> bool:
    return (etag_sent(one) is None) != (date_sent(one) is None)


def _sends_any(run: Run) -> bool:
    return any(etag_sent(one) is not None or date_sent(one) is not None for one in run.exchanges)
