"""Documents say what their authors expect of other readers: titles, ids, links, dates, authors, enclosures.

Where an origin has no expectation beside a document, what plainly stands in it is the claim. Takes three seconds.
"""

from collections import Counter

import pytest

from aggregator.errors import ReadError
from tests.agreement import FEED, Claim, read
from tests.claims import claims_on
from tests.corpora import corpus, is_other_part

WITHOUT_ID = "the document has no id; fastfeedparser gives the link in its place"
MISLABELLED = "valid UTF-8 that is labelled ISO-8859-1; a plain parser reads each letter as two"

# What we say otherwise, and why: file -> place and field -> reason.
EXCEPTIONS: dict[str, dict[str, str]] = {
    "gofeed/parser/atom/entry_id_xml_base.xml": {
        "0 id": "an id is kept character for character; gofeed takes it for a relative address"
    },
    "feed-rs/rss2/rss_2.0_vimeo_media.xml": {"0 enclosure": "the address of a page with a player, not of a file"},
    "fastfeedparser/integration/malformed_rss_namespaced.xml": {"0 id": WITHOUT_ID, "1 id": WITHOUT_ID},
    "fastfeedparser/integration/utf16_encoded.xml": {"0 id": WITHOUT_ID},
    "netnewswire/feeds/phpxml.rss": {"13 title": "a byte order mark within the title is no character of it"},
    "simplepie/feed_rss-2.0_for_file_mock.xml": {"81 title": MISLABELLED, "97 title": MISLABELLED},
}
# origin -> documents with claims, claims
ORIGINS = {
    "gofeed": (520, 270),
    "feed-rs": (55, 780),
    "feedsmith": (13, 190),
    "fastfeedparser/integration": (8, 370),
    "netnewswire": (20, 3000),
    "reader": (9, 85),
    "podcast-namespace": (1, 15),
    "simplepie": (3, 400),
}


def contradicted(origin: str) -> tuple[int, Counter[str], dict[str, dict[str, str]]]:
    """The documents, the claims by field, and those that we contradict: file -> place and field -> what we say."""
    documents, claims, wrong = 0, Counter[str](), {}
    for path in sorted(corpus(origin).rglob("*")):
        claimed = claims_on(path)
        if claimed is None:
            continue
        documents += 1
        claims.update(field for _, field, _ in claimed)
        found = read(path)
        unlike = {_named(claim): f"{found.answer(claim)}, not {claim[2]}" for claim in claimed if not found.says(claim)}
        if unlike:
            wrong[path.relative_to(corpus()).as_posix()] = unlike
    return documents, claims, wrong


def _named(claim: Claim) -> str:
    place, field, _ = claim
    return f"{'feed' if place == FEED else place} {field}"


@pytest.mark.parametrize("origin", ORIGINS)
def test_documents_say_what_others_expect(origin):
    documents, claims, wrong = contradicted(origin)
    assert sum(map(len, wrong.values())) <= 0.01 * claims.total()
    if is_other_part():
        return
    excepted = {file: set(told) for file, told in EXCEPTIONS.items() if file.startswith(f"{origin}/")}
    assert {file: set(told) for file, told in wrong.items()} == excepted, wrong
    assert (documents >= ORIGINS[origin][0], claims.total() >= ORIGINS[origin][1]) == (True, True)


def test_feed_that_is_cut_off_before_its_first_entry_is_refused():
    with pytest.raises(ReadError, match="no entries could be read"):
        read(corpus("feed-rs", "rss2", "rss_2.0_invalid_1.xml"))


def test_rss_in_json_is_read_whole():
    found = read(corpus("netnewswire", "feeds", "ScriptingNews.json"))
    assert len(found.contents) == 50
    assert found.reading.info.title == "Scripting News"
    assert all(content.url and content.published for content in found.contents)


def test_values_of_the_wrong_type_leave_the_rest_of_an_entry():
    found = read(corpus("reader", "invalid.json"))
    assert [entry.id for entry in found.reading.entries] == [
        *("2", "3.1415", "author name", "author url", "author name fallback", "author empty dict", "author empty list"),
        "second author is good",
    ]
    assert found.contents[0].title == "1000"
    assert found.contents[4].authors[0].email == "joe@example.com"
    assert [person.name for person in found.contents[-1].authors] == ["not a dict", "Jane"]  # a text is a name
