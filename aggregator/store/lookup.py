"""What commands and the updater ask the store: entries, what is known of a copy, pages still wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from aggregator.model import Content, Key, RawEntry, Wanted
from aggregator.store import schema
from aggregator.store.held import copies_where, held_copy
from aggregator.store.placing import known_names
from aggregator.store.rows import Body, digest, from_json, moment, moment_or_none, stamp
from aggregator.store.statements import chunks


@dataclass(frozen=True, kw_only=True)
class KnownCopy:
    """A copy that the store has, as the updater needs it. salt: of the configuration that it was read with."""

    content: Content
    keys: tuple[Key, ...]
    categories: tuple[str, ...] | None
    has_page: bool
    salt: str


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An entry as ``aggregator entries`` shows it. copies: source, url, guid, the one that speaks first."""

    id: str
    title: str | None
    url: str | None
    published: datetime | None
    updated: datetime
    first_seen: datetime
    categories: tuple[str, ...]
    copies: tuple[tuple[str, str | None, str | None], ...]


def known_copies(connection: Connection, source: int, locals_: Sequence[str]) -> dict[str, KnownCopy]:
    """Return local name -> what the store has, for those that it has."""
    found: dict[str, KnownCopy] = {}
    for some in chunks(sorted(set(locals_))):
        rows = connection.execute(copies_where(schema.copies.c.source_id == source, schema.copies.c.local.in_(some)))
        for row in rows:
            held = held_copy(row)
            found[row.local] = KnownCopy(
                content=held.copy.content,
                keys=held.copy.keys,
                categories=held.copy.categories,
                has_page=held.copy.has_page,
                salt=held.salt,
            )
    return found


def first_seen(connection: Connection, source: int, locals_: Sequence[str]) -> dict[str, datetime]:
    """Return local name -> when the source's copy was first seen, for those that the store has."""
    table = schema.copies
    found: dict[str, datetime] = {}
    for some in chunks(sorted(set(locals_))):
        query = select(table.c.local, table.c.first_seen).where(table.c.source_id == source, table.c.local.in_(some))
        found.update({row.local: moment(row.first_seen) for row in connection.execute(query)})
    return found


def keys_with_text(connection: Connection, source: int, keys: Sequence[Key]) -> frozenset[Key]:
    """Return those parameter and URL keys whose entry has its text already: no page has to be fetched for them."""
    digests = {digest(key, source): key for key in keys if key.kind in ("parameter", "url")}
    found: set[Key] = set()
    ledger = successors(connection, known_names(connection, digests))
    for some in chunks(sorted(set(ledger.values()))):
        rows = connection.execute(
            select(schema.entries.c.id, schema.entries.c.body).where(schema.entries.c.id.in_(some))
        )
        full = {row.id for row in rows if from_json(row.body, Body).content.html}
        found.update(digests[name] for name, number in ledger.items() if number in full)
    return frozenset(found)


def successors(connection: Connection, ledger: Mapping[bytes, int]) -> dict[bytes, int]:
    """Return the same names with the numbers of the entries that those they had turned out to be."""
    now = dict(ledger)
    while now:
        moved: dict[int, int] = {}
        for some in chunks(sorted(set(now.values()))):
            rows = connection.execute(
                select(schema.ledger.c.id, schema.ledger.c.successor).where(
                    schema.ledger.c.id.in_(some), schema.ledger.c.successor.is_not(None)
                )
            )
            moved.update({row.id: row.successor for row in rows})
        if not moved:
            break
        now = {name: moved.get(number, number) for name, number in now.items()}
    return now


def wanted_articles(
    connection: Connection,
    source: int,
    *,
    among: Sequence[str] | None = None,
    due: datetime | None = None,
    limit: int | None = None,
) -> tuple[Wanted, ...]:
    """Return the article pages of a source that are still to be had, of the newest entries first.

    among: only those with these local names. due: only those whose time has come by then.
    """
    table = schema.articles
    query = select(table).where(table.c.source_id == source)
    if due is not None:
        query = query.where(table.c.due <= stamp(due))
    order = (func.coalesce(table.c.stands, -(2**53)).desc(), table.c.wanted_at.desc(), table.c.local)
    some = [None] if among is None else chunks(among)
    rows = [
        row
        for names in some
        for row in connection.execute(
            (query if names is None else query.where(table.c.local.in_(names))).order_by(*order).limit(limit)
        )
    ]
    return tuple(
        Wanted(
            local=row.local,
            raw=from_json(row.raw, RawEntry),
            base=row.base or "",
            fingerprint=row.fingerprint,
            tries=row.tries,
            due=moment(row.due),
            stands=moment_or_none(row.stands),
        )
        for row in rows
    )


def count_wanted_articles(connection: Connection, source: int, *, due: datetime) -> int:
    """Return how many article pages of a source are still to be had whose time has come by then."""
    table = schema.articles
    query = select(func.count()).select_from(table).where(table.c.source_id == source, table.c.due <= stamp(due))
    return int(connection.execute(query).scalar_one())


def sources_wanting_articles(connection: Connection, *, now: datetime) -> frozenset[str]:
    """Return the names of the sources that have an article page to be fetched now."""
    rows = connection.execute(
        select(schema.sources.c.name)
        .distinct()
        .join(schema.articles, schema.articles.c.source_id == schema.sources.c.id)
        .where(schema.articles.c.due <= stamp(now))
    )
    return frozenset(row[0] for row in rows)


def listed(
    connection: Connection,
    *,
    category: str | None = None,
    sources: Sequence[str] | None = None,
    search: str | None = None,
    limit: int | None = None,
) -> tuple[Listed, ...]:
    """Return entries, newest first. category: a slug or a name. sources: of any of these. search: in title and text,
    case ignored.
    """
    table = schema.entries
    query = select(table, schema.ledger.c.uid).join(schema.ledger, schema.ledger.c.id == table.c.id)
    if category is not None:
        named = select(schema.category_names.c.category_id).where(schema.category_names.c.name == category)
        slugged = select(schema.categories.c.id).where(schema.categories.c.slug == category)
        members = select(schema.entry_categories.c.entry_id).where(
            or_(schema.entry_categories.c.category_id.in_(named), schema.entry_categories.c.category_id.in_(slugged))
        )
        query = query.where(table.c.id.in_(members))
    if sources is not None:
        copied = (
            select(schema.copies.c.entry_id)
            .join(schema.sources, schema.sources.c.id == schema.copies.c.source_id)
            .where(schema.sources.c.name.in_(sources))
        )
        query = query.where(table.c.id.in_(copied))
    if search is not None:
        pattern = "%" + search.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(
            or_(
                func.lower(table.c.title).like(pattern, escape="\\"),
                func.lower(table.c.body).like(pattern, escape="\\"),
            )
        )
    query = query.order_by(table.c.stands.desc(), table.c.id)
    if limit is not None:
        query = query.limit(limit)
    rows = connection.execute(query).all()
    slugs = _slugs_of(connection, [row.id for row in rows])
    return tuple(
        Listed(
            id=row.uid,
            title=row.title,
            url=row.url,
            published=moment_or_none(row.published),
            updated=moment(row.updated),
            first_seen=moment(row.first_seen),
            categories=tuple(slugs.get(row.id, ())),
            copies=tuple((copy.source, copy.url, copy.guid) for copy in from_json(row.body, Body).copies),
        )
        for row in rows
    )


def has_category(connection: Connection, name: str) -> bool:
    """Whether a name or slug means a category."""
    return bool(
        connection.execute(select(schema.category_names.c.name).where(schema.category_names.c.name == name)).first()
        or connection.execute(select(schema.categories.c.slug).where(schema.categories.c.slug == name)).first()
    )


def _slugs_of(connection: Connection, ids: Sequence[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    for some in chunks(ids):
        rows = connection.execute(
            select(schema.entry_categories.c.entry_id, schema.categories.c.slug)
            .join(schema.categories, schema.categories.c.id == schema.entry_categories.c.category_id)
            .where(schema.entry_categories.c.entry_id.in_(some), schema.categories.c.slug != "")
            .order_by(schema.categories.c.id)
        )
        for row in rows:
            found.setdefault(row.entry_id, []).append(row.slug)
    return found
