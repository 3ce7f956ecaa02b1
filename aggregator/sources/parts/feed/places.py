"""Where an entry or a feed is, or what it is about: GeoRSS, GML, W3C Geo, podcast:location. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from aggregator.model import Place
from aggregator.sources.parts.feed.elements import Element, Elements, name_of, text_of

Shape = Literal["point", "line", "polygon", "box"]
Points = tuple[tuple[float, ...], ...]

_SIMPLE: dict[str, Shape] = {
    "georss:point": "point",
    "georss:line": "line",
    "georss:polygon": "polygon",
    "georss:box": "box",
}
_GML: dict[str, Shape] = {
    "gml:point": "point",
    "gml:linestring": "line",
    "gml:polygon": "polygon",
    "gml:envelope": "box",
}
_NUMBERS = re.compile(r"[^\s,;]+")
_DEGREES = re.compile(r"\b(?:4326|4979|4258)$")  # EPSG: WGS 84 flat and with height, ETRS89; latitude comes first
_EAST_FIRST = re.compile(r"\bcrs:?84h?$", re.IGNORECASE)  # OGC: longitude comes first


def places(elements: Elements) -> tuple[Place, ...]:
    """Return the places; coordinates that are no pairs of numbers give none."""
    found = [*_of_podcast(elements), *_of_georss(elements), *_of_w3c(elements)]
    name = elements.text("georss:featurename")
    if name and found and found[-1].name is None:
        found[-1] = replace(found[-1], name=name)
    elif name and not found:
        found = [Place(name=name)]
    return tuple(dict.fromkeys(found))


def _of_podcast(elements: Elements) -> Iterator[Place]:
    for element in elements.all("podcast:location"):
        geo = re.match(r"geo:([-+\d.]+),([-+\d.]+)", (element.get("geo") or "").strip())  # RFC 5870
        points = _points(f"{geo[1]} {geo[2]}") if geo else ()
        name, osm = text_of(element) or None, (element.get("osm") or "").strip() or None
        if points or name or osm:
            yield Place(
                name=name,
                shape="point" if points else None,
                coordinates=points,
                osm=osm,
                country=(element.get("country") or "").strip() or None,
                relation=(element.get("rel") or "").strip() or None,
            )


def _of_georss(elements: Elements) -> Iterator[Place]:
    for name, shape in _SIMPLE.items():
        for element in elements.all(name):
            yield from _shaped(shape, _points(text_of(element)))
    bare = [element for name in _GML for element in elements.all(name)]
    for where in (*elements.all("georss:where"), *bare):
        for element in where.iter():
            if shape_of := _GML.get(name_of(element)):
                yield from _of_gml(shape_of, element)
                break


def _of_w3c(elements: Elements) -> Iterator[Place]:
    latitude, longitude = elements.text("geo:lat", "icbm:latitude"), elements.text("geo:long", "icbm:longitude")
    for point in elements.all("geo:point"):
        inner = {name_of(child): text_of(child) for child in point}
        latitude, longitude = inner.get("geo:lat", latitude), inner.get("geo:long", longitude)
    if latitude and longitude:
        yield from _shaped("point", _points(f"{latitude} {longitude}"))


def _of_gml(shape: Shape, element: Element) -> Iterator[Place]:
    """A shape of GML. Where its system of reference does not count degrees, the coordinates stay as they are."""
    system = next((name.strip() for one in element.iter() if (name := one.get("srsName"))), "EPSG:4326")
    texts = [text_of(one) for one in element.iter() if name_of(one) in _GML_NUMBERS]
    has_height = any((one.get("srsDimension") or one.get("dimension")) == "3" for one in element.iter())
    points = _points(" ".join(texts), size=3 if has_height else 2)
    as_written = tuple((second, first, *rest) for first, second, *rest in points)
    if _DEGREES.search(system):
        yield from _shaped(shape, points)
    elif _EAST_FIRST.search(system):
        yield from _shaped(shape, as_written)
    else:
        yield from _shaped(shape, as_written, system)


def _shaped(shape: Shape, points: Points, system: str | None = None) -> Iterator[Place]:
    enough = {"point": len(points) == 1, "box": len(points) == 2, "line": len(points) > 1, "polygon": len(points) > 2}
    if enough[shape]:
        yield Place(shape=shape, coordinates=points, system=system)


_GML_NUMBERS = frozenset({"gml:pos", "gml:poslist", "gml:lowercorner", "gml:uppercorner"})


def _points(text: str, size: int = 2) -> Points:
    """Latitudes and longitudes, as longitudes and latitudes, with heights if size is 3.

    Nothing where one of them is no number.
    """
    try:
        numbers = [float(number) for number in _NUMBERS.findall(text)]
    except ValueError:
        return ()
    if len(numbers) % size:
        return ()
    return tuple((numbers[at + 1], numbers[at], *numbers[at + 2 : at + size]) for at in range(0, len(numbers), size))
