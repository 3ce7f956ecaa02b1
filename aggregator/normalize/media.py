"""The files and pictures of an entry: absolute addresses, media types, counts that can be. Pure."""

from dataclasses import replace
from posixpath import splitext
from urllib.parse import urlsplit

from aggregator.model import Enclosure, Picture
from aggregator.normalize.language import language
from aggregator.text.lines import line
from aggregator.text.urls import absolute, without_credentials

MOST_FORMS = 50  # of one file
MEDIUMS = frozenset({"image", "audio", "video", "document", "executable"})  # Media RSS 1.5.1, media:content

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
_IN_TYPES = set("abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+")


def enclosures(found: tuple[Enclosure, ...], base: str | None) -> tuple[tuple[Enclosure, ...], tuple[str, ...]]:
    """Return the files, each address once, and a warning for each that leads nowhere on the web."""
    kept: dict[str, Enclosure] = {}
    warnings: list[str] = []
    for each in found:
        forms = [form for one in (each, *each.alternatives[:MOST_FORMS]) if (form := _form(one, base))]
        lost = [one.url for one in (each, *each.alternatives) if one.url.strip() and address(one.url, base) is None]
        if lost:  # podcasts give each form a second address in ipfs: one warning says it
            more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
            warnings.append(f"enclosure: {line(lost[0][:80])!r}{more} not on the web: left out")
        if len(each.alternatives) > MOST_FORMS:
            warnings.append(f"enclosure: of {len(each.alternatives)} other forms the first {MOST_FORMS} are kept")
        if forms and forms[0].url not in kept:
            others = {form.url: form for form in forms[1:] if form.url != forms[0].url}
            kept[forms[0].url] = replace(forms[0], alternatives=tuple(others.values()))
    return tuple(kept.values()), tuple(warnings)


def _form(found: Enclosure, base: str | None) -> Enclosure | None:
    url = address(found.url, base)
    if url is None:
        return None
    medium = (found.medium or "").strip().lower()
    return Enclosure(
        url=url,
        type=media_type(found.type) or _TYPES.get(splitext(urlsplit(url).path)[1].lower()),
        length=count(found.length),
        title=line(found.title),
        duration=count(found.duration),
        medium=medium if medium in MEDIUMS else None,
        width=count(found.width),
        height=count(found.height),
        bitrate=count(found.bitrate),
        language=language("", found.language) if found.language else None,
        description=line(found.description),
        image=address(found.image, base),
        player=address(found.player, base),
    )


def pictures(found: tuple[Picture, ...], base: str | None) -> tuple[Picture, ...]:
    """Return the pictures that have a web address, each once."""
    kept: dict[str, Picture] = {}
    for one in found:
        if url := address(one.url, base):
            kept.setdefault(url, Picture(url=url, width=count(one.width), height=count(one.height)))
    return tuple(kept.values())


def address(url: str | None, base: str | None) -> str | None:
    """Return an absolute http(s) URL without credentials, or None."""
    found = absolute(url, base) if url else None
    return without_credentials(found) if found else None


def media_type(text: str | None) -> str | None:
    """Return a media type without parameters in lower case, or None when it is none (RFC 6838, section 4.2)."""
    kind = (text or "").partition(";")[0].strip().lower()
    first, slash, second = kind.partition("/")
    is_one = slash and all(part and part.isascii() and not set(part) - _IN_TYPES for part in (first, second))
    return kind if is_one else None


def count(number: int | None) -> int | None:
    """Return a number that every format and database holds, or None."""
    return number if number is not None and 0 <= number < 1 << 63 else None
