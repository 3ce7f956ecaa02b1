"""What feeds.yaml says, read and checked: the values that the rest of the program is handed."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from aggregator.model import IdentityRules, Polling, Site, Source

FOREVER = timedelta.max  # a category's ``retention: forever``, told apart from none written

Republish = Literal["full", "excerpt", "title"]
Patterns = tuple[tuple[str, tuple[str, ...]], ...]  # field -> regular expressions


@dataclass(frozen=True, kw_only=True)
class Output:
    """What is published, and how much of it.

    A feed holds its newest ``limit`` entries and all first seen within ``window`` before its newest, but no more than
    ``max_entries``. directory: absolute.
    """

    directory: Path
    formats: tuple[str, ...] = ("atom", "rss", "json_feed", "html", "opml")
    limit: int = 50
    window: timedelta = timedelta(days=2)
    max_entries: int = 500
    archive: Literal["off", "monthly"] = "off"
    source_feeds: bool = False
    entry_pages: bool = False
    republish: Republish = "full"
    index: bool = False
    health: bool = False


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where the server listens: ``host:port`` or ``unix:/path``; AGGREGATOR_LISTEN goes before feeds.yaml."""

    listen: str = "127.0.0.1:8080"


@dataclass(frozen=True, kw_only=True)
class Network:
    """How requests leave this machine. allow_private: content, too, may lead to private addresses."""

    allow_private: bool = False
    proxy: str | None = None


@dataclass(frozen=True, kw_only=True)
class WebSub:
    """hub: the URL of a hub, ``self``, or None. subscribe: ask the hubs of sources to tell us."""

    hub: str | None = None
    subscribe: bool = False


@dataclass(frozen=True, kw_only=True)
class CategoryRule:
    """What feeds.yaml says of one category; None: not written, so the general rule holds.

    name: the key, a name or a slug. include, exclude: field -> patterns. of: names or slugs of the categories that
    it is chosen from, empty: all. per_source: at most so many entries of one source. retention: FOREVER is possible.
    """

    name: str
    slug: str | None = None
    title: str | None = None
    description: str | None = None
    limit: int | None = None
    window: timedelta | None = None
    max_entries: int | None = None
    aliases: tuple[str, ...] = ()
    include: Patterns = ()
    exclude: Patterns = ()
    of: tuple[str, ...] = ()
    per_source: int | None = None
    retention: timedelta | None = None
    republish: Republish | None = None
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Config:
    """All of feeds.yaml. path: as given; folder: absolute, where relative paths start.

    storage: the absolute path of an SQLite file, or a postgresql:// URL. retention: None is forever.
    site_aliases: where the site was reached before, each with a slash at its end. takedown: ids, URLs or keys.
    secrets: the variables that were filled in, with their values.
    """

    path: Path
    folder: Path
    site: Site
    site_aliases: tuple[str, ...] = ()
    storage: str
    retention: timedelta | None = timedelta(days=90)
    polling: Polling = field(default_factory=Polling)
    identity: IdentityRules = field(default_factory=IdentityRules)
    output: Output
    server: Server = Server()
    network: Network = Network()
    websub: WebSub = WebSub()
    categories: tuple[CategoryRule, ...] = ()
    takedown: tuple[str, ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()
    sources: tuple[Source, ...] = ()
