"""What podcasts, films and maps say of an entry or a feed is read to the letter, repeated elements too."""

import time

import pytest

from aggregator.model import Chapter, Enclosure, Extension, Link, Person, Picture, Place, Podcast, Soundbite
from aggregator.sources.parts.feed.bounds import MOST_ALIKE
from tests.corpora import corpus
from tests.sources.test_feed import read

SPACES = (
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:psc="http://podlove.org/simple-chapters" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
)


def entry_of(inner):
    document = (
        f'<rss version="2.0" {SPACES}><channel><title>N</title><item><title>One</title>{inner}</item></channel></rss>'
    )
    (entry,) = read(document).entries
    return entry


def info_of(inner):
    return read(f'<rss version="2.0" {SPACES}><channel><title>N</title>{inner}</channel></rss>').info


# --- episodes


def test_each_transcript_and_chapter_of_an_episode_is_kept():
    episode = entry_of(
        '<podcast:transcript url="a.html" type="text/html"/>'
        '<podcast:transcript url="a.vtt" type="text/vtt" language="es" rel="captions"/>'
        '<media:subTitle type="application/smil" lang="en-us" href="https://e.example/s.smil"/>'
        '<podcast:chapters url="https://e.example/c.json" type="application/json+chapters"/>'
        '<podcast:soundbite startTime="73.5" duration="60">Why</podcast:soundbite>'
        '<podcast:soundbite startTime="9" duration="2.5"/>'
        '<psc:chapters version="1.2"><psc:chapter start="00:00:00" title="Welcome"/>'
        '<psc:chapter start="3:07.25" title="Story" href="https://e.example/s" image="s.png"/>'
        '<psc:chapter start="soon" title="never"/></psc:chapters>'
    ).episode
    assert episode.transcripts == (
        Link(url="a.html", rel="transcript", type="text/html"),
        Link(url="a.vtt", rel="captions", type="text/vtt", language="es"),
        Link(url="https://e.example/s.smil", rel="captions", type="application/smil", language="en-us"),
    )
    assert episode.chapters_link == Link(
        url="https://e.example/c.json", rel="chapters", type="application/json+chapters"
    )
    assert episode.soundbites == (Soundbite(start=73.5, duration=60, title="Why"), Soundbite(start=9, duration=2.5))
    assert episode.chapters == (
        Chapter(start=0, title="Welcome"),
        Chapter(start=187.25, title="Story", url="https://e.example/s", image="s.png"),
    )


def test_numbers_of_an_episode_are_read():
    episode = entry_of(
        '<podcast:season name="Winter">2</podcast:season><podcast:episode display="Ch.3">3.5</podcast:episode>'
        "<itunes:episodeType>Bonus</itunes:episodeType><itunes:title>Snow</itunes:title>"
        "<itunes:duration>62:03</itunes:duration><itunes:explicit>true</itunes:explicit><itunes:block>Yes</itunes:block>"
    ).episode
    assert (episode.season, episode.season_name, episode.number, episode.number_display) == (2, "Winter", 3.5, "Ch.3")
    assert (episode.kind, episode.title, episode.duration) == ("bonus", "Snow", 3723)
    assert (episode.is_explicit, episode.is_blocked) == (True, True)
    older = entry_of("<itunes:season>1</itunes:season><itunes:episode>7</itunes:episode>").episode
    assert (older.season, older.number) == (1, 7)


@pytest.mark.parametrize(
    ("word", "claim"),
    [
        *(("yes", True), ("explicit", True), (" True ", True), ("no", False), ("clean", False), ("false", False)),
        *(("maybe", None), ("", None)),
    ],
)
def test_word_for_explicit_is_understood_as_directories_do(word, claim):
    found = entry_of(f"<itunes:explicit>{word}</itunes:explicit><itunes:season>1</itunes:season>").episode
    assert found.is_explicit is claim


def test_entry_of_no_podcast_has_no_episode():
    assert entry_of("<link>https://e.example/1</link>").episode is None
    assert info_of("<link>https://e.example/</link>").podcast is None


def test_scenes_of_a_film_are_its_chapters():
    episode = entry_of(
        "<media:scenes><media:scene><sceneTitle>One</sceneTitle><sceneStartTime>00:15</sceneStartTime>"
        "<sceneEndTime>00:45</sceneEndTime></media:scene></media:scenes>"
    ).episode
    assert episode.chapters == (Chapter(start=15, end=45, title="One"),)


def test_everybody_who_took_part_is_named_with_what_they_did():
    entry = entry_of(
        '<podcast:person href="https://e.example/a" img="a.jpg">Ann</podcast:person>'
        '<podcast:person role="Guest" group="cast">Bo</podcast:person>'
        '<media:credit role="producer" scheme="urn:ebu">Cy</media:credit>'
        "<dc:contributor>Di (di@e.example)</dc:contributor><dc:publisher>E Press</dc:publisher>"
    )
    assert entry.authors == ()
    assert entry.contributors == (
        Person(name="Di", email="di@e.example"),
        Person(name="Ann", url="https://e.example/a", image="a.jpg"),
        Person(name="Bo", role="guest", group="cast"),
        Person(name="Cy", role="producer"),
        Person(name="E Press", role="publisher"),
    )


# --- files


def test_group_is_one_file_in_several_forms_and_its_picture_another():
    entry = entry_of(
        '<media:group><media:title>Film</media:title><media:content url="low.mp4" type="video/mp4" bitrate="64" '
        'width="320" height="180px" lang="en"/>'
        '<media:content url="high.mp4" isDefault="true" medium="video" fileSize="9" duration="61.4">'
        "<media:title>High</media:title><media:description>words</media:description>"
        '<media:thumbnail url="h.jpg" width="10" height="5"/><media:player url="https://e.example/play"/></media:content>'
        '<media:content url="still.jpg" medium="image"/></media:group>'
    )
    film, still = entry.enclosures
    assert film.alternatives == (
        Enclosure(
            url="low.mp4",
            type="video/mp4",
            title="Film",
            bitrate=64_000,
            width=320,
            height=180,
            language="en",
        ),
    )
    assert (film.url, film.title, film.description, film.length) == ("high.mp4", "High", "words", 9)
    assert (film.duration, film.image, film.player) == (61, "h.jpg", "https://e.example/play")
    assert (still.url, still.medium, still.alternatives) == ("still.jpg", "image", ())
    assert entry.pictures == (Picture(url="h.jpg", width=10, height=5),)


def test_group_without_end_is_read_in_time():
    forms = "".join(f'<media:content url="{number}.mp4"/>' for number in range(20_000))
    began = time.monotonic()
    (file,) = entry_of(f"<media:group>{forms}</media:group>").enclosures
    assert len(file.alternatives) == MOST_ALIKE - 1
    assert time.monotonic() - began < 20


def test_group_around_the_enclosure_adds_its_other_forms():
    entry = entry_of(
        '<enclosure url="a.mp3" length="5" type="audio/mpeg"/>'
        '<media:group><media:content url="a.ogg" type="audio/ogg" isDefault="true"/>'
        '<media:content url="a.mp3" duration="60" fileSize="7"/></media:group>'
    )
    assert entry.enclosures == (
        Enclosure(
            url="a.mp3",
            length=5,
            type="audio/mpeg",
            duration=60,
            alternatives=(Enclosure(url="a.ogg", type="audio/ogg"),),
        ),
    )


def test_forms_that_a_podcast_offers_belong_to_its_enclosure():
    entry = entry_of(
        '<enclosure url="a.mp3" length="5" type="audio/mpeg"/>'
        '<podcast:alternateEnclosure type="audio/opus" length="3" bitrate="96000.4" lang="en" title="Small">'
        '<podcast:source uri="a.opus"/><podcast:source uri="ipfs://a" contentType="audio/ogg"/>'
        "</podcast:alternateEnclosure>"
        '<podcast:alternateEnclosure type="audio/mpeg" bitrate="128000" default="true"><podcast:source uri="a.mp3"/>'
        "</podcast:alternateEnclosure>"
        '<podcast:alternateEnclosure type="video/mp4" height="720"><podcast:source uri="a.mp4"/>'
        "</podcast:alternateEnclosure>"
    )
    small = {"length": 3, "bitrate": 96_000, "language": "en", "title": "Small"}
    assert entry.enclosures == (
        Enclosure(
            url="a.mp3",
            length=5,
            type="audio/mpeg",
            bitrate=128_000,
            alternatives=(
                Enclosure(url="a.opus", type="audio/opus", **small),
                Enclosure(url="ipfs://a", type="audio/ogg", **small),
                Enclosure(url="a.mp4", type="video/mp4", height=720),
            ),
        ),
    )


def test_forms_without_an_enclosure_begin_with_the_default():
    entry = entry_of(
        '<podcast:alternateEnclosure type="audio/ogg"><podcast:source uri="a.ogg"/></podcast:alternateEnclosure>'
        '<podcast:alternateEnclosure type="audio/mpeg" default="true"><podcast:source uri="a.mp3"/>'
        "</podcast:alternateEnclosure>"
    )
    (file,) = entry.enclosures
    assert (file.url, [form.url for form in file.alternatives]) == ("a.mp3", ["a.ogg"])


def test_pictures_come_in_all_their_sizes():
    entry = entry_of(
        '<media:thumbnail url="a.jpg" width="75" height="50"/><media:thumbnail url="b.jpg"/>'
        '<podcast:images srcset="c.jpg 1500w, https://e.example/d.jpg 600w"/>'
        '<podcast:image href="e.jpg" width="200" height="100"/>'
    )
    assert entry.pictures == (
        Picture(url="a.jpg", width=75, height=50),
        Picture(url="b.jpg"),
        Picture(url="e.jpg", width=200, height=100),
        Picture(url="c.jpg", width=1500),
        Picture(url="https://e.example/d.jpg", width=600),
    )
    assert entry.image == "a.jpg"


# --- comments, places, the rest


def test_comments_are_counted_and_their_feed_is_linked():
    entry = entry_of("<slash:comments>7</slash:comments><wfw:commentRss>https://e.example/1/c.xml</wfw:commentRss>")
    assert entry.comment_count == 7
    assert entry.links == (Link(url="https://e.example/1/c.xml", rel="replies", type="application/rss+xml"),)
    assert entry_of("<thr:total>0</thr:total><slash:comments>7</slash:comments>").comment_count == 0
    assert entry_of("<slash:comments>many</slash:comments>").comment_count is None
    assert entry_of('<atom:link rel="replies" href="c" thr:count="3"/>').comment_count == 3


@pytest.mark.parametrize(
    ("inner", "place"),
    [
        ("<georss:point>43.8 125.3</georss:point>", Place(shape="point", coordinates=((125.3, 43.8),))),
        ("<georss:point>43.8,125.3</georss:point>", Place(shape="point", coordinates=((125.3, 43.8),))),
        (
            "<georss:line>1 2 3 4</georss:line><georss:featurename>Way</georss:featurename>",
            Place(name="Way", shape="line", coordinates=((2, 1), (4, 3))),
        ),
        ("<georss:box>1 2 3 4</georss:box>", Place(shape="box", coordinates=((2, 1), (4, 3)))),
        (
            "<georss:polygon>1 2 3 4 5 6 1 2</georss:polygon>",
            Place(shape="polygon", coordinates=((2, 1), (4, 3), (6, 5), (2, 1))),
        ),
        ("<geo:lat>43.8</geo:lat><geo:long>125.3</geo:long>", Place(shape="point", coordinates=((125.3, 43.8),))),
        (
            "<geo:Point><geo:lat>43.8</geo:lat><geo:long>125.3</geo:long></geo:Point>",
            Place(shape="point", coordinates=((125.3, 43.8),)),
        ),
        (
            "<georss:where><gml:Point><gml:pos>43.8 125.3</gml:pos></gml:Point></georss:where>",
            Place(shape="point", coordinates=((125.3, 43.8),)),
        ),
        (
            '<georss:where><gml:Point srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:pos>125.3 43.8</gml:pos>'
            "</gml:Point></georss:where>",
            Place(shape="point", coordinates=((125.3, 43.8),)),
        ),
        (
            '<georss:where><gml:Point srsDimension="3"><gml:pos>43.8 125.3 200</gml:pos></gml:Point></georss:where>',
            Place(shape="point", coordinates=((125.3, 43.8, 200),)),
        ),
        (
            "<georss:where><gml:Envelope><gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner>"
            "</gml:Envelope></georss:where>",
            Place(shape="box", coordinates=((2, 1), (4, 3))),
        ),
        (
            '<podcast:location rel="subject" geo="geo:43.8,125.3;u=5" osm="R1" country="CN">Changchun'
            "</podcast:location>",
            Place(
                name="Changchun",
                shape="point",
                coordinates=((125.3, 43.8),),
                osm="R1",
                country="CN",
                relation="subject",
            ),
        ),
    ],
)
def test_place_is_longitude_and_latitude_whatever_vocabulary_it_comes_in(inner, place):
    assert entry_of(inner).places == (place,)
    assert info_of(inner).places == (place,)


def test_place_in_another_system_of_reference_keeps_its_numbers_and_says_so():
    (place,) = entry_of(
        '<georss:where><gml:Point srsName="EPSG:26913"><gml:pos>36 31</gml:pos></gml:Point></georss:where>'
    ).places
    assert place == Place(shape="point", coordinates=((36, 31),), system="EPSG:26913")


@pytest.mark.parametrize(
    "inner",
    [
        "<georss:point> </georss:point>",
        "<georss:point>here</georss:point>",
        "<georss:point>1 2 3</georss:point>",
        "<georss:box>1 2</georss:box>",
        "<geo:lat>43.8</geo:lat>",
    ],
)
def test_place_that_is_none_is_not_guessed(inner):
    assert entry_of(inner).places == ()


def test_element_without_a_noun_is_kept_as_it_came():
    entry = entry_of(
        '<podcast:value type="lightning"><podcast:valueRecipient name="A" split="90"/>'
        '<podcast:valueRecipient name="B" split="10"/></podcast:value>'
        '<podcast:txt purpose="verify">abc</podcast:txt><podcast:txt>d</podcast:txt>'
        '<media:rating scheme="urn:simple">nonadult</media:rating><thr:in-reply-to ref="urn:x:1"/>'
    )
    assert entry.extensions == (
        Extension(
            name="podcast:value",
            attributes=(("type", "lightning"),),
            children=(
                Extension(name="podcast:valueRecipient", attributes=(("name", "A"), ("split", "90"))),
                Extension(name="podcast:valueRecipient", attributes=(("name", "B"), ("split", "10"))),
            ),
        ),
        Extension(name="podcast:txt", text="abc", attributes=(("purpose", "verify"),)),
        Extension(name="podcast:txt", text="d"),
        Extension(name="media:rating", text="nonadult", attributes=(("scheme", "urn:simple"),)),
        Extension(name="thr:in-reply-to", attributes=(("ref", "urn:x:1"),)),
    )


def test_licence_of_a_podcast_is_a_link_and_its_name_the_rights():
    entry = entry_of('<podcast:license url="https://e.example/l">cc-by-4.0</podcast:license>')
    assert (entry.rights, entry.links) == (
        "cc-by-4.0",
        (Link(url="https://e.example/l", rel="license", title="cc-by-4.0"),),
    )


def test_podcast_says_what_it_is():
    info = info_of(
        "<podcast:guid>917393e3</podcast:guid><podcast:medium>Music</podcast:medium>"
        '<podcast:locked owner="a@e.example">yes</podcast:locked>'
        '<podcast:funding url="https://e.example/1">Give</podcast:funding><podcast:funding url="https://e.example/2"/>'
        "<itunes:type>serial</itunes:type><itunes:explicit>no</itunes:explicit><itunes:complete>Yes</itunes:complete>"
        "<itunes:new-feed-url>https://n.example/f</itunes:new-feed-url>"
        "<itunes:owner><itunes:name>Ann</itunes:name><itunes:email>a@e.example</itunes:email></itunes:owner>"
        '<podcast:block>no</podcast:block><podcast:block id="google">yes</podcast:block>'
        "<webMaster>w@e.example (Wim)</webMaster>"
    )
    assert info.podcast == Podcast(
        guid="917393e3",
        medium="music",
        kind="serial",
        is_explicit=False,
        is_blocked=False,
        is_locked=True,
        lock_owner="a@e.example",
        is_complete=True,
        moved_to="https://n.example/f",
        owner=Person(name="Ann", email="a@e.example"),
        funding=(
            Link(url="https://e.example/1", rel="payment", title="Give"),
            Link(url="https://e.example/2", rel="payment"),
        ),
    )
    assert info.extensions == (Extension(name="podcast:block", text="yes", attributes=(("id", "google"),)),)
    assert info.contributors == (Person(name="Wim", email="w@e.example", role="webmaster"),)


def test_broadcast_to_come_does_not_speak_for_the_feed():
    live = (
        '<podcast:liveItem status="pending"><title>Live</title><description>Tonight</description>\n'
        "<link>https://live.example/</link><language>fr</language><guid>g</guid></podcast:liveItem>"
    )
    own = "<link>https://e.example/</link><description>words</description>"
    for inner in (own + live, live + own):
        info = info_of(inner)
        assert (info.title, info.url, info.description.value, info.language) == (
            "N",
            "https://e.example/",
            "words",
            None,
        )
        assert info.extensions[0].children[0] == Extension(name="title", text="Live")
    assert info_of(
        "<description><![CDATA[<podcast:liveItem>x</podcast:liveItem>]]></description>"
    ).description.value == ("<podcast:liveItem>x</podcast:liveItem>")


def test_namespace_may_be_written_a_little_differently():
    document = (
        '<rss version="2.0" xmlns:m="HTTPS://search.yahoo.com/mrss" xmlns:i="http://www.itunes.com/DTDs/Podcast-1.0.dtd">'
        '<channel><title>N</title><item><title>One</title><i:season>4</i:season><m:thumbnail url="t.jpg"/></item>'
        "</channel></rss>"
    )
    (entry,) = read(document).entries
    assert (entry.episode.season, entry.image) == (4, "t.jpg")


def test_example_of_the_podcast_namespace_is_read_whole():
    reading = read(corpus("podcast-namespace", "example.xml").read_bytes())
    info, (third, second, first) = reading.info, reading.entries
    assert (info.title, info.podcast.medium, info.podcast.lock_owner) == (
        "Podcasting 2.0 Namespace Example",
        "podcast",
        "podcastowner@example.com",
    )
    everybody = {person.name for entry in (third, second, first) for person in entry.contributors}
    assert everybody == {"Adam Curry", "Dave Jones", "Becky Smith", "Jebick Morton", "Marcus Brown"}
    assert [len(entry.episode.transcripts) for entry in (third, second, first)] == [2, 1, 1]
    assert [len(entry.enclosures) for entry in (third, second, first)] == [1, 1, 1]
    assert all(len(entry.enclosures[0].alternatives) >= 7 for entry in (third, second, first))
    named = {element.name for entry in reading.entries for element in entry.extensions}
    assert named == {"podcast:value", "podcast:socialInteract"}
