"""JSON out of an answer: as it is, in a call (JSONP), or among the scripts of a page. Pure."""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from aggregator.errors import ReadError
from aggregator.sources.parts.bounds import too_heavy
from aggregator.sources.parts.literals import read_literal
from aggregator.text.decoding import decode
from aggregator.text.references import unescaped

DEEPEST = 200  # lists and objects within each other; more is an attack on whoever walks through them
_MOST_SCRIPTS = 500  # values of one page that are looked at

# callback({…}); and the guards some sites put before their JSON so that no page can run it as a script
_WRAPPED = re.compile(
    r"\s*+(?:/\*(?:[^*]|\*(?!/))*+\*/\s*+)*+(?:\)\]\}',?|while\s*\(1\);|for\s*\(;;\);|[\w$.\s]+=|[\w$.]+\s*\()",
    re.DOTALL,
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ASSIGNED = re.compile(r"(?<![\w$])([\w$]+)[\"']?\]?\s*=\s*(JSON\.parse\(\s*)?(?=[\[{\"'`])")
_MOST_TRIES = 5000  # places of one page where a value may begin
_MOST_QUOTED = 3  # times that JSON was put into a text of JSON
_LONGEST_INTEGER = 4000  # digits that Python turns into a number without asking


def read_json(body: bytes, content_type: str | None, *, url: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
    """Return the value that an answer holds; numbers that JSON does not have (NaN) are None.

    A byte order mark, a wrong charset, a call around it (JSONP), a text that holds JSON once more, and the page that it
    stands in are passed over; values one to a line are a list. Of the values of a page it is the first that ``fits``,
    else an object of all that have a name (``__NEXT_DATA__``, ``var list = …``), else the first.
    Raises ReadError when there is none, or when it nests more than DEEPEST deep.
    """
    text = _text(body, content_type).strip().strip("\0")
    if not text:
        raise ReadError("the answer is empty; the address may have changed", url=url)
    if fault := too_heavy(text):
        raise ReadError(fault, url=url)
    if text.startswith("<"):
        return _bounded(_of_page(text, url, fits), url)
    try:
        value = _loads(text)
    except RecursionError as error:
        raise _too_deep(url) from error
    except ValueError as error:
        raise ReadError(f"the answer is not JSON ({_place(error)}); it begins {text[:60]!r}", url=url) from error
    return _bounded(value, url)


def embedded(value: Any) -> Any:
    """Return what a text stands for that is JSON itself, or the value as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            found = _decoded(value.strip())
        except (ValueError, RecursionError):
            return value
        return value if _is_too_deep(found) else found
    return value


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
            value, end = _first_value(start)
        except ValueError:
            if start is text:
                raise
            continue
        rest = start[end:].strip()
        if rest.strip(");, \n") and start is text:
            value = _lines(text)
            if value is None:
                raise ValueError(f"text after its end: {rest[:30]!r}")
        break
    if _SURROGATE.search(text):  # half a character, which no database and no file can hold
        value = _whole_characters(value)
    for _ in range(_MOST_QUOTED):
        if not isinstance(value, str):
            break
        value = _decoded(value) if value.startswith('"') else embedded(value)
    return value


def _lines(text: str) -> list[Any] | None:
    """The values of a text that has one in each line (JSON Lines), or None."""
    try:
        return [_decoded(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return None


def _whole_characters(value: Any) -> Any:
    text = json.dumps(value, ensure_ascii=False)
    return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _first_value(text: str) -> tuple[Any, int]:
    """The value that a text begins with, and where it ends: JSON, else what a script may write."""
    try:
        return decoder().raw_decode(text)
    except ValueError:
        if text[:1] not in {"{", "["}:
            raise
        found, end = read_literal(text, 0) or (None, 0)
        if found is None:
            raise
        return _decoded(found), end


def _decoded(text: str) -> Any:
    return decoder().decode(text)


def decoder() -> json.JSONDecoder:
    """Return what reads JSON as servers write it: line ends in texts, NaN (None) and numbers of any length."""
    return json.JSONDecoder(strict=False, parse_constant=lambda _: None, parse_int=_integer, parse_float=_number)


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < _LONGEST_INTEGER else digits


def _number(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _place(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    return str(error)


def _bounded(value: Any, url: str) -> Any:
    if _is_too_deep(value):
        raise _too_deep(url)
    return value


def _too_deep(url: str) -> ReadError:
    return ReadError("the answer nests JSON too deeply to be read", url=url)


def _is_too_deep(value: Any) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        if not level:
            return False
        members = (member for one in level for member in (one.values() if isinstance(one, dict) else one))
        level = [member for member in members if isinstance(member, dict | list)]
    return True


# --- pages ---------------------------------------------------------------------------------------


def _of_page(text: str, url: str, fits: Callable[[Any], bool]) -> Any:
    """The value of a page that fits. Raises ReadError where the page holds none at all."""
    values: list[tuple[str | None, Any]] = []
    for name, value in _values_of_page(text, url):
        if _is_too_deep(value):
            continue
        values.append((name, value))
        if fits(value):
            return value
        if len(values) >= _MOST_SCRIPTS:
            break
    if not values:
        raise ReadError(
            f"the answer is a page without JSON in its scripts; it begins {text[:60]!r}; check the address, or read "
            "the page itself by kind: html_list",
            url=url,
        )
    named = {name: value for name, value in reversed(values) if name is not None}
    linked = [value for name, value in values if name == "ld+json"]
    if fits(linked):
        return linked
    return dict(reversed(named.items())) if named else values[0][1]


def _values_of_page(text: str, url: str) -> Iterator[tuple[str | None, Any]]:
    """Give each value among the scripts with its name: the script's id, the variable, or ``ld+json``."""
    from aggregator.sources.parts import selectors

    page = selectors.parse_html(text, url=url)
    shown = page.find("pre")  # an answer that somebody made readable for people
    if shown is not None and (value := _value_at(shown.get_text().strip(), 0)) is not None:
        yield None, value[0]
    tries = iter(range(_MOST_TRIES))
    for element in page.find_all("script"):
        written = element.get_text().strip()
        kind, id_ = str(element.get("type") or "").lower(), str(element.get("id") or "")
        script = written.removeprefix("<!--").strip()
        value = _value_at(script, 0) or _value_at(unescaped(script), 0) if script[:1] in {"{", "["} else None
        if value is not None:
            yield id_ or ("ld+json" if kind.endswith("ld+json") else None), value[0]
        else:
            yield from _assigned(script, tries)


def _assigned(script: str, tries: Iterator[int]) -> Iterator[tuple[str | None, Any]]:
    at = 0
    while (match := _ASSIGNED.search(script, at)) is not None and next(tries, None) is not None:
        at = match.end()
        found = _value_at(script, at)
        if found is None:
            continue
        value, at = found
        if match[2]:
            value = embedded(value)
        if isinstance(value, dict | list):
            yield match[1], value


def _value_at(text: str, at: int) -> tuple[Any, int] | None:
    """The value that begins there, and where it ends; None where it is no constant."""
    try:
        return decoder().raw_decode(text, at)
    except (ValueError, RecursionError):
        pass
    found = read_literal(text, at)
    if found is None:
        return None
    try:
        return _decoded(found[0]), found[1]
    except (ValueError, RecursionError):
        return None
