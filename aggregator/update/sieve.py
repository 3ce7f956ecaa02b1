"""What the rules of a source say of the entries of one poll."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator import rules
from aggregator.model import Source
from aggregator.reading.items import Item, categories_of
from aggregator.rules import Subject, Verdict
from aggregator.text.patterns import Searching

FirstSeen = Callable[[Sequence[str]], Mapping[str, datetime]]  # local names -> when the source's copy was first seen


class Sieve:
    """The rules of a source in one poll. first_seen: of what the store has; what it does not have is met ``now``.

    An ``age`` counts from there, so what is stored does not grow out of its rules when it changes.
    """

    def __init__(
        self, source: Source, *, now: datetime, searching: Searching, first_seen: FirstSeen | None = None
    ) -> None:
        self.source = source
        self.now = now
        self.searching = searching
        self._first_seen = first_seen if rules.asks_for_age(source.include, source.exclude) else None
        self._met: dict[str, datetime] = {}

    def begun(self, items: Iterable[Item]) -> list[Item]:
        """Return the items without those that an ``exclude`` matches already now: their pages are never asked for.

        So it is with what an ``include`` of addresses alone does not match; other words may stand on the page.
        """
        is_told = all(field == "url" for field, _ in self.source.include)
        return self._kept(items, self.source if is_told else replace(self.source, include=()))

    def passed(self, items: Iterable[Item]) -> list[Item]:
        """Return the items that stay, all being known of them that there is to know."""
        return self._kept(items, self.source)

    def verdict(self, item: Item) -> Verdict:
        return rules.verdict(self.subject(item), self.source.include, self.source.exclude, self.searching)

    def subject(self, item: Item) -> Subject:
        """Return what the rules look at of an item."""
        names = categories_of(item.raw, self.source)
        met = self._met.get(item.local, self.now)
        return Subject(item.content, self.source.categories if names is None else names, met)

    def _kept(self, items: Iterable[Item], source: Source) -> list[Item]:
        items = list(items)
        if not source.include and not source.exclude:
            return items
        if self._first_seen is not None:
            self._met.update(self._first_seen([item.local for item in items if item.local not in self._met]))
        return [
            item
            for item in items
            if rules.verdict(self.subject(item), source.include, source.exclude, self.searching).is_wanted
        ]
