"""Query parameters that say how a reader came to a page, never which page it is. Pure.

The list is ``tracking_parameters.txt``, which says how it is written and where its facts come from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from importlib.resources import files


def is_tracking(name: str, value: str, host: str) -> bool:
    """Tell whether a parameter only tracks. All in lower case; host: without ``www.``."""
    plain, rules = _tracking()
    if name in plain:
        return True
    return any(
        rule.name.match(name)
        and (rule.value is None or rule.value.match(value))
        and (not rule.host or host == rule.host or host.endswith("." + rule.host))
        for rule in rules
    )


def lines(name: str) -> Iterator[str]:
    """Yield the lines of a list that lies beside this module, in lower case, comments left out."""
    for line in files(__package__).joinpath(name).read_text("utf-8").lower().splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """A line that needs a look. value: None means any; host: empty means everywhere."""

    name: re.Pattern[str]
    value: re.Pattern[str] | None
    host: str


@cache
def _tracking() -> tuple[frozenset[str], tuple[_Rule, ...]]:
    """Return the names that always go, and the rules."""
    plain: set[str] = set()
    rules: list[_Rule] = []
    for line in lines("tracking_parameters.txt"):
        host, colon, rest = line.rpartition(": ")
        for word in rest.split():
            name, equals, value = word.partition("=")
            if not colon and not equals and "*" not in name:
                plain.add(name)
                continue
            wanted = re.compile(translate(value)) if equals else None
            rules.append(_Rule(name=re.compile(translate(name)), value=wanted, host=host))
    return frozenset(plain), tuple(rules)
