"""``aggregator entries``: what is stored."""

from typing import Any

from aggregator.cli.context import Context
from aggregator.cli.words import plain, utc
from aggregator.config import Config, remembered, with_members
from aggregator.errors import UsageError
from aggregator.refresh import named
from aggregator.store import Listed, Store

FOR_PEOPLE = 50  # entries, where nobody said how many


def run(context: Context) -> int:
    """Return 0, also where nothing was found. Raises UsageError for a category or a source that there is not."""
    config = context.config()
    limit = context.arguments.limit
    most = limit if limit or context.is_json else FOR_PEOPLE
    with context.reading(config) as store:
        entries = _found(context, config, store, most=most)
    more = most is not None and len(entries) > most
    entries = entries[:most]
    if context.is_json:
        context.report({"entries": [_json(entry) for entry in entries]})
        return 0
    for entry in entries:
        _say(context, config, entry)
    if not entries:
        context.tell("nothing is stored that matches" if store else "nothing is stored yet; see `aggregator refresh`")
    elif more and not limit:
        context.tell(f"the newest {most}; --limit shows more", tone="dim")
    return 0


def _found(context: Context, config: Config, store: Store | None, *, most: int | None) -> tuple[Listed, ...]:
    """Return the entries asked for, one more than ``most`` where there are more."""
    arguments = context.arguments
    category, source = arguments.category, arguments.source
    if category is not None and not _has_category(config, store, category):
        raise UsageError(f"there is no category {category!r}; a slug or a name is asked for")
    known = None if source is None else _source_names(config, store, source)
    if store is None:
        return ()
    return store.listed(
        category=category,
        sources=known,
        search=arguments.search,
        limit=None if most is None else most + 1,
    )


def _has_category(config: Config, store: Store | None, category: str) -> bool:
    if store is not None and store.has_category(category):
        return True
    written = {name for source in config.sources for name in source.categories}
    for rule in config.categories:
        written |= {rule.name, rule.slug or rule.name, *rule.aliases}
    return category in written


def _source_names(config: Config, store: Store | None, word: str) -> tuple[str, ...]:
    """Return the names of the sources known by this word: one, or a list and all feeds that it names or named.

    One that feeds.yaml no longer has may have left entries.
    """
    members = store.all_members() if store else {}
    try:
        (source,) = named(with_members(config, members).sources, [word])
    except UsageError:
        if store is not None and store.listed(sources=[word], limit=1):
            return (word,)
        raise
    return (source.name, *(f"{source.name}/{member.name}" for member in remembered(source, members)))


def _json(entry: Listed) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "url": entry.url,
        "published": utc(entry.published),
        "updated": utc(entry.updated),
        "first_seen": utc(entry.first_seen),
        "categories": list(entry.categories),
        "copies": [{"source": source, "url": url, "guid": guid} for source, url, guid in entry.copies],
    }


def _say(context: Context, config: Config, entry: Listed) -> None:
    from zoneinfo import ZoneInfo

    when = "undated         "
    if entry.published is not None:
        when = f"{entry.published.astimezone(ZoneInfo(config.site.timezone)):%Y-%m-%d %H:%M}"
    context.say(f"{when}  {plain(entry.title or 'untitled')}", tone="strong")
    copies = plain(entry.copies[0][0]) if entry.copies else ""
    if len(entry.copies) > 1:
        copies += f" +{len(entry.copies) - 1}"
    parts = [part for part in (", ".join(entry.categories), copies, plain(entry.url or entry.id)) if part]
    context.say(f"{' ' * len(when)}  {' · '.join(parts)}", tone="dim")
