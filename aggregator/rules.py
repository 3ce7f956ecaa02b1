"""Which entries a source lets through: ``include`` and ``exclude``. Pure."""

import re
from collections.abc import Iterable
from functools import cache

from aggregator.model import Content, Source
from aggregator.text.visible import visible


def is_wanted(content: Content, categories: Iterable[str], source: Source) -> bool:
    """Tell whether any include matches (where there are some) and no exclude does.

    A pattern is searched anywhere in its field, case ignored; where a field has several values, in each of them, so
    that ``^`` and ``$`` are the ends of one name. categories: the names that the entry stands under.
    """
    if not source.include and not source.exclude:
        return True
    texts = _texts(content, categories)
    if any(_matches(texts, field, patterns) for field, patterns in source.exclude):
        return False
    return not source.include or any(_matches(texts, field, patterns) for field, patterns in source.include)


def _matches(texts: dict[str, tuple[str, ...]], field: str, patterns: tuple[str, ...]) -> bool:
    values = texts.get(field) or ("",)
    return any(_compiled(pattern).search(value) for pattern in patterns for value in values)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _texts(content: Content, categories: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return {
        "title": (content.title or "",),
        "text": ("\n".join(filter(None, (visible(content.html), content.summary))),),
        "url": (content.url or "",),
        "author": tuple(part for who in content.authors for part in (who.name, who.email) if part),
        "category": (*categories, *content.tags),
        "language": (content.language or "",),
    }
