"""Feeds in XML are read to the letter, and what is no feed is named."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator import sources
from aggregator.errors import ReadError
from aggregator.model import Document, Enclosure, File, Hints, Link, Origin, Person, RawEntry, Reading, Source
from aggregator.sources import feed

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://news.example.org/feeds/all.xml"
SOURCE = Source(name="news", kind="feed", url=URL)
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def read(body: str | bytes, source: Source = SOURCE, **headers: str) -> Reading:
    body = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return feed.read(Document(url=URL, requested_url=URL, body=body, headers=named, fetched_at=NOW), source, now=NOW)


def rss(item: str = "", head: str = "") -> str:
    return f'<rss version="2.0" {NAMESPACES}><channel><title>News</title>{head}{item}</channel></rss>'


def atom(entry: str = "", head: str = "", attributes: str = "") -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" {attributes}>'
        f"<title>News</title><id>urn:x:feed</id>{head}{entry}</feed>"
    )


def rss_entry(inner: str) -> RawEntry:
    (entry,) = read(rss(f"<item><title>One</title>{inner}</item>")).entries
    return entry


def atom_entry(inner: str, head: str = "", attributes: str = "") -> RawEntry:
    (entry,) = read(atom(f"<entry><title>One</title>{inner}</entry>", head, attributes)).entries
    return entry


def test_request_asks_as_the_operator_wrote():
    source = Source(name="n", url=URL, headers=(("X-Key", "k"),), method="POST", body="q=1", max_bytes=5)
    request = feed.request(source)
    assert (request.url, request.method, request.body, request.max_bytes) == (URL, "POST", "q=1", 5)
    assert request.headers == (("X-Key", "k"),)
    assert request.is_trusted
    assert feed.request(Source(name="n", path="/srv/feed.xml")).path == "/srv/feed.xml"


# --- ids and addresses


def test_folder_is_no_feed():
    files = tuple(File(path=f"{name}.xml", body=b"<rss/>") for name in "ab")
    document = Document(url="/feeds/*.xml", requested_url="/feeds/*.xml", files=files, fetched_at=NOW)
    with pytest.raises(ReadError, match="2 files, and a feed is one: write a source for each"):
        feed.read(document, SOURCE, now=NOW)


def test_ids_stay_character_for_character():
    assert rss_entry('<guid isPermaLink="false">a/b?c</guid>').id == "a/b?c"
    assert rss_entry("<guid>a/b?c</guid>").id == "a/b?c"
    assert atom_entry("<id>../relative</id>").id == "../relative"


def test_guid_is_the_address_only_where_it_says_so_and_looks_like_it():
    assert rss_entry("<guid>https://e.example/1</guid>").url == "https://e.example/1"
    assert rss_entry('<guid isPermaLink="false">https://e.example/1</guid>').url is None
    assert rss_entry("<guid>post-17</guid>").url is None
    assert rss_entry("<link>https://e.example/2</link><guid>https://e.example/1</guid>").url == "https://e.example/2"


def test_relative_address_starts_from_xml_base():
    entry = atom_entry('<link href="post/1"/>', attributes='xml:base="https://blog.example/a/"')
    assert (entry.url, entry.base) == ("https://blog.example/a/post/1", "https://blog.example/a/")
    assert atom_entry('<link href="/post/1"/>').url == "https://news.example.org/post/1"


def test_address_that_a_click_counter_hides_is_kept():
    entry = rss_entry(
        "<link>https://clicks.example/9</link><feedburner:origLink>https://e.example/1</feedburner:origLink>"
    )
    assert entry.url == "https://clicks.example/9"
    assert entry.links == (Link(url="https://e.example/1", rel="canonical"),)


# --- texts


def test_description_and_encoded_content_are_summary_and_content():
    entry = rss_entry(
        "<description>short</description><content:encoded><![CDATA[<p>long &amp; <b>full</b></p>]]></content:encoded>"
    )
    assert (entry.summary.value, entry.content.value) == ("short", "<p>long &amp; <b>full</b></p>")
    assert entry.content.type == "html"


def test_content_alone_is_no_summary():
    entry = rss_entry("<content:encoded><![CDATA[<p>full</p>]]></content:encoded>")
    assert (entry.summary, entry.content.value) == (None, "<p>full</p>")


@pytest.mark.parametrize("order", [1, -1])
def test_words_of_a_picture_or_podcast_do_not_replace_those_of_the_entry(order):
    parts = [
        "<description>own words</description>",
        "<itunes:summary>podcast words</itunes:summary>",
        '<media:content url="https://e.example/a.jpg" type="image/jpeg"><media:title>picture</media:title>'
        "<media:description>picture words</media:description></media:content>",
    ]
    entry = rss_entry("".join(parts[::order]))
    assert entry.title.value == "One"
    assert (entry.summary.value, entry.summary.type) == ("own words", "html")
    assert entry.content is None


def test_description_of_a_video_is_plain_text_where_there_is_no_other():
    entry = atom_entry("<media:group><media:description>1 &lt; 2 &amp; 3</media:description></media:group>")
    assert (entry.summary.value, entry.summary.type) == ("1 < 2 & 3", "text")


def test_types_of_atom_texts_are_kept():
    assert atom_entry("<summary>1 &lt;b&gt; 2</summary>").summary.type == "text"
    assert atom_entry('<summary type="html">&lt;b&gt;x&lt;/b&gt;</summary>').summary.type == "html"
    content = atom_entry(
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a &amp; <br/></p></div></content>'
    ).content
    assert (content.value, content.type) == ("<p>a &amp; <br></p>", "html")


def test_content_that_is_no_text_is_left():
    assert atom_entry('<content type="image/png">iVBORw0KGgo=</content><summary>s</summary>').content is None


def test_title_with_references_is_html_and_without_is_text():
    title = read(rss("<item><title>AT&amp;amp;T</title><link>https://e.example/</link></item>")).entries[0].title
    assert (title.value, title.type) == ("AT&amp;T", "html")
    title = read(rss("<item><title>1 &lt; 2</title><link>https://e.example/</link></item>")).entries[0].title
    assert (title.value, title.type) == ("1 < 2", "text")


# --- people, words, dates


def test_each_author_keeps_their_own_address():
    entry = atom_entry(
        "<author><name>Ann</name><email>ann@e.example</email></author>"
        "<author><name>Bo</name><uri>https://bo.example/</uri></author>"
    )
    assert entry.authors == (Person(name="Ann", email="ann@e.example"), Person(name="Bo", url="https://bo.example/"))


@pytest.mark.parametrize(
    ("inner", "authors"),
    [
        ("<author>ann@e.example (Ann Lee)</author>", (Person(name="Ann Lee", email="ann@e.example"),)),
        ("<author>Ann Lee &lt;ann@e.example&gt;</author>", (Person(name="Ann Lee", email="ann@e.example"),)),
        ("<author>ann@e.example</author>", (Person(email="ann@e.example"),)),
        ("<dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator>", (Person(name="Ann"), Person(name="Bo"))),
        ("<author>a@e.example (Ann)</author><dc:creator>Ann</dc:creator>", (Person(name="Ann", email="a@e.example"),)),
        ("<dc:creator>Ann</dc:creator><itunes:author>Network</itunes:author>", (Person(name="Ann"),)),
    ],
)
def test_authors_of_rss_are_told_apart(inner, authors):
    assert rss_entry(inner).authors == authors


def test_author_of_an_atom_feed_speaks_for_its_entries_but_not_for_others_in_it():
    head = "<author><name>Ann</name></author>"
    assert atom_entry("", head).authors == (Person(name="Ann"),)
    assert atom_entry("<source><title>B</title><author><name>Bo</name></author></source>", head).authors == (
        Person(name="Bo"),
    )


def test_categories_are_words_once():
    entry = rss_entry("<category>Tech</category><category>市场</category><dc:subject>Tech</dc:subject>")
    assert entry.categories == ("Tech", "市场")
    entry = atom_entry('<category term="t" label="Label"/><category term="http://e.example/kind#post"/>')
    assert entry.categories == ("Label",)


def test_dates_stay_as_written():
    entry = rss_entry("<pubDate>2026年11月1日 09:40</pubDate><dc:date>2026-11-02</dc:date>")
    assert (entry.published, entry.updated) == ("2026年11月1日 09:40", None)
    assert rss_entry("<dc:date>2026-11-02</dc:date>").published == "2026-11-02"
    entry = rss_entry("<pubDate>x</pubDate><atom:updated>2026-11-02T00:00:00Z</atom:updated>")
    assert (entry.published, entry.updated) == ("x", "2026-11-02T00:00:00Z")
    entry = atom_entry("<updated>2026-11-02T00:00:00Z</updated><published>2026-11-01T00:00:00Z</published>")
    assert (entry.published, entry.updated) == ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")


# --- files, pictures, links


def test_all_enclosures_come_as_sent():
    entry = rss_entry(
        '<enclosure url="https://E.example/A%20b.mp3?x=1&amp;y=2" length="120" type="audio/mpeg"/>'
        '<enclosure url="https://e.example/c.pdf" length="0" type="application/pdf"/>'
        "<itunes:duration>1:02:03</itunes:duration>"
    )
    assert entry.enclosures == (
        Enclosure(url="https://E.example/A%20b.mp3?x=1&y=2", length=120, type="audio/mpeg", duration=3723),
        Enclosure(url="https://e.example/c.pdf", type="application/pdf"),
    )


def test_media_of_a_group_comes_once_in_its_default_form():
    entry = rss_entry(
        '<media:group><media:content url="https://e.example/low.mp4" medium="video"/>'
        '<media:content url="https://e.example/high.mp4" type="video/mp4" isDefault="true" duration="61"/>'
        '<media:thumbnail url="https://e.example/t.jpg"/></media:group>'
    )
    low = Enclosure(url="https://e.example/low.mp4", medium="video", image="https://e.example/t.jpg")
    (file,) = entry.enclosures
    assert (file.url, file.type, file.duration) == ("https://e.example/high.mp4", "video/mp4", 61)
    assert file.alternatives == (low,)
    assert entry.image == "https://e.example/t.jpg"


def test_links_keep_their_relation_and_no_invented_type():
    entry = atom_entry(
        '<link href="https://e.example/1"/><link rel="related" href="https://r.example/" title="R"/>'
        '<link rel="license" href="https://l.example/" type="text/html"/>'
        '<link rel="enclosure" href="https://e.example/a.ogg" length="9" title="A"/>'
    )
    assert entry.url == "https://e.example/1"
    assert entry.links == (
        Link(url="https://r.example/", rel="related", title="R"),
        Link(url="https://l.example/", rel="license", type="text/html"),
    )
    assert entry.enclosures == (Enclosure(url="https://e.example/a.ogg", length=9, title="A"),)


def test_origin_of_an_entry_is_kept():
    entry = rss_entry('<source url="https://b.example/rss">Blog B</source>')
    assert entry.origin == Origin(title="Blog B", feed_url="https://b.example/rss")
    entry = atom_entry(
        '<source><id>b:1</id><title>Blog B</title><link rel="self" href="https://b.example/atom"/>'
        '<link href="https://b.example/"/><updated>2026-01-01T00:00:00Z</updated><rights>CC</rights></source>'
    )
    assert entry.origin == Origin(
        id="b:1",
        title="Blog B",
        url="https://b.example/",
        feed_url="https://b.example/atom",
        updated="2026-01-01T00:00:00Z",
        rights="CC",
        links=(Link(url="https://b.example/atom", rel="self"),),
    )


def test_language_comments_and_rights_come_through():
    entry = rss_entry(
        "<dc:language>zh_CN</dc:language><comments>https://e.example/1#c</comments><dc:rights>R</dc:rights>"
    )
    assert (entry.language, entry.comments, entry.rights) == ("zh-CN", "https://e.example/1#c", "R")


# --- the feed itself


def test_feed_says_who_it_is():
    info = read(
        rss(
            head="<link>https://news.example.org/</link><language>zh-cn</language><copyright>R</copyright>"
            "<lastBuildDate>Mon, 23 Nov 2026 00:00:00 GMT</lastBuildDate><image><url>https://n.example/i.png</url></image>"
            '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://n.example/f"/>'
        )
    ).info
    assert (info.title, info.url, info.language) == ("News", "https://news.example.org/", "zh-cn")
    assert (info.rights, info.updated) == ("R", "Mon, 23 Nov 2026 00:00:00 GMT")
    assert info.image == "https://n.example/i.png"
    assert [(link.rel, link.url) for link in info.links] == [
        ("hub", "https://hub.example/"),
        ("self", "https://n.example/f"),
    ]
    assert read(atom()).info.id == "urn:x:feed"


def test_wishes_to_those_who_poll_are_heard():
    info = read(
        rss(
            head="<ttl>90</ttl><skipHours><hour>1</hour><hour>24</hour></skipHours>"
            "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
        )
    ).info
    assert info.hints == Hints(
        ttl=timedelta(minutes=90), skip_hours=(0, 1), skip_days=(5, 6), update_period=timedelta(hours=6)
    )
    assert read(rss(head="<ttl>soon</ttl><skipHours><hour>x</hour></skipHours>")).info.hints == Hints()


def test_rss_1_and_cdf_are_feeds():
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="https://e.example/"><title>R</title></channel>'
        '<item rdf:about="urn:x:1"><title>One</title><link>https://e.example/1</link></item></rdf:RDF>'
    )
    (entry,) = read(rdf).entries
    assert (entry.id, entry.url) == ("urn:x:1", "https://e.example/1")
    cdf = '<CHANNEL HREF="https://e.example/"><TITLE>C</TITLE><ITEM HREF="https://e.example/1"><TITLE>One</TITLE></ITEM></CHANNEL>'
    (entry,) = read(cdf).entries
    assert (entry.title.value, entry.url) == ("One", "https://e.example/1")


# --- what is wrong with real feeds


def test_encoding_that_the_label_denies_is_found():
    text = rss(
        "<item><title>" + "今天的消息在这里，市里来了很多人" * 4 + "</title><link>https://e.example/</link></item>"
    )
    for body in (text.encode("gbk"), ('<?xml version="1.0" encoding="utf-8"?>' + text).encode("gbk")):
        (entry,) = read(body, content_type="text/xml; charset=utf-8").entries
        assert entry.title.value.startswith("今天的消息")


def test_noise_around_the_document_is_passed_over():
    document = '<?xml version="1.0" encoding="utf-8"?>' + rss("<item><title>One</title></item>")
    for noise in ("\n\n  ", "\ufeff", "<br /><b>Warning</b>: it broke in <b>x.php</b>\n"):
        reading = read(noise + document)
        assert [entry.title.value for entry in reading.entries] == ["One"]
        assert reading.warnings == ()


def test_small_faults_are_mended_and_told():
    reading = read(
        rss(
            "<item><title>A &nbsp;& B &eacute; &amp; \x0b C</title><link>https://e.example/?a=1&copy=2</link>"
            "<category>R&amp;D</category></item>"
        )
    )
    (entry,) = reading.entries
    assert entry.title.value.replace("\xa0", " ").split() == ["A", "&", "B", "é", "&", "C"]
    assert entry.url == "https://e.example/?a=1&copy=2"
    assert entry.categories == ("R&D",)
    assert "not well-formed XML (line 1" in reading.warnings[0]


def test_fault_that_trips_feedparser_costs_no_entry():
    reading = read(rss("<item><title>One</title></item>", head="<image><b></width></b></image>"))
    assert [entry.title.value for entry in reading.entries] == ["One"]
    assert "not well-formed XML (line 1" in reading.warnings[0]


def test_cut_off_feed_gives_the_entries_that_are_there():
    whole = "".join(f"<item><title>T{n}</title><link>https://e.example/{n}</link></item>" for n in range(3))
    text = rss(whole + "<item><title>T3</title><link>https://e.ex").split("</channel>")[0]
    reading = read(text)
    assert [entry.url for entry in reading.entries] == [f"https://e.example/{n}" for n in range(3)]
    assert "T3" in reading.warnings[0]
    text = rss(whole + "<item><title>T3</title><link>https://e.example/3</link><description>begun").split("</channel>")[
        0
    ]
    assert [entry.title.value for entry in read(text).entries] == ["T0", "T1", "T2", "T3"]


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">',
        '<!ENTITY b SYSTEM "file:///etc/passwd">',
        f'<!ENTITY b "{"a" * 300}">',
        "<!ENTITY % p \"<!ENTITY b 'x'>\"> %p;",
    ],
)
def test_entities_that_expand_or_name_files_are_refused(entities):
    text = f"<!DOCTYPE rss [{entities}]>" + rss("<item><title>" + "&b;" * 10_000 + "</title></item>")
    with pytest.raises(ReadError, match="entities"):
        read(text)


def test_plain_entities_are_read():
    text = '<!DOCTYPE rss [<!ENTITY firm "Bee &#38;#38; C&#243;">]>' + rss("<item><title>&firm; grows</title></item>")
    assert read(text).entries[0].title.value == "Bee & Có grows"


def test_text_about_entities_is_no_bomb():
    assert read(rss("<item><title><![CDATA[How <!ENTITY a '&b;'> works]]></title></item>")).entries


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "empty"),
        ("  \n\x00 ", "empty"),
        ("<!DOCTYPE html><html><body>Hi</body></html>", "HTML page.*kind: html_list"),
        ("Service unavailable", "neither XML nor JSON"),
        ('{"error": "no"}', "kind: json_api"),
        ("{ broken", "begins like JSON"),
        ('<opml version="2.0"><body/></opml>', "kind: opml"),
        ("<outlineDocument><body/></outlineDocument>", "kind: opml"),
        ("<!DOCTYPE x>\n<!-- <html> -->\n<opml><body/></opml>", "kind: opml"),
        ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "kind: sitemap"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "root is <svg>"),
        ('<rss version="2.0"><channel><title>x', "not well-formed"),
    ],
)
def test_what_is_no_feed_is_named_with_a_remedy(body, message):
    with pytest.raises(ReadError, match=message) as caught:
        read(body)
    assert caught.value.url == URL


PAGE = """<!DOCTYPE html><html><head>
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<link href="feed.xml" type="application/atom+xml" rel="alternate">
<link rel="alternate" hreflang="en" href="/en/"><link rel="alternate" type="application/rss+xml" href="http://[bad">
</head><body>Hi</body></html>"""


def test_page_that_names_feeds_says_which_to_use():
    with pytest.raises(ReadError, match=r"it names https://news\.example\.org/feeds/feed\.xml, .*html_list"):
        read(PAGE)


def test_page_leads_to_its_feed_where_the_kind_is_found_out():
    source = Source(name="news", url=URL, headers=(("X-Key", "k"),), max_bytes=7)
    reading = read(PAGE, source)
    (request,) = reading.requests
    assert (request.url, request.max_bytes) == ("https://news.example.org/feeds/feed.xml", 7)
    assert not request.is_trusted
    assert "feed.xml" in reading.warnings[0]


def test_addresses_that_are_none_break_nothing():
    entry = rss_entry('<link>http://[::bad</link><enclosure url="http://[x"/><guid>//[</guid>')
    assert entry.title.value == "One"
    assert read(atom("<entry><title>One</title></entry>", attributes='xml:base="http://[x"')).entries


def test_dublin_core_date_alone_says_when_it_was_published_and_changed():
    entry = rss_entry("<dc:date>2026-11-02</dc:date>")
    assert (entry.published, entry.updated) == ("2026-11-02", "2026-11-02")


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ("<link>https://e.example/a</link><link>https://e.example/b</link>", "https://e.example/b"),
        ("<link>https://e.example/a</link><link href='https://e.example/c'/>", "https://e.example/c"),
        (
            "<link>https://e.example/a</link><atom:link rel='alternate' href='https://e.example/c'/>",
            "https://e.example/a",
        ),
        ("<link/><atom:link href='https://e.example/c'/>", "https://e.example/c"),
        ("<link uri='at://did:plc:x/post/1'>https://e.example/a</link>", "https://e.example/a"),
        ("<link/>https://e.example/behind", "https://e.example/behind"),
        ("<link xml:base='https://other.example/x/'>y</link>", "https://other.example/x/y"),
    ],
)
def test_last_link_of_an_rss_entry_is_its_own(links, url):
    assert rss_entry(links).url == url


def test_feed_of_atom_has_addresses_under_its_bases():
    info = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.example/a/"><title>T</title><link href="home"/>'
        '<author xml:base="https://p.example/"><name>Ann</name><uri xml:base="people/">ann</uri></author></feed>'
    ).info
    assert info.url == "https://e.example/a/home"
    assert info.authors == (Person(name="Ann", url="https://p.example/people/ann"),)


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ("<webMaster>ann@e.example (Ann)</webMaster>", [Person(name="Ann", email="ann@e.example")]),
        ("<webMaster>x@e.example</webMaster><managingEditor>Bob</managingEditor>", [Person(name="Bob")]),
        ("<webMaster>x@e.example</webMaster><itunes:author>The Show</itunes:author>", [Person(name="The Show")]),
        (
            "<managingEditor>b@e.example (Bob)</managingEditor><itunes:author>The Show</itunes:author>",
            [Person(name="The Show"), Person(name="Bob", email="b@e.example")],
        ),
    ],
)
def test_authors_of_an_rss_feed_are_its_editors_or_who_stands_in_for_them(head, authors):
    assert list(read(rss("<item><title>One</title></item>", head=head)).info.authors) == authors


def test_mark_up_within_a_guid_is_part_of_it():
    assert rss_entry("<guid>a<b>1</b>c</guid>").id == "a<b>1</b>c"


def test_references_of_a_document_type_that_stands_elsewhere_are_those_of_html():
    reading = read(
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>N&eacute;</title>'
        "<item><title>caf&eacute; &amp;eacute; &lt;</title><description><![CDATA[&eacute;]]></description>"
        "</item></channel></rss>"
    )
    assert reading.info.title == "Né"
    assert reading.entries[0].title.value == "café &eacute; <"
    assert reading.entries[0].summary.value == "&eacute;"
    assert reading.warnings == ()


def test_comment_before_the_root_does_not_say_what_a_document_is():
    reading = read(f"<!-- <cloud> and {'x' * 4000} -->" + rss())
    assert (reading.info.title, reading.entries) == ("News", ())


@pytest.mark.parametrize("root", ["grammar", "stylesheet"])
def test_xml_that_only_speaks_of_feeds_is_none(root):
    with pytest.raises(ReadError, match=f"its root is <{root}>"):
        read(f'<{root} xmlns="urn:x" xmlns:atom="http://www.w3.org/2005/Atom"><atom:id>x</atom:id></{root}>')


@pytest.mark.parametrize("kind", ["text/markdown", "text/x-asciidoc", "text/plain"])
def test_content_of_any_kind_of_text_is_read(kind):
    entry = atom_entry(f'<content type="{kind}">*One*</content>')
    assert (entry.content.value, entry.content.type) == ("*One*", "text")


def test_feed_that_is_a_gzip_file_is_unpacked_within_its_bounds():
    body = (
        b"<rss version='2.0'><channel><item><title>one</title><link>https://a.example/1</link></item></channel></rss>"
    )
    packed = Document(
        url="https://a.example/feed.xml.gz",
        requested_url="https://a.example/feed.xml.gz",
        body=gzip.compress(body),
        headers={"content-type": "application/gzip"},
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    source = Source(name="packed", url=packed.url)

    assert sources.kind_of(source, packed) == "feed"
    reading = feed.read(packed, source, now=packed.fetched_at)
    assert [entry.url for entry in reading.entries] == ["https://a.example/1"]
    assert reading.warnings == ()
    with pytest.raises(ReadError, match="larger than 100 bytes; raise max_bytes"):
        feed.read(packed, Source(name="packed", url=packed.url, max_bytes=100), now=packed.fetched_at)
    with pytest.raises(ReadError, match="broke off in the middle"):
        feed.read(replace(packed, body=packed.body[:-20]), source, now=packed.fetched_at)
