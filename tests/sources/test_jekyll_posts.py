import json
import time
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


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5"])
def test_post_in_another_encoding_is_read(encoding):
    text = post("title: 早春的消息", "這是一個很好的消息，我們在這裡說了很多的話，大家都知道。")
    entry = read_one(text.encode(encoding, "ignore"))

    assert (value(entry, "title") or "").startswith("早春的")


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
        ("permalink: /:title/\nslug: z", "/z/"),
        ("permalink: pretty", "/pretty"),
    ],
)
def test_address_is_made_of_site_and_permalink_where_the_text_has_none(head, path):
    source = replace(SOURCE, fields=(("site", (Const(text="https://a.example/"),)),))

    assert read_one(post(head), "2022-02-25-x-y.md", source).url == f"https://a.example{path}"


@pytest.mark.parametrize("asked", ["year", "i_day", "long_month", "short_day", "long_day"])
def test_address_that_asks_for_a_date_is_none_where_a_post_has_no_date(asked):
    source = replace(SOURCE, fields=(("site", (Const(text="https://a.example/"),)),))

    assert read_one(post(f"permalink: /:{asked}/:title/"), "x-y.md", source).url is None


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
    assert "<p>t</p>" in html
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


def liquid(body: str, head: str = "title: 早春") -> tuple[str, tuple[str, ...]]:
    reading = read(
        ("_config.yml", "url: https://a.example\nbaseurl: /blog\ntitle: 消息\nowner: {name: Ann}\n"),
        ("_posts/2022-01-01-other.md", post("title: other\npermalink: /o/")),
        ("_posts/2022-01-02-this.md", post(head, body)),
    )
    return value(reading.entries[-1], "content") or "", reading.warnings


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("{{ site.title }}, {{site.owner.name}}", "<p>消息, Ann</p>"),
        ("{{ page.title | upcase }} {{- page.url }}", "<p>早春/2022/01/02/this.html</p>"),
        ("[a]({{ site.url }}{{ site.baseurl }}/b)", '<p><a href="https://a.example/blog/b">a</a></p>'),
        ("[a]({{ '/b' | relative_url }})", '<p><a href="/blog/b">a</a></p>'),
        ("[a]({{ 'b' | absolute_url }})", '<p><a href="https://a.example/blog/b">a</a></p>'),
        ('{{ "X & y" | prepend: "a " | append: " z" | escape | downcase }}!', "<p>a x &amp; y z!</p>"),
        ("{{ page.nothing | default: 'none' }}", "<p>none</p>"),
        ("[a]({% post_url 2022-01-01-other %})", '<p><a href="/blog/o/">a</a></p>'),
        ("[a]({% link _posts/2022-01-01-other.md %})", '<p><a href="/blog/o/">a</a></p>'),
        ("[a]({% link files/b.pdf %})", '<p><a href="/blog/files/b.pdf">a</a></p>'),
        ("{% raw %}{{ x }} {% y %}{% endraw %}", "<p>{{ x }} {% y %}</p>"),
        ("a{% comment %} never {{ x }} {% endcomment %}b", "<p>ab</p>"),
        ("{% highlight js linenos %}\na < *b*;\n\nc\n{% endhighlight %}", None),
        ("{% assign a = 1 %}{% capture b %}c{% endcapture %}", "<p>c</p>"),
        ("{% gist ann/12 %}", '<p><a href="https://gist.github.com/ann/12">https://gist.github.com/ann/12</a></p>'),
        ("{ { not liquid } } {% nor this", "<p>{ { not liquid } } {% nor this</p>"),
    ],
)
def test_liquid_that_can_be_known_without_the_site_is_filled_in(body, html):
    found, warnings = liquid(body)

    assert found == (html or '<pre><code class="language-js">a &lt; *b*;\n\nc</code></pre>')
    assert warnings == ()


def test_liquid_that_cannot_be_run_is_taken_out_and_named():
    html, warnings = liquid(
        "a {% include x.html %}b {{ site.unknown }}c {{ 'x' | markdownify }}d {% if page.x %}e{% else %}f{% endif %}"
    )

    assert html == "<p>a b c d ef</p>"
    assert warnings == tuple(
        f"Liquid {tag} is not run and is left out: _posts/2022-01-02-this.md"
        for tag in ("{% include %}", "{{ site.unknown }}", "{{ 'x' | markdownify }}", "{% if %}")
    )


def test_liquid_is_left_alone_where_the_post_says_so():
    assert liquid("{{ x }} {% y %}", "render_with_liquid: false") == ("<p>{{ x }} {% y %}</p>", ())


def test_many_posts_with_one_tag_are_one_warning():
    reading = read(*((f"2022-01-0{number}-a.md", post(body="{% include x %}")) for number in range(1, 8)))

    (warning,) = reading.warnings
    assert warning.endswith("2022-01-04-a.md, 2022-01-05-a.md and 2 more")


@pytest.mark.parametrize(("name", "shown"), [("2022-01-01-a.textile", "<p>h1. *a* &lt; b</p>\n<p>c</p>")])
def test_textile_is_shown_as_written_and_said_so(name, shown):
    reading = read((name, post("title: t", "h1. *a* < b\n\nc")))

    assert value(reading.entries[0], "content") == shown
    assert reading.warnings == (f"{name}: Textile is not read; its text is shown as it is written",)


def test_text_of_half_a_million_characters_is_shown_unformatted():
    reading = read(("2022-01-01-a.md", post(body="*a* " * 130_000)))

    assert (value(reading.entries[0], "content") or "").startswith("<p>*a* *a*")
    assert "too many to format" in reading.warnings[0]


@pytest.mark.parametrize(
    "piece",
    [
        "{% ",
        "{{ ",
        "{% raw %}",
        "<p>\n",
        "<div>\n\n",
        "a|b ",
        "**中",
        "$$",
        "[^1]: x\n\n",
        "{::comment}\n\n",
        "![",
        "{: ",
    ],
)
def test_hostile_text_takes_no_more_than_seconds(piece):
    started = time.process_time()
    read_one(post(body=piece * (30_000 // len(piece))))

    assert time.process_time() - started < 10


def test_a_post_that_is_too_deep_for_remove_fails_no_other():
    reading = read(("2022-02-25-a.md", post(body="<div>\n\n" * 2_000)), ("2022-02-26-b.md", post(body="b")))

    assert len(reading.entries) == 2
    assert any("2022-02-25-a.md" in warning and "`remove`" in warning for warning in reading.warnings)


# --- the site ---------------------------------------------------------------------------------------


def site(config: str, *files: tuple[str, str], source: Source | None = None) -> Reading:
    plain = Source(name="site", kind="jekyll_posts", path="/site")
    return read(("_config.yml", config), *files, source=source or plain)


def instants(reading: Reading, timezone: str = "UTC") -> list[str]:
    found = [read_date(entry.published or "", timezone=timezone, now=NOW) for entry in reading.entries]
    return [when.isoformat() if when else "none" for when in found]


@pytest.mark.parametrize(
    ("style", "path"),
    [
        ("date", "/a%20b/2022/02/25/x.html"),
        ("pretty", "/a%20b/2022/02/25/x/"),
        ("ordinal", "/a%20b/2022/056/x.html"),
        ("weekdate", "/a%20b/2022/W08/Fri/x.html"),
        ("none", "/a%20b/x.html"),
        ("/:slugified_categories/:short_month-:i_day/:name", "/a-b/Feb-25/x"),
        ("/news/:short_year/:long_month/:y_day:output_ext", "/news/22/February/056.html"),
    ],
)
def test_permalink_style_of_the_site_gives_addresses(style, path):
    config = f"url: https://a.example\npermalink: {style}"
    reading = site(config, ("_posts/2022-02-25-x.md", post("categories: [A b]")))

    assert reading.entries[0].url == f"https://a.example{path}"


def test_collection_of_posts_may_have_a_permalink_of_its_own():
    config = "url: https://a.example\npermalink: pretty\ncollections: {posts: {permalink: /p/:title}}"

    assert site(config, ("_posts/2022-02-25-x.md", post())).entries[0].url == "https://a.example/p/x"


def test_timezone_of_the_site_counts_unless_feeds_yaml_gives_the_source_one():
    config = "timezone: America/New_York\nurl: https://a.example"
    files = ("_posts/2022-02-25-x.md", post("date: 2022-02-25 23:00")), ("_posts/2022-02-26-y.md", post())
    own = replace(SOURCE, path="/site", has_timezone=True)

    assert instants(site(config, *files)) == ["2022-02-26T04:00:00+00:00", "2022-02-26T05:00:00+00:00"]
    assert site(config, *files).entries[0].url == "https://a.example/2022/02/25/x.html"
    assert instants(site(config, *files, source=own), "Asia/Shanghai") == [
        "2022-02-25T15:00:00+00:00",
        "2022-02-25T16:00:00+00:00",
    ]


def test_timezone_that_nobody_knows_is_told():
    reading = site("timezone: Mars/Olympus", ("_posts/2022-02-25-x.md", post()))

    assert instants(reading) == ["2022-02-25T00:00:00+00:00"]
    assert "Mars/Olympus" in reading.warnings[0]


def test_defaults_of_the_site_fill_in_what_posts_do_not_say():
    config = """\
defaults:
  - {scope: {path: ""}, values: {author: Ann, lang: de}}
  - {scope: {path: "news", type: posts}, values: {author: Bo, categories: [c]}}
  - {scope: {path: "", type: pages}, values: {author: Nobody}}
  - {scope: {path: "*/_posts/2022-*"}, values: {image: /i.png}}
"""
    one, two = site(
        config, ("_posts/2022-01-01-a.md", post()), ("news/_posts/2022-01-02-b.md", post("lang: fr"))
    ).entries

    assert ([person.name for person in one.authors], one.language, one.image) == (["Ann"], "de", None)
    assert ([person.name for person in two.authors], two.language, two.image) == (["Bo"], "fr", "/i.png")
    assert two.categories == ("news", "c")


def test_broken_settings_are_a_warning_and_posts_are_read():
    reading = site("title: [", ("_posts/2022-01-01-a.md", post()))

    assert len(reading.entries) == 1
    assert reading.warnings[0].startswith("_config.yml:1: not YAML")


def test_post_dated_in_the_future_waits_for_its_date():
    files = ("_posts/2022-05-31-a.md", post("title: a")), ("_posts/2022-06-02-b.md", post("title: b"))
    reading = site("title: s", *files)

    assert [value(entry, "title") for entry in reading.entries] == ["a"]
    assert not reading.is_whole
    assert reading.warnings[0].startswith("_posts/2022-06-02-b.md: dated in the future")
    shown = site("future: true", *files)
    assert (len(shown.entries), shown.is_whole, shown.warnings) == (2, True, ())


@pytest.mark.parametrize(
    ("config", "date", "is_held"),
    [
        ("title: s", "2022-06-01 13:00", False),  # in Auckland that has long been
        ("title: s", "2022-06-01 15:00", True),
        ("title: s", "2022-06-01 01:00 +0000", True),
        ("timezone: UTC", "2022-06-01 01:00", True),
        ("timezone: Asia/Shanghai", "2022-06-01 01:00", False),
    ],
)
def test_date_is_in_the_future_for_certain_only_where_its_zone_is_known(config, date, is_held):
    assert site(config, ("_posts/2022-01-01-a.md", post(f"date: {date}"))).is_whole is not is_held


@pytest.mark.parametrize(
    ("name", "config", "path", "categories"),
    [
        ("docs/_config.yml", "title: s", "docs/_posts/2022-01-01-a.md", ()),
        ("docs/_config.yml", "title: s", "docs/news/_posts/2022-01-01-a.md", ("news",)),
        ("_config.yml", "source: ./src", "src/news/_posts/2022-01-01-a.md", ("news",)),
        ("_config.yml", "collections_dir: all", "all/_posts/2022-01-01-a.md", ()),
        ("_config.yml", "title: s", "docs/_posts/2022-01-01-a.md", ("docs",)),
    ],
)
def test_folder_that_the_site_stands_in_is_no_category(name, config, path, categories):
    reading = read((name, f"{config}\nurl: https://a.example"), (path, post()))

    assert reading.entries[0].categories == categories
    assert reading.info.url == "https://a.example/"


def test_folder_that_is_itself_posts_is_one_of_its_site():
    config = "defaults: [{scope: {path: _posts}, values: {author: Ann}}]"

    (entry,) = read(("_config.yml", config), ("2022-01-01-a.md", post()), source=replace(SOURCE, path="/site")).entries

    assert [person.name for person in entry.authors] == ["Ann"]


# --- title and excerpt ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2022-01-01-early-spring.md", "Early Spring"),
        ("2022-01-01-早春.md", "早春"),
        ("2022-01-01-2022010112.md", None),
    ],
)
def test_post_without_title_is_called_as_its_file(name, title):
    assert value(read_one(post("layout: post"), name), "title") == title


def test_post_without_front_matter_is_one_where_its_name_has_a_date():
    reading = read(("2022-01-01-early-spring.md", "*text*"), ("README.md", "# Read me"))

    assert [value(entry, "title") for entry in reading.entries] == ["Early Spring"]
    assert value(reading.entries[0], "content") == "<p><em>text</em></p>"
    assert "README.md" in reading.warnings[0]


@pytest.mark.parametrize(
    ("head", "body", "excerpt"),
    [
        ("title: t", "one\n*two*\n\nthree", "<p>one\n<em>two</em></p>"),
        ("title: t", "\n\none\n\ntwo", "<p>one</p>"),
        ("title: t", "one [a][b]\n\ntwo\n\n[b]: /c\n[d]: /e", '<p>one <a href="/c">a</a></p>'),
        ("excerpt_separator: <!--more-->", "one\n\ntwo\n<!--more-->\nthree", "<p>one</p>\n<p>two</p>"),
        ("excerpt: told", "one\n\ntwo", "told"),
        ("description: told", "one\n\ntwo", "told"),
        ("title: t", "{% highlight c %}\na\n\nb\n{% endhighlight %}", '<pre><code class="language-c">a</code></pre>'),
    ],
)
def test_summary_is_the_excerpt(head, body, excerpt):
    assert value(read_one(post(head, body)), "summary") == excerpt


def test_excerpt_separator_of_the_site_counts_where_a_post_has_none():
    reading = site("excerpt_separator: <!--more-->", ("_posts/2022-01-01-a.md", post(body="a\n\nb <!--more-->\n\nc")))

    assert value(reading.entries[0], "summary") == "<p>a</p>\n<p>b</p>"


@pytest.mark.parametrize("word", ["false", "no", "off", "False", '"false"'])
def test_published_is_read_as_yaml_of_ruby_reads_it(word):
    reading = read(("2022-01-01-a.md", post(f"published: {word}")), ("2022-01-02-b.md", post("title: b")))

    assert [entry.file for entry in reading.entries] == ["2022-01-02-b.md"]


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


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("a: &b one\nc: &b two\ntitle: *b", "two"),
        ("title: a\ntitle: b", "b"),
        ("title: |\n  two\n  lines", "two\nlines"),
        ("title: >-\n  two\n  lines", "two lines"),
        ('title: "早\\u6625"', "早春"),
        ("title: 'it''s'", "it's"),
        ("base: &b {title: c}\n<<: *b", "c"),
        ("base: &b {title: c}\ntitle: own\n<<: *b", "own"),
        ("one: &a {title: c}\ntwo: &b {title: d}\n<<: [*a, *b]", "c"),
        ("? title\n: d", "d"),
        ("# comment\ntitle: e # comment", "e"),
        ("title: !!str 012", "012"),
        ("title: 1_000", "1_000"),
    ],
)
def test_yaml_of_every_shape_is_read(head, title):
    assert value(read_one(post(head)), "title") == title


def test_file_without_front_matter_is_left_out_by_name():
    reading = read(("README.md", "# Read me"), ("2022-01-02-b.md", post("title: b")))

    assert len(reading.entries) == 1
    assert "README.md" in reading.warnings[0]


def test_folder_without_posts_is_an_error_that_says_what_counts():
    with pytest.raises(ReadError, match=r"none of 1 files is a \.md or \.html file"):
        read(("notes.txt", "x"))
