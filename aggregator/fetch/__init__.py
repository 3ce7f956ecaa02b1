"""Polite, guarded fetching behind one function: a Request in, a Document out."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aggregator.model import Document, Request

if TYPE_CHECKING:
    from aggregator.fetch.client import Fetcher

__all__ = ["Fetcher", "Send"]

# Raises FetchError, Refused or TooLarge; answers with status 304 or any 2xx.
Send = Callable[[Request], Awaitable[Document]]


def __getattr__(name: str) -> object:
    """Return Fetcher on first use: the HTTP library takes longer to import than all else that most commands need."""
    if name == "Fetcher":
        from aggregator.fetch.client import Fetcher

        return Fetcher
    raise AttributeError(name)
