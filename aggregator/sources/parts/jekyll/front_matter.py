"""Front matter of Jekyll posts. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

_FENCED = re.compile(r"\s*---[ \t]*\r?\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OPENED = re.compile(r"\s*---[ \t]*\r?\n[\w-]+:(?:[ \t]|\r?\n)")
_LONGEST = 100_000  # characters; more is no front matter but an attack on the YAML parser
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_DEEPEST = 100  # brackets within brackets, each of which makes the parser slower
_HALF = re.compile("[\ud800-\udfff]")
_DATED = re.compile(r"(\d{4}|\d{2})-(\d{1,2}-\d{1,2})-(.+)", re.DOTALL)


class FrontMatterError(ValueError):
    """The front matter cannot be read. line: in the file, from 1."""

    def __init__(self, message: str, *, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post taken apart. head: its front matter, every value a text as written, a list or a mapping of these.

    has_head: there is any, empty or not. body: with the line ends that the file has.
    """

    head: Mapping[str, Any]
    body: str
    has_head: bool = True


def split_post(text: str) -> Post:
    """Return the post; without lines of ``---`` all of it is the body.

    Raises FrontMatterError for front matter that is no YAML mapping, or is never closed.
    """
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    match = _FENCED.match(text)
    if match is None:
        if _OPENED.match(text):
            raise FrontMatterError("it is opened by --- and never closed", line=1)
        return Post(head={}, body=text, has_head=False)
    first_line = text[: match.start(1)].count("\n") if match[1] is not None else 1
    head = read_yaml((match[1] or "").replace("\r\n", "\n"), first_line=first_line)
    return Post(head=head, body=text[match.end() :])


def read_yaml(text: str, *, first_line: int = 0) -> dict[str, Any]:
    """Return a YAML mapping with every scalar as the text that was written: dates keep their offset, 012 its zero.

    Null is None, in quotes it is a text. Of a key that comes twice the last counts, as in Jekyll; ``<<`` merges.
    first_line: how many lines of the file stand before. Raises FrontMatterError.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if len(text) > _LONGEST:
        raise FrontMatterError(f"front matter of {len(text)} characters", line=first_line + 1)
    steps = ((character in "[{") - (character in "]}") for character in text if character in "[]{}")
    if max(accumulate(steps), default=0) > _DEEPEST:
        raise FrontMatterError("brackets within brackets without end", line=first_line + 1)
    yaml = YAML(typ="base", pure=True)
    yaml.composer.warn_double_anchors = False  # of an anchor that comes twice the last counts (YAML 1.2, section 7.1)
    try:
        found = _plain(yaml.compose(text), {})
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + 1 + (mark.line if mark else 0)
        raise FrontMatterError(f"{error.problem or error.context}", line=line) from error
    except (YAMLError, ValueError, TypeError, RecursionError, AttributeError, KeyError) as error:
        raise FrontMatterError(str(error).splitlines()[0] if str(error) else "no YAML", line=first_line + 1) from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise FrontMatterError("not a mapping such as 'title: …'", line=first_line + 1)
    return found


def _plain(node: Any, made: dict[int, Any]) -> Any:
    """The values of a node of YAML. made: those of nodes met before, since an alias is the very node that it names."""
    if node is None or id(node) in made:
        return None if node is None else made[id(node)]
    if node.id == "scalar":
        return None if node.style is None and node.value in _NULLS else _whole(node.value)
    if node.id == "sequence":
        made[id(node)] = None  # a list within itself ends there
        made[id(node)] = [_plain(member, made) for member in node.value]
        return made[id(node)]
    made[id(node)] = None
    merged: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, value in node.value:
        if key.id != "scalar":
            continue
        found = _plain(value, made)
        if key.value == "<<" and key.style is None:
            for one in reversed(found) if isinstance(found, list) else [found]:
                merged |= one if isinstance(one, dict) else {}
        else:
            own[_whole(key.value)] = found
    made[id(node)] = {**merged, **own}
    return made[id(node)]


def _whole(text: str) -> str:
    """The text with the halves of a character joined, as JSON writes ``\\ud83d\\ude00``, or U+FFFD for one alone."""
    if _HALF.search(text) is None:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def text_of(value: Any) -> str | None:
    """Return a front matter value as text, or None when it is empty, null or no text."""
    if not isinstance(value, str) or value.strip() in _NULLS:
        return None
    return value.strip()


def is_no(value: Any) -> bool:
    """Return whether a front matter value is YAML's false, as Jekyll reads it (YAML 1.1), in quotes or not."""
    return (text_of(value) or "").lower() in {"false", "no", "off"}


def words_of(head: Mapping[str, Any], plural: str, singular: str) -> tuple[str, ...]:
    """Return categories or tags: the plural is a list, or a text with spaces between, the singular is one."""
    found: list[str] = []
    if (several := text_of(head.get(plural))) is not None:
        found += several.split()
    for value in (head.get(plural), head.get(singular)):
        if isinstance(value, list):
            found += [text for member in value if (text := text_of(member))]
    if (one := text_of(head.get(singular))) is not None:
        found.append(one)
    return tuple(dict.fromkeys(found))


def name_parts(path: str) -> tuple[str | None, str]:
    """Return the date and the rest of a file name: ``2022-02-25-NW1.md`` -> ``2022-02-25``, ``NW1``.

    A year of two digits is of this century.
    """
    stem = path.rsplit("/", 1)[-1]
    stem = stem.rsplit(".", 1)[0] if "." in stem[1:] else stem
    match = _DATED.fullmatch(stem)
    if match is None:
        return None, stem.lstrip("-")
    year = match[1] if len(match[1]) == 4 else f"20{match[1]}"
    return f"{year}-{match[2]}", match[3]
