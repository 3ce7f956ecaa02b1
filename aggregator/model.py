"""The nouns that cross a border between rooms. Pure.

The name tells how far a value can be trusted: ``Document`` (bytes as sent) → ``RawEntry`` (text as
found) → ``Content`` (checked: text is text, HTML is clean, URLs are absolute) → ``Entry`` (what is
published). "Unknown" is None, collections are tuples, datetimes are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

# --- what the operator wrote (feeds.yaml) -------------------------------------------------------


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


@dataclass(frozen=True, kw_only=True)
class Polling:
    """How all sources are polled (``polling:`` in feeds.yaml). every: None means adaptive.

    minimum and maximum bound the adaptive interval. concurrency: requests under way; per_host: of these, to one host.
    pause: between two requests to one host. timeout: a whole response. retry_after: what a 429 or 503 silences;
    None, as nobody wrote it: the host, but only the URL where that is in one's own network.
    """

    every: Every | None = None
    minimum: timedelta = timedelta(hours=1)
    maximum: timedelta = timedelta(hours=12)
    concurrency: int = 32
    per_host: int = 2
    pause: timedelta = timedelta(seconds=1)
    timeout: timedelta = timedelta(seconds=30)
    retry_after: Literal["host", "url"] | None = None
    user_agent: str | None = None
    robots: bool = True


# --- asking and answers --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Request:
    """One thing to fetch. url: http(s), or None with ``path`` for something on this machine.

    is_trusted: the operator wrote this very address. is_page: robots.txt binds it.
    etag, last_modified: validators, byte for byte as last received from ``validated_url`` (None: from ``url``); no
    other URL is sent them. robots: False where the operator may read it although robots.txt forbids.
    """

    url: str | None = None
    path: str | None = None
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_trusted: bool = False
    is_page: bool = False
    allow_private: bool = False
    max_bytes: int = 20_000_000
    trusted_origin: str | None = None  # the same origin as an address the operator wrote is trusted too
    validated_url: str | None = None
    robots: bool = True

    @property
    def address(self) -> str:
        return self.url or self.path or ""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a folder that is read as one document. path: relative to the folder, with slashes."""

    path: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Document:
    """An answer: the bytes as sent, decompressed, and where they came from.

    url: after redirects. requested_url: before. permanent_url: where an unbroken run of 301/308 led, else None.
    headers: names in lower case. status: 200 or 304 (then the body is empty); local files have 200 and 304 too.
    files: of a folder (then the body is empty), in the order of their paths.
    """

    url: str
    requested_url: str
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    permanent_url: str | None = None
    files: tuple[File, ...] = ()
    fetched_at: datetime

    @property
    def is_unchanged(self) -> bool:
        """The server (or the folder) says that it is as it was."""
        return self.status == 304


# --- text as found -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RawText:
    """A text as found, and what the document says it is.

    base: the URL that relative links in it start from. language: as declared on this very element.
    """

    value: str
    type: Literal["text", "html"] = "text"
    base: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whoever wrote it, or took part in it. At least one of name, email and url is set.

    role, group: as podcasts and Media RSS have them (``guest``, ``cast``). image: a portrait.
    """

    name: str | None = None
    email: str | None = None
    url: str | None = None
    role: str | None = None
    group: str | None = None
    image: str | None = None


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A file that belongs to an entry. length: bytes. duration: seconds. bitrate: bits a second.

    medium: image, audio, video, document or executable. player: a page that plays it. width, height: pixels.
    alternatives: the same in other forms, the publisher's order; they have none themselves.
    """

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None
    duration: int | None = None
    medium: str | None = None
    width: int | None = None
    height: int | None = None
    bitrate: int | None = None
    language: str | None = None
    description: str | None = None
    image: str | None = None
    player: str | None = None
    alternatives: "tuple[Enclosure, ...]" = ()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture that stands for an entry or a feed. width, height: pixels."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something is, or what it is about (GeoRSS, podcast:location).

    coordinates: longitude and latitude in degrees, perhaps a height in metres, as in GeoJSON; one for a point, two
    corners for a box. system: another system of reference, in which they are as written (``EPSG:26913``).
    osm: OpenStreetMap's id. country: ISO 3166-1. relation: ``subject`` or ``creator``.
    """

    name: str | None = None
    shape: Literal["point", "line", "polygon", "box"] | None = None
    coordinates: tuple[tuple[float, ...], ...] = ()
    system: str | None = None
    osm: str | None = None
    country: str | None = None
    relation: str | None = None


@dataclass(frozen=True, kw_only=True)
class Extension:
    """An element of a known vocabulary for which there is no noun here, kept as it came: ``podcast:value``.

    name: with the usual prefix of its vocabulary. attributes: name -> value.
    """

    name: str
    text: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    children: "tuple[Extension, ...]" = ()


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link that an entry or a feed names beside its own. rel: RFC 4287, section 4.2.7.2."""

    url: str
    rel: str
    type: str | None = None
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A part of an episode. start, end: seconds from its beginning."""

    start: float
    end: float | None = None
    title: str | None = None
    url: str | None = None
    image: str | None = None


@dataclass(frozen=True, kw_only=True)
class Soundbite:
    """A stretch of an episode that advertises it. start, duration: seconds."""

    start: float
    duration: float
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class Episode:
    """What a podcast says of one entry (iTunes, podcast namespace). kind: full, trailer or bonus.

    number: may have a fraction; number_display: how it is to be shown. title: without numbers. duration: seconds.
    transcripts: rel is ``captions`` or ``transcript``. chapters: where they stand in the entry itself;
    chapters_link: where they stand in a file of their own. is_blocked: directories shall not list it.
    """

    number: float | None = None
    number_display: str | None = None
    season: int | None = None
    season_name: str | None = None
    kind: str | None = None
    title: str | None = None
    duration: int | None = None
    is_explicit: bool | None = None
    is_blocked: bool | None = None
    transcripts: tuple[Link, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    chapters_link: Link | None = None
    soundbites: tuple[Soundbite, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Podcast:
    """What a feed says of itself as a podcast. guid: of the podcast namespace. kind: episodic or serial.

    is_locked: other hosts shall not import it; lock_owner: whom to ask. is_complete: no episode will follow.
    moved_to: itunes:new-feed-url. funding: where listeners give, the title is its call.
    """

    guid: str | None = None
    medium: str | None = None
    kind: str | None = None
    is_explicit: bool | None = None
    is_blocked: bool | None = None
    is_locked: bool | None = None
    lock_owner: str | None = None
    is_complete: bool | None = None
    moved_to: str | None = None
    owner: Person | None = None
    funding: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The feed that an entry says it came from (Atom ``source``, RSS ``source``)."""

    id: str | None = None
    title: str | None = None
    url: str | None = None
    feed_url: str | None = None
    updated: str | None = None
    rights: str | None = None
    description: RawText | None = None
    authors: tuple[Person, ...] = ()
    contributors: tuple[Person, ...] = ()
    categories: tuple[str, ...] = ()
    image: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RawEntry:
    """An entry as found, text not yet trusted.

    id: guid, atom:id or mapped id, character for character. url: as found, perhaps relative to ``base``.
    published, updated: as written. author lines stay in ``authors`` as names.
    fields: what feeds.yaml mapped, under the mapped name and under the path it came from (for identity).
    record: the raw JSON record (json_api), for templates. file: the name of a Jekyll post.
    categories: the entry's own; tags: its words beside them, where the document tells the two apart.
    """

    id: str | None = None
    url: str | None = None
    base: str | None = None
    title: RawText | None = None
    summary: RawText | None = None
    content: RawText | None = None
    published: str | None = None
    updated: str | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    language: str | None = None
    rights: str | None = None
    comments: str | None = None
    links: tuple[Link, ...] = ()
    origin: Origin | None = None
    fields: tuple[tuple[str, str], ...] = ()
    record: str | None = None
    file: str | None = None
    contributors: tuple[Person, ...] = ()
    pictures: tuple[Picture, ...] = ()
    places: tuple[Place, ...] = ()
    comment_count: int | None = field(default=None, repr=False)  # no fingerprint holds it: it grows from poll to poll
    episode: Episode | None = None
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What a feed asks of those who poll it. ttl: RSS. skip_hours: 0 to 23, UTC. skip_days: 0 is Monday."""

    ttl: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    update_period: timedelta | None = None  # sy:updatePeriod divided by sy:updateFrequency


@dataclass(frozen=True, kw_only=True)
class SourceInfo:
    """What a source says of itself. url: its home page. updated: as written.

    is_complete: the document holds all there is; is_archive: it will not change any more (RFC 5005).
    is_ended: nothing will follow (JSON Feed, ``expired``).
    """

    id: str | None = None
    title: str | None = None
    url: str | None = None
    language: str | None = None
    updated: str | None = None
    authors: tuple[Person, ...] = ()
    image: str | None = None
    rights: str | None = None
    links: tuple[Link, ...] = ()  # hub, self, prev-archive, …
    hints: Hints = Hints()
    description: RawText | None = None
    contributors: tuple[Person, ...] = ()
    categories: tuple[str, ...] = ()
    generator: str | None = None
    places: tuple[Place, ...] = ()
    podcast: Podcast | None = None
    extensions: tuple[Extension, ...] = ()
    is_complete: bool = False
    is_archive: bool = False
    is_ended: bool = False


@dataclass(frozen=True, kw_only=True)
class ListedFeed:
    """A feed that a list of feeds names. url: absolute, http(s). folders: those it is in, and other words for it."""

    url: str
    title: str | None = None
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """A document that another names as a part of the same list: a sitemap of an index. changed: when, as written."""

    url: str
    changed: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a kind finds in a document. requests: further pages of the same list. is_whole: it is not cut off.

    feeds: of a list of feeds, each to become a source; None: the document is none.
    parts: documents that hold the entries in its place, or more of them; the order is that of reading.
    """

    info: SourceInfo = SourceInfo()
    entries: tuple[RawEntry, ...] = ()
    requests: tuple[Request, ...] = ()
    warnings: tuple[str, ...] = ()
    is_whole: bool = True
    feeds: tuple[ListedFeed, ...] | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Matched:
    """What one selector or path of feeds.yaml matches, tried by itself.

    place: where it stands, as ``fields.title``. rule: as written. count: of elements or, where ``of`` says how many
    were asked, of the items or pages in which it yields. example: what it yields first, as text.
    """

    place: str
    rule: str
    count: int
    of: int | None = None
    example: str | None = None


# --- checked -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class CopyRef:
    """Another copy of an entry, as feeds name it."""

    source: str
    title: str
    url: str | None
    guid: str | None
    is_private: bool = False


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
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


# --- what we remember ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Validators:
    """What makes the next request conditional, byte for byte as received, and the URL it came from."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


About = Literal["document", "entry", "page"]


@dataclass(frozen=True, kw_only=True)
class Warned:
    """One sort of warning of a source: what had to be guessed or dropped, and how often.

    about: the document as it stands, one of its entries, or an article page. sort: the sentence without what differs
    from one entry to the next. texts: a few of the sentences. since, last: the polls that brought the first and the
    latest of it; polls: how many did.
    """

    about: About
    sort: str
    texts: tuple[str, ...]
    count: int
    since: datetime
    last: datetime
    polls: int = 1


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """What we remember of a source between polls. due: never polled before it.

    interval: the adaptive interval now. wait_until: a server asked for it, or the answer is fresh so long
    (``wait_reason`` says which). moved_to: where a permanent redirect leads, seen on ``moved_days`` days.
    found_url: the feed that the page named, where feeds.yaml gives the address of a page.
    guids: why they are no longer believed: one for several articles, or others at every poll. held: entries of a flood
    that are kept back.
    """

    name: str
    kind: str | None = None
    title: str | None = None
    url: str | None = None
    found_url: str | None = None
    due: datetime | None = None
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0
    error: str | None = None
    status: int | None = None
    warnings: tuple[Warned, ...] = ()
    interval: timedelta | None = None
    wait_until: datetime | None = None
    wait_reason: Literal["retry-after", "fresh", "back-off"] | None = None
    is_gone: bool = False
    moved_to: str | None = None
    moved_days: tuple[str, ...] = ()
    hints: Hints = Hints()
    entries: int = 0
    guids: Literal["reused", "churning"] | None = None
    held: int = 0


Outcome = Literal["fetched", "unchanged", "failed", "skipped"]


@dataclass(frozen=True, kw_only=True)
class SourceReport:
    """What one poll of one source came to. until: why a skipped source is left alone. seconds: wall time.

    came, left: the sources that a list of feeds names since this poll, and those that it named until now. is_relisted:
    something of that changed, if only a folder.
    """

    source: str
    kind: str
    outcome: Outcome
    status: int | None = None
    new: int = 0
    updated: int = 0
    duplicates: int = 0
    error: str | None = None
    until: datetime | None = None
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    is_relisted: bool = False


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An entry whose article page could not be had yet. raw: to be completed. tries: so far. due: of the next.

    stands: the entry's date as the list has it; the newest are fetched first.
    """

    local: str
    raw: RawEntry
    base: str
    fingerprint: int
    tries: int
    due: datetime
    stands: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What is kept of a document of a source. url: as asked. salt: of the reading that made ``seen``.

    seen: fingerprints of the raw entries that the document held. parts: the documents that it named.
    changed: what the document that names this one said of its last change, where nothing can have changed unsaid since.
    at: when it was kept; None: it is about to be.
    """

    url: str
    validators: Validators
    salt: str = ""
    seen: frozenset[int] = frozenset()
    parts: tuple[Part, ...] = ()
    changed: str | None = None
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class Member:
    """A feed that a list names, or named. name: what follows the list's in the name of the source, for good.

    is_missing: the list's last answer lacks it, which is not believed yet. left_at: when it left; None: it is polled.
    """

    name: str
    url: str
    title: str | None = None
    folders: tuple[str, ...] = ()
    came_at: datetime
    is_missing: bool = False
    left_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Poll:
    """All that one poll of one source found, saved as one transaction.

    copies: in the order of the document. fetched: its documents, the first page first; of others it is kept as it is.
    wanted: article pages still to be had; had: local names of those that came or were given up.
    salt: of the reading; copies that were read with another one did not change because their source did.
    members: of a list of feeds, all that it names and named; None leaves them as they are.
    """

    source: Source
    at: datetime
    state: SourceState
    info: SourceInfo | None = None
    copies: tuple[Copy, ...] = ()
    fetched: tuple[Fetched, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    had: tuple[str, ...] = ()
    salt: str = ""
    members: tuple[Member, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What one saved poll changed, by the ids of entries. retired: entries that turned out to be others.

    warnings: of what only showed as the entries were placed.
    """

    new: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    retired: frozenset[str] = frozenset()
    duplicates: int = 0
    warnings: tuple[str, ...] = ()
