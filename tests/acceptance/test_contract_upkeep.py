"""A feeds.yaml that changes, by the contract: what was published stays, under the ids it had."""

from tests.acceptance.conftest import Room, item, rss

NEWS = rss(item("One", "http://a.example/1"))


def test_last_source_that_is_removed_leaves_its_entries(room: Room) -> None:
    room.write("{name: news, url: $/feed}")
    room.put("/feed", NEWS)
    room.refresh()
    before = room.read("all.json")["items"]

    room.write()
    report = room.refresh()

    assert (report["polled"], room.run("check").status) == (0, 0)
    assert room.read("all.json")["items"] == before


def test_renamed_source_is_known_by_its_alias_and_its_entries_say_the_new_name(room: Room) -> None:
    room.write("{name: old, url: $/feed}")
    room.put("/feed", NEWS, ETag='"one"')
    room.refresh()
    (before,) = room.entries()

    room.write("{name: new, aliases: [old], url: $/feed}")
    report = room.refresh()

    (after,) = room.entries("--source", "new")
    assert room.web.requests[-1].header("if-none-match") == '"one"'
    assert (report["new"], report["updated"], report["duplicates"], after["id"]) == (0, 0, 0, before["id"])
    assert [copy["source"] for copy in after["copies"]] == ["new"]
    assert room.refresh()["feeds_written"] == 0


def test_renamed_source_without_alias_joins_the_entries_that_it_left(room: Room) -> None:
    room.write("{name: old, url: $/feed}")
    room.put("/feed", NEWS)
    room.refresh()
    (before,) = room.entries()

    room.write("{name: new, url: $/feed}")
    report = room.refresh()

    (after,) = room.entries()
    assert (report["new"], report["updated"], after["id"]) == (0, 0, before["id"])


def test_changed_category_moves_what_is_stored_and_updates_nothing(room: Room) -> None:
    room.write("{name: news, url: $/feed, category: First}")
    room.put("/feed", NEWS)
    room.refresh()

    room.write("{name: news, url: $/feed, category: Second}")
    report = room.refresh()

    (entry,) = room.entries()
    assert (report["new"], report["updated"], entry["categories"]) == (0, 0, ["second"])
    assert [len(room.read(f"category/{slug}.atom").entries) for slug in ("first", "second")] == [0, 1]


def test_priority_decides_who_speaks_and_changing_it_updates_nothing(room: Room) -> None:
    room.put("/a", rss(item("From a", "http://n.example/1")))
    room.put("/b", rss(item("From b", "http://n.example/1")))
    spoken = []
    for keys in ("", ", priority: 5", ""):
        room.write("{name: a, url: $/a, priority: 1}", f"{{name: b, url: $/b{keys}}}")
        spoken.append((room.refresh()["updated"], room.titles()))

    assert spoken == [(0, ["From a"]), (0, ["From b"]), (0, ["From a"])]


def test_files_of_others_in_the_output_stay_and_lost_ones_of_ours_come_back(room: Room) -> None:
    room.write("{name: news, url: $/feed}")
    room.put("/feed", NEWS)
    room.refresh()
    output = room.folder / "output"
    (output / "mine.atom").write_text("mine", "utf-8")
    before = (output / "all.rss").read_bytes()
    (output / "all.rss").unlink()

    room.refresh()

    assert (output / "mine.atom").read_text("utf-8") == "mine"
    assert (output / "all.rss").read_bytes() == before


def test_formats_that_are_no_longer_wanted_leave_with_their_files(room: Room) -> None:
    room.write("{name: news, url: $/feed}")
    room.put("/feed", NEWS)
    room.refresh()

    room.write("{name: news, url: $/feed}", head="output: {formats: [atom]}")
    ended = room.run("publish")

    assert ended.status == 0
    assert set(room.tree()) == {"all.atom", "category/uncategorized.atom"}
