"""What is wrong with feeds.yaml, in words for the person who wrote it."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aggregator.config.lines import Lines, Place
from aggregator.config.secrets import names
from aggregator.config.shape import ARTICLE_KEYS, ArticleShape
from aggregator.config.values import UnfitError
from aggregator.errors import Problem

MOST_KEYS_TO_NAME = 12  # of a mapping with more, a list of its keys helps nobody

S = TypeVar("S", bound=BaseModel)

_WORDS: Mapping[str, str] = {
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
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

    def read(
        self, model: type[S], filled: Mapping[str, Any], *, at: Place, raw: Any, context: Mapping[str, Any]
    ) -> tuple[S, list[Place]]:
        """Return the shape of what stands at a place, without what is wrong in it, and the places of that.

        filled: with secrets; raw: as written. No key of the model may be required.
        """
        try:
            return model.model_validate(filled, context=context), []
        except ValidationError as error:
            wrong = self._add_all(error, model, at, raw)
        try:
            return model.model_validate(_without(filled, wrong), context=context), wrong
        except ValidationError:  # what is left of a key cannot stand alone
            return model.model_validate(_without(filled, [place[:1] for place in wrong]), context=context), wrong

    def add_unfit(self, place: Place, error: UnfitError, written: Any) -> None:
        """Note a value that does not fit. Where secrets were filled in, neither it nor a part of it is shown."""
        if secrets := names(str(written)):
            filled = ", ".join(f"${{{name}}}" for name in secrets)
            self.add(place, f"with {filled} filled in, the value {error.statement}")
        else:
            self.add(place, str(error))

    def _add_all(self, error: ValidationError, model: type[BaseModel], at: Place, raw: Any) -> list[Place]:
        places = []
        for found in error.errors(include_url=False, include_input=False):
            place = _written(found["loc"])
            if place and place[-1] == 0 and not isinstance(value_at(raw, place[:-1]), list):
                place = place[:-1]  # a single value where a list could be
            places.append(place)
            reason = found.get("ctx", {}).get("error")
            if isinstance(reason, UnfitError):
                self.add_unfit((*at, *place), reason, value_at(raw, place))
            else:
                self.add((*at, *place), _message(found, model))
        return places


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Return what to say of a key that means nothing."""
    known = list(known)
    if near := difflib.get_close_matches(key, known, n=1, cutoff=0.6):
        return f"unknown key; did you mean '{near[0]}'?"
    if len(known) <= MOST_KEYS_TO_NAME:
        return f"unknown key; here stand {', '.join(known)}"
    return "unknown key"


def value_at(raw: Any, place: Place) -> Any:
    """Return what stands at a place of plain values, or None; where a single value stands for a list, that value."""
    for step in place:
        if isinstance(raw, dict):
            raw = raw.get(step)
        elif isinstance(raw, list) and isinstance(step, int) and step < len(raw):
            raw = raw[step]
    return raw


def _without(raw: Mapping[str, Any], places: Iterable[Place]) -> dict[str, Any]:
    """Return the mapping without what stands at these places; of a place deep inside, the key of the second level."""
    kept = dict(raw)
    for key, *inner in places:
        section, left = raw.get(str(key)), kept.get(str(key))
        if inner and isinstance(section, dict) and isinstance(left, dict) and inner[0] in section:
            kept[str(key)] = {name: value for name, value in left.items() if name != inner[0]}
        else:
            kept.pop(str(key), None)
    return kept


def _message(found: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_key(str(found["loc"][-1]), _keys(model, found["loc"][:-1]))
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context["expected"]))
        return f"must be {choices[0]}" if len(choices) == 1 else f"must be one of {', '.join(choices)}"
    if kind == "greater_than_equal":
        return f"must be at least {context['ge']}"
    if kind == "too_short" and context["min_length"] > 1:
        return f"must hold at least {context['min_length']}"
    if kind == "value_error":
        return str(context["error"])
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
