"""What an answer of a list of feeds does to the feeds that belong to it."""

import asyncio
from datetime import datetime

from aggregator import membership
from aggregator.membership import LIST, Step
from aggregator.model import SourceState
from aggregator.store import Store
from aggregator.update.documents import Page


async def step_of(page: Page, before: SourceState, *, kind: str, store: Store, at: datetime) -> Step | None:
    """Return who belongs to the list now, or None where the source is none and was none. kind: of this answer."""
    if LIST not in (kind, before.kind):
        return None
    known = await asyncio.to_thread(store.members, before.name)
    if page.reading is None:
        return membership.unchanged(known, at=at)
    if page.reading.feeds is None:
        return membership.ended(known, at=at)
    return await asyncio.to_thread(membership.step, known, page.reading.feeds, at=at, is_whole=page.reading.is_whole)
