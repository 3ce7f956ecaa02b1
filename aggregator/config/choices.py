"""Categories by rule: which of them choose, among what, and in which order they are asked."""

from collections.abc import Iterator, Mapping, Sequence

from aggregator.config.settings import CategoryRule
from aggregator.model import Source
from aggregator.rules import Choice
from aggregator.text.slugs import is_slug, slug


def choices(categories: Sequence[CategoryRule], sources: Sequence[Source]) -> tuple[Choice[str], ...]:
    """Return the categories that have rules, by their names; those that others are chosen from go before them.

    A category chooses among what is filed under it, and among what stands in the categories of ``of``. One that has
    an ``include``, and that neither ``of`` nor any source names, is a selection: it chooses among all that is stored.
    """
    handles = Handles(categories)
    filled = {handles.of(name) for source in sources for name in source.categories}
    found = {handles.of(rule.name): rule for rule in categories if rule.include or rule.exclude or rule.of}
    order: dict[str, None] = {}
    for name in found:
        _put(name, found, handles, order)
    return tuple(
        Choice(
            category=found[name].name,
            include=found[name].include,
            exclude=found[name].exclude,
            of=None if found[name].include and not found[name].of and name not in filled else found[name].of,
        )
        for name in order
    )


def circles(categories: Sequence[CategoryRule]) -> Iterator[CategoryRule]:
    """Yield the categories whose ``of`` leads back to themselves by way of others."""
    handles = Handles(categories)
    leads = {handles.of(rule.name): {handles.of(one) for one in rule.of} for rule in categories}
    for rule in categories:
        name = handles.of(rule.name)
        seen: set[str] = set()
        ahead = leads[name] - {name}
        while ahead:
            seen |= ahead
            ahead = set[str]().union(*(leads.get(one, set()) for one in ahead)) - seen
        if name in seen:
            yield rule


class Handles:
    """One word for all names that mean a category in feeds.yaml: its name, its slug, its aliases."""

    def __init__(self, categories: Sequence[CategoryRule]) -> None:
        self._known: dict[str, str] = {}
        for rule in categories:
            own = rule.slug or _slug(rule.name)
            for name in (rule.name, own, *rule.aliases):
                self._known.setdefault(name, own)

    def of(self, name: str) -> str:
        wanted = _slug(name)
        return self._known.get(name) or self._known.get(wanted) or wanted

    def knows(self, name: str) -> bool:
        """Whether feeds.yaml has a category of this name."""
        return name in self._known or _slug(name) in self._known


def _slug(name: str) -> str:
    return name if is_slug(name) else slug(name)


def _put(name: str, found: Mapping[str, CategoryRule], handles: Handles, order: dict[str, None]) -> None:
    for one in sorted({handles.of(other) for other in found[name].of} - {name}):
        if one in found and one not in order:
            _put(one, found, handles, order)
    order[name] = None
