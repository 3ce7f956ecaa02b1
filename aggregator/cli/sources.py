"""``aggregator sources``: the list of sources in feeds.yaml, shown and edited; OPML in and out."""

import glob
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aggregator.cli.context import Context
from aggregator.cli.signals import until_done
from aggregator.cli.words import count, plain
from aggregator.config import Config
from aggregator.config.editing import Item, with_added, without
from aggregator.config.lines import Lines
from aggregator.config.rewriting import rewrite
from aggregator.errors import StoreError, UsageError
from aggregator.membership import LIST
from aggregator.model import Document, ListedFeed, Reading, Request, Source
from aggregator.refresh import named
from aggregator.text.urls import canonical, has_secret, shown_address

_WEB = re.compile(r"(?:https?|file):", re.IGNORECASE)
_UNSAID = ("uncategorized",)


def run(context: Context) -> int:
    """Return 0: it was done as asked. Raises UsageError for what is not there, or is there already."""
    actions: Mapping[str, Callable[[Context], None]] = {
        "list": _list,
        "add": _add,
        "remove": _remove,
        "import": _import,
        "export": _export,
    }
    actions[context.arguments.action or "list"](context)
    return 0


# --- list -----------------------------------------------------------------------------------------


def _list(context: Context) -> None:
    sources = context.with_members(context.config()).sources
    if context.is_json:
        context.report({"sources": [_json(source) for source in sources]})
        return
    for source in sources:
        told = [source.kind or "", ", ".join(source.categories), "" if source.enabled else "disabled"]
        context.say(plain(source.name), tone="strong" if source.listed_in is None else None)
        context.say("  " + "  ".join(plain(part) for part in (shown_address(source), *told) if part), tone="dim")
    if not context.is_quiet:
        context.say(count(len(sources), "source"), tone="strong")


def _json(source: Source) -> dict[str, Any]:
    return {
        "source": source.name,
        "title": source.title,
        "kind": source.kind,
        "url": shown_address(source),
        "categories": list(source.categories),
        "enabled": source.enabled,
        "list": source.listed_in,
    }


# --- add, remove ----------------------------------------------------------------------------------


def _add(context: Context) -> None:
    arguments = context.arguments
    address = arguments.address.strip()
    is_url = _WEB.match(address) is not None
    if not is_url and not _is_here(address):
        raise UsageError(f"{plain(address)!r} is no file or folder here; a URL begins with https://")
    told = {
        "name": arguments.name,
        "kind": arguments.kind,
        "title": arguments.title,
        "category": _one_or_many(arguments.category),
        "every": arguments.every,
    }
    keys = {key: value for key, value in told.items() if value}
    place = {"url": address} if is_url else {"path": _from_folder(address, context.config_path)}
    item: Item = {**({"name": keys.pop("name")} if "name" in keys else {}), **place, **keys}
    text = _text(context)
    if known := _known(text, context).get(canonical(address) or address if is_url else str(place["path"])):
        raise UsageError(f"{plain(address)} is there already: {known}")
    added = _added(context, [address if item == {"url": address} else item])
    _tell_added(context, added, ())


def _remove(context: Context) -> None:
    config = context.config()
    words = context.arguments.names
    for source in named(context.with_members(config).sources, words):
        if source.listed_in is not None:
            raise UsageError(
                f"{source.name} is a feed of the list {source.listed_in}; remove the list, or the line there"
            )
    gone = list(named(config.sources, words))
    positions = [config.sources.index(source) for source in gone]
    path = context.config_path
    rewrite(path, lambda text: without(text, positions, file=str(path)), load=_load(context))
    if context.is_json:
        context.report({"removed": [source.name for source in gone]})
        return
    for source in gone:
        context.say(f"- {plain(source.name)}: its entries stay until their retention is over")


def _added(context: Context, items: Sequence[Item]) -> tuple[Source, ...]:
    """Write these sources behind the others; return them as they are read."""
    if not items:
        return ()
    path = context.config_path
    config = rewrite(path, lambda text: with_added(text, items, file=str(path)), load=_load(context))
    return config.sources[-len(items) :]


def _tell_added(context: Context, added: Iterable[Source], skipped: Sequence[str]) -> None:
    if context.is_json:
        context.report(
            {
                "added": [{"source": source.name, "url": shown_address(source)} for source in added],
                "skipped": list(skipped),
            }
        )
        return
    for source in added:
        context.say(f"+ {plain(source.name)}: {plain(shown_address(source))}", tone="good")
    for line in skipped:
        context.say(f"  {plain(line)}", tone="dim")


def _load(context: Context) -> Callable[[Path], Config]:
    def load(path: Path) -> Config:
        from aggregator import config, outputs, sources

        return config.load(path, kinds=sources.names(), formats=outputs.names(), environ=context.environ)

    return load


def _text(context: Context) -> str:
    try:
        return context.config_path.expanduser().read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{context.config_path} cannot be read: {error}") from error


def _known(text: str, context: Context) -> dict[str, str]:
    """Return address in canonical form, or path -> how the source is called, of all that feeds.yaml has."""
    data = Lines(text, file=str(context.config_path)).data
    listed = data.get("sources") if isinstance(data, dict) else None
    found = {}
    for item in listed if isinstance(listed, list) else ():
        source = {"url": item} if isinstance(item, str) else item if isinstance(item, dict) else {}
        address = str(source.get("url") or source.get("path") or "")
        found[canonical(address) or address] = str(source.get("name") or address)
    return found


def _from_folder(path: str, config: Path) -> str:
    """Return a path of the command line as feeds.yaml has to have it: there it starts at its folder."""
    here, folder = Path(path).expanduser().absolute(), config.expanduser().absolute().parent
    ending = "/" if path.endswith("/") else ""
    return (str(here.relative_to(folder)) if here.is_relative_to(folder) else str(here)) + ending


def _is_here(path: str) -> bool:
    place = Path(path).expanduser()
    return place.exists() or bool(glob.glob(str(place)))  # noqa: PTH207  absolute ones, too


def _one_or_many(values: Sequence[str] | None) -> str | list[str] | None:
    return None if not values else values[0] if len(values) == 1 else list(values)


# --- OPML -----------------------------------------------------------------------------------------


def _import(context: Context) -> None:
    reading = _read(context)
    known = _known(_text(context), context)
    items: list[Item] = []
    skipped = list(reading.warnings)
    for feed in reading.feeds or ():
        address = canonical(feed.url) or feed.url
        if "${" in repr(feed):  # it would be filled in from our environment
            skipped.append(f"{feed.title or feed.url} holds ${{, which stands for a secret here: left out")
        elif address in known:
            skipped.append(f"{feed.title or feed.url} is there already: {known[address]}")
        else:
            known[address] = feed.title or feed.url
            items.append(_item(feed, context.arguments.category))
    _tell_added(context, _added(context, items), skipped)
    if not context.is_json and not context.is_quiet:
        context.say(f"{count(len(items), 'source')} added, {len(skipped)} left out", tone="strong")


def _item(feed: ListedFeed, category: Sequence[str] | None) -> Item:
    told = {"url": feed.url, "title": feed.title, "category": _one_or_many(category or feed.folders)}
    return {key: value for key, value in told.items() if value}


def _read(context: Context) -> Reading:
    """Return what the OPML names. Raises SourceError where it cannot be had or is none."""
    from aggregator import sources

    word = context.arguments.file
    if re.match(r"https?:", word, re.IGNORECASE):
        document = until_done(_fetched(context, word))
    else:
        try:
            body = sys.stdin.buffer.read() if word == "-" else Path(word).expanduser().read_bytes()
        except OSError as error:
            raise UsageError(f"{word} cannot be read: {error.strerror or error}") from error
        url = "file:///stdin" if word == "-" else Path(word).absolute().as_uri()
        document = Document(url=url, requested_url=url, body=body, fetched_at=context.now())
    return sources.kind(LIST).read(document, Source(name=word, url=document.url), now=context.now())


async def _fetched(context: Context, url: str) -> Document:
    from aggregator.fetch.client import Fetcher
    from aggregator.model import Polling

    async with Fetcher(Polling(), now=context.now) as send:
        return await send(Request(url=url, is_trusted=True))


def _export(context: Context) -> None:
    sources = context.with_members(context.config()).sources
    lists = {source.listed_in for source in sources}
    told = [source for source in sources if _is_feed(source) and source.name not in lists and not _is_secret(source)]
    body = _opml(told)
    left = len(sources) - len(told)
    if context.arguments.file is None:
        context.out.write(body.decode())
    else:
        try:
            Path(context.arguments.file).expanduser().write_bytes(body)
        except OSError as error:
            raise StoreError(f"{context.arguments.file} cannot be written: {error.strerror or error}") from error
    others = f"; {count(left, 'other is', 'others are')} no feed on the web, or would tell a secret" if left else ""
    context.tell(f"{count(len(told), 'feed')} written{others}", tone="dim")


def _is_feed(source: Source) -> bool:
    return source.url is not None and source.kind in (None, "feed")


def _is_secret(source: Source) -> bool:
    return source.written_url is not None or has_secret(source.url or "")


def _opml(sources: Iterable[Source]) -> bytes:
    """Return the sources as a list that any reader imports: each in the folder of its first category."""
    from lxml import etree

    from aggregator.outputs.parts.characters import writable

    root: Any = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "aggregator"
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {}
    for source in map(writable, sources):
        categories = [name for name in source.folders or source.categories if (name,) != _UNSAID]
        title = source.title or source.name
        outline = {"type": "rss", "text": title, "title": title, "xmlUrl": source.url or ""}
        if further := ",".join(name for name in categories[1:] if not re.search("[,/]", name)):
            outline["category"] = further
        place = body
        if categories:
            name = categories[0]
            if name not in folders:
                folders[name] = etree.SubElement(body, "outline", text=name, title=name)
            place = folders[name]
        etree.SubElement(place, "outline", outline)
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"
