"""Dates, titles and texts as they come out of real documents, by the contract."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.acceptance.conftest import Room, item, rss
from tests.fetch.site import Answer

ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a.example/feeds/"><title>F</title><id>urn:x:f</id>'
    "<entry><id>urn:x:1</id>{}<updated>2022-01-01T00:00:00Z</updated></entry></feed>"
)
LIST = '<html><body><ul><li><a href="/1">One</a> <i>{}</i></li></ul></body></html>'


def test_date_told_against_the_poll_stays_that_of_the_first_poll(room: Room) -> None:
    room.write("{name: f, kind: html_list, url: $/f, items: li, fields: {title: a, url: a@href, published: i}}")
    room.put("/f", LIST.format("2小时前"))
    before = datetime.now(UTC) - timedelta(hours=2)
    room.refresh("--force")
    (first,) = room.entries()
    room.put("/f", LIST.format("5小时前"))

    report = room.refresh("--force")

    assert abs(datetime.fromisoformat(first["published"]) - before) < timedelta(minutes=5)
    assert (report["new"], report["updated"]) == (0, 0)
    assert [entry["published"] for entry in room.entries()] == [first["published"]]


def test_entry_without_a_date_stands_where_it_was_first_seen_for_good(room: Room) -> None:
    room.write("{name: f, url: $/f}")
    room.put("/f", rss(item("One", "http://a.example/1", date=None)))
    room.refresh()
    (first,) = room.entries()
    feed = room.read("all.json")
    room.put("/f", rss(item("One", "http://a.example/1", date=None), item("Two", "http://a.example/2")))

    room.refresh("--force")

    (again,) = [entry for entry in room.entries() if entry["title"] == "One"]
    assert again["published"] is None
    assert again["first_seen"] == first["first_seen"]
    (then,) = [one for one in room.read("all.json")["items"] if one["title"] == "One"]
    assert then["date_published"] == feed["items"][0]["date_published"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<title>Using &lt;b&gt; in HTML</title>", "Using <b> in HTML"),
        ('<title type="text">AT&amp;amp;T</title>', "AT&amp;T"),
        ('<title type="html">Bold &lt;b&gt;move&lt;/b&gt; &amp;amp; more</title>', "Bold move & more"),
        ('<title type="html">How to use &amp;lt;b&amp;gt;</title>', "How to use <b>"),
        ('<title type="html"><![CDATA[AT&amp;T <i>now</i>]]></title>', "AT&T now"),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Less: <em> &lt; </em></div></title>',
            "Less: <",
        ),
        ("<title>  a\n  b </title>", "a b"),
    ],
)
def test_title_of_atom_is_the_text_that_it_says(room: Room, title: str, expected: str) -> None:
    room.write("{name: f, url: $/f}")
    room.put("/f", ATOM.format(title))

    room.refresh()

    assert room.titles() == [expected]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Using &lt;b&gt; in HTML", "Using <b> in HTML"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("AT&amp;amp;amp;T", "AT&T"),
        ("<![CDATA[Tom &amp; Jerry]]>", "Tom & Jerry"),
        ("<![CDATA[a < b]]>", "a < b"),
        ("Caf&amp;eacute; &amp;#8211; menu", "Café – menu"),
        ("<b>Bold</b> move", "Bold move"),
        ("Vec&lt;T&gt; and you", "Vec<T> and you"),
    ],
)
def test_title_of_rss_is_plain_text(room: Room, title: str, expected: str) -> None:
    room.write("{name: f, url: $/f}")
    room.put("/f", rss(f"<item><title>{title}</title><link>http://a.example/1</link></item>"))

    room.refresh()

    assert room.titles() == [expected]


def test_addresses_in_a_text_start_where_the_document_says(room: Room) -> None:
    room.write("{name: f, url: $/f}")
    body = '&lt;a href="x"&gt;x&lt;/a&gt;&lt;img src="/i.png" srcset="j.png 2x"&gt;&lt;a href="#n"&gt;n&lt;/a&gt;'
    room.put(
        "/f",
        ATOM.format(f'<title>t</title><link href="1.html"/><content type="html" xml:base="deep/">{body}</content>'),
    )

    room.refresh()

    (one,) = room.read("all.json")["items"]
    assert 'href="http://a.example/feeds/deep/x"' in one["content_html"]
    assert 'src="http://a.example/i.png"' in one["content_html"]
    assert 'srcset="http://a.example/feeds/deep/j.png 2x"' in one["content_html"]
    assert 'href="http://a.example/feeds/1.html#n"' in one["content_html"]


def test_addresses_without_a_base_start_at_the_address_that_answered(room: Room) -> None:
    room.write("{name: f, url: $/old/f}")
    room.put("/new/f", rss(item("One", "1.html", text='<a href="x">x</a>')))
    room.web.answers["/old/f"] = Answer(status=302, headers=[("location", "/new/f")])

    room.refresh()

    (one,) = room.read("all.json")["items"]
    assert one["url"] == f"{room.web.url}/new/1.html"
    assert f'href="{room.web.url}/new/x"' in one["content_html"]
