"""The rules tried out: what each of them matches, what is left out and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator import rules
from aggregator.config import CategoryRule
from aggregator.config.choices import Handles, choices
from aggregator.model import Source
from aggregator.rules import Choice, Rule
from aggregator.update.items import Item
from aggregator.update.sieve import Sieve


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One rule and the titles of the entries that it matches, of so many. category: None, it is the source's."""

    category: str | None
    rule: Rule
    matched: tuple[str, ...]
    of: int


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """An entry that is left out. category: only there; None: by the source. by: None, no include matches it."""

    title: str
    url: str | None
    category: str | None
    by: Rule | None


def tried(
    items: Sequence[Item],
    kept: Sequence[Item],
    sieve: Sieve,
    *,
    categories: Sequence[CategoryRule] = (),
    sources: Sequence[Source] = (),
) -> tuple[tuple[Tried, ...], tuple[Dropped, ...]]:
    """Return what every single rule matches, and what is left out.

    kept: those of the items that the source lets through; only these can stand in categories, whose rules are asked
    of what is filed under them or may be chosen.
    """
    source = sieve.source
    trials = [_tried(None, rule, items, sieve) for rule in rules.rules(source.include, source.exclude)]
    stay = {item.local for item in kept}
    dropped = [_dropped(item, None, sieve.verdict(item).by) for item in items if item.local not in stay]
    handles = Handles(categories)
    for choice, candidates in _candidates(kept, sieve, handles, choices(categories, sources)):
        trials += [
            _tried(choice.category, rule, candidates, sieve) for rule in rules.rules(choice.include, choice.exclude)
        ]
        for item in candidates:
            said = rules.verdict(sieve.subject(item), choice.include, choice.exclude, sieve.searching)
            if not said.is_wanted and choice.of is not None:  # what a choice among all leaves out was not there before
                dropped.append(_dropped(item, choice.category, said.by))
    return tuple(trials), tuple(dropped)


def _candidates(
    kept: Sequence[Item], sieve: Sieve, handles: Handles, made: Sequence[Choice[str]]
) -> list[tuple[Choice[str], list[Item]]]:
    """Return each choice with the items that it chooses among; those without any are left out."""
    named = [
        Choice(
            category=handles.of(choice.category),
            include=choice.include,
            exclude=choice.exclude,
            of=None if choice.of is None else tuple(handles.of(one) for one in choice.of),
        )
        for choice in made
    ]
    found: dict[str, list[Item]] = {}
    for item in kept:
        subject = sieve.subject(item)
        filed = [handles.of(name) for name in subject.categories]
        asked = rules.standing(filed, named, subject, sieve.searching)
        for choice in named:
            if choice.category in asked:
                found.setdefault(choice.category, []).append(item)
    return [(choice, found[one.category]) for choice, one in zip(made, named, strict=True) if one.category in found]


def _tried(category: str | None, rule: Rule, items: Sequence[Item], sieve: Sieve) -> Tried:
    matched = [item for item in items if rules.matches(rule, sieve.subject(item), sieve.searching)]
    return Tried(category=category, rule=rule, matched=tuple(map(called, matched)), of=len(items))


def _dropped(item: Item, category: str | None, by: Rule | None) -> Dropped:
    return Dropped(title=called(item), url=item.content.url, category=category, by=by)


def called(item: Item) -> str:
    """Return what a person calls an entry."""
    return item.content.title or item.content.url or item.local
