"""What an entry must bear to be one. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from aggregator.model import Person, RawEntry


def borne(
    found: Sequence[RawEntry | None], feed_authors: tuple[Person, ...] = ()
) -> tuple[list[RawEntry], tuple[str, ...]]:
    """Return the entries that bear anything, in their order, and a warning for each that has nothing to see.

    An id, a date or an author is enough to stay: the rest may come with a later poll, under the same name. None stands
    for what is no entry at all. feed_authors: the feed's own, which speak for an entry but do not make it one.
    """
    kept: list[RawEntry] = []
    warnings: list[str] = []
    for number, entry in enumerate(found, start=1):
        which = f"entry {number} of {len(found)}"
        if entry is None or _is_empty(entry, feed_authors):
            warnings.append(f"{which} is empty: left out")
            continue
        kept.append(entry)
        if not (entry.title or entry.url or entry.summary or entry.content or entry.enclosures):
            warnings.append(f"{which}{f' ({entry.id[:80]})' if entry.id else ''} has no title, link or text")
    return kept, tuple(warnings)


def _is_empty(entry: RawEntry, feed_authors: tuple[Person, ...]) -> bool:
    authors = () if entry.authors == feed_authors else entry.authors
    return replace(entry, base=None, authors=authors) == RawEntry()
