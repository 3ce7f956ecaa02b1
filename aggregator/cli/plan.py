"""``aggregator plan``: what this feeds.yaml would change for subscribers."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from aggregator.cli.context import Context, Tone
from aggregator.cli.words import beginning, count, plain
from aggregator.plan import FeedChange, Plan, Titles, plan
from aggregator.store.rehearsal import IdChange
from aggregator.text.urls import without_credentials

SHOWN = 3  # of each kind; -v shows all
TITLE = 70  # characters


def run(context: Context) -> int:
    """Return 0, whatever would change. Nothing is written, and the daemon may go on meanwhile."""
    config = context.config()
    found = plan(config, now=context.now())
    if context.is_json:
        context.report(_json(found))
    else:
        _say(context, found)
    return 0


# --- for people ----------------------------------------------------------------------------------


def _say(context: Context, found: Plan) -> None:
    if not found.is_change:
        context.say("nothing changes: subscribers see what they saw", tone="good")
    _say_sources(context, found)
    _say_files(context, found)
    _say_feeds(context, found)
    _say_ids(context, found)
    if found.unpublished and not context.is_quiet:
        context.say(
            f"{count(len(found.unpublished), 'feed')} had changes from polls that were not published yet; "
            "they are counted above",
            tone="dim",
        )


def _say_sources(context: Context, found: Plan) -> None:
    sources = found.sources
    lines: list[tuple[str, Tone | None]] = [
        *((f"+ {plain(name)}: new; its first poll tells what it brings", "good") for name in sources.added),
        *(
            (f"- {plain(name)}: no longer polled; its entries stay until their retention is over", "bad")
            for name in sources.removed
        ),
        *((f"+ {plain(name)}: polled again", "good") for name in sources.returned),
        *((f"~ {plain(before)} is called {plain(after)}: the same source", None) for before, after in sources.renamed),
        *(
            (f"~ {plain(name)}: polled at {plain(after)} instead of {plain(before)}", None)
            for name, before, after in sources.moved
        ),
        *((f"~ {plain(name)}: other categories, priority or privacy", None) for name in sources.placed),
        *(
            (f"~ {plain(name)}: read in another way; its next poll reads everything anew", None)
            for name in sources.reread
        ),
    ]
    _section(context, "sources", lines)


def _say_files(context: Context, found: Plan) -> None:
    lines: list[tuple[str, Tone | None]] = [
        *((f"+ {line}", "good") for line in _places(found.added)),
        *((f"- {line}", "bad") for line in _places(found.removed)),
    ]
    if found.changed:
        feeds = sum(path.endswith((".atom", ".rss", ".json")) for path in found.changed)
        lines.append((f"~ {count(len(found.changed), 'file')} written again, {feeds} of them feeds", None))
    _section(context, "files", lines)


def _places(paths: Iterable[str]) -> list[str]:
    """Return the paths, those that differ in the suffix alone on one line."""
    places: dict[str, list[str]] = {}
    for path in paths:
        parts = PurePosixPath(path)
        places.setdefault(str(parts.with_suffix("")), []).append(parts.suffix)
    return [
        f"{place} ({', '.join(suffixes)})" if suffixes[1:] else place + suffixes[0]
        for place, suffixes in places.items()
    ]


def _say_feeds(context: Context, found: Plan) -> None:
    lines: list[tuple[str, Tone | None]] = []
    for (before, after), entries in found.moves.items():
        lines.append((f"~ {_entries(entries)} {_verb(entries, 'move')} from {before} to {after}", None))
    for feed in found.feeds:
        lines.append((f"~ {feed.path}: {_coming(feed)}", None))
        lines.extend(_titles(context, "+", feed.come, "good"))
        lines.extend(_titles(context, "-", feed.go, "bad"))
    _section(context, "entries", lines)


def _coming(feed: FeedChange) -> str:
    come = f"{_entries(feed.come)} {_verb(feed.come, 'come')}" if feed.come else ""
    go = f"{_entries(feed.go)} {_verb(feed.go, 'go', 'goes')}" if feed.go else ""
    return ", ".join(filter(None, (come, go)))


def _entries(entries: Titles) -> str:
    return count(len(entries), "entry", "entries")


def _verb(entries: Titles, many: str, one: str | None = None) -> str:
    return many if len(entries) != 1 else one or many + "s"


def _titles(context: Context, mark: str, entries: Titles, tone: Tone) -> Iterable[tuple[str, Tone | None]]:
    shown = list(entries.values()) if context.is_verbose else list(entries.values())[:SHOWN]
    yield from ((f"    {mark} {beginning(title, TITLE) or 'untitled'}", tone) for title in shown)
    if len(shown) < len(entries):
        yield f"    {mark} … and {len(entries) - len(shown)} more (-v shows them)", "dim"


def _say_ids(context: Context, found: Plan) -> None:
    lines: list[tuple[str, Tone | None]] = []
    for ids, said, tone in (
        (found.announced, "announced again under a new id", "bad"),
        (found.revived, "stands again under the id that it once had", None),
        (found.retired, "becomes one with another entry", "bad"),
        (found.taken, "is taken down", "bad"),
        (found.barred, "will be kept away when it comes", None),
        (found.expired, "leaves the store: its retention is over", None),
    ):
        lines.extend(_id_lines(context, ids, said, tone))
    _section(context, "ids", lines)


def _id_lines(
    context: Context, ids: Sequence[IdChange], said: str, tone: str | None
) -> Iterable[tuple[str, Tone | None]]:
    shown = ids if context.is_verbose else ids[:SHOWN]
    colour: Tone | None = "bad" if tone == "bad" else None
    for one in shown:
        name = f"{beginning(one.title, TITLE)} ({plain(one.id)})" if one.title else plain(one.id)
        other = f", until now {plain(one.other)}" if one.other and said.startswith("announced") else ""
        yield f"~ {name}: {said}{other}", colour
    if len(shown) < len(ids):
        yield f"~ … and {len(ids) - len(shown)} more: {said}", colour


def _section(context: Context, name: str, lines: Sequence[tuple[str, Tone | None]]) -> None:
    if lines:
        context.say(name, tone="strong")
        for line, tone in lines:
            context.say(f"  {line}", tone=tone)


# --- for programs --------------------------------------------------------------------------------


def _json(found: Plan) -> dict[str, Any]:
    sources = found.sources
    return {
        "changes": found.is_change,
        "sources": {
            "added": list(sources.added),
            "removed": list(sources.removed),
            "returned": list(sources.returned),
            "renamed": [{"from": before, "to": after} for before, after in sources.renamed],
            "moved": [
                {"source": name, "from": without_credentials(before), "to": without_credentials(after)}
                for name, before, after in sources.moved
            ],
            "placed": list(sources.placed),
            "reread": list(sources.reread),
        },
        "categories": {"added": list(found.categories)},
        "files": {"added": list(found.added), "removed": list(found.removed), "changed": list(found.changed)},
        "feeds": [{"path": feed.path, "come": _told(feed.come), "go": _told(feed.go)} for feed in found.feeds],
        "moves": [
            {"from": before, "to": after, "entries": _told(entries)} for (before, after), entries in found.moves.items()
        ],
        "announced": [_id(one) for one in found.announced],
        "revived": [_id(one) for one in found.revived],
        "retired": [_id(one) for one in found.retired],
        "taken": [_id(one) for one in found.taken],
        "barred": [_id(one) for one in found.barred],
        "expired": [_id(one) for one in found.expired],
        "unpublished": list(found.unpublished),
    }


def _told(entries: Titles) -> list[Mapping[str, str]]:
    return [{"id": uid, "title": title} for uid, title in entries.items()]


def _id(one: IdChange) -> dict[str, str | None]:
    return {"id": one.id, "title": one.title, "other": one.other}
