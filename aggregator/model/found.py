"""Text as found in a document, not yet trusted. Pure."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from aggregator.model.asked import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class RawText:
    """A text as found, and what the document says it is.

    base: the URL that relative links in it start from. language: as declared on this very element.
    """

    value: str
    type: Literal["text", "html"] = "text"
    base: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture that stands for an entry or a feed. width, height: pixels."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """An element of a known vocabulary for which there is no noun here, kept as it came: ``podcast:value``.

    name: with the usual prefix of its vocabulary. attributes: name -> value.
    """

    name: str
    text: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    children: "tuple[Extension, ...]" = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link that an entry or a feed names beside its own. rel: RFC 4287, section 4.2.7.2."""

    url: str
    rel: str
    type: str | None = None
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """A part of an episode. start, end: seconds from its beginning."""

    start: float
    end: float | None = None
    title: str | None = None
    url: str | None = None
    image: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Soundbite:
    """A stretch of an episode that advertises it. start, duration: seconds."""

    start: float
    duration: float
    title: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class RawEntry:
    """An entry as found, text not yet trusted.

    id: guid, atom:id or mapped id, character for character. url: as found, perhaps relative to ``base``.
    published, updated: as written. author lines stay in ``authors`` as names.
    fields: what feeds.yaml mapped, under the mapped name and under the path it came from (for identity).
    record: the raw JSON record (json_api), for templates. file: the name of a Jekyll post.
    categories: the entry's own; tags: its words beside them, where the document tells the two apart.
    asked_url: ``url`` with what stands in it but is never published: ``${NAME}`` for a secret of feeds.yaml.
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
    asked_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """What a feed asks of those who poll it. ttl: RSS. skip_hours: 0 to 23, UTC. skip_days: 0 is Monday."""

    ttl: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    update_period: timedelta | None = None  # sy:updatePeriod divided by sy:updateFrequency


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedFeed:
    """A feed that a list of feeds names. url: absolute, http(s). folders: those it is in, and other words for it."""

    url: str
    title: str | None = None
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A document that another names as a part of the same list: a sitemap of an index. changed: when, as written."""

    url: str
    changed: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
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
