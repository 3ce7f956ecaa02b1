"""What robots.txt allows (RFC 9309): asked once per origin, kept for a day."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aggregator.errors import FetchError, Refused
from aggregator.model import Document, Request

if TYPE_CHECKING:
    from protego import Protego

KEPT = timedelta(hours=24)  # RFC 9309, section 2.4
KEPT_UNREACHABLE = timedelta(minutes=10)
REMEMBERED_ORIGINS = 1000  # at least so many, before those whose day is over are forgotten
READ_BYTES = 500 * 1024  # RFC 9309, section 2.5: at least so much must be read, the rest may be left
LARGEST_BYTES = 5_000_000


@dataclass
class _Known:
    """The rules of one origin. rules: None where all is allowed. error: why they could not be read."""

    until: datetime
    rules: "Protego | None" = None
    error: FetchError | None = None


@dataclass
class Robots:
    """The rules of the origins met so far. agent: the product token by which we are named in them."""

    agent: str
    send: Callable[[Request], Awaitable[Document]]
    now: Callable[[], datetime]
    _known: dict[str, _Known] = field(default_factory=dict)
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def check(self, url: str, origin: str, *, is_trusted: bool) -> None:
        """Raise Refused when robots.txt forbids the URL, or FetchError when it cannot be asked whether it does.

        is_trusted: the origin may be one of one's own network.
        """
        known = await self._rules(origin, is_trusted)
        if known.error is not None:
            raise _unreachable(known.error, origin) from known.error
        if known.rules is not None and not known.rules.can_fetch(url, self.agent):
            raise Refused(
                f"{origin}/robots.txt forbids this page; write `robots: false` on the source if you may read it anyway",
                url=url,
            )

    async def _rules(self, origin: str, is_trusted: bool) -> _Known:
        lock = self._asking.setdefault(origin, asyncio.Lock())
        async with lock:  # many pages of one origin wait for one request
            known = self._known.get(origin)
            if known is None or known.until <= self.now():
                self._forget_old()
                known = self._known[origin] = await self._ask(origin, is_trusted)
        self._asking.pop(origin, None)
        return known

    def _forget_old(self) -> None:
        if len(self._known) >= REMEMBERED_ORIGINS:
            now = self.now()
            self._known = {origin: known for origin, known in self._known.items() if known.until > now}

    async def _ask(self, origin: str, is_trusted: bool) -> _Known:
        trusted_origin = origin if is_trusted else None
        request = Request(url=f"{origin}/robots.txt", max_bytes=LARGEST_BYTES, trusted_origin=trusted_origin)
        try:
            document = await self.send(request)
        except FetchError as error:
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return _Known(until=self.now() + KEPT)  # section 2.3.1.3: unavailable means allowed
            return _Known(until=self.now() + KEPT_UNREACHABLE, error=error)
        from protego import Protego

        text = document.body[:READ_BYTES].decode("utf-8-sig", "replace")
        return _Known(until=self.now() + KEPT, rules=Protego.parse(text))


def _unreachable(error: FetchError, origin: str) -> FetchError:
    """Section 2.3.1.4: while robots.txt cannot be read, nothing is allowed."""
    message = str(error)
    if error.status is not None:
        message = f"{origin}/robots.txt cannot be read, so no page there may be: {message}"
    return FetchError(message, url=error.url, status=error.status, retry_after=error.retry_after)
