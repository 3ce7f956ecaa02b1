"""Secrets out of what is shown: their values give way to the ``${NAME}`` that stands for them in feeds.yaml. Pure."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

SHORTEST = 4  # characters; whatever is shorter stands in many a word and number by chance

Secrets = Iterable[tuple[str, str]]  # name, value


def hidden(text: str, secrets: Secrets) -> str:
    """Return the text without the values of the secrets, as they are or as an address spells them."""
    for name, value in sorted(secrets, key=lambda one: len(one[1]), reverse=True):
        for form in {value, quote(value, safe=""), quote(value), quote_plus(value)}:
            if len(form) >= SHORTEST and form in text:
                text = text.replace(form, f"${{{name}}}")
    return text


def all_hidden(value: Any, secrets: Secrets) -> Any:
    """Return plain values of any depth, as JSON has them, with no secret in their texts."""
    secrets = tuple(secrets)
    if not secrets:
        return value
    if isinstance(value, str):
        return hidden(value, secrets)
    if isinstance(value, dict):
        return {key: all_hidden(one, secrets) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [all_hidden(one, secrets) for one in value]
    return value
