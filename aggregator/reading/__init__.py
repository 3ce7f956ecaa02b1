"""From a document to items: all of a poll that is computing, so that it can be done in a process of its own. Pure.

What is handed in and what comes back can be pickled, and nothing is imported here that a process for reading does not
need.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import sources
from aggregator.model import Document, RawEntry, Reading, Source
from aggregator.reading.items import Found, Item, names_of, unseen
from aggregator.reading.marks import fingerprint
from aggregator.reading.secrecy import document_without_secrets, without_secrets
from aggregator.text.patterns import Searching

MOST_NAMES = 2_000  # of a document; looking for more in each of its warnings takes too long


@dataclass(frozen=True, kw_only=True)
class Read:
    """What came of a document.

    items: what is new in it; the reading is without its entries then. None: they are begun together with those of
    other documents. marks: the fingerprint of each entry. count: of entries. names: what warnings may call them.
    searching: what was searched, goes on.
    """

    kind: str
    reading: Reading
    items: tuple[Item, ...] | None
    marks: tuple[int, ...]
    count: int
    names: tuple[str, ...]
    searching: Searching


def read(
    document: Document,
    source: Source,
    kind: str | None,
    salt: str,
    now: datetime,
    seen: frozenset[int],
    trusts_guids: bool,
    searching: Searching,
) -> Read:
    """Return what stands in a document. Raises ReadError.

    kind: of what an index names; None: it is found out, and what is new is begun at once where it is all of the source.
    seen: the fingerprints that the document bore before.
    """
    is_part = kind is not None
    kind = kind or sources.kind_of(source, document)
    reading = without_secrets(sources.kind(kind).read(document, source, now=now), source)
    entries = reading.entries
    base = document_without_secrets(document, source).url
    found = Found(base=base, info=reading.info, entries=entries, marks=tuple(fingerprint(raw, salt) for raw in entries))
    items: tuple[Item, ...] | None = None
    if source.next is None and not is_part and not reading.parts:
        new = unseen([found], source, seen=seen, now=now, trusts_guids=trusts_guids, searching=searching)
        items, reading = tuple(new), replace(reading, entries=())
    return Read(
        kind=kind,
        reading=reading,
        items=items,
        marks=found.marks,
        count=len(entries),
        names=_names(entries),
        searching=searching,
    )


def begun_together(
    found: tuple[Found, ...],
    source: Source,
    now: datetime,
    seen: frozenset[int],
    trusts_guids: bool,
    searching: Searching,
) -> tuple[list[Item], Searching]:
    """Return what is new in several documents of one source, and what was searched."""
    return unseen(found, source, seen=seen, now=now, trusts_guids=trusts_guids, searching=searching), searching


def _names(entries: Iterable[RawEntry]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for raw in entries:
        names.update(dict.fromkeys(names_of(raw)))
        if len(names) >= MOST_NAMES:
            break
    return tuple(names)[:MOST_NAMES]
