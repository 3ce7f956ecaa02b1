from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import Const, Document, FieldRule, Paging, RawEntry, Reading, Source
from aggregator.sources import html_list

NOW = datetime(2022, 6, 1, tzinfo=UTC)
URL = "https://news.example.org/category/jilin.html"
SOURCE = Source(
    name="吉林日报",
    kind="html_list",
    url=URL,
    timezone="Asia/Shanghai",
    items="section ul li",
    fields=(("title", ("a",)), ("url", ("a@href",))),
)
CATEGORY_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>吉林日报新闻 | 金融消息</title></head>
<body><div class="wrapper"><header><ul><li><a href="/">首页</a></li></ul></header>
<section><h1>吉林日报新闻</h1>
<ul>
<li>2022-02-25 <a href="/jilinribao/2022/02/25/NW202202252288940718.html">松原市推进招商引资和项目建设纪实</a></li>
<li>2022-02-24 <a href="/jilinribao/2022/02/24/NW202202242287400001.html">早春的<em>寒风</em></a></li>
</ul></section></div></body></html>"""


def read(page: str | bytes, source: Source = SOURCE, url: str = URL, requested: str | None = None) -> Reading:
    body = page if isinstance(page, bytes) else page.encode()
    document = Document(url=url, requested_url=requested or source.url or "", body=body, fetched_at=NOW)
    return html_list.read(document, source, now=NOW)


def with_fields(items: str = "li", **fields: str | FieldRule) -> Source:
    rules = tuple((name, rule if isinstance(rule, tuple) else (rule,)) for name, rule in fields.items())
    return replace(SOURCE, items=items, fields=rules)


def read_item(item: str, **fields: str | FieldRule) -> RawEntry:
    return read(f"<ul><li>{item}</li></ul>", with_fields(**fields)).entries[0]


def titles(reading: Reading) -> list[str | None]:
    return [entry.title and entry.title.value for entry in reading.entries]


def test_category_page_of_the_seed_site_is_read_with_its_selectors():
    source = replace(SOURCE, fields=(*SOURCE.fields, ("published", ("",))))

    reading = read(CATEGORY_PAGE, source)

    assert titles(reading) == ["松原市推进招商引资和项目建设纪实", "早春的寒风"]
    assert reading.entries[0].url == "/jilinribao/2022/02/25/NW202202252288940718.html"
    assert reading.entries[0].base == URL
    assert (reading.entries[0].published or "").startswith("2022-02-25")
    assert (reading.info.title, reading.info.language) == ("吉林日报新闻 | 金融消息", "zh-CN")
    assert reading.warnings == ()


# --- fields ------------------------------------------------------------------------------------------


def test_first_match_with_a_text_counts():
    assert read_item("<a href='/1'><img></a><a href='/1'>two</a>", title="a", url="a@href").title.value == "two"  # type: ignore[union-attr]


def test_url_and_image_need_no_attribute():
    entry = read_item("<a class=l href='/1'>x</a><img src='/1.png'>", url=".l", image="img", title="a")

    assert (entry.url, entry.image) == ("/1", "/1.png")


@pytest.mark.parametrize(
    "image",
    [
        "<img src='data:image/gif;base64,R0' data-src='/1.png'>",
        "<img data-original='/1.png'>",
        "<img src='/blank.gif' data-lazy-src='/1.png'>",
        "<img src='static/none.gif' file='/1.png'>",
        "<img srcset='/small.png 320w, /1.png 1024w'>",
        "<img src='data:,' data-srcset='/1.png 1x, /huge.png 2x'>",
        "<img src='/spacer.gif' width=1 height=1><img src='/1.png'>",
        "<img src='https://stats.wp.com/g.gif'><img src='/1.png'>",
        "<img src='/dot.jpg' width=1 height=1><noscript><img src='/1.png'></noscript>",
        "<img class=lazy src='/grey-box-of-the-theme.jpg'><noscript><img src='/1.png'></noscript>",
        "<picture><source srcset='/1.png 800w' type=image/webp><img src='data:,'></picture>",
        "<video><source src='/film.mp4'></video><img src='/1.png'>",
        "<i style='color: red; background-image: url(&quot;/1.png&quot;)'></i>",
        "<i style='background:#fff url(/1.png) no-repeat'></i>",
    ],
)
def test_image_is_the_one_that_a_reader_sees_once_scripts_have_run(image):
    assert read_item(f"<a href='/1'>x</a><span>{image}</span>", title="a", image="span").image == "/1.png"


@pytest.mark.parametrize("image", ["<img src='/spacer.gif'>", "<img src='/x.gif' width=1 height=1>", "<img>", ""])
def test_place_holder_is_no_image(image):
    assert read_item(f"<a href='/1'>x</a><span>{image}</span>", title="a", image="span").image is None


@pytest.mark.parametrize(
    ("element", "url"),
    [
        ("<h3 class=u><a href='/1'>one</a></h3>", "/1"),
        ("<i class=u>https://a.example/1</i>", "https://a.example/1"),
        ("<i class=u>/1.html</i>", "/1.html"),
        ("<a class=u>one and two</a>", None),
        ("<a class=u href=''>one</a>", None),
    ],
)
def test_url_is_the_link_that_an_element_is_or_holds_or_spells_out(element, url):
    assert read_item(f"<b>x</b>{element}", title="b", url=".u").url == url


def test_item_itself_may_be_the_link():
    source = with_fields(items="ul a", title="a", url="@href", infoCode="@data-id")

    (entry,) = read("<ul><a href='/1' data-id='NW1'>one</a></ul>", source).entries

    assert (entry.title and entry.title.value, entry.url) == ("one", "/1")
    assert ("infoCode", "NW1") in entry.fields


def test_at_sign_within_a_selector_is_no_attribute():
    entry = read_item("<a href='/@ann/1'>one</a>", title='a[href*="/@ann"]', url='a[href*="/@ann"]@href')

    assert entry.url == "/@ann/1"


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ("<i>hot</i><i>2022-02-25 09:40</i>", "2022-02-25 09:40"),
        ("<i>12 comments</i><i><time datetime='2022-02-25T09:40:28+08:00'>Friday</time></i>", None),
        ("<time datetime='2022-02-25T09:40:28+08:00'>on Friday</time>", "2022-02-25T09:40:28+08:00"),
        ("<i title='2022-02-25'>soon</i>", "2022-02-25"),
    ],
)
def test_date_is_the_first_match_that_holds_one(dates, published):
    entry = read_item(f"<a href='/1'>x</a>{dates}", title="a", published="i, time")

    assert entry.published == (published or "2022-02-25T09:40:28+08:00")


def test_date_behind_more_words_than_a_date_has_is_found():
    long = "长" * 300

    entry = read_item(f"<a href='/1'>x</a><p>发布时间：2022-02-25 09:40 {long}</p>", title="a", published="p")

    assert entry.published == "2022-02-25T01:40:00+00:00"


def test_text_that_is_no_date_stays_as_written_and_is_reported_when_no_item_has_one():
    reading = read("<ul><li><a href='/1'>x</a><i>soon</i></li></ul>", with_fields(title="a", published="i"))

    assert reading.entries[0].published == "soon"
    assert reading.warnings == ("fields.published: 'i' gives no date but 'soon' in any of 1 entries",)


def test_template_is_made_of_other_fields_and_selectors():
    entry = read_item(
        "<a data-id='a b'>x</a>", id="a@data-id", title="a", url="https://a.example/{id}?t={a}", summary="{title}!"
    )

    assert entry.url == "https://a.example/a%20b?t=x"
    assert entry.summary is not None
    assert entry.summary.value == "x!"


def test_first_alternative_that_yields_counts():
    fields: FieldRule = ("b@title", "{nothing}", "a@title", Const(text="none"))

    assert read_item("<a href='/1' title='whole'>wh…</a>", title=fields).title.value == "whole"  # type: ignore[union-attr]
    assert read_item("<a href='/1'>wh…</a>", title=fields).title.value == "none"  # type: ignore[union-attr]


def test_visible_text_joins_words_as_a_reader_sees_them():
    item = "<a href='/1'>早<b>春</b>\n 的<br>寒<div>风</div>吹<script>x()</script><!-- y --></a>"

    assert read_item(item, title="a").title.value == "早春 的 寒 风 吹"  # type: ignore[union-attr]


def test_content_is_html_without_what_is_removed_and_other_fields_are_read_before():
    source = replace(
        with_fields(title="h2", content="div", author="small"), remove=("small", "a:-soup-contains('返回')")
    )
    item = "<h2>t</h2><div><p>a <b>b</b></p><p><a>返回</a>｜<a>返回首页</a></p><small>Ann</small></div>"

    (entry,) = read(f"<ul><li>{item}</li></ul>", source).entries

    assert entry.content is not None
    assert (entry.content.value, entry.content.type, entry.content.base) == ("<p>a <b>b</b></p>", "html", URL)
    assert entry.authors[0].name == "Ann"


def test_base_of_the_page_is_where_its_links_start():
    page = "<head><base href='/other/'></head><ul><li><a href='1'>x</a></ul>"

    assert read(page, with_fields(title="a")).entries[0].base == "https://news.example.org/other/"


def test_link_is_another_word_for_url():
    assert read_item("<a href='/1'>x</a><b data-u='/2'></b>", link="b@data-u").url == "/2"


# --- what is wrong -----------------------------------------------------------------------------------


def test_selector_that_matches_nothing_tells_how_far_it_goes():
    with pytest.raises(ReadError) as caught:
        read("<section><p><a href='/1'>x</a></p></section><section></section>")

    for told in (
        "no element matches 'section ul li'",
        "'section' matches 2",
        "'section ul' none",
        "aggregator preview",
    ):
        assert told in str(caught.value)
    assert caught.value.url == URL


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ("div.row", "'div' matches 1, 'div.row' none"),
        ("div > p:not(.x, .y) a[href*=' > ']", "'div' matches 1, 'div > p:not(.x, .y)' none"),
        ("ul li, div b", "'ul' none, 'div' matches 1, 'div b' none"),
    ],
)
def test_each_part_of_a_selector_is_counted(items, told):
    with pytest.raises(ReadError, match=r"no element matches") as caught:
        read("<div><a href='/1'>x</a></div>", replace(SOURCE, items=items))

    assert told in str(caught.value)


def test_page_without_any_link_is_suspected_of_scripts():
    with pytest.raises(ReadError, match="a script in the browser"):
        read("<div id=app></div>")


def test_elements_without_an_entry_tell_which_field_yields_nothing():
    with pytest.raises(ReadError) as caught:
        read("<ul><li><b>x</b></li><li></li></ul>", with_fields(title="h3", url="a@href"))

    for told in ("'li' matches 2 elements", "fields.title: 'h3' gives nothing", "fields.url: 'a@href' gives nothing"):
        assert told in str(caught.value)


def test_item_without_link_or_title_is_named_and_kept_or_left_out():
    page = "<ul><li><a href='/1'>one</a></li><li><a>two</a></li><li>advertisement</li></ul>"

    reading = read(page, with_fields(title="a", url="a@href"))

    assert titles(reading) == ["one", "two"]
    assert reading.warnings == (
        "item 2 ('two') has no url",
        "item 3 ('advertisement') has neither url, title nor text: left out",
    )


@pytest.mark.parametrize(
    "href", ["javascript:void(0)", "JavaScript:;", "#", "#!", "mailto:a@b.example", "tel:123", "weixin://x"]
)
def test_link_that_leads_nowhere_is_none_and_the_next_one_counts(href):
    page = f"<ul><li><a href='{href}'>one</a></li><li><a href='{href}'></a><a href='/2'>two</a></li></ul>"

    reading = read(page, with_fields(title="a", url="a@href"))

    assert [entry.url for entry in reading.entries] == [None, "/2"]
    assert reading.warnings == ("item 1 ('one') has no url",)


def test_link_to_a_place_in_the_page_or_with_a_port_is_one():
    page = "<ul><li><a href='#v2'>two</a></li><li><a href='news.example.org:8080/a'>b</a></li></ul>"

    assert [entry.url for entry in read(page, with_fields(title="a", url="a@href")).entries] == [
        "#v2",
        "news.example.org:8080/a",
    ]


def test_many_items_without_link_are_counted_rather_than_named():
    page = "<ul><li><a href='/1'>one</a></li>" + "<li><a>x</a></li>" * 50 + "</ul>"

    reading = read(page, with_fields(title="a", url="a@href"))

    assert len(reading.warnings) == 6
    assert reading.warnings[-1] == "45 more items have no url or title"


def test_feed_in_place_of_a_page_says_to_read_it_as_one():
    with pytest.raises(ReadError, match="kind: feed"):
        read('<?xml version="1.0"?><rss version="2.0"><channel/></rss>')


@pytest.mark.parametrize("selector", ["li:nope(", "a[", ">>"])
def test_selector_that_is_none_is_an_error_that_names_its_field(selector):
    with pytest.raises(ReadError, match=r"items: .* is not a selector"):
        read(CATEGORY_PAGE, replace(SOURCE, items=selector))
    with pytest.raises(ReadError, match=r"fields\.title: .* is not a selector"):
        read("<ul><li>x</ul>", with_fields(title=selector))


# --- asking ------------------------------------------------------------------------------------------


def test_list_page_is_a_page_that_the_operator_named():
    asked = html_list.request(replace(SOURCE, robots=False))

    assert (asked.url, asked.is_trusted, asked.is_page, asked.robots) == (URL, True, True, False)


@pytest.mark.parametrize(
    ("rule", "url"),
    [
        ("a.next@href", "https://news.example.org/category/2.html"),
        ("a.next", "https://news.example.org/category/2.html"),
        ("/list?page={page}", "https://news.example.org/list?page=2"),
        ("/list?after={a.next@data-id}", "https://news.example.org/list?after=x"),
    ],
)
def test_next_page_is_asked(rule, url):
    source = replace(SOURCE, next=Paging(url=rule, pages=3))
    page = CATEGORY_PAGE + "<a class=next href='2.html' data-id='x'>more</a>"

    (asked,) = read(page, source).requests

    assert (asked.url, asked.is_page, asked.is_trusted) == (url, True, False)
    assert asked.trusted_origin == "https://news.example.org"


@pytest.mark.parametrize("itself", ["#top", "?", "/category/jilin.html#2", "javascript:void(0)", ""])
def test_link_that_leads_nowhere_else_ends_the_list(itself):
    source = replace(SOURCE, items="li", next=Paging(url="a.next", pages=9))

    assert read(f"<ul><li><a href=/1>x</a></ul><a class=next href='{itself}'>next</a>", source).requests == ()


def test_page_that_names_itself_as_next_ends_the_list():
    source = replace(SOURCE, next=Paging(url="a.next", pages=3))

    assert read(CATEGORY_PAGE + f"<a class=next href='{URL}'>more</a>", source).requests == ()


def test_following_page_without_items_is_the_end_and_no_error():
    source = replace(SOURCE, next=Paging(url="/list?page={page}", pages=9))

    reading = read("<p>nothing more</p>", source, requested="https://news.example.org/list?page=7")

    assert (reading.entries, reading.requests) == ((), ())


def test_page_under_a_wrong_label_is_read_and_told():
    page = CATEGORY_PAGE.encode("gbk")

    reading = read(page)

    assert titles(reading)[0] == "松原市推进招商引资和项目建设纪实"
    assert reading.warnings == ("encoding: it is labelled utf-8, but its bytes are gb18030: read as that",)
