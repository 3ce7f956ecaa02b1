"""The files and pictures of a feed and its entries: enclosures, Media RSS, podcasts. Pure."""

import re

from aggregator.model import Enclosure
from aggregator.sources.parts.feed_elements import Element, Elements, count_of, name_of, text_of, type_of

_KINDS = ("audio", "video", "image")


def enclosures(elements: Elements) -> tuple[Enclosure, ...]:
    """Return the files of an entry, their addresses as sent: enclosures first, then what Media RSS names."""
    found: dict[str, Enclosure] = {}
    for element in (*elements.all("enclosure"), *elements.children.get("link", ())):
        if name_of(element) == "link" and element.get("rel", "").lower() != "enclosure":
            continue
        if url := (element.get("url") or element.get("href") or "").strip():
            found.setdefault(
                url,
                Enclosure(
                    url=url, type=type_of(element), length=count_of(element.get("length")), title=element.get("title")
                ),
            )
    groups = [_renditions(group)[:1] for group in elements.all("media:group")]
    for element in (*elements.all("media:content"), *(element for group in groups for element in group)):
        url = (element.get("url") or "").strip()
        kind = element.get("medium") or (type_of(element) or "").partition("/")[0]
        if not url or kind not in _KINDS:
            continue
        old = found.get(url)
        found[url] = Enclosure(
            url=url,
            type=(old and old.type) or type_of(element),
            length=(old and old.length) or count_of(element.get("filesize")),
            title=(old and old.title) or None,
            duration=_duration(element.get("duration")),
        )
    return _with_duration(tuple(found.values()), _duration(elements.text("itunes:duration")))


def _renditions(group: Element) -> list[Element]:
    """The forms of one thing, the default first."""
    forms = [child for child in group if name_of(child) == "media:content" and child.get("url")]
    return sorted(forms, key=lambda form: form.get("isDefault") != "true")


def _with_duration(found: tuple[Enclosure, ...], duration: int | None) -> tuple[Enclosure, ...]:
    """itunes:duration tells of the first file that plays."""
    if duration is None:
        return found
    for position, one in enumerate(found):
        if one.duration is None and not (one.type or "").startswith(("image", "text")):
            timed = Enclosure(url=one.url, type=one.type, length=one.length, title=one.title, duration=duration)
            return (*found[:position], timed, *found[position + 1 :])
    return found


def image(elements: Elements) -> str | None:
    """Return the address of an entry's or a feed's picture, as sent."""
    for name, attribute in (("itunes:image", "href"), ("media:thumbnail", "url")):
        for element in elements.all(name):
            if url := (element.get(attribute) or element.get("url") or text_of(element)).strip():
                return str(url)
    for element in elements.all("image"):
        for child in element:
            if name_of(child) == "url" and (url := text_of(child)):
                return url
    for element in (*elements.all("media:content"), *elements.all("group:media:content")):
        if "image" in {element.get("medium"), (type_of(element) or "").partition("/")[0]} and element.get("url"):
            return str(element.get("url")).strip()
    for element in elements.all("enclosure"):
        if (type_of(element) or "").startswith("image/") and element.get("url"):
            return str(element.get("url")).strip()
    return elements.text("logo", "icon")


def _duration(text: str | None) -> int | None:
    """``3723``, ``62:03``, ``1:02:03`` in seconds."""
    match = re.fullmatch(r"(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,8})(?:\.\d+)?", (text or "").strip())
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds or None
