"""What the operator wrote (feeds.yaml). Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Const:
    """A field whose value feeds.yaml gives itself: ``{const: text}``."""

    text: str


# A selector (html_list), a key or JMESPath (json_api), a template where it has {…}, or a constant;
# of several the first that yields counts.
FieldRule = tuple[str | Const, ...]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A query parameter whose value names an article. hosts: empty means any host."""

    name: str
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IdentityRules:
    """How an article is known. patterns: parameter name -> regular expressions, group 1 is the value."""

    parameters: tuple[Parameter, ...] = ()
    patterns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    near_duplicates: Literal["off", "merge"] = "off"
    never: tuple[tuple[str, ...], ...] = ()
    urls: Literal["own", "any"] = "own"  # any: a URL joins even where the text differs


@dataclass(frozen=True, kw_only=True)
class Paging:
    """The following pages of a list. pages: at most so many in all.

    url: a selector, path or template; None: the source's own. body: a template of what is sent (json_api).
    """

    url: str | None = None
    pages: int = 1
    body: str | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleRule:
    """How the page of an article is read. auto: by an extractor. fields: what else the page tells.

    facts: what the page says of itself (title, date, author …) counts where nothing else tells; an entry that has no
    title waits for it.
    """

    auto: bool = False
    url: str | None = None  # a template over the raw record; None: the entry's own URL
    as_: Literal["html", "json"] = "html"
    content: FieldRule = ()
    remove: tuple[str, ...] = ()
    fields: tuple[tuple[str, FieldRule], ...] = ()  # published, author, title, …
    facts: bool = False
    next: Paging | None = None  # the further pages of one article


@dataclass(frozen=True, kw_only=True)
class EntryCategories:
    """Which of the categories that entries carry become ours. only: empty means all."""

    only: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Every:
    """How often a source is polled, as written: one of the two is set."""

    interval: timedelta | None = None
    cron: str | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """One source as the operator wrote it, defaults filled in; never changes while we run.

    name: the handle it is known by. kind: a file in ``sources/``, or None: found out from the answer.
    url or path: exactly one is set; path is absolute and may be a folder, a glob or a file.
    categories: names as written. every: None means adaptive. timezone: for dates without an offset;
    has_timezone: the source's own word, which the documents' counts less than.
    salt: a digest of all that decides how the answer is read; another salt means: read everything again.
    written_url: as it stands in feeds.yaml where that has ``${…}``, to be shown in place of the URL.
    secrets: the ``${NAME}`` that were filled in, with their values, which nobody is to be shown.
    listed_in: the source whose list names it, None: feeds.yaml does. folders: of that list, borne by each entry.
    is_trusted: the operator vouches for the address: wrote it, or it has the origin of the list that names it.
    """

    name: str
    kind: str | None = None
    url: str | None = None
    path: str | None = None
    aliases: tuple[str, ...] = ()
    title: str | None = None
    categories: tuple[str, ...] = ("uncategorized",)
    entry_categories: EntryCategories | None = None
    every: Every | None = None
    priority: int = 0
    enabled: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: str | None = None
    timezone: str = "UTC"
    has_timezone: bool = False
    language: str | None = None
    items: str | None = None
    fields: tuple[tuple[str, FieldRule], ...] = ()
    next: Paging | None = None
    article: ArticleRule | None = None
    remove: tuple[str, ...] = ()
    include: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[tuple[str, tuple[str, ...]], ...] = ()
    backlog: int | None = None
    identity: IdentityRules = IdentityRules()
    flood: Literal["hold", "pass"] = "hold"
    updates: Literal["text", "all", "none"] = "text"
    republish: Literal["full", "excerpt", "title"] = "full"
    feed: bool = False
    private: bool = False
    retention: timedelta | None = None  # None: forever
    allow_private: bool = False
    max_bytes: int = 20_000_000
    robots: bool = True
    salt: str = ""
    written_url: str | None = None
    secrets: tuple[tuple[str, str], ...] = ()
    listed_in: str | None = None
    folders: tuple[str, ...] = ()
    is_trusted: bool = True

    @property
    def address(self) -> str:
        """Where it is read from: the URL or the path, secrets filled in."""
        return self.url or self.path or ""

    @property
    def has_own_categories(self) -> bool:
        """Whether its entries say themselves which categories they stand in."""
        return self.entry_categories is not None or any(name == "category" for name, _ in self.fields)


@dataclass(frozen=True, kw_only=True)
class Polling:
    """How all sources are polled (``polling:`` in feeds.yaml). every: None means adaptive.

    minimum and maximum bound the adaptive interval. concurrency: requests under way; per_host: of these, to one host.
    pause: between two requests to one host. timeout: a whole response. retry_after: what a 429 or 503 silences;
    None, as nobody wrote it: the host, but only the URL where that is in one's own network.
    has_maximum: the operator wrote the maximum, which then binds also what we would ask less often by ourselves.
    """

    every: Every | None = None
    minimum: timedelta = timedelta(hours=1)
    maximum: timedelta = timedelta(hours=12)
    has_maximum: bool = False
    concurrency: int = 32
    per_host: int = 2
    pause: timedelta = timedelta(seconds=1)
    timeout: timedelta = timedelta(seconds=30)
    retry_after: Literal["host", "url"] | None = None
    user_agent: str | None = None
    robots: bool = True
