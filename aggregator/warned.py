"""Warnings kept: those that differ only in the entry that they name are one, with a count and examples. Pure.

What is said of a document holds until the document is read again without it; what is said of an entry, which is read
once, counts up until all is read anew or nothing of the sort came up for a month; what is said of an article page goes
with the wish for it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import About, Warned
from aggregator.text.patterns import shortened

MOST_SORTS = 30  # of one source; more of them tell nobody anything
MOST_EXAMPLES = 5  # of one sort
LONGEST = 300  # characters of one warning
SHORTEST_NAME = 4  # characters; a shorter title may be a word of the sentence, or a part of one
QUIET = timedelta(days=30)  # so long after the last of its sort a warning of an entry is over

# What differs between warnings of one sort: what is quoted, addresses, files, numbers.
_DIFFERING = re.compile(
    r"""(?x) '[^']*' | "[^"]*" | “[^”]*” | ‘[^’]*’ | 「[^」]*」 | 《[^》]*》
      | \b[a-z][a-z0-9+.-]{0,20}:// [^\s'"<>]+
      | (?<!\S) \S{1,160}\.(?:md|markdown|html?|xml|json)\b (?: :\d+ )? | \d+"""
)


@dataclass(frozen=True, kw_only=True)
class Met:
    """A warning of one poll. names: of the entry that it may name."""

    about: About
    text: str
    names: tuple[str, ...] = ()

    @property
    def sort(self) -> str:
        """The warning without what differs from one entry to the next."""
        text = self.text
        for name in sorted(self.names, key=len, reverse=True):
            if name in text:
                text = _whole(name).sub("…", text) if len(name) < SHORTEST_NAME else text.replace(name, "…")
        return _DIFFERING.sub("…", shortened(text, LONGEST))


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def remembered(
    before: Sequence[Warned],
    met: Iterable[Met],
    *,
    at: datetime,
    reads_document: bool,
    reads_all: bool = False,
    is_waiting: bool = False,
) -> tuple[Warned, ...]:
    """Return what is kept after a poll.

    reads_document: every document of the source was read, none was as it was. reads_all: and every entry in them, as
    if for the first time. is_waiting: article pages are still wanted, and none was asked for now.
    """
    found: dict[tuple[About, str], list[str]] = {}
    for one in met:
        found.setdefault((one.about, one.sort), []).append(shortened(one.text, LONGEST))
    known = {(one.about, one.sort): one for one in before if one.sort}
    kept = {
        key: one
        for key, one in known.items()
        if key in found or _stays(one, at, reads_document=reads_document, reads_all=reads_all, is_waiting=is_waiting)
    }
    for key, texts in found.items():
        is_counted_up = key[0] == "entry" and not reads_all
        kept[key] = _again(known.get(key), key, texts, at=at, is_counted_up=is_counted_up)
    told = sorted(kept.values(), key=lambda one: one.last, reverse=True)[:MOST_SORTS]
    ordered = [one for one in kept.values() if one in told]
    if len(kept) > MOST_SORTS:
        rest = len(kept) - MOST_SORTS
        ordered.append(
            Warned(about="document", sort="", texts=(f"… and {rest} sorts more",), count=rest, since=at, last=at)
        )
    return tuple(ordered)


def _stays(one: Warned, at: datetime, *, reads_document: bool, reads_all: bool, is_waiting: bool) -> bool:
    match one.about:
        case "document":
            return not reads_document
        case "page":
            return is_waiting
        case _:
            return not reads_all and at - one.last <= QUIET


def _again(
    before: Warned | None, key: tuple[About, str], texts: Sequence[str], *, at: datetime, is_counted_up: bool
) -> Warned:
    """Return the warning with what came now; an example that comes again keeps its place."""
    about, sort = key
    examples = tuple(dict.fromkeys(texts))[:MOST_EXAMPLES]
    if before is None:
        return Warned(about=about, sort=sort, texts=examples, count=len(texts), since=at, last=at)
    if is_counted_up:
        examples = tuple(dict.fromkeys((*examples, *before.texts)))[:MOST_EXAMPLES]
    count = before.count + len(texts) if is_counted_up else len(texts)
    return replace(before, texts=examples, count=count, last=at, polls=before.polls + 1)


def texts(warned: Iterable[Warned]) -> tuple[str, ...]:
    """Return the sentences that are kept, each sort with how many more there were."""
    told: list[str] = []
    for one in warned:
        told.extend(one.texts)
        if one.count > len(one.texts) and one.sort:
            told.append(f"… and {one.count - len(one.texts)} more like this: {one.sort}")
    return tuple(told)
