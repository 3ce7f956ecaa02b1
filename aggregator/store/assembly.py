"""Entries in the making: their copies, loaded, joined and changed in memory, written at the end of a transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, select, update

from aggregator.identity import is_iri, mint, speaking_order, spoken
from aggregator.model import Changes, Content, Copy, Link, Source
from aggregator.store import schema
from aggregator.store.categories import all_id, category_id, touch
from aggregator.store.choosing import Chooser
from aggregator.store.held import Held, copies_of, held_copy, row_of
from aggregator.store.relations import forget
from aggregator.store.rows import (
    Body,
    as_ref,
    body_hash,
    differs_as_reader_sees,
    from_json,
    milliseconds,
    moment,
    moment_or_none,
    stamp,
    to_json,
)
from aggregator.store.statements import batches, chunks, insert_or_ignore, upsert
from aggregator.text.urls import canonical

SOON = timedelta(minutes=10)  # a clock may be so far ahead; a date beyond is in the future

# Why an entry is written again. Only an edit by its speaker can be an update; a changed configuration is no change.
Reason = Literal["new", "edited", "joined", "configured"]


@dataclass(kw_only=True)
class Draft:
    """An entry in the making. row: as published so far."""

    id: int
    uid: str
    first_seen: datetime
    published: datetime | None
    fate: str | None
    sources: frozenset[int] = frozenset()  # of an expired one: who had it
    held: list[Held] = field(default_factory=list)
    row: Row[Any] | None = None
    reasons: set[Reason] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)  # sources whose copy changed as a reader sees it

    @property
    def copies(self) -> list[Copy]:
        return [held.copy for held in self.held]


class Drafts:
    """All entries that one transaction is about."""

    def __init__(self, connection: Connection, *, at: datetime) -> None:
        self.connection = connection
        self.at = at
        self.drafts: dict[int, Draft] = {}
        self.successors: dict[int, int] = {}
        self.made_uids: set[str] = set()
        self.retired: list[Draft] = []
        self.last_publish: datetime | None = None
        self.newly_related: set[int] = set()
        self.category_of: dict[str, int] = {}
        self.chooser: Chooser | None = None

    # --- loading ---------------------------------------------------------------------------------

    def load(self, ledger_ids: Iterable[int]) -> None:
        """Read the entries with these numbers, or those that they turned out to be, with all their copies."""
        wanted = {number for number in ledger_ids if number not in self.drafts and number not in self.successors}
        while wanted:
            further: set[int] = set()
            for some in chunks(sorted(wanted)):
                for row in self.connection.execute(select(schema.ledger).where(schema.ledger.c.id.in_(some))):
                    if row.successor is None:
                        self._add(row)
                    else:
                        self.successors[row.id] = row.successor
                        if row.successor not in self.drafts:
                            further.add(row.successor)
            wanted = further
        self._load_copies([draft.id for draft in self.drafts.values() if not draft.held and draft.row is None])

    def _add(self, row: Row[Any]) -> None:
        self.drafts[row.id] = Draft(
            id=row.id,
            uid=row.uid,
            first_seen=moment(row.first_seen),
            published=moment_or_none(row.published),
            fate=row.fate,
            sources=frozenset(int(number) for number in (row.sources or "").split()),
        )

    def _load_copies(self, ids: Sequence[int]) -> None:
        for some in chunks(ids):
            for row in self.connection.execute(select(schema.entries).where(schema.entries.c.id.in_(some))):
                self.drafts[row.id].row = row
            for row in self.connection.execute(copies_of(some)):
                self.drafts[row.entry_id].held.append(held_copy(row))

    # --- asking ----------------------------------------------------------------------------------

    def successor(self, ledger_id: int) -> int:
        """Return the entry that this number means today."""
        while ledger_id in self.successors:
            ledger_id = self.successors[ledger_id]
        return ledger_id

    def copies(self, entry: int) -> list[Copy]:
        """Return the copies of an entry in the order in which they were first seen."""
        return self.drafts[entry].copies

    def uid(self, entry: int) -> str:
        return self.drafts[entry].uid

    def is_taken_down(self, entry: int) -> bool:
        return self.drafts[entry].fate == "taken"

    def has_copy_from_elsewhere(self, entry: int, source: str) -> bool:
        return any(copy.source != source for copy in self.drafts[entry].copies)

    def is_uid_known(self, uid: str) -> bool:
        if uid in self.made_uids:
            return True
        return self.connection.execute(select(schema.ledger.c.id).where(schema.ledger.c.uid == uid)).first() is not None

    def are_related(self, entry: int, other: int) -> bool:
        return other in self.related(entry)

    def related(self, entry: int) -> list[int]:
        """Return the entries that this one names because they speak about each other."""
        return list(dict.fromkeys(self.successor(other) for other in self._related_ids(entry)))

    def free_uid(self, copy: Copy) -> str:
        """Return the id of a new entry: the copy's guid where that is an IRI nobody bears, else one of ours."""
        guids = [key.value for key in copy.keys if key.kind == "guid" and is_iri(key.value)]
        if guids and not self.is_uid_known(guids[0]):
            return guids[0]
        uid = mint(copy.keys, copy.local)
        number = 1
        while self.is_uid_known(uid):
            number += 1
            uid = mint((), f"{copy.local}#{number}")
        return uid

    # --- changing --------------------------------------------------------------------------------

    def make(self, uid: str, published: datetime | None) -> int:
        """Enter a new id into the ledger, with its date unless another copy is to speak; return its number."""
        told = milliseconds(published)
        row = {"uid": uid, "first_seen": stamp(self.at), "published": told}
        number = self.connection.execute(schema.ledger.insert().returning(schema.ledger.c.id), row).scalar_one()
        self.made_uids.add(uid)
        self.drafts[number] = Draft(
            id=number, uid=uid, first_seen=self.at, published=moment_or_none(told), fate=None, reasons={"new"}
        )
        return int(number)

    def merge(self, other: int, *, into: int) -> None:
        """Make two entries one: the other id is retired and never used again.

        Copies that come from an older entry were nobody's word on this one until now, so they are not the first.
        """
        for third in self.related(other):
            if third != into:
                self.relate(into, third)
        gone, stays = self.drafts.pop(other), self.drafts[into]
        if other < into:
            for held in gone.held:
                held.first_seen = self.at
        stays.held.extend(gone.held)
        stays.held.sort(key=lambda held: held.first_seen)
        for held in gone.held:
            held.is_changed = True
        stays.reasons.add("joined")
        self.successors[other] = into
        self.retired.append(gone)

    def split(self, entry: int, moved: Sequence[Held], into: int) -> None:
        """Give some copies of an entry to another, which was one with it by mistake."""
        stays, other = self.drafts[entry], self.drafts[into]
        stays.held = [held for held in stays.held if held not in moved]
        other.held.extend(moved)
        for held in moved:
            held.is_changed = True
        stays.reasons.add("joined")
        other.reasons.add("joined")

    def let_go(self, entry: int, held: Held) -> None:
        """Take a copy out of its entry; it has to be taken in by one again."""
        self.drafts[entry].held.remove(held)
        self.drafts[entry].reasons.add("joined")

    def take_in(self, entry: int, held: Held) -> None:
        """Give an entry a copy that another let go."""
        self.drafts[entry].held.append(held)
        self.drafts[entry].reasons.add("joined")
        held.is_changed = True

    def revive(self, uid: str) -> int | None:
        """Return the number of a retired id, given out again to what it once meant; None where it was not retired."""
        row = self.connection.execute(
            select(schema.ledger).where(schema.ledger.c.uid == uid, schema.ledger.c.fate == "retired")
        ).first()
        if row is None:
            return None
        self.connection.execute(
            update(schema.ledger).where(schema.ledger.c.id == row.id).values(successor=None, fate=None)
        )
        self.successors.pop(row.id, None)
        self._add(row)
        self.drafts[row.id].fate = None
        return int(row.id)

    def relate(self, entry: int, other: int) -> None:
        """Let two entries name each other."""
        self.load([entry, other])
        rows = [{"entry_id": entry, "other_id": other}, {"entry_id": other, "other_id": entry}]
        insert_or_ignore(self.connection, schema.relations, rows)
        self.newly_related.update((entry, other))
        self.drafts[entry].reasons.add("joined")
        self.drafts[other].reasons.add("joined")

    def held(self, entry: int, source_id: int, local: str) -> Held | None:
        """Return the copy that a source has of an entry under this local name."""
        return next(
            (held for held in self.drafts[entry].held if held.copy.local == local and held.source_id == source_id), None
        )

    def put(self, entry: int, copy: Copy, source: Source, *, source_id: int, salt: str, was: str | None = None) -> None:
        """Give an entry a copy, or its copy what the source says now. was: the local name that it had before."""
        draft = self.drafts[entry]
        held = self.held(entry, source_id, was or copy.local)
        if held is None:
            draft.held.append(
                Held(
                    copy=copy,
                    source_id=source_id,
                    salt=salt,
                    first_seen=self.at,
                    is_private=source.private,
                    source_categories=source.categories,
                    is_changed=True,
                )
            )
            draft.reasons.add("joined")
            return
        is_speaking = speaking_order(draft.copies)[0] is held.copy
        before, held.copy, held.is_changed = held.copy, copy, True
        if held.salt != salt:
            draft.reasons.add("configured")
        elif _is_edit(before, copy, source):
            draft.reasons.add("edited")
            draft.edited.add(copy.source)
        elif before.categories != copy.categories or (is_speaking and _moved(before, copy)):
            draft.reasons.add("joined")
        held.salt = salt

    def reconsider(self, entry: int) -> None:
        """Assemble an entry again because feeds.yaml changed."""
        self.drafts[entry].reasons.add("configured")

    # --- writing ---------------------------------------------------------------------------------

    def write(self) -> Changes:
        """Write every entry that changed, and what its categories need to know."""
        self._write_retired()
        new: set[str] = set()
        updated: set[str] = set()
        touched: set[int] = set()
        for rows in batches(self._entry_rows(new, updated, touched)):
            upsert(self.connection, schema.entries, rows)
        self._write_copies()
        touch(self.connection, touched)
        return Changes(
            new=frozenset(new),
            updated=frozenset(updated),
            retired=frozenset(draft.uid for draft in self.retired if "new" not in draft.reasons),
            warnings=self.chooser.searching.warnings if self.chooser else (),
        )

    def _entry_rows(self, new: set[str], updated: set[str], touched: set[int]) -> Iterable[dict[str, object]]:
        """Yield the row of each entry whose published form changed; adds to the ids that are new or updated."""
        everything = all_id(self.connection)
        for draft in self.drafts.values():
            if not draft.reasons or not draft.held:
                continue
            row = self._assembled(draft, everything, touched)
            is_update = row is not None and row.pop("is_update")
            if "new" in draft.reasons:
                new.add(draft.uid)
            elif is_update:
                updated.add(draft.uid)
            if row is not None:
                yield row

    def _assembled(self, draft: Draft, everything: int, touched: set[int]) -> dict[str, object] | None:
        """Return the row of an entry, or None when its published form stays as it is."""
        ordered = speaking_order(draft.copies)
        content = spoken(ordered)
        told = moment_or_none(milliseconds(content.published))
        if told is not None and told != draft.published and self._is_unpublished(draft):
            draft.published = told
            self._in_ledger(draft, published=milliseconds(told))
        if draft.fate == "expired":
            self._in_ledger(draft, fate=None, sources=None)
        content = replace(content, published=draft.published)
        private = {held.copy.source for held in draft.held if held.is_private}
        body = Body(
            content=content,
            credit=ordered[0].credit,
            copies=tuple(as_ref(copy, copy.source in private) for copy in ordered),
            related=self._related(draft),
        )
        categories = (everything, *self._categories(draft, content))
        stands = self._stands(draft)
        is_update = self._is_update(draft, ordered[0], content)
        updated = self._updated(draft, content, stands, is_update=is_update)
        text = to_json(body, Body)
        mark = body_hash("\x00".join((text, draft.uid, str(stands), str(updated), str(sorted(categories)))))
        before = set() if draft.row is None else self._categories_before(draft.id)
        if draft.row is not None and mark == bytes(draft.row.hash):
            return None
        self._write_categories(draft, categories, before, stands)
        touched.update(before, categories)
        is_change = draft.row is None or draft.reasons != {"configured"}
        return {
            "id": draft.id,
            "title": content.title,
            "url": content.url,
            "published": milliseconds(draft.published),
            "stands": stamp(stands),
            "first_seen": stamp(draft.first_seen),
            "updated": stamp(updated),
            "changed": stamp(self.at) if is_change or draft.row is None else draft.row.changed,
            "hash": mark,
            "body": text,
            "is_update": is_update,
        }

    def _in_ledger(self, draft: Draft, **values: object) -> None:
        self.connection.execute(update(schema.ledger).where(schema.ledger.c.id == draft.id).values(**values))

    def _is_unpublished(self, draft: Draft) -> bool:
        """Nobody was told the entry's date yet: until then it is whatever the copy that speaks says."""
        if draft.row is None and "new" in draft.reasons:
            return True
        if self.last_publish is None:
            query = select(schema.facts.c.value).where(schema.facts.c.name == "published")
            self.last_publish = moment(int(self.connection.execute(query).scalar() or 0))
        return draft.first_seen > self.last_publish

    def _stands(self, draft: Draft) -> datetime:
        if draft.published is None or draft.published > draft.first_seen + SOON:
            return draft.first_seen
        return draft.published

    def _is_update(self, draft: Draft, speaker: Copy, content: Content) -> bool:
        if draft.row is None or speaker.source not in draft.edited:
            return False
        return differs_as_reader_sees(from_json(draft.row.body, Body).content, content)

    def _updated(self, draft: Draft, content: Content, stands: datetime, *, is_update: bool) -> datetime:
        upstream = content.updated if content.updated and content.updated <= self.at + SOON else None
        if draft.row is None:
            return max(stands, upstream or stands)
        ours = moment(draft.row.updated)
        if not is_update:
            return ours
        return upstream if upstream and upstream > ours else max(self.at, ours)

    def _categories(self, draft: Draft, content: Content) -> tuple[int, ...]:
        filed: dict[int, str] = {}
        for held in draft.held:
            for name in held.source_categories if held.copy.categories is None else held.copy.categories:
                if name not in self.category_of:
                    self.category_of[name] = category_id(self.connection, name)
                filed.setdefault(self.category_of[name], name)
        if self.chooser is None:
            self.chooser = Chooser(self.connection)
        return self.chooser.categories(filed, content, met=draft.first_seen)

    def _categories_before(self, entry: int) -> set[int]:
        rows = self.connection.execute(
            select(schema.entry_categories.c.category_id).where(schema.entry_categories.c.entry_id == entry)
        )
        return {row.category_id for row in rows}

    def _write_categories(self, draft: Draft, categories: Sequence[int], before: set[int], stands: datetime) -> None:
        table = schema.entry_categories
        if before == set(categories) and draft.row is not None and draft.row.stands == stamp(stands):
            return
        if before:
            self.connection.execute(delete(table).where(table.c.entry_id == draft.id))
        rows = [
            {
                "category_id": category,
                "stands": stamp(stands),
                "entry_id": draft.id,
                "first_seen": stamp(draft.first_seen),
            }
            for category in dict.fromkeys(categories)
        ]
        self.connection.execute(table.insert(), rows)

    def _related_ids(self, entry: int) -> list[int]:
        rows = self.connection.execute(
            select(schema.relations.c.other_id)
            .where(schema.relations.c.entry_id == entry)
            .order_by(schema.relations.c.other_id)
        )
        return [row.other_id for row in rows]

    def _related(self, draft: Draft) -> tuple[Link, ...]:
        if draft.row is None and draft.id not in self.newly_related:
            return ()
        links = []
        for other in self._related_ids(draft.id):
            known = self.drafts.get(self.successor(other))
            if known is not None and known.held:
                content = spoken(speaking_order(known.copies))
                title, url = content.title, content.url
            else:
                found = self.connection.execute(
                    select(schema.entries.c.title, schema.entries.c.url).where(
                        schema.entries.c.id == self.successor(other)
                    )
                ).first()
                title, url = (found.title, found.url) if found else (None, None)
            if url:
                links.append(Link(url=url, rel="related", title=title))
        return tuple(dict.fromkeys(links))

    def _write_copies(self) -> None:
        changed = [(held, draft.id) for draft in self.drafts.values() for held in draft.held if held.is_changed]
        for held, entry in changed:
            if held.id is not None:
                row = row_of(held, entry)
                self.connection.execute(update(schema.copies).where(schema.copies.c.id == held.id).values(row))
        for rows in batches(row_of(held, entry) for held, entry in changed if held.id is None):
            self.connection.execute(schema.copies.insert(), rows)

    def _write_retired(self) -> None:
        for draft in self.retired:
            into = self.successor(draft.id)
            touch(self.connection, self._categories_before(draft.id))
            for table, column in (
                (schema.entry_categories, schema.entry_categories.c.entry_id),
                (schema.fragments, schema.fragments.c.entry_id),
                (schema.entries, schema.entries.c.id),
            ):
                self.connection.execute(delete(table).where(column == draft.id))
            forget(self.connection, [draft.id])
            self.connection.execute(
                update(schema.ledger).where(schema.ledger.c.id == draft.id).values(successor=into, fate="retired")
            )


def _moved(before: Copy, now: Copy) -> bool:
    """Whether the article has another address; parameters that mean nothing may change with every poll."""
    return before.url != now.url and canonical(before.url or "") != canonical(now.url or "")


def _is_edit(before: Copy, now: Copy, source: Source) -> bool:
    if source.updates == "none":
        return False
    if source.updates == "all":
        return before.content != now.content
    return before.text_hash != now.text_hash
