"""Saving what a poll found: place, join, choose who speaks. One transaction, all of it or nothing.

Placing happens in here because two polls at once both see "new": the second one joins.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, select, update

from aggregator.identity import Candidate, is_address, is_iri, mint, place, speaking_order
from aggregator.model import Changes, Copy, Key, Poll
from aggregator.store import schema
from aggregator.store.assembly import Drafts
from aggregator.store.rows import digest, stamp, to_json
from aggregator.store.sources import fetched, save_fetched, save_state, source_id
from aggregator.store.statements import chunks, insert_or_ignore


def save(connection: Connection, poll: Poll) -> Changes:
    """Write all that one poll found; return what it changed. The caller's transaction makes it one step."""
    source = source_id(connection, poll.source.name)
    drafts = Drafts(connection, at=poll.at)
    placed = _Placed(connection, poll, source, drafts)
    for copy in poll.copies:
        placed.add(copy)
    placed.write()
    changes = drafts.write()
    _note_what_left(connection, source, poll)
    for one in poll.fetched:
        save_fetched(connection, source, one, at=poll.at)
    _save_wanted(connection, source, poll)
    save_state(connection, poll.state, info=poll.info)
    return Changes(new=changes.new, updated=changes.updated, retired=changes.retired, duplicates=placed.duplicates)


class _Placed:
    """The copies of one poll on their way to their entries."""

    def __init__(self, connection: Connection, poll: Poll, source: int, drafts: Drafts) -> None:
        self.connection = connection
        self.poll = poll
        self.source = source
        self.drafts = drafts
        self.duplicates = 0
        self.digests = {key: digest(key, source) for copy in poll.copies for key in copy.keys}
        self.ledger_of = known_names(connection, self.digests.values())
        self.known = _known_copies(connection, source, [copy.local for copy in poll.copies])
        self.new_names: dict[bytes, int] = {}
        self.moved_names: dict[bytes, int] = {}
        self.rows: list[dict[str, object]] = []
        self.events: list[dict[str, object]] = []
        drafts.load([*self.ledger_of.values(), *self.known.values()])

    def add(self, copy: Copy) -> None:
        known = self._alive(self.known.get(copy.local))
        bearers = {key: self._alive(self.ledger_of.get(self.digests[key])) for key in copy.keys}
        if any(bearer is not None and self.drafts.is_taken_down(bearer) for bearer in (known, *bearers.values())):
            self._event("dropped", None, {"local": copy.local, "why": "taken down"})
            return
        found = {
            key: Candidate(id=bearer, copies=speaking_order(self.drafts.copies(bearer)))
            for key, bearer in bearers.items()
            if bearer is not None and self.drafts.copies(bearer)
        }
        placement = place(copy, known, found, self.poll.source.identity)
        entry = placement.entry
        if entry is None:
            entry = next((bearer for bearer in bearers.values() if bearer and not self.drafts.copies(bearer)), None)
        if entry is None:
            entry = self.drafts.make(self._free_uid(copy))
        for other in placement.retired:
            self._event("retired", entry, {"retired": self.drafts.uid(other), "by": _key_text(placement.by)})
            self.drafts.merge(other, into=entry)
        if known is None and self.drafts.has_copy_from_elsewhere(entry, self.poll.source.name):
            self.duplicates += 1
            self._event("joined", entry, {"source": self.poll.source.name, "by": _key_text(placement.by)})
        for other in placement.comments_on:
            self.drafts.relate(entry, other)
        self._take_names(copy, entry)
        self.known[copy.local] = entry
        self.drafts.put(entry, copy, self.poll.source, source_id=self.source, salt=self.poll.salt)

    def write(self) -> None:
        """Write names and events; the drafts write entries and copies."""
        names = [{"digest": name, "ledger_id": entry} for name, entry in self.new_names.items()]
        if names:
            insert_or_ignore(self.connection, schema.keys, names)
        for name, entry in self.moved_names.items():
            self.connection.execute(update(schema.keys).where(schema.keys.c.digest == name).values(ledger_id=entry))
        if self.events:
            self.connection.execute(schema.events.insert(), self.events)

    def _take_names(self, copy: Copy, entry: int) -> None:
        """The entry takes every name that is free, and its own URL from a comment on it or a text that ends with it."""
        for key in copy.keys:
            name = self.digests[key]
            bearer = self._alive(self.ledger_of.get(name))
            if bearer is None:
                self.new_names[name] = entry
                self.ledger_of[name] = entry
            elif bearer != entry and is_address(key, copy) and self._gives_up(key, copy, entry, bearer):
                self.moved_names[name] = entry
                self.ledger_of[name] = entry

    def _gives_up(self, key: Key, copy: Copy, entry: int, bearer: int) -> bool:
        if not any(is_address(key, other) for other in self.drafts.copies(bearer)):
            return True
        if not (copy.own and self.drafts.are_related(entry, bearer)):
            return False
        for other in self.drafts.related(bearer):
            if other != entry:  # what is about the same article
                self.drafts.relate(entry, other)
        return True

    def _alive(self, ledger_id: int | None) -> int | None:
        return None if ledger_id is None else self.drafts.successor(ledger_id)

    def _free_uid(self, copy: Copy) -> str:
        guids = [key.value for key in copy.keys if key.kind == "guid" and is_iri(key.value)]
        if guids and not self.drafts.is_uid_known(guids[0]):
            return guids[0]
        uid = mint(copy.keys, copy.local)
        number = 1
        while self.drafts.is_uid_known(uid):
            number += 1
            uid = mint((), f"{copy.local}#{number}")
        return uid

    def _event(self, kind: str, entry: int | None, detail: Mapping[str, object]) -> None:
        self.events.append(
            {
                "at": stamp(self.poll.at),
                "kind": kind,
                "source_id": self.source,
                "entry_id": entry,
                "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
            }
        )


def known_names(connection: Connection, digests: Iterable[bytes]) -> dict[bytes, int]:
    """Return digest of a key -> the ledger's number that it names, for those that are known."""
    found: dict[bytes, int] = {}
    for some in chunks(sorted(set(digests))):
        rows = connection.execute(
            select(schema.keys.c.digest, schema.keys.c.ledger_id).where(schema.keys.c.digest.in_(some))
        )
        found.update({bytes(row.digest): row.ledger_id for row in rows})
    return found


def _known_copies(connection: Connection, source: int, locals_: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(sorted(set(locals_))):
        rows = connection.execute(
            select(schema.copies.c.local, schema.copies.c.entry_id).where(
                schema.copies.c.source_id == source, schema.copies.c.local.in_(some)
            )
        )
        found.update({row.local: row.entry_id for row in rows})
    return found


def _note_what_left(connection: Connection, source: int, poll: Poll) -> None:
    """Note what is no longer, or is again, in the document: a difference, not a write per entry still there."""
    old: set[int] = set()
    new: set[int] = set()
    for one in poll.fetched:
        before = fetched(connection, source, one.url)
        old |= before.seen if before else set()
        new |= one.seen
    for left_at, fingerprints in ((stamp(poll.at), old - new), (None, new - old)):
        for some in chunks(sorted(fingerprints)):
            connection.execute(
                update(schema.copies)
                .where(schema.copies.c.source_id == source, schema.copies.c.fingerprint.in_(some))
                .values(left_at=left_at)
            )


def _save_wanted(connection: Connection, source: int, poll: Poll) -> None:
    done = [*poll.had, *(wanted.local for wanted in poll.wanted)]
    for some in chunks(done):
        connection.execute(
            delete(schema.articles).where(schema.articles.c.source_id == source, schema.articles.c.local.in_(some))
        )
    rows = [
        {
            "source_id": source,
            "local": wanted.local,
            "raw": to_json(wanted.raw, type(wanted.raw)),
            "base": wanted.base,
            "fingerprint": wanted.fingerprint,
            "wanted_at": stamp(poll.at),
            "tries": wanted.tries,
            "due": stamp(wanted.due),
        }
        for wanted in {wanted.local: wanted for wanted in poll.wanted}.values()
    ]
    if rows:
        connection.execute(schema.articles.insert(), rows)


def _key_text(key: Key | None) -> str | None:
    return f"{key.kind}:{key.value}" if key else None
