"""``aggregator explain``: why an entry is one."""

from datetime import datetime
from typing import Any

from aggregator.cli.context import Context
from aggregator.cli.words import clock, plain, utc
from aggregator.config import Config
from aggregator.errors import UsageError
from aggregator.model import Copy
from aggregator.store import Explained, Happening

KINDS = {"parameter": "parameter", "url": "URL", "guid": "guid", "text": "text"}


def run(context: Context) -> int:
    """Return 0. Raises UsageError for a word that means no entry."""
    config = context.config()
    word = context.arguments.entry
    with context.reading(config) as store:
        explained = store.explain(word) if store else None
    if explained is None:
        raise UsageError(f"no entry is known by {word!r}; an id, a URL or a key such as infocode=… is asked for")
    if context.is_json:
        context.report(_json(explained))
    else:
        _say(context, config, explained)
    return 0


def _say(context: Context, config: Config, explained: Explained) -> None:
    def at(when: datetime) -> str:
        return clock(when, now=context.now(), timezone=config.site.timezone)

    context.say(plain(explained.title or "untitled"), tone="strong")
    context.say(f"  id {explained.id}")
    if explained.asked and not explained.asked.startswith(("http://", "https://")):
        context.say(f"  asked for as {plain(explained.asked)}")
    for uid in explained.retired:
        context.say(f"  was also {uid}: retired, never used again")
    context.say(f"  first seen {at(explained.first_seen)}")
    if explained.fate == "taken":
        context.say("  taken down: its text is erased, and its keys keep every copy away", tone="bad")
    elif explained.fate == "expired":
        context.say("  past its retention: only the id and its first date are kept")
    for number, (copy, first_seen, left) in enumerate(explained.copies):
        is_last = number == len(explained.copies) - 1
        context.say(f"  {'└─' if is_last else '├─'} {plain(copy.source)}{_why_it_speaks(explained, number)}")
        stem = "  " if is_last else "│ "
        context.say(f"  {stem}   seen {at(first_seen)}" + (f", no longer listed since {at(left)}" if left else ""))
        for key in copy.keys:
            shared = any(key in other.keys for other, _, _ in explained.copies if other is not copy)
            context.say(f"  {stem}   {KINDS[key.kind]} {plain(key.value)}{'  (shared)' if shared else ''}")
    for happening in explained.events:
        context.say(f"  {at(happening.at)}  {_told(happening)}", tone="dim")


def _why_it_speaks(explained: Explained, number: int) -> str:
    if number:
        return ""
    first, others = explained.copies[0][0], [copy for copy, _, _ in explained.copies[1:]]
    if not others:
        return "  speaks: it is the only copy"
    if any(first.priority > other.priority for other in others):
        return f"  speaks: priority {first.priority}"
    if first.own and not all(other.own for other in others):
        return "  speaks: it is the article's own site"
    return "  speaks: it came first"


def _told(happening: Happening) -> str:
    by = plain(str(happening.detail.get("by") or "what the source itself calls it"))
    match happening.kind:
        case "joined":
            return f"{plain(happening.source or '?')} joined by {by}"
        case "retired":
            return f"{happening.detail.get('retired')} turned out to be the same, by {by}"
        case "taken":
            reason = happening.detail.get("reason")
            return f"taken down{f': {plain(str(reason))}' if reason else ''}"
        case "moved":
            was, now = (plain(str(happening.detail.get(end))) for end in ("from", "to"))
            return f"{plain(happening.source or '?')} had it as {was} and has it as {now}"
        case "split":
            apart = happening.detail.get("apart")
            words = [plain(str(word)) for word in apart] if isinstance(apart, list) else []
            return f"parted, as feeds.yaml says: {' is not '.join(words)}"
        case "dropped":
            return f"a copy by {plain(happening.source or '?')} was kept away"
        case other:
            return f"{other} {plain(happening.source or '')}".rstrip()


def _json(explained: Explained) -> dict[str, Any]:
    return {
        "id": explained.id,
        "title": explained.title,
        "fate": explained.fate,
        "first_seen": utc(explained.first_seen),
        "retired": list(explained.retired),
        "keys": [
            {"kind": key.kind, "value": key.value, "source": copy.source}
            for copy, _, _ in explained.copies
            for key in copy.keys
        ],
        "copies": [
            _copy(copy, first_seen, left, speaks=number == 0)
            for number, (copy, first_seen, left) in enumerate(explained.copies)
        ],
        "events": [
            {"at": utc(one.at), "kind": one.kind, "source": one.source, **one.detail} for one in explained.events
        ],
    }


def _copy(copy: Copy, first_seen: datetime, left: datetime | None, *, speaks: bool) -> dict[str, Any]:
    return {
        "source": copy.source,
        "url": copy.url,
        "guid": copy.guid,
        "title": copy.content.title,
        "speaks": speaks,
        "own": copy.own,
        "priority": copy.priority,
        "first_seen": utc(first_seen),
        "left": utc(left),
    }
