"""Feeds that lie about their encoding or media type are read all the same, and the lie is told."""

import pytest

from tests.sources.test_feed import URL, atom, atom_entry, read, rss, rss_entry

CHINESE = rss("<item><title>" + "今天的消息在这里，市里来了很多人" * 4 + "</title></item>")

BROKEN = rss("<item><title>" + "\u00e9" * 20 + "@</title></item>").encode().replace(b"@", b"\x8a")


@pytest.mark.parametrize(
    ("body", "content_type", "warning"),
    [
        (CHINESE.encode("gbk"), "text/xml; charset=utf-8", "encoding: it is labelled utf-8, but its bytes are gb18030"),
        (CHINESE.encode("gbk"), "application/xml", "encoding: it names no encoding, but its bytes are gb18030"),
        (
            b'<?xml version="1.0" encoding="gb2312"?>' + CHINESE.encode(),
            "text/xml",
            "encoding: it is labelled gb18030, but its bytes are utf-8",
        ),
        (b'<?xml version="1.0" encoding="bogus"?>' + rss().encode(), "text/xml", "'bogus', which nobody knows"),
        (BROKEN, "text/xml; charset=utf-8", "encoding: it mixes utf-8 and cp1252"),
    ],
)  # fmt: skip
def test_encoding_that_is_another_than_the_label_says_is_told(body, content_type, warning):
    reading = read(body, content_type=content_type)
    assert len(reading.warnings) == 1
    assert warning in reading.warnings[0]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (CHINESE.encode(), "text/xml"),
        (CHINESE.encode(), "application/rss+xml; charset=UTF-8"),
        (CHINESE.encode("gbk"), "text/xml; charset=gb2312"),
        (b'<?xml version="1.0" encoding="GBK"?>' + CHINESE.encode("gbk"), "text/xml"),
        (CHINESE.encode("utf-16"), "text/xml"),
        (rss("<item><title>\ufffd</title></item>").encode(), "text/xml"),
        (rss().encode(), "text/xml; charset=us-ascii"),
    ],
)
def test_right_label_is_no_news(body, content_type):
    assert read(body, content_type=content_type).warnings == ()


@pytest.mark.parametrize("served", ["text/html; charset=utf-8", "text/plain", "image/png"])
def test_media_type_of_something_else_is_told(served):
    reading = read(rss("<item><title>One</title></item>"), content_type=served)
    assert [entry.title.value for entry in reading.entries] == ["One"]
    assert reading.warnings == (f"it is served as {served.partition(';')[0]}, which no feed is",)


def test_language_of_the_answer_counts_where_the_feed_names_none():
    assert read(atom(), content_language="de").info.language == "de"
    assert read(atom(attributes='xml:lang="fr"'), content_language="de").info.language == "fr"
    assert read(atom(), content_language="de, en").info.language is None
    assert (
        read(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', content_language="de").info.language
        == "de"
    )


def test_language_that_is_taken_back_is_undetermined():
    entry = atom_entry("", attributes='xml:lang="en"')
    assert entry.title.language is None
    (entry,) = read(atom('<entry><title xml:lang="">One</title></entry>', attributes='xml:lang="en"')).entries
    assert entry.title.language == "und"


def test_title_is_the_entrys_own_not_that_of_a_thing_inside_it():
    for inner in (
        "<image><title>Picture</title></image><title>One</title>",
        "<title>One</title><image><title>Picture</title></image>",
    ):
        (entry,) = read(atom(f"<entry>{inner}</entry>")).entries
        assert entry.title.value == "One"


def test_title_that_was_encoded_twice_is_decoded_twice():
    assert rss_entry("").title.value == "One"
    (entry,) = read(rss("<item><title>Gr\u00c3\u00bc\u00c3\u009fe</title></item>")).entries
    assert entry.title.value == "Gr\u00fc\u00dfe"


def test_label_of_a_category_is_the_word_and_its_term_a_tag():
    entry = atom_entry('<category term="autos" label="Cars &amp; Bikes"/><category term="17" label="Sport"/>'
                       '<category term="tech" label="Tech"/><category term="news"/>')  # fmt: skip
    assert entry.categories == ("Cars & Bikes", "Sport", "Tech", "news")
    assert entry.tags == ("autos",)


def test_rights_are_text():
    assert (
        atom_entry('<rights type="html">&lt;b&gt;CC&lt;/b&gt; &lt;script&gt;x()&lt;/script&gt;BY</rights>').rights
        == "CC BY"
    )
    assert read(rss(head="<copyright>&lt;i&gt;R&lt;/i&gt;</copyright>")).info.rights == "R"


def test_of_several_dates_the_last_counts():
    entry = atom_entry("<updated>2010-01-01T00:00:00Z</updated><updated>2011-01-01T00:00:00Z</updated>")
    assert entry.updated == "2011-01-01T00:00:00Z"


def test_feed_tells_what_it_is_about():
    head = "<description>All &lt;b&gt;news&lt;/b&gt;</description><category>Tech</category><generator>G 1</generator>"
    info = read(rss(head=head)).info
    assert (info.description.value, info.description.type) == ("All <b>news</b>", "html")
    assert (info.categories, info.generator) == (("Tech",), "G 1")
    assert read(rss(head="<itunes:summary>words</itunes:summary>")).info.description.value == "words"
    assert read(atom(head='<generator version="2" uri="https://g.example/">G</generator>')).info.generator == "G 2"


def test_archive_and_whole_feeds_say_so():
    space = 'xmlns:fh="http://purl.org/syndication/history/1.0"'
    assert read(atom(head="<fh:complete/>", attributes=space)).info.is_complete
    info = read(atom(head='<fh:archive/><link rel="prev-archive" href="2.xml"/>', attributes=space)).info
    assert (info.is_archive, info.is_complete) == (True, False)
    assert [(link.rel, link.url) for link in info.links] == [("prev-archive", "2.xml")]


def test_old_way_to_name_a_picture_is_understood():
    assert rss_entry('<itunes:link rel="image" href="https://e.example/i.jpg"/>').image == "https://e.example/i.jpg"


def test_hub_of_the_answer_goes_before_that_of_the_feed():
    told = '<https://hub.example/>; rel="hub", </own>; rel=self; type="text/xml", <https://x.example/>; rel=next'
    head = '<link rel="hub" href="https://old.example/"/><link rel="related" href="https://r.example/"/>'
    info = read(atom(head=head), link=told).info
    assert [(link.rel, link.url) for link in info.links] == [
        ("hub", "https://hub.example/"),
        ("self", "https://news.example.org/own"),
        ("related", "https://r.example/"),
    ]
    assert read(atom(head=head), link='<javascript:x>; rel="hub", <>, <a').info.links[0].url == "https://old.example/"


def test_feed_that_has_moved_or_ended_is_told():
    moved = "<itunes:new-feed-url>{}</itunes:new-feed-url>"
    assert read(rss(head=moved.format("https://n.example/f"))).warnings == (
        "the feed says that it has moved to https://n.example/f: write that address in feeds.yaml",
    )
    assert read(rss(head=moved.format(URL))).warnings == ()
    (warning,) = read(rss(head="<itunes:complete>Yes</itunes:complete>")).warnings
    assert warning.startswith("the feed says that nothing will follow")
    (warning,) = read(b'{"version": "https://jsonfeed.org/version/1.1", "items": [], "expired": true}').warnings
    assert warning.startswith("the feed says that nothing will follow")
