"""The JSON Schema of feeds.yaml, for editors."""

from collections.abc import Collection, Mapping
from typing import Any

from aggregator.config.shape import FileShape


def schema(*, kinds: Collection[str], formats: Collection[str]) -> dict[str, Any]:
    """Return a JSON Schema (2020-12) of feeds.yaml with a description of every key.

    kinds, formats: the names that exist. Editors use it where feeds.yaml begins with
    ``# yaml-language-server: $schema=feeds.schema.json``.
    """
    made = FileShape.model_json_schema(by_alias=True, mode="validation")
    _name(made, {"kinds": sorted(kinds), "formats": sorted(formats)})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | made | {"title": "feeds.yaml"}


def _name(part: Any, known: Mapping[str, list[str]]) -> None:
    """Put the names that exist where the shape asks for one of them, and leave out titles that only repeat a key."""
    if isinstance(part, list):
        for inner in part:
            _name(inner, known)
    elif isinstance(part, dict):
        if isinstance(part.get("known"), str):
            part["enum"] = known[part.pop("known")]
        if isinstance(part.get("title"), str):
            del part["title"]
        for inner in part.values():
            _name(inner, known)
