"""Raw entries to content: the one place where text becomes trusted. Pure."""

from datetime import datetime, timedelta
from posixpath import splitext
from urllib.parse import urlsplit

from aggregator.model import Content, Enclosure, Link, RawEntry, RawText, Source, SourceInfo
from aggregator.normalize.html import first_image, published_html
from aggregator.normalize.language import language
from aggregator.normalize.people import credited, persons
from aggregator.normalize.text import line, plain, summary
from aggregator.text.dates import read_date
from aggregator.text.urls import absolute, without_credentials
from aggregator.text.visible import visible

__all__ = ["normalize"]

FIRST_YEAR = 1970  # the web is younger; what lies before is a program's "no date"
FARTHEST = timedelta(days=3653)  # an event may be announced years ahead, a century ahead is a slip
MOST_TAGS = 100
LONGEST_TAG = 200

# Links of an entry to itself at its source, which would be wrong in a feed of ours
_OWN_LINKS = frozenset({"self", "edit", "edit-media", "hub", "enclosure", "next", "prev", "previous", "first", "last"})

_TYPES = {
    ".aac": "audio/aac",
    ".avif": "image/avif",
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4a": "audio/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".torrent": "application/x-bittorrent",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".zip": "application/zip",
}


def normalize(
    raw: RawEntry, source: Source, info: SourceInfo, *, url: str, now: datetime
) -> tuple[Content, tuple[str, ...]]:
    """Return what an entry says, checked, and a warning for each date that could not be read.

    Nothing is raised: what cannot be used is left out. A title is None when there is none, a text when there is
    nothing to see in it. Without an author the entry's text is asked for its source line (``（文章来源：…）``), which
    stays in it. Without a date of publication that of the update counts. The language is the entry's own word, else
    source.language, which the operator wrote, else the feed's; see ``language`` for when the script overrules them.

    url: of the document, after redirects. now: aware.
    """
    base = absolute(raw.base, url) if raw.base else None
    base = base or absolute(url)
    title = plain(raw.title)
    html = _html(raw.content, base) or _html(raw.summary, base)
    published, unread = _date(raw.published, "published", source, now)
    updated, also_unread = _date(raw.updated, "updated", source, now)
    image = _address(raw.image, base) or first_image(html)
    tag = language(
        f"{title or ''} {visible(html[:9000]) if html else ''}",
        *(text.language for text in (raw.content, raw.summary, raw.title) if text),
        raw.language,
        source.language,
        info.language,
    )
    content = Content(
        title=title,
        url=_address(raw.url, base),
        summary=summary(_html(raw.summary, base) if raw.summary and raw.content else html, title)
        or summary(html, title),
        html=html,
        published=published or updated,
        updated=updated,
        authors=persons(raw.authors, base=base) or credited(html),
        tags=_tags(raw),
        enclosures=_enclosures(raw.enclosures, base),
        image=image,
        language=tag,
        rights=line(raw.rights),
        comments=_address(raw.comments, base),
        links=_links(raw.links, base),
    )
    return content, (*unread, *also_unread)


def _html(raw: RawText | None, base: str | None) -> str | None:
    if raw is None:
        return None
    return published_html(raw, base=(absolute(raw.base, base) if raw.base else None) or base)


def _address(url: str | None, base: str | None) -> str | None:
    address = absolute(url, base) if url else None
    return without_credentials(address) if address else None


def _date(text: str | None, field: str, source: Source, now: datetime) -> tuple[datetime | None, tuple[str, ...]]:
    if text is None or not text.strip():
        return None, ()
    when = read_date(text, timezone=source.timezone, now=now)
    if when is not None and when.year >= FIRST_YEAR and when <= now + FARTHEST:
        return when, ()
    what = "cannot be read as a date" if when is None else "is no date that an entry can have"
    return None, (f"{field}: {line(text[:80])!r} {what}",)


def _tags(raw: RawEntry) -> tuple[str, ...]:
    """Return the entry's categories and tags, each once, whatever its letter case, in their order."""
    found: dict[str, str] = {}
    for word in (*raw.categories, *raw.tags):
        if (tag := plain(RawText(value=word, type="html"))) and len(tag) <= LONGEST_TAG:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[:MOST_TAGS]


def _enclosures(found: tuple[Enclosure, ...], base: str | None) -> tuple[Enclosure, ...]:
    kept: dict[str, Enclosure] = {}
    for enclosure in found:
        if (url := _address(enclosure.url, base)) and url not in kept:
            kept[url] = Enclosure(
                url=url,
                type=_media_type(enclosure.type) or _TYPES.get(splitext(urlsplit(url).path)[1].lower()),
                length=_count(enclosure.length),
                title=line(enclosure.title),
                duration=_count(enclosure.duration),
            )
    return tuple(kept.values())


def _links(found: tuple[Link, ...], base: str | None) -> tuple[Link, ...]:
    kept: dict[tuple[str, str], Link] = {}
    for link in found:
        rel = (line(link.rel) or "").lower()
        url = _address(link.url, base)
        if url and rel and rel not in _OWN_LINKS and (rel, url) not in kept:
            kept[rel, url] = Link(
                url=url,
                rel=rel,
                type=_media_type(link.type),
                title=line(link.title),
                language=language("", link.language),
            )
    return tuple(kept.values())


def _media_type(text: str | None) -> str | None:
    """Return a media type without parameters in lower case, or None when it is none (RFC 6838, section 4.2)."""
    kind = (text or "").partition(";")[0].strip().lower()
    first, slash, second = kind.partition("/")
    is_one = slash and all(part and part.isascii() and not set(part) - _IN_TYPES for part in (first, second))
    return kind if is_one else None


_IN_TYPES = set("abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+")


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < 1 << 63 else None
