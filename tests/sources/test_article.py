from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import ArticleRule, Document, Link, Person, RawEntry, RawText, Source
from aggregator.sources.parts.page.article import article_request, complete
from aggregator.text.links import closing_url

NOW = datetime(2022, 6, 1, tzinfo=UTC)
PAGE_URL = "https://news.example.org/jilinribao/2022/02/25/NW202202252288940718.html"
RULE = ArticleRule(
    content=("section",),
    fields=(("published", ("section > small",)),),
    remove=("section > small", "section > h1", "a:-soup-contains('返回')"),
)
SOURCE = Source(
    name="吉林日报",
    kind="html_list",
    url="https://news.example.org/category/jilinribao.html",
    timezone="Asia/Shanghai",
    article=RULE,
)
RAW = RawEntry(
    url="/jilinribao/2022/02/25/NW202202252288940718.html",
    base=SOURCE.url,
    title=RawText(value="松原市推进招商引资和项目建设纪实"),
    published="2022-02-25",
)
PAGE = """<html><head><title>x</title><link rel="canonical" href="/jilinribao/1.html"></head><body><section>
<h1>松原市推进招商引资</h1><small>2022-02-25 09:40:28 +0800 · 吉林日报新闻</small>
<p>早春的寒风虽然料峭。</p><p class="em_media">（文章来源：吉林日报）</p>
<p><a href="http://a.example/n?infoCode=NW1">http://a.example/n?infoCode=NW1</a></p>
<p><a href="//news.example.org/category/jilinribao.html">返回吉林日报新闻</a>｜<a href="/">返回首页</a></p>
</section></body></html>"""


def completed(
    page: str | bytes, source: Source = SOURCE, raw: RawEntry = RAW, url: str = PAGE_URL
) -> tuple[RawEntry, tuple[str, ...]]:
    body = page if isinstance(page, bytes) else page.encode()
    return complete(raw, Document(url=url, requested_url=url, body=body, fetched_at=NOW), source, now=NOW)


def with_rule(**changes: object) -> Source:
    return replace(SOURCE, article=replace(RULE, **changes))  # type: ignore[arg-type]


def content(entry: RawEntry) -> str:
    return entry.content.value if entry.content else ""


def test_article_of_the_seed_site_is_read_with_its_selectors():
    entry, warnings = completed(PAGE)

    assert warnings == ()
    assert (entry.published or "").startswith("2022-02-25 09:40:28 +0800")
    assert content(entry).startswith("<p>早春的寒风虽然料峭。</p>")
    for gone in ("返回", "｜", "<h1", "<small", "<p></p>"):
        assert gone not in content(entry)
    assert closing_url(content(entry)) == "http://a.example/n?infoCode=NW1"
    assert entry.links == (Link(url="https://news.example.org/jilinribao/1.html", rel="canonical"),)
    assert (entry.title, entry.url) == (RAW.title, RAW.url)


def test_links_back_without_a_paragraph_go_with_their_separator():
    page = "<section><p>a</p>\n<a>返回</a>｜<a>返回首页</a></section>"

    assert content(completed(page, with_rule(fields=()))[0]) == "<p>a</p>"


def test_words_between_links_stay_when_one_of_them_goes():
    page = "<section><p><a>one</a> | <a>返回</a> | <a>two</a> and <b>three</b>!</p></section>"

    assert content(completed(page, with_rule(fields=()))[0]).count("|") == 1


def test_content_is_every_outermost_match():
    page = "<div class=t>a<div class=t>b</div></div><p>no</p><div class=t>c</div>"

    assert content(completed(page, with_rule(content=(".t",), fields=()))[0]) == 'a<div class="t">b</div>\nc'


def test_content_starts_from_the_base_of_the_final_page():
    page = "<base href='/deep/'><section>x</section>"

    entry, _ = completed(page, with_rule(fields=()), url="https://other.example/1")

    assert entry.content is not None
    assert entry.content.base == "https://other.example/deep/"


def test_what_the_page_does_not_tell_stays_as_the_list_had_it():
    source = with_rule(fields=(("published", (".date",)), ("author", (".by",)), ("title", ("h1",))))
    raw = replace(RAW, authors=(Person(name="Ann"),))

    entry, warnings = completed("<section><h1>Whole title</h1><p>text</p></section>", source, raw)

    assert entry.title is not None
    assert (entry.title.value, entry.published, entry.authors) == ("Whole title", "2022-02-25", raw.authors)
    assert warnings == (
        "article.published: '.date' gives no date in any of 1 entries",
        "article.author: '.by' gives nothing in any of 1 entries",
    )


def test_page_that_holds_no_date_does_not_take_the_lists_date():
    entry, _ = completed("<section><small>soon</small><p>text</p></section>")

    assert entry.published == "2022-02-25"


def test_remove_of_the_source_cuts_too():
    source = replace(with_rule(fields=(), remove=()), remove=(".ad",))

    assert content(completed("<section><p class=ad>buy</p><p>text</p></section>", source)[0]) == "<p>text</p>"


def test_article_may_tell_fields_without_a_content():
    raw = replace(RAW, content=RawText(value="of the list"))

    entry, _ = completed(PAGE, with_rule(content=(), fields=(("image", ("img",)), ("author", (".em_media",)))), raw)

    assert (content(entry), entry.authors[0].name) == ("of the list", "（文章来源：吉林日报）")


def test_addresses_that_the_page_tells_start_from_the_page():
    source = with_rule(fields=(("image", ("img",)), ("url", ("a.perma",))))
    page = "<section><img src='1.png'><a class=perma href='2.html'>x</a></section>"

    entry, _ = completed(page, source, url="https://other.example/a/1.html")

    assert (entry.image, entry.url) == ("https://other.example/a/1.png", "https://other.example/a/2.html")


# --- JSON ---------------------------------------------------------------------------------------------

JSON = with_rule(as_="json", content=("content", "text"), fields=(("author", ("from",)),), remove=(".ad",))


def test_article_may_be_json():
    entry, _ = completed('{"content": "", "text": "<p>a</p><p class=ad>b</p>", "from": "Ann"}', JSON)

    assert (content(entry), entry.authors[0].name) == ("<p>a</p>", "Ann")
    assert entry.content is not None
    assert (entry.content.type, entry.content.base) == ("html", PAGE_URL)


def test_json_article_without_its_text_tells_what_came():
    with pytest.raises(
        ReadError, match=r"'content', 'text' gives no text; it says '404: gone'; keys that came: code, msg"
    ):
        completed('{"code": 404, "msg": "gone"}', JSON)


# --- what is wrong ------------------------------------------------------------------------------------


def test_content_that_matches_nothing_tells_how_far_it_goes():
    with pytest.raises(ReadError, match=r"'div' matches 1, 'div section' none.*compare it with content"):
        completed("<div><a href='/'>x</a></div>", with_rule(content=("div section",)))


def test_page_of_an_article_is_not_suspected_of_being_a_list_without_links():
    with pytest.raises(ReadError) as caught:
        completed("<div><p>text</p></div>")

    assert "its list" not in str(caught.value)


def test_content_with_nothing_to_show_is_told_apart():
    with pytest.raises(ReadError, match="'section' matches an element with nothing to show"):
        completed("<section><script>x()</script></section>")


def test_content_that_is_only_an_image_is_a_content():
    assert content(completed("<section><img src='1.png'></section>", with_rule(fields=()))[0]) == '<img src="1.png"/>'


# --- asking -------------------------------------------------------------------------------------------


def test_page_of_an_entry_is_asked_at_its_own_address():
    asked = article_request(RAW, SOURCE)

    assert asked is not None
    assert (asked.url, asked.is_page, asked.is_trusted) == (PAGE_URL, True, False)
    assert asked.trusted_origin == "https://news.example.org"


def test_source_without_article_and_entry_without_address_ask_nothing():
    assert article_request(RAW, replace(SOURCE, article=None)) is None
    assert article_request(replace(RAW, url=None), SOURCE) is None
    assert article_request(replace(RAW, url="javascript:x"), SOURCE) is None


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("https://api.example.org/{infocode}.json", "https://api.example.org/NW1.json"),
        ("/articles/{data.id}.json", "https://news.example.org/articles/7.json"),
        ("/articles/{mapped}", "https://news.example.org/articles/m"),
        ("/articles/{missing}", None),
    ],
)
def test_address_may_be_a_template_over_record_and_fields(template, url):
    raw = replace(RAW, record='{"infocode":"NW1","data":{"id":7}}', fields=(("mapped", "m"),))

    asked = article_request(raw, with_rule(url=template))

    assert (asked and asked.url) == url


def test_only_the_origin_that_the_template_spells_out_is_trusted():
    raw = replace(RAW, fields=(("id", "1"), ("host", "10.0.0.1")))

    spelled = article_request(raw, with_rule(url="http://10.0.0.5:81/a/{id}"))
    named = article_request(raw, with_rule(url="http://{host}/a"))

    assert spelled is not None
    assert spelled.trusted_origin == "http://10.0.0.5:81"
    assert named is not None
    assert (named.url, named.trusted_origin) == ("http://10.0.0.1/a", "https://news.example.org")


def test_headers_of_the_operator_go_to_the_sources_own_origin_only():
    source = replace(SOURCE, headers=(("cookie", "secret"),))
    own, other = article_request(RAW, source), article_request(replace(RAW, url="https://evil.example/1"), source)

    assert own is not None
    assert other is not None
    assert (own.headers, other.headers) == (source.headers, ())
