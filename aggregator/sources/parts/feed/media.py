"""The files and pictures of a feed and its entries: enclosures, Media RSS, forms that podcasts offer. Pure."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from types import MappingProxyType

from aggregator.model import Enclosure, Picture
from aggregator.sources.parts.feed.elements import (
    Element,
    Elements,
    attribute,
    by_name,
    count_of,
    name_of,
    text_of,
    type_of,
)
from aggregator.sources.parts.feed.links import is_text, out_of_line, relation, target

_WIDTH = re.compile(r"(?<!\S)(\S+)\s+(\d+)w")


def enclosures(elements: Elements) -> tuple[Enclosure, ...]:
    """Return the files of an entry, their addresses as sent: enclosures first, then what Media RSS names.

    What a media:group holds is one file in several forms, the default first; so is what podcast:alternateEnclosure
    offers beside the first enclosure. A picture in a group of sounds and films is a file of its own.
    """
    found: dict[str, Enclosure] = {}
    for element in (*elements.all("enclosure"), *elements.children.get("link", ())):
        if name_of(element) == "link" and relation(element) != "enclosure":
            continue
        if url := attribute(element, "url") or target(element) or _bare_address(element):
            _add(found, _enclosure(element, url))
    for element in elements.all("content"):  # RFC 4287, section 4.1.3.2: the content is that file
        if (url := out_of_line(element)) and not is_text(element):
            _add(found, _enclosure(element, url))
    for element in elements.all("media:content"):
        for form in _form(element):
            _add(found, form)
    for group in elements.all("media:group"):
        for forms in _renditions(group):
            _add(found, *forms)
    _add(found, *_alternates(elements, next(iter(found.values()), None)))
    return _with_duration(tuple(found.values()), seconds(elements.text("itunes:duration")))


def _bare_address(element: Element) -> str:
    """The address that stands inside an enclosure, where programs put it that know of no attributes."""
    text = text_of(element)
    return text if re.match(r"https?://\S+\Z", text) else ""


def _add(found: dict[str, Enclosure], *forms: Enclosure) -> None:
    """Add a file in its forms; where one of them is there already, what they tell is added to that."""
    if not forms:
        return
    known = next((found[form.url] for form in forms if form.url in found), None)
    main = known or replace(forms[0], alternatives=())
    others = {form.url: form for form in main.alternatives}
    for form in forms:
        if form.url == main.url:
            main = _merged(main, form)
        else:
            others[form.url] = _merged(others.get(form.url, form), form)
    found[main.url] = replace(main, alternatives=tuple(others.values()))


def _merged(one: Enclosure, other: Enclosure) -> Enclosure:
    """The first, what it lacks taken from the other."""
    lacking = {
        field.name: value
        for field in fields(Enclosure)
        if getattr(one, field.name) in (None, ()) and (value := getattr(other, field.name)) not in (None, ())
    }
    return replace(one, **lacking) if lacking else one


def _enclosure(element: Element, url: str) -> Enclosure:
    return Enclosure(
        url=url,
        type=type_of(element),
        length=count_of(element.get("length")),
        title=element.get("title") or None,
        duration=seconds(element.get("duration")),
        language=element.get("hreflang") or None,
    )


def _form(element: Element, shared: Mapping[str, Element] = MappingProxyType({})) -> Iterator[Enclosure]:
    """What a media:content stands for, if it has an address. shared: what its group says, by name."""
    url = (element.get("url") or "").strip()
    if not url:
        return
    own = by_name(element)

    def inner(name: str) -> Element | None:
        return own[name][0] if name in own else shared.get(name)

    def text(name: str) -> str | None:
        return (text_of(found) or None) if (found := inner(name)) is not None else None

    def address(name: str) -> str | None:
        return (found.get("url") or "").strip() or None if (found := inner(name)) is not None else None

    yield Enclosure(
        url=url,
        type=type_of(element),
        length=count_of(element.get("fileSize")),
        title=text("media:title"),
        duration=seconds(element.get("duration")),
        medium=(element.get("medium") or "").strip().lower() or None,
        width=pixels(element.get("width")),
        height=pixels(element.get("height")),
        bitrate=_bits(element.get("bitrate"), times=1000),
        language=element.get("lang") or None,
        description=text("media:description"),
        image=address("media:thumbnail"),
        player=address("media:player"),
    )


def _renditions(group: Element) -> list[list[Enclosure]]:
    """The forms of one thing, the default first; pictures apart from what plays."""
    elements = [child for child in group if name_of(child) == "media:content"]
    elements.sort(key=lambda element: (element.get("isDefault") or "").strip().lower() != "true")
    shared = {name_of(child): child for child in reversed(group) if name_of(child) != "media:content"}
    forms = [form for element in elements for form in _form(element, shared)]
    sorts = ([form for form in forms if not is_picture(form)], [form for form in forms if is_picture(form)])
    return [sort for sort in sorts if sort]


def is_picture(file: Enclosure) -> bool:
    """Whether the file says that it is one."""
    return "image" in {file.medium, (file.type or "").partition("/")[0]}


def _alternates(elements: Elements, main: Enclosure | None) -> list[Enclosure]:
    """The forms of podcast:alternateEnclosure, each source of one an address; before them the enclosure, if any."""
    offered = sorted(
        elements.all("podcast:alternateenclosure"),
        key=lambda element: (element.get("default") or "").strip().lower() != "true",
    )
    forms = [
        Enclosure(
            url=url,
            type=(source.get("contentType") or "").strip().lower() or type_of(element),
            length=count_of(element.get("length")),
            title=element.get("title") or None,
            bitrate=_bits(element.get("bitrate")),
            height=pixels(element.get("height")),
            language=element.get("lang") or None,
        )
        for element in offered
        for source in element
        if name_of(source) == "podcast:source" and (url := (source.get("uri") or "").strip())
    ]
    return [main, *forms] if main and forms else forms


def _with_duration(found: tuple[Enclosure, ...], duration: int | None) -> tuple[Enclosure, ...]:
    """itunes:duration tells of the first file that plays."""
    if duration is None:
        return found
    for position, one in enumerate(found):
        if one.duration is None and not is_picture(one) and not (one.type or "").startswith("text"):
            return (*found[:position], replace(one, duration=duration), *found[position + 1 :])
    return found


def image(elements: Elements) -> str | None:
    """Return the address of an entry's or a feed's picture, as sent."""
    for name, key in (("itunes:image", "href"), ("googleplay:image", "href"), ("media:thumbnail", "url")):
        for element in elements.all(name):
            if url := (element.get(key) or element.get("url") or text_of(element)).strip():
                return str(url)
    for element in elements.all("itunes:link"):  # how it was said before itunes:image
        if (element.get("rel") or "").strip().lower() == "image" and (url := (element.get("href") or "").strip()):
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
    return next((picture.url for picture in _podcast_pictures(elements)), None) or elements.text("logo", "icon")


def pictures(elements: Elements) -> tuple[Picture, ...]:
    """Return what stands for an entry or a feed in sizes to choose from: media:thumbnail, podcast:image(s)."""
    found = [
        Picture(url=url, width=pixels(element.get("width")), height=pixels(element.get("height")))
        for element in elements.all("media:thumbnail")
        if (url := (element.get("url") or "").strip())
    ]
    return tuple({picture.url: picture for picture in reversed([*found, *_podcast_pictures(elements)])}.values())[::-1]


def _podcast_pictures(elements: Elements) -> Iterator[Picture]:
    for element in elements.all("podcast:image"):
        if url := (element.get("href") or "").strip():
            yield Picture(url=url, width=pixels(element.get("width")), height=pixels(element.get("height")))
    for element in elements.all("podcast:images"):
        for url, width in _WIDTH.findall(element.get("srcset") or ""):
            yield Picture(url=url, width=int(width[:9]))


def seconds(text: str | None) -> int | None:
    """Return ``3723``, ``62:03`` or ``1:02:03`` in seconds."""
    match = re.fullmatch(r"(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,8})(?:\.\d+)?", (text or "").strip())
    if match is None:
        return None
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + rest or None


def pixels(text: str | None) -> int | None:
    """Return a width or height: ``640``, ``640px``, ``640.0``; None for shares and other words."""
    match = re.fullmatch(r"(\d{1,6})(?:\.\d+)?(?:px)?", (text or "").strip(), re.IGNORECASE)
    return int(match[1]) or None if match else None


def _bits(text: str | None, times: int = 1) -> int | None:
    try:
        rate = float(text or "") * times
    except ValueError:
        return None
    return round(rate) or None if math.isfinite(rate) and 0 < rate < 1e15 else None
