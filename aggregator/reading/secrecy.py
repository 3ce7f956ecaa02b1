"""What a source says, without the secrets of feeds.yaml that it repeats: nothing of them is kept or published.

A server that is asked for ``/feed?key=…`` tends to name this address again: as its own, as the first page, in the
address or guid of each entry. ``${NAME}`` stands for the value from here on; what is published and compared has no
such parameter at all. So another key, next year, makes nothing new.
"""

from dataclasses import replace

from aggregator.model import Document, Poll, RawEntry, Reading, Source, SourceState
from aggregator.text.secrets import all_hidden, bare, hidden


def kept_address(address: str, source: Source) -> str:
    """Return an address as the store knows it: ``${NAME}`` for each secret."""
    return hidden(address, source.secrets)


def without_secrets(reading: Reading, source: Source) -> Reading:
    """Return what was read, for all but asking: the requests that follow are as they have to be asked."""
    if not _may_repeat(source):
        return reading
    return replace(
        reading,
        info=bare(all_hidden(reading.info, source.secrets), source.secrets),
        entries=tuple(entry_without_secrets(raw, source) for raw in reading.entries),
        warnings=all_hidden(reading.warnings, source.secrets),
        feeds=all_hidden(reading.feeds, source.secrets),
        parts=all_hidden(reading.parts, source.secrets),
    )


def entry_without_secrets(raw: RawEntry, source: Source) -> RawEntry:
    """Return an entry as it may be published; what its page is asked by keeps ``${NAME}``."""
    if not _may_repeat(source):
        return raw
    known = all_hidden(raw, source.secrets)
    told = bare(known, source.secrets)
    asked_url = known.asked_url if told.url == known.url else known.url
    return replace(told, record=known.record, fields=known.fields, asked_url=asked_url)


def document_without_secrets(document: Document, source: Source) -> Document:
    """Return a document that was read, with addresses that others may start from."""
    if not _may_repeat(source):
        return document
    return replace(
        document,
        url=bare(hidden(document.url, source.secrets), source.secrets),
        requested_url=hidden(document.requested_url, source.secrets),
        permanent_url=all_hidden(document.permanent_url, source.secrets),
    )


def poll_to_be_kept(poll: Poll) -> Poll:
    """Return what is about to be stored, with no secret in it, however it may have come there."""
    secrets = poll.source.secrets
    return replace(all_hidden(replace(poll, source=_NOBODY), secrets), source=poll.source) if secrets else poll


def state_to_be_kept(state: SourceState, source: Source) -> SourceState:
    """Return what is about to be stored, with no secret in it."""
    return all_hidden(state, source.secrets)


_NOBODY = Source(name="")


def _may_repeat(source: Source) -> bool:
    """Whether what is read may hold its secrets: a file of this machine was sent none."""
    return source.url is not None and bool(source.secrets)
