"""The JSON in which a feed came: loaded, saved as far as it goes, told apart. Pure."""

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from aggregator.errors import ReadError
from aggregator.sources.parts.bounds import too_heavy
from aggregator.sources.parts.json_documents import decoder

Object = Mapping[str, Any]

_GAP = re.compile(r"[\s,]*")
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_NAME = re.compile(r"(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*", re.ASCII)
_CONTAINERS = frozenset({"channel", "item", "image", "textInput", "skipHours", "skipDays"})  # their values are elements
_DEEPEST = 20


def loaded(text: str, url: str) -> tuple[Object | None, str | None]:
    """Return the object that a text holds (None: something else), and what is wrong with it as JSON.

    Of a list of ``items`` that is broken or cut off the whole ones before stay. Raises ReadError where none does.
    """
    if fault := too_heavy(text):
        raise ReadError(fault, url=url)
    try:
        found = decoder().decode(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        saved = _saved(text)
        if not saved and isinstance(error, RecursionError):
            raise ReadError(f"this JSON cannot be read: it is {reason}", url=url) from error
        if not saved:
            raise ReadError(f"this begins like JSON and is not ({reason}); check the address", url=url) from error
        return saved, reason
    return (found if isinstance(found, dict) else None), None


def _saved(text: str) -> Object | None:
    """What stands before the items, and the items that are whole."""
    start = _ITEMS.search(text)
    if start is None:
        return None
    reads = decoder()
    try:
        head = reads.decode(text[: start.start()].rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        return None
    items: list[Any] = []
    position = start.end()
    while gap := _GAP.match(text, position):
        try:
            item, position = reads.raw_decode(text, gap.end())
        except (ValueError, RecursionError):
            break
        items.append(item)
    return {**head, "items": items} if items and isinstance(head, dict) else None


def rss_in_json(found: Object) -> str | None:
    """Return the RSS that an object stands for as XML, or None when it is none.

    github.com/scripting/Scripting-News, "RSS in JSON": names are those of the elements, several of one name a list,
    ``#value`` is the text of an element that has attributes.
    """
    rss = found.get("rss")
    if not isinstance(rss, dict) or not isinstance(rss.get("channel"), dict):
        return None
    return _element("rss", rss, depth=0)


def _element(name: str, value: Any, *, depth: int) -> str:
    if not _NAME.fullmatch(name) or depth > _DEEPEST:
        return ""
    if isinstance(value, list):
        return "".join(_element(name, one, depth=depth + 1) for one in value)
    if not isinstance(value, dict):
        return f"<{name}>{escape(_scalar(value))}</{name}>"
    attributes, children = "", ""
    for key, inner in value.items():
        if key == "#value":
            children += escape(_scalar(inner))
        elif name in _CONTAINERS or isinstance(inner, dict | list):
            children += _element(key, inner, depth=depth + 1)
        elif _NAME.fullmatch(key):
            attributes += f" {key}={quoteattr(_scalar(inner))}"
    return f"<{name}{attributes}>{children}</{name}>"


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", str(value))
