"""Categories: slugs decided once, the names that mean them, and what was touched since it was published."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, func, select, update

from aggregator.store import schema
from aggregator.text.slugs import is_slug, slug

ALL = ""  # the slug of the feed that holds every entry


def category_ids(connection: Connection, names: Iterable[str]) -> tuple[int, ...]:
    """Return the categories that the names mean, made where they are new, each once, in the order of the names."""
    return tuple(dict.fromkeys(category_id(connection, name) for name in names))


def category_id(connection: Connection, name: str, *, wanted_slug: str | None = None) -> int:
    """Return the category that a name means; a name met for the first time gets a slug for ever.

    A name that is itself a slug means the category that bears it; a category known only by its slug takes the
    first proper name that comes. Otherwise two names that give one slug are two categories, the later gets ``-2``.
    """
    known = category_id_of_name(connection, name)
    if known is not None:
        return known
    chosen = wanted_slug or (name if is_slug(name) else slug(name))
    bearer = connection.execute(
        select(schema.categories.c.id, schema.categories.c.name).where(schema.categories.c.slug == chosen)
    ).first()
    if bearer is None:
        return _made(connection, name, chosen)
    if chosen == name:
        add_name(connection, name, bearer.id)
    elif bearer.name == chosen:
        connection.execute(
            update(schema.categories).where(schema.categories.c.id == bearer.id).values(name=name, title=name)
        )
        show_again(connection, bearer.id)
        add_name(connection, name, bearer.id)
    else:
        return _made(connection, name, _free_slug(connection, chosen))
    return int(bearer.id)


def touch(connection: Connection, ids: Iterable[int]) -> None:
    """Note that what is published of these categories is no longer what the store says."""
    wanted = sorted(set(ids))
    if wanted:
        connection.execute(
            update(schema.categories)
            .where(schema.categories.c.id.in_(wanted))
            .values(touched=schema.categories.c.touched + 1)
        )


def describe(connection: Connection, category: int, *, title: str, position: int | None) -> None:
    """Let a category be called and stand as feeds.yaml says. title: empty means its name; position: None, not there."""
    table = schema.categories
    row = connection.execute(select(table).where(table.c.id == category)).one()
    title = title or row.name
    if title != row.title:
        show_again(connection, category)
    if title != row.title or row.position != position:
        values = {"title": title, "position": position, "touched": table.c.touched + 1}
        connection.execute(update(table).where(table.c.id == category).values(values))


def show_again(connection: Connection, category: int) -> None:
    """Note that a category is called something else: its entries say so, in whatever feeds they stand."""
    table = schema.entry_categories
    members = select(table.c.entry_id).where(table.c.category_id == category)
    where = select(table.c.category_id).where(table.c.entry_id.in_(members)).distinct()
    touch(connection, [category, *connection.execute(where).scalars()])
    connection.execute(delete(schema.fragments).where(schema.fragments.c.entry_id.in_(members)))


def mark_published(connection: Connection, counts: Mapping[int, int]) -> None:
    """Note which state of each category the files show. counts: category -> its ``touched`` when it was read."""
    for category, count in counts.items():
        connection.execute(update(schema.categories).where(schema.categories.c.id == category).values(published=count))


def all_id(connection: Connection) -> int:
    """Return the category that holds every entry."""
    return category_id_of_slug(connection, ALL) or _made(connection, ALL, ALL)


def category_id_of_name(connection: Connection, name: str) -> int | None:
    return connection.execute(
        select(schema.category_names.c.category_id).where(schema.category_names.c.name == name)
    ).scalar()


def category_id_of_slug(connection: Connection, wanted: str) -> int | None:
    return connection.execute(select(schema.categories.c.id).where(schema.categories.c.slug == wanted)).scalar()


def _made(connection: Connection, name: str, chosen: str) -> int:
    made = connection.execute(
        schema.categories.insert()
        .values(slug=chosen, name=name, title=name, touched=1, published=0)
        .returning(schema.categories.c.id)
    ).scalar_one()
    add_name(connection, name, made)
    return int(made)


def add_name(connection: Connection, name: str, category: int) -> None:
    """Let a name mean this category from now on."""
    connection.execute(schema.category_names.insert().values(name=name, category_id=category))


def _free_slug(connection: Connection, chosen: str) -> str:
    number = 2
    while True:
        candidate = f"{chosen[: 80 - len(str(number)) - 1]}-{number}"
        taken = connection.execute(select(func.count()).where(schema.categories.c.slug == candidate)).scalar_one()
        if not taken:
            return candidate
        number += 1
