"""The list of sources in feeds.yaml, edited in place: not a byte changes but those of the item.

A YAML library that reads and writes again keeps comments, and lays out anew what people have laid out. So the text is
cut where the library says that an item begins and ends. What came of it is read once more: unless it says the same as
before, but for the item, nothing is changed.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml.nodes import CollectionNode, Node, ScalarNode, SequenceNode

from aggregator.config.lines import Lines
from aggregator.errors import ConfigError, UsageError

KEY = "sources"
Item = str | Mapping[str, Any]  # an address alone, or a source with its keys

_BY_HAND = "the list of sources is written in a way that cannot be edited safely; please edit it by hand"
_KEY = re.compile(rf"(?m)^{KEY}[ \t]*:")
_LINE_END = re.compile(r"\r?\n|\Z")


def with_added(text: str, items: Sequence[Item], *, file: str) -> str:
    """Return the text of feeds.yaml with these sources behind the others. file: how problems call it.

    Raises ConfigError where the text is no YAML, UsageError where its list cannot be edited safely.
    """
    lines = Lines(text, file=file)
    before = _listed(lines)
    node, end = lines.node((KEY,)), _newline(text)
    written = [_written(item) for item in items]
    if isinstance(node, SequenceNode) and node.value and not node.flow_style:
        at = _end_of_line(text, _content_end(node.value[-1], text))
        indent = " " * node.start_mark.column
        after = text[:at] + "".join(f"{end}{indent}- {one}" for one in written) + text[at:]
    elif isinstance(node, SequenceNode) and node.value:
        at = node.value[-1].end_mark.index
        after = text[:at] + "".join(f", {one}" for one in written) + text[at:]
    elif isinstance(node, SequenceNode):
        block = "".join(f"{end}  - {one}" for one in written)
        after = text[: node.start_mark.index].rstrip(" ") + block + text[node.end_mark.index :]
    else:
        block = f"{KEY}:" + "".join(f"{end}  - {one}" for one in written)
        after = _without_empty_key(text, lines)
        after += ("" if not after or after.endswith("\n") else end) + block + end
    return _checked(text, after, [*before, *(item if isinstance(item, str) else dict(item) for item in items)], file)


def without(text: str, positions: Sequence[int], *, file: str) -> str:
    """Return the text without the sources at these positions; comments stay. Raises what ``with_added`` does."""
    before = _listed(Lines(text, file=file))
    after = text
    for position in sorted(set(positions), reverse=True):
        after = _cut(after, position, file)
    left = [item for position, item in enumerate(before) if position not in set(positions)]
    return _checked(text, after, left, file)


def _listed(lines: Lines) -> list[Any]:
    if lines.problems:
        raise ConfigError(lines.problems)
    data = lines.data if lines.data is not None else {}
    listed = data.get(KEY) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(listed, list | None):
        raise UsageError(_BY_HAND)
    return listed or []


def _cut(text: str, position: int, file: str) -> str:
    try:
        node = Lines(text, file=file).node((KEY,))
    except ConfigError as error:
        raise UsageError(_BY_HAND) from error
    if not isinstance(node, SequenceNode):
        raise UsageError(_BY_HAND)
    item = node.value[position]
    if not node.flow_style:
        start = item.start_mark.index - (item.start_mark.column - node.start_mark.column)
        begin = text.rfind("\n", 0, start) + 1
        end = _end_of_line(text, _content_end(item, text))
        rest = text[:begin] + text[end:].removeprefix("\r").removeprefix("\n")
        return rest if node.value[1:] else _KEY.sub(rf"{KEY}: []", rest, count=1)
    if position + 1 < len(node.value):
        return text[: item.start_mark.index] + text[node.value[position + 1].start_mark.index :]
    begin = node.value[position - 1].end_mark.index if position else item.start_mark.index
    return text[:begin] + text[item.end_mark.index :]


def _content_end(node: Node, text: str) -> int:
    """Return where the last sign of a node stands: a block's own end is where the next thing begins."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _content_end(last[1] if isinstance(last, tuple) else last, text)
    end = int(node.end_mark.index)
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return len(text[:end].rstrip())
    return end


def _end_of_line(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return found.start() if found else len(text)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _without_empty_key(text: str, lines: Lines) -> str:
    """Return the text without a ``sources:`` that nothing follows; it is written anew at the end."""
    if not lines.holds((KEY,)):
        return text
    return re.sub(rf"(?m)^{KEY}[ \t]*:[ \t]*(?:~|null)?[ \t]*(?:\r?\n|\Z)", "", text, count=1)


def _written(item: Item) -> str:
    if isinstance(item, str):
        return _scalar(item)
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in item.items()) + "}"


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return _scalar(value) if isinstance(value, str) else json.dumps(value)


def _scalar(text: str) -> str:
    """Return a text as YAML reads it back: as it is where that works, else in quotes."""
    try:
        if Lines(f"x: [{text}]", file="").data == {"x": [text]} and "\n" not in text:
            return text
    except ConfigError:
        pass
    return json.dumps(text, ensure_ascii=False)


def _checked(before: str, after: str, wanted: Sequence[Any], file: str) -> str:
    """Return the new text if it says what it should, and of all else what the old one said."""
    try:
        old, new = Lines(before, file=file), Lines(after, file=file)
    except ConfigError as error:
        raise UsageError(_BY_HAND) from error
    said, says = (dict(lines.data or {}) for lines in (old, new))
    said.pop(KEY, None)
    if new.problems or says.pop(KEY, None) != list(wanted) or said != says:
        raise UsageError(_BY_HAND)
    return after
