"""Which entries a source lets through, and which stand in a category: ``include`` and ``exclude``. Pure.

    include: {title: [招商, 项目], text: ['\\bAI\\b']}
    exclude: {author: [广告部], category: [sport], age: [30d]}

Fields are title, text, url, author, category (with the entry's tags), language and age. A word is searched anywhere,
case and width ignored; what has special characters is a pattern, see ``text/patterns``. Where a field has several
values each is searched on its own, so that ``^`` and ``$`` are the ends of one name. An entry stays if any include
matches (where there are some) and no exclude does.

``age`` counts from the entry's date to when it was first met, so what is stored does not grow out of it: ``30d`` in an
exclude drops what is older, ``7d`` in an include lets in what is at most so old, and ``>30d`` or ``<2h`` say which of
the two themselves. What has no date, or one in the future, is new.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Generic, Literal, TypeVar

from aggregator.model import Content
from aggregator.text.patterns import Searching
from aggregator.text.spans import span
from aggregator.text.visible import visible

Filters = tuple[tuple[str, tuple[str, ...]], ...]  # field -> words, patterns or ages
Verb = Literal["include", "exclude"]
Name = TypeVar("Name", bound=Hashable)  # of a category: a word or a number


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One word, pattern or age of an ``include`` or ``exclude``."""

    verb: Verb
    field: str
    pattern: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What rules say of an entry. by: the rule that decided; None: there was none that matched."""

    is_wanted: bool
    by: Rule | None = None


@dataclass(frozen=True, kw_only=True)
class Choice(Generic[Name]):
    """Which entries stand in a category, chosen by its rules among what is filed under it.

    of: and among what stands in these categories; None: among all that is stored.
    """

    category: Name
    include: Filters = ()
    exclude: Filters = ()
    of: tuple[Name, ...] | None = ()


@dataclass(frozen=True)
class Subject:
    """What rules look at. categories: the names that the entry stands under. met: when it was first met, aware."""

    content: Content
    categories: tuple[str, ...]
    met: datetime

    def values(self, field: str) -> tuple[str, ...]:
        """Return what stands in a field; a field without a value is one empty text."""
        content = self.content
        match field:
            case "title":
                found: tuple[str | None, ...] = (content.title,)
            case "text":
                found = (self._text,)
            case "url":
                found = (content.url,)
            case "author":
                found = tuple(part for who in content.authors for part in (who.name, who.email))
            case "category":
                found = (*self.categories, *content.tags)
            case _:
                found = (content.language,)
        return tuple(value for value in found if value) or ("",)

    @cached_property
    def _text(self) -> str:
        return "\n".join(filter(None, (visible(self.content.html), self.content.summary)))

    @property
    def age(self) -> timedelta:
        published = self.content.published
        return max(self.met - published, timedelta(0)) if published else timedelta(0)


def rules(include: Filters, exclude: Filters) -> Iterator[Rule]:
    """Yield every single rule, those that exclude first: they are asked first."""
    verbs: tuple[tuple[Verb, Filters], ...] = (("exclude", exclude), ("include", include))
    for verb, filters in verbs:
        for field, patterns in filters:
            yield from (Rule(verb=verb, field=field, pattern=pattern) for pattern in patterns)


def verdict(subject: Subject, include: Filters, exclude: Filters, searching: Searching) -> Verdict:
    """Return whether any include matches (where there are some) and no exclude does."""
    for rule in rules(include, exclude):
        if matches(rule, subject, searching):
            return Verdict(is_wanted=rule.verb == "include", by=rule)
    return Verdict(is_wanted=not include)


def matches(rule: Rule, subject: Subject, searching: Searching) -> bool:
    """Whether this one rule speaks of the entry."""
    if rule.field == "age":
        return _is_of_age(rule, subject.age)
    return any(searching.is_found(rule.pattern, value) for value in subject.values(rule.field))


def asks_for_age(*filters: Filters) -> bool:
    """Whether it matters when an entry was first met."""
    return any(field == "age" for one in filters for field, _ in one)


def age_limit(text: str) -> tuple[str, timedelta] | None:
    """Return the sign, or "", and the span of an age such as ``7d``, ``>30d`` or ``<= 2h``; None for what is none."""
    text = text.strip()
    bare = text.lstrip("<>=≤≥")
    sign = text.removesuffix(bare).replace("≤", "<=").replace("≥", ">=")
    limit = span(bare)
    return (sign, limit) if limit is not None and sign in ("", "<", ">", "<=", ">=") else None


def _is_of_age(rule: Rule, age: timedelta) -> bool:
    found = age_limit(rule.pattern)
    if found is None:
        return False
    sign, limit = found
    match sign or (">" if rule.verb == "exclude" else "<="):
        case ">":
            return age > limit
        case ">=":
            return age >= limit
        case "<":
            return age < limit
        case _:
            return age <= limit


def standing(
    filed: Iterable[Name], choices: Sequence[Choice[Name]], subject: Subject, searching: Searching
) -> dict[Name, Verdict]:
    """Return category -> why the entry stands there or not, of those it is filed under and those that choose by rule.

    choices: those that others are chosen from go before them.
    """
    found: dict[Name, Verdict] = {name: Verdict(is_wanted=True) for name in filed}
    for choice in choices:
        is_among = choice.category in found or choice.of is None
        if is_among or any(one in found and found[one].is_wanted for one in choice.of or ()):
            found[choice.category] = verdict(subject, choice.include, choice.exclude, searching)
    return found
