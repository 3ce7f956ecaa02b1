"""What each selector or path of feeds.yaml matches by itself, for whoever writes them. Pure."""

from collections.abc import Callable, Iterable, Sequence

from aggregator.model import FieldRule, Matched
from aggregator.sources.parts.mapping import RuleError

LONGEST_EXAMPLE = 200  # characters

Read = Callable[[str, str], Sequence[str]]  # (field, rule as written) -> texts


def tally(place: str, rules: Iterable[tuple[str, FieldRule]], readers: Sequence[Read]) -> tuple[Matched, ...]:
    """Return in how many of several places each alternative of each field yields, and what it yields first.

    place: what the fields' names stand behind, as ``fields``. Constants match nothing and are left out.
    """
    return tuple(
        _tally(f"{place}.{name}", name, rule, readers)
        for name, alternatives in rules
        for rule in alternatives
        if isinstance(rule, str)
    )


def one(place: str, rule: str, values: Sequence[str]) -> Matched:
    """Return what a rule matches that is asked once. values: a text for each match."""
    return Matched(place=place, rule=rule, count=len(values), example=_shown(values))


def _tally(place: str, name: str, rule: str, readers: Sequence[Read]) -> Matched:
    found: list[str] = []
    for read in readers:
        try:
            found += list(read("url" if name == "link" else name, rule))[:1]
        except RuleError:
            continue
    return Matched(place=place, rule=rule, count=len(found), of=len(readers), example=_shown(found))


def _shown(values: Sequence[str]) -> str | None:
    text = next((bare for value in values if (bare := " ".join(value.split()))), None)
    return text[:LONGEST_EXAMPLE] if text else None
