"""YAML with its lines: plain values, and where in the file each of them stands."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from aggregator.errors import ConfigError, Problem

DEEPEST = 64  # levels; what people write has ten
MOST_VALUES = 2_000_000  # counted with every alias followed: ten aliases of ten aliases … would fill any memory

Place = tuple[str | int, ...]  # ("sources", 3, "items") is sources[3].items

_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_ENDLESS = "the aliases (*name) in this file unfold without end"
_BAD_START = re.compile(r"found character '(.)' that cannot start any token")
_MERGE = "tag:yaml.org,2002:merge"


class Lines:
    """A YAML document as plain values (``data``), and the mistakes in it that do not stop its reading (``problems``).

    Numbers that are not whole, dates and numbers with leading zeros stay the text that was written.
    Raises ConfigError when the text is no YAML. file: how problems call it.
    """

    def __init__(self, text: str, *, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._values = 0
        self._root = _compose(text, file)
        self.data = None if self._root is None else self._plain(self._root, ())

    def line(self, place: Place) -> int:
        """Return the line of a key or a list's item, counted from 1; of the nearest thing around it that is written."""
        node, line = self._root, 1
        for step in place:
            found = _step(node, step)
            if found is None:
                break
            mark, node = found
            line = mark.start_mark.line + 1
        return line

    def holds(self, place: Place) -> bool:
        """Tell whether something is written at this place."""
        node = self._root
        for step in place:
            found = _step(node, step)
            if found is None:
                return False
            node = found[1]
        return True

    def node(self, place: Place) -> Node | None:
        """Return what is written at a place, with its marks in the text; None where nothing is."""
        node = self._root
        for step in place:
            found = _step(node, step)
            if found is None:
                return None
            node = found[1]
        return node

    def problem(self, place: Place, message: str) -> Problem:
        return Problem(file=self.file, line=self.line(place), path=spell(place), message=message)

    def _plain(self, node: Node, place: Place, merges: int = 0) -> Any:
        self._values += 1
        if self._values > MOST_VALUES or len(place) > DEEPEST or merges > DEEPEST:
            raise ConfigError([_at(node, self.file, _ENDLESS)])
        if isinstance(node, SequenceNode):
            return [self._plain(item, (*place, at)) for at, item in enumerate(node.value)]
        if isinstance(node, MappingNode):
            return self._mapping(node, place, merges)
        return _scalar(node)

    def _mapping(self, node: MappingNode, place: Place, merges: int) -> dict[str, Any]:
        written: dict[str, int] = {}
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                for other in _merged(value):
                    merged = self._plain(other, place, merges + 1) | merged
                continue
            if not isinstance(key, ScalarNode):
                self.problems.append(_at(key, self.file, "a key must be text", spell(place)))
                continue
            name, line = key.value, key.start_mark.line + 1
            if name in written:
                message = f"the key stands here a second time; it was in line {written[name]} first"
                self.problems.append(_at(key, self.file, message, spell((*place, name))))
                continue
            written[name] = line
            own[name] = self._plain(value, (*place, name))
        return merged | own if merged else own


def spell(place: Sequence[str | int]) -> str:
    """Return a place as people write it: ``sources[3].items``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).removeprefix(".")


def _compose(text: str, file: str) -> Node | None:
    # Nodes, not values: they carry their lines, and it takes 2.8 s for 10 000 sources where a round trip takes 4.
    loader = YAML(typ="safe", pure=True)
    loader.max_depth = DEEPEST
    loader.composer.warn_double_anchors = False  # of a name that comes twice the last counts (YAML 1.2, section 7.1)
    try:
        root: Node | None = loader.compose(text)
    except MarkedYAMLError as error:
        raise ConfigError([Problem(file=file, line=_line(error), path="", message=_words(error))]) from error
    except YAMLError as error:  # a character that YAML forbids
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        message = "a control character stands here, which YAML does not allow"
        raise ConfigError([Problem(file=file, line=line, path="", message=message)]) from error
    return root


def _line(error: MarkedYAMLError) -> int:
    # What never ends is told where it began.
    marks = (error.context_mark, error.problem_mark) if "end" in str(error.problem) else (error.problem_mark,)
    return next((mark.line + 1 for mark in marks if mark is not None), 1)


def _words(error: MarkedYAMLError) -> str:
    problem, context = str(error.problem or "").strip(), str(error.context or "").strip()
    if "'\\t'" in problem:
        return "a tab stands here; YAML is indented with spaces"
    if "expected a single document" in context:
        return "a second document (---) begins here; one file holds one"
    if "mapping values are not allowed" in problem:
        return "not YAML: ': ' where none can be; look at the indentation, or put a text that holds ': ' in quotes"
    if "maximum depth" in problem:
        return f"nested more than {DEEPEST} levels deep"
    if "<stream end>" in problem and "flow" in context:
        return "not YAML: the [ or { in this line has no end"
    if "expected ','" in problem:
        return f"not YAML: {problem}; between [ ] or {{ }}, a text that holds one of , [ ] {{ }} has to stand in quotes"
    if "undefined alias" in problem:
        return f"not YAML: {problem}; a text that begins with * has to stand in quotes"
    if found := _BAD_START.search(problem):
        return f"not YAML: a text that begins with {found[1]} has to stand in quotes"
    return ": ".join(part for part in ("not YAML", context, problem) if part)


def _step(node: Node | None, step: str | int) -> tuple[Node, Node] | None:
    """Return the node that marks the step's place, and the node of its value."""
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == step and key.tag != _MERGE:
                return key, value
        for key, value in node.value:
            if key.tag == _MERGE:
                for other in _merged(value):
                    if (found := _step(other, step)) is not None:
                        return found
    return None


def _merged(value: Node) -> Iterator[MappingNode]:
    """Yield the mappings that ``<<: *name`` or ``<<: [*one, *two]`` brings; the first that has a key counts."""
    for node in value.value if isinstance(value, SequenceNode) else (value,):
        if isinstance(node, MappingNode):
            yield node


def _scalar(node: Node) -> str | int | bool | None:
    text: str = node.value
    match str(node.tag).rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() in ("true", "yes", "on", "y")
        case "int" if _WHOLE.fullmatch(text) and len(text) <= 40:
            return int(text)
    return text


def _at(node: Node, file: str, message: str, path: str = "") -> Problem:
    return Problem(file=file, line=node.start_mark.line + 1, path=path, message=message)
