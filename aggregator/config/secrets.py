"""Secrets: ``${NAME}`` in a text of feeds.yaml stands for a variable of the environment."""

import re
from collections.abc import Mapping
from typing import Any

from aggregator.config.lines import Place

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def names(text: str) -> tuple[str, ...]:
    """Return the names of the variables that a text asks for."""
    return tuple(dict.fromkeys(_NAME.findall(text)))


def used(written: Any, environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the variables that what is written asks for, with their values; those without any are left out."""
    return tuple((name, environ[name]) for name in names(str(written)) if environ.get(name))


def fill(value: Any, environ: Mapping[str, str]) -> tuple[Any, list[tuple[Place, str]]]:
    """Return the value with its secrets filled in, and the place and name of each that is not set.

    value: text, list or mapping, of any depth. Keys are left as they are.
    """
    unset: list[tuple[Place, str]] = []
    return _fill(value, environ, (), unset), unset


def _fill(value: Any, environ: Mapping[str, str], place: Place, unset: list[tuple[Place, str]]) -> Any:
    if isinstance(value, str):
        if "${" not in value:
            return value
        unset.extend((place, name) for name in names(value) if name not in environ)
        return _NAME.sub(lambda found: environ.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [_fill(item, environ, (*place, at), unset) for at, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: _fill(item, environ, (*place, key), unset) for key, item in value.items()}
    return value
