"""``aggregator preview``: what a source would yield now, step by step, nothing stored."""

import glob
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from aggregator.apart.workers import Workers
from aggregator.cli.context import Context
from aggregator.cli.matched import matched_json, say_matched
from aggregator.cli.signals import until_done
from aggregator.cli.words import beginning, count, plain, size, utc
from aggregator.config import Config, Output
from aggregator.errors import UsageError
from aggregator.fetch.hosts import silences
from aggregator.membership import LIST
from aggregator.model import Copy, Member, Person, Site, Source
from aggregator.refresh import named
from aggregator.rules import Rule
from aggregator.text.slugs import slug
from aggregator.text.urls import shown_address, without_credentials
from aggregator.text.visible import visible
from aggregator.update.preview import Asked, Preview, preview
from aggregator.update.trial import Dropped, Tried

POSTS = (".md", ".markdown")
LONGEST_TEXT = 160  # characters of an entry's text that are shown
LONGEST_TITLE = 80
MOST_DROPPED = 20  # entries that rules leave out; -v shows all


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What is previewed, and under which rules. members: what is remembered of it, where it is a list of feeds."""

    config: Config
    source: Source
    members: tuple[Member, ...] = ()


def run(context: Context) -> int:
    """Return 0, or 1 when the source fails. Raises UsageError for what is neither a source nor an address."""
    wanted = _wanted(context)
    seen = until_done(_seen(context, wanted))
    if context.is_json:
        context.report(_json(seen))
    else:
        _tell(context, wanted, seen)
    return 1 if seen.error else 0


async def _seen(context: Context, wanted: _Wanted) -> Preview:
    async with context.fetcher(wanted.config, memory=silences(context.hosts(wanted.config))) as send, Workers() as work:
        config = wanted.config
        return await preview(
            wanted.source,
            send=send,
            now=context.now,
            work=work,
            categories=config.categories,
            sources=config.sources,
            members=wanted.members,
        )


# --- which source --------------------------------------------------------------------------------


def _wanted(context: Context) -> _Wanted:
    word = context.arguments.source
    is_address = re.match(r"https?://", word, re.IGNORECASE) is not None
    if word[:6].lower() == "file:/":
        word = unquote(urlsplit(word).path)
    is_here = not is_address and (Path(word).exists() or bool(glob.glob(word)))  # noqa: PTH207  absolute ones, too
    config = _config(context, is_needed=not (is_address or is_here))
    try:
        (source,) = named(config.sources, [word])
    except UsageError:
        if not is_address and not is_here and (listed := _listed(context, config, word)):
            return _Wanted(config=config, source=listed)
        if not is_address and not is_here:
            raise UsageError(
                f"{word!r} is no source in {context.config_path} and no file here; a URL begins with https://"
            ) from None
        source = _unwritten(word, config, is_address=is_address)
    return _Wanted(config=config, source=source, members=_members(context, config, source))


def _listed(context: Context, config: Config, word: str) -> Source | None:
    """Return the feed of a list that the word names."""
    with suppress(UsageError):
        (source,) = named(context.with_members(config).sources, [word])
        return source
    return None


def _members(context: Context, config: Config, source: Source) -> tuple[Member, ...]:
    if source.kind != LIST or source not in config.sources:
        return ()
    with context.reading(config) as store:
        return store.members(source.name) if store else ()


def _config(context: Context, *, is_needed: bool) -> Config:
    """Return what feeds.yaml says; where it is not needed and nobody named one, there may be none."""
    if is_needed or context.names_config or context.config_path.exists():
        return context.config()
    folder = Path.cwd()
    return Config(
        path=context.config_path,
        folder=folder,
        site=Site(title="preview"),
        storage=str(folder / "aggregator.db"),
        output=Output(directory=folder / "output"),
    )


def _unwritten(word: str, config: Config, *, is_address: bool) -> Source:
    """Return the source that feeds.yaml would have if it held only this address."""
    path = None if is_address else str(Path(word).absolute())
    posts = path is not None and (Path(path).is_dir() or glob.has_magic(path) or path.lower().endswith(POSTS))
    return Source(
        name=without_credentials(word),
        kind="jekyll_posts" if posts else None,
        url=word if is_address else None,
        path=path,
        timezone=config.site.timezone,
        identity=config.identity,
    )


# --- for programs --------------------------------------------------------------------------------


def _json(seen: Preview) -> dict[str, Any]:
    return {
        "source": seen.source.name,
        "kind": seen.kind,
        "title": seen.source.title or seen.info.title,
        "requests": [_request_json(asked) for asked in seen.requests],
        "found": seen.found,
        "entries": [_entry_json(copy, seen) for copy in seen.entries],
        "rules": [_tried_json(tried) for tried in seen.trial.tried],
        "dropped": [_dropped_json(one) for one in seen.trial.dropped],
        **({"feeds": [_feed_json(feed) for feed in seen.feeds]} if seen.kind == LIST else {}),
        "matched": [matched_json(one) for one in seen.matched],
        "warnings": list(seen.warnings),
        "warning_counts": [{"text": one.texts[0], "sort": one.sort, "count": one.count} for one in seen.warned],
        "error": seen.error,
    }


def _feed_json(feed: Source) -> dict[str, Any]:
    return {
        "source": feed.name,
        "title": feed.title,
        "url": shown_address(feed),
        "categories": [slug(name) for name in feed.folders or feed.categories],
    }


def _tried_json(tried: Tried) -> dict[str, Any]:
    """What the rule keeps and drops by itself, whatever the others say."""
    matched = len(tried.matched)
    kept = matched if tried.rule.verb == "include" else tried.of - matched
    return {
        "category": tried.category,
        **_rule_json(tried.rule),
        "kept": kept,
        "dropped": tried.of - kept,
        "matched": list(tried.matched),
    }


def _dropped_json(dropped: Dropped) -> dict[str, Any]:
    return {
        "title": dropped.title,
        "url": dropped.url,
        "category": dropped.category,
        "by": None if dropped.by is None else _rule_json(dropped.by),
    }


def _rule_json(rule: Rule) -> dict[str, str]:
    return {"rule": rule.verb, "field": rule.field, "pattern": rule.pattern}


def _request_json(asked: Asked) -> dict[str, Any]:
    return {
        "url": asked.address,
        "method": asked.method,
        "answered_by": asked.url or asked.address,
        "status": asked.status,
        "size_bytes": asked.size_bytes,
        "media_type": asked.media_type,
        "error": asked.error,
        "seconds": round(asked.seconds, 3),
    }


def _entry_json(copy: Copy, seen: Preview) -> dict[str, Any]:
    content = copy.content
    return {
        "title": content.title,
        "url": content.url,
        "guid": copy.guid,
        "published": utc(content.published),
        "updated": utc(content.updated),
        "authors": [_called(person) for person in content.authors],
        "categories": [slug(name) for name in _categories(copy, seen)],
        "tags": list(content.tags),
        "language": content.language,
        "image": content.image,
        "enclosures": [{"url": one.url, "type": one.type, "length": one.length} for one in content.enclosures],
        "keys": [{"kind": key.kind, "value": key.value} for key in copy.keys],
        "summary": content.summary,
        "html": content.html,
        "page": seen.notes.get(copy.local),
    }


def _categories(copy: Copy, seen: Preview) -> tuple[str, ...]:
    filed = seen.source.categories if copy.categories is None else copy.categories
    return seen.trial.categories.get(copy.local, filed)


def _called(person: Person) -> str:
    return person.name or person.email or person.url or ""


# --- for people ----------------------------------------------------------------------------------


def _tell(context: Context, wanted: _Wanted, seen: Preview) -> None:
    for asked in seen.requests:
        _say_request(context, asked)
    if seen.error is None or seen.entries:
        title = seen.source.title or seen.info.title
        context.say(f"kind     {seen.kind}" + (f", called {plain(title)}" if title else ""))
        context.say(f"found    {_found(seen) if seen.kind != LIST else count(len(seen.feeds), 'feed')}")
    if seen.kind != LIST and (seen.error is None or seen.entries):
        context.say(f"told     {_told(seen)}")
    for feed in seen.feeds:
        _say_feed(context, feed)
    say_matched(context, seen.matched)
    _say_rules(context, seen)
    for copy in seen.entries:
        _say_entry(context, wanted, seen, copy)
    if seen.warnings:
        context.say("")
    for one in seen.warned:
        often = f"{one.count} × " if one.count > 1 else ""
        context.say(f"warning  {often}{plain(one.texts[0])}")
        for text in one.texts[1:]:
            context.say(f"         … {plain(text)}", tone="dim")
    if seen.error is not None:
        context.say(f"✗ {plain(seen.source.name)}: {plain(seen.error)}", tone="bad")
    elif not seen.entries and not seen.feeds:
        context.say("it answers, and nothing in it would be an entry", tone="strong")


def _say_feed(context: Context, feed: Source) -> None:
    context.say("")
    context.say(plain(feed.name), tone="strong")
    context.say(f"  {plain(shown_address(feed))}")
    context.say(f"  in       {plain(', '.join(feed.folders or feed.categories))}")


def _say_rules(context: Context, seen: Preview) -> None:
    for number, tried in enumerate(seen.trial.tried):
        rule, matched = tried.rule, len(tried.matched)
        place = "" if tried.category is None else f"{plain(tried.category)}: "
        does = "keeps" if rule.verb == "include" else "drops"
        told = f"{place}{rule.verb} {rule.field} {plain(rule.pattern)}  {does} {matched} of {tried.of}"
        context.say(f"{'' if number else 'rules':9}{told}", tone=None if matched else "strong")
    every = seen.trial.dropped
    for number, dropped in enumerate(every):
        if number == MOST_DROPPED and not context.is_verbose:
            context.say(f"{'':9}… and {len(every) - number} more (-v shows them)", tone="dim")
            break
        where = "" if dropped.category is None else f" in {plain(dropped.category)}"
        by = dropped.by
        why = "no include matches" if by is None else f"exclude {by.field} {plain(by.pattern)}"
        title = beginning(dropped.title, LONGEST_TITLE)
        context.say(f"{'' if number else 'dropped':9}{title}  ({why}{where})", tone="dim")


def _say_request(context: Context, asked: Asked) -> None:
    parts = [str(asked.status) if asked.status else "", size(asked.size_bytes) if not asked.error else ""]
    if asked.files:
        parts.append(count(asked.files, "file"))
    if asked.media_type:
        parts.append(plain(asked.media_type))
    parts.append(f"{asked.seconds:.1f} s")
    method = "asked" if asked.method == "GET" else asked.method
    if not asked.is_asked:
        context.say(f"skipped  {plain(asked.address)}")
        return
    context.say(f"{method:7}  {plain(asked.address)}  ({', '.join(part for part in parts if part)})")
    if asked.url is not None:
        context.say(f"         → {plain(asked.url)}")


def _found(seen: Preview) -> str:
    told = count(seen.found, "entry", "entries")
    if len(seen.entries) != seen.found:
        ruled = sum(dropped.category is None for dropped in seen.trial.dropped)
        twice = seen.found - len(seen.entries) - ruled
        why = [f"rules leave out {ruled}" if ruled else "", f"{twice} are there twice" if twice else ""]
        told += f", of which {len(seen.entries)} would be kept: {' and '.join(filter(None, why))}"
    if seen.source.article is not None:
        told += f"; {count(seen.articles, 'article page')} read of the first {min(seen.found, 3)}"
    return told


def _told(seen: Preview) -> str:
    """Return how many of the entries have what, so that a selector that matches nothing is seen at a glance."""
    contents = [copy.content for copy in seen.entries]
    told = {
        "title": sum(content.title is not None for content in contents),
        "url": sum(content.url is not None for content in contents),
        "date": sum(content.published is not None for content in contents),
        "author": sum(bool(content.authors) for content in contents),
        "text": sum(bool(content.html or content.summary) for content in contents),
        "image": sum(content.image is not None for content in contents),
    }
    return ", ".join(f"{name} {number}" for name, number in told.items())


def _say_entry(context: Context, wanted: _Wanted, seen: Preview, copy: Copy) -> None:
    from zoneinfo import ZoneInfo

    content = copy.content
    published = "undated"
    if content.published is not None:
        published = content.published.astimezone(ZoneInfo(wanted.config.site.timezone)).isoformat(" ", "seconds")
    rows = {
        "": plain(content.url or "no address of its own"),
        "by": plain(", ".join(map(_called, content.authors))),
        "in": plain(", ".join(_categories(copy, seen))),
        "tags": plain(", ".join(content.tags)) if context.is_verbose else "",
        "known by": plain(", ".join(_named(copy))),
        "page": plain(seen.notes.get(copy.local, "")),
        "text": beginning(visible(content.html) or content.summary or "", LONGEST_TEXT),
    }
    context.say("")
    context.say(f"{published}  {plain(content.title or 'untitled')}", tone="strong")
    for name, value in rows.items():
        if value:
            context.say(f"  {name:9}{value}" if name else f"  {value}")


def _named(copy: Copy) -> list[str]:
    return [key.value if key.kind == "url" else f"{key.kind} {key.value}" for key in copy.keys]
