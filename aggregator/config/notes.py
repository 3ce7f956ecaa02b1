"""What is right in feeds.yaml and still deserves a word."""

import difflib
from collections.abc import Iterator

from aggregator.config.doubts import doubts
from aggregator.config.rules import ENTRY_FIELDS, MAPPED_KINDS
from aggregator.config.settings import Config
from aggregator.model import Source

_FIELDS = (*ENTRY_FIELDS, "link")


def notes(config: Config) -> tuple[str, ...]:
    """Return a sentence for each thing that the operator may not have meant."""
    return tuple(_notes(config))


def _notes(config: Config) -> Iterator[str]:
    if config.site.url is None:
        yield "site.url is not set: the feeds have no self links and name no hub"
        if config.websub.subscribe:
            yield "websub.subscribe needs site.url; hubs could not reach us"
    if not any(source.enabled for source in config.sources):
        yield "every source has enabled: false; nothing is polled"
    if config.output.max_entries < config.output.limit:
        yield f"output.max ({config.output.max_entries}) is less than output.limit ({config.output.limit}), and wins"
    for key in _without_effect(config):
        yield f"{key} has no effect yet: this version does not know it"
    yield from doubts(config)
    for source in config.sources:
        for key in _unread(source):
            yield f"source {source.name}: {key} says nothing to a source of kind {source.kind}, which finds that itself"
        for name in _near_misses(source):
            near = difflib.get_close_matches(name, _FIELDS, n=1, cutoff=0.75)[0]
            yield f"source {source.name}: '{name}' is no field of an entry; did you mean '{near}'?"


def _without_effect(config: Config) -> Iterator[str]:
    """Yield the keys that the contract has and this version does not serve: nothing is taken and ignored in silence."""
    output, websub = config.output, config.websub
    asked = {
        "output.archive": output.archive != "off",
        "output.source_feeds": output.source_feeds,
        "output.entry_pages": output.entry_pages,
        "output.republish": output.republish != "full",
        "output.health": output.health,
        "websub": bool(websub.hub or websub.subscribe),
        "site.aliases": bool(config.site_aliases),
    }
    yield from (key for key, is_asked in asked.items() if is_asked)
    for rule in config.categories:
        if rule.republish not in (None, "full") or rule.private or rule.retention is not None:
            yield f"categories.{rule.name}: republish, private and retention of a category"
    for source in config.sources:
        if source.feed:
            yield f"source {source.name}: feed"
        if source.republish not in ("full", output.republish):
            yield f"source {source.name}: republish"


def _unread(source: Source) -> Iterator[str]:
    """Yield the keys that say where something stands and that no reader of the source's kind looks at."""
    if source.kind is None or source.kind in MAPPED_KINDS:
        return
    if source.items is not None:
        yield "items"
    if source.fields and source.kind != "jekyll_posts":  # which may map its front matter
        yield "fields"
    if source.next is not None and source.kind in ("sitemap", "jekyll_posts"):
        yield "next"


def _near_misses(source: Source) -> Iterator[str]:
    article = source.article.fields if source.article else ()
    for name, _ in (*source.fields, *article):
        if name not in _FIELDS and name != "pages" and difflib.get_close_matches(name, _FIELDS, n=1, cutoff=0.75):
            yield name
