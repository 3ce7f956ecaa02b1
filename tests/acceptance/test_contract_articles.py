"""Article pages, by the contract: asked for once, three times where that failed; the entry is published meanwhile."""

from tests.acceptance.conftest import Room
from tests.fetch.site import Answer

LIST = "<ul><li><a href='/one.html'>One</a></li></ul>"
SOURCE = (
    "{name: news, kind: html_list, url: $/list, items: li, fields: {title: a, url: a@href}, "
    "article: {content: article, published: time, author: .by, remove: [.ad]}}"
)
PAGE = (
    "<article><p>All of it <a href='../two.html'>two</a></p><p class=ad>Buy!</p><script>x()</script></article>"
    "<time>2022-03-01 10:00</time><i class=by>Ann</i>"
)
SHANGHAI = "site: {timezone: Asia/Shanghai, url: https://feeds.example/}"


def test_page_is_asked_for_once_and_read_before_anything_is_removed(room: Room) -> None:
    room.write(SOURCE, head=SHANGHAI)
    room.put("/list", LIST)
    room.put("/one.html", PAGE)

    room.refresh()
    room.put("/list", LIST + " ")
    room.refresh()

    (entry,) = room.read("all.atom").entries
    html = entry.content[0].value
    assert room.web.paths().count("/one.html") == 1
    assert entry.published == "2022-03-01T02:00:00Z"
    assert entry.author == "Ann"
    assert f'href="{room.web.url}/two.html"' in html
    assert "Buy!" not in html
    assert "x()" not in html


def test_whoever_refreshes_three_times_has_tried_a_failing_page_three_times(room: Room) -> None:
    room.write(SOURCE)
    room.put("/list", LIST)
    room.put("/one.html", Answer(status=500))

    for _ in range(5):
        room.refresh()

    assert room.web.paths().count("/one.html") == 3
    assert room.titles() == ["One"]


def test_page_that_comes_at_the_second_refresh_completes_the_entry_under_its_id(room: Room) -> None:
    room.write(SOURCE, head=SHANGHAI)
    room.put("/list", LIST)
    room.put("/one.html", Answer(status=500))
    room.refresh()
    (before,) = room.entries()

    room.put("/one.html", PAGE)
    report = room.refresh()

    (after,) = room.entries()
    assert (report["new"], after["id"]) == (0, before["id"])
    assert "All of it" in room.read("all.atom").entries[0].content[0].value


def test_a_timer_leaves_a_failing_page_its_time(room: Room) -> None:
    room.write(SOURCE.replace("news,", "news, every: 1s,", 1))
    room.put("/list", LIST)
    room.put("/one.html", Answer(status=500))
    room.refresh()

    for _ in range(3):
        room.refresh("--due")

    assert room.web.paths().count("/one.html") == 1


def test_page_whose_server_asked_to_wait_is_left_alone_though_the_operator_asks(room: Room) -> None:
    room.write(SOURCE)
    room.put("/list", LIST)
    room.put("/one.html", Answer(status=503, headers=[("Retry-After", "7200")]))

    for _ in range(3):
        room.refresh()

    assert room.web.paths().count("/one.html") == 1


def test_page_of_an_api_is_a_template_over_the_raw_record(room: Room) -> None:
    room.write(
        "{name: api, kind: json_api, url: $/api, items: list, category: rest, "
        "fields: {id: code, title: t, published: at, category: from, url: 'https://n.example/?infoCode={code}'}, "
        "article: {url: '$/text?id={code}', content: text}}",
        head="identity: {parameters: [infoCode]}",
    )
    room.put(
        "/api",
        '{"list": [{"code": "N1", "t": "One", "at": "2022-03-01 10:00:00", "from": "吉林日报"}, '
        '{"code": "N2", "t": "Two", "from": ""}]}',
    )
    room.put("/text?id=N1", '{"text": "<p>First text</p>"}')
    room.put("/text?id=N2", '{"text": "<p>Second text</p>"}')

    report = room.refresh()

    found = {entry["title"]: entry for entry in room.entries()}
    assert report["new"] == 2
    assert found["One"]["categories"] == ["jilinribao"]
    assert found["Two"]["categories"] == ["rest"]
    assert found["One"]["url"] == "https://n.example/?infoCode=N1"
    assert {entry.content[0].value for entry in room.read("all.atom").entries} == {
        "<p>First text</p>",
        "<p>Second text</p>",
    }
