"""Pages that are asked for by what is sent, not by their address. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urldefrag

from aggregator.model import Source
from aggregator.sources.parts.templates import fill_body, first_number

_MARK = re.compile(r"page=(\d{1,9})$")


def body_template(source: Source) -> str | None:
    """Return the template of what is sent for further pages, or None where their address says all."""
    if source.next is None:
        return None
    if source.next.body is not None:
        return source.next.body
    return source.body if source.body is not None and "{page}" in source.body else None


def first_body(source: Source) -> str | None:
    """Return what is sent first: the source's body, which asks for page 1 where it counts."""
    if source.body is None or body_template(source) is None:
        return source.body
    return source.body.replace("{page}", "1")


@dataclass(frozen=True, kw_only=True)
class Following:
    """The page after one that came. body: None where the answer names none.

    mark: what tells its address from those of the other pages, and is the same for the same page.
    """

    number: int
    body: str | None
    mark: str


def following_body(source: Source, asked: str, value_of: Callable[[str], str | None]) -> Following | None:
    """Return what is sent for the next page, or None where pages are not told by what is sent.

    asked: the address of the page that came, with its mark.
    """
    template = body_template(source)
    if template is None:
        return None
    before = _MARK.search(urldefrag(asked)[1])
    number = (int(before[1]) if before else first_number(template, first_body(source) or "")) + 1
    body = fill_body(template, lambda path: str(number) if path == "page" else value_of(path))
    digest = blake2b((body or "").encode(), digest_size=6).hexdigest()
    mark = f"page={number}" if "{page}" in template else f"body={digest}"
    return Following(number=number, body=body, mark=mark)
