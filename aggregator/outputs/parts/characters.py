"""Text without the characters that no document of ours may hold. Pure."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

T = TypeVar("T")

# XML 1.0, section 2.2: control characters, lone surrogates, U+FFFE and U+FFFF cannot be written, not even escaped
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(value: T) -> T:
    """Return the same noun with every text in it fit for XML, JSON and HTML.

    value: a dataclass of the model, however deep, or a text. Where nothing has to go, it is the very same value.
    What reaches us was cleaned before; one forgotten character would cost a whole feed, so it is made sure of here.
    """
    return cast(T, _writable(value))


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value) if _FORBIDDEN.search(value) else value
    if isinstance(value, tuple):
        cleaned = tuple(_writable(item) for item in value)
        return value if all(new is old for new, old in zip(cleaned, value, strict=True)) else cleaned
    if is_dataclass(value) and not isinstance(value, type):
        changes = {}
        for field in fields(value):
            old = getattr(value, field.name)
            if (new := _writable(old)) is not old:
                changes[field.name] = new
        return replace(value, **changes) if changes else value
    return value
