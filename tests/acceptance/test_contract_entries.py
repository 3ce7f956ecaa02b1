"""Ids, dates, order and updates, by the contract."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.acceptance.conftest import Room, item, rss

AHEAD = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><id>urn:x:f</id>{}</feed>'


def atom(*entries: tuple[str, str], more: str = "") -> str:
    """Return a feed. entries: id, text. more: stands in each."""
    return ATOM.format(
        "".join(
            f"<entry><id>{uid}</id><title>{number}</title><link href='http://a.example/{number}'/>"
            f"<content>{text}</content><updated>2022-01-01T00:00:00Z</updated>{more}</entry>"
            for number, (uid, text) in enumerate(entries)
        )
    )


def test_upstream_ids_stay_character_for_character_in_every_feed(room: Room) -> None:
    kept = [
        "tag:Example.ORG,2005:A/%7e",
        "HTTP://Example.org:80/a/../B?utm_source=x#frag",
        "urn:UUID:ABC",
        "http://x.example/q?a=1",
    ]
    room.write("{name: f, url: $/f}")
    room.put("/f", atom(*((uid, "text") for uid in kept)))

    room.refresh()

    assert sorted(entry["id"] for entry in room.entries()) == sorted(kept)
    assert sorted(entry.id for entry in room.read("all.atom").entries) == sorted(kept)
    assert sorted(entry.id for entry in room.read("all.rss").entries) == sorted(kept)
    assert sorted(entry["id"] for entry in room.read("all.json")["items"]) == sorted(kept)


@pytest.mark.parametrize("guid", ["some-guid", "ftp://x/y", "javascript:1", None])
def test_what_is_no_id_for_the_world_gets_one_that_stays(room: Room, guid: str | None) -> None:
    room.write("{name: f, url: $/f}")
    room.put("/f", rss(item("One", "http://a.example/1", guid=guid)))
    room.refresh()
    (first,) = room.entries()

    other = room.folder / "elsewhere"
    other.mkdir()
    (other / "feeds.yaml").write_bytes((room.folder / "feeds.yaml").read_bytes().replace(b"name: f", b"name: g"))
    room.run("refresh", "-c", str(other / "feeds.yaml"))
    (second,) = room.run("entries", "--json", "-c", str(other / "feeds.yaml")).json["entries"]

    assert first["id"].startswith("urn:uuid:")
    assert second["id"] == first["id"]


def test_dates_that_are_missing_or_ahead_stand_where_they_were_first_seen(room: Room) -> None:
    room.write("{name: f, url: $/f}", head="site: {timezone: Asia/Shanghai}")
    room.put(
        "/f",
        rss(
            item("ahead", "http://a.example/1", date=format_datetime(AHEAD)),
            item("undated", "http://a.example/2", date=None),
            item("unreadable", "http://a.example/3", date="some day"),
            item("old", "http://a.example/4", date="Mon, 01 Mar 1999 10:00:00 GMT"),
            item("local", "http://a.example/5", date="2022-03-01 10:00:00"),
        ),
    )

    report = room.refresh()

    found = {entry["title"]: entry for entry in room.entries()}
    said = {entry.title: entry.published for entry in room.read("all.atom").entries}
    assert list(found) == ["ahead", "undated", "unreadable", "local", "old"]
    assert found["undated"]["published"] is None
    assert found["unreadable"]["published"] is None
    assert found["local"]["published"] == "2022-03-01T02:00:00Z"
    assert {said[name] for name in ("ahead", "undated", "unreadable")} == {found["ahead"]["first_seen"]}
    assert "some day" in " ".join(report["sources"][0]["warnings"])


def test_published_never_changes_and_updated_is_the_later_of_theirs_and_ours(room: Room) -> None:
    room.write("{name: f, url: $/f}")
    room.put("/f", atom(("urn:x:1", "one"), more="<published>2022-01-01T00:00:00Z</published>"))
    room.refresh()

    room.put(
        "/f",
        atom(("urn:x:1", "two"), more="<published>2023-01-01T00:00:00Z</published>").replace(
            "<updated>2022-01-01T00:00:00Z", f"<updated>{AHEAD.isoformat()}"
        ),
    )
    report = room.refresh()

    (entry,) = room.entries()
    assert (report["new"], report["updated"]) == (0, 1)
    assert entry["published"] == "2022-01-01T00:00:00Z"
    assert datetime.fromisoformat(entry["updated"]) - datetime.now(UTC) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("rule", "expected"), [("text", [1, 0, 0, 1, 1, 0, 1]), ("none", [0] * 7), ("all", [1, 1, 1, 1, 1, 0, 1])]
)
def test_updates_are_what_a_reader_would_call_one(room: Room, rule: str, expected: list[int]) -> None:
    enclosure = '<enclosure url="http://a.example/x.mp3" type="audio/mpeg" length="5"/>'
    steps = [
        ("Another title", "<p>one two</p>", ""),
        ("Another title", "<p>one   two\n</p>", ""),
        ("Another title", "<p>one <b>two</b></p>", ""),
        ("Another title", "<p>three</p>", ""),
        ("Another title", "<p>three</p>", enclosure),
        ("Another title", "<p>three</p>", enclosure + "<category>new</category>"),
        ("Another title", "<p>three</p>", enclosure + "<category>new</category><dc:creator>Bob</dc:creator>"),
    ]
    room.write(f"{{name: f, url: $/f, updates: {rule}}}")
    room.put("/f", rss(item("Title", "http://a.example/1", text="<p>one two</p>")))
    room.refresh()
    told = []
    for title, text, more in steps:
        room.put("/f", rss(item(title, "http://a.example/1", text=text, more=more)))
        told.append(room.refresh()["updated"])

    assert told == expected


def test_feed_holds_its_newest_and_what_came_with_them_but_no_more_than_most(room: Room) -> None:
    items = [item(f"t{n:02}", f"http://a.example/{n}", date=f"Tue, {28 - n} Mar 2022 10:00:00 GMT") for n in range(20)]
    room.put("/f", rss(*items))
    held = []
    for rules in ("limit: 5, window: 0s", "limit: 5, window: 2d, max: 12"):
        room.write("{name: f, url: $/f}", head=f"output: {{{rules}}}")
        room.refresh()
        held.append([entry.title for entry in room.read("all.atom").entries])

    assert held == [[f"t{n:02}" for n in range(5)], [f"t{n:02}" for n in range(12)]]
    assert len(room.entries()) == 20


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("include: {title: [alpha, GAM]}", ["Alpha 招商", "Gamma"]),
        ("include: {author: ann, url: '/x/'}", ["Alpha 招商", "Gamma"]),
        ("exclude: {text: [one]}", ["Beta", "Gamma"]),
        ("include: {title: [a]}, exclude: {title: ['^beta$']}", ["Alpha 招商", "Gamma"]),
        ("exclude: {category: ['^go$']}", ["Beta", "Gamma"]),
    ],
)
def test_rules_choose_by_pattern_anywhere_and_letter_case_is_ignored(
    room: Room, rule: str, expected: list[str]
) -> None:
    alpha = "<dc:creator>Ann</dc:creator><category>go</category>"
    room.write(f"{{name: f, url: $/f, {rule}}}")
    room.put(
        "/f",
        rss(
            item("Alpha 招商", "http://a.example/1", text="body ONE", more=alpha),
            item("Beta", "http://a.example/2", text="two"),
            item("Gamma", "http://a.example/x/3", text="three"),
        ),
    )

    room.refresh()

    assert room.titles() == expected
