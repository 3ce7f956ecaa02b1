"""What had to be guessed or dropped in one poll, and which entry each of it is about."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aggregator.model import Source
from aggregator.reading import MOST_NAMES
from aggregator.reading.items import Item
from aggregator.reading.items import names_of as names_of_raw
from aggregator.text.patterns import Searching, shortened
from aggregator.text.secrets import hidden
from aggregator.update.documents import Page
from aggregator.warned import SHORTEST_NAME, Met


def of_documents(pages: Sequence[Page], asked: Iterable[str]) -> Iterator[Met]:
    """Yield what was said of the documents. asked: what was said before they were read."""
    names = tuple(dict.fromkeys(name for page in pages for name in page.names))[:MOST_NAMES]
    texts = [*asked, *(text for page in pages if page.reading for text in page.reading.warnings)]
    yield from (Met(about="document", text=text, names=names) for text in dict.fromkeys(texts))


def of_searching(searching: Searching) -> Iterator[Met]:
    """Yield which patterns of feeds.yaml were given up."""
    yield from (Met(about="document", text=text) for text in searching.warnings)


def of_entries(items: Iterable[Item]) -> Iterator[Met]:
    """Yield what was said of each entry, which is named."""
    for item in items:
        for text in item.warnings:
            yield of_entry(item, text)


def of_entry(item: Item, text: str) -> Met:
    """Return what was said of an entry, its name before it unless it is in it."""
    names = names_of(item)
    called = shortened(item.called)
    is_named = any(name in text for name in names) or is_word_of(called, text)
    return Met(about="entry", text=text if is_named else f"{called}: {text}", names=(*names, called))


def is_word_of(name: str, text: str) -> bool:
    """Return whether a short name stands by itself in a text; letters alone may be any word of the sentence."""
    return not name.isascii() and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def names_of(item: Item) -> tuple[str, ...]:
    """Return what a sentence may call the entry."""
    told = (item.content.title, item.content.url, item.local, *names_of_raw(item.raw))
    return tuple(dict.fromkeys(name for name in told if name and len(name) >= SHORTEST_NAME))


def without_secrets(met: Iterable[Met], source: Source) -> list[Met]:
    """Return the same without what feeds.yaml has from the environment: warnings are kept, and shown to many."""
    if not source.secrets:
        return list(met)
    return [replace(one, text=hidden(one.text, source.secrets)) for one in met]


def told(met: Iterable[Met], most: int) -> tuple[str, ...]:
    """Return the sentences, each once, and not without end."""
    every = list(dict.fromkeys(one.text for one in met))
    rest = len(every) - most
    return tuple(every) if rest <= 0 else (*every[:most], f"… and {rest} more")
