"""A podcast's entry and feed in which every noun is filled in, for the tests that ask whether anything gets lost."""

from dataclasses import fields, is_dataclass
from typing import Any

from aggregator.model import (
    Chapter,
    Enclosure,
    Episode,
    Extension,
    Link,
    Person,
    Picture,
    Place,
    Podcast,
    RawEntry,
    RawText,
    Soundbite,
    SourceInfo,
)

HOST = Person(
    name="Ann",
    email="ann@e.example",
    url="https://e.example/ann",
    role="host",
    group="cast",
    image="https://e.example/ann.jpg",
)
FORM = Enclosure(
    url="https://e.example/low.mp4",
    type="video/mp4",
    length=10,
    title="Low",
    duration=61,
    medium="video",
    width=320,
    height=180,
    bitrate=64_000,
    language="en",
    description="for the road",
    image="https://e.example/low.jpg",
    player="https://e.example/play",
)
PLACE = Place(
    name="Changchun",
    shape="point",
    coordinates=((125.3, 43.8),),
    system="EPSG:4490",
    osm="R113314",
    country="CN",
    relation="subject",
)
VALUE = Extension(
    name="podcast:value",
    text="a",
    attributes=(("type", "lightning"),),
    children=(Extension(name="podcast:valueRecipient", attributes=(("address", "02d5"), ("split", "95"))),),
)
EPISODE = Episode(
    number=3.5,
    number_display="Ch.3",
    season=2,
    season_name="Winter",
    kind="full",
    title="Snow",
    duration=3723,
    is_explicit=True,
    is_blocked=True,
    transcripts=(Link(url="https://e.example/1.vtt", rel="captions", type="text/vtt", title="T", language="en"),),
    chapters=(
        Chapter(start=0.5, end=9.0, title="One", url="https://e.example/#1", image="https://e.example/chapter.png"),
    ),
    chapters_link=Link(
        url="https://e.example/1.json", rel="chapters", type="application/json+chapters", title="C", language="en"
    ),
    soundbites=(Soundbite(start=1.5, duration=30.0, title="Ha"),),
)
RAW = RawEntry(
    id="1",
    url="https://e.example/1",
    base="https://e.example/",
    title=RawText(value="Snow"),
    summary=RawText(value="It snows."),
    content=RawText(value="<p>It snows a lot.</p>", type="html"),
    published="2026-11-01T00:00:00Z",
    updated="2026-11-02T00:00:00Z",
    authors=(HOST,),
    categories=("Weather",),
    tags=("Snow",),
    enclosures=(Enclosure(url="https://e.example/high.mp4", type="video/mp4", alternatives=(FORM,)),),
    image="https://e.example/i.jpg",
    language="en",
    rights="CC",
    comments="https://e.example/1#comments",
    links=(Link(url="https://e.example/2", rel="related", type="text/html", title="Two", language="en"),),
    contributors=(HOST,),
    pictures=(Picture(url="https://e.example/p.jpg", width=100, height=50),),
    places=(PLACE,),
    comment_count=7,
    episode=EPISODE,
    extensions=(VALUE,),
)
INFO = SourceInfo(
    id="tag:e.example,2026:1",
    title="E",
    url="https://e.example/",
    language="en",
    updated="2026-11-02",
    authors=(HOST,),
    image="https://e.example/logo.png",
    rights="CC",
    links=(Link(url="https://hub.example/", rel="hub"),),
    description=RawText(value="<b>All</b> of E", type="html", base="https://e.example/", language="en"),
    contributors=(HOST,),
    categories=("Weather",),
    generator="Made by hand 1.0",
    places=(PLACE,),
    podcast=Podcast(
        guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
        medium="podcast",
        kind="serial",
        is_explicit=False,
        is_blocked=False,
        is_locked=True,
        lock_owner="ann@e.example",
        is_complete=True,
        moved_to="https://new.e.example/feed",
        owner=HOST,
        funding=(Link(url="https://e.example/give", rel="payment", title="Give"),),
    ),
    extensions=(VALUE,),
    is_complete=True,
    is_archive=True,
    is_ended=True,
)


def unset(value: Any, *, but: frozenset[str] = frozenset(), at: str = "") -> list[str]:
    """Return the paths of all fields in which nothing stands; of several nouns in a tuple the first is looked at.

    but: names of fields that may be empty.
    """
    found: list[str] = []
    for field in fields(value):
        inner, path = getattr(value, field.name), f"{at}.{field.name}"
        if field.name in but:
            continue
        if inner is None or inner == () or inner == "":
            found.append(path)
            continue
        if isinstance(inner, tuple):
            inner = inner[0]
        if is_dataclass(inner):
            found += unset(inner, but=but, at=path)
    return found
