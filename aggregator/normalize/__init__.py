"""Raw entries to content: the one place where text becomes trusted. Pure."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from aggregator.model import Content, Link, RawEntry, RawText, Source, SourceInfo
from aggregator.normalize.html import cleaned, first_image
from aggregator.normalize.language import language
from aggregator.normalize.media import address, count, enclosures, media_type, pictures
from aggregator.normalize.people import credited, persons
from aggregator.normalize.podcast import episode, extensions, places
from aggregator.normalize.text import plain, summary
from aggregator.text.dates import read_date
from aggregator.text.lines import line
from aggregator.text.urls import absolute
from aggregator.text.visible import visible

__all__ = ["normalize"]

FIRST = datetime(1970, 1, 2, tzinfo=UTC)  # the web is younger; what lies before is a program's "no date"
FARTHEST = timedelta(days=3653)  # an event may be announced years ahead, a century ahead is a slip
_WITH_CST = ("America/", "Australia/", "US/", "Canada/", "Cuba", "CST6CDT")
_CST = re.compile(r"\d\s*\(?CST\b")
_Kept = TypeVar("_Kept")
MOST = 50  # persons, pictures or places of one entry
MOST_TAGS = 100
LONGEST_TAG = 200

# Links of an entry to itself at its source, which would be wrong in a feed of ours
_OWN_LINKS = frozenset({"self", "edit", "edit-media", "hub", "enclosure", "next", "prev", "previous", "first", "last"})


def normalize(
    raw: RawEntry, source: Source, info: SourceInfo, *, url: str, now: datetime
) -> tuple[Content, tuple[str, ...]]:
    """Return what an entry says, checked, and warnings.

    A warning is for a date or an entry's own address that cannot be read, each file left out, each body cut, and what
    is more than MOST or MOST_TAGS. Nothing is raised: what cannot be used is left out. A title is None when there is
    none, a text when there is nothing to see in it.
    Without an author the entry's text is asked for its source line (``（文章来源：…）``), which stays in it. Without a
    date of publication that of the update counts. The language is the entry's own word, else source.language, which
    the operator wrote, else the feed's; see ``language`` for when the script overrules them.

    url: of the document, after redirects. now: aware.
    """
    base = absolute(raw.base, url) if raw.base else None
    base = base or absolute(url)
    title = plain(raw.title)
    page = address(raw.url, base)
    html, lost = _html(raw.content, base, page)
    teaser, also_lost = (html, ()) if raw.summary is None else _html(raw.summary, base, page)
    html = html or teaser
    tag = language(
        f"{title or ''} {visible(html[:9000]) if html else ''}",
        *(text.language for text in (raw.content, raw.summary, raw.title) if text),
        raw.language,
        source.language,
        info.language,
    )
    timezone = _time_zone(source, tag)
    published, unread = _date(raw.published, "published", timezone, now)
    updated, also_unread = _date(raw.updated, "updated", timezone, now)
    files, lost_files = enclosures(raw.enclosures, base)
    image = address(raw.image, base) or first_image(html)
    told: list[str] = []
    content = Content(
        title=title,
        url=page,
        summary=summary(teaser, title) or summary(html, title),
        html=html,
        published=published or updated,
        updated=updated,
        authors=_first("authors", persons(raw.authors, base=base), MOST, told) or credited(html),
        tags=_first("tags", _tags(raw), MOST_TAGS, told),
        enclosures=files,
        image=image,
        language=tag,
        rights=line(raw.rights),
        comments=address(raw.comments, base),
        links=_links(raw.links, base),
        contributors=_first("contributors", persons(raw.contributors, base=base), MOST, told),
        pictures=_first("pictures", pictures(raw.pictures, base), MOST, told),
        places=_first("places", places(raw.places), MOST, told),
        comment_count=count(raw.comment_count),
        episode=episode(raw.episode, base),
        extensions=extensions(raw.extensions, base),
    )
    told += (*_nowhere(raw.url, page), *unread, *also_unread, *dict.fromkeys((*lost, *also_lost)), *lost_files)
    return content, tuple(told)


def _first(field: str, found: tuple[_Kept, ...], most: int, told: list[str]) -> tuple[_Kept, ...]:
    if len(found) > most:
        told.append(f"{field}: of {len(found)} the first {most} are kept")
    return found[:most]


def _nowhere(written: str | None, page: str | None) -> tuple[str, ...]:
    if page or not (written and written.strip()):
        return ()
    return (f"url: {line(written[:80])!r} is no address on the web: left out",)


def _html(raw: RawText | None, base: str | None, page: str | None) -> tuple[str | None, tuple[str, ...]]:
    if raw is None:
        return None, ()
    return cleaned(raw, base=(absolute(raw.base, base) if raw.base else None) or base, page=page)


def _time_zone(source: Source, language: str | None) -> Callable[[str], str]:
    """The time zone of a date's text: the source's. ``CST`` in a Chinese text is China's, unless that has its own."""
    has_its_own = source.timezone.startswith(_WITH_CST)
    is_chinese = not has_its_own and language is not None and language.startswith("zh")
    return lambda text: "Asia/Shanghai" if is_chinese and _CST.search(text) else source.timezone


def _date(
    text: str | None, field: str, timezone: Callable[[str], str], now: datetime
) -> tuple[datetime | None, tuple[str, ...]]:
    if text is None or not text.strip():
        return None, ()
    when = read_date(text, timezone=timezone(text), now=now)
    if when is not None and when >= FIRST and when <= now + FARTHEST:
        return when, ()
    what = "cannot be read as a date" if when is None else "is no date that an entry can have"
    return None, (f"{field}: {line(text[:80])!r} {what}",)


def _tags(raw: RawEntry) -> tuple[str, ...]:
    """Return the entry's categories and tags, each once, whatever its letter case, in their order."""
    found: dict[str, str] = {}
    words = [tag for word in (*raw.categories, *raw.tags) if (tag := plain(RawText(value=word, type="html")))]
    for word in words:
        for tag in _apart(word, is_alone=len(words) == 1):
            if len(tag) <= LONGEST_TAG:
                found.setdefault(tag.casefold(), tag)
    return tuple(found.values())


def _apart(word: str, *, is_alone: bool) -> list[str]:
    """The tags that one word is a list of. A comma alone makes none (``Washington, D.C.``), several do."""
    parts = re.split(r"[，、；]|\s[|｜/]\s", word)
    if len(parts) == 1 and is_alone and len(several := re.split("[,;]", word)) > 2:
        parts = several
    return [tag for part in parts if (tag := part.strip().lstrip("#").strip())]


def _links(found: tuple[Link, ...], base: str | None) -> tuple[Link, ...]:
    kept: dict[tuple[str, str], Link] = {}
    for link in found:
        rel = (line(link.rel) or "").lower()
        url = address(link.url, base)
        if url and rel and rel not in _OWN_LINKS and (rel, url) not in kept:
            kept[rel, url] = Link(
                url=url,
                rel=rel,
                type=media_type(link.type),
                title=line(link.title),
                language=language("", link.language),
            )
    return tuple(kept.values())
