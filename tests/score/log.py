"""What a reader sent and what it was told, request by request: all that the verdicts look at."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

# feed: what is polled, and the list of a site without a feed; moved: what a redirect leads to; page: names its feed;
# article, icon, robots: what hangs on them; trap: a private address of another host; other: nobody named it.
Role = Literal["feed", "moved", "page", "article", "icon", "robots", "trap", "other"]

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer.

    at: the world's time when it came. method, target: as sent. headers, answered: names and values as they went over
    the wire. status: 0 where the connection was closed without an answer. name: of the resource, "" for none.
    is_broken: the body is not what the address promises. is_lost: the reader was killed before it could keep it.
    busy: requests of its host under way, this one included.
    """

    at: datetime
    host: str
    target: str
    method: str = "GET"
    headers: Headers = ()
    status: int = 200
    answered: Headers = ()
    name: str = ""
    role: Role = "feed"
    is_broken: bool = False
    is_lost: bool = False
    busy: int = 1

    @property
    def url(self) -> str:
        return f"{self.host}{self.target}"

    @property
    def is_redirect(self) -> bool:
        return self.status in (301, 302, 303, 307, 308)

    def sent(self, name: str) -> bytes | None:
        """Return a request header's value, or None."""
        return _value(self.headers, name)

    def got(self, name: str) -> bytes | None:
        """Return an answer header's value, or None."""
        return _value(self.answered, name)

    @property
    def etag(self) -> bytes | None:
        return self.got("etag")

    @property
    def last_modified(self) -> bytes | None:
        return self.got("last-modified")

    @property
    def retry_after(self) -> timedelta | None:
        """How long the answer asks to wait; a date counts from the answer's own ``Date``."""
        value = (self.got("retry-after") or b"").decode("latin-1")
        if value.isdigit():
            return timedelta(seconds=int(value))
        return parsedate_to_datetime(value) - self._date if value else None

    @property
    def fresh_for(self) -> timedelta | None:
        """How long the answer says that it holds."""
        control = (self.got("cache-control") or b"").decode("latin-1")
        if control.startswith("max-age="):
            return timedelta(seconds=int(control.removeprefix("max-age=")))
        expires = (self.got("expires") or b"").decode("latin-1")
        return parsedate_to_datetime(expires) - self._date if expires else None

    @property
    def _date(self) -> datetime:
        value = self.got("date")
        return parsedate_to_datetime(value.decode("latin-1")) if value else self.at


@dataclass(frozen=True, kw_only=True)
class Event:
    """What befell the reader. kind: ``restart``, ``reload`` or ``crash``."""

    at: datetime
    kind: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """All that one reader did. ends: when the watching ended.

    scope: what a wait that a server asks for binds, by the reader's settings. pause: the least between two requests
    to one host that it is held to. is_scheduled: it decides itself when a source is due. told: resource -> what the
    reader tells its owner of it; None: nobody looked.
    """

    exchanges: tuple[Exchange, ...]
    ends: datetime
    events: tuple[Event, ...] = ()
    scope: Literal["host", "url"] = "url"
    pause: timedelta = timedelta(seconds=1)
    is_scheduled: bool = True
    told: Mapping[str, str] | None = None
    by_url: Mapping[str, tuple[Exchange, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Exchange]] = defaultdict(list)
        for one in self.exchanges:
            found[one.url].append(one)
        object.__setattr__(self, "by_url", {url: tuple(some) for url, some in found.items()})

    def of(self, *roles: Role) -> Iterator[tuple[Exchange, ...]]:
        """Yield what one URL of these roles was asked, in order; URL by URL."""
        for some in self.by_url.values():
            if some[0].role in roles:
                yield some

    def named(self, prefix: str) -> tuple[Exchange, ...]:
        """Return what the resources whose names begin so were asked."""
        return tuple(one for one in self.exchanges if one.name.startswith(prefix))


def _value(headers: Headers, name: str) -> bytes | None:
    wanted = name.encode()
    return next((value for key, value in headers if key.lower() == wanted), None)
