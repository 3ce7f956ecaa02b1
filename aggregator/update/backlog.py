"""What a source had before it was ours: of these old entries it brings so many, and the others never."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import blake2b

from aggregator.model import Source
from aggregator.reading.items import Item, newest
from aggregator.update.documents import Kept, Page


def without_backlog(
    items: Sequence[Item], pages: Sequence[Page], source: Source, *, is_first: bool, kept: Kept
) -> tuple[list[Item], list[Page]]:
    """Return the items without the old entries that ``backlog`` leaves out, and the pages, which remember these.

    An old entry is known by its name, so it stays away though its text changes or all is read again.
    """
    if source.backlog is None:
        return list(items), list(pages)
    if is_first:
        chosen = newest(items, source.backlog)
        wanted = {item.local for item in chosen}
        old = _marks(item.local for item in items if item.local not in wanted)
    else:
        before = [known.seen for page in pages if (known := kept(page.fetched.url)) is not None]
        old = frozenset(mark for seen in before for mark in seen if mark < 0)
        chosen = [item for item in items if old.isdisjoint(_marks([item.local]))]
    first, *others = pages
    return chosen, [replace(first, fetched=replace(first.fetched, seen=first.fetched.seen | old)), *others]


def _marks(names: Iterable[str]) -> frozenset[int]:
    """A number below zero for each name; fingerprints are not."""
    digests = (blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest() for name in names)
    return frozenset(-1 - (int.from_bytes(digest, "big") >> 1) for digest in digests)
