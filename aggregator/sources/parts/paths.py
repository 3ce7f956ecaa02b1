"""Values out of JSON: keys, JMESPath, templates. Pure."""

import json
import re
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from aggregator.sources.parts.json_documents import embedded
from aggregator.sources.parts.mapping import RuleError
from aggregator.sources.parts.templates import fill, is_address_template
from aggregator.text.json_paths import quoted

_KEY = re.compile(r"[\w .:/@-]+")
_PLAIN_PATH = re.compile(r"\w+(?:\.\w+)*")
_EXACT = 1e21  # floats from here on are written with an exponent, as in scripts
_LAST_NAME = re.compile(r'([^\W\d]\w*)"?[\])\s]*$')


def lookup(record: Any, path: str) -> Any:
    """Return what a path names in a record: the value of that very key, else what the JMESPath finds, or None.

    A plain path (``data.list``) goes through texts that are JSON themselves. Raises RuleError when it is neither.
    """
    if isinstance(record, dict) and path in record:
        return record[path]
    expression = _compiled(path)
    try:
        found = expression.search(record) if expression is not None else None
        return _through_texts(record, path) if found is None and "." in path else found
    except (JMESPathError, RecursionError, ArithmeticError, TypeError, ValueError):
        return None  # a function that does not fit this record's values: it yields nothing here


def _through_texts(record: Any, path: str) -> Any:
    if not _PLAIN_PATH.fullmatch(path):
        return None
    for step in path.split("."):
        record = embedded(record)
        if not isinstance(record, dict):
            return None
        record = record.get(step)
    return record


def read_path(record: Any, rule: str) -> tuple[str, ...]:
    """Return the texts that a key, JMESPath or template gives for a record; none when there is nothing."""
    if is_address_template(rule):
        filled = fill(rule, lambda path: first_text(record, path))
        return (filled,) if filled else ()
    return as_texts(lookup(record, rule))


def first_text(record: Any, path: str) -> str | None:
    """Return the first text that a key or JMESPath gives for a record, or None."""
    return next(iter(as_texts(lookup(record, path))), None)


def as_texts(value: Any) -> tuple[str, ...]:
    """Return a JSON value as texts: numbers as written, a list's members, ``name`` of an object. True is no text."""
    if isinstance(value, str):
        return (value.strip(),) if value.strip() else ()
    if isinstance(value, bool) or value is None:
        return ()
    if isinstance(value, int):
        return (str(value),)
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value),)
    if isinstance(value, dict):
        return next(
            (as_texts(value[key]) for key in ("name", "title", "text", "url") if isinstance(value.get(key), str)), ()
        )
    return tuple(text for member in value if not isinstance(member, list) for text in as_texts(member))


def last_name(rule: str) -> str | None:
    """Return the last name of a path (``data.infoCode`` -> ``infoCode``), or None: a template has none."""
    if is_address_template(rule):
        return None
    match = _LAST_NAME.search(rule)
    return match[1] if match else None


def compact(record: Any) -> str:
    """Return the record as the shortest JSON."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def has_key(answer: Any, path: str) -> bool:
    """Return whether a plain path (``data.list``) leads to something, null included."""
    if isinstance(answer, dict) and path in answer:
        return True
    match = _PLAIN_PATH.match(path)
    for key in match[0].split(".") if match else [path]:
        answer = embedded(answer)
        if not isinstance(answer, dict) or key not in answer:
            return False
        answer = answer[key]
    return True


@lru_cache(maxsize=1024)
def _compiled(path: str) -> ParsedResult | None:
    """None: a key that JMESPath cannot say (``来源``), which a record may have or lack."""
    try:
        return jmespath.compile(quoted(path))
    except JMESPathError as error:
        if _KEY.fullmatch(path) and ".." not in path and path.strip(".") == path:
            return None
        raise RuleError(f"{path!r} is neither a key nor a JMESPath ({str(error).splitlines()[0]})") from error
