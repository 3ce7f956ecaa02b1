"""A permanent redirect: when it is believed, when the written address is asked again, what is told of it. Pure.

A server that answers 301 or 308 says "from now on, there". A portal of a hotel's network says so too, for an hour. So
the new address is asked directly once it was seen on ENOUGH_DAYS different days. feeds.yaml stays as it is, and so
does all that follows from it: names, credit, what is trusted. The written address is asked again where the new one
fails, and every LOOK_AGAIN, so that a server can take its redirect back.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import quote

from aggregator.errors import NotAsked, SourceError
from aggregator.model import Source, SourceState
from aggregator.text.secrets import hidden

ENOUGH_DAYS = 3  # so there are more than 24 hours between the first sighting and the third
LOOK_AGAIN = 30  # days
MOST_DAYS = 20  # kept; of more the first ENOUGH_DAYS and the latest


def new_address(state: SourceState, source: Source) -> str | None:
    """Return where to ask instead of the written address (or of the feed that its page names), secrets filled in.

    None where no redirect was seen often enough.
    """
    if state.moved_to is None or len(state.moved_days) < ENOUGH_DAYS or not may_move(source):
        return None
    return _filled(state.moved_to, source.secrets)


def may_move(source: Source) -> bool:
    """Tell whether redirects of the source are remembered: not where a body is sent, which a 301 would drop."""
    return source.url is not None and source.method.upper() == "GET" and source.body is None


def is_looked_at_again(state: SourceState, *, now: datetime) -> bool:
    """Tell whether the written address is asked first: once in LOOK_AGAIN days after the redirect was seen last."""
    if not state.moved_days or state.last_poll is None:
        return False
    seen = date.fromisoformat(state.moved_days[-1])
    return (_day(now) - seen).days // LOOK_AGAIN > (_day(state.last_poll) - seen).days // LOOK_AGAIN


def is_answer_enough(error: SourceError) -> bool:
    """Tell whether a failure of the new address says nothing about it: its server is busy, or was not asked."""
    return isinstance(error, NotAsked) or error.status in (429, 503)


def after_answer(
    state: SourceState, source: Source, *, permanent_url: str | None, is_there: bool, now: datetime
) -> SourceState:
    """Return the state after an answer that could be read.

    permanent_url: where an unbroken run of permanent redirects led, None: nowhere. is_there: the new address was asked,
    not the written one. Another target than before begins anew; an answer without one ends it.
    """
    if not may_move(source) or (permanent_url is None and not is_there):
        return forgotten(state)
    target = state.moved_to if permanent_url is None else hidden(permanent_url, source.secrets)
    if target == state.moved_to and is_there:
        return state
    day = _day(now).isoformat()
    if target != state.moved_to:
        return replace(state, moved_to=target, moved_days=(day,))
    if day in state.moved_days:
        return state
    first, later = state.moved_days[:ENOUGH_DAYS], state.moved_days[ENOUGH_DAYS:]
    latest = later[-(MOST_DAYS - ENOUGH_DAYS - 1) :]
    return replace(state, moved_days=(*first, *latest, day))


def forgotten(state: SourceState) -> SourceState:
    """Return the state without what is remembered of redirects."""
    return replace(state, moved_to=None, moved_days=())


def told(before: SourceState, after: SourceState, source: Source) -> str | None:
    """Return what a person is told once: the address is another from now on, or the written one again."""
    was, is_ = new_address(before, source), new_address(after, source)
    if was == is_:
        return None
    what = "its address" if after.found_url is None else f"its feed {after.found_url}"
    if is_ is not None:
        return (
            f"{what} has moved to {after.moved_to}, as its server said on {ENOUGH_DAYS} days; it is asked there from "
            "now on: write that address in feeds.yaml"
        )
    return f"{what} no longer leads to {before.moved_to}: it is asked itself again"


def _filled(address: str, secrets: Iterable[tuple[str, str]]) -> str | None:
    """Return the address with its secrets; None where it could have spelled one in more ways than one."""
    for name, value in secrets:
        if f"${{{name}}}" in address:
            if quote(value, safe="") != value:
                return None
            address = address.replace(f"${{{name}}}", value)
    return address


def _day(when: datetime) -> date:
    return when.astimezone(UTC).date()
