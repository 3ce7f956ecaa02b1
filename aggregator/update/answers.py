"""The pages of articles as they come: each with those that continue it, and none of a host that is down."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.errors import FetchError, ReadError, Refused, SourceError, TooLarge
from aggregator.fetch import Send
from aggregator.model import Document, Request, Source
from aggregator.sources.parts.following import place
from aggregator.sources.parts.page import article

ENOUGH_FAILURES = 5  # in a row: the host is down, and every further page would only wait for its time-out


@dataclass(frozen=True, kw_only=True)
class Answered:
    """An article page that came. more: those that continue it. missing: why there are no more than these."""

    document: Document
    more: tuple[Document, ...] = ()
    missing: tuple[str, ...] = ()


async def answered(request: Request, source: Source, send: Send) -> Answered:
    """Return the page that is asked for, and those that continue it. Raises SourceError when the first is missing."""
    document = await send(request)
    most = source.article.next.pages if source.article and source.article.next else 1
    more: list[Document] = []
    seen = {place(url) for url in (request.address, document.requested_url, document.url)}
    try:
        while len(more) + 1 < most:
            last = more[-1] if more else document
            try:
                following = await asyncio.to_thread(article.following_page, last, source)
            except ReadError:
                if not more:
                    raise
                break  # whoever reads that page will say so
            if following is None or place(following.address) in seen:
                break
            seen.add(place(following.address))
            more.append(await send(following))
    except SourceError as error:
        missing = f"page {len(more) + 2} of the article is missing: {error}"
        return Answered(document=document, more=tuple(more), missing=(missing,))
    return Answered(document=document, more=tuple(more))


async def all_answered(requests: Sequence[Request], source: Source, send: Send) -> list[Answered | SourceError | None]:
    """Return an answer per request, or None for those that were not asked because their host is down."""
    in_a_row = 0

    async def one(request: Request) -> Answered | SourceError | None:
        nonlocal in_a_row
        if in_a_row >= ENOUGH_FAILURES:
            return None
        try:
            answer = await answered(request, source, send)
        except SourceError as error:
            is_silent = isinstance(error, FetchError) and error.status is None and not isinstance(error, Refused)
            if isinstance(error, TooLarge) or is_silent:
                in_a_row += 1
            return error
        in_a_row = 0
        return answer

    limit = asyncio.Semaphore(ENOUGH_FAILURES)

    async def in_turn(request: Request) -> Answered | SourceError | None:
        async with limit:
            return await one(request)

    return await asyncio.gather(*(in_turn(request) for request in requests))
