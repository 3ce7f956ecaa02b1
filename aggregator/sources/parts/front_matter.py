"""Front matter and permalinks of Jekyll posts. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

_FENCED = re.compile(r"\s*---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LONGEST = 100_000  # characters; more is no front matter but an attack on the YAML parser
_DEEPEST = 100  # brackets within brackets, each of which makes the parser slower
_DATED = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-(.+)", re.DOTALL)
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}


class FrontMatterError(ValueError):
    """The front matter cannot be read. line: in the file, from 1."""

    def __init__(self, message: str, *, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post taken apart. head: its front matter, every value a text as written, a list or a mapping of these."""

    head: Mapping[str, Any]
    body: str


def split_post(text: str) -> Post | None:
    """Return the post, its line ends made one, or None when it has no front matter.

    Raises FrontMatterError for front matter that is no YAML mapping.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    match = _FENCED.match(text)
    if match is None:
        return None
    first_line = text[: match.start(1)].count("\n") if match[1] is not None else 1
    return Post(head=read_yaml(match[1] or "", first_line=first_line), body=text[match.end() :])


def read_yaml(text: str, *, first_line: int = 0) -> dict[str, Any]:
    """Return a YAML mapping with every scalar as the text that was written: dates keep their offset, 012 its zero.

    Of a key that comes twice the last counts, as in Jekyll. first_line: how many lines of the file stand before.
    Raises FrontMatterError.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if len(text) > _LONGEST:
        raise FrontMatterError(f"front matter of {len(text)} characters", line=first_line + 1)
    steps = ((character in "[{") - (character in "]}") for character in text if character in "[]{}")
    if max(accumulate(steps), default=0) > _DEEPEST:
        raise FrontMatterError("brackets within brackets without end", line=first_line + 1)
    yaml = YAML(typ="base", pure=True)
    yaml.allow_duplicate_keys = True
    try:
        found = yaml.load(text)
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
    return {key: value for key, value in found.items() if isinstance(key, str)}


def text_of(value: Any) -> str | None:
    """Return a front matter value as text, or None when it is empty, null or no text."""
    if not isinstance(value, str) or value.strip() in {"", "~", "null", "Null", "NULL"}:
        return None
    return value.strip()


def words_of(head: Mapping[str, Any], plural: str, singular: str) -> tuple[str, ...]:
    """Return categories or tags: the singular is one, the plural a list, or a text with spaces between."""
    found: list[str] = []
    if (one := text_of(head.get(singular))) is not None:
        found.append(one)
    for value in (head.get(plural), head.get(singular)):
        if isinstance(value, list):
            found += [text for member in value if (text := text_of(member))]
    if (several := text_of(head.get(plural))) is not None:
        found += several.split()
    return tuple(dict.fromkeys(found))


def name_parts(path: str) -> tuple[str | None, str]:
    """Return the date and the rest of a file name: ``2022-02-25-NW1.md`` -> ``2022-02-25``, ``NW1``."""
    stem = path.rsplit("/", 1)[-1]
    stem = stem.rsplit(".", 1)[0] if "." in stem[1:] else stem
    match = _DATED.fullmatch(stem)
    return (match[1], match[2]) if match else (None, stem.lstrip("-"))


def permalink(
    style: str, *, slug: str, categories: tuple[str, ...], when: datetime | None, timezone: str
) -> str | None:
    """Return the path that Jekyll publishes a post under, or None when the style asks for a date that it lacks.

    style: ``date``, ``pretty``, ``ordinal``, ``none``, or a pattern such as ``/news/:year/:title``.
    """
    pattern = _STYLES.get(style, style)
    known = {
        "categories": "/".join(quote(name.lower(), safe="/") for name in categories),
        "title": quote(slug),
        "slug": quote(slug.lower()),
        "output_ext": ".html",
    }
    if when is not None:
        local = when.astimezone(ZoneInfo(timezone))
        known |= {
            **{"year": f"{local:%Y}", "short_year": f"{local:%y}", "month": f"{local:%m}", "day": f"{local:%d}"},
            **{"i_month": str(local.month), "i_day": str(local.day), "y_day": f"{local:%j}"},
            **{"hour": f"{local:%H}", "minute": f"{local:%M}", "second": f"{local:%S}"},
        }
    filled = re.sub(r":([a-z_]+)", lambda match: known.get(match[1], match[0]), pattern)
    if re.search(r":[a-z_]", filled):
        return None
    return "/" + re.sub(r"/{2,}", "/", filled).lstrip("/")
