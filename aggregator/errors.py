"""Everything that can go wrong, as a tree. Pure.

AggregatorError
├── ConfigError          feeds.yaml is wrong; carries every Problem found, none is fixed by trying again
├── UsageError           a name, id or URL given to a command is unknown
├── SourceError          one source failed; the others go on. Carries url, status, retry_after
│   ├── FetchError       no answer, or not the answer that was asked for
│   │   ├── NotAsked     it was not this one's turn: its host asked for silence, or does not answer at all
│   │   ├── Refused      we did not ask: a private address, robots.txt, a malformed address
│   │   └── TooLarge     more bytes, redirects or seconds than we accept
│   └── ReadError        an answer came and cannot be read as what feeds.yaml says it is
│       └── NotAPage     a PDF, a sound, JSON: asking again would change nothing
└── StoreError           the store or the output could not be written; nothing is half done
    └── StoreBusy        another process has the store
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


class AggregatorError(Exception):
    """Anything we can explain to the person who runs the program."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake in a file that a person wrote.

    line: from 1. path: where in the document, as ``sources[3].itmes``; empty for the whole file.
    """

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class ConfigError(AggregatorError):
    """feeds.yaml is wrong. ``problems`` holds all that was found, in the order of lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(AggregatorError):
    """A command was given a name, an id or a URL that nothing here bears."""


class SourceError(AggregatorError):
    """One source failed; the message says what to do about it.

    url: the address that was asked or read. status: of the HTTP answer, when there was one.
    retry_after: how long the server asks us to stay away, when it did.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str | None = None,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.url = url
        self.status = status
        self.retry_after = retry_after


class FetchError(SourceError):
    """No answer, or not the one that was asked for.

    is_redirected: the address that it speaks of was named by the answer to another request.
    """

    is_redirected = False


class NotAsked(FetchError):
    """Nothing was asked, so nothing failed: the host asked us to wait, or it is down and we wait for a sign of life.

    until: aware; may be asked again from then on. is_failure: something was asked all the same, and failed: the
    robots.txt that would have to say whether we may; ``status`` and ``retry_after`` are of its answer.
    """

    def __init__(
        self,
        message: str,
        *,
        until: datetime,
        url: str | None = None,
        status: int | None = None,
        retry_after: timedelta | None = None,
        is_failure: bool = False,
    ) -> None:
        super().__init__(message, url=url, status=status, retry_after=retry_after)
        self.until = until
        self.is_failure = is_failure


class Refused(FetchError):
    """We did not ask, because we must not: a private address, robots.txt, a malformed URL."""


class TooLarge(FetchError):
    """More bytes, redirects or seconds than we accept from anyone."""


class ReadError(SourceError):
    """The answer came and is not what feeds.yaml says it is."""


class NotAPage(ReadError):
    """An article's address leads to something else than a page, today and in an hour."""


class StoreError(AggregatorError):
    """The store or the output could not be written."""


class StoreBusy(StoreError):
    """Another process holds the store."""
