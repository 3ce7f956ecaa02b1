"""What was checked and may be published. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aggregator.model.found import Enclosure, Episode, Extension, Link, Person, Picture, Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What one copy of an article says, checked: safe to publish.

    title, summary: plain text. html: clean HTML with absolute URLs. url: absolute, as it came.
    published, updated: None when not told or not readable. tags: the entry's own words.
    language: BCP 47.
    """

    title: str | None = None
    url: str | None = None
    summary: str | None = None
    html: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[Person, ...] = ()
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    language: str | None = None
    rights: str | None = None
    comments: str | None = None
    links: tuple[Link, ...] = ()
    contributors: tuple[Person, ...] = ()
    pictures: tuple[Picture, ...] = ()
    places: tuple[Place, ...] = ()
    comment_count: int | None = None
    episode: Episode | None = None
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """Where a copy comes from, as it stood when the copy was first read or last changed.

    name: the source's handle. title: what readers see. url: its home page. feed_url: where it is polled,
    without credentials; None for what has no public address. id: the feed's own atom:id.
    """

    name: str
    title: str
    url: str | None = None
    feed_url: str | None = None
    id: str | None = None
    updated: datetime | None = None
    rights: str | None = None


KeyKind = Literal["parameter", "url", "guid", "text"]


@dataclass(frozen=True, kw_only=True, order=True)
class Key:
    """One name of an article. scope: empty, or the source within which the value means something.

    parameter: ``infocode=…`` (name in lower case); url: canonical; guid: as it came; text: a digest.
    """

    kind: KeyKind
    value: str
    scope: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """An article as one source has it.

    local: how the source itself knows it again (guid, else URL, else title and date).
    keys: strongest first. own: the source is the article's own site. categories: names, None: the source's.
    text_hash: of what a reader sees; another one means the copy changed.
    fingerprint: of the raw entry, 0 to 2**63 - 1; the same one means that nothing has to be read again.
    has_page: its article page was read.
    """

    source: str
    local: str
    guid: str | None
    url: str | None
    keys: tuple[Key, ...]
    own: bool
    priority: int
    categories: tuple[str, ...] | None
    content: Content
    credit: Credit
    text_hash: str
    fingerprint: int = 0
    has_page: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyRef:
    """Another copy of an entry, as feeds name it."""

    source: str
    title: str
    url: str | None
    guid: str | None
    is_private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """A category as published. slug: for ever. name: as first met. title: what readers see.

    limit, window, max_entries: how much its feeds hold (DESIGN, output).
    """

    slug: str
    name: str
    title: str
    description: str | None = None
    limit: int = 50
    window: timedelta = timedelta(days=2)
    max_entries: int = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One article as published: one id for ever, several copies.

    id: an absolute IRI. stands: where it is sorted, ``content.published`` unless missing or in the future,
    then first_seen. updated: never before ``stands``' first publication; changed: the poll that last changed it.
    content: of the copy that speaks, what it lacks filled in. credit: of that copy. copies: all, speaker first.
    """

    id: str
    first_seen: datetime
    stands: datetime
    updated: datetime
    content: Content
    credit: Credit
    copies: tuple[CopyRef, ...] = ()
    categories: tuple[Category, ...] = ()
    related: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What is published, as a whole. url: ends with a slash, or None: no self links.

    language, author, description: as in feeds.yaml.
    """

    title: str
    url: str | None = None
    description: str | None = None
    language: str | None = None
    author: str | None = None
    timezone: str = "UTC"
    hub: str | None = None
    index: bool = False
    formats: tuple[str, ...] = ("atom", "rss", "json_feed", "html", "opml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """The head of one published feed. path: without suffix, as ``category/jilinribao`` or ``all``.

    id: an absolute IRI that never changes. updated: of its newest change.
    category: None for ``all``.
    """

    site: Site
    path: str
    id: str
    title: str
    updated: datetime
    description: str | None = None
    category: Category | None = None

    def url(self, suffix: str) -> str | None:
        """The public address of this feed in the format with that suffix (``.atom``), or None without site.url."""
        return f"{self.site.url}{self.path}{suffix}" if self.site.url else None

    def root(self) -> str:
        """The way from this file up to the top of the output, as ``../`` or nothing."""
        return "../" * self.path.count("/")
