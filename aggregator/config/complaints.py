"""What is wrong with feeds.yaml, in words for the person who wrote it."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aggregator.config.lines import Lines, Place
from aggregator.config.secrets import names
from aggregator.config.shape import ARTICLE_KEYS, ArticleShape
from aggregator.config.values import UnfitError
from aggregator.errors import Problem

MOST_KEYS_TO_NAME = 12  # of a mapping with more, a list of its keys helps nobody

_WORDS: Mapping[str, str] = {
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a mapping: keys, each with a value",
    "model_type": "must be a mapping: keys, each with a value",
    "model_attributes_type": "must be a mapping: keys, each with a value",
    "missing": "is missing",
}


class Complaints:
    """All problems found so far in one file."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.problems: list[Problem] = list(lines.problems)
        self._places: set[Place] = set()

    def add(self, place: Place, message: str) -> None:
        """Note a problem; the first one of a place stands for all that follow from it."""
        if place not in self._places:
            self._places.add(place)
            self.problems.append(self.lines.problem(place, message))

    def add_all(self, error: ValidationError, model: type[BaseModel], at: Place, raw: Any) -> set[str]:
        """Note what the model found wrong with what stands at a place; return the keys that cannot be used.

        raw: as written, before secrets were filled in.
        """
        keys: set[str] = set()
        for found in error.errors(include_url=False, include_input=False):
            keys.add(str(found["loc"][0]) if found["loc"] else "")
            place = _written(found["loc"])
            written = _get(raw, place)
            self.add((*at, *place), _message(found, model, names(written) if isinstance(written, str) else ()))
        return keys


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Return what to say of a key that means nothing."""
    known = list(known)
    if near := difflib.get_close_matches(key, known, n=1, cutoff=0.6):
        return f"unknown key; did you mean '{near[0]}'?"
    if len(known) <= MOST_KEYS_TO_NAME:
        return f"unknown key; here stand {', '.join(known)}"
    return "unknown key"


def _message(found: ErrorDetails, model: type[BaseModel], secrets: Iterable[str]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_key(str(found["loc"][-1]), _keys(model, found["loc"][:-1]))
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context["expected"]))
        return f"must be {choices[0]}" if len(choices) == 1 else f"must be one of {', '.join(choices)}"
    if kind == "greater_than_equal":
        return f"must be at least {context['ge']}"
    if kind == "too_short":
        return f"must hold at least {context['min_length']}"
    if kind == "value_error":
        reason = context["error"]
        if secrets and isinstance(reason, UnfitError):  # a secret must not be shown, nor a part of it
            return f"with {', '.join(f'${{{name}}}' for name in secrets)} filled in, the value {reason.statement}"
        return str(reason)
    return _WORDS.get(kind) or found["msg"][:1].lower() + found["msg"][1:]


def _written(loc: tuple[int | str, ...]) -> Place:
    """Return the place as it is written: without the steps that only our models take."""
    place = tuple(step for step in loc if step != "[key]")
    if place[:2] == ("article", "fields"):  # any further key of an article is a field
        return ("article", *place[2:])
    return place


def _keys(model: type[BaseModel], loc: Iterable[int | str]) -> list[str]:
    inner: type[BaseModel] | None = model
    for step in loc:
        if inner is not None and isinstance(step, str) and step in inner.model_fields:
            model = inner
            inner = _model_in(inner.model_fields[step].annotation)
    found = inner or model
    if found is ArticleShape:
        return list(ARTICLE_KEYS)
    return list(found.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _get(raw: Any, place: Place) -> Any:
    for step in place:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            return None
    return raw
