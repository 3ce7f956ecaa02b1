"""Categories by rule: what feeds.yaml says of them, kept in the store, and which of them an entry stands in.

Whoever writes an entry asks these rules, whichever command it runs in, and a changed rule places again what is stored.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from aggregator import rules
from aggregator.model import Content
from aggregator.rules import Choice, Filters, Subject
from aggregator.store import schema
from aggregator.store.categories import ALL, category_id_of_name, category_id_of_slug
from aggregator.store.rows import Body, from_json, moment
from aggregator.store.statements import chunks, upsert
from aggregator.text.patterns import Searching

FACT = "choices"


def save_choices(connection: Connection, choices: Sequence[Choice[str]]) -> bool:
    """Keep what feeds.yaml says; return whether it said something else before."""
    told = [[one.category, one.include, one.exclude, one.of] for one in choices]
    text = json.dumps(told, ensure_ascii=False)
    before = _kept(connection)
    if text == before:
        return False
    upsert(connection, schema.facts, [{"name": FACT, "value": text}])
    return True


class Chooser:
    """The rules of categories in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.searching = Searching(time.perf_counter)
        self.choices = [
            Choice(
                category=category,
                include=_filters(include),
                exclude=_filters(exclude),
                of=None if of is None else tuple(of),
            )
            for category, include, exclude, of in json.loads(_kept(connection))
        ]
        self._numbers: dict[str, int] = {}

    def categories(self, filed: Mapping[int, str], content: Content, *, met: datetime) -> tuple[int, ...]:
        """Return the categories that an entry stands in. filed: number -> name of those it is filed under."""
        if not self.choices:
            return tuple(filed)
        names = tuple(dict.fromkeys(filed.values()))
        choices = [numbered for choice in self.choices if (numbered := self._numbered(choice)) is not None]
        found = rules.standing(filed, choices, Subject(content, names, met), self.searching)
        return tuple(number for number, verdict in found.items() if verdict.is_wanted)

    def _numbered(self, choice: Choice[str]) -> Choice[int] | None:
        number = self._number(choice.category)
        if number is None:
            return None
        of = None if choice.of is None else [self._number(name) for name in choice.of]
        return Choice(
            category=number,
            include=choice.include,
            exclude=choice.exclude,
            of=None if of is None else tuple(one for one in of if one is not None),
        )

    def _number(self, name: str) -> int | None:
        """Return the category of a name; one that no entry brought yet has none."""
        if name not in self._numbers:
            number = category_id_of_name(self.connection, name)
            number = category_id_of_slug(self.connection, name) if number is None else number
            if number is None:
                return None
            self._numbers[name] = number
        return self._numbers[name]


def misplaced(connection: Connection) -> Iterator[int]:
    """Yield the entries that do not stand where the rules want them, or stand where they do not."""
    chooser = Chooser(connection)
    everything = category_id_of_slug(connection, ALL)
    numbers = {row.name: row.category_id for row in connection.execute(select(schema.category_names))}
    ids = connection.execute(select(schema.entries.c.id).order_by(schema.entries.c.id)).scalars().all()
    for some in chunks(ids):
        filed = _filed(connection, some, numbers)
        stands: dict[int, set[int]] = {}
        table = schema.entry_categories
        members = select(table.c.entry_id, table.c.category_id).where(table.c.entry_id.in_(some))
        for member in connection.execute(members):
            stands.setdefault(member.entry_id, set()).add(member.category_id)
        query = select(schema.entries.c.id, schema.entries.c.body, schema.entries.c.first_seen)
        for row in connection.execute(query.where(schema.entries.c.id.in_(some))):
            content = from_json(row.body, Body).content
            wanted = chooser.categories(filed.get(row.id, {}), content, met=moment(row.first_seen))
            if set(wanted) != stands.get(row.id, set()) - {everything}:
                yield row.id


def _filed(connection: Connection, entries: Sequence[int], numbers: Mapping[str, int]) -> dict[int, dict[int, str]]:
    """Return entry -> the categories that its copies file it under, as number -> name. numbers: name -> number."""
    found: dict[int, dict[int, str]] = {}
    copies, sources = schema.copies, schema.sources
    query = (
        select(copies.c.entry_id, func.coalesce(copies.c.categories, sources.c.categories, "[]").label("names"))
        .join(sources, sources.c.id == copies.c.source_id)
        .where(copies.c.entry_id.in_(entries))
        .order_by(copies.c.first_seen, copies.c.id)
    )
    for row in connection.execute(query):
        for name in json.loads(row.names):
            if name in numbers:
                found.setdefault(row.entry_id, {}).setdefault(numbers[name], name)
    return found


def _kept(connection: Connection) -> str:
    found = connection.execute(select(schema.facts.c.value).where(schema.facts.c.name == FACT)).scalar()
    return found or "[]"


def _filters(written: Sequence[Sequence[object]]) -> Filters:
    return tuple((str(field), tuple(str(one) for one in patterns)) for field, patterns in written)  # type: ignore[attr-defined]
