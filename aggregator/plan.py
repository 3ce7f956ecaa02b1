"""What a feeds.yaml would change for subscribers, found out by doing it all to a copy of the store.

    copy of the store → sync, prune, publish as ever, into a folder that keeps nothing → compare

So the answer is that of the real journey, whatever that learns to do. What only the next polls can tell, such as what
a new source brings, is named and not guessed.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from lxml import etree

from aggregator.config import Config
from aggregator.errors import UsageError
from aggregator.folder import Folder
from aggregator.publish import FEEDS, prune, publish, sync
from aggregator.reading.marks import reading_salt
from aggregator.store import Store
from aggregator.store.backup import back_up
from aggregator.store.rehearsal import IdChange, SourceChange, Tried, note, tried

READ_FIRST = (".json", ".atom", ".rss")  # what is quickest to read

ATOM = "{http://www.w3.org/2005/Atom}"

Titles = Mapping[str, str]  # id -> title, in the order of a feed


@dataclass(frozen=True, kw_only=True)
class FeedChange:
    """How the entries of a feed change. path: without suffix. come, go: id -> title."""

    path: str
    come: Titles
    go: Titles


@dataclass(frozen=True, kw_only=True)
class SourcesPlan:
    """What becomes of sources. renamed: before, after. moved: name, address before, address after.

    placed: their categories, priority or privacy change. reread: feeds.yaml says otherwise how they are read, so that
    the next poll reads everything in them anew.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    moved: tuple[tuple[str, str, str], ...] = ()
    placed: tuple[str, ...] = ()
    reread: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a feeds.yaml would change.

    added, removed, changed: files of the output. feeds: those whose entries change and that were there before.
    announced: entries under an id that nobody was given yet, ``other`` the one they stood under; revived: under one
    that had been retired. retired: ids that would turn out to be ``other``. taken: entries that would be taken down;
    barred: the same of what has not come yet. expired: entries whose retention would be over.
    unpublished: feeds that lag behind the store, because of a poll and not of feeds.yaml; their changes are told too.
    """

    sources: SourcesPlan = SourcesPlan()
    categories: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    feeds: tuple[FeedChange, ...] = ()
    announced: tuple[IdChange, ...] = ()
    revived: tuple[IdChange, ...] = ()
    retired: tuple[IdChange, ...] = ()
    taken: tuple[IdChange, ...] = ()
    barred: tuple[IdChange, ...] = ()
    expired: tuple[IdChange, ...] = ()
    unpublished: tuple[str, ...] = ()

    @property
    def is_change(self) -> bool:
        return self != Plan(unpublished=self.unpublished)

    @property
    def moves(self) -> Mapping[tuple[str, str], Titles]:
        """The entries that leave one category's feed and come into another's: path before, path after -> entries."""
        places = [feed for feed in self.feeds if feed.path != "all"]
        found: dict[tuple[str, str], Titles] = {}
        for one in places:
            for other in places:
                both = {uid: title for uid, title in one.go.items() if uid in other.come}
                if both:
                    found[one.path, other.path] = both
        return found


def plan(config: Config, *, now: datetime) -> Plan:
    """Return what feeds.yaml would change. Neither the store nor the output is written, and others may be writing them.

    Raises UsageError for a PostgreSQL store, of which there is no copy to try it on.
    """
    if "://" in config.storage:
        raise UsageError("a plan is made on a copy of an SQLite store; PostgreSQL has none")
    with tempfile.TemporaryDirectory(prefix="aggregator-plan-") as place:
        copy = Path(place, "copy.db")
        store_path = Path(config.storage)
        if store_path.exists():
            back_up(store_path, copy)
        with Store(str(copy), now=now) as store:
            note(copy)
            written = store.written()
            unpublished = tuple(
                "all" if shelf.is_all else f"category/{shelf.slug}"
                for shelf in store.shelves()
                if written and shelf.touched > shelf.published
            )
            config = sync(config, store, now=now)
            prune(config, store, now=now)
            folder = _Unwritten(config.output.directory)
            publish(config, store=store, folder=folder, now=now)
        done = tried(copy)
    return Plan(
        sources=_sources(config, done),
        categories=done.categories,
        added=tuple(sorted(folder.added)),
        removed=tuple(sorted(folder.removed)),
        changed=tuple(sorted(folder.changed)),
        feeds=tuple(folder.feeds()),
        announced=tuple(one for one in done.ids if one.was is None and one.is_ != "taken"),
        revived=_of(done.ids, "retired", ""),
        retired=_of(done.ids, "", "retired"),
        taken=tuple(one for one in done.ids if one.was is not None and one.is_ == "taken"),
        barred=tuple(one for one in done.ids if one.was is None and one.is_ == "taken"),
        expired=_of(done.ids, "", "expired"),
        unpublished=unpublished,
    )


def _of(ids: Iterable[IdChange], was: str, is_: str) -> tuple[IdChange, ...]:
    return tuple(one for one in ids if (one.was, one.is_) == (was, is_))


def _sources(config: Config, done: Tried) -> SourcesPlan:
    both = [one for one in done.sources if one.name_before is not None and not one.is_removed]
    salts = {source.name: reading_salt(source) for source in config.sources}
    return SourcesPlan(
        added=_names(one for one in done.sources if one.name_before is None),
        removed=_names(one for one in done.sources if one.is_removed and not one.was_removed),
        returned=_names(one for one in both if one.was_removed),
        renamed=tuple((one.name_before, one.name) for one in both if one.name_before and one.name_before != one.name),
        moved=tuple((one.name, one.url_before or "", one.url or "") for one in both if one.url_before != one.url),
        placed=_names(one for one in both if one.is_placed_anew),
        reread=tuple(name for name, salt in salts.items() if name in done.salts and done.salts[name] != {salt}),
    )


def _names(changes: Iterable[SourceChange]) -> tuple[str, ...]:
    return tuple(one.name for one in changes)


class _Unwritten(Folder):
    """The output as it stands; what would be written is remembered and not written."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.added: set[str] = set()
        self.changed: set[str] = set()
        self.removed: set[str] = set()
        self._entries: dict[str, Titles] = {}  # path without suffix -> what its feed would hold

    def present(self) -> dict[str, int]:
        """Return path -> size, without sweeping anything away."""
        found = {}
        for path in self.directory.rglob("*"):
            if path.is_file():
                found[path.relative_to(self.directory).as_posix()] = path.stat(follow_symlinks=False).st_size
        return found

    def write(self, path: str, body: bytes) -> bool:
        target = self.inside(path)
        is_there = target.is_file()
        if is_there and target.read_bytes() == body:
            return False
        (self.changed if is_there else self.added).add(path)
        place, _, suffix = path.rpartition(".")
        if f".{suffix}" in FEEDS and place not in self._entries:
            self._entries[place] = entries_of(path, body)
        return True

    def remove(self, path: str) -> None:
        if self.inside(path).is_file():
            self.removed.add(path)

    def settle(self) -> None:
        """There is nothing that would have to reach the disk."""

    def feeds(self) -> Iterable[FeedChange]:
        """Yield how the entries change of each feed that was there before."""
        for place, after in self._entries.items():
            before = self._before(place)
            if before is None:
                continue
            come = {uid: title for uid, title in after.items() if uid not in before}
            go = {uid: title for uid, title in before.items() if uid not in after}
            if come or go:
                yield FeedChange(path=place, come=come, go=go)

    def _before(self, place: str) -> Titles | None:
        for suffix in READ_FIRST:
            file = self.directory / f"{place}{suffix}"
            if file.is_file():
                return entries_of(file.name, file.read_bytes())
        return None


def entries_of(path: str, body: bytes) -> Titles:
    """Return id -> title of a feed that we wrote; nothing of one that somebody else has spoilt."""
    try:
        if PurePosixPath(path).suffix == ".json":
            return {item["id"]: item.get("title") or "" for item in json.loads(body)["items"]}
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        root = etree.fromstring(body, parser)
    except (ValueError, KeyError, TypeError, AttributeError, etree.XMLSyntaxError):
        return {}
    items = [(one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}title")) for one in root.iter(f"{ATOM}entry")]
    items.extend((one.findtext("guid"), one.findtext("title")) for one in root.iter("item"))
    return {uid: title or "" for uid, title in items if uid}
