"""An entry with what the page of its article tells. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.errors import ReadError
from aggregator.model import Document, Key, RawEntry, Source, SourceInfo
from aggregator.reading.items import Item, begun
from aggregator.reading.secrecy import entry_without_secrets
from aggregator.sources.parts.page import article
from aggregator.text.patterns import Searching

_STRENGTH = {"parameter": 0, "url": 1, "guid": 2, "text": 3}


def read_article(
    item: Item,
    document: Document,
    more: Sequence[Document],
    missing: Sequence[str],
    source: Source,
    info: SourceInfo,
    now: datetime,
    searching: Searching,
) -> tuple[Item | ReadError, Searching]:
    """Return the item with what its page tells, or why that is nothing; and what was searched.

    more: the pages that continue it; missing: why there are no more than these.
    """
    try:
        page = article.read_page(item.raw, document, source, now=now, more=more)
    except ReadError as error:
        return error, searching
    told = (*page.warnings, *missing)
    if not page.is_taken:
        return replace(item, warnings=(*item.warnings, *told)), searching
    read = again(item, entry_without_secrets(page.entry, source), source, info, now, searching)
    return replace(read, has_page=True, warnings=(*read.warnings, *told)), searching


def again(item: Item, raw: RawEntry, source: Source, info: SourceInfo, now: datetime, searching: Searching) -> Item:
    """Return the item as more is known of its entry."""
    item_now = begun(
        raw,
        source,
        info,
        base=item.base,
        mark=item.fingerprint,
        now=now,
        searching=searching,
        shared=item.shared,
        local=item.local,
    )
    return replace(item_now, keys=strongest_first((*item_now.keys, *item.keys)))


def strongest_first(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Return the keys in the order of their strength, each once."""
    return tuple(dict.fromkeys(sorted(keys, key=lambda key: _STRENGTH[key.kind])))
