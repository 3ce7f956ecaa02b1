"""An index and the documents that it names: which of them are asked in a poll, and how many."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator.errors import NotAsked, SourceError
from aggregator.model import Fetched, Part, Validators
from aggregator.reading import MOST_NEW
from aggregator.sources.parts.asking import further_request
from aggregator.text.dates import read_date
from aggregator.update.documents import ENOUGH_FAILURES, Clock, Documents, Page, is_unheard

PARTS_PER_POLL = 100  # lists that an index names; at one a second more would hold everything else back
DEEPEST = 3  # indexes of indexes
SHOWN = 3  # of what is told by number
A_LITTLE_LATER = timedelta(hours=1)
OLDEST = datetime.min.replace(tzinfo=UTC)


class Parts:
    """The parts of an index being asked. most: in one poll. gone: documents that an index names no longer."""

    def __init__(self, documents: Documents, *, most: int = PARTS_PER_POLL) -> None:
        self.documents = documents
        self.source = documents.source
        self.most = most
        self.gone: list[Fetched] = []

    async def of(self, index: Page, *, now: Clock) -> list[Page]:
        """Return the documents that an index names, those that may hold something new, and what they name in turn.

        First those that were never read or changed, in the order of the index, then those longest not asked; of too
        many the rest is left for the next polls. Raises SourceError when none of them can be had.
        """
        pages: list[Page] = []
        failures: list[SourceError] = []
        waiting = [index]
        left, in_a_row, entries = 0, 0, 0
        known = {index.fetched.url}
        for _ in range(DEEPEST):
            named = [part for page in waiting for part in await self._new_parts(page, known)]
            waiting = []
            for part in named:
                is_enough = len(pages) + len(failures) >= self.most or entries >= MOST_NEW
                if is_enough or in_a_row >= ENOUGH_FAILURES:
                    left += 1
                    continue
                try:
                    page = await self.documents.page(
                        further_request(part.url, self.source, is_page=True), now=now, kind=self.documents.kind
                    )
                except SourceError as error:
                    failures.append(error)
                    in_a_row += is_unheard(error) or isinstance(error, NotAsked)
                    continue
                in_a_row = 0
                changed = None if page.parts else settled_change(part.changed, self.source.timezone, now=now())
                page = replace(page, fetched=replace(page.fetched, changed=changed))
                pages.append(page)
                entries += len(page.fetched.seen - (page.before.seen if page.before else frozenset()))
                waiting.append(page)
        if failures and not pages:
            raise failures[0]
        self.documents.warnings += [
            f"a list that {index.document.url} names is missing: {one}" for one in failures[:SHOWN]
        ]
        if len(failures) > SHOWN:
            self.documents.warnings.append(f"{len(failures) - SHOWN} more of its lists are missing")
        if left:
            self.documents.warnings.append(f"{left} of its lists are left for the next polls")
        return pages

    async def _new_parts(self, index: Page, known: set[str]) -> list[Part]:
        """The parts of an index that are to be asked; notes those that it named before and does no longer."""
        named = {part.url: part for part in index.parts if part.url not in known}
        if index.reading is not None and index.before is not None:
            for part in index.before.parts:
                if part.url not in named and part.url not in known:
                    await self._forget(part.url, depth=1)
        known.update(named)
        changed: list[Part] = []
        unsaid: list[tuple[datetime, Part]] = []
        for part in named.values():
            kept = await asyncio.to_thread(self.documents.kept, part.url)
            if (
                kept is None
                or kept.salt != self.documents.salt
                or (kept.changed and part.changed not in (None, kept.changed))
            ):
                changed.append(part)
            elif kept.changed is None or part.changed is None:
                unsaid.append((kept.at or OLDEST, part))
        return [*changed, *(part for _, part in sorted(unsaid, key=lambda one: one[0]))]

    async def _forget(self, url: str, *, depth: int) -> None:
        kept = await asyncio.to_thread(self.documents.kept, url)
        if kept is not None:
            self.gone.append(Fetched(url=url, validators=Validators(url=url), salt=self.documents.salt))
            for part in kept.parts if depth < DEEPEST else ():
                await self._forget(part.url, depth=depth + 1)


def settled_change(changed: str | None, timezone: str, *, now: datetime) -> str | None:
    """Return what an index says of a document's last change where nothing can have changed unsaid since, else None.

    A day that is not over may bring more under the same date, and a list may be made a little later than its index.
    """
    when = read_date(changed or "", timezone=timezone, now=now)
    if changed is None or when is None:
        return None
    precision = next((span for start, span in _PRECISIONS if start.fullmatch(changed.strip())), timedelta(0))
    return changed if when + precision + A_LITTLE_LATER <= now else None


_PRECISIONS = (
    (re.compile(r"\d{4}"), timedelta(days=366)),
    (re.compile(r"\d{4}-\d{2}"), timedelta(days=31)),
    (re.compile(r"[^:]*"), timedelta(days=1)),
)
