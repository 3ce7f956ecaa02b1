"""Which entries a source lets through: ``include`` and ``exclude``. Pure."""

import re
from collections.abc import Iterable
from functools import cache

from aggregator.model import Content, Source
from aggregator.text.visible import visible


def is_wanted(content: Content, categories: Iterable[str], source: Source) -> bool:
    """Tell whether any include matches (where there are some) and no exclude does.

    A pattern is searched anywhere in its field, case ignored. categories: the names that the entry stands under.
    """
    if not source.include and not source.exclude:
        return True
    texts = _texts(content, categories)
    if any(_matches(texts, field, patterns) for field, patterns in source.exclude):
        return False
    return not source.include or any(_matches(texts, field, patterns) for field, patterns in source.include)


def _matches(texts: dict[str, str], field: str, patterns: tuple[str, ...]) -> bool:
    return any(_compiled(pattern).search(texts.get(field, "")) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _texts(content: Content, categories: Iterable[str]) -> dict[str, str]:
    return {
        "title": content.title or "",
        "text": "\n".join(filter(None, (visible(content.html), content.summary))),
        "url": content.url or "",
        "author": "\n".join(filter(None, (part for who in content.authors for part in (who.name, who.email)))),
        "category": "\n".join((*categories, *content.tags)),
        "language": content.language or "",
    }
