"""What is remembered between polls, and what a poll came to. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from aggregator.model.checked import Copy
from aggregator.model.found import Hints, Part, RawEntry, SourceInfo
from aggregator.model.written import Source


@dataclass(frozen=True, kw_only=True)
class Validators:
    """What makes the next request conditional, byte for byte as received, and the URL it came from."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


About = Literal["document", "entry", "page"]


@dataclass(frozen=True, kw_only=True)
class Warned:
    """One sort of warning of a source: what had to be guessed or dropped, and how often.

    about: the document as it stands, one of its entries, or an article page. sort: the sentence without what differs
    from one entry to the next. texts: a few of the sentences. since, last: the polls that brought the first and the
    latest of it; polls: how many did.
    """

    about: About
    sort: str
    texts: tuple[str, ...]
    count: int
    since: datetime
    last: datetime
    polls: int = 1


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """What we remember of a source between polls. due: never polled before it.

    failing_since: when the present row of failures began, or it was found gone. interval: the adaptive interval now.
    asked_at: when its latest poll began, whether that ended or not. has_validators: its last answer bore what makes the
    next request conditional; None: not known, or it is on this machine.
    wait_until: a server asked for it, or the answer is fresh so long (``wait_reason`` says which).
    moved_to: where a permanent redirect leads, seen on ``moved_days`` days.
    found_url: the feed that the page named, where feeds.yaml gives the address of a page.
    guids: why they are no longer believed: one for several articles, or others at every poll. held: entries of a flood
    that are kept back.
    """

    name: str
    kind: str | None = None
    title: str | None = None
    url: str | None = None
    found_url: str | None = None
    due: datetime | None = None
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0
    error: str | None = None
    status: int | None = None
    warnings: tuple[Warned, ...] = ()
    interval: timedelta | None = None
    wait_until: datetime | None = None
    wait_reason: Literal["retry-after", "fresh", "back-off"] | None = None
    is_gone: bool = False
    moved_to: str | None = None
    moved_days: tuple[str, ...] = ()
    hints: Hints = field(default_factory=Hints)
    entries: int = 0
    guids: Literal["reused", "churning"] | None = None
    held: int = 0
    failing_since: datetime | None = None
    asked_at: datetime | None = None
    has_validators: bool | None = None


@dataclass(frozen=True, kw_only=True)
class HostState:
    """What we remember of a host, whatever source met it.

    name: the host as addressed, with its port where that is not the scheme's own; or the digest of one address, where
    a wish for silence binds only that. silent_until: it asked for it, with ``silent_status``. failures: requests in a
    row that got no answer at all, since ``failing_since``. open_until: as long nobody asks it; openings: how often in a
    row that has been so.
    """

    name: str
    silent_until: datetime | None = None
    silent_status: int | None = None
    failures: int = 0
    failing_since: datetime | None = None
    open_until: datetime | None = None
    openings: int = 0


@dataclass(frozen=True, kw_only=True)
class RobotsState:
    """What we remember of an origin's robots.txt. rules: as it was read last; None: there was none, all is allowed.

    answered_url, etag, last_modified: what makes the next request conditional. fetched_at: when it answered last;
    None: it never did. good_until: not asked before. unreachable_since: it could not be had since then, because of
    ``error`` and, where there was an answer, ``status``.
    """

    origin: str
    rules: str | None = None
    answered_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: datetime | None = None
    good_until: datetime
    unreachable_since: datetime | None = None
    error: str | None = None
    status: int | None = None


Outcome = Literal["fetched", "unchanged", "failed", "skipped"]


@dataclass(frozen=True, kw_only=True)
class SourceReport:
    """What one poll of one source came to. until: why a skipped source is left alone. seconds: wall time.

    came, left: the sources that a list of feeds names since this poll, and those that it named until now. is_relisted:
    something of that changed, if only a folder. note: one of the warnings that is told to everybody, once.
    """

    source: str
    kind: str
    outcome: Outcome
    status: int | None = None
    new: int = 0
    updated: int = 0
    duplicates: int = 0
    error: str | None = None
    until: datetime | None = None
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    is_relisted: bool = False
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An entry whose article page could not be had yet. raw: to be completed. tries: so far. due: of the next.

    stands: the entry's date as the list has it; the newest are fetched first.
    """

    local: str
    raw: RawEntry
    base: str
    fingerprint: int
    tries: int
    due: datetime
    stands: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What is kept of a document of a source. url: as asked. salt: of the reading that made ``seen``.

    seen: fingerprints of the raw entries that the document held; below zero: old entries that ``backlog`` leaves out.
    parts: the documents that it named.
    changed: what the document that names this one said of its last change, where nothing can have changed unsaid since.
    at: when it was kept; None: it is about to be.
    """

    url: str
    validators: Validators
    salt: str = ""
    seen: frozenset[int] = frozenset()
    parts: tuple[Part, ...] = ()
    changed: str | None = None
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class Member:
    """A feed that a list names, or named. name: what follows the list's in the name of the source, for good.

    is_missing: the list's last answer lacks it, which is not believed yet. left_at: when it left; None: it is polled.
    """

    name: str
    url: str
    title: str | None = None
    folders: tuple[str, ...] = ()
    came_at: datetime
    is_missing: bool = False
    left_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Poll:
    """All that one poll of one source found, saved as one transaction.

    copies: in the order of the document. fetched: its documents, the first page first; of others it is kept as it is.
    wanted: article pages still to be had; had: local names of those that came or were given up.
    salt: of the reading; copies that were read with another one did not change because their source did.
    members: of a list of feeds, all that it names and named; None leaves them as they are.
    """

    source: Source
    at: datetime
    state: SourceState
    info: SourceInfo | None = None
    copies: tuple[Copy, ...] = ()
    fetched: tuple[Fetched, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    had: tuple[str, ...] = ()
    salt: str = ""
    members: tuple[Member, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What one saved poll changed, by the ids of entries. retired: entries that turned out to be others.

    warnings: of what only showed as the entries were placed.
    """

    new: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    retired: frozenset[str] = frozenset()
    duplicates: int = 0
    warnings: tuple[str, ...] = ()
