"""The output formats, one file each: entries in, bytes out. Pure.

A format is a module of this package; nothing else has to be told of it. A format of feeds has SUFFIX, MEDIA_TYPE,
VERSION, ``fragment`` and ``document``; a format that also (or only) says something of the whole site has SUFFIX,
MEDIA_TYPE, VERSION, ``section`` and ``site``. Fragments are rendered once per entry and kept in the store, so
VERSION must rise whenever the same entry gives other bytes.
"""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Protocol, cast, runtime_checkable

from aggregator.model import Credit, Entry, Feed


class Format(Protocol):
    """What every module in this package has. SUFFIX: with its dot. MEDIA_TYPE: with charset."""

    SUFFIX: str
    MEDIA_TYPE: str
    VERSION: int


@runtime_checkable
class FeedFormat(Protocol):
    """A format with a document per feed."""

    SUFFIX: str
    MEDIA_TYPE: str
    VERSION: int

    def fragment(self, entry: Entry) -> bytes:
        """Return what the documents of this format say of the entry, the same in each of them."""

    def document(self, feed: Feed, fragments: Sequence[bytes]) -> bytes:
        """Return the whole document: the head and the fragments, newest first."""


@runtime_checkable
class SiteFormat(Protocol):
    """A format with documents for the whole site, joined from a section per feed."""

    SUFFIX: str
    MEDIA_TYPE: str
    VERSION: int
    SECTION_ENTRIES: int  # how many of a feed's newest entries a section is made of

    def section(self, feed: Feed, entries: Sequence[Entry]) -> bytes:
        """Return what the site's documents say of one feed."""

    def site(self, head: Feed, sections: Sequence[bytes], sources: Sequence[Credit]) -> Mapping[str, bytes]:
        """Return path -> bytes. head: the feed ``all``. sections: of the categories, in order. sources: public ones."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of all formats as feeds.yaml has them, which are their modules'; imports none."""
    return tuple(found.name for found in pkgutil.iter_modules(__path__) if not found.ispkg)


def formats() -> Mapping[str, Format]:
    """Return every format by its name."""
    return {name: cast(Format, importlib.import_module(f"{__name__}.{name}")) for name in names()}
