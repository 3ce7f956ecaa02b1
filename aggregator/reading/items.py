"""From raw entries to copies: what was not seen before, its keys, the rules, and what it says. Pure."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aggregator import identity
from aggregator.credit import credit
from aggregator.identity import Shared
from aggregator.model import Content, Copy, Key, RawEntry, Source, SourceInfo
from aggregator.normalize import normalize
from aggregator.sources.parts.page.article import without
from aggregator.text.dates import moves_on
from aggregator.text.lines import line
from aggregator.text.patterns import Searching
from aggregator.text.slugs import is_slug, slug
from aggregator.text.visible import digest
from aggregator.warned import SHORTEST_NAME

OLDEST = datetime.min.replace(tzinfo=UTC)
NOTHING_SHARED = Shared()
SECTION_WORDS = ("新闻", "新聞")  # what a tag adds to a medium's name
OF_ONE_NAME = (
    "another entry of its title and date, with another text, is left out: only an id or a url could tell them apart"
)
LONGEST_ID = 16_384  # characters, as of an address; more is a text in the wrong place, and would stand in many rows
ENDLESS_ID = f"its id is longer than {LONGEST_ID:,} characters, and not taken: its url, or title and date, name it"
LONGEST_NAME = 200  # characters of a category's name; more is a text in the wrong place


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """An entry on its way from text as found to a copy.

    local: taken once, before the article page is read, so that the list alone finds it again.
    base: the address of the document. shared: what names nothing in it. has_page: its article page was read.
    """

    raw: RawEntry
    base: str
    fingerprint: int
    local: str
    keys: tuple[Key, ...]
    content: Content
    shared: Shared = NOTHING_SHARED
    warnings: tuple[str, ...] = ()
    has_page: bool = False

    @property
    def called(self) -> str:
        """What a person calls the entry."""
        return self.content.title or self.content.url or self.local


@dataclass(frozen=True, kw_only=True)
class Found:
    """Entries of a document. base: its address. marks: the fingerprint of each. shared: what names nothing in it."""

    base: str
    info: SourceInfo
    entries: tuple[RawEntry, ...]
    marks: tuple[int, ...]
    shared: Shared = NOTHING_SHARED


def unseen(
    found: Sequence[Found],
    source: Source,
    *,
    seen: Set[int] = frozenset(),
    now: datetime,
    trusts_guids: bool = True,
    searching: Searching | None = None,
) -> list[Item]:
    """Return the entries whose fingerprints the documents did not bear before, each once, in their order."""
    among = identity.shared_names(raw for document in found for raw in document.entries)
    shared = Shared(
        urls=among.urls.union(*(document.shared.urls for document in found)),
        guids=among.guids.union(*(document.shared.guids for document in found)),
        no_guid=not trusts_guids,
    )
    searching = searching or Searching()
    items: dict[str, Item] = {}
    for document in found:
        base, info = document.base, document.info
        for raw, mark in zip(document.entries, document.marks, strict=True):
            if mark not in seen:
                item = begun(raw, source, info, base=base, mark=mark, shared=shared, now=now, searching=searching)
                kept = items.setdefault(item.local, item)
                if digest(kept.content) != digest(item.content):
                    items[item.local] = replace(kept, warnings=tuple(dict.fromkeys((*kept.warnings, OF_ONE_NAME))))
    return list(items.values())


def begun(
    raw: RawEntry,
    source: Source,
    info: SourceInfo,
    *,
    base: str,
    mark: int,
    now: datetime,
    searching: Searching,
    shared: Shared = NOTHING_SHARED,
    local: str | None = None,
) -> Item:
    """Return an item: normalised, with its keys. local: as it was when the list was read, for one read again."""
    is_endless = len(raw.id or "") > LONGEST_ID
    raw = replace(raw, id=None if is_endless or not raw.id else storable(raw.id))
    raw = _cut(raw, source)
    content, warnings = normalize(_without_own_categories(raw, source), source, info, url=base, now=now)
    keys = identity.keys(raw, content, source, shared=shared, searching=searching)
    date = raw.published or raw.updated
    date_moves = not keys and date is not None and moves_on(date, timezone=source.timezone, now=now)
    return Item(
        raw=raw,
        base=base,
        fingerprint=mark,
        local=local or identity.local_name(raw, content, keys, date_moves=date_moves),
        keys=keys,
        content=content,
        shared=shared,
        warnings=(*warnings, ENDLESS_ID) if is_endless else warnings,
    )


def _cut(raw: RawEntry, source: Source) -> RawEntry:
    """Return the entry without what ``remove`` matches in its texts, whatever kind read them."""
    if not source.remove:
        return raw
    content, summary = (
        text and (without(text, source.remove, url=source.address) if text.type == "html" else text)
        for text in (raw.content, raw.summary)
    )
    return replace(raw, content=content, summary=summary)


def names_of(raw: RawEntry) -> Iterator[str]:
    """Yield what a sentence may call an entry, as it was found."""
    for name in (raw.title.value if raw.title else None, raw.url, raw.id, raw.file):
        if name and len(name) >= SHORTEST_NAME:
            yield name


def slim(item: Item) -> Item:
    """Return the item without the texts as they were found: where no page is read of it, nobody looks at them again."""
    raw = item.raw
    told = RawEntry(id=raw.id, url=raw.url, title=raw.title, categories=raw.categories, tags=raw.tags, file=raw.file)
    return replace(item, raw=told)


def newest(items: Iterable[Item], count: int) -> list[Item]:
    """Return so many items, those with the latest dates, in their order."""
    kept = sorted(items, key=lambda item: item.content.published or OLDEST, reverse=True)[:count]
    chosen = {item.local for item in kept}
    return [item for item in items if item.local in chosen]


def categories_of(raw: RawEntry, source: Source) -> tuple[str, ...] | None:
    """Return the categories that the entry bears itself, or None: it stands in those of its source."""
    if not source.has_own_categories:
        return None
    chosen = source.entry_categories
    names = [(line(name) or "")[:LONGEST_NAME].rstrip() for name in (*source.folders, *raw.categories)]
    if chosen is not None:
        only, drop = {name.casefold() for name in chosen.only}, {name.casefold() for name in chosen.drop}
        names = [name for name in names if (not only or name.casefold() in only) and name.casefold() not in drop]
    return tuple(dict.fromkeys(_proper_name(name, raw.tags) for name in names if name)) or None


def _proper_name(name: str, tags: Sequence[str]) -> str:
    """Return what a category is called by people, where an entry bears its slug and a tag that gives this slug.

    The seed site files posts under ``jilinribao`` and tags them 吉林日报新闻.
    """
    if tags and is_slug(name):
        for tag in tags:
            for words in (tag, *(tag.removesuffix(word) for word in SECTION_WORDS if tag.endswith(word))):
                if words != name and slug(words) == name:
                    return words
    return name


def storable(text: str) -> str:
    """Return the text with what databases refuse made visible: NUL, and halves of characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def copy_of(item: Item, source: Source, info: SourceInfo, *, now: datetime) -> Copy:
    """Return the finished copy."""
    return Copy(
        source=source.name,
        local=item.local,
        guid=item.raw.id,
        url=item.content.url,
        keys=item.keys,
        own=identity.is_own(item.base, item.content.url),
        priority=source.priority,
        categories=categories_of(item.raw, source),
        content=item.content,
        credit=credit(source, info, now=now),
        text_hash=digest(item.content),
        fingerprint=item.fingerprint,
        has_page=item.has_page,
    )


def _without_own_categories(raw: RawEntry, source: Source) -> RawEntry:
    """What serves as category is not a tag as well."""
    return raw if categories_of(raw, source) is None else replace(raw, categories=())
