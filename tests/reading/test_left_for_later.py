"""A document with more new entries than one poll takes is read over several polls, and loses none."""

from pathlib import Path

from aggregator import reading
from aggregator.model import Document, Source
from aggregator.reading import MOST_NEW, read
from aggregator.text.patterns import Searching
from tests.fakes import NOW, World

URL = "https://a.example/sitemap.xml"
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def lines(count: int) -> bytes:
    told = "".join(f"<url><loc>https://a.example/{number}</loc></url>" for number in range(count))
    return f"<urlset xmlns='{SPACE}'>{told}</urlset>".encode()


def taken(body: bytes, seen: frozenset[int] = frozenset()) -> reading.Read:
    document = Document(url=URL, requested_url=URL, body=body, fetched_at=NOW)
    return read(document, Source(name="a", url=URL, kind="sitemap"), None, "s", NOW, seen, True, Searching())


def test_what_is_too_much_for_one_poll_comes_with_the_next() -> None:
    body = lines(MOST_NEW + 5)

    first = taken(body)
    then = taken(body, first.seen)

    assert (len(first.items or ()), first.left, first.count) == (MOST_NEW, 5, MOST_NEW + 5)
    assert [item.raw.url for item in then.items or ()] == [f"https://a.example/{MOST_NEW + n}" for n in range(5)]
    assert (then.left, len(then.seen)) == (0, MOST_NEW + 5)


def test_a_document_that_is_not_yet_read_to_its_end_is_asked_for_as_a_whole(tmp_path: Path) -> None:
    text = f"sources: [{{name: a, url: '{URL}', kind: sitemap, exclude: {{url: ['.']}}}}]"
    with World(tmp_path, text) as world:
        world.site.put(URL, lines(MOST_NEW + 5))
        (first,) = world.refresh().reports
        world.site.forget()
        (then,) = world.refresh().reports

        assert any(f"5 of its {MOST_NEW + 5} entries are left for the next polls" in one for one in first.warnings)
        assert not any("are left" in one for one in then.warnings)
        assert [request.etag for request in world.site.requests if request.url == URL] == [None]

        (last,) = world.refresh().reports
        assert last.outcome == "unchanged"


def test_what_no_page_is_read_of_keeps_no_texts_as_they_were_found() -> None:
    body = (
        b"<rss version='2.0'><channel><title>x</title><item><title>a</title><link>https://a.example/1</link>"
        b"<category>c</category><description>a text</description></item></channel></rss>"
    )
    document = Document(url=URL, requested_url=URL, body=body, fetched_at=NOW)

    done = read(document, Source(name="a", url=URL), None, "s", NOW, frozenset(), True, Searching())

    (item,) = done.items or ()
    assert item.raw.summary is None
    assert item.raw.categories == ("c",)
    assert "a text" in ((item.content.html or "") + (item.content.summary or ""))
