"""The kinds of source, one file each: a document in, raw entries out. Pure.

A kind is a module of this package with two functions; nothing else has to be told of it:

``request(source) -> Request``        what to ask first in a poll
``read(document, source, *, now) -> Reading``     raises ReadError when the document is not of this kind

and, where feeds.yaml maps what it reads, a third:

``matched(document, source, *, now) -> tuple[Matched, ...]``    what each selector or path yields by itself
"""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Protocol, cast

from aggregator.model import ArticleRule, Document, Matched, Reading, Request, Source


class Kind(Protocol):
    """What a module in this package owes."""

    def request(self, source: Source) -> Request: ...

    def read(self, document: Document, source: Source, *, now: datetime) -> Reading: ...


@cache
def names() -> tuple[str, ...]:
    """Return the names of all kinds as feeds.yaml has them, which are their modules'; imports none."""
    return tuple(found.name for found in pkgutil.iter_modules(__path__) if not found.ispkg)


def kind(name: str) -> Kind:
    """Return the kind with that name; imported when it is first needed, because readers are heavy."""
    return cast(Kind, importlib.import_module(f"{__name__}.{name}"))


def kinds() -> Mapping[str, Kind]:
    """Return every kind by its name."""
    return {name: kind(name) for name in names()}


def settled(source: Source, name: str) -> Source:
    """Return the source as it is polled: of the kind with that name, its articles' pages read as that kind has it.

    A kind whose documents hold no texts says in ``ARTICLE`` how their pages are read where feeds.yaml does not.
    """
    default: ArticleRule | None = getattr(kind(name), "ARTICLE", None)
    if default is None:
        return replace(source, kind=name)
    rule = replace(source.article, facts=default.facts) if source.article else default
    return replace(source, kind=name, article=rule)


def matched(name: str, document: Document, source: Source, *, now: datetime) -> tuple[Matched, ...]:
    """Return what each rule of feeds.yaml yields in a document of the kind with that name; of others nothing."""
    told = getattr(kind(name), "matched", None)
    return tuple(told(document, source, now=now)) if told else ()


_JSON = re.compile(rb"[{\[]|\)\]\}'|(?:/\*.*?\*/\s*)?[\w$.]+\s*\(\s*[{\[]")  # a call around it too (JSONP)


def kind_of(source: Source, document: Document) -> str:
    """Return the name of the kind that reads this answer: as written, else found out from the answer.

    Where feeds.yaml says ``items``, an answer that begins like JSON is a json_api and any other an html_list; without
    ``items`` the first element tells, and what it does not tell is a feed, whose reader says what else came.
    What a list of feeds names is a feed: a list leads to no other.
    """
    if source.kind is not None:
        return source.kind
    if source.listed_in is not None:
        return "feed"
    if source.items is None:
        from aggregator.sources.parts.roots import KIND_OF_ROOT, root_of  # most commands read nothing
        from aggregator.sources.parts.unpacking import unpacked

        inner = unpacked(document, limit=source.max_bytes, what="answer")
        return KIND_OF_ROOT.get(root_of(inner) or "", "feed")
    start = document.body[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "json_api" if _JSON.match(start) else "html_list"
