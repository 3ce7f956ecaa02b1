"""The seed site in all its forms: its posts, its pages, its API and its feed are one set of articles."""

import html
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator import identity
from tests.corpora import corpus
from tests.fakes import FakeSite, World

HOME = "https://finews.withounder.com"
API = "https://news.example.org/webapi"
FORMS = ("posts", "old", "pages", "api", "feed")
MEDIA = {"jilinribao": "吉林日报", "cailianshe": "财联社", "shanghaizhengquanbao": "上海证券报"}
PATTERNS = r"""patterns: {infoCode: ['\b(?:NW)?(\d{18})\b']}"""


@cache
def jekyll(name: str) -> Any:
    return json.loads(corpus("finews", "jekyll-expected", name).read_text())


def web() -> FakeSite:
    """The site as a browser gets it: a list per category, a page per post, the API and the feed."""
    site = FakeSite()
    posts = {post["path"]: post for post in jekyll("posts.json")}
    for category, paths in jekyll("categories.json").items():
        site.put(f"{HOME}/category/{category}.html", list_page([posts[path] for path in paths]))
    for post in posts.values():
        site.put(HOME + post["url"], article_page(post))
    for kind in ("nodeList", "record", "records"):
        site.put(f"{API}/{kind}", corpus("finews", "api", f"list-{kind}.json").read_bytes())
    for path in corpus("finews", "api", "articles").iterdir():
        site.put(f"{API}/text?id={path.stem}", path.read_bytes())
    site.put(f"{HOME}/feed.xml", corpus("finews", "jekyll-expected", "feed.xml").read_bytes())
    return site


def list_page(posts: Iterable[Mapping[str, Any]]) -> str:
    lines = "".join(f'<li><a href="{post["url"]}">{html.escape(post["title"])}</a></li>' for post in posts)
    return f'<!doctype html><html lang="zh-CN"><body><h1>金融消息</h1><section><ul>{lines}</ul></section></body>'


def article_page(post: Mapping[str, Any]) -> str:
    shown = datetime.fromisoformat(post["date"]).astimezone(ZoneInfo("Asia/Shanghai"))
    return (
        f'<!doctype html><html lang="zh-CN"><body><section><h1>{html.escape(post["title"])}</h1>'
        f"<small>{shown:%Y-%m-%d %H:%M:%S}</small>{post['content']}</section></body>"
    )


def feeds_yaml(identity_rules: str) -> str:
    pages = "\n".join(
        f"""
        - name: pages-{category}
          kind: html_list
          url: {HOME}/category/{category}.html
          category: {MEDIA.get(category, category)}
          items: section ul li
          fields: {{title: a, url: a@href}}
          article:
            published: section > small
            content: section
            remove: [section > small, section > h1, "a:-soup-contains('返回')"]"""
        for category in jekyll("categories.json")
    )
    return f"""
      site: {{title: 金融消息, url: "https://feeds.example.org/", language: zh-CN, timezone: Asia/Shanghai}}
      identity:
        parameters: [infoCode]
        {identity_rules}
      categories:
        吉林日报: {{title: 吉林日报新闻}}
      sources:
        - name: posts
          kind: jekyll_posts
          path: {corpus("finews", "_posts")}
          entry_categories: true
          remove: ["a:-soup-contains('返回')"]
        - {{name: old, kind: jekyll_posts, path: {corpus("finews", "old_post")}, entry_categories: true}}
        {pages}
        - name: api-nodes
          kind: json_api
          url: {API}/nodeList
          items: nodeList
          fields:
            id: infocode
            title: title
            published: showtime
            category: from
            url: "http://finews.zning.xyz/html_News/NewsShare.html?infoCode={{infocode}}"
          article: {{url: "{API}/text?id={{infocode}}", as: json, content: [content, text]}}
        - name: api-record
          kind: json_api
          url: {API}/record
          items: record
          fields:
            id: infoCode
            title: title
            published: datetime
            category: medianame
            url: "http://finews.zning.xyz/html_News/NewsShare.html?infoCode={{infoCode}}"
          article: {{url: "{API}/text?id={{infoCode}}", as: json, content: [content, text]}}
        - name: api-records
          kind: json_api
          url: {API}/records
          items: records
          category: emnews
          fields: {{id: infoCode, title: title, published: showtime, summary: digest, url: url_w}}
        - {{name: feed, url: "{HOME}/feed.xml", category: []}}
    """


def names_of(form: str, world: World) -> list[str]:
    return [source.name for source in world.config.sources if source.name.partition("-")[0] == form]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, feeds_yaml(PATTERNS), web()) as made:
        yield made


@pytest.fixture
def world_without_patterns(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, feeds_yaml(""), web()) as made:
        yield made


def digits(text: str) -> set[str]:
    return set(re.findall(r"\d{18}", text))


def articles(world: World) -> list[set[str]]:
    """Return the numbers that each entry's copies bear in their addresses and ids."""
    return [
        set().union(*(digits(f"{copy[1]} {copy[2]}") for copy in entry.copies)) or {entry.title or ""}
        for entry in world.entries
    ]


# --- the posts -----------------------------------------------------------------------------------


def test_thirteen_posts_are_ten_articles_of_which_three_are_there_twice(world: World) -> None:
    world.refresh("posts")

    assert sorted(len(entry.copies) for entry in world.entries) == [1] * 7 + [2] * 3
    twice = {frozenset(found) for entry in world.entries if len(entry.copies) == 2 for found in [digits(str(entry))]}
    assert {number for numbers in twice for number in numbers} == {
        "202205262391921712",
        "202204212352230938",
        "202204212352227421",
    }


def test_without_the_pattern_the_pairs_stay_apart(world_without_patterns: World) -> None:
    world_without_patterns.refresh("posts")

    assert len(world_without_patterns.entries) == 13


def test_every_date_is_right_to_the_second_in_shanghai_also_without_an_offset(world: World) -> None:
    world.refresh("posts")

    shanghai = ZoneInfo("Asia/Shanghai")
    shown = {entry.title: f"{entry.published.astimezone(shanghai):%F %T}" for entry in world.entries if entry.published}
    front_matter = {}
    for path in corpus("finews", "_posts").iterdir():
        title, date = re.search(r'^title: "(.*)"$\n^date: *([\d-]* ?[\d:]*)', path.read_text(), re.MULTILINE).groups()  # type: ignore[union-attr]
        if title:
            front_matter[title] = date.strip()
    assert len(shown) == 10
    assert shown == front_matter


def test_a_date_that_is_only_an_offset_is_no_date_and_said_so(world: World) -> None:
    (report,) = world.refresh("posts").reports

    assert [warning for warning in report.warnings if "+0800" in warning]


def test_a_category_by_its_slug_and_one_by_its_name_are_one(world: World) -> None:
    world.refresh("posts", "api-record")

    entry = world.entry("松原市推进招商引资和项目建设纪实")
    assert {copy[0] for copy in entry.copies} == {"posts", "api-record"}
    assert entry.categories == ("jilinribao",)
    shelves = {shelf.slug: shelf for shelf in world.store.shelves()}
    assert shelves["jilinribao"].title == "吉林日报新闻"
    assert not [slug for slug in shelves if slug.startswith("jilinribao-")]


def test_the_source_line_is_the_author(world: World) -> None:
    world.refresh("posts")

    authors = {person.name for entry in world.full() for person in entry.content.authors}
    assert authors >= {"吉林日报", "财联社", "央视新闻客户端", "上海证券报"}


def test_back_links_go_by_the_sources_own_remove(world: World) -> None:
    world.refresh("posts")

    texts = [entry.content.html or "" for entry in world.full()]
    assert len(texts) == 10
    assert not [text for text in texts if "返回" in text]


def test_relative_and_scheme_less_links_become_absolute(tmp_path: Path) -> None:
    kept = feeds_yaml(PATTERNS).replace("""remove: ["a:-soup-contains('返回')"]""", "remove: []", 1)
    with World(tmp_path, kept, web()) as world:
        world.refresh("posts")

        links = {link for entry in world.full() for link in re.findall(r'href="([^"]*)"', entry.content.html or "")}
    assert f"{HOME}/category/jilinribao.html" in links
    assert f"{HOME}/emnews/" in links
    assert [link for link in links if not link.startswith(("http://", "https://"))] == []


# --- all forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(("posts", "pages", "api", "feed"))), ids="-".join)
def test_one_article_is_one_entry_whatever_the_form_and_order_in_which_it_comes(
    world: World, order: tuple[str, ...]
) -> None:
    for form in order:
        world.refresh(*names_of(form, world))
    world.refresh("old")

    assert len(world.entries) == 10
    numbers = articles(world)
    assert all(len(found) <= 1 for found in numbers), "two articles became one"
    assert len(set().union(*numbers)) == 10


@pytest.mark.parametrize("order", [FORMS, FORMS[::-1], ("api", "pages", "feed", "old", "posts")], ids="-".join)
def test_without_patterns_parameter_and_address_make_one_entry_of_each_article(
    world_without_patterns: World, order: tuple[str, ...]
) -> None:
    world = world_without_patterns
    for form in order:
        world.refresh(*names_of(form, world))

    numbers = articles(world)
    assert all(len(found) <= 1 for found in numbers), "two articles became one"
    # The post without a date has nothing but its text in common with the article that it is.
    (alone,) = [entry for entry in world.entries if entry.url is None and len(entry.copies) == 1]
    assert alone.copies[0][0] == "posts"
    assert len(world.entries) == 11


@pytest.mark.parametrize("order", [FORMS, FORMS[::-1], ("api", "pages", "feed", "old", "posts")], ids="-".join)
def test_the_first_publish_says_the_same_dates_and_categories_whatever_form_came_first(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    with World(tmp_path, feeds_yaml(PATTERNS), web()) as world:
        for form in order:
            world.refresh(*names_of(form, world))
        told = {(entry.title, entry.published, frozenset(entry.categories)) for entry in world.entries}

    front_matter = {post["title"]: datetime.fromisoformat(post["date"]) for post in jekyll("posts.json")}
    media = {post["title"]: set(post["categories"]) for post in jekyll("posts.json")}
    assert len(told) == 10
    for title, published, categories in told:
        assert title is not None
        assert published is not None
        if title in front_matter and front_matter[title].year == 2022:  # Jekyll shows those without an offset late
            assert published == front_matter[title]
        assert categories >= media[title]


def test_ids_are_the_same_whatever_the_store_was_called_and_when_it_was_born(tmp_path: Path) -> None:
    ids = []
    for name in ("one", "other"):
        site = web()
        site.clock.turn(days=len(ids))
        with World(tmp_path / name, feeds_yaml(PATTERNS), site) as world:
            world.refresh("posts")
            ids.append({entry.id for entry in world.entries})
    assert ids[0] == ids[1]
    assert all(identity.is_iri(one) for one in ids[0])


def test_a_second_round_over_all_forms_finds_nothing_new(world: World) -> None:
    world.refresh()
    world.publish()
    tree = world.tree()
    world.clock.turn(hours=1)

    again = world.refresh()
    published = world.publish()

    assert (again.new_ids, again.updated_ids, again.duplicates) == (set(), set(), 0)
    assert {report.outcome for report in again.reports} == {"unchanged"}
    assert published.written == ()
    assert world.tree() == tree


def test_the_api_says_the_time_of_shanghai(world: World) -> None:
    world.refresh("api-record")

    assert world.entry("松原市推进招商引资和项目建设纪实").published == datetime(2022, 2, 25, 1, 40, 28, tzinfo=UTC)
