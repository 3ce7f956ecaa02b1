"""Values out of JSON: keys, JMESPath, templates. Pure."""

import json
import re
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from aggregator.errors import ReadError
from aggregator.sources.parts.mapping import RuleError
from aggregator.sources.parts.templates import fill, is_address_template
from aggregator.text.decoding import decode

# callback({…}); and the guards some sites put before their JSON so that no page can run it as a script
_WRAPPED = re.compile(
    r"\s*(?:/\*.*?\*/\s*)*(?:\)\]\}',?|while\s*\(1\);|for\s*\(;;\);|[\w$.\s]+=|[\w$.]+\s*\()", re.DOTALL
)
_KEY = re.compile(r"[\w .:/@-]+")
_PLAIN_PATH = re.compile(r"\w+(?:\.\w+)*")
_LAST_NAME = re.compile(r'([^\W\d]\w*)"?[\])\s]*$')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# Where an API that answers an error says what is wrong, the most telling first.
_MESSAGES = (
    "message",
    "msg",
    "errmsg",
    "errMsg",
    "error_description",
    "error_message",
    "detail",
    "reason",
    "error",
    "errors",
)


def read_json(body: bytes, content_type: str | None, *, url: str) -> Any:
    """Return the value that a JSON answer holds; numbers that JSON does not have (NaN) are None.

    A byte order mark, a wrong charset and a call around it (JSONP) are passed over. Raises ReadError when it is empty
    or no JSON.
    """
    text = _text(body, content_type).strip().strip("\0")
    if not text:
        raise ReadError("the answer is empty; the address may have changed", url=url)
    try:
        value = _loads(text)
    except ValueError as error:
        raise ReadError(f"the answer is not JSON ({_place(error)}); it begins {text[:60]!r}", url=url) from error
    except RecursionError as error:
        raise ReadError("the answer nests JSON too deeply to be read", url=url) from error
    return value


def lookup(record: Any, path: str) -> Any:
    """Return what a path names in a record: the value of that very key, else what the JMESPath finds, or None.

    Raises RuleError when the path is neither.
    """
    if isinstance(record, dict) and path in record:
        return record[path]
    expression = _compiled(path)
    try:
        return expression.search(record) if expression is not None else None
    except (JMESPathError, RecursionError, ArithmeticError, TypeError, ValueError):
        return None  # a function that does not fit this record's values: it yields nothing here


def read_path(record: Any, rule: str) -> tuple[str, ...]:
    """Return the texts that a key, JMESPath or template gives for a record; none when there is nothing."""
    if is_address_template(rule):
        filled = fill(rule, lambda path: next(iter(as_texts(lookup(record, path))), None))
        return (filled,) if filled else ()
    return as_texts(lookup(record, rule))


def as_texts(value: Any) -> tuple[str, ...]:
    """Return a JSON value as texts: numbers as written, a list's members, ``name`` of an object. True is no text."""
    if isinstance(value, str):
        return (value.strip(),) if value.strip() else ()
    if isinstance(value, bool) or value is None:
        return ()
    if isinstance(value, int):
        return (str(value),)
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() else repr(value),)
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
        if not isinstance(answer, dict) or key not in answer:
            return False
        answer = answer[key]
    return True


def describe(answer: Any) -> str:
    """Return what came instead of what was wanted, in words for a message: what the answer says, and its keys."""
    if isinstance(answer, list):
        return f"a list of {len(answer)} came"
    if not isinstance(answer, dict):
        return f"only {str(answer)[:80]!r} came"
    says = message_of(answer)
    keys = f"keys that came: {keys_of(answer)}"
    return f"it says {says!r}; {keys}" if says else keys


def keys_of(record: Any) -> str:
    """Return the keys of an object, for a message."""
    if not isinstance(record, dict):
        return f"none, it is {str(record)[:40]!r}"
    more = ", …" if len(record) > 12 else ""
    return ", ".join(key[:40] for key in list(record)[:12]) + more or "none"


def message_of(answer: Any) -> str | None:
    """Return what an answer says in words (``{"code": 500, "msg": "…"}``), its code with it, or None."""
    if not isinstance(answer, dict):
        return None
    for key in _MESSAGES:
        value = answer.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = message_of(value)
        if isinstance(value, str) and value.strip():
            codes = [
                answer[name] for name in ("code", "status", "errcode", "errno") if answer.get(name) not in (None, "")
            ]
            code = f"{codes[0]}: " if codes and isinstance(codes[0], int | str) else ""
            return f"{code}{value.strip()}"[:200]
    return None


def _text(body: bytes, content_type: str | None) -> str:
    # JSON is UTF-8 (RFC 8259, section 8.1), or before that UTF-16 and UTF-32; a label is believed only after that.
    try:
        return body.decode(json.detect_encoding(body)).lstrip("\ufeff")
    except UnicodeDecodeError:
        return decode(body, content_type)


def _loads(text: str) -> Any:
    starts = [text]
    wrapped = _WRAPPED.match(text[:1000]) if text[0] not in '{["' else None
    if wrapped is not None:
        starts.insert(0, text[wrapped.end() :].lstrip())
    value: Any = None
    for start in starts:
        try:
            value, end = json.JSONDecoder(strict=False, parse_constant=lambda _: None).raw_decode(start)
        except ValueError:
            if start is text:
                raise
            continue
        rest = start[end:].strip()
        if rest.strip(");, \n") and start is text:
            raise ValueError(f"text after its end: {rest[:30]!r}")
        break
    if _SURROGATE.search(text):  # half a character, which no database and no file can hold
        value = json.loads(compact(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return value


def _place(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    return str(error)


@lru_cache(maxsize=1024)
def _compiled(path: str) -> ParsedResult | None:
    """None: a key that JMESPath cannot say (``来源``), which a record may have or lack."""
    try:
        return jmespath.compile(path)
    except JMESPathError as error:
        if _KEY.fullmatch(path) and ".." not in path and path.strip(".") == path:
            return None
        raise RuleError(f"{path!r} is neither a key nor a JMESPath ({str(error).splitlines()[0]})") from error
