"""What robots.txt allows (RFC 9309): asked at most once a day per origin, across runs.

A file that cannot be had forbids everything, unless we know an earlier one, which then goes on (section 2.4). An origin
whose file was never to be had for 30 days is taken to have none (section 2.3.1.4).
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aggregator.errors import FetchError, NotAsked, Refused
from aggregator.fetch.hosts import Memory, Notes
from aggregator.fetch.validators import validators
from aggregator.model import Document, Request, RobotsState, Validators

if TYPE_CHECKING:
    from protego import Protego

KEPT = timedelta(hours=24)  # RFC 9309, section 2.4
ASKED_AGAIN = timedelta(minutes=10)  # at the soonest, where it could not be had; the longer that lasts, the later
GIVEN_UP = timedelta(days=30)  # RFC 9309, section 2.3.1.4
REMEMBERED_ORIGINS = 1000  # at least so many, before those whose day is over are forgotten
READ_BYTES = 500 * 1024  # RFC 9309, section 2.5: at least so much must be read, the rest may be left
LARGEST_BYTES = 5_000_000
ACCEPT = (("accept", "text/plain, */*;q=0.5"),)
QUICK_BYTES = 20_000  # what is longer is read, and asked, beside the event loop
LONGEST_DELAY = timedelta(seconds=30)  # of a Crawl-delay: a site that asks for an hour means to say no, and can

UNAVAILABLE = range(300, 500)  # section 2.3.1.3; a redirect that never ends, or leads nowhere, is none either
TOO_MANY_REQUESTS = 429  # they have one, and want to be asked later
BUSY = (TOO_MANY_REQUESTS, 503)

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is known of one origin. rules: None where all is allowed."""

    state: RobotsState
    rules: "Protego | None" = None

    @property
    def is_long(self) -> bool:
        return len(self.state.rules or "") > QUICK_BYTES


@dataclass
class Robots:
    """The rules of the origins met so far. agent: the product token by which we are named in them."""

    agent: str
    send: Callable[[Request], Awaitable[Document]]
    now: Callable[[], datetime]
    memory: Memory = field(default_factory=Notes)
    _known: dict[str, _Known] = field(default_factory=dict)
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def check(self, url: str, origin: str, *, is_trusted: bool) -> timedelta | None:
        """Return the pause that the origin wants between two pages, LONGEST_DELAY at most; None when it does not say.

        Raises Refused when robots.txt forbids the URL, and NotAsked when nobody can say whether it does.
        is_trusted: the origin may be one of one's own network.
        """
        known = await self._rules(origin, is_trusted)
        state = known.state
        if state.error is not None and state.rules is None and not _is_given_up(state, self.now()):
            raise _unreachable(state, self.now())
        if known.rules is None:
            return None
        # A file of many rules takes long to ask, too.
        is_allowed = await asyncio.to_thread(self._allows, known, url) if known.is_long else self._allows(known, url)
        if not is_allowed:
            raise Refused(
                f"{origin}/robots.txt forbids this page; write `robots: false` on the source if you may read it anyway",
                url=url,
            )
        delay = known.rules.crawl_delay(self.agent)
        return None if delay is None else min(timedelta(seconds=min(delay, 10**6)), LONGEST_DELAY)

    def _allows(self, known: _Known, url: str) -> bool:
        return known.rules is None or known.rules.can_fetch(url, self.agent)

    async def _rules(self, origin: str, is_trusted: bool) -> _Known:
        lock = self._asking.setdefault(origin, asyncio.Lock())
        try:
            async with lock:  # many pages of one origin wait for one request
                known = self._known.get(origin)
                if known is None and (state := await asyncio.to_thread(self.memory.robots, origin)) is not None:
                    known = await self._read(state)
                if known is None or known.state.good_until <= self.now():
                    state = await self._ask(origin, is_trusted, known.state if known else None)
                    await asyncio.to_thread(self.memory.save_robots, state)
                    known = await self._read(state)
                    self._tell(known)
                self._forget_old()
                self._known[origin] = known
        finally:
            if not lock.locked():
                self._asking.pop(origin, None)
        return known

    def _forget_old(self) -> None:
        if len(self._known) >= REMEMBERED_ORIGINS:
            now = self.now()
            self._known = {origin: known for origin, known in self._known.items() if known.state.good_until > now}

    async def _ask(self, origin: str, is_trusted: bool, before: RobotsState | None) -> RobotsState:
        """Return what the origin says now, or what was known of it and why it cannot be had."""
        now = self.now()
        before = before or RobotsState(origin=origin, good_until=now)
        is_known = before.rules is not None
        request = Request(
            url=f"{origin}/robots.txt",
            headers=ACCEPT,
            max_bytes=LARGEST_BYTES,
            trusted_origin=origin if is_trusted else None,
            etag=before.etag if is_known else None,
            last_modified=before.last_modified if is_known else None,
            validated_url=before.answered_url,
        )
        try:
            document = await self.send(request)
        except (NotAsked, Refused):
            raise
        except FetchError as error:
            if error.status in UNAVAILABLE and error.status != TOO_MANY_REQUESTS:
                return RobotsState(origin=origin, fetched_at=now, good_until=now + KEPT)
            since = before.unreachable_since or now
            wait = max(min(now - since, KEPT), error.retry_after or ASKED_AGAIN, ASKED_AGAIN)
            return replace(
                before, good_until=now + wait, unreachable_since=since, error=str(error), status=error.status
            )
        old = Validators(url=before.answered_url or document.url, etag=before.etag, last_modified=before.last_modified)
        kept = validators(document, old)
        rules = before.rules
        if not document.is_unchanged:
            rules = document.body[:READ_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
        return RobotsState(
            origin=origin,
            rules=rules,
            answered_url=kept.url,
            etag=kept.etag,
            last_modified=kept.last_modified,
            fetched_at=now,
            good_until=now + KEPT,
        )

    async def _read(self, state: RobotsState) -> _Known:
        if state.rules is None:
            return _Known(state=state)
        if len(state.rules) > QUICK_BYTES:
            return _Known(state=state, rules=await asyncio.to_thread(_parsed, state.rules, self.agent))
        return _Known(state=state, rules=_parsed(state.rules, self.agent))

    def _tell(self, known: _Known) -> None:
        """Say what a site asks for and does not get."""
        delay = known.rules.crawl_delay(self.agent) if known.rules else None
        if delay is not None and delay > LONGEST_DELAY.total_seconds():
            log.warning(
                "%s/robots.txt wants %g s between two pages (Crawl-delay); they are %g s apart",
                known.state.origin,
                delay,
                LONGEST_DELAY.total_seconds(),
            )


def _is_given_up(state: RobotsState, now: datetime) -> bool:
    return state.unreachable_since is not None and now - state.unreachable_since >= GIVEN_UP


def _parsed(text: str, agent: str) -> "Protego":
    from protego import Protego

    return Protego.parse("User-agent: *\n" + "\n".join(our_rules(text, agent)))


_AGENT = re.compile(r"user-?\s?agent\s*:\s*(.*)", re.IGNORECASE)
_RULE = re.compile(r"([a-z][a-z -]*):", re.IGNORECASE)
_OF_NO_GROUP = frozenset({"sitemap", "host", "clean-param"})


def our_rules(text: str, agent: str) -> list[str]:
    """Return the lines of the groups that name us, all of them together, else of those for everybody.

    A product token names us when it equals ours, letter case ignored (RFC 9309, section 2.2.1); what a site writes
    behind it, such as a version, counts for nothing.
    """
    ours: list[str] = []
    everybodys: list[str] = []
    names: set[str] = set()
    is_named = is_begun = False
    for line in re.split(r"[\r\n]+", text):
        line = line.partition("#")[0].strip()
        if (match := _AGENT.match(line)) is not None:
            if is_begun:
                names, is_begun = set(), False
            token = re.split(r"[\s/;(]", match.group(1).strip(), maxsplit=1)[0].casefold()
            names.add(token)
            is_named |= token == agent.casefold()
            continue
        if (rule := _RULE.match(line)) is None or rule.group(1).strip().lower() in _OF_NO_GROUP:
            continue
        is_begun = True
        if agent.casefold() in names:
            ours.append(line)
        if "*" in names:
            everybodys.append(line)
    return ours if is_named else everybodys


def _unreachable(state: RobotsState, now: datetime) -> NotAsked:
    """Section 2.3.1.4: while robots.txt cannot be read, nothing is allowed."""
    message = state.error or "it cannot be had"
    if state.status is not None:
        message = f"{state.origin}/robots.txt cannot be read, so no page there may be: {message}"
    return NotAsked(
        message,
        until=state.good_until,
        url=f"{state.origin}/robots.txt",
        status=state.status,
        retry_after=state.good_until - now if state.status in BUSY else None,
        is_failure=True,
    )
