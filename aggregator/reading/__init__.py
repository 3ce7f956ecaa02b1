"""From a document to items: all of a poll that is computing, so that it can be done in a process of its own. Pure.

What is handed in and what comes back can be pickled, and nothing is imported here that a process for reading does not
need.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import identity, sources
from aggregator.model import Document, RawEntry, Reading, Source
from aggregator.reading.items import Found, Item, names_of, slim, unseen
from aggregator.reading.marks import fingerprint
from aggregator.reading.secrecy import document_without_secrets, without_secrets
from aggregator.text.patterns import Searching

MOST_NAMES = 2_000  # of a document; looking for more in each of its warnings takes too long
MOST_NEW = 10_000  # entries of a document in one poll: some five kilobytes of memory each, until they are saved


@dataclass(frozen=True, kw_only=True)
class Read:
    """What came of a document.

    reading: without its entries. items: what is new in it; None: that is to be begun with what was ``found`` in other
    documents. seen: the fingerprints of its entries, but of what is left for the next polls, so many. count: of
    entries. names: what warnings may call them. searching: what was searched, goes on.
    """

    kind: str
    reading: Reading
    items: tuple[Item, ...] | None
    found: Found | None
    seen: frozenset[int]
    left: int
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
    marks = tuple(fingerprint(raw, salt) for raw in entries)
    shared = identity.shared_names(entries)
    found = Found(
        base=document_without_secrets(document, source).url,
        info=reading.info,
        entries=entries,
        marks=marks,
        shared=shared,
    )
    left = frozenset([mark for mark in dict.fromkeys(marks) if mark not in seen][MOST_NEW:])
    if left or is_part:
        found = _without(found, left | seen)
    items: tuple[Item, ...] | None = None
    if source.next is None and not is_part and not reading.parts:
        new = unseen([found], source, seen=seen, now=now, trusts_guids=trusts_guids, searching=searching)
        has_pages = sources.settled(source, kind).article is not None
        items = tuple(new if has_pages else map(slim, new))
    return Read(
        kind=kind,
        reading=replace(reading, entries=()),
        items=items,
        found=found if items is None else None,
        seen=frozenset(marks) - left,
        left=len(left),
        count=len(entries),
        names=_names(entries),
        searching=searching,
    )


def _without(found: Found, passed: Set[int]) -> Found:
    """Return the same without the entries of these fingerprints."""
    taken = [(raw, mark) for raw, mark in zip(found.entries, found.marks, strict=True) if mark not in passed]
    return replace(found, entries=tuple(raw for raw, _ in taken), marks=tuple(mark for _, mark in taken))


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
