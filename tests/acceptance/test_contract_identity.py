"""One article is one entry, by the contract: what joins, and the near misses that must not."""

import pytest

from tests.acceptance.conftest import Room, item, rss

CODE = "http://f.example/Share.html?infoCode=NW202204212352230938"
PARAMETER = "identity: {parameters: [infoCode]}"
PATTERN = r"identity: {parameters: [infoCode], patterns: {infoCode: ['\b(?:NW)?(\d{18})\b']}}"
HOSTS = "identity: {parameters: [{name: id, hosts: [news.example.org]}]}"


def entries_of(room: Room, one: str, other: str, *, head: str = "") -> int:
    """Return how many entries two sources make, each with an item of one address."""
    room.write("{name: a, url: $/a}", "{name: b, url: $/b}", head=head)
    room.put("/a", rss(item("Same", one, text="Same text")))
    room.put("/b", rss(item("Same", other, text="Same text")))
    report = room.refresh()
    assert report["new"] + report["duplicates"] == 2
    assert len(room.entries()) == report["new"]
    return int(report["new"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://e.example/x", "https://www.E.example:443/x/"),
        ("http://e.example/x?b=1&a=2", "http://e.example/x?a=2&b=1&utm_source=rss&fbclid=7#top"),
        ("http://e.example/%7Ea/%e4%b8%ad", "http://e.example/~a/中"),
        ("http://bücher.example", "http://xn--bcher-kva.example/"),
    ],
)
def test_spellings_of_one_address_are_one_entry(room: Room, one: str, other: str) -> None:
    assert entries_of(room, one, other) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://e.example/x", "http://e.example/X"),
        ("http://e.example/x?id=1", "http://e.example/x?id=2"),
        ("http://e.example/x", "http://e.example:8080/x"),
        ("http://e.example/x", "http://m.e.example/x"),
        ("http://e.example/x?a=1&a=2", "http://e.example/x?a=1"),
        ("http://e.example/x?a=b%26c", "http://e.example/x?a=b&c"),
        ("http://e.example/a%2Fb", "http://e.example/a/b"),
        ("http://e.example/#!/a", "http://e.example/#!/b"),
    ],
)
def test_near_misses_of_an_address_are_two(room: Room, one: str, other: str) -> None:
    assert entries_of(room, one, other) == 2


@pytest.mark.parametrize(
    ("head", "other", "expected"),
    [
        (PARAMETER, "http://other.example/z?INFOCODE=NW202204212352230938", 1),
        (PARAMETER, "http://other.example/z?infoCode=202204212352230938", 2),
        (PATTERN, "http://other.example/z?infoCode=202204212352230938", 1),
        (PATTERN, "http://finance.example/news/1350,202204212352230938.html", 1),
        (PATTERN, "http://finance.example/news/1350,2022042123522309381.html", 2),
        (PATTERN, "http://finance.example/news/1350,202204212352230939.html", 2),
        ("", "http://other.example/z?infoCode=NW202204212352230938", 2),
        (HOSTS, "http://other.example/z?infoCode=NW202204212352230938", 2),
    ],
)
def test_parameters_and_patterns_join_what_they_name_and_no_more(
    room: Room, head: str, other: str, expected: int
) -> None:
    assert entries_of(room, CODE, other, head=head) == expected


@pytest.mark.parametrize(("host", "expected"), [("news.example.org", 1), ("other.example.org", 2)])
def test_parameter_of_some_hosts_names_nothing_elsewhere(room: Room, host: str, expected: int) -> None:
    assert entries_of(room, "http://news.example.org/a?id=5", f"http://{host}/b?id=5", head=HOSTS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Hello <a href='{CODE}'>{CODE}</a> .", 1),
        (f"Hello <a href='{CODE}'>{CODE}</a> and more", 2),
        (f"Hello <a href='{CODE}'>the source</a>", 2),
        ("Hello 202204212352230938", 2),
    ],
)
def test_address_that_a_text_ends_with_names_its_article(room: Room, text: str, expected: int) -> None:
    room.write("{name: a, url: $/a}", "{name: b, url: $/b}", head=PATTERN)
    room.put("/a", rss(item("Same", CODE, text="Hello")))
    room.put("/b", rss(item("Same", "http://z.example/1", text=text)))

    assert room.refresh()["new"] == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([item("One", "http://e.example/"), item("Two", "http://e.example/")], 2),
        ([item("One", "http://e.example/"), item("One", "http://e.example/")], 1),
        ([item("One", "http://e.example/#1"), item("Two", "http://e.example/#2")], 2),
        ([item("One", "http://e.example/1", guid="g"), item("Two", "http://e.example/2", guid="g")], 2),
        ([item("One", f"{CODE}&a=1"), item("Two", f"{CODE}&a=2")], 1),
    ],
)
def test_names_shared_within_a_document_name_nothing_but_the_operators_do(
    room: Room, items: list[str], expected: int
) -> None:
    room.write("{name: a, url: $/a}", head=PARAMETER)
    room.put("/a", rss(*items))

    assert room.refresh()["new"] == expected
    assert len({entry["id"] for entry in room.entries()}) == expected


def test_copy_that_bears_the_names_of_two_entries_makes_them_one_under_a_known_id(room: Room) -> None:
    room.write(
        "{name: a, url: $/a, category: ca}",
        "{name: b, url: $/b, category: cb}",
        "{name: c, kind: json_api, url: $/c, items: '@', fields: {title: t, url: u, infoCode: i}}",
        head=PARAMETER,
    )
    room.put("/a", rss(item("A", "http://e.example/1")))
    room.put("/b", rss(item("B", "http://f.example/2?infoCode=77")))
    room.put("/c", "[]")
    room.refresh()
    ids = {entry["id"] for entry in room.entries()}

    room.put("/c", '[{"t": "C", "u": "http://e.example/1", "i": "77"}]')
    report = room.refresh()

    (entry,) = room.entries()
    assert (report["new"], report["updated"], report["duplicates"]) == (0, 0, 1)
    assert entry["id"] in ids
    assert {"ca", "cb"} <= set(entry["categories"])
    assert [one.id for one in room.read("category/cb.atom").entries] == [entry["id"]]


def test_source_that_renames_its_entries_makes_nothing_new(room: Room) -> None:
    room.write("{name: a, url: $/a}")
    room.put("/a", rss(item("A", "http://e.example/1", guid="one")))
    room.refresh()
    (before,) = room.entries()
    told = []
    for url, guid in (
        ("https://e.example/1", "two"),
        ("https://moved.example/1", "two"),
        ("http://e.example/1", "one"),
    ):
        room.put("/a", rss(item("A", url, guid=guid)))
        told.append(room.refresh()["new"])

    (after,) = room.entries()
    assert (told, after["id"], after["published"]) == ([0, 0, 0], before["id"], before["published"])
