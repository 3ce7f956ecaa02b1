import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from aggregator.errors import ReadError
from aggregator.model import Const, Document, File, RawEntry, Reading, Source
from aggregator.sources import jekyll_posts
from aggregator.text.dates import read_date
from tests.corpora import corpus

NOW = datetime(2022, 6, 1, tzinfo=UTC)
SOURCE = Source(
    name="archive",
    kind="jekyll_posts",
    path="/site/_posts",
    timezone="Asia/Shanghai",
    remove=("a:-soup-contains('返回')",),
)


def read(*files: tuple[str, str | bytes], source: Source = SOURCE) -> Reading:
    made = tuple(File(path=path, body=body.encode() if isinstance(body, str) else body) for path, body in files)
    document = Document(url="/site/_posts", requested_url="/site/_posts", files=made, fetched_at=NOW)
    return jekyll_posts.read(document, source, now=NOW)


def read_one(text: str | bytes, name: str = "2022-02-25-a.md", source: Source = SOURCE) -> RawEntry:
    return read((name, text), source=source).entries[0]


def post(head: str = "title: t", body: str = "text") -> str:
    return f"---\n{head}\n---\n{body}\n"


def folder(path: Path) -> tuple[tuple[str, bytes], ...]:
    return tuple((file.name, file.read_bytes()) for file in sorted(path.iterdir()))


def visible(html: str) -> str:
    return "".join(BeautifulSoup(html, "lxml").get_text().split())


def value(entry: RawEntry, name: str) -> str | None:
    text = getattr(entry, name)
    return text.value if text else None


# --- the site this project starts from ------------------------------------------------------------


@pytest.fixture(scope="module")
def finews() -> Reading:
    return read(*folder(corpus("finews", "_posts")))


def by_file(reading: Reading) -> dict[str, RawEntry]:
    return {entry.file or "": entry for entry in reading.entries}


def test_every_post_of_the_seed_site_is_an_entry(finews):
    assert len(finews.entries) == 13


def test_seed_site_reads_as_jekyll_reads_it_but_for_its_two_mistakes():
    reading = read(*folder(corpus("finews", "_posts")), source=replace(SOURCE, remove=()))
    found = by_file(reading)
    expected = json.loads(corpus("finews", "jekyll-expected", "posts.json").read_text("utf-8"))

    assert len(expected) == 12
    for one in expected:
        entry = found[one["path"].rsplit("/", 1)[-1]]
        assert value(entry, "title") == one["title"]
        assert (list(entry.categories), list(entry.tags)) == (one["categories"], one["tags"])
        assert visible(value(entry, "content") or "") == visible(one["content"])
        when = read_date(entry.published or "", timezone="Asia/Shanghai", now=NOW)
        # Jekyll takes a date without an offset for UTC.
        written_without_offset = "+" not in (entry.published or "")
        shown = datetime.fromisoformat(one["date"]).timestamp() - (8 * 3600 if written_without_offset else 0)
        assert when is not None
        assert when.timestamp() == shown


def test_addresses_of_the_seed_site_are_those_that_jekyll_gives():
    source = replace(SOURCE, fields=(("site", (Const(text="https://finews.withounder.com"),)),))
    found = by_file(read(*folder(corpus("finews", "_posts")), source=source))
    expected = json.loads(corpus("finews", "jekyll-expected", "posts.json").read_text("utf-8"))

    for one in expected:
        if "+" in (found[one["path"].rsplit("/", 1)[-1]].published or ""):
            assert found[one["path"].rsplit("/", 1)[-1]].base == "https://finews.withounder.com" + one["url"]


def test_dates_of_the_seed_site_are_right_to_the_second_in_its_zone(finews):
    found = by_file(finews)

    def instant(name: str) -> str:
        when = read_date(found[name].published or "", timezone="Asia/Shanghai", now=NOW)
        return when.isoformat() if when else "none"

    assert instant("2021-12-01-init.md") == "2021-12-01T05:33:50+00:00"
    assert instant("2021-12-08-202112082206672930.md") == "2021-12-08T02:46:18+00:00"
    assert instant("2022-02-25-NW202202252288940718.md") == "2022-02-25T01:40:28+00:00"


def test_post_without_date_title_and_address_is_read_with_what_it_has(finews):
    entry = by_file(finews)["-202205262391921712.md"]

    assert (entry.title, entry.published, entry.url) == (None, None, None)
    assert (entry.categories, entry.tags) == (("emnews",), ("东财滚动新闻",))
    assert "霍尼韦尔" in (value(entry, "content") or "")
    assert "&lt;&gt;" not in (value(entry, "content") or "")
    assert any("-202205262391921712.md" in warning and "+0800" in warning for warning in finews.warnings)


def test_post_is_known_by_the_address_its_text_ends_with(finews):
    found = by_file(finews)

    assert found["2022-02-25-NW202202252288940718.md"].url == (
        "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202202252288940718"
    )
    assert found["2021-12-08-202112082206928461.md"].url == (
        "http://finance.eastmoney.com/news/1344,202112082206928461.html"
    )


def test_links_back_are_cut_with_their_separator_and_paragraph(finews):
    for entry in finews.entries:
        content = value(entry, "content") or ""
        assert "返回" not in content
        assert "｜" not in content
        assert not content.rstrip().endswith("<p></p>")


def test_two_states_of_a_post_differ_in_their_links_alone(finews):
    old = by_file(read(*folder(corpus("finews", "old_post"))))

    for name, entry in old.items():
        assert entry.url == by_file(finews)[name].url
        assert visible(value(entry, "content") or "") == visible(value(by_file(finews)[name], "content") or "")


def test_site_folder_tells_its_address_and_title():
    reading = read(
        ("_config.yml", corpus("finews", "_config.yml").read_bytes()),
        *((f"_posts/{name}", body) for name, body in folder(corpus("finews", "_posts"))),
        *((f"category/{name}", body) for name, body in folder(corpus("finews", "category"))),
    )

    assert (reading.info.title, reading.info.url, reading.info.language) == (
        "金融消息",
        "https://finews.withounder.com/",
        "zh-CN",
    )
    assert len(reading.entries) == 13


# --- front matter ----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_do_not_matter(end, mark):
    entry = read_one(mark + post("title: 早春", "one\n\ntwo").replace("\n", end).encode())

    assert (value(entry, "title"), value(entry, "content")) == ("早春", "<p>one</p>\n<p>two</p>")


@pytest.mark.parametrize(
    ("head", "categories"),
    [
        ("categories: a b", ("a", "b")),
        ("categories: [a b, c]", ("a b", "c")),
        ("category: a b", ("a b",)),
        ("categories:\n  - 吉林日报", ("吉林日报",)),
        ("title: none", ()),
    ],
)
def test_categories_are_words_a_list_or_one(head, categories):
    assert read_one(post(head)).categories == categories


def test_folders_above_posts_are_categories():
    assert read_one(post("categories: b"), "a/_posts/2022-02-25-x.md").categories == ("a", "b")


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        ("date: 2022-02-25 09:40:28 +0800", "x.md", "2022-02-25T01:40:28+00:00"),
        ("date: 2022-02-25T09:40:28-05:00", "x.md", "2022-02-25T14:40:28+00:00"),
        ("date: 2022-02-25 09:40:28", "x.md", "2022-02-25T01:40:28+00:00"),
        ("date: 2022-02-25", "x.md", "2022-02-24T16:00:00+00:00"),
        ("date: +0800", "2022-02-25-x.md", "2022-02-24T16:00:00+00:00"),
        ("title: none", "2022-02-25-x.md", "2022-02-24T16:00:00+00:00"),
    ],
)
def test_date_is_the_front_matters_else_that_of_the_name(head, name, expected):
    published = read_one(post(head), name).published

    when = read_date(published or "", timezone="Asia/Shanghai", now=NOW)
    assert when is not None
    assert when.isoformat() == expected


def test_values_stay_as_they_were_written():
    entry = read_one(post('title: 012\nguid: "2022-05-01"\nauthor: no\nlang: zh-CN\nexcerpt: short'))

    assert (value(entry, "title"), entry.id, entry.language) == ("012", "2022-05-01", "zh-CN")
    assert (entry.authors[0].name, value(entry, "summary")) == ("no", "short")


def test_unpublished_posts_drafts_and_hidden_files_are_left_out():
    reading = read(
        ("2022-01-01-a.md", post("title: a")),
        ("2022-01-02-b.md", post("published: false")),
        ("_drafts/c.md", post("title: c")),
        (".trash/d.md", post("title: d")),
        ("_e.md", post("title: e")),
        ("picture.png", b"\x89PNG"),
    )

    assert [value(entry, "title") for entry in reading.entries] == ["a"]
    assert reading.warnings == ()


def test_address_comes_from_the_front_matter_before_the_text():
    ending = "<https://b.example/2>"

    assert read_one(post("link: https://a.example/1", ending)).url == "https://a.example/1"
    assert read_one(post("external_url: https://a.example/1", ending)).url == "https://a.example/1"
    assert read_one(post("title: t", ending)).url == "https://b.example/2"
    assert read_one(post("title: t", "no link")).url is None


@pytest.mark.parametrize(
    ("head", "path"),
    [
        ("date: 2022-02-25 00:30:00 +0800\ncategories: A b", "/a/b/2022/02/25/x-y.html"),
        ("permalink: /:year/:i_month/:title/", "/2022/2/x-y/"),
        ("permalink: /about.html", "/about.html"),
        ("permalink: pretty\nslug: z", "/2022/02/25/z/"),
    ],
)
def test_address_is_made_of_site_and_permalink_where_the_text_has_none(head, path):
    source = replace(SOURCE, fields=(("site", (Const(text="https://a.example/"),)),))

    assert read_one(post(head), "2022-02-25-x-y.md", source).url == f"https://a.example{path}"


def test_feeds_yaml_may_map_the_front_matter_otherwise():
    source = replace(SOURCE, fields=(("category", ("tags",)), ("url", ("/n/{code}",)), ("infoCode", ("code",))))

    entry = read_one(post("categories: jilin\ntags: 吉林日报\ncode: NW1"), source=source)

    assert (entry.categories, entry.url) == (("吉林日报",), "/n/NW1")
    assert ("infoCode", "NW1") in entry.fields
    assert ("code", "NW1") in entry.fields


# --- text -------------------------------------------------------------------------------------------


def test_text_is_markdown_with_raw_html_tables_and_without_liquid():
    body = (
        "> digest\n\n<p style='x'>a</p> <b>c</b>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n{% include x.html %}"
        "{% comment %} never {% endcomment %}{{ page.title }}\n{: .note}\n\n<>\n"
    )

    html = value(read_one(post(body=body)), "content") or ""

    assert "<blockquote>\n<p>digest</p>" in html
    assert "<p style='x'>a</p> <b>c</b>" in html
    assert "<td>1</td>" in html
    assert "{{ page.title }}" in html
    for gone in ("include", "never", ".note", "&lt;&gt;"):
        assert gone not in html


def test_html_post_is_not_taken_for_markdown():
    assert value(read_one(post(body="<p>*a*</p>\n\n    <p>b</p>"), "2022-01-01-a.html"), "content") == (
        "<p>*a*</p>\n\n    <p>b</p>"
    )


def test_one_file_is_read_as_a_post():
    document = Document(
        url="/site/_posts/2022-02-25-x.md", requested_url="", body=post("title: a").encode(), fetched_at=NOW
    )

    entry = jekyll_posts.read(document, SOURCE, now=NOW).entries[0]

    assert (entry.file, entry.published) == ("2022-02-25-x.md", "2022-02-25")


# --- what is wrong with them ------------------------------------------------------------------------


def test_broken_front_matter_leaves_out_that_post_and_names_file_and_line():
    reading = read(
        ("2022-01-01-a.md", '---\ntitle: "a"\nlayout: post\ntags: "他说"好""\n---\ntext'),
        ("2022-01-02-b.md", post("title: b")),
    )

    assert [value(entry, "title") for entry in reading.entries] == ["b"]
    assert reading.warnings[0].startswith("2022-01-01-a.md:4: ")
    assert "quotes" in reading.warnings[0]


@pytest.mark.parametrize("head", ["a: [", "a: b: c", "- a\n- b", "\ttitle: x", "a: " + "[" * 5000 + "]" * 5000])
def test_broken_front_matter_of_the_only_post_is_an_error(head):
    with pytest.raises(ReadError, match=r"2022-02-25-a\.md:\d+: "):
        read_one(post(head))


def test_file_without_front_matter_is_left_out_by_name():
    reading = read(("README.md", "# Read me"), ("2022-01-02-b.md", post("title: b")))

    assert len(reading.entries) == 1
    assert "README.md" in reading.warnings[0]


def test_folder_without_posts_is_an_error_that_says_what_counts():
    with pytest.raises(ReadError, match=r"none of 1 files is a \.md or \.html file"):
        read(("notes.txt", "x"))
