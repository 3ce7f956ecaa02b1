"""Templates: text with ``{names}``, and the number of the page that comes next. Pure."""

import json
import re
from collections.abc import Callable
from urllib.parse import quote

_NAME = re.compile(r"\{([^{}]+)\}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BODY_NAME = re.compile(r"\{([A-Za-z_][\w.]*)\}")  # in JSON, other braces stand around keys and quotes
_PATH_SAFE = "/:@!$&'()*+,;=~%"


def is_address_template(rule: str) -> bool:
    """Return whether the rule is an address with names in it: with a scheme or a leading slash, and ``{…}``."""
    return bool(_NAME.search(rule)) and (rule.startswith("/") or _SCHEME.match(rule) is not None)


def has_names(rule: str) -> bool:
    """Return whether the rule holds ``{…}``."""
    return _NAME.search(rule) is not None


def fill(template: str, value_of: Callable[[str], str | None]) -> str | None:
    """Return the template with its names replaced, or None when one of them has no value.

    In an address, values are escaped for the place where they stand: a slash stays a slash in the path, and nothing
    is special in the host or behind ``?``. Escapes that a value already has are kept.
    """
    is_address = is_address_template(template)
    filled = ""
    end = 0
    for match in _NAME.finditer(template):
        value = value_of(match[1].strip())
        if value is None or not value.strip():
            return None
        filled += template[end : match.start()]
        filled += _escaped(value.strip(), before=filled) if is_address else value
        end = match.end()
    return filled + template[end:]


def fill_body(template: str, value_of: Callable[[str], str | None]) -> str | None:
    """Return what is sent with a request, its names replaced, or None when one of them has no value.

    Values are escaped for JSON where the template begins like JSON, else for a form.
    """
    is_json = template.lstrip()[:1] in {"{", "["} and not _BODY_NAME.match(template.lstrip())
    filled: list[str] = []
    end = 0
    for match in _BODY_NAME.finditer(template):
        value = value_of(match[1])
        if value is None or not value.strip():
            return None
        filled += [template[end : match.start()], json.dumps(value)[1:-1] if is_json else quote(value, safe="")]
        end = match.end()
    return "".join([*filled, template[end:]])


def first_number(template: str, body: str) -> int:
    """Return the number of the page that a body asks for: 1 where the template did not make that body."""
    pattern = "".join(
        rf"(?P<page{at}>\d{{1,9}})" if piece == "page" else r".*?" if at % 2 else re.escape(piece)
        for at, piece in enumerate(_BODY_NAME.split(template))
    )
    match = re.fullmatch(pattern, body, re.DOTALL)
    numbers = [int(number) for number in match.groups()] if match else []
    return numbers[0] if numbers else 1


def next_number(template: str, url: str) -> int:
    """Return the number of the page that follows the one at ``url``: 2 where the template did not make that URL."""
    marker = "page-number-goes-here"
    filled = fill(template, lambda name: marker if name == "page" else "anything-goes-here")
    pattern = re.escape(filled or "").replace(re.escape(marker), r"(\d{1,9})", 1).replace(re.escape(marker), r"\d+")
    match = re.search(pattern.replace(re.escape("anything-goes-here"), r"[^/?#&]*") + "$", url)
    return int(match[1]) + 1 if match and match.groups() else 2


def _escaped(value: str, *, before: str) -> str:
    value = _ESCAPE.sub("%25", value)
    if "?" in before or "#" in before:
        return quote(value, safe="~%")
    in_host = "://" in before and "/" not in before.split("://", 1)[1]
    return quote(value, safe=_PATH_SAFE if not in_host or value.startswith("/") else "")
