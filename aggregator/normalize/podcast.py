"""What podcasts and other vocabularies say of an entry: checked like all else. Pure."""

import math
import re
from collections.abc import Iterable

from aggregator.model import Chapter, Episode, Extension, Link, Place, Soundbite
from aggregator.normalize.language import language
from aggregator.normalize.media import address, count, media_type
from aggregator.text.lines import legal, line

MOST_PARTS = 2_000  # chapters and the like of one episode
MOST_POINTS = 5_000  # of one shape
MOST_EXTENSIONS = 500  # elements of one entry, inner ones counted
DEEPEST_EXTENSION = 6
LONGEST_TEXT = 10_000  # characters of one element or attribute

_NAME = re.compile(r"(?:[A-Za-z_][\w.-]{0,80}:)?[A-Za-z_][\w.-]{0,80}", re.ASCII)
_ADDRESS_TEXTS = frozenset({"wfw:comment"})
_ADDRESSES = frozenset({"url", "href", "src", "uri", "feedurl", "purchaseurl", "img"})


def episode(found: Episode | None, base: str | None) -> Episode | None:
    """Return what a podcast says of an entry, or None when nothing of it means anything."""
    if found is None:
        return None
    chapters = (_chapter(one, base) for one in found.chapters[:MOST_PARTS])
    transcripts = (_link(one, base) for one in found.transcripts)
    number = found.number if found.number is not None and _is_time(found.number) else None
    checked = Episode(
        number=number,
        number_display=line(found.number_display),
        season=count(found.season),
        season_name=line(found.season_name),
        kind=(line(found.kind) or "").lower() or None,
        title=line(found.title),
        duration=count(found.duration),
        is_explicit=found.is_explicit,
        is_blocked=found.is_blocked,
        transcripts=tuple(dict.fromkeys(one for one in transcripts if one)),
        chapters=tuple(one for one in chapters if one),
        chapters_link=_link(found.chapters_link, base) if found.chapters_link else None,
        soundbites=tuple(
            Soundbite(start=one.start, duration=one.duration, title=line(one.title))
            for one in found.soundbites[:MOST_PARTS]
            if _is_time(one.start) and _is_time(one.duration)
        ),
    )
    return checked if checked != Episode() else None


def _chapter(found: Chapter, base: str | None) -> Chapter | None:
    if not _is_time(found.start):
        return None
    return Chapter(
        start=found.start,
        end=found.end if found.end is not None and _is_time(found.end) else None,
        title=line(found.title),
        url=address(found.url, base),
        image=address(found.image, base),
    )


def _link(found: Link, base: str | None) -> Link | None:
    url, rel = address(found.url, base), line(found.rel)
    if url is None or rel is None:
        return None
    spoken = language("", found.language) if found.language else None
    return Link(url=url, rel=rel, type=media_type(found.type), title=line(found.title), language=spoken)


def _is_time(seconds: float) -> bool:
    return math.isfinite(seconds) and 0 <= seconds < 1 << 31


def places(found: Iterable[Place]) -> tuple[Place, ...]:
    """Return the places, each once; a shape with a coordinate that is none on earth is no shape."""
    kept = dict.fromkeys(_place(one) for one in found)
    kept.pop(Place(), None)
    return tuple(kept)


def _place(found: Place) -> Place:
    system = line(found.system)
    is_shape = 0 < len(found.coordinates) <= MOST_POINTS and all(
        2 <= len(point) <= 3
        and all(map(math.isfinite, point))
        and (system is not None or (abs(point[0]) <= 180 and abs(point[1]) <= 90))
        for point in found.coordinates
    )
    name, osm, country = line(found.name), line(found.osm), line(found.country)
    if not (name or osm or country or is_shape):
        return Place()
    return Place(
        name=name,
        shape=found.shape if is_shape else None,
        coordinates=found.coordinates if is_shape else (),
        system=system if is_shape else None,
        osm=osm,
        country=country,
        relation=line(found.relation),
    )


def extensions(found: Iterable[Extension], base: str | None) -> tuple[Extension, ...]:
    """Return the elements as text that any XML document may hold; addresses in them are absolute, or gone."""
    left = [MOST_EXTENSIONS]
    return tuple(_extensions(found, base, left, DEEPEST_EXTENSION))


def _extensions(found: Iterable[Extension], base: str | None, left: list[int], depth: int) -> Iterable[Extension]:
    for one in found:
        if not _NAME.fullmatch(one.name):
            continue
        if left[0] <= 0 or depth <= 0:
            return
        left[0] -= 1
        text: str | None = legal((one.text or "")[:LONGEST_TEXT]).strip() or None
        yield Extension(
            name=one.name,
            text=address(text, base) if one.name.lower() in _ADDRESS_TEXTS else text,
            attributes=tuple(_attributes(one.attributes, base)),
            children=tuple(_extensions(one.children, base, left, depth - 1)),
        )


def _attributes(found: Iterable[tuple[str, str]], base: str | None) -> Iterable[tuple[str, str]]:
    for name, text in found:
        value: str | None = legal(text[:LONGEST_TEXT]).strip()
        is_address = name.lower() in _ADDRESSES or re.match(r"[a-z][a-z0-9+.-]*:", value or "", re.IGNORECASE)
        if is_address and not re.match(r"(?:urn|tag|geo|acct|nostr):", value or "", re.IGNORECASE):
            value = address(value, base)
        if value is not None and _NAME.fullmatch(name):
            yield name, value
