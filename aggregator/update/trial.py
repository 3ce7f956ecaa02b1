"""The rules tried out: what each of them matches, what is left out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aggregator import rules
from aggregator.config import CategoryRule
from aggregator.config.choices import Handles, choices
from aggregator.model import Source
from aggregator.reading.items import Item
from aggregator.rules import Choice, Rule
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


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of it. categories: local name of an entry -> the names of the categories that it would stand in."""

    tried: tuple[Tried, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def trial(
    items: Sequence[Item],
    kept: Sequence[Item],
    sieve: Sieve,
    *,
    categories: Sequence[CategoryRule] = (),
    sources: Sequence[Source] = (),
) -> Trial:
    """Return what every single rule matches, what is left out, and where the rest would stand.

    kept: those of the items that the source lets through; only these can stand in categories, whose rules are asked
    of what is filed under them or may be chosen. What a category does not choose was not there before: it is not told.
    """
    source = sieve.source
    trials = [_tried(None, rule, items, sieve) for rule in rules.rules(source.include, source.exclude)]
    stay = {item.local for item in kept}
    dropped = [_dropped(item, None, sieve.verdict(item).by) for item in items if item.local not in stay]
    handles = Handles(categories)
    made = choices(categories, sources)
    named = [_by_handle(choice, handles) for choice in made]
    asked: dict[str, list[Item]] = {choice.category: [] for choice in named}
    stands: dict[str, tuple[str, ...]] = {}
    for item in kept:
        subject = sieve.subject(item)
        filed = {handles.of(name): name for name in subject.categories}
        names = {by.category: choice.category for by, choice in zip(named, made, strict=True)} | filed
        found = rules.standing(filed, named, subject, sieve.searching)
        stands[item.local] = tuple(names[name] for name, verdict in found.items() if verdict.is_wanted)
        for name, verdict in found.items():
            if name in asked:
                asked[name].append(item)
            if name in filed and not verdict.is_wanted:
                dropped.append(_dropped(item, names[name], verdict.by))
    for choice, by in zip(made, named, strict=True):
        if asked[by.category]:
            ruled = rules.rules(choice.include, choice.exclude)
            trials += [_tried(choice.category, rule, asked[by.category], sieve) for rule in ruled]
    return Trial(tried=tuple(trials), dropped=tuple(dropped), categories=stands)


def _by_handle(choice: Choice[str], handles: Handles) -> Choice[str]:
    of = None if choice.of is None else tuple(handles.of(one) for one in choice.of)
    return replace(choice, category=handles.of(choice.category), of=of)


def _tried(category: str | None, rule: Rule, items: Sequence[Item], sieve: Sieve) -> Tried:
    matched = [item for item in items if rules.matches(rule, sieve.subject(item), sieve.searching)]
    return Tried(category=category, rule=rule, matched=tuple(item.called for item in matched), of=len(items))


def _dropped(item: Item, category: str | None, by: Rule | None) -> Dropped:
    return Dropped(title=item.called, url=item.content.url, category=category, by=by)
