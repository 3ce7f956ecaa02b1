"""Every place that may hold a secret holds one of its own, and servers repeat them in every way; then all is searched.

All: what commands say, what is published, and the bytes of the store, its log and its backup.
"""

import base64
import html
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from tests.acceptance.conftest import Room
from tests.fetch.site import Answer, Received

# No spelling changes the letters and digits in the middle; the rest is spelled in many ways.
SECRETS = {
    "USER": "u-c0reuser%2F1",
    "PASS": "p%40c0repass:+2",
    "QUERY": "q'c0requery<3>+",
    "HEADER": "h/c0reheader=4",
    "BODY": 'b"c0rebody\\5',
    "PAGE": "c0repage~6",
    "PATH_KEY": "c0repath7",
    "LIST": "c0relist%8",
    "MAP": "c0remap9!",
    "HOME": "c0rehome10",
    "HOST": "c0rehost11",
    "MOVED": "c0removed14",
    "WORD": "c0reword15",
}


def spelled(value: str) -> list[str]:
    """Return a secret as servers write it."""
    return [
        value,
        quote(value, safe=""),
        quote(quote(value, safe=""), safe=""),
        quote(value).lower(),
        html.escape(value),
        json.dumps(value)[1:-1],
        value.upper(),
        base64.b64encode(value.encode()).decode(),
    ]


def known(asked: Received) -> list[str]:
    """Return all that the server was told, and the secrets in it in all spellings."""
    told = " ".join([asked.target, asked.body.decode(), *(value for _, value in asked.headers)])
    names = [name for name, value in SECRETS.items() if core(value) in told]
    if "Basic " in told:
        names += ["USER", "PASS"]
    return [told, *(form for name in names for form in spelled(SECRETS[name]))]


def core(value: str) -> str:
    """Return the part of a secret that every spelling leaves as it is."""
    return value[value.index("c0re") :][:8]


def repeated(asked: Received) -> str:
    """Return all that the server was told, as a text."""
    return html.escape(" ".join(known(asked)))


def address(asked: Received, path: str, **more: str) -> str:
    """Return an address at the server with the query that it was asked with."""
    query = "&".join([asked.target.partition("?")[2], *(f"{name}={value}" for name, value in more.items())])
    return f"http://{asked.header('host')}{path}?{query}"


def feed(asked: Received) -> Answer:
    told, own = repeated(asked), html.escape(address(asked, asked.path))
    link, next_link = html.escape(address(asked, "/item", id="1")), html.escape(address(asked, "/item", id="2"))
    text = html.escape(f"<a href='{link}'>here</a> <a href='#top'>top</a> {told}")
    body = (
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Feed {told}</title>'
        f"<link>{own}</link><atom:link rel='self' href='{own}'/><description>{told}</description>"
        f"<item><title>Story one</title><link>{link}</link><guid>{link}</guid><author>{told}</author>"
        f"<category>{told}</category><description>{text}</description>"
        f"<enclosure url='{own}' length='1' type='audio/mpeg'/><comments>{link}</comments></item>"
        f"<item><title>Story two {told}</title><link>{next_link}</link><guid isPermaLink='false'>{told}</guid></item>"
        f"<item><title>Story three</title><link>?id=3</link><pubDate>{told}</pubDate></item>"
        "</channel></rss>"
    )
    headers = [("Content-Type", "application/rss+xml"), ("ETag", f'"{asked.target}"'), ("X-Told", own)]
    return Answer(headers=headers, body=body.encode())


def api(asked: Received) -> Answer:
    told = " ".join(known(asked))
    items = [
        {"t": f"Api {n}", "u": address(asked, "/page", id=str(n)), "id": n, "told": told, "from": told[:90]}
        for n in (1, 2)
    ]
    return Answer(headers=[("Content-Type", "application/json")], body=json.dumps({"items": items, "next": 2}).encode())


def page(asked: Received) -> Answer:
    own = html.escape(address(asked, asked.path))
    body = (
        f"<html><head><title>{repeated(asked)}</title><link rel=canonical href='{own}'>"
        f"<link rel=alternate type='application/rss+xml' href='{own.replace(asked.path, '/rss')}'></head><body>"
        f"<ul><li><a href='/item{html.escape('?' + asked.target.partition('?')[2])}&amp;id=9'>Listed</a></ul>"
        f"<a class=next href='{own}&amp;page=2'>next</a><p>Text, {repeated(asked)}</p><img src='{own}'></body></html>"
    )
    return Answer(headers=[("Content-Type", "text/html")], body=body.encode())


def opml(asked: Received) -> Answer:
    lines = [address(asked, "/rss", n="1"), address(asked, "/gone", n="2"), "http://elsewhere.example/feed"]
    outlines = "".join(f"<outline text='{repeated(asked)}' xmlUrl='{html.escape(line)}'/>" for line in lines)
    return Answer(body=f"<opml version='2.0'><head/><body>{outlines}</body></opml>".encode())


def sitemap(asked: Received) -> Answer:
    if asked.path == "/index.xml":
        part = f"<sitemap><loc>{html.escape(address(asked, '/map.xml'))}</loc></sitemap>"
        body = f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{part}</sitemapindex>"
    else:
        one = f"<url><loc>{html.escape(address(asked, '/item', id='7'))}</loc></url>"
        body = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{one}</urlset>"
    return Answer(headers=[("Content-Type", "application/xml")], body=body.encode())


def moved(asked: Received) -> Answer:
    return Answer(status=301, headers=[("Location", address(asked, "/rss", was="moved"))])


def refusing(asked: Received) -> Answer:
    return Answer(status=401, headers=[("WWW-Authenticate", asked.target)], body=repeated(asked).encode())


SOURCES = (
    "{name: rss, kind: feed, url: 'http://${USER}:${PASS}@HERE/rss?key=${QUERY}', headers: {X-Key: '${HEADER}'}}",
    "{name: api, kind: json_api, url: 'http://HERE/api?key=${QUERY}', headers: {X-Key: '${HEADER}'}, method: POST, "
    'body: \'{"key": "${BODY}"}\', items: items, fields: {title: t, url: u, author: told, category: from, '
    "guid: told}, next: {url: 'http://HERE/api?key=${QUERY}&page={next}', pages: 2}, "
    "article: {url: 'http://HERE/text?key=${PAGE}&id={id}', as: html, content: p}}",
    "{name: list, kind: html_list, url: 'http://HERE/${PATH_KEY}/list?key=${QUERY}', items: li, "
    "fields: {title: a, url: a@href}, next: {url: 'a.next@href', pages: 2}, article: {content: p}}",
    "{name: auto, kind: html_list, url: 'http://HERE/${PATH_KEY}/list', items: li, fields: {title: a, url: a@href}, "
    "article: auto, remove: ['.${WORD}']}",
    "{name: opml, kind: opml, url: 'http://HERE/opml?token=${LIST}', entry_categories: true}",
    "{name: map, kind: sitemap, url: 'http://HERE/index.xml?key=${MAP}', article: auto}",
    "{name: home, url: 'http://HERE/home?key=${HOME}'}",
    "{url: 'http://HERE/unnamed/${PATH_KEY}?key=${QUERY}', kind: feed, source_is: x}",
    "{name: host, url: 'http://${HOST}.invalid/'}",
    "{name: moved, url: 'http://HERE/moved?key=${MOVED}'}",
    "{name: refused, url: 'http://HERE/refused?key=${QUERY}', headers: {Authorization: 'Bearer ${HEADER}'}}",
    "{name: nobody, url: 'http://${USER}:${PASS}@127.0.0.1:9/?key=${QUERY}'}",
    "{name: broken, kind: json_api, url: 'http://HERE/broken?key=${QUERY}', items: items, fields: {title: t}}",
)


def world(room: Room) -> None:
    here = room.web.url.removeprefix("http://")
    room.write(*(one.replace("HERE", here).replace(", source_is: x", "") for one in SOURCES))
    answers: dict[str, Callable[[Received], Answer]] = {
        **dict.fromkeys(["/rss", "/gone", f"/unnamed/{SECRETS['PATH_KEY']}"], feed),
        "/api": api,
        **dict.fromkeys(["/text", "/page", "/item", f"/{SECRETS['PATH_KEY']}/list", "/home"], page),
        "/opml": opml,
        **dict.fromkeys(["/index.xml", "/map.xml"], sitemap),
        "/moved": moved,
        **dict.fromkeys(["/refused"], refusing),
        "/broken": refusing_json,
    }
    room.web.answers.update(answers)


def refusing_json(asked: Received) -> Answer:
    return Answer(headers=[("Content-Type", "application/json")], body=json.dumps(repeated(asked)).encode())


def told(room: Room) -> dict[str, str]:
    """Run every command in every mode; return what each of them said."""
    commands: list[tuple[str, ...]] = [
        ("check",), ("check", "--json"), ("check", "--online"), ("check", "--online", "-v"),
        ("check", "--online", "--json"), ("plan",), ("refresh", "--force", "-v"), ("refresh", "--force", "--json"),
        ("refresh", "-v"), ("plan", "--json"), ("status",), ("status", "-v"), ("status", "--json"),
        ("entries",), ("entries", "--json"),
        ("publish", "-v"),
        ("sources", "list"), ("sources", "list", "--json"), ("sources", "export"), ("sources", "export", "out.opml"),
        *(("preview", name, *how) for name in ("rss", "api", "list", "opml", "map", "home", "broken")
          for how in (("-v",), ("--json",))),
        ("preview", "nobody"), ("refresh", "no such source"), ("takedown", "no such entry"), ("prune",),
        ("backup", "backup.db"),
    ]  # fmt: skip
    said = {}
    for argv in commands:
        ended = room.run(*argv)
        said[" ".join(argv)] = ended.out + ended.err
    for entry in room.entries():
        for how in ((), ("--json",)):
            ended = room.run("explain", entry["id"], *how)
            said[f"explain {entry['title']} {how}"] = ended.out + ended.err
    return said


def found(places: dict[str, bytes]) -> list[str]:
    """Return where which secret stands."""
    cores = {name: core(value).encode() for name, value in SECRETS.items()}
    packed = base64.b64encode(unquote(f"{SECRETS['USER']}:{SECRETS['PASS']}").encode())
    packed_header = base64.b64encode(SECRETS["HEADER"].encode())[2:-4]
    return [
        f"{name} in {place}: {body[max(0, body.lower().find(mark.lower()) - 200) :][:300]!r}"
        for place, body in places.items()
        for name, mark in [*cores.items(), ("basic", packed), ("packed", packed_header)]
        if mark in (body.lower() if name in cores else body)
    ]


@pytest.fixture
def swept(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    world(room)
    return room


def test_no_secret_is_told_kept_or_published_whatever_servers_repeat(swept: Room) -> None:
    said = {command: text.encode() for command, text in told(swept).items()}
    files = {path.name: path.read_bytes() for path in Path(swept.folder).rglob("*") if path.is_file()}

    assert len(swept.entries()) > 8
    assert {"aggregator.db", "backup.db", "all.atom", "out.opml"} <= files.keys()
    assert found(said) == []
    assert found(files) == []


@pytest.mark.parametrize(
    "source",
    [
        "{url: 'http://a.example/', headers: {X-Key: '${WRONG}'}}",
        "{url: 'http://a.example/?key=${WRONG}'}",
        "{url: 'http://${WRONG}/'}",
        "{url: 'http://a.example/', every: '${WRONG}'}",
        "{url: 'http://a.example/', exclude: {title: '(${WRONG}'}}",
        "{url: 'http://a.example/', title: 'about ${WRONG}'}",
        "{url: 'http://a.example/', category: ['${WRONG}']}",
        "{kind: html_list, url: 'http://a.example/', items: 'li[${WRONG}', fields: {title: a}}",
    ],
)
def test_a_secret_that_does_not_fit_is_told_by_its_name(
    room: Room, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("WRONG", "[c0re wrong\n1")
    room.write(source)

    for how in ((), ("--json",)):
        ended = room.run("check", *how)
        assert ended.status == 2
        assert "c0re" not in ended.out + ended.err
