"""SECOND JOURNEY: what changed in the store is rendered and written.

    touched categories → select → fragments → feeds → write what differs → note what stands there now

Which categories were touched is kept in the store, so a kill between saving and publishing loses no publish. The
output is a function of the store and feeds.yaml, never of the clock.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from aggregator import outputs
from aggregator.config import CategoryRule, Config, remembered, with_members
from aggregator.config.choices import choices
from aggregator.credit import credit
from aggregator.folder import Folder, body_hash, missing
from aggregator.membership import LIST
from aggregator.model import Category, Credit, Entry, Feed, SourceInfo
from aggregator.outputs import FeedFormat, SiteFormat
from aggregator.store import Mark, Shelf, Store, Written

HOSTS_KEPT = timedelta(days=30)  # so long after what they asked for is over; a robots.txt is asked after a day anyway
FEEDS = (".atom", ".rss", ".json")  # what ``feeds_written`` counts


@dataclass(frozen=True, kw_only=True)
class Published:
    """What a publish did to the output, as paths."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def feeds_written(self) -> int:
        return sum(path.endswith(FEEDS) for path in self.written)


def sync(config: Config, store: Store, *, now: datetime) -> Config:
    """Bring the store in step with feeds.yaml: its sources, its categories, the names that mean them.

    Returns the configuration with the feeds that its lists name, as far as they are known.
    """
    config = with_members(config, store.all_members())
    wanted = [
        (Category(slug=rule.slug or "", name=rule.name, title=rule.title or ""), rule.aliases)
        for rule in config.categories
    ]
    store.sync(config.sources, wanted, at=now, choices=choices(config.categories, config.sources))
    store.take_down_all(config.takedown, at=now)
    never = [*config.identity.never, *(pair for source in config.sources for pair in source.identity.never)]
    store.split(tuple(dict.fromkeys(never)), at=now)
    return config


def prune(config: Config, store: Store, *, now: datetime) -> int:
    """Let go of the entries whose retention is over; return how many. Their ids stay known for ever."""
    members = store.all_members()
    own = {source.name: source.retention for source in config.sources}
    for source in config.sources:  # what left a list is kept as long as what is in it
        for member in remembered(source, members):
            own.setdefault(f"{source.name}/{member.name}", source.retention)
    store.forget_hosts(before=now - HOSTS_KEPT)
    return store.expire(at=now, keep=config.retention, own=own)


def publish(config: Config, *, store: Store, folder: Folder, now: datetime, everything: bool = False) -> Published:
    """Write what the store says and the output does not yet show. now: when the files are noted as written.

    everything: look at every category, also at those that nothing touched.
    """
    desk = _Desk(config, store)
    before = store.written()
    lost = missing(((file.path, file.size) for file in before.values()), folder.present())
    written: list[tuple[Written, bool]] = []
    counts: dict[int, int] = {}
    settings: dict[int, str] = {}
    for shelf in desk.shelves:
        paths = desk.paths(shelf)
        if everything or desk.is_touched(shelf) or lost.intersection(paths) or not before.keys() >= set(paths):
            written.extend(_write(folder, desk.documents(shelf), shelf.id))
            counts[shelf.id], settings[shelf.id] = shelf.touched, desk.settings(shelf)
    site_paths = {path for path, file in before.items() if file.category_id is None}
    if counts or lost.intersection(site_paths):
        site = list(_write(folder, desk.site_documents(), None))
        written.extend(site)
        site_paths = {file.path for file, _ in site}
    wanted = site_paths.union(*(desk.paths(shelf) for shelf in desk.shelves))
    removed = tuple(sorted(before.keys() - wanted))
    for path in removed:
        folder.remove(path)
    folder.settle()
    if written or removed or counts:
        store.save_published([file for file, _ in written], removed, counts, settings, at=now)
    return Published(written=tuple(file.path for file, is_new in written if is_new), removed=removed)


def _write(
    folder: Folder, documents: Iterable[tuple[str, bytes]], category: int | None
) -> Iterable[tuple[Written, bool]]:
    """Yield each file, and whether it had to be written."""
    for path, body in documents:
        is_new = folder.write(path, body)
        yield Written(path=path, hash=body_hash(body), size=len(body), category_id=category), is_new


class _Desk:
    """Where feeds are made: the categories as feeds.yaml wants them, the formats, what was rendered before."""

    def __init__(self, config: Config, store: Store) -> None:
        self.config = config
        self.store = store
        self.shelves = store.shelves()
        wanted = [outputs.formats()[name] for name in config.output.formats]
        names = dict(zip(map(id, wanted), config.output.formats, strict=True))
        self.feed_formats = [(names[id(one)], one) for one in wanted if isinstance(one, FeedFormat)]
        self.site_formats = [(names[id(one)], one) for one in wanted if isinstance(one, SiteFormat)]
        self.rules = {rule.name: rule for rule in config.categories}
        self.categories = {shelf.id: self._category(shelf) for shelf in self.shelves if not shelf.is_all}
        self.credits = self._credits()
        self._common = self._digest(
            config.site, config.output.formats, [one.VERSION for one in wanted], config.output, config.websub
        )

    def is_touched(self, shelf: Shelf) -> bool:
        return shelf.touched > shelf.published or shelf.settings != self.settings(shelf)

    def settings(self, shelf: Shelf) -> str:
        """Return a digest of all in feeds.yaml that the files of a category depend on."""
        listed = [(one.name, one.title, one.url, one.feed_url) for one in self.credits] if shelf.is_all else None
        return self._digest(self._common, self.categories.get(shelf.id), self._rule(shelf), listed)

    def paths(self, shelf: Shelf) -> list[str]:
        """Return the files of a category: one per format, and again under each of its former names."""
        return [
            f"{place}{one.SUFFIX}"
            for place in (_path(shelf), *self._alias_paths(shelf))
            for _, one in self.feed_formats
        ]

    def documents(self, shelf: Shelf) -> Iterable[tuple[str, bytes]]:
        """Yield path and bytes of every file of a category; keeps its sections for the documents of the site."""
        marks = self._marks(shelf)
        feed = self._feed(shelf, marks)
        fresh = _Rendered(self.store, marks, self.categories)
        for name, one in self.feed_formats:
            body = one.document(feed, fresh.fragments(name, one))
            for place in (_path(shelf), *self._alias_paths(shelf)):
                yield f"{place}{one.SUFFIX}", body
        sections = [
            (shelf.id, name, one.section(feed, fresh.entries(marks[: one.SECTION_ENTRIES])))
            for name, one in self.site_formats
            if not shelf.is_all
        ]
        self.store.save_rendered(fragments=fresh.made, sections=sections)

    def site_documents(self) -> Iterable[tuple[str, bytes]]:
        """Yield path and bytes of what speaks of the whole site: front page, lists of feeds."""
        everything = next(shelf for shelf in self.shelves if shelf.is_all)
        head = self._feed(everything, self._marks(everything))
        for name, one in self.site_formats:
            known = self.store.sections(name)
            sections = [known[shelf.id] for shelf in self.shelves if shelf.id in known]
            yield from one.site(head, sections, self.credits).items()

    def _credits(self) -> list[Credit]:
        """Return whom we read: the sources that are polled and not private, and of lists the feeds that they name."""
        infos = self.store.infos()
        lists = self.store.names_of_kind(LIST)
        return [
            credit(source, infos.get(source.name, SourceInfo()), now=self.store.born)
            for source in self.config.sources
            if source.enabled and not source.private and source.kind != LIST and source.name not in lists
        ]

    def _marks(self, shelf: Shelf) -> Sequence[Mark]:
        category = self.categories.get(shelf.id, self._limits(None))
        rule = None if shelf.is_all else self._rule(shelf)
        return self.store.newest(
            shelf.id,
            limit=category.limit,
            window=category.window,
            max_entries=category.max_entries,
            per_source=rule.per_source if rule else None,
        )

    def _feed(self, shelf: Shelf, marks: Sequence[Mark]) -> Feed:
        category = self.categories.get(shelf.id)
        site = self.config.site
        return Feed(
            site=site,
            path=_path(shelf),
            id=uuid.uuid5(uuid.NAMESPACE_URL, f"aggregator:feed:{self.store.born.isoformat()}:{shelf.slug}").urn,
            title=category.title if category else site.title,
            description=category.description if category else site.description,
            updated=max((mark.changed for mark in marks), default=self.store.born),
            category=category,
        )

    def _category(self, shelf: Shelf) -> Category:
        rule = self._rule(shelf)
        limits = self._limits(rule)
        return replace(
            limits,
            slug=shelf.slug,
            name=shelf.name,
            title=shelf.title,
            description=rule.description if rule else None,
        )

    def _limits(self, rule: CategoryRule | None) -> Category:
        output = self.config.output
        limit = rule.limit if rule and rule.limit is not None else output.limit
        most = rule.max_entries if rule and rule.max_entries is not None else output.max_entries
        return Category(
            slug="",
            name="",
            title="",
            limit=min(limit, most),
            window=rule.window if rule and rule.window is not None else output.window,
            max_entries=most,
        )

    def _rule(self, shelf: Shelf) -> CategoryRule | None:
        return self.rules.get(shelf.name) or self.rules.get(shelf.slug)

    def _alias_paths(self, shelf: Shelf) -> list[str]:
        rule = self._rule(shelf)
        return [f"category/{alias}" for alias in rule.aliases] if rule and not shelf.is_all else []

    @staticmethod
    def _digest(*parts: object) -> str:
        return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class _Rendered:
    """The entries of one feed, rendered at most once per format and only where no stored fragment serves."""

    def __init__(self, store: Store, marks: Sequence[Mark], categories: Mapping[int, Category]) -> None:
        self.store = store
        self.marks = marks
        self.categories = categories
        self.known: dict[int, Entry] = {}
        self.made: list[tuple[int, str, bytes, bytes]] = []

    def fragments(self, name: str, one: FeedFormat) -> list[bytes]:
        wanted = {
            mark.id: blake2b(mark.hash + bytes([one.VERSION % 256]), digest_size=16).digest() for mark in self.marks
        }
        have = self.store.fragments(name, wanted)
        lacking = [mark for mark in self.marks if mark.id not in have]
        for mark, entry in zip(lacking, self.entries(lacking), strict=True):
            have[mark.id] = one.fragment(entry)
            self.made.append((mark.id, name, wanted[mark.id], have[mark.id]))
        return [have[mark.id] for mark in self.marks]

    def entries(self, marks: Sequence[Mark]) -> list[Entry]:
        unread = [mark.id for mark in marks if mark.id not in self.known]
        if unread:
            self.known.update(self.store.entries(unread, self.categories))
        return [self.known[mark.id] for mark in marks]


def _path(shelf: Shelf) -> str:
    return "all" if shelf.is_all else f"category/{shelf.slug}"
