"""The kinds of source, one file each: a document in, raw entries out. Pure.

A kind is a module of this package with two functions; nothing else has to be told of it:

``request(source) -> Request``        what to ask first in a poll
``read(document, source, *, now) -> Reading``     raises ReadError when the document is not of this kind
"""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Protocol, cast

from aggregator.model import Document, Reading, Request, Source


class Kind(Protocol):
    """What a module in this package owes."""

    def request(self, source: Source) -> Request: ...

    def read(self, document: Document, source: Source, *, now: datetime) -> Reading: ...


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind by its name in feeds.yaml, which is its module's."""
    return {
        found.name: cast(Kind, importlib.import_module(f"{__name__}.{found.name}"))
        for found in pkgutil.iter_modules(__path__)
        if not found.ispkg
    }
