"""What Jekyll 4.3 makes of posts of our own (recorded in ``tests/data/sources/jekyll_posts``), and what we do."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from aggregator.model import Document, File, RawEntry, Source
from aggregator.sources import feed, jekyll_posts
from aggregator.text.dates import read_date
from tests.corpora import corpus

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SOURCE = Source(name="lab", kind="jekyll_posts", path="/lab")
DATA = Path(__file__).parent.parent / "data" / "sources" / "jekyll_posts"
CONFIG = """\
title: lab
url: https://lab.example
baseurl: /blog
timezone: Asia/Shanghai
defaults:
  - scope: {path: "", type: posts}
    values: {author: Def, tags: [dt]}
  - scope: {path: news}
    values: {category: fromdef}
"""

# Where we read a text otherwise than kramdown does, and why.
OTHER_TEXTS = {
    "toc": "a table of contents is left out where kramdown makes one",
    "tables": "GFM parts a cell at a bar in code",
    "tables2": "the foot of a table is a row like others",
    "autolinkempty": "an empty link is nothing: the seed site writes one where it has no address",
    "hl": "Jekyll adds numbers of lines, which are no text",
    "nested": "a box to tick stays as it is written, for a feed reader shows none",
    "task": "a box to tick stays as it is written, for a feed reader shows none",
    "defl2": "of two terms with one definition the parser makes a paragraph",
    "unclosedp": "a paragraph of HTML that is never closed ends at the empty line",
    "mdattr": "kramdown shows the closing tag of the section, which we read as one",
    "htmlinline": "what follows a comment on its line belongs to it in CommonMark",
    "angle": "an address of mail in angles is a link with that text",
    "smart2": "<<x>> holds a tag of HTML",
    "fencei": "words behind the language of a code block, and a block that is never closed",
    "setext": "kramdown underlines no heading behind a paragraph",
}
OTHER_EXCERPTS = {
    "autolinkempty": "as its text",
    "angle": "as its text",
    "smart2": "as its text",
    "fencei": "as its text",
    "setext": "as its text",
    "task": "as its text",
}
# Where we read the head of a post otherwise: (path, field) -> why.
OTHER_HEADS = {
    ("_posts/2022-01-07-blank-before.md", "title"): "an empty line before the front matter is an oversight",
    ("_posts/2022-01-15-cat-nums.md", "categories"): "Jekyll has each once as a number and once as a text",
    ("_posts/2022-01-15-cat-nums.md", "tags"): "Jekyll takes no number for a tag",
    ("_posts/2022-01-12-cat-both.md", "tags"): "Jekyll forgets `tags` where there is a `tag`",
    ("_posts/2022-01-23-bool-title.md", "title"): "a title `no` is a word",
    ("_posts/2022-01-24-num-title.md", "title"): "012 is written in feeds as it stands there",
    ("_posts/2022-02-01-d1.md", "date"): "Jekyll takes a date without an offset for UTC",
    ("_posts/2022-02-08-d8.md", "date"): "CST is China's time on a site in China",
    ("_posts/2022-02-17-textile.textile", "url"): "without a reader of Textile Jekyll copies the file",
}
UNREAD = {
    "_posts/2022-01-27-pubstr.md": '`published: "false"` is meant as it says, in quotes or not',
    "_posts/2022-02-16-txt.txt": "a text file is no post",
    "_posts/2022-02-22-notclosed.md": "front matter that is never closed is a mistake, which is told",
}


def recorded(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def read(*files: tuple[str, str], config: str = CONFIG) -> dict[str, RawEntry]:
    made = [File(path=path, body=text.encode()) for path, text in (("_config.yml", config), *files)]
    document = Document(url="/lab", requested_url="/lab", files=tuple(made), fetched_at=NOW)
    return {entry.file or "": entry for entry in jekyll_posts.read(document, SOURCE, now=NOW).entries}


def visible(html: str | None) -> str:
    return "".join(BeautifulSoup(html or "", "lxml").get_text().split())


TEXTS = recorded("texts.json")


@pytest.fixture(scope="module")
def texts() -> dict[str, RawEntry]:
    return read(*((f"_posts/2022-01-01-{one['name']}.md", f"---\ntitle: x\n---\n{one['text']}") for one in TEXTS))


@pytest.mark.parametrize("one", TEXTS, ids=lambda one: one["name"])
@pytest.mark.parametrize(("part", "field", "others"), [("html", "content", OTHER_TEXTS), ("excerpt", "summary", None)])
def test_text_and_excerpt_say_what_jekyll_makes_of_them(texts, one, part, field, others):
    entry = texts[f"2022-01-01-{one['name']}.md"]
    told = getattr(entry, field)

    is_same = visible(told and told.value) == visible(one[part])

    assert is_same is (one["name"] not in (OTHER_EXCERPTS if others is None else others))


def test_every_quote_opens_or_closes_as_kramdown_has_it():
    rows = recorded("quotes.json")
    body = "\n\n".join(text for text, _ in rows)
    html = read(("_posts/2022-01-01-q.md", f"---\ntitle: q\n---\n{body}\n"))["2022-01-01-q.md"].content

    shown = [p.get_text() for p in BeautifulSoup(html.value if html else "", "lxml").find_all("p")]
    assert len(rows) == 1250
    assert [text.split() for text in shown] == [text.split() for _, text in rows]


@pytest.fixture(scope="module")
def posts() -> dict[str, RawEntry]:
    return read(*((one["path"], one["text"]) for one in recorded("posts.json")))


def test_heads_say_what_jekyll_reads_in_them(posts):
    others: set[tuple[str, str]] = set()
    unread: set[str] = set()
    for one in recorded("posts.json"):
        entry = posts.get(one["path"].rsplit("/", 1)[-1])
        if entry is None:
            unread.add(one["path"])
            continue
        when = read_date(entry.published or "", timezone="UTC", now=NOW)
        told = {
            "url": (entry.base or "").removeprefix("https://lab.example/blog"),
            "title": entry.title.value if entry.title else "",
            "date": when and when.timestamp(),
            "categories": list(entry.categories),
            "tags": list(entry.tags),
        }
        expected = {**one, "date": datetime.fromisoformat(one["date"]).timestamp()}
        others |= {(one["path"], field) for field, value in told.items() if value != expected[field]}

    assert unread == set(UNREAD)
    assert others == set(OTHER_HEADS)


def seed_site() -> tuple[list[tuple[str, str]], dict[str, RawEntry]]:
    """Return the files of the seed site and what is read of them."""
    files = [
        (f"_posts/{path.name}", path.read_bytes().decode()) for path in sorted(corpus("finews", "_posts").iterdir())
    ]
    return files, read(*files, config=corpus("finews", "_config.yml").read_text("utf-8"))


def instant(text: str | None) -> datetime:
    when = read_date(text or "", timezone="UTC", now=NOW)
    assert when is not None
    return when


def test_categories_of_the_seed_site_hold_what_jekyll_files_in_them():
    _, found = seed_site()
    expected = json.loads(corpus("finews", "jekyll-expected", "categories.json").read_text("utf-8"))

    dated = sorted((one for one in found.values() if one.published), key=lambda one: instant(one.published))
    for name, paths in expected.items():
        ours = {f"_posts/{entry.file}" for entry in dated if name in entry.categories}
        assert ours == set(paths)
        # Jekyll shows the posts without an offset late; the others stand in its order.
        certain = [f"_posts/{entry.file}" for entry in reversed(dated) if name in entry.categories]
        late = {path for path in paths if path.startswith("_posts/2021")}
        assert [path for path in certain if path not in late] == [path for path in paths if path not in late]


def test_feed_that_jekyll_makes_of_the_seed_site_reads_as_its_posts_do():
    _, found = seed_site()
    body = corpus("finews", "jekyll-expected", "feed.xml").read_bytes()
    document = Document(url="https://finews.withounder.com/feed.xml", requested_url="", body=body, fetched_at=NOW)
    by_page = {entry.base: entry for entry in found.values()}

    entries = feed.read(document, Source(name="feed", url="https://finews.withounder.com/feed.xml"), now=NOW).entries

    assert len(entries) == 10
    for told in entries:
        entry = by_page[told.url]
        assert (entry.title and entry.title.value) == (told.title and told.title.value)
        assert visible(entry.content and entry.content.value) == visible(told.content and told.content.value)
        assert set(told.categories) == {*entry.categories, *entry.tags}
        if not (entry.file or "").startswith("2021"):  # those without an offset, which Jekyll shows late
            assert instant(entry.published) == instant(told.published)


def test_seed_site_reads_as_jekyll_reads_it_whole():
    files, found = seed_site()
    expected = json.loads(corpus("finews", "jekyll-expected", "posts.json").read_text("utf-8"))

    assert len(found) == len(expected) + 1  # Jekyll leaves out the one without a date in its name
    for one in expected:
        entry = found[one["path"].rsplit("/", 1)[-1]]
        told = [entry.title and entry.title.value, list(entry.categories), list(entry.tags), entry.base]
        assert told == [one["title"], one["categories"], one["tags"], f"https://finews.withounder.com{one['url']}"]
        for field, html in (("content", one["content"]), ("summary", one["excerpt"])):
            text = getattr(entry, field)
            assert visible(text and text.value) == visible(html)
        when = read_date(entry.published or "", timezone="UTC", now=NOW)
        head = next(text for path, text in files if path == one["path"]).split("---")[1]
        late = 0 if "+0800" in head else 8 * 3600  # Jekyll takes a date without an offset for UTC
        assert when is not None
        assert when.timestamp() == datetime.fromisoformat(one["date"]).timestamp() - late


# --- the facts themselves, where there is a Jekyll to ask ------------------------------------------


@pytest.mark.skipif(shutil.which("jekyll") is None, reason="needs jekyll, which is not installed here")
def test_recorded_facts_are_what_jekyll_says(tmp_path):
    said = subprocess.run(["jekyll", "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    if not said.startswith("jekyll 4.3"):
        pytest.skip(f"the facts are those of Jekyll 4.3, here is {said.strip()}")
    expected = recorded("posts.json")
    (tmp_path / "_config.yml").write_text(CONFIG)
    fields = "path", "url", "title", "categories", "tags"
    told = ",".join(f'"{field}":{{{{p.{field}|jsonify}}}}' for field in fields)
    comma = "{% unless forloop.last %},{% endunless %}"
    (tmp_path / "all.json").write_text(
        f'---\n---\n[{{% for p in site.posts %}}{{{told},"date":{{{{p.date|date_to_xmlschema|jsonify}}}}}}{comma}'
        "{% endfor %}]"
    )
    for one in expected:
        path = tmp_path / one["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one["text"].encode())

    subprocess.run(
        ["jekyll", "build", "-q", "--disable-disk-cache", "-s", str(tmp_path), "-d", str(tmp_path / "_site")],
        capture_output=True,
        check=True,
        timeout=120,
    )

    found = {one["path"]: one for one in json.loads((tmp_path / "_site" / "all.json").read_text("utf-8"))}
    for one in expected:
        assert found[one["path"]] == {key: value for key, value in one.items() if key != "text"}


def test_halves_of_characters_in_front_matter_are_joined_or_replaced():
    post = File(path="2026-01-05-x.md", body=b'---\ntitle: "\\ud83d\\ude00 \\ud83d"\nslug: "\\ude00"\n---\ntext\n')
    document = Document(url="file:///lab", requested_url="file:///lab", fetched_at=NOW, files=(post,))
    (entry,) = jekyll_posts.read(document, SOURCE, now=NOW).entries
    assert entry.title.value == "😀 \ufffd"
