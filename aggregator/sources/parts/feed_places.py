"""Where an entry or a feed is, or what it is about: GeoRSS, GML, W3C Geo, podcast:location. Pure."""

import re
from collections.abc import Iterator
from typing import Literal

from aggregator.model import Place
from aggregator.sources.parts.feed_elements import Element, Elements, name_of, text_of

Shape = Literal["point", "line", "polygon", "box"]
Points = tuple[tuple[float, float], ...]

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
    """Return the places; coordinates that are no pairs of numbers, or no degrees, give none."""
    found = [*_of_podcast(elements), *_of_georss(elements), *_of_w3c(elements)]
    name = elements.text("georss:featurename")
    if name and found and found[-1].name is None:
        found[-1] = Place(name=name, shape=found[-1].shape, coordinates=found[-1].coordinates)
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
                yield from _shaped(shape_of, _gml_points(element))
                break


def _of_w3c(elements: Elements) -> Iterator[Place]:
    latitude, longitude = elements.text("geo:lat", "icbm:latitude"), elements.text("geo:long", "icbm:longitude")
    for point in elements.all("geo:point"):
        inner = {name_of(child): text_of(child) for child in point}
        latitude, longitude = inner.get("geo:lat", latitude), inner.get("geo:long", longitude)
    if latitude and longitude:
        yield from _shaped("point", _points(f"{latitude} {longitude}"))


def _shaped(shape: Shape, points: Points) -> Iterator[Place]:
    enough = {"point": len(points) == 1, "box": len(points) == 2, "line": len(points) > 1, "polygon": len(points) > 2}
    if enough[shape]:
        yield Place(shape=shape, coordinates=points)


def _gml_points(element: Element) -> Points:
    """The points of a GML shape; none where they are no degrees. Of three dimensions the height is left out."""
    system = next((name.strip() for one in element.iter() if (name := one.get("srsName"))), "EPSG:4326")
    is_east_first = _EAST_FIRST.search(system) is not None
    if not is_east_first and not _DEGREES.search(system):
        return ()
    texts = [text_of(one) for one in element.iter() if name_of(one) in _GML_NUMBERS]
    has_height = any((one.get("srsDimension") or one.get("dimension")) == "3" for one in element.iter())
    points = _points(" ".join(texts), size=3 if has_height else 2)
    return tuple((second, first) for first, second in points) if is_east_first else points


_GML_NUMBERS = frozenset({"gml:pos", "gml:poslist", "gml:lowercorner", "gml:uppercorner"})


def _points(text: str, size: int = 2) -> Points:
    """Pairs of latitude and longitude, as longitude and latitude; nothing where one of them is no number."""
    try:
        numbers = [float(number) for number in _NUMBERS.findall(text)]
    except ValueError:
        return ()
    if len(numbers) % size:
        return ()
    return tuple((numbers[at + 1], numbers[at]) for at in range(0, len(numbers), size))
