"""What a podcast, a video or a map says of an entry comes through, checked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.model import (
    Chapter,
    Enclosure,
    Episode,
    Extension,
    Link,
    Person,
    Picture,
    Place,
    RawEntry,
    Soundbite,
    Source,
    SourceInfo,
)
from aggregator.normalize import normalize
from tests.whole import RAW, unset

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOURCE = Source(name="e", url="https://e.example/feed")
EVIL = "javascript:alert(1)"


def content_of(raw):
    return normalize(raw, SOURCE, SourceInfo(), url="https://e.example/feed", now=NOW)[0]


def test_every_noun_comes_through_as_it_is():
    content = content_of(RAW)
    # The default form of a file has what its alternatives show: their fields are looked at there.
    files = frozenset(
        {"title", "duration", "medium", "width", "height", "bitrate", "language", "description", "player"}
    )
    assert unset(replace(content, enclosures=()), but=frozenset({"enclosures", "text", "children"})) == []
    assert unset(content.enclosures[0].alternatives[0], but=frozenset({"alternatives"})) == []
    assert unset(content.enclosures[0], but=files | {"length", "image", "alternatives"}) == []
    for name in ("authors", "contributors", "enclosures", "pictures", "places", "comment_count", "episode"):
        assert getattr(content, name) == getattr(RAW, name)
    assert content.extensions == RAW.extensions


def test_addresses_become_absolute_wherever_they_stand():
    content = content_of(
        RawEntry(
            base="https://e.example/a/",
            enclosures=(Enclosure(url="v.mp4", image="v.jpg", player="/p", alternatives=(Enclosure(url="w.webm"),)),),
            pictures=(Picture(url="p.png"),),
            contributors=(Person(name="Ann", image="ann.png"),),
            episode=Episode(
                transcripts=(Link(url="t.srt", rel="transcript"),),
                chapters=(Chapter(start=0, url="#c", image="c.png"),),
                chapters_link=Link(url="c.json", rel="chapters"),
            ),
            extensions=(Extension(name="podcast:trailer", attributes=(("url", "t.mp3"), ("season", "1"))),),
        )
    )
    (file,) = content.enclosures
    (form,) = file.alternatives
    assert (file.url, file.image, file.player) == (
        "https://e.example/a/v.mp4",
        "https://e.example/a/v.jpg",
        "https://e.example/p",
    )
    assert (form.url, form.type) == ("https://e.example/a/w.webm", "video/webm")
    assert content.pictures[0].url == "https://e.example/a/p.png"
    assert content.contributors[0].image == "https://e.example/a/ann.png"
    assert content.episode.transcripts[0].url == "https://e.example/a/t.srt"
    assert content.episode.chapters[0].image == "https://e.example/a/c.png"
    assert content.episode.chapters_link.url == "https://e.example/a/c.json"
    assert content.extensions[0].attributes == (("url", "https://e.example/a/t.mp3"), ("season", "1"))


def test_what_leads_nowhere_or_cannot_be_is_left_out():
    raw = RawEntry(
        enclosures=(
            Enclosure(url="https://e.example/a", image=EVIL, player=EVIL, medium="smell", width=-1, type="nothing"),
        ),
        pictures=(Picture(url=EVIL),),
        contributors=(Person(name="Ann", image=EVIL), Person(role="host")),
        places=(
            Place(shape="point", coordinates=((200.0, 0.0),)),
            Place(name="Here", shape="point", coordinates=((float("nan"), 0.0),)),
        ),
        episode=Episode(
            number=float("inf"),
            season=-2,
            transcripts=(Link(url=EVIL, rel="transcript"),),
            chapters=(Chapter(start=-1), Chapter(start=5, end=float("nan"), url=EVIL)),
            chapters_link=Link(url=EVIL, rel="chapters"),
            soundbites=(Soundbite(start=1, duration=float("inf")),),
        ),
        extensions=(
            Extension(name="podcast:trailer", text="a\x00b\x08", attributes=(("url", EVIL), ("bad name", "x"))),
            Extension(name="<script>", text="x"),
            Extension(name="podcast:chat", attributes=(("value", EVIL),)),
        ),
    )
    content = content_of(raw)
    assert content.enclosures == (Enclosure(url="https://e.example/a"),)
    assert content.pictures == ()
    assert content.contributors == (Person(name="Ann"),)
    assert content.places == (Place(name="Here"),)
    assert content.episode == Episode(chapters=(Chapter(start=5),))
    assert content.extensions == (Extension(name="podcast:trailer", text="ab"), Extension(name="podcast:chat"))


def test_episode_that_says_nothing_is_none():
    assert content_of(RawEntry(episode=Episode(kind="  "))).episode is None


def test_file_that_is_not_on_the_web_is_told():
    raw = RawEntry(
        enclosures=(Enclosure(url="magnet:?xt=urn:btih:1", alternatives=(Enclosure(url="https://e.example/a.mp3"),)),)
    )
    content, warnings = normalize(raw, SOURCE, SourceInfo(), url="https://e.example/feed", now=NOW)
    assert [file.url for file in content.enclosures] == ["https://e.example/a.mp3"]
    assert warnings == ("enclosure: 'magnet:?xt=urn:btih:1' not on the web: left out",)


@pytest.mark.parametrize("width", [1, 1000])
def test_extensions_without_end_are_cut(width):
    deep = Extension(name="podcast:podroll")
    for _ in range(100):
        deep = Extension(name="podcast:podroll", children=(deep,))
    content = content_of(RawEntry(extensions=(deep,) * width))

    def number(found):
        return sum(1 + number(one.children) for one in found)

    assert 1 <= number(content.extensions) <= 500


def test_forms_without_end_are_cut_and_told():
    forms = tuple(Enclosure(url=f"https://e.example/{number}") for number in range(60))
    raw = RawEntry(enclosures=(Enclosure(url="https://e.example/a", alternatives=forms),))
    content, warnings = normalize(raw, SOURCE, SourceInfo(), url="https://e.example/feed", now=NOW)
    assert len(content.enclosures[0].alternatives) == 50
    assert warnings == ("enclosure: of 60 other forms the first 50 are kept",)
