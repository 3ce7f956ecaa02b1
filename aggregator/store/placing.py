"""The copies of one poll on their way to their entries: which entry each belongs to, and which names that takes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select, update

from aggregator.identity import (
    Candidate,
    are_different_articles,
    is_address,
    is_never,
    is_of_site,
    place,
    speaking_order,
    without_guid,
)
from aggregator.model import Copy, Key, Poll
from aggregator.store import floods, likeness, schema
from aggregator.store.assembly import Drafts
from aggregator.store.held import Held
from aggregator.store.returning import returned
from aggregator.store.rows import digest, stamp
from aggregator.store.statements import chunks, insert_or_ignore


class Placing:
    """One poll's copies being placed. listed: fingerprints that its documents bear now; left: bore, and no more."""

    def __init__(
        self,
        connection: Connection,
        poll: Poll,
        source: int,
        drafts: Drafts,
        *,
        listed: frozenset[int],
        left: frozenset[int],
        joining: frozenset[str] = frozenset(),
    ) -> None:
        self.connection = connection
        self.poll = poll
        self.source = source
        self.drafts = drafts
        self.listed = listed
        self.joining = joining
        self.duplicates = 0
        self.reused = 0  # guids that turned out to name several articles
        self.churned = 0  # articles that came under another guid
        copies = floods.released(connection, poll, source)
        self.digests = {key: digest(key, source) for copy in copies for key in copy.keys}
        self.ledger_of = known_names(connection, self.digests.values())
        self.known = known_copies(connection, source, [copy.local for copy in copies])
        self.new_names: dict[bytes, int] = {}
        self.moved_names: dict[bytes, int] = {}
        self.events: list[dict[str, object]] = []
        drafts.load([*self.ledger_of.values(), *self.known.values()])
        unplaced = [copy for copy in copies if self._is_unplaced(copy)]
        self.renamed = returned(connection, source, unplaced, listed=listed, left=left)
        drafts.load([held.entry for held in self.renamed.values()])
        fresh = [copy for copy in unplaced if copy.local not in self.renamed]
        self.held_back = floods.held_back(connection, poll, source, fresh, listed=listed)
        self.copies = [copy for copy in copies if copy.local not in self.held_back]

    def place_all(self) -> None:
        """Place every copy, in the order of the document."""
        for copy in self.copies:
            self._place(copy)

    def write(self) -> None:
        """Write names, events and doubts; the drafts write entries and copies."""
        names = [{"digest": name, "ledger_id": entry} for name, entry in self.new_names.items()]
        if names:
            insert_or_ignore(self.connection, schema.keys, names)
        for name, entry in self.moved_names.items():
            self.connection.execute(update(schema.keys).where(schema.keys.c.digest == name).values(ledger_id=entry))
        if self.events:
            self.connection.execute(schema.events.insert(), self.events)
        floods.doubt_guids(
            self.connection, self.source, reused=self.reused, churned=self.churned, listed=len(self.listed)
        )

    # --- one copy --------------------------------------------------------------------------------

    def _place(self, copy: Copy) -> None:
        copy, known = self._recognised(copy)
        renamed = self.renamed.get(copy.local) if known is None else None
        if renamed is not None:
            known = self.drafts.successor(renamed.entry)
        leaving = None if known is None else self._moved_away(copy, known)
        if known is not None and leaving is not None:
            self.drafts.let_go(known, leaving)
            known = None
        bearers = {key: self._alive(self.ledger_of.get(self.digests[key])) for key in copy.keys}
        if any(bearer is not None and self.drafts.is_taken_down(bearer) for bearer in (known, *bearers.values())):
            self._take_down_too(copy, known, bearers)
            return
        found = {key: self._candidate(bearer) for key, bearer in bearers.items() if bearer is not None}
        found = {key: candidate for key, candidate in found.items() if candidate.copies}
        home = None if known is None else self._candidate(known)
        rules = self.poll.source.identity
        if any(other.source in self.joining for candidate in found.values() for other in candidate.copies):
            rules = replace(rules, urls="any")  # whichever of the two came first
        placement = place(copy, known, found, rules, home=home)
        entry = placement.entry
        by = placement.by
        if entry is None:
            entry = next((bearer for key, bearer in bearers.items() if self._brings_back(copy, key, bearer)), None)
        if entry is None:
            entry, by = self._alike(copy)
        if entry is None:
            entry = self.drafts.make(self.drafts.free_uid(copy), copy.content.published)
        for other in placement.retired:
            shared = next((key for key, candidate in found.items() if candidate.id == other), by)
            self._event("retired", entry, {"retired": self.drafts.uid(other), "by": _key_text(shared)})
            self.drafts.merge(other, into=entry)
        if leaving is not None:
            self.drafts.take_in(entry, leaving)
        elif known is None and renamed is None:
            renamed = self._same_source_copy(entry, copy)
        if renamed is not None:
            self._note_renamed(entry, renamed, copy)
        elif known is None and self.drafts.has_copy_from_elsewhere(entry, self.poll.source.name):
            self.duplicates += 1
            self._event("joined", entry, {"source": self.poll.source.name, "by": _key_text(by)})
        for other in placement.comments_on:
            self.drafts.relate(entry, other)
        self._take_names(copy, entry)
        self.known[copy.local] = entry
        was = renamed.copy.local if renamed else None
        self.drafts.put(entry, copy, self.poll.source, source_id=self.source, salt=self.poll.salt, was=was)
        if self.poll.source.identity.near_duplicates == "merge":
            likeness.note(self.connection, entry, copy, at=self.poll.at)

    def _recognised(self, copy: Copy) -> tuple[Copy, int | None]:
        """Return the copy and its entry, if the source had it. A guid that now names another article names neither."""
        known = self._alive(self.known.get(copy.local))
        if known is None or not copy.local.startswith("guid:"):
            return copy, known
        before = self.drafts.held(known, self.source, copy.local)
        if before is None or not are_different_articles(before.copy, copy):
            return copy, known
        self.reused += 1
        plain = without_guid(copy)
        number = known_copies(self.connection, self.source, [plain.local]).get(plain.local)
        if number is not None:
            self.drafts.load([number])
        return plain, self._alive(self.known.get(plain.local, number))

    def _moved_away(self, copy: Copy, known: int) -> Held | None:
        """Return the copy as the entry has it, where nothing but what it said before makes it one of the entry's.

        A source that moved to another's article and away again takes its own article along, not the other's.
        """
        before = self.drafts.held(known, self.source, copy.local)
        others = [held.copy for held in self.drafts.drafts[known].held if held is not before]
        if before is None or not others:
            return None
        names = {key for other in others for key in other.keys if key.kind in ("parameter", "url")}
        if names.isdisjoint(before.copy.keys) or not names.isdisjoint(copy.keys):
            return None
        return None if any(not are_different_articles(copy, other) for other in others) else before

    def _same_source_copy(self, entry: int, copy: Copy) -> Held | None:
        """Return the copy that the source had of this entry, is not listed any more, and bears a strong key too."""
        strong = {key for key in copy.keys if key.kind == "parameter" or is_address(key, copy)}
        for held in self.drafts.drafts[entry].held:
            is_former = held.source_id == self.source and held.id is not None
            if is_former and held.copy.fingerprint not in self.listed and strong.intersection(held.copy.keys):
                return held
        return None

    def _note_renamed(self, entry: int, before: Held, copy: Copy) -> None:
        if before.copy.guid and copy.guid and before.copy.guid != copy.guid:
            self.churned += 1
        self._event("moved", entry, {"from": before.copy.local, "to": copy.local})

    def _alike(self, copy: Copy) -> tuple[int | None, Key | None]:
        """Return the entry that has the same text under other names, where feeds.yaml wants that."""
        if self.poll.source.identity.near_duplicates != "merge":
            return None, None
        alike: set[int] = set()
        for number in likeness.candidates(self.connection, copy, at=self.poll.at):
            self.drafts.load([number])
            entry = self.drafts.successor(number)
            if not self.drafts.copies(entry) or self.drafts.is_taken_down(entry):
                continue
            candidate = self._candidate(entry)
            if not is_never(copy, candidate, self.poll.source.identity) and likeness.is_same_text(copy, candidate):
                alike.add(entry)
        if len(alike) != 1:  # a text that stands under several entries, a notice or a form, names none of them
            return None, None
        return alike.pop(), Key(kind="text", value=copy.text_hash)

    def _take_down_too(self, copy: Copy, known: int | None, bearers: Mapping[Key, int | None]) -> None:
        """Keep the copy away, and let its other names be known as taken down, too."""
        numbers = [number for number in (known, *bearers.values()) if number is not None]
        taken = next(number for number in numbers if self.drafts.is_taken_down(number))
        for key, bearer in bearers.items():
            # A stranger's copy must not take names that another article will bear.
            if bearer is None and (key.scope or is_of_site(key, copy)):
                self.new_names[self.digests[key]] = taken
                self.ledger_of[self.digests[key]] = taken
        self._event("dropped", taken, {"source": self.poll.source.name})

    def _brings_back(self, copy: Copy, key: Key, entry: int | None) -> bool:
        """Whether the copy is one of an entry past its retention: not whoever claims its guid or address may be it."""
        if entry is None or self.drafts.copies(entry):
            return False
        had = self.drafts.drafts[entry].sources
        return not had or self.source in had or key.kind == "parameter" or is_of_site(key, copy)

    # --- names -----------------------------------------------------------------------------------

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
        if not self.drafts.copies(bearer):  # past its retention: it may come back
            return False
        if not any(is_address(key, other) for other in self.drafts.copies(bearer)):
            return True
        if not (copy.own and self.drafts.are_related(entry, bearer)):
            return False
        for other in self.drafts.related(bearer):
            if other != entry:  # what is about the same article
                self.drafts.relate(entry, other)
        return True

    def _candidate(self, entry: int) -> Candidate:
        return Candidate(id=entry, copies=speaking_order(self.drafts.copies(entry)), uid=self.drafts.uid(entry))

    def _alive(self, ledger_id: int | None) -> int | None:
        return None if ledger_id is None else self.drafts.successor(ledger_id)

    def _is_unplaced(self, copy: Copy) -> bool:
        return copy.local not in self.known and not any(self.digests[key] in self.ledger_of for key in copy.keys)

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


def known_copies(connection: Connection, source: int, locals_: Sequence[str]) -> dict[str, int]:
    """Return local name -> the ledger's number, for the copies that the source has."""
    found: dict[str, int] = {}
    for some in chunks(sorted(set(locals_))):
        rows = connection.execute(
            select(schema.copies.c.local, schema.copies.c.entry_id).where(
                schema.copies.c.source_id == source, schema.copies.c.local.in_(some)
            )
        )
        found.update({row.local: row.entry_id for row in rows})
    return found


def _key_text(key: Key | None) -> str | None:
    return f"{key.kind}:{key.value}" if key else None
