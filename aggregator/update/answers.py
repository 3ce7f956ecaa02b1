"""The pages of articles as they come: each with those that continue it, and none of a host that is down."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from aggregator.apart import Load, Work
from aggregator.errors import NotAsked, ReadError, SourceError
from aggregator.fetch import Send
from aggregator.model import Document, Request, Source
from aggregator.sources.parts.following import place
from aggregator.sources.parts.page import article
from aggregator.update.documents import ENOUGH_FAILURES, is_unheard, load_of

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """An article page that came. more: those that continue it. missing: why there are no more than these."""

    document: Document
    more: tuple[Document, ...] = ()
    missing: tuple[str, ...] = ()

    def load(self, source: Source) -> Load:
        """Return what reading it means to whoever does it."""
        first, *others = (load_of(one, source) for one in (self.document, *self.more))
        return replace(first, size_bytes=first.size_bytes + sum(one.size_bytes for one in others))


async def answered(request: Request, source: Source, send: Send, *, work: Work) -> Answered:
    """Return the page that is asked for, and those that continue it. Raises SourceError when the first is missing."""
    document = await send(request)
    most = source.article.next.pages if source.article and source.article.next else 1
    more: list[Document] = []
    seen = {place(url) for url in (request.address, document.requested_url, document.url)}
    try:
        while len(more) + 1 < most:
            last = more[-1] if more else document
            try:
                following = await work(article.following_page, last, source, load=load_of(last, source))
            except ReadError:
                if not more:
                    raise
                break  # whoever reads that page will say so
            if following is None or place(following.address) in seen:
                break
            seen.add(place(following.address))
            more.append(await send(following))
    except NotAsked:  # half an article now would be all that is ever read of it
        raise
    except SourceError as error:
        missing = f"page {len(more) + 2} of the article is missing: {error}"
        return Answered(document=document, more=tuple(more), missing=(missing,))
    return Answered(document=document, more=tuple(more))


async def all_answered(
    requests: Sequence[Request],
    source: Source,
    send: Send,
    *,
    work: Work,
    read: Callable[[int, Answered], Awaitable[Result]],
) -> list[Result | SourceError | None]:
    """Return what was read of the answer to each request, or None for those not asked because their host is down.

    read: is given the request's number and its answer as soon as that is there, so that no more than a few of them are
    in memory.
    """
    in_a_row = 0

    async def one(number: int, request: Request) -> Result | SourceError | None:
        nonlocal in_a_row
        if in_a_row >= ENOUGH_FAILURES:
            return None
        try:
            answer = await answered(request, source, send, work=work)
        except SourceError as error:
            in_a_row += is_unheard(error)
            return error
        in_a_row = 0
        try:
            return await read(number, answer)
        except SourceError as error:
            return error

    limit = asyncio.Semaphore(ENOUGH_FAILURES)

    async def in_turn(number: int, request: Request) -> Result | SourceError | None:
        async with limit:
            return await one(number, request)

    return await asyncio.gather(*(in_turn(number, request) for number, request in enumerate(requests)))
