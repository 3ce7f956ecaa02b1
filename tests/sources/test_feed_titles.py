"""The title of an entry is its own, whatever else in it has one."""

from datetime import UTC, datetime

import pytest

from aggregator.model import Document, RawText, Reading, Source
from aggregator.sources import feed

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://news.example.org/feed"
NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def read(text: str) -> Reading:
    document = Document(url=URL, requested_url=URL, body=text.encode(), fetched_at=NOW)
    return feed.read(document, Source(name="n", kind="feed", url=URL), now=NOW)


def title(inner: str, *, atom: bool = False) -> RawText | None:
    if atom:
        text = f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}><entry><id>1</id>{inner}</entry></feed>'
    else:
        text = f'<rss version="2.0" {NAMESPACES}><channel><item><guid>1</guid>{inner}</item></channel></rss>'
    (entry,) = read(text).entries
    return entry.title


@pytest.mark.parametrize("atom", [False, True])
@pytest.mark.parametrize(
    "other",
    [
        "<media:title>Other</media:title>",
        "<dc:title>Other</dc:title>",
        "<itunes:title>Other</itunes:title>",
        "<image><title>Other</title></image>",
        "<media:group><media:title>Other</media:title></media:group>",
        "<source><title>Other</title></source>",
    ],
)
def test_other_titles_do_not_take_the_place_of_its_own(other, atom):
    for inner in (f"<title>Own</title>{other}", f"{other}<title>Own</title>"):
        assert title(inner, atom=atom).value == "Own"


@pytest.mark.parametrize("name", ["itunes:title", "media:title", "dc:title"])
def test_title_of_another_vocabulary_stands_in_where_there_is_none(name):
    assert title(f"<{name}>One</{name}>").value == "One"


def test_title_of_a_person_is_not_that_of_the_feed():
    info = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f"{NAMESPACES}>"
        "<channel><title>News</title><dc:creator><rdf:Description><dc:title>me</dc:title></rdf:Description></dc:creator>"
        "<dc:title>Other</dc:title></channel></rdf:RDF>"
    ).info
    assert info.title == "News"


@pytest.mark.parametrize(
    ("attributes", "written", "value"),
    [
        ('type="application/octet-stream"', "T25l", "One"),
        ('type="application/octet-stream"', "no base64!", "no base64!"),
        ('type="application/x-custom"', "test", "test"),
    ],
)
def test_title_of_an_odd_type_is_text_nevertheless(attributes, written, value):
    found = title(f"<title {attributes}>{written}</title>", atom=True)
    assert (found.value, found.type) == (value, "text")


def test_title_keeps_the_type_that_it_has():
    assert title('<title type="html">&lt;b&gt;One&lt;/b&gt;</title>', atom=True).type == "html"
    assert title('<title type="text">&lt;b&gt;One&lt;/b&gt;</title>', atom=True).type == "text"
    assert title("<media:title>x</media:title><title>a &lt;b&gt;c&lt;/b&gt;</title>").type == "html"
    assert title("<media:title>x</media:title><title>1 &lt; 2</title>").type == "text"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("One<script>alert(1)</script>", "html"),
        ("<style>p { color: red }</style>One", "html"),
        ("One<br>two", "html"),
        ("One <br /> two", "html"),
        ("How to use <br> and <script> tags", "text"),
        ("What <div> is for", "text"),
    ],
)
def test_title_with_left_over_code_or_breaks_is_marked_up(written, kind):
    text = written.replace("<", "&lt;")
    assert title(f"<title>{text}</title>").type == kind
    assert title(f"<title>{text}</title>", atom=True).type == "text"


@pytest.mark.parametrize("name", ["http://www.w3.org/2005/Atom/", "https://www.w3.org/2005/Atom", "urn:mistyped"])
def test_feed_is_known_by_its_shape_when_its_namespace_is_wrong(name):
    reading = read(f'<feed xmlns="{name}"><id>f</id><title>N</title><entry><id>1</id><title>One</title></entry></feed>')
    assert (reading.info.id, reading.info.title) == ("f", "N")
    assert [(entry.id, entry.title.value) for entry in reading.entries] == [("1", "One")]


def test_text_that_was_encoded_twice_is_read_as_it_was_meant():
    assert title("<title>" + "Fórmula".encode().decode("iso-8859-1") + "</title>").value == "Fórmula"
