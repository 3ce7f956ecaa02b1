"""One round of polls asks each address once: two sources with one URL are one request, however it is spelled."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator import moving
from aggregator.errors import SourceError
from aggregator.fetch import Send
from aggregator.model import Document, Request, Source, SourceState, Validators
from aggregator.reading.marks import reading_salt
from aggregator.reading.secrecy import kept_address
from aggregator.sources.parts.asking import asked
from aggregator.store import Store
from aggregator.text.urls import origin, requested

MOST_KEPT = 64_000_000  # bytes of answers of one round; past that an address is rather asked twice than kept


@dataclass(frozen=True)
class _Key:
    """What makes two requests one. request: its address in one spelling. trusted: the origins that may be private."""

    request: Request
    trusted: frozenset[str | None]


class Shared:
    """Sends of one round. Those that would be asked alike, validators included, share the answer.

    It is kept for the round where several sources begin at one address, else only while it is under way.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._answers: dict[_Key, asyncio.Future[Document]] = {}
        self._beginnings: dict[str, frozenset[str]] = {}  # of sources that share one: name -> its addresses
        self._whole: frozenset[str] = frozenset()  # of these, who must not be told "as it was"
        self._kept_bytes = 0
        self._waiting: Counter[_Key] = Counter()

    def begin(self, sources: Sequence[Source], store: Store) -> None:
        """Look who of these sources begins at one address. Reads the store.

        They ask conditionally where all of them know the same; a 304 to the validators of one would not serve another
        that has read nothing yet, or something else.
        """
        on_web = [source for source in sources if source.url]
        states = {state.name: state for state in store.states([source.name for source in on_web])}
        firsts = {source.name: _first(source, states) for source in on_web}
        counts = Counter(requested(first) for first in firsts.values())
        common = [source for source in on_web if counts[requested(firsts[source.name])] > 1]
        known: dict[str, set[Validators | None]] = {}
        for source in common:
            known.setdefault(requested(firsts[source.name]), set()).add(_validators(source, firsts[source.name], store))
        self._whole = frozenset(
            source.name
            for source in common
            if None in known[requested(firsts[source.name])] or len(known[requested(firsts[source.name])]) > 1
        )
        self._beginnings = {
            source.name: frozenset(
                requested(address)
                for address in (firsts[source.name], _new_address(source, states) or firsts[source.name])
            )
            for source in common
        }

    def of(self, source: Source) -> Send:
        """Return the send for a source."""

        async def send(request: Request) -> Document:
            return await self._asked(request, source)

        return send

    async def _asked(self, request: Request, source: Source) -> Document:
        if request.url is None:
            return await self._send(request)
        beginnings = self._beginnings.get(source.name)
        if source.name in self._whole and beginnings and requested(request.url) in beginnings:
            request = replace(request, etag=None, last_modified=None, validated_url=None)
        key = _key(request)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = asyncio.ensure_future(self._send(request))
            answer.add_done_callback(lambda done: self._done(key, done, is_kept=beginnings is not None))
        self._waiting[key] += 1
        try:
            return await _as_asked(asyncio.shield(answer), request)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key] and not answer.done():  # all who wanted it are gone
                self._answers.pop(key, None)
                answer.cancel()

    def _done(self, key: _Key, answer: asyncio.Future[Document], *, is_kept: bool) -> None:
        if not answer.cancelled() and answer.exception() is None:
            self._kept_bytes += len(answer.result().body) if is_kept else 0
        if not is_kept or self._kept_bytes > MOST_KEPT:
            self._answers.pop(key, None)


def _first(source: Source, states: Mapping[str, SourceState]) -> str:
    """Return the address that a poll of the source begins at: its own, or that of the feed which its page names."""
    state = states.get(source.name)
    return asked(state.found_url, source) if state and state.found_url else source.url or ""


def _new_address(source: Source, states: Mapping[str, SourceState]) -> str | None:
    state = states.get(source.name)
    return moving.new_address(state, source) if state else None


def _validators(source: Source, address: str, store: Store) -> Validators | None:
    """Return what the source knows of its first document; None where that has to be read anew."""
    kept = store.fetched(source.name, kept_address(address, source))
    if kept is None or kept.salt != reading_salt(source):
        return None
    return replace(kept.validators, url=requested(kept.validators.url), body_hash=None)


def _key(request: Request) -> _Key:
    trusted = {origin(request.url or "")} if request.is_trusted else set()
    if request.trusted_origin is not None:
        trusted.add(origin(request.trusted_origin))
    is_conditional = request.etag is not None or request.last_modified is not None
    alike = replace(
        request,
        url=requested(request.url or ""),
        is_trusted=False,
        trusted_origin=None,
        validated_url=requested(request.validated_url or request.url or "") if is_conditional else None,
    )
    return _Key(alike, frozenset(trusted))


async def _as_asked(answer: Awaitable[Document], request: Request) -> Document:
    """Return the answer as if this request had been sent; an error is one's own, for sources add their words to it."""
    try:
        document = await answer
    except SourceError as error:
        raise _again(error) from error.__cause__
    if document.requested_url == request.url:
        return document
    is_direct = requested(document.url) == requested(document.requested_url)
    url = (request.url or "").partition("#")[0] if is_direct else document.url
    return replace(document, requested_url=request.url or "", url=url)


def _again(error: SourceError) -> SourceError:
    again = type(error).__new__(type(error), *error.args)
    again.__dict__.update(error.__dict__)
    return again
