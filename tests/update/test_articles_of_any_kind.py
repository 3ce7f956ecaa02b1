"""``article`` with selectors or paths, on whatever kind of source."""

import json
from pathlib import Path

import pytest

from tests.fakes import FakeSite, World, item, rss

SITE = "https://a.example"
TEXT = "The whole text of the article, which its list does not have, in a sentence of some length."
KINDS = {
    "feed": "kind: feed, url: https://a.example/list",
    "html_list": (
        "kind: html_list, url: https://a.example/list, items: li, fields: {title: a, url: a@href, id: a@data-id}"
    ),
    "json_api": "kind: json_api, url: https://a.example/list, items: list, fields: {title: t, url: u, id: id}",
    "jekyll_posts": "kind: jekyll_posts, path: _posts, fields: {id: id}",
}
LISTS = {
    "feed": rss(item("早春", f"{SITE}/n/7.html", guid="7"), link=SITE),
    "html_list": '<html><body><ul><li><a data-id="7" href="/n/7.html">早春</a></li></ul></body></html>',
    "json_api": json.dumps({"list": [{"t": "早春", "u": "/n/7.html", "id": "7"}]}),
}
POST = f"---\ntitle: 早春\nid: 7\nlink: {SITE}/n/7.html\ndate: 2026-01-01 00:00:00 +0000\n---\n"
PAGE = f"""<html><body><nav>menu</nav><article><h1>早春</h1><time>2026-02-03 04:05 +0000</time>
<p class="by">Ann Author</p><div class="text"><p>{TEXT}</p><p class="ad">buy</p></div></article></body></html>"""
ANSWER = {
    "data": {"title": "早春", "by": "Ann Author", "at": 1770091500, "html": f"<p>{TEXT}</p><p class='ad'>buy</p>"}
}

SELECTORS = "{content: .text, published: time, author: .by, remove: [.ad]}"
PATHS = (
    "{url: 'https://a.example/api?id={id}', as: json, content: data.html, published: data.at, author: data.by, "
    "remove: [.ad]}"
)


def refreshed(tmp_path: Path, kind: str, article: str, site: FakeSite) -> World:
    if kind == "jekyll_posts":
        (tmp_path / "_posts").mkdir()
        (tmp_path / "_posts" / "2026-01-01-a.md").write_text(POST, encoding="utf-8")
    else:
        site.put(f"{SITE}/list", LISTS[kind], headers={"content-type": "text/html"} if kind == "html_list" else {})
    world = World(tmp_path, f"sources:\n  - {{name: s, {KINDS[kind]}, article: {article}}}\n", site)
    with world:
        (report,) = world.refresh().reports
        assert (report.outcome, report.warnings) == ("fetched", ())
        entry = world.full_entry("早春")
        assert entry.content.html == f"<p>{TEXT}</p>"
        assert entry.content.published is not None
        assert entry.content.published.isoformat() == "2026-02-03T04:05:00+00:00"
        assert [person.name for person in entry.content.authors] == ["Ann Author"]
        assert entry.content.url == f"{SITE}/n/7.html"
        assert (world.refresh().updated_ids, world.refresh().new_ids) == (set(), set())
    return world


@pytest.mark.parametrize("kind", KINDS)
def test_selectors_read_the_page_of_an_entry_of_any_kind(tmp_path, kind):
    site = FakeSite()
    site.put(f"{SITE}/n/7.html", PAGE, headers={"content-type": "text/html"})

    refreshed(tmp_path, kind, SELECTORS, site)

    assert site.asked.count(f"{SITE}/n/7.html") == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body", [json.dumps(ANSWER), f"cb({json.dumps(ANSWER)})", f"<script>var a = {json.dumps(ANSWER)};</script>"]
)
def test_paths_read_the_answer_about_an_entry_of_any_kind(tmp_path, kind, body):
    site = FakeSite()
    site.put(f"{SITE}/api?id=7", body)

    refreshed(tmp_path, kind, PATHS, site)

    assert site.asked.count(f"{SITE}/api?id=7") == 1


def test_headers_of_a_source_go_to_its_articles_on_its_own_origin_alone(tmp_path):
    site = FakeSite()
    site.put(f"{SITE}/list", json.dumps([{"t": "a", "u": f"{SITE}/1"}, {"t": "b", "u": "https://b.example/2"}]))
    for url in (f"{SITE}/1", "https://b.example/2"):
        site.put(url, PAGE)
    text = f"""
    sources:
      - name: s
        kind: json_api
        url: {SITE}/list
        items: "@"
        fields: {{title: t, url: u}}
        headers: {{authorization: "Bearer ${{KEY}}"}}
        article: {{content: .text}}
    """

    with World(tmp_path, text, site, environ={"KEY": "k3y-of-ours"}) as world:
        (report,) = world.refresh().reports

    sent = {request.url: dict(request.headers) for request in site.requests}
    assert report.outcome == "fetched"
    assert sent == {
        f"{SITE}/list": {"authorization": "Bearer k3y-of-ours"},
        f"{SITE}/1": {"authorization": "Bearer k3y-of-ours"},
        "https://b.example/2": {},
    }
