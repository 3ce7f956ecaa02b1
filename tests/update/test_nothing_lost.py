"""What a podcast says of an episode is there when the copy is asked for, and does not disturb what is published."""

from pathlib import Path

from aggregator.model import Enclosure, Link, Person, RawEntry
from aggregator.reading.marks import fingerprint
from tests.fakes import FakeSite, World

URL = "https://pod.example/feed"
FEED = """<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
  xmlns:georss="http://www.georss.org/georss"><channel><title>Pod</title><link>https://pod.example/</link>
<podcast:guid>917393e3</podcast:guid><item><title>One</title><guid>https://pod.example/1</guid>
<enclosure url="a.mp3" length="5" type="audio/mpeg"/><podcast:alternateEnclosure type="audio/opus">
<podcast:source uri="a.opus"/></podcast:alternateEnclosure>
<podcast:transcript url="a.vtt" type="text/vtt"/><podcast:transcript url="a.srt" type="application/x-subrip"/>
<podcast:person role="guest">Ann</podcast:person><itunes:season>2</itunes:season>
<podcast:value type="lightning"/><georss:point>43.8 125.3</georss:point><slash:comments>{comments}</slash:comments>
</item></channel></rss>"""


def test_an_episode_is_kept_whole_and_its_comments_are_no_news(tmp_path: Path) -> None:
    site = FakeSite()
    site.put(URL, FEED.format(comments=1).encode())
    with World(tmp_path, f"sources: [{{name: pod, url: '{URL}'}}]", site) as world:
        world.refresh()
        (content,) = [copy.content for copy in world.store.known_copies("pod", ["guid:https://pod.example/1"]).values()]
        published = world.publish()

        site.put(URL, FEED.format(comments=2).encode())
        (again,) = world.refresh().reports

    assert content.enclosures[0].alternatives == (Enclosure(url="https://pod.example/a.opus", type="audio/opus"),)
    assert content.contributors == (Person(name="Ann", role="guest"),)
    assert content.episode is not None
    assert content.episode.season == 2
    assert content.episode.transcripts == (
        Link(url="https://pod.example/a.vtt", rel="transcript", type="text/vtt"),
        Link(url="https://pod.example/a.srt", rel="transcript", type="application/x-subrip"),
    )
    assert (content.places[0].coordinates, content.comment_count) == (((125.3, 43.8),), 1)
    assert [element.name for element in content.extensions] == ["podcast:value"]
    assert published.feeds_written > 0
    assert (again.outcome, again.new, again.updated) == ("fetched", 0, 0)


def test_count_that_grows_from_poll_to_poll_makes_no_entry_unknown() -> None:
    assert fingerprint(RawEntry(id="1", comment_count=1), "") == fingerprint(RawEntry(id="1", comment_count=2), "")
    assert fingerprint(RawEntry(id="1"), "") != fingerprint(RawEntry(id="2"), "")
