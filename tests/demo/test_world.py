import asyncio
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin

import feedparser
import httpx
import pytest
from bs4 import BeautifulSoup
from ruamel.yaml import YAML

from aggregator import config
from aggregator.demo import EXPECTED, EXPECTED_AT_THE_END, World, feeds_yaml
from aggregator.demo.articles import LATER, START
from aggregator.demo.documents import SHANGHAI
from aggregator.outputs import formats
from aggregator.serve import serve
from aggregator.sources import kinds

BASE = "http://127.0.0.1:8123"
STARTED = datetime(2026, 11, 23, 19, 30, 5, 250_000, UTC)
LATEST = STARTED + timedelta(hours=1)

SETTINGS = YAML(typ="safe").load(feeds_yaml(BASE))
SOURCES = {source["name"]: source for source in SETTINGS["sources"]}
CODE = re.compile(SETTINGS["identity"]["patterns"]["infoCode"][0])


def ask(world: World, url: str, headers: dict[str, str] | None = None) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url=BASE) as client:
            return await client.get(url, headers=headers)

    return asyncio.run(send())


def grown() -> World:
    world = World(BASE, STARTED)
    minutes = itertools.count(1)
    while world.grow(STARTED + timedelta(minutes=next(minutes))):
        pass
    return world


def rows(world: World, name: str) -> list[dict[str, str | None]]:
    """What feeds.yaml's selectors and keys find at a source, as title, url and id."""
    source = SOURCES[name]
    answer = ask(world, source["url"])
    assert answer.status_code == 200
    if source.get("kind") == "html_list":
        elements = BeautifulSoup(answer.text, "lxml").select(source["items"])
        links = [element.select_one(source["fields"]["title"]) for element in elements]
        return [{"title": a.text, "url": urljoin(source["url"], a["href"]), "id": None} for a in links]
    if source.get("kind") == "json_api":
        fields = source["fields"]
        return [
            {
                "title": row[fields["title"]],
                "url": fields["url"].replace("{infocode}", row["infocode"]),
                "id": row[fields["id"]],
                "category": row[fields["category"]],
            }
            for row in answer.json()[source["items"]]
        ]
    if source["url"].endswith(".json"):
        return [{"title": row["title"], "url": row.get("url"), "id": row["id"]} for row in answer.json()["items"]]
    found = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert not found.bozo
    assert found.feed.title == name
    assert found.feed.get("id") or found.version == "rss20"
    return [{"title": row.title, "url": row.link, "id": row.id} for row in found.entries]


def key(row: dict[str, str | None]) -> str:
    """What names the article: its digits, else its address as it is compared, else its id."""
    digits = CODE.search(row["url"] or "")
    if digits:
        return digits.group(1)
    if row["url"]:
        return re.sub(r"^https?://(www\.)?|[?#].*$|/$", "", re.sub(r"[?#].*$", "", row["url"]))
    return row["id"]


@pytest.mark.parametrize(("make", "expected"), [(lambda: World(BASE, STARTED), EXPECTED), (grown, EXPECTED_AT_THE_END)])
def test_world_holds_what_it_says_before_and_after_merging(make: Callable[[], World], expected):
    world = make()
    found = {name: rows(world, name) for name in SOURCES}

    assert {name: len(entries) for name, entries in found.items()} == expected.copies
    titles = {name: [entry["title"] for entry in entries] for name, entries in found.items()}
    assert len(set(itertools.chain(*titles.values()))) == expected.entries
    assert sum(expected.copies.values()) - sum(expected.merged.values()) == expected.entries
    own = {entry["id"]: key(entry) for entry in found["The Tide Table"]}
    named = Counter()
    for name, entries in found.items():
        for entry in entries:
            known = own.get(entry["id"]) if name == "Lantern Digest" else None
            named[known or key(entry), entry["title"]] += 1
    assert len(named) == len({name for name, _ in named}) == expected.entries  # one name, one title


@pytest.mark.parametrize(("make", "expected"), [(lambda: World(BASE, STARTED), EXPECTED), (grown, EXPECTED_AT_THE_END)])
def test_copies_are_recognised_in_every_way_that_is_promised(make: Callable[[], World], expected):
    world = make()
    page, api = rows(world, "春江日报"), rows(world, "江海通讯")
    rolling, lantern, tides = rows(world, "河湾滚动"), rows(world, "Lantern Digest"), rows(world, "The Tide Table")
    numbered = {key(entry) for entry in page + api}
    ways = Counter(
        parameter=len({key(entry) for entry in page} & {key(entry) for entry in api})
        + sum("infocode=" in entry["url"].lower() for entry in rolling),
        pattern=sum("/news/1350," in entry["url"] and key(entry) in numbered for entry in rolling),
        url=len({key(entry) for entry in lantern if entry["url"]} & {key(entry) for entry in tides}),
        guid=len({entry["id"] for entry in lantern if not entry["url"]} & {entry["id"] for entry in tides}),
    )

    assert ways == expected.merged
    assert not {entry["url"] for entry in lantern} & {entry["url"] for entry in tides}  # no address twice as written


@pytest.mark.parametrize(("make", "expected"), [(lambda: World(BASE, STARTED), EXPECTED), (grown, EXPECTED_AT_THE_END)])
def test_categories_hold_as_many_entries_as_promised(make: Callable[[], World], expected):
    world = make()
    found: dict[str, set[str]] = {}
    for name, source in SOURCES.items():
        for entry in rows(world, name):
            mapped = "category" in source.get("fields", {})
            found.setdefault(entry["category"] if mapped else source["category"], set()).add(entry["title"])

    assert {name: len(titles) for name, titles in found.items()} == expected.categories


def test_article_pages_have_what_the_selectors_ask_for_and_nothing_else_is_left():
    world = grown()
    rule = SOURCES["春江日报"]["article"]
    by_title = {article.title: article for article in START + LATER}
    for entry in rows(world, "春江日报"):
        assert entry["url"].startswith(BASE)
        page = BeautifulSoup(ask(world, entry["url"]).text, "lxml")
        clock = page.select_one(rule["published"]).text
        when = datetime.strptime(clock, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
        assert STARTED - timedelta(days=1) < when < LATEST
        section = page.select_one(rule["content"])
        assert section.select_one("p > a:-soup-contains('返回')") is not None
        for selector in rule["remove"]:
            gone = page.select(selector)
            assert gone, selector
            for element in gone:
                element.decompose()
        article = by_title[entry["title"]]
        texts = [paragraph.text for paragraph in section.select("p")]
        assert texts[:-2] == list(article.paragraphs)
        assert texts[-2] == "（文章来源：春江日报）"
        last = section.select("a")[-1]
        assert last.text == last["href"]
        assert re.fullmatch(r"https://[\w.]+\.example/NewsShare\.html\?infoCode=NW\d{18}", last["href"])
        assert key({"url": last["href"], "id": None}) == key(entry)


def test_api_gives_the_text_of_each_of_its_records_and_shanghai_time():
    world = grown()
    rule = SOURCES["江海通讯"]["article"]
    for record in ask(world, SOURCES["江海通讯"]["url"]).json()["nodeList"]:
        text = ask(world, rule["url"].replace("{infocode}", record["infocode"])).json()[rule["content"]]
        assert text.startswith("<p>")
        assert text.endswith(f"（文章来源：{record['from']}）</p>")
        assert re.fullmatch(r"NW\d{18}", record["infocode"])
        when = datetime.fromisoformat(record["showtime"])
        assert when.tzinfo is None
        assert STARTED - timedelta(days=1) < when.replace(tzinfo=SHANGHAI) < LATEST


def test_copies_of_one_article_bear_one_time():
    world = grown()
    times: dict[str, set[datetime]] = {}
    for name in ("河湾滚动", "The Tide Table"):
        for entry in feedparser.parse(ask(world, SOURCES[name]["url"]).content).entries:
            times.setdefault(entry.title, set()).add(datetime(*entry.published_parsed[:6], tzinfo=UTC))
    for item in ask(world, SOURCES["Lantern Digest"]["url"]).json()["items"]:
        times.setdefault(item["title"], set()).add(datetime.fromisoformat(item["date_published"]))
    for record in ask(world, SOURCES["江海通讯"]["url"]).json()["nodeList"]:
        when = datetime.fromisoformat(record["showtime"]).replace(tzinfo=SHANGHAI)
        times.setdefault(record["title"], set()).add(when.astimezone(UTC))

    assert all(len(whens) == 1 for whens in times.values())
    assert all(STARTED - timedelta(days=1) < when < LATEST for whens in times.values() for when in whens)


def test_what_the_digest_retells_has_no_text_of_its_own():
    whole = {article.title: article.paragraphs for article in START + LATER}
    for item in ask(grown(), SOURCES["Lantern Digest"]["url"]).json()["items"]:
        assert "content_html" in item or item["content_text"] in whole[item["title"]]


@pytest.mark.parametrize("name", SOURCES)
def test_source_that_did_not_change_answers_304_and_a_grown_one_200(name: str):
    world = World(BASE, STARTED)
    url = SOURCES[name]["url"]
    first = ask(world, url)

    assert ask(world, url, {"If-None-Match": first.headers["etag"]}).status_code == 304
    dated = ask(world, url, {"If-Modified-Since": first.headers["last-modified"]})
    assert (dated.status_code, dated.content) == (304, b"")
    assert parsedate_to_datetime(first.headers["last-modified"]) < STARTED
    while world.grow(LATEST):
        pass
    assert ask(world, url, {"If-None-Match": first.headers["etag"]}).status_code == 200
    assert ask(world, url, {"If-Modified-Since": first.headers["last-modified"]}).status_code == 200


def test_each_growth_is_one_article_in_just_the_places_it_says():
    world = World(BASE, STARTED)
    place = {"page": "春江日报", "api": "江海通讯", "rolling": "河湾滚动", "tides": "The Tide Table"}
    place["lantern"] = "Lantern Digest"
    before = {name: rows(world, name) for name in SOURCES}
    for expected in LATER:
        article = world.grow(LATEST)
        assert article is expected
        after = {name: rows(world, name) for name in SOURCES}
        for short, name in place.items():
            new = [entry["title"] for entry in after[name] if entry not in before[name]]
            assert new == ([article.title] if short in article.places else [])
            assert all(entry in after[name] for entry in before[name])
        before = after
    assert world.grow(LATEST) is None


def test_same_start_gives_the_same_bytes():
    for source in SOURCES.values():
        assert ask(World(BASE, STARTED), source["url"]).content == ask(World(BASE, STARTED), source["url"]).content


@pytest.mark.parametrize("path", ["/nothing", "/jilin/chunjiang/NW1.html", "/api/text/../list.json/x", "/jilin/", "//"])
def test_there_is_nothing_at_other_addresses(path: str):
    world = World(BASE, STARTED)
    assert ask(world, BASE + path).status_code == (200 if path == "//" else 404)


def test_front_page_leads_to_every_source_and_robots_may_read_all():
    world = World(BASE, STARTED)
    links = {BASE + a["href"] for a in BeautifulSoup(ask(world, "/").text, "lxml").select("li a")}

    assert links == {source["url"] for source in SOURCES.values()}
    assert ask(world, "/robots.txt").text == "User-agent: *\nAllow: /\n"


def test_feeds_yaml_is_right(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    path.write_text(feeds_yaml(BASE + "/"), encoding="utf-8")

    loaded = config.load(path, kinds=kinds(), formats=formats(), environ={})

    assert [source.name for source in loaded.sources] == list(EXPECTED.copies)
    assert all(source.url.startswith(f"{BASE}/") for source in loaded.sources)
    assert "world.example" not in path.read_text("utf-8")


def test_handles_codes_and_titles_are_unique():
    articles = START + LATER
    assert len({article.name for article in articles}) == len({article.title for article in articles}) == len(articles)
    assert all(article.age_hours for article in START)
    assert all(article.age_hours is None for article in LATER)


def test_world_is_served_on_a_socket():
    async def main() -> int:
        stop = asyncio.Event()
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        world = World(BASE, STARTED)
        task = asyncio.create_task(serve(world.app, "127.0.0.1:0", on_ready=ready.set_result, stop=stop))
        async with httpx.AsyncClient(base_url=await ready) as client:
            answer = await client.get("/lantern/feed.json")
            head = await client.head("/lantern/feed.json")
        stop.set()
        await task
        assert head.headers["content-length"] == str(len(answer.content))
        return len(json.loads(answer.content)["items"])

    assert asyncio.run(main()) == EXPECTED.copies["Lantern Digest"]
