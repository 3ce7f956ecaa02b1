"""JSON Feed is read to the letter, and other JSON is sent to the kind that reads it."""

import json
from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import Document, Enclosure, Link, Paging, Person, Reading, Source
from aggregator.sources import feed

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://news.example.org/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def read(found: object, source: Source | None = None) -> Reading:
    body = found if isinstance(found, bytes) else json.dumps(found).encode()
    document = Document(url=URL, requested_url=URL, body=body, fetched_at=NOW)
    return feed.read(document, source or Source(name="n", kind="feed", url=URL), now=NOW)


def entry(**item: object):
    (found,) = read({"version": VERSION, "title": "N", "items": [{"id": "1", "title": "One", **item}]}).entries
    return found


def test_feed_says_who_it_is():
    info = read(
        {
            "version": VERSION,
            "title": "News",
            "home_page_url": "https://news.example.org/",
            "feed_url": URL,
            "language": "zh-CN",
            "icon": "https://news.example.org/i.png",
            "authors": [{"name": "Ann"}],
            "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
            "items": [],
        }
    ).info
    assert (info.title, info.url, info.language) == ("News", "https://news.example.org/", "zh-CN")
    assert info.authors == (Person(name="Ann"),)
    assert info.links == (Link(url=URL, rel="self"), Link(url="https://hub.example/", rel="hub", type="WebSub"))


def test_entry_comes_whole():
    found = entry(
        url="https://e.example/1",
        external_url="https://other.example/",
        summary="short",
        content_html="<p>full</p>",
        content_text="full",
        date_published="2026-11-01T00:00:00+08:00",
        date_modified="2026-11-02T00:00:00+08:00",
        tags=["a", "b", "a"],
        image="https://e.example/i.png",
        language="en",
        attachments=[
            {
                "url": "https://e.example/a.mp3",
                "mime_type": "audio/mpeg",
                "size_in_bytes": 9,
                "duration_in_seconds": 61.5,
                "title": "A",
            }
        ],
    )
    assert (found.id, found.url, found.base) == ("1", "https://e.example/1", URL)
    assert (found.title.value, found.title.type, found.summary.value) == ("One", "text", "short")
    assert (found.content.value, found.content.type) == ("<p>full</p>", "html")
    assert (found.published, found.updated) == ("2026-11-01T00:00:00+08:00", "2026-11-02T00:00:00+08:00")
    assert (found.categories, found.image, found.language) == (("a", "b"), "https://e.example/i.png", "en")
    assert found.enclosures == (
        Enclosure(url="https://e.example/a.mp3", type="audio/mpeg", length=9, title="A", duration=61),
    )
    assert found.links == (Link(url="https://other.example/", rel="related"),)


def test_plain_text_stays_plain():
    assert entry(content_text="1 < 2").content.type == "text"


def test_numbers_serve_as_ids():
    assert entry(id=17).id == "17"


def test_author_of_version_1_and_of_the_feed_count():
    assert entry(author={"name": "Ann", "url": "mailto:ann@e.example"}).authors == (
        Person(name="Ann", email="ann@e.example"),
    )
    feed_with_author = {
        "version": "https://jsonfeed.org/version/1",
        "author": {"name": "Bo"},
        "items": [{"title": "x"}],
    }
    assert read(feed_with_author).entries[0].authors == (Person(name="Bo"),)


def test_link_of_a_linkblog_serves_where_there_is_no_other():
    found = entry(external_url="https://other.example/")
    assert (found.url, found.links) == ("https://other.example/", ())


def test_next_page_is_asked_for_only_where_feeds_yaml_says_so():
    document = {"version": VERSION, "items": [{"title": "x"}], "next_url": "?page=2"}
    assert read(document).requests == ()
    source = Source(name="n", url=URL, next=Paging(url="next_url", pages=3))
    assert [request.url for request in read(document, source).requests] == [URL + "?page=2"]
    assert read({**document, "next_url": URL}, source).requests == ()
    assert read({**document, "next_url": "http://[x"}, source).requests == ()


def test_values_of_wrong_types_break_nothing():
    reading = read(
        {
            "version": VERSION,
            "title": ["x"],
            "authors": "Ann",
            "hubs": {},
            "items": [
                {"title": "ok", "tags": "a", "authors": [3, {"name": {}}], "attachments": [{"url": 3}, "x", {}]},
                {"title": None, "url": True},
                "text",
                None,
            ],
        }
    )
    assert [found.title.value for found in reading.entries] == ["ok"]
    assert len(reading.warnings) == 3
    assert "entry 2 of 4" in reading.warnings[0]


def test_halves_of_characters_are_replaced():
    assert (
        read(b'{"version": "https://jsonfeed.org/version/1", "items": [{"title": "a\\ud800b"}]}').entries[0].title.value
        == "a?b"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"items": [{"id": 1}]}', "kind: json_api"),
        (b"[1, 2]", "kind: json_api"),
        (b'{"version": "1.1", "items": []}', "kind: json_api"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "not"),
        (b"[" * 200_000, "nested too deeply"),
    ],
)
def test_other_json_is_named_with_a_remedy(body, message):
    with pytest.raises(ReadError, match=message):
        read(body)


def test_feed_that_forgot_its_version_is_read():
    assert len(read({"title": "N", "items": [{"id": "1", "content_text": "x"}]}).entries) == 1


@pytest.mark.parametrize(
    "version", ["https://jsonfeed.org/version/1", "http://www.jsonfeed.org/version/1.1", "1.0", "1"]
)
def test_version_is_met_as_an_address_or_a_number(version):
    assert len(read({"version": version, "title": "N", "items": [{"content_text": "One"}]}).entries) == 1


@pytest.mark.parametrize("found", [{"version": "1.0", "items": ["x"]}, {"version": "2.0", "items": [{"id": "1"}]}])
def test_other_json_with_a_version_is_no_feed(found):
    with pytest.raises(ReadError, match="use kind: json_api"):
        read(found)


def test_feed_is_known_by_its_address_and_as_new_as_its_newest_entry():
    dates = ["2026-11-01T00:00:00+08:00", "2026-10-31T23:00:00Z", "no date"]
    info = read(
        {
            "version": VERSION,
            "feed_url": URL,
            "home_page_url": "/home",
            "items": [{"date_modified": day} for day in dates],
        }
    ).info
    assert (info.id, info.url, info.updated) == (URL, "https://news.example.org/home", dates[1])


def test_title_written_as_html_is_read_as_text():
    assert entry(title="Tom &amp; Jerry &#8211; &lt;b&gt;").title.value == "Tom & Jerry – <b>"
    assert entry(title="AT&T; R&D").title.value == "AT&T; R&D"


def test_line_ends_within_texts_are_read():
    text = json.dumps({"version": VERSION, "title": "N", "items": [{"title": "One~two"}]}).replace("~", "\n")
    assert read(text.encode()).entries[0].title.value == "One\ntwo"


@pytest.mark.parametrize("left", [40, 80, 125])
def test_feed_that_is_cut_off_gives_the_entries_that_are_whole(left):
    items = [{"id": str(n), "title": f"Title {n}", "content_text": "text " * 10} for n in range(3)]
    text = json.dumps({"version": VERSION, "title": "N", "items": items})
    found = read(text[:-left].encode())
    assert [one.id for one in found.entries] == (["0", "1"] if left < 100 else ["0"])
    assert found.info.title == "N"
    assert not found.is_whole
    assert "not well-formed JSON" in found.warnings[0]


def test_feed_cut_off_within_its_first_entry_is_refused():
    text = json.dumps({"version": VERSION, "title": "N", "items": [{"id": "1", "title": "One"}]})
    with pytest.raises(ReadError, match="begins like JSON and is not"):
        read(text[:-8].encode())


def test_rss_in_json_is_read_as_rss():
    found = read(
        {
            "rss": {
                "version": "2.0",
                "xmlns:dc": "http://purl.org/dc/elements/1.1/",
                "channel": {
                    "title": "News & more",
                    "link": "https://news.example.org/",
                    "ttl": 60,
                    "item": [
                        {
                            "title": "One <two>",
                            "link": "https://news.example.org/1",
                            "guid": {"isPermaLink": False, "#value": "a-1"},
                            "pubDate": "Mon, 26 Jun 2017 12:20:05 GMT",
                            "dc:creator": "Ann",
                            "enclosure": {"url": "https://news.example.org/1.mp3", "type": "audio/mpeg", "length": 9},
                            "category": ["a", {"domain": "x", "#value": "b"}],
                            "no name": {"x": 1},
                        },
                        {"description": "Second \u0001 text", "guid": None},
                    ],
                },
            }
        }
    )
    one, two = found.entries
    assert (one.title.value, one.url, one.id) == ("One <two>", "https://news.example.org/1", "a-1")
    assert one.enclosures == (Enclosure(url="https://news.example.org/1.mp3", type="audio/mpeg", length=9),)
    assert (one.authors, one.categories) == ((Person(name="Ann"),), ("a", "b"))
    assert two.summary.value == "Second  text"
    assert found.info.title == "News & more"
    assert found.warnings == ()


def test_json_that_is_rss_in_name_only_is_refused():
    with pytest.raises(ReadError, match="use kind: json_api"):
        read({"rss": {"channel": "none"}})


def test_no_number_is_no_id():
    text = json.dumps({"version": VERSION, "title": "N", "items": [{"id": float("nan"), "title": "One"}]})
    assert read(text.encode()).entries[0].id is None


def test_attachments_of_one_title_are_one_thing_in_several_forms():
    episode = {"title": "Episode 1", "mime_type": "audio/mpeg", "url": "a.mp3"}
    other = {"title": "Episode 1", "mime_type": "audio/ogg", "url": "a.ogg"}
    unnamed = [{"mime_type": "application/pdf", "url": name} for name in ("b.pdf", "c.pdf")]
    document = {"version": VERSION, "items": [{"id": "1", "attachments": [episode, *unnamed, other]}]}

    (entry,) = read(document).entries

    assert [(file.url, [form.url for form in file.alternatives]) for file in entry.enclosures] == [
        ("a.mp3", ["a.ogg"]),
        ("b.pdf", []),
        ("c.pdf", []),
    ]


def test_both_pictures_of_an_item_and_the_end_of_a_feed_are_told():
    item = {"id": "1", "image": "https://e.example/i.jpg", "banner_image": "https://e.example/b.jpg"}
    reading = read({"version": VERSION, "items": [item], "expired": True, "description": "All news"})
    (entry,) = reading.entries
    assert (entry.image, [picture.url for picture in entry.pictures]) == (
        "https://e.example/i.jpg",
        ["https://e.example/i.jpg", "https://e.example/b.jpg"],
    )
    assert reading.info.is_ended
    assert reading.info.description.value == "All news"


def test_text_that_speaks_of_entities_is_no_declaration_of_any():
    assert entry(content_html="<!DOCTYPE x [<!ENTITY y SYSTEM 'z'>]>&y; said").content.value.endswith("said")
