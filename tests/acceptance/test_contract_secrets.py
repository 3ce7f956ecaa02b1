"""Headers, bodies and secrets of a source: they arrive where they belong, and are shown nowhere."""

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import Room, item, rss
from tests.fetch.site import Answer

SECRETS = {"QUERY": "q5ecret", "HEADER": "h5ecret", "BODY": "b5ecret", "PAGE": "p5ecret", "WORD": "w5ecret"}
API = (
    "{name: api, kind: json_api, url: '$/api?token=${QUERY}', headers: {X-Key: '${HEADER}', Accept-Language: zh}, "
    'method: POST, body: \'{"key": "${BODY}"}\', items: items, fields: {title: t, url: u}, '
    "article: {url: '$/text?key=${PAGE}&id={id}', content: text}, next: {url: '$/api?token=${QUERY}&page={next}'}}"
)


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return SECRETS


def put(room: Room) -> None:
    items = [{"t": f"Story {n}", "u": f"http://news.example/{n}", "id": n} for n in (1, 2)]
    room.put(f"/api?token={SECRETS['QUERY']}", json.dumps({"items": items}), content_type="application/json")
    for n in (1, 2):
        text = json.dumps({"text": f"<p>All of story {n}.</p>"})
        room.put(f"/text?key={SECRETS['PAGE']}&id={n}", text, content_type="application/json")


def told(room: Room, *more: str) -> str:
    """Return all that the commands say, and all that is published."""
    said = []
    for argv in (
        *(["check"], ["check", "--online", "-v"], ["refresh", "--force", "-v"], ["refresh", "--force", "--json"]),
        *(["status", "-v"], ["status", "--json"], ["preview", "api", "-v"], ["preview", "api", "--json"], ["plan"]),
        *(["entries", "--json"], ["publish", "-v"], *(["explain", one] for one in more)),
    ):
        ended = room.run(*argv)
        said += [ended.out, ended.err]
    said += [path.read_text("utf-8") for path in (room.folder / "output").rglob("*") if path.is_file()]
    return "\n".join(said)


def test_headers_bodies_and_secrets_arrive(room: Room, secrets: dict[str, str]) -> None:
    room.write(API)
    put(room)

    report = room.refresh()

    assert (report["new"], report["sources"][0]["warnings"]) == (2, [])
    lists = [request for request in room.web.requests if request.target.startswith("/api")]
    pages = [request for request in room.web.requests if request.target.startswith("/text")]
    assert [(one.method, one.body) for one in lists] == [("POST", b'{"key": "b5ecret"}')]
    assert [(one.method, one.body) for one in pages] == [("GET", b"")] * 2
    assert {one.header("x-key") for one in (*lists, *pages)} == {secrets["HEADER"]}
    assert {one.header("accept-language") for one in lists} == {"zh"}


def test_secrets_are_shown_nowhere_when_all_is_well(room: Room, secrets: dict[str, str]) -> None:
    room.write(API)
    put(room)

    shown = told(room, "http://news.example/1")

    assert "Story 1" in shown
    assert [name for name, value in secrets.items() if value in shown] == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=401),
        Answer(status=404),
        Answer(status=429, headers=[("Retry-After", "60")]),
        Answer(status=500),
        Answer(body=b"<html>no JSON</html>", headers=[("Content-Type", "text/html")]),
        Answer(body=b'{"items": {"no": "list"}}', headers=[("Content-Type", "application/json")]),
        Answer(status=302, headers=[("Location", "/api?token=q5ecret&again=1")]),
        Answer(status=302, headers=[("Location", "http://[broken/?token=q5ecret")]),
        Answer(status=301, headers=[("Location", "/moved?token=q5ecret")]),
    ],
)
def test_secrets_are_shown_nowhere_when_something_is_wrong(room: Room, secrets: dict[str, str], answer: Answer) -> None:
    room.write(API)
    for target in (f"/api?token={SECRETS['QUERY']}", "/api?token=q5ecret&again=1", "/moved?token=q5ecret"):
        room.put(target, answer)

    shown = told(room)

    assert "api" in shown
    assert [name for name, value in secrets.items() if value in shown] == []


def test_secrets_of_article_pages_are_shown_nowhere_when_these_fail(room: Room, secrets: dict[str, str]) -> None:
    room.write(API)
    put(room)
    for n in (1, 2):
        room.put(f"/text?key={SECRETS['PAGE']}&id={n}", Answer(status=500))

    shown = told(room)

    assert "500" in shown
    assert [name for name, value in secrets.items() if value in shown] == []


def test_a_secret_that_the_environment_lacks_is_named_with_its_line_and_nothing_runs(room: Room) -> None:
    room.write("{name: good, url: $/good}", "{name: api, url: $/feed, headers: {Authorization: 'Bearer ${N0_SUCH}'}}")

    ended = room.run("refresh")

    assert ended.status == 2
    assert "feeds.yaml:5: sources[1].headers.Authorization: " in ended.err
    assert "N0_SUCH" in ended.err
    assert room.web.requests == []


def test_headers_stay_at_the_origin_that_they_are_meant_for(room: Room, secrets: dict[str, str]) -> None:
    elsewhere = room.web.url.replace("127.0.0.1", "localhost")
    room.write(
        "{name: moved, url: $/moved, headers: {X-Key: '${HEADER}'}, allow_private: true}",
        "{name: page, url: $/home, headers: {X-Key: '${HEADER}'}, allow_private: true}",
        "{name: list, kind: html_list, url: $/list, items: li, fields: {title: a, url: a@href}, allow_private: true, "
        "article: {content: p}, next: {url: 'a.next@href'}, headers: {X-Key: '${HEADER}'}}",
    )
    html = {"content_type": "text/html"}
    feed = rss(item("A", "http://a.example/1"))
    room.put("/moved", Answer(status=302, headers=[("Location", f"{elsewhere}/feed")]))
    link = f"<link rel=alternate type='application/rss+xml' href='{elsewhere}/feed'>"
    room.put("/home", f"<html><head>{link}</head><body>Home</body></html>", **html)
    room.put("/feed", feed)
    room.put("/list", f"<ul><li><a href='{elsewhere}/story'>B</a></ul><a class=next href='{elsewhere}/more'>", **html)
    room.put("/more", "<ul><li><a href='/other'>C</a></ul>", **html)
    room.put("/story", "<p>Text of B.</p>", **html)
    room.put("/other", "<p>Text of C.</p>", **html)

    room.refresh()

    got = {(request.header("host") or "", request.target): request.header("x-key") for request in room.web.requests}
    at_home = {target for (host, target), key in got.items() if key == secrets["HEADER"]}
    abroad = {target for (host, target), key in got.items() if host.startswith("localhost")}
    assert {"/moved", "/home", "/list"} <= at_home
    assert {"/feed", "/story", "/more"} <= abroad
    assert not any(key for (host, _), key in got.items() if host.startswith("localhost"))


def test_a_secret_in_a_rule_or_a_pattern_is_not_shown_either(room: Room, secrets: dict[str, str]) -> None:
    room.write("{name: api, url: $/feed, exclude: {title: '${WORD}('}, identity: {patterns: {id: '${WORD}'}}}")

    ended = room.run("check")

    assert ended.status == 2
    assert "${WORD}" in ended.out
    assert secrets["WORD"] not in ended.out + ended.err
    assert Path(room.folder, "aggregator.db").exists() is False
