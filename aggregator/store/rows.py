"""Nouns to and from what a column holds: JSON without defaults, times as milliseconds."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from aggregator.model import Content, Copy, CopyRef, Credit, Key, Link

Noun = TypeVar("Noun")


@dataclass(frozen=True, kw_only=True)
class Body:
    """What an entry says, as kept: all of an Entry that has no column of its own."""

    content: Content
    credit: Credit
    copies: tuple[CopyRef, ...] = ()
    related: tuple[Link, ...] = ()


@cache
def _adapter(noun: Any) -> TypeAdapter[Any]:
    return TypeAdapter[Any](noun)


def to_json(value: Any, noun: Any) -> str:
    """Return the value as compact JSON, what equals its default left out."""
    return _adapter(noun).dump_json(value, exclude_defaults=True).decode()


def from_json(text: str, noun: type[Noun]) -> Noun:
    """Return the value that ``to_json`` was given."""
    return cast(Noun, _adapter(cast(Any, noun)).validate_json(text))


def milliseconds(when: datetime | None) -> int | None:
    """Return the time as a column holds it."""
    return None if when is None else stamp(when)


def stamp(when: datetime) -> int:
    return (when - EPOCH) // timedelta(milliseconds=1)


def moment(value: int) -> datetime:
    return EPOCH + timedelta(milliseconds=value)


def moment_or_none(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def span(value: int | None) -> timedelta | None:
    return None if value is None else timedelta(milliseconds=value)


def span_milliseconds(value: timedelta | None) -> int | None:
    return None if value is None else value // timedelta(milliseconds=1)


def digest(key: Key, source_id: int) -> bytes:
    """Return 16 bytes that stand for a key. A scoped one counts within its source, whatever the source is called."""
    scope = str(source_id) if key.scope else ""
    return blake2b(f"{key.kind}\x00{scope}\x00{key.value}".encode(), digest_size=16).digest()


def body_hash(body: str) -> bytes:
    return blake2b(body.encode(), digest_size=16).digest()


def as_ref(copy: Copy, is_private: bool) -> CopyRef:
    """Return the copy as feeds name it beside the one that speaks."""
    return CopyRef(source=copy.source, title=copy.credit.title, url=copy.url, guid=copy.guid, is_private=is_private)


def differs_as_reader_sees(one: Content, other: Content) -> bool:
    """A change in title, text, author or enclosures."""
    return any(
        getattr(one, field.name) != getattr(other, field.name)
        for field in fields(Content)
        if field.name in ("title", "html", "summary", "authors", "enclosures")
    )
