import gzip
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import Document, Enclosure, Link, Part, RawEntry, Reading, Source
from aggregator.sources import kind_of, sitemap
from aggregator.text.dates import read_date
from tests.corpora import corpus

NOW = datetime(2022, 6, 1, tzinfo=UTC)
URL = "https://news.example.org/sitemaps/sitemap.xml"
SOURCE = Source(name="news", kind="sitemap", url=URL, timezone="Asia/Shanghai")


def read(body: str | bytes, source: Source = SOURCE, content_type: str = "application/xml") -> Reading:
    document = Document(
        url=URL,
        requested_url=URL,
        body=body if isinstance(body, bytes) else body.encode(),
        headers={"content-type": content_type},
        fetched_at=NOW,
    )
    return sitemap.read(document, source, now=NOW)


def urlset(*urls: str, more: str = "") -> str:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><urlset xmlns="{space}" {more}>{"".join(urls)}</urlset>'


def url(path: str, inner: str = "") -> str:
    return f"<url><loc>{path}</loc>{inner}</url>"


def only(*urls: str, more: str = "") -> RawEntry:
    (entry,) = read(urlset(*urls, more=more)).entries
    return entry


def urls(reading: Reading) -> list[str | None]:
    return [entry.url for entry in reading.entries]


# --- lists -------------------------------------------------------------------------------------------


def test_list_gives_addresses_and_their_last_changes():
    entry = only(url("https://news.example.org/rain", "<lastmod>2022-05-01</lastmod><priority>0.5</priority>"))

    assert entry == RawEntry(url="https://news.example.org/rain", updated="2022-05-01")


def test_newest_change_comes_first_and_undated_ones_last_in_their_order():
    reading = read(
        urlset(
            url("https://a.example/1"),
            url("https://a.example/2", "<lastmod>2022-01-01</lastmod>"),
            url("https://a.example/3"),
            url("https://a.example/4", "<lastmod>2022-01-01T01:00:00+08:00</lastmod>"),
        )
    )

    assert urls(reading) == [f"https://a.example/{number}" for number in (4, 2, 1, 3)]


@pytest.mark.parametrize(
    ("lastmod", "instant"),
    [
        ("2022", "2021-12-31T16:00:00+00:00"),
        ("2022-05", "2022-04-30T16:00:00+00:00"),
        ("2022-05-01", "2022-04-30T16:00:00+00:00"),
        ("2022-05-01T08:30Z", "2022-05-01T08:30:00+00:00"),
        ("2022-05-01T08:30:15+08:00", "2022-05-01T00:30:15+00:00"),
        ("2022-05-01T08:30:15.123456+08:00", "2022-05-01T00:30:15+00:00"),
        ("2022-05-01T08:30:15", "2022-05-01T00:30:15+00:00"),
        ("  2022-05-01\n", "2022-04-30T16:00:00+00:00"),
        ("Sun, 01 May 2022 08:30:15 GMT", "2022-05-01T08:30:15+00:00"),
    ],
)
def test_dates_of_every_precision_are_understood(lastmod, instant):
    entry = only(url("/1", f"<lastmod>{lastmod}</lastmod>"))

    when = read_date(entry.updated or "", timezone="Asia/Shanghai", now=NOW)
    assert when is not None
    assert when.replace(microsecond=0).isoformat() == instant


def test_dates_that_are_none_are_counted_and_shown():
    reading = read(urlset(url("/1", "<lastmod>soon</lastmod>"), url("/2", "<lastmod>0000-00-00</lastmod>"), url("/3")))

    assert [entry.updated for entry in reading.entries] == [None] * 3
    assert reading.warnings == ("2 dates cannot be read: 'soon', '0000-00-00'",)


def test_time_at_which_the_list_was_made_is_no_date_of_its_pages():
    made = [url(f"/{number}", "<lastmod>2022-05-31T23:59:30Z</lastmod>") for number in range(12)]
    rebuilt = [url(f"/{number}", "<lastmod>2022-05-01T10:00:00Z</lastmod>") for number in range(12)]

    assert {entry.updated for entry in read(urlset(*made)).entries} == {None}
    assert "when the list was made" in read(urlset(*made)).warnings[0]
    assert {entry.updated for entry in read(urlset(*rebuilt)).entries} == {"2022-05-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("loc", "found"),
    [
        ("/rain", "https://news.example.org/rain"),
        ("rain?a=1&amp;b=2", "https://news.example.org/sitemaps/rain?a=1&b=2"),
        ("//cdn.example/rain", "https://cdn.example/rain"),
        ("https://other.example/rain", "https://other.example/rain"),
        ("<![CDATA[ https://a.example/rain?a=1&b=2 ]]>", "https://a.example/rain?a=1&b=2"),
        ("\n   https://a.example/rain\n  ", "https://a.example/rain"),
        ("https://a.example/雨", "https://a.example/雨"),
        ("https://a.example/rain?a=1&b=2", "https://a.example/rain?a=1&b=2"),  # not well formed, and common
    ],
)
def test_addresses_are_made_absolute_and_kept_as_they_are(loc, found):
    assert only(url(loc)).url == found


def test_what_has_no_address_is_left_out_and_counted():
    reading = read(
        urlset(url("/1"), url(""), url("mailto:a@b.example"), "<url><lastmod>2022</lastmod></url>", url("/1"))
    )

    assert urls(reading) == ["https://news.example.org/1"]
    assert reading.warnings == ("3 elements have no address in <loc> that leads anywhere: left out",)


@pytest.mark.parametrize(
    "document",
    [
        "<urlset><url><loc>/1</loc></url></urlset>",
        "<urlset xmlns='http://www.google.com/schemas/sitemap/0.84'><url><loc>/1</loc></url></urlset>",
        "<urlset xmlns='https://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>/1</loc></url></urlset>",
        "<s:urlset xmlns:s='http://nowhere.example/'><s:url><s:loc>/1</s:loc></s:url></s:urlset>",
        "<URLSET><URL><LOC>/1</LOC></URL></URLSET>",
        "\ufeff<?xml version='1.0' encoding='utf-16'?><urlset><url><loc>/1</loc></url></urlset>",
        " \n<?xml version='1.0'?><?xml-stylesheet href='s'?><!-- <urlset> --><urlset><url><loc>/1</loc></url></urlset>",
        "<urlset><url><loc>/1</loc></url><unknown/><!-- x --></urlset>",
        "<urlset xmlns:i='i'><url><i:image><i:loc>x.png</i:loc></i:image><loc>/1</loc></url></urlset>",
        "<urlset><url><loc>/1</loc><changefreq>&nbsp;</changefreq></url></urlset>",
        "<!DOCTYPE urlset [<!ENTITY s 'https://news.example.org'>]><urlset><url><loc>&s;/1</loc></url></urlset>",
    ],
)
def test_list_is_read_whatever_its_namespace_and_head(document):
    assert urls(read(document)) == ["https://news.example.org/1"]


def test_list_that_is_broken_within_is_whole_and_says_so():
    reading = read(urlset(url("/1"), "<url><loc>/2</lok></url>", url("/3")))

    assert urls(reading)[0] == "https://news.example.org/1"
    assert "not well-formed" in reading.warnings[0]
    assert reading.is_whole


@pytest.mark.parametrize("cut", [30, 9, 20])
def test_list_that_is_cut_off_is_read_up_to_its_last_whole_element(cut):
    reading = read(urlset(url("/1"), url("/2"))[:-cut])

    assert urls(reading) == ["https://news.example.org/1"] + ["https://news.example.org/2"] * (cut == 9)
    assert "not well-formed" in reading.warnings[0]
    assert not reading.is_whole


@pytest.mark.parametrize(
    "document",
    [
        "<!DOCTYPE u [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><urlset><url><loc>/&b;</loc></url></urlset>",
        "<!DOCTYPE u [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>/&x;</loc></url></urlset>",
    ],
)
def test_entities_that_expand_or_name_files_are_refused(document):
    with pytest.raises(ReadError, match="the sitemap declares XML entities"):
        read(document)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("<!doctype html><title>x</title><p>y", "HTML page, not a sitemap.*robots.txt"),
        ("<opml><body/></opml>", "kind: opml"),
        ("<outlineDocument><body/></outlineDocument>", "kind: opml"),
        ("<note><to>x</to></note>", "root is <note>"),
        ("just words\nand words", "neither XML nor a list"),
        ("<urlset><url><loc></loc></url></urlset>", "none of its 1 elements has an address"),
        ("", "empty where a sitemap should be"),
    ],
)
def test_what_is_no_sitemap_is_refused_and_says_what_it_is(document, why):
    with pytest.raises(ReadError, match=why):
        read(document)


def test_list_without_addresses_is_a_list():
    assert read("<urlset/>") == Reading(info=read("<urlset/>").info)


def test_more_addresses_than_a_list_may_hold_are_cut_and_told():
    many = (
        url(f"/{number}", f"<lastmod>{2000 + number // 2500}</lastmod>") for number in range(sitemap.MOST_ENTRIES + 1)
    )

    reading = read(urlset(*many))

    assert len(reading.entries) == sitemap.MOST_ENTRIES
    assert reading.entries[0].updated == "2020"
    assert "https://news.example.org/2499" not in urls(reading)
    assert "only the newest 50,000 addresses" in reading.warnings[0]


def test_more_lists_than_an_index_may_name_are_cut_and_told():
    lists = (
        f"<sitemap><loc>/{number}.xml</loc><lastmod>{2000 + number // 1000}</lastmod></sitemap>"
        for number in range(10_001)
    )

    reading = read(f"<sitemapindex>{''.join(lists)}</sitemapindex>")

    assert len(reading.parts) == 10_000
    assert "https://news.example.org/999.xml" not in {part.url for part in reading.parts}
    assert "10,000 lists are read" in reading.warnings[0]


# --- other forms -------------------------------------------------------------------------------------


def test_text_has_an_address_a_line():
    reading = read(
        "\ufeffhttps://a.example/1\r\n\r\n  https://a.example/2  \nnot one\nhttps://a.example/1\n",
        content_type="text/plain",
    )

    assert urls(reading) == ["https://a.example/1", "https://a.example/2"]
    assert reading.warnings == ("1 lines are no addresses: left out",)


@pytest.mark.parametrize("layers", [1, 2])
def test_gzip_is_unpacked_however_it_is_labelled(layers):
    body = urlset(url("/1")).encode()
    for _ in range(layers):
        body = gzip.compress(body)

    assert urls(read(body, content_type="application/x-gzip")) == ["https://news.example.org/1"]


def test_gzip_of_several_members_is_one_list():
    body = urlset(url("/1"), url("/2")).encode()

    assert len(read(gzip.compress(body[:90]) + gzip.compress(body[90:])).entries) == 2


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (gzip.compress(b" " * 3_000_000), "larger than 1,000,000 bytes"),
        (gzip.compress(gzip.compress(b" " * 30_000_000)), "larger than 1,000,000 bytes"),
        (gzip.compress(urlset(url("/1")).encode())[:-9], "broke off"),
        (b"\x1f\x8b" + b"x" * 50, "broken"),
    ],
)
def test_gzip_that_is_a_bomb_or_broken_is_refused(body, why):
    with pytest.raises(ReadError, match=why):
        read(body, replace(SOURCE, max_bytes=1_000_000))


@pytest.mark.parametrize(
    "feed",
    [
        "<rss version='2.0'><channel><item><title>Rain</title><link>https://a.example/1</link></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Rain</title><link href='https://a.example/1'/></entry></feed>",
    ],
)
def test_feed_serves_as_a_sitemap(feed):
    (entry,) = read(feed).entries

    assert (entry.url, entry.title and entry.title.value) == ("https://a.example/1", "Rain")


# --- extensions --------------------------------------------------------------------------------------

NEWS = """<news:news><news:publication><news:name>The Paper</news:name><news:language>zh-cn</news:language>
    </news:publication><news:publication_date>2022-05-01T08:00:00+08:00</news:publication_date>
    <news:title>Rain &amp; snow</news:title><news:keywords>weather, rain，雪</news:keywords></news:news>"""


def test_news_tells_title_date_language_and_keywords():
    document = urlset(
        url("/1", f"<lastmod>2022-05-02</lastmod>{NEWS}"),
        more='xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"',
    )

    reading = read(document)

    (entry,) = reading.entries
    assert entry.title is not None
    assert entry.title.value == "Rain & snow"
    assert (entry.published, entry.updated) == ("2022-05-01T08:00:00+08:00", "2022-05-02")
    assert (entry.language, entry.categories) == ("zh-cn", ("weather", "rain", "雪"))
    assert (reading.info.title, reading.info.language) == ("The Paper", "zh-cn")


def test_news_of_several_publications_name_no_source():
    other = NEWS.replace("The Paper", "Another")

    assert read(urlset(url("/1", NEWS), url("/2", other), more="xmlns:news='n'")).info.title is None


def test_first_image_is_the_entrys():
    images = """<i:image><i:loc>/1.png</i:loc><i:title>no title of the page</i:title></i:image>
        <i:image><i:loc>/2.png</i:loc></i:image>"""

    entry = only(url("/1", images), more="xmlns:i='http://www.google.com/schemas/sitemap-image/1.1'")

    assert (entry.image, entry.title) == ("https://news.example.org/1.png", None)


def test_video_tells_title_text_picture_and_file():
    video = """<v:video><v:thumbnail_loc>/t.jpg</v:thumbnail_loc><v:title>Rain</v:title><v:description>It rains.
        </v:description><v:content_loc>/rain.mp4</v:content_loc><v:duration>60</v:duration><v:tag>wet</v:tag>
        <v:publication_date>2022-05-01</v:publication_date></v:video>"""

    entry = only(url("/1", video), more="xmlns:v='v'")

    assert entry.title is not None
    assert entry.summary is not None
    assert (entry.title.value, entry.summary.value) == ("Rain", "It rains.")
    assert entry.enclosures == (Enclosure(url="https://news.example.org/rain.mp4", duration=60),)
    assert (entry.image, entry.published) == ("https://news.example.org/t.jpg", "2022-05-01")
    assert entry.categories == ("wet",)


def test_translations_are_links_and_tell_the_language_of_the_page():
    links = """<x:link rel="alternate" hreflang="de" href="/de"/><x:link rel="alternate" hreflang="en-GB" href="/en"/>
        <x:link rel="alternate" hreflang="x-default" href="/"/><x:link rel="alternate" media="handheld" href="/m"/>"""

    first, second = read(
        urlset(url("/en", links), url("/de", links), more="xmlns:x='http://www.w3.org/1999/xhtml'")
    ).entries

    assert (first.language, second.language) == ("en-GB", "de")
    assert first.links == (Link(url="https://news.example.org/de", rel="alternate", language="de"),)
    assert second.links == (Link(url="https://news.example.org/en", rel="alternate", language="en-GB"),)


# --- indexes -----------------------------------------------------------------------------------------


def test_index_names_lists_the_newest_first_each_once():
    reading = read(
        """<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>b.xml.gz</loc><lastmod>2022-01-01</lastmod></sitemap>
        <sitemap><loc>https://cdn.example/c.xml</loc><lastmod>2022-02-01</lastmod></sitemap><sitemap><loc>/a.xml</loc></sitemap>
        </sitemapindex>"""
    )

    assert reading.entries == ()
    assert reading.parts == (
        Part(url="https://cdn.example/c.xml", changed="2022-02-01"),
        Part(url="https://news.example.org/sitemaps/b.xml.gz", changed="2022-01-01"),
        Part(url="https://news.example.org/a.xml"),
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (urlset(url("/1")), "sitemap"),
        ("<!-- made by hand --><sitemapindex/>", "sitemap"),
        ("<rss version='2.0'/>", "feed"),
    ],
)
def test_kind_is_found_out_from_the_document(body, kind):
    document = Document(url=URL, requested_url=URL, body=body.encode(), fetched_at=NOW)

    assert kind_of(Source(name="x", url=URL), document) == kind


# --- real ones ---------------------------------------------------------------------------------------


def test_real_sitemaps_are_read_plain_and_compressed():
    plain = read(corpus("trafilatura", "sitemap.xml").read_bytes())
    packed = read(corpus("trafilatura", "sitemap.xml.gz").read_bytes(), content_type="application/gzip")

    assert (len(plain.entries), plain.warnings) == (84, ())
    assert plain == packed
    assert {entry.updated for entry in plain.entries} == {"2016-11-21"}


def test_real_index_and_real_translations_are_read():
    index = read(corpus("trafilatura", "sitemap2.xml").read_bytes())
    translated = read(corpus("trafilatura", "sitemap-hreflang.xml").read_bytes())

    assert [part.url.rpartition("/")[2] for part in index.parts] == ["sitemap2.xml.gz", "sitemap1.xml.gz"]
    assert [entry.language for entry in translated.entries] == ["en", "de", "de-ch"]
    assert [len(entry.links) for entry in translated.entries] == [2, 2, 2]
    assert [part.url for part in translated.parts] == ["http://www.example.com/sitemap2.xml.gz"]
