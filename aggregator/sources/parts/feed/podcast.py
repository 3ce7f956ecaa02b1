"""What a feed says as a podcast: iTunes, the podcast namespace, Podlove chapters, subtitles of Media RSS. Pure.

https://podcasters.apple.com/support/823, https://github.com/Podcastindex-org/podcast-namespace,
https://podlove.org/simple-chapters, https://www.rssboard.org/media-rss
"""

import math
import re
from collections.abc import Iterator

from aggregator.model import Chapter, Episode, Link, Person, Podcast, Soundbite
from aggregator.sources.parts.feed.elements import Element, Elements, atom_person, count_of, name_of, text_of, type_of
from aggregator.sources.parts.feed.media import seconds

CHAPTERS_REL = "http://podlove.org/simple-chapters"  # of an atom:link

_TIME = re.compile(r"(?:(?:(\d{1,5}):)?(\d{1,5}):)?(\d{1,9}(?:\.\d{1,9})?)s?")


def episode(elements: Elements) -> Episode | None:
    """Return what a podcast says of an entry, or None when it says nothing."""
    seasons = [*elements.all("podcast:season"), *elements.all("itunes:season")]
    numbers = [*elements.all("podcast:episode"), *elements.all("itunes:episode")]
    shown = next((one for one in seasons if count_of(text_of(one)) is not None), None)
    found = Episode(
        number=next((number for one in numbers if (number := _number(text_of(one))) is not None), None),
        number_display=next((text for one in numbers if (text := (one.get("display") or "").strip())), None),
        season=None if shown is None else count_of(text_of(shown)),
        season_name=next((text for one in seasons if (text := (one.get("name") or "").strip())), None),
        kind=(elements.text("itunes:episodetype") or "").lower() or None,
        title=elements.text("itunes:title"),
        duration=seconds(elements.text("itunes:duration")),
        is_explicit=_is_explicit(elements),
        is_blocked=_is_blocked(elements),
        transcripts=tuple(_transcripts(elements)),
        chapters=tuple(_chapters(elements)),
        chapters_link=_chapters_link(elements),
        soundbites=tuple(_soundbites(elements)),
    )
    return found if found != Episode() else None


def podcast(head: Elements) -> Podcast | None:
    """Return what a feed says of itself as a podcast, or None when it says nothing."""
    locks = head.all("podcast:locked")
    owners = [atom_person(owner) for owner in head.all("itunes:owner", "googleplay:owner")]
    found = Podcast(
        guid=head.text("podcast:guid"),
        medium=(head.text("podcast:medium") or "").lower() or None,
        kind=(head.text("itunes:type") or "").lower() or None,
        is_explicit=_is_explicit(head),
        is_blocked=_is_blocked(head),
        is_locked=_is_yes(text_of(locks[0])) if locks else None,
        lock_owner=(locks[0].get("owner") or "").strip() or None if locks else None,
        is_complete=_is_yes(complete) if (complete := head.text("itunes:complete")) else None,
        moved_to=head.text("itunes:new-feed-url"),
        owner=next((owner for owner in owners if owner), None),
        funding=tuple(_funding(head)),
    )
    return found if found != Podcast() else None


def participants(elements: Elements) -> tuple[Person, ...]:
    """Return who took part beside the authors, each with what they did."""
    found = [
        *(atom_person(element) for element in elements.all("contributor")),
        *(_named(element) for element in elements.all("dc:contributor")),
        *(_of_podcast(element) for element in elements.all("podcast:person")),
        *(_named(element, role=element.get("role")) for element in elements.all("media:credit")),
        *(_named(element, role="publisher") for element in elements.all("dc:publisher")),
        *(_named(element, role="webmaster") for element in elements.all("webmaster")),
    ]
    return tuple(dict.fromkeys(person for person in found if person))


def _named(element: Element, role: str | None = None) -> Person | None:
    person = atom_person(element)
    if person is None or not (role or "").strip():
        return person
    return Person(name=person.name, email=person.email, url=person.url, role=(role or "").strip().lower())


def _of_podcast(element: Element) -> Person | None:
    name, url = text_of(element) or None, (element.get("href") or "").strip() or None
    if not (name or url):
        return None
    role, group = ((element.get(key) or "").strip().lower() or None for key in ("role", "group"))
    return Person(name=name, url=url, role=role, group=group, image=(element.get("img") or "").strip() or None)


def _transcripts(elements: Elements) -> Iterator[Link]:
    for element in elements.all("podcast:transcript"):
        is_captions = (element.get("rel") or "").strip().lower() == "captions"
        yield from _link(element, "captions" if is_captions else "transcript", language=element.get("language"))
    for element in elements.all("media:subtitle"):
        yield from _link(element, "captions", language=element.get("lang"))


def _chapters_link(elements: Elements) -> Link | None:
    for element in (*elements.all("podcast:chapters"), *elements.children.get("link", ())):
        if name_of(element) == "podcast:chapters" or (element.get("rel") or "").strip() == CHAPTERS_REL:
            return next(_link(element, "chapters"), None)
    return None


def _link(element: Element, rel: str, *, title: str | None = None, language: str | None = None) -> Iterator[Link]:
    if url := (element.get("url") or element.get("href") or "").strip():
        yield Link(url=url, rel=rel, type=type_of(element), title=title, language=(language or "").strip() or None)


def _chapters(elements: Elements) -> Iterator[Chapter]:
    """Podlove's, else the scenes of a film."""
    for chapters in elements.all("psc:chapters")[:1]:
        for chapter in chapters:
            start = _time(chapter.get("start"))
            if name_of(chapter) == "psc:chapter" and start is not None:
                title, url, image = ((chapter.get(key) or "").strip() or None for key in ("title", "href", "image"))
                yield Chapter(start=start, title=title, url=url, image=image)
    for scenes in elements.all("media:scenes")[: 0 if elements.all("psc:chapters") else 1]:
        for scene in scenes:
            told = {name_of(child): text_of(child) for child in scene}
            start = _time(told.get("scenestarttime") or told.get("media:scenestarttime"))
            if start is not None:
                yield Chapter(
                    start=start,
                    end=_time(told.get("sceneendtime") or told.get("media:sceneendtime")),
                    title=told.get("scenetitle") or told.get("media:scenetitle") or None,
                )


def _soundbites(elements: Elements) -> Iterator[Soundbite]:
    for element in elements.all("podcast:soundbite"):
        start, duration = _time(element.get("startTime")), _time(element.get("duration"))
        if start is not None and duration is not None:
            yield Soundbite(start=start, duration=duration, title=text_of(element) or None)


def _funding(head: Elements) -> Iterator[Link]:
    for element in head.all("podcast:funding"):
        yield from _link(element, "payment", title=text_of(element) or None)


def _is_explicit(elements: Elements) -> bool | None:
    """``explicit`` and ``clean`` are what Apple's directory had before ``true`` and ``false``."""
    text = elements.text("itunes:explicit", "googleplay:explicit") or ""
    return {"yes": True, "true": True, "explicit": True, "no": False, "false": False, "clean": False}.get(_word(text))


def _is_blocked(elements: Elements) -> bool | None:
    """Any other word than yes has no effect, says Apple. podcast:block with an id is about one directory only."""
    texts = [text_of(element) for element in elements.all("itunes:block", "googleplay:block")]
    texts += [text_of(element) for element in elements.all("podcast:block") if not element.get("id")]
    return any(map(_is_yes, texts)) if texts else None


def _is_yes(text: str) -> bool:
    return _word(text) == "yes"


def _word(text: str) -> str:
    """A word that is written as directories document it: ``yes`` or ``Yes``, not ``YES``, which they do not know."""
    return text.lower() if text[1:] == text[1:].lower() else text


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", text) else None


def _time(text: str | None) -> float | None:
    """Seconds: ``1:02:03.5``, ``2:03``, ``123.5``."""
    match = _TIME.fullmatch((text or "").strip())
    if match is None:
        return None
    time = int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3])
    return time if math.isfinite(time) else None
