"""Lists of feeds, in the shapes that readers and sites write them."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from aggregator import sources
from aggregator.errors import ReadError
from aggregator.model import Document, ListedFeed, Reading, Source
from aggregator.sources.parts.outlines import outlines
from aggregator.text.urls import absolute, canonical
from tests.corpora import corpus

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
URL = "https://lists.example/mine/reading.opml"
SOURCE = Source(name="blogs", url=URL, kind="opml")


def read(body: str | bytes, url: str = URL, content_type: str = "text/xml") -> Reading:
    body = body.encode() if isinstance(body, str) else body
    document = Document(url=url, requested_url=url, body=body, headers={"content-type": content_type}, fetched_at=NOW)
    return sources.kind("opml").read(document, SOURCE, now=NOW)


def opml(outlines: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head>{head}</head><body>{outlines}</body></opml>'
    )


def feeds(outlines: str) -> tuple[ListedFeed, ...]:
    return read(opml(outlines)).feeds or ()


def line(title: str, url: str, more: str = "") -> str:
    return f'<outline text="{title}" type="rss" xmlUrl="{url}" {more}/>'


def test_feeds_come_in_the_order_of_the_list_with_the_folders_they_stand_in() -> None:
    found = feeds(
        line("Top", "https://a.example/feed")
        + f'<outline text="Tech"><outline title="Python">{line("Deep", "https://b.example/feed")}</outline></outline>'
    )

    assert found == (
        ListedFeed(url="https://a.example/feed", title="Top"),
        ListedFeed(url="https://b.example/feed", title="Deep", folders=("Tech", "Python")),
    )


def test_list_is_titled_by_its_head() -> None:
    assert read(opml(line("A", "/a"), head="<title> My\n list </title>")).info.title == "My list"


def test_category_attribute_counts_like_folders_and_stands_behind_them() -> None:
    listed = line("A", "/a", "category='/Food/Ramen,Noodles'")

    (found,) = feeds(f'<outline text="Asia">{listed}</outline>')

    assert found.folders == ("Asia", "Food", "Ramen", "Noodles")


def test_names_of_attributes_and_elements_are_found_in_any_letter_case() -> None:
    (found,) = read('<OPML><BODY><Outline TITLE="A" XMLURL="http://a.example/f" Type="RSS"/></BODY></OPML>').feeds or ()

    assert found == ListedFeed(url="http://a.example/f", title="A")


@pytest.mark.parametrize("type_", ["rss", "atom", "json", "RSS", "", "podcast"])
def test_an_outline_with_an_address_is_a_feed_whatever_its_type(type_: str) -> None:
    assert len(feeds(f'<outline text="A" type="{type_}" xmlUrl="https://a.example/f"/>')) == 1


def test_the_address_of_a_feed_may_stand_in_url() -> None:
    assert feeds('<outline text="A" type="rss" url="https://a.example/f"/>')[0].url == "https://a.example/f"


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("feed.xml", "https://lists.example/mine/feed.xml"),
        ("/feed.xml", "https://lists.example/feed.xml"),
        ("//b.example/f", "https://b.example/f"),
        ("feed://b.example/f", "http://b.example/f"),
        ("feed:https://b.example/f", "https://b.example/f"),
        ("FEED:http://b.example/f", "http://b.example/f"),
        ("itpc://b.example/f", "http://b.example/f"),
        ("  https://b.example/f ", "https://b.example/f"),
        ("http://b.example/f?a=1&amp;b=2", "http://b.example/f?a=1&b=2"),
        ("http://b.example/f?a=1&b=2", "http://b.example/f?a=1&b=2"),
    ],
)
def test_addresses_are_made_absolute_and_of_the_web(written: str, url: str) -> None:
    assert feeds(line("A", written))[0].url == url


@pytest.mark.parametrize("written", ["file:///etc/passwd", "javascript:alert(1)", "http://[", "mailto:a@b.example"])
def test_what_is_no_web_address_is_left_out_with_a_warning_that_names_the_line(written: str) -> None:
    reading = read(opml(line("Odd", written) + line("Good", "https://a.example/f")))

    assert [feed.title for feed in reading.feeds or ()] == ["Good"]
    assert any("'Odd'" in warning for warning in reading.warnings)


def test_a_relative_address_is_not_given_the_password_of_the_list() -> None:
    (found,) = read(opml(line("A", "a.xml")), url="https://me:word@lists.example/mine/all.opml").feeds or ()

    assert found.url == "https://lists.example/mine/a.xml"


def test_a_relative_address_in_a_file_of_this_machine_leads_nowhere() -> None:
    reading = read(opml(line("A", "feeds/a.xml")), url="file:///home/me/subs.opml")

    assert reading.feeds == ()
    assert "'A'" in reading.warnings[0]


@pytest.mark.parametrize("outline", ['<outline text="A" type="rss"/>', '<outline text="A" xmlUrl="" htmlUrl="/a"/>'])
def test_a_feed_without_an_address_is_left_out_with_a_warning_that_names_it(outline: str) -> None:
    reading = read(opml(outline + line("B", "/b")))

    assert [feed.title for feed in reading.feeds or ()] == ["B"]
    assert reading.warnings == ("'A' is listed without the address of a feed: left out",)


def test_a_feed_that_stands_there_twice_is_one_in_all_its_folders() -> None:
    found = feeds(
        f'<outline text="X">{line("A", "http://www.a.example/f/")}</outline>'
        f'<outline text="Y">{line("Other name", "https://a.example/f")}</outline>'
    )

    assert found == (ListedFeed(url="http://www.a.example/f/", title="A", folders=("X", "Y")),)


def test_a_list_without_feeds_is_a_list() -> None:
    assert read(opml("")).feeds == ()
    assert read('<opml version="2.0"/>').is_whole


def test_text_goes_before_title_and_an_empty_one_counts_for_nothing() -> None:
    found = feeds(
        '<outline text=" " title="T" xmlUrl="/1"/><outline text="X" title="T" xmlUrl="/2"/><outline xmlUrl="/3"/>'
    )

    assert [feed.title for feed in found] == ["T", "X", None]


def test_lists_and_pages_that_a_list_links_to_are_named_in_a_warning_and_not_followed() -> None:
    reading = read(
        opml(
            '<outline text="More" type="include" url="https://b.example/more.opml"/>'
            '<outline text="Page" type="link" url="https://b.example/"/>' + line("A", "/a")
        )
    )

    assert len(reading.feeds or ()) == 1
    assert reading.requests == ()
    assert len(reading.warnings) == 1
    assert "2 lines link" in reading.warnings[0]
    assert "https://b.example/more.opml" in reading.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "big5"])
def test_titles_are_read_in_the_encoding_of_the_list(encoding: str) -> None:
    body = opml(line("臺北日報新聞摘要", "https://a.example/f")).replace("UTF-8", encoding).encode(encoding)

    assert [feed.title for feed in read(body).feeds or ()] == ["臺北日報新聞摘要"]


@pytest.mark.parametrize("head", ["", '<meta charset="gbk"/>', '<meta content="text/html; charset=gbk"/>'])
def test_text_that_was_decoded_is_not_decoded_again(head: str) -> None:
    (found,) = outlines(f"<opml><head>{head}</head><body>{line('吉林日报', '/a')}</body></opml>").lines

    assert found.title == "吉林日报"


def test_what_stands_in_comments_is_not_listed() -> None:
    assert feeds(f"<!-- {line('Old', '/old')} -->{line('A', 'https://a.example/f')}")[0].title == "A"
    assert len(read(f"<!-- <body> is what? -->\n{opml(line('A', '/a'))}").feeds or ()) == 1


def test_an_outline_that_is_commented_out_is_not_listed_with_all_below_it() -> None:
    commented = f'<outline text="Off" isComment="true"><outline text="Deep">{line("X", "/x")}</outline></outline>'
    reading = read(opml(commented + line("Y", "/y", 'isComment="True"') + line("A & B", "/a", 'isComment="false"')))
    assert [(feed.title, feed.folders) for feed in reading.feeds or ()] == [("A & B", ())]
    assert reading.is_whole


def test_an_ampersand_that_is_not_written_out_spoils_nothing_and_is_told() -> None:
    reading = read(opml('<outline text="Wallace & Gromit" xmlUrl="https://a.example/f?a=1&b=2"/>' + line("B", "/b")))

    assert [feed.title for feed in reading.feeds or ()] == ["Wallace & Gromit", "B"]
    assert reading.is_whole
    assert "not well-formed" in reading.warnings[0]


def test_a_list_that_is_cut_off_gives_what_is_there_and_says_so() -> None:
    body = opml("".join(line(str(number), f"/{number}") for number in range(9)))

    reading = read(body[: len(body) // 2])

    assert 0 < len(reading.feeds or ()) < 9
    assert not reading.is_whole
    assert "cut off" in reading.warnings[-1]


def test_a_list_that_goes_on_behind_its_end_and_breaks_off_is_not_taken_for_whole() -> None:
    reading = read(opml(line("A", "/a")) + line("B", "/b") * 100)

    assert not reading.is_whole


def test_a_list_whose_faults_swallow_lines_is_not_taken_for_whole() -> None:
    reading = read(opml(line("A", "/a") + "<title>" + line("B", "/b")).replace("<head></head>", ""))

    assert len(reading.feeds or ()) == 1
    assert not reading.is_whole
    assert any("broken" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "empty"),
        ("just words", "no XML"),
        ("<!DOCTYPE html><html><body>no</body></html>", "<html>"),
        ("<rss version='2.0'><channel/></rss>", "use kind: feed"),
        ("<haha version='1.1'/>", "<haha>"),
    ],
)
def test_what_is_no_list_is_refused_in_words(body: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        read(body)


def test_entities_are_not_expanded() -> None:
    bomb = "<!DOCTYPE opml [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    body = f"<?xml version='1.0'?>{bomb}<opml><body><outline text='&b;&x;' xmlUrl='https://a.example/f'/></body></opml>"

    (found,) = read(body).feeds or ()

    assert found.title == "&b;&x;"


def test_feeds_past_ten_thousand_are_left_out_with_a_warning() -> None:
    reading = read(opml("".join(line(str(number), f"/{number}") for number in range(10_001))))

    assert len(reading.feeds or ()) == 10_000
    assert "10001" in reading.warnings[0]


def test_lines_past_fifty_thousand_are_not_read_and_the_list_is_not_taken_for_whole() -> None:
    reading = read(opml('<outline text="a"/>' * 49_999 + line("A", "/a") + line("B", "/b")))

    assert [feed.title for feed in reading.feeds or ()] == ["A"]
    assert not reading.is_whole
    assert "cut off" in reading.warnings[-1]


def test_a_text_in_place_of_a_title_or_a_folder_is_cut() -> None:
    (found,) = feeds(f'<outline text="{"b" * 300}">{line("a" * 300, "/a")}</outline>')

    assert (found.title, found.folders) == ("a" * 200, ("b" * 200,))


def test_folders_without_end_are_refused() -> None:
    with pytest.raises(ReadError, match="deep"):
        read(opml('<outline text="a">' * 5_000))


@pytest.mark.parametrize(
    "outlines",
    [
        "".join(f'<outline text="a" category="/{number}" xmlUrl="/a"/>' for number in range(20_000)),
        f'<outline text="a" xmlUrl="/a" category="{",".join(map(str, range(100_000)))}"/>',
        "".join(f'<outline text="{number}">{line("a", "/a")}</outline>' for number in range(10_000)),
        '<outline text="a">' * 40 + line("a", "/a") * 40_000,
    ],
    ids=["one address, many categories", "one line, many categories", "one address, many folders", "a long deep list"],
)
def test_a_crafted_list_takes_no_longer_than_an_honest_one(outlines: str) -> None:
    began = time.process_time()

    (found,) = feeds(outlines)

    assert len(found.folders) <= 20
    assert time.process_time() - began < 5  # listparser as it stands takes minutes; here it is less than one second


def test_an_answer_that_is_a_list_is_found_out_to_be_one() -> None:
    source = Source(name="a", url=URL)
    body = f"<!-- <rss> --><?xml version='1.0'?>{opml(line('A', '/a'))}".encode()
    document = Document(url=URL, requested_url=URL, body=body, fetched_at=NOW)

    assert sources.kind_of(source, document) == "opml"
    assert sources.kind_of(Source(name="blogs/a", url=URL, listed_in="blogs"), document) == "feed"
    assert sources.kind_of(Source(name="a", url=URL, kind="feed"), document) == "feed"


# --- lists of others ------------------------------------------------------------------------------

LISTS = ("feedvalidator/opml", "feedsmith/opml", "netnewswire/opml", "venus/config")
NO_LISTS = {"missingOpml.opml", "twittergram.xml"}  # a document of another kind on purpose; an RSS feed


def files() -> list[Path]:
    return sorted(
        path
        for folder in LISTS
        for path in corpus(*folder.split("/")).rglob("*")
        if path.suffix in (".opml", ".xml") and path.is_file()
    )


def addresses(path: Path) -> set[str]:
    """Return the addresses of feeds as another reader finds them, forgiving what is no XML."""
    root = etree.fromstring(path.read_bytes(), etree.XMLParser(recover=True, resolve_entities=False))
    found = set()
    for outline in root.iter("outline"):
        told = {name.lower(): value.strip() for name, value in outline.attrib.items()}
        if url := told.get("xmlurl"):
            found.add(canonical(absolute(url, URL) or "") or url)
    return found


@pytest.mark.corpora
def test_every_list_of_others_is_read_with_the_feeds_that_another_reader_finds() -> None:
    found = files()
    wrong = {}
    for path in found:
        if path.name in NO_LISTS:
            with pytest.raises(ReadError):
                read(path.read_bytes())
            continue
        reading = read(path.read_bytes())
        mine = {canonical(feed.url) for feed in reading.feeds or ()}
        if mine != addresses(path):
            wrong[path.name] = mine ^ addresses(path)

    assert wrong == {}
    assert len(found) > 40


@pytest.mark.corpora
@pytest.mark.parametrize("tenth", range(10))
def test_every_list_of_others_cut_anywhere_is_read_or_refused_in_words(tenth: int) -> None:
    for path in files():
        body = path.read_bytes()
        try:
            reading = read(body[: len(body) * tenth // 10])
        except ReadError as error:
            told = str(error)
        else:
            is_silent = reading.is_whole and reading.feeds != read(body).feeds
            told = "" if is_silent else "what is missing is told, or nothing is missing"
        assert len(told) > 15, path.name
