"""Categories by rule: what feeds.yaml says of them, kept in the store, and which of them an entry stands in.

Whoever writes an entry asks these rules, whichever command it runs in, and a changed rule places again what is stored.
"""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator import rules
from aggregator.model import Content
from aggregator.rules import Choice, Filters, Subject
from aggregator.store import schema
from aggregator.store.categories import category_id_of_name, category_id_of_slug
from aggregator.store.statements import upsert
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


def _kept(connection: Connection) -> str:
    found = connection.execute(select(schema.facts.c.value).where(schema.facts.c.name == FACT)).scalar()
    return found or "[]"


def _filters(written: Sequence[Sequence[object]]) -> Filters:
    return tuple((str(field), tuple(str(one) for one in patterns)) for field, patterns in written)  # type: ignore[attr-defined]
