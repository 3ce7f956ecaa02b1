"""What every output format owes; a new one is tested by being there."""

import json
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from lxml import etree

from aggregator.model import Credit, Feed
from aggregator.outputs import FeedFormat, Format, SiteFormat, formats
from tests.outputs.examples import (
    ALL,
    BARE,
    CREDIT,
    ENTRY,
    FEED,
    HOSTILE,
    NOTE,
    PLAIN_FEED,
    SITE,
    hostile,
    hostile_feed,
)

FEEDS = [pytest.param(found, id=name) for name, found in formats().items() if isinstance(found, FeedFormat)]
SITES = [pytest.param(found, id=name) for name, found in formats().items() if isinstance(found, SiteFormat)]


def check(document: bytes, media_type: str) -> None:
    """Fail unless the document is well formed for its media type, in UTF-8, without forbidden characters."""
    text = document.decode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text)
    kind = media_type.partition(";")[0]
    if kind.endswith("json"):
        json.loads(text)
    elif kind == "text/html":
        root = etree.fromstring(document, etree.HTMLParser(encoding="utf-8"))
        assert not root.xpath("//script | //@onerror | //@onclick | //*[starts-with(@href, 'javascript:')]")
        assert len(root.xpath("/html/body/main")) == 1
    elif kind.endswith(("xml", "opml")):
        etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def whole_site(found: SiteFormat, feed: Feed = FEED, sources: tuple[Credit, ...] = (CREDIT,)) -> dict[str, bytes]:
    sections = [found.section(feed, [ENTRY, NOTE, BARE][: found.SECTION_ENTRIES]), found.section(feed, [])]
    return dict(found.site(replace(feed, path="all", category=None), sections, sources))


@pytest.mark.parametrize("name", formats())
def test_format_says_its_suffix_media_type_and_version(name: str) -> None:
    found: Format = formats()[name]

    assert re.fullmatch(r"\.[a-z]+", found.SUFFIX)
    assert found.MEDIA_TYPE.endswith("; charset=utf-8")
    assert found.VERSION >= 1
    assert isinstance(found, FeedFormat | SiteFormat)


def test_no_two_formats_of_feeds_share_a_suffix() -> None:
    suffixes = [found.SUFFIX for found in formats().values() if isinstance(found, FeedFormat)]

    assert sorted(set(suffixes)) == sorted(suffixes)


@pytest.mark.parametrize("found", FEEDS)
@pytest.mark.parametrize("feed", [FEED, ALL, PLAIN_FEED], ids=["category", "all", "without site.url"])
@pytest.mark.parametrize("entries", [[], [ENTRY], [ENTRY, NOTE, BARE]], ids=len)
def test_document_is_well_formed(found: FeedFormat, feed: Feed, entries: list) -> None:
    check(found.document(feed, [found.fragment(entry) for entry in entries]), found.MEDIA_TYPE)


@pytest.mark.parametrize("found", FEEDS)
def test_document_bears_each_entry_in_the_order_given(found: FeedFormat) -> None:
    marked = [replace(ENTRY, id=f"urn:x:{n}", content=replace(ENTRY.content, title=f"mark{n}mark")) for n in range(9)]

    text = found.document(FEED, [found.fragment(entry) for entry in marked]).decode()

    order = [int(n) for n in re.findall(r"mark(\d)mark", text)]
    assert list(dict.fromkeys(order)) == list(range(9))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("found", FEEDS)
def test_hostile_text_in_any_field_breaks_nothing(found: FeedFormat, text: str) -> None:
    document = found.document(hostile_feed(text), [found.fragment(hostile(text)), found.fragment(ENTRY)])

    check(document, found.MEDIA_TYPE)
    assert ENTRY.content.title.encode() in document


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("found", SITES)
def test_hostile_text_breaks_no_document_of_the_site(found: SiteFormat, text: str) -> None:
    feed = hostile_feed(text)
    sections = [found.section(feed, [hostile(text)][: found.SECTION_ENTRIES])]
    sources = (replace(CREDIT, name=text, title=text, url=text), CREDIT)

    for path, document in found.site(replace(feed, path="all"), sections, sources).items():
        check(document, found.MEDIA_TYPE if path.endswith(found.SUFFIX) else "text/css")


@pytest.mark.parametrize("found", FEEDS)
def test_same_arguments_give_the_same_bytes(found: FeedFormat) -> None:
    elsewhere = timezone(timedelta(hours=8))
    same = replace(
        pickle.loads(pickle.dumps(ENTRY)),
        updated=ENTRY.updated.astimezone(elsewhere),
        stands=ENTRY.stands.astimezone(elsewhere),
    )

    assert found.fragment(same) == found.fragment(ENTRY)
    assert found.document(FEED, [b""]) == found.document(pickle.loads(pickle.dumps(FEED)), [b""])


@pytest.mark.parametrize("seed", ["1", "2"])
def test_bytes_do_not_depend_on_the_process_the_machine_or_the_clock(seed: str) -> None:
    program = """
import hashlib
from aggregator.outputs import FeedFormat, formats
from tests.outputs.examples import ENTRY, FEED, NOTE
for name, found in sorted(formats().items()):
    if isinstance(found, FeedFormat):
        print(name, hashlib.sha256(found.document(FEED, [found.fragment(ENTRY), found.fragment(NOTE)])).hexdigest())
"""
    environment = {"PYTHONHASHSEED": seed, "TZ": "America/New_York", "LC_ALL": "C", "PATH": "/nowhere"}

    here = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True, env=environment)

    assert here.stdout.count("\n") >= 4
    assert there.stdout == here.stdout


@pytest.mark.parametrize("found", SITES)
def test_documents_of_the_site_lie_inside_it_and_are_the_same_each_time(found: SiteFormat) -> None:
    documents = whole_site(found)

    assert documents == whole_site(found)
    for path in documents:
        assert re.fullmatch(r"[a-z0-9]+(/[a-z0-9]+)*\.[a-z]+", path)


@pytest.mark.parametrize("found", FEEDS)
def test_what_is_private_is_not_told(found: FeedFormat) -> None:
    hidden = Credit(
        name="secret-handle", title="Known", url="https://secret/", feed_url="https://secret/f", id="x:secret"
    )
    speaker = replace(ENTRY.copies[0], source="secret-handle", is_private=True)
    entry = replace(ENTRY, credit=hidden, copies=(speaker, *ENTRY.copies[1:]))

    document = found.document(FEED, [found.fragment(entry)])

    assert b"Known" in document
    assert b"secret" not in document
    assert b"inside.example.com" not in document


@pytest.mark.parametrize("found", FEEDS)
def test_copies_and_source_are_named(found: FeedFormat) -> None:
    text = found.fragment(ENTRY).decode()

    assert CREDIT.title in text
    assert "https://wire.example.com/news/1.html" in text
    assert "要闻" in text


@pytest.mark.parametrize("found", FEEDS)
@pytest.mark.parametrize(
    "url", ["/relative", "page.html", "//host/x", "javascript:alert(1)", "JavaScript:x", "data:,x"]
)
def test_addresses_that_are_relative_or_run_something_are_left_out(found: FeedFormat, url: str) -> None:
    content = replace(
        ENTRY.content,
        url=url,
        image=url,
        comments=url,
        authors=(replace(ENTRY.content.authors[0], url=url),),
        enclosures=(replace(ENTRY.content.enclosures[0], url=url),),
        links=tuple(replace(link, url=url) for link in ENTRY.content.links),
    )
    entry = replace(
        ENTRY,
        content=content,
        credit=replace(CREDIT, url=url, feed_url=url),
        copies=tuple(replace(copy, url=url) for copy in ENTRY.copies),
        related=(replace(ENTRY.related[0], url=url),),
    )

    fragment = found.fragment(entry).decode()

    assert url not in fragment
    check(found.document(FEED, [fragment.encode()]), found.MEDIA_TYPE)


@pytest.mark.parametrize("found", FEEDS)
def test_fragment_does_not_depend_on_the_feed(found: FeedFormat) -> None:
    other = replace(ALL, site=replace(SITE, title="Other", language="en", timezone="UTC"), title="Other")
    fragment = found.fragment(ENTRY)

    check(found.document(FEED, [fragment]), found.MEDIA_TYPE)
    check(found.document(other, [fragment]), found.MEDIA_TYPE)
