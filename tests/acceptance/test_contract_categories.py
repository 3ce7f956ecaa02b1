"""Categories, slugs, titles and aliases, by the contract."""

from tests.acceptance.conftest import Room, item, rss


def test_name_that_is_a_slug_means_the_category_that_bears_it(room: Room) -> None:
    room.write("{name: a, url: $/a, category: jilinribao}", "{name: b, url: $/b, category: 吉林日报}")
    room.put("/a", rss(item("A", "http://a.example/1")))
    room.put("/b", rss(item("B", "http://a.example/2")))

    room.refresh()

    feed = room.read("category/jilinribao.atom")
    assert [entry["categories"] for entry in room.entries()] == [["jilinribao"], ["jilinribao"]]
    assert (feed.feed.title, len(feed.entries)) == ("吉林日报", 2)


def test_second_name_of_a_slug_gets_a_number_and_keeps_it_whatever_the_order(room: Room) -> None:
    sources = ["{name: a, url: $/a, category: Tech News}", "{name: b, url: $/b, category: Tech-News}"]
    room.put("/a", rss(item("A", "http://a.example/1")))
    room.put("/b", rss(item("B", "http://a.example/2")))
    told = []
    for order in (sources, sources[::-1]):
        room.write(*order)
        room.refresh()
        told.append({entry["title"]: entry["categories"] for entry in room.entries()})

    assert told == [{"A": ["tech-news"], "B": ["tech-news-2"]}] * 2


def test_entries_say_their_own_categories_and_the_others_stand_in_the_sources(room: Room) -> None:
    room.write(
        "{name: all, url: $/f, entry_categories: true, category: fallback}",
        "{name: only, url: $/g, entry_categories: {only: [Go]}, category: second}",
        "{name: none, url: $/h, category: []}",
    )
    tagged = "<category>Go</category><category>Rust Lang</category>"
    for path in "fgh":
        items = (
            item(f"{path}1", f"http://{path}.example/1", more=tagged),
            item(f"{path}2", f"http://{path}.example/2"),
        )
        room.put(f"/{path}", rss(*items))

    room.refresh()

    assert {entry["title"]: entry["categories"] for entry in room.entries()} == {
        "f1": ["go", "rust-lang"],
        "f2": ["fallback"],
        "g1": ["go"],
        "g2": ["second"],
        "h1": [],
        "h2": [],
    }


def test_category_of_feeds_yaml_has_its_files_title_and_alias_before_it_has_entries(room: Room) -> None:
    room.write(
        "{name: a, url: $/a, category: other}",
        head="categories: {吉林日报: {title: 吉林日报新闻, aliases: [jilin]}, shown: {slug: elsewhere}}",
    )
    room.put("/a", rss(item("A", "http://a.example/1")))

    room.refresh()

    category = room.folder / "output" / "category"
    assert room.read("category/jilinribao.atom").feed.title == "吉林日报新闻"
    assert (category / "jilin.atom").read_bytes() == (category / "jilinribao.atom").read_bytes()
    assert (category / "elsewhere.html").exists()
