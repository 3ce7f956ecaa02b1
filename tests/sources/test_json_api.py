import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.errors import ReadError
from aggregator.model import ArticleRule, Const, Document, Paging, RawEntry, Reading, Source
from aggregator.sources import json_api
from aggregator.sources.parts.page.article import article_request, complete
from aggregator.text.dates import read_date
from tests.corpora import corpus

NOW = datetime(2022, 6, 1, tzinfo=UTC)
URL = "https://news.example.org/api/list?type=45"
SHARE = "https://news.example.org/NewsShare.html?infoCode={infocode}"
SOURCE = Source(
    name="要闻",
    kind="json_api",
    url=URL,
    timezone="Asia/Shanghai",
    items="nodeList",
    fields=(
        ("id", ("infocode",)),
        ("title", ("title",)),
        ("published", ("showtime",)),
        ("category", ("from",)),
        ("url", (SHARE,)),
    ),
)


def read(answer: Any, source: Source = SOURCE, url: str = URL, headers: dict[str, str] | None = None) -> Reading:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    document = Document(url=url, requested_url=url, body=body, headers=headers or {}, fetched_at=NOW)
    return json_api.read(document, source, now=NOW)


def read_record(record: Any, **fields: str | tuple[str | Const, ...]) -> RawEntry:
    rules = tuple((name, rule if isinstance(rule, tuple) else (rule,)) for name, rule in fields.items())
    return read([record], replace(SOURCE, items="@", fields=rules)).entries[0]


def test_names_in_any_script_need_no_quotes_in_a_path():
    record = {"标签": [{"名": "甲"}, {"名": "乙"}], "正文": {"标题": "春"}, "a": "`标题`"}

    entry = read_record(record, title="正文.标题", tags="标签[].名", author="标签[?名=='乙'].名 | [0]")

    assert entry.title is not None
    assert entry.title.value == "春"
    assert entry.tags == ("甲", "乙")
    assert [person.name for person in entry.authors] == ["乙"]


def mapped(items: str, **fields: str) -> Source:
    return replace(SOURCE, items=items, fields=tuple((name, (rule,)) for name, rule in fields.items()))


# --- the API of the site this project starts from -------------------------------------------------


RECORD = mapped("record", id="infoCode", title="title", published="datetime", category="medianame")
RECORDS = mapped("records", id="infoCode", title="title", published="showtime", url="url_w", summary="digest")


@pytest.mark.parametrize(
    ("name", "source", "count"),
    [("list-nodeList.json", SOURCE, 4), ("list-record.json", RECORD, 2), ("list-records.json", RECORDS, 6)],
)
def test_each_list_of_the_seed_api_is_read_whole(name, source, count):
    body = corpus("finews", "api", name).read_bytes()
    records = next(iter(json.loads(body).values()))

    reading = read(body, source)

    assert len(reading.entries) == len(records) == count
    for entry, record in zip(reading.entries, records, strict=True):
        assert (entry.title and entry.title.value) == (record["title"] or None)
        assert entry.id == (record.get("infoCode") or record.get("infocode"))
        assert json.loads(entry.record or "") == record
        when = read_date(entry.published or "", timezone="Asia/Shanghai", now=NOW)
        told = record.get("showtime") or record.get("datetime")
        assert when == (datetime.fromisoformat(f"{told}+08:00") if told else None)


def test_record_with_empty_fields_comes_out_with_what_it_has():
    entry = read(corpus("finews", "api", "list-records.json").read_bytes(), RECORDS).entries[-1]

    assert (entry.title, entry.published, entry.url) == (None, None, None)
    assert entry.id == "NW202205262391921712"
    assert entry.summary is not None
    assert "霍尼韦尔" in entry.summary.value


def test_articles_of_the_seed_api_complete_its_list():
    article = ArticleRule(
        url="https://news.example.org/articles/{infocode}.json", as_="json", content=("content", "text")
    )
    source = replace(SOURCE, article=article)
    for raw in read(corpus("finews", "api", "list-nodeList.json").read_bytes(), source).entries:
        asked = article_request(raw, source)
        assert asked is not None
        assert asked.url == f"https://news.example.org/articles/{raw.id}.json"
        body = corpus("finews", "api", "articles", f"{raw.id}.json").read_bytes()
        document = Document(url=asked.url, requested_url=asked.url, body=body, fetched_at=NOW)

        entry, warnings = complete(raw, document, source, now=NOW)

        assert entry.content is not None
        assert entry.content.type == "html"
        assert "（文章来源：" in entry.content.value
        assert (entry.title, entry.published, warnings) == (raw.title, raw.published, ())


# --- fields ------------------------------------------------------------------------------------------


def test_value_is_known_by_its_mapped_name_and_by_the_last_name_of_its_path():
    entry = read_record({"data": {"infoCode": "NW1"}, "t": "a"}, id="data.infoCode", title="t")

    assert ("id", "NW1") in entry.fields
    assert ("infoCode", "NW1") in entry.fields


@pytest.mark.parametrize("key", ["来源", "dc:title", "a.b", "my key", "日本語"])
def test_bare_key_of_any_script_is_a_key(key):
    entry = read_record({key: "早春"}, title=key)

    assert entry.title is not None
    assert entry.title.value == "早春"


def test_path_may_be_any_jmespath():
    record = {"t": "a", "tags": [{"label": "x"}, {"label": "y"}], "by": [{"name": "Ann"}, {"name": "Bo"}]}

    entry = read_record(record, title="t", category="tags[].label", author="by")

    assert entry.categories == ("x", "y")
    assert [person.name for person in entry.authors] == ["Ann", "Bo"]


@pytest.mark.parametrize(
    ("template", "record", "url"),
    [
        ("https://a.example/?id={id}", {"id": 17}, "https://a.example/?id=17"),
        ("https://a.example/?id={id}", {"id": "a b&c/新"}, "https://a.example/?id=a%20b%26c%2F%E6%96%B0"),
        ("https://a.example/{path}", {"path": "news/1 2.html"}, "https://a.example/news/1%202.html"),
        ("https://a.example{path}", {"path": "/news/1.html"}, "https://a.example/news/1.html"),
        ("https://a.example{path}", {"path": ".evil.example/x"}, "https://a.example.evil.example%2Fx"),
        ("/n/{data.id}.html", {"data": {"id": "x"}}, "/n/x.html"),
        ("https://a.example/{x}", {"x": "100%"}, "https://a.example/100%25"),
        ("https://a.example/{x}", {"x": "a%20b"}, "https://a.example/a%20b"),
    ],
)
def test_template_is_filled_with_the_record_escaped_for_its_place(template, record, url):
    assert read_record(record, url=template).url == url


@pytest.mark.parametrize("record", [{}, {"id": ""}, {"id": None}, {"id": True}, {"id": []}])
def test_template_without_its_value_yields_nothing_and_the_next_rule_counts(record):
    rules = ("https://a.example/?id={id}", "link", Const(text="https://a.example/"))

    assert read_record({**record, "link": "https://b.example/"}, url=rules).url == "https://b.example/"
    assert read_record(record, url=rules).url == "https://a.example/"


@pytest.mark.parametrize(
    ("value", "text"),
    [(17, "17"), (1.0, "1"), (1.5, "1.5"), (" a ", "a"), (["", "b"], "b"), ({"name": "n"}, "n")],
)
def test_values_that_are_no_text_become_one(value, text):
    entry = read_record({"v": value, "t": "t"}, title="t", id="v")

    assert entry.id == text


@pytest.mark.parametrize("value", [True, False, None, "", "  ", [], {}])
def test_truth_and_emptiness_are_no_text(value):
    assert read_record({"v": value, "t": "t"}, title="t", id="v").id is None


@pytest.mark.parametrize(
    "value",
    [
        *(1650537129, "1650537129", 1650537129.0, 1650537129.75, "1650537129.0", "1650537129.5"),
        *(1650537129000, "1650537129000", 1650537129123.0, 1650537129000000, 1650537129000000000),
        *("/Date(1650537129000)/", "/Date(1650537129000+0800)/", "2022-04-21T10:32:09Z", "2022-04-21 18:32:09"),
    ],
)
def test_date_may_be_an_epoch_or_written_out(value):
    entry = read_record({"v": value, "t": "t"}, title="t", published="v")

    assert read_date(entry.published or "", timezone="Asia/Shanghai", now=NOW) == datetime(
        2022, 4, 21, 10, 32, 9, tzinfo=UTC
    )


def test_first_alternative_that_holds_a_date_counts():
    entry = read_record({"a": "soon", "b": "2022-04-21", "t": "t"}, title="t", published=("a", "b"))

    assert entry.published == "2022-04-21"


@pytest.mark.parametrize(
    ("text", "type_"),
    [("<p>a</p>", "html"), ("a &amp; b", "html"), ("a < b & c", "text"), ("a<br>b", "html"), ("plain", "text")],
)
def test_text_with_tags_or_references_is_html(text, type_):
    entry = read_record({"c": text}, content="c")

    assert entry.content is not None
    assert entry.content.type == type_


# --- documents ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '\ufeff{"nodeList": [{"title": "早春"}]}'.encode(),
        '{"nodeList": [{"title": "早春"}]}'.encode("utf-16"),
        '{"nodeList": [{"title": "早春的寒风虽然料峭，却阻挡不了热情"}]}'.encode("gb18030"),
        'callback({"nodeList": [{"title": "早春"}]});'.encode(),
        '/**/ jQuery.cb_1({"nodeList": [{"title": "早春"}]})'.encode(),
        'var list = {"nodeList": [{"title": "早春"}]};'.encode(),
        ')]}\',\n{"nodeList": [{"title": "早春"}]}'.encode(),
    ],
)
def test_json_in_other_wrappings_and_encodings_is_read(body):
    entry = read(body, headers={"content-type": "application/json; charset=iso-8859-1"}).entries[0]

    assert entry.title is not None
    assert entry.title.value.startswith("早春")


def test_half_characters_are_replaced():
    entry = read(b'{"nodeList": [{"title": "a\\ud83d"}]}').entries[0]

    assert entry.title is not None
    assert entry.title.value == "a\ufffd"
    assert (entry.record or "").encode()


def test_error_object_is_told_with_its_words_and_the_keys_that_came():
    with pytest.raises(ReadError) as caught:
        read({"code": 500, "msg": "系统繁忙", "data": None})

    for told in ("'nodeList'", "500: 系统繁忙", "code, msg, data"):
        assert told in str(caught.value)
    assert caught.value.url == URL


@pytest.mark.parametrize("answer", [{"nodeList": []}, {"nodeList": ""}, {"nodeList": None}])
def test_empty_list_is_no_error(answer):
    assert read(answer) == Reading()


def test_empty_list_may_stand_deeper():
    source = replace(SOURCE, items="data.list")

    assert read({"data": {"list": None}}, source) == read({"data": {"list": []}}, source) == Reading()


def test_null_in_place_of_the_list_is_reported_with_what_the_answer_says():
    assert read({"code": 1, "msg": "log in first", "nodeList": None}).warnings == (
        "'nodeList' is null; the answer says '1: log in first'",
    )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"success": False, "message": "no key"}, "'no key'"),
        ({"success": "false", "nodeList": []}, "'success is false'"),
        ({"ok": 0, "error": "quota", "nodeList": None}, "'quota'"),
        ({"code": 401, "msg": "log in first", "nodeList": None}, "'401: log in first'"),
        ({"code": "503", "nodeList": []}, "'code is 503'"),
        ({"code": -1, "msg": "x", "nodeList": []}, "'-1: x'"),
        ({"errcode": 40001, "errmsg": "bad token", "nodeList": []}, "'40001: bad token'"),
        ({"status": "error", "nodeList": []}, "\"status is 'error'\""),
        ({"status": {"code": 403, "message": "no"}, "nodeList": []}, "'403: no'"),
        ({"error": {"code": 7, "message": "gone"}, "nodeList": []}, "'7: gone'"),
        ({"errors": [{"detail": "late"}], "nodeList": []}, "'late'"),
        ({"meta": {"error": "down"}, "nodeList": []}, "'down'"),
    ],
)
def test_answer_that_says_it_failed_and_has_no_records_is_an_error_in_its_words(answer, told):
    with pytest.raises(ReadError) as caught:
        read(answer)

    assert f"says that it failed: {told}" in str(caught.value)


@pytest.mark.parametrize(
    "told",
    [
        {"success": True, "message": "ok"},
        {"code": 0, "msg": "操作成功"},
        {"code": "200", "msg": "success"},
        {"status": "ok", "error": None, "errors": []},
        {"errcode": 0, "error": ""},
        {"code": 1, "message": "Success."},
        {"error": False},
    ],
)
def test_empty_list_of_an_answer_that_is_well_says_nothing(told):
    assert read({**told, "nodeList": []}) == Reading()


def test_empty_list_with_a_remark_is_a_warning():
    assert read({"msg": "no such category", "nodeList": []}).warnings == (
        "'nodeList' is empty; the answer says 'no such category'",
    )


def test_records_count_even_where_the_answer_says_that_it_failed():
    reading = read({"success": False, "message": "stale", "nodeList": [{"title": "a", "infocode": "1"}]})

    assert len(reading.entries) == 1
    assert reading.warnings[0] == "the answer says that it failed ('stale'), and yet has 1 records"


def test_key_within_null_is_not_there():
    with pytest.raises(ReadError, match=r"data\.list"):
        read({"data": None}, replace(SOURCE, items="data.list"))


def test_object_in_place_of_the_list_tells_its_keys():
    with pytest.raises(ReadError, match="the keys list, total"):
        read({"nodeList": {"list": [], "total": 0}})


def test_records_without_anything_mapped_tell_their_keys():
    with pytest.raises(ReadError, match=r"'title' gives nothing in any of 1 entries.*headline, link"):
        read({"nodeList": [{"headline": "a", "link": "b"}]}, mapped("nodeList", title="title"))


def test_field_that_yields_nothing_anywhere_is_reported():
    reading = read({"nodeList": [{"infocode": "1", "title": "a", "showtime": "soon"}]})

    assert any(
        warning.startswith("fields.published: 'showtime' gives no date but 'soon'") for warning in reading.warnings
    )
    assert any(warning.startswith("fields.category: 'from' gives nothing") for warning in reading.warnings)


def test_record_with_nothing_in_it_is_left_out_by_number():
    reading = read({"nodeList": [{"infocode": "1", "title": "a"}, {"x": 1}, None]})

    assert len(reading.entries) == 1
    assert any(warning.startswith('record 2 ({"x":1})') for warning in reading.warnings)
    assert any("1 records are null" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    "body", [b"", b"  ", b"<html>down</html>", b'{"nodeList": [', b'{"a": 1} tail', b"[" * 100_000, b"var a = ", b"cb("]
)
def test_what_is_no_json_is_an_error_that_says_so(body):
    with pytest.raises(ReadError, match="answer"):
        read(body)


# --- asking ------------------------------------------------------------------------------------------


def test_request_is_asked_as_written():
    source = replace(SOURCE, method="POST", body='{"page": 1}', headers=(("x-key", "secret"),))

    asked = json_api.request(source)

    assert (asked.url, asked.method, asked.body, asked.headers) == (URL, "POST", source.body, source.headers)
    assert asked.is_trusted
    assert not asked.is_page


@pytest.mark.parametrize(
    ("rule", "url"),
    [
        ("paging.next", "https://news.example.org/api/list?p=2"),
        ("https://news.example.org/api/list?type=45&page={page}", "https://news.example.org/api/list?type=45&page=2"),
        ("/api/list?after={cursor}", "https://news.example.org/api/list?after=c%2F1"),
    ],
)
def test_next_page_is_asked_where_the_answer_or_the_template_says(rule, url):
    source = replace(SOURCE, next=Paging(url=rule, pages=3), headers=(("x-key", "secret"),))
    answer = {"nodeList": [{"title": "a"}], "paging": {"next": "/api/list?p=2"}, "cursor": "c/1"}

    (asked,) = read(answer, source).requests

    assert (asked.url, asked.is_trusted, asked.trusted_origin) == (url, False, "https://news.example.org")
    assert asked.headers == source.headers


def test_page_number_counts_on_from_the_page_that_was_asked():
    template = "https://news.example.org/api/list?type=45&page={page}"
    source = replace(SOURCE, next=Paging(url=template, pages=9))

    (asked,) = read({"nodeList": [{"title": "a"}]}, source, template.format(page=4)).requests

    assert asked.url == template.format(page=5)


def test_headers_of_the_operator_stay_at_the_sources_own_origin():
    source = replace(SOURCE, next=Paging(url="next", pages=2), headers=(("x-key", "secret"),))

    (asked,) = read({"nodeList": [{"title": "a"}], "next": "https://evil.example/"}, source).requests

    assert asked.headers == ()
    assert asked.trusted_origin == "https://news.example.org"


def test_list_that_is_empty_or_has_no_further_page_asks_nothing():
    source = replace(SOURCE, next=Paging(url="https://news.example.org/{page}", pages=9))

    assert read({"nodeList": []}, source).requests == ()
    assert read({"nodeList": [{"title": "a"}]}, replace(SOURCE, next=Paging(url="next", pages=9))).requests == ()


def test_half_of_a_character_in_a_record_breaks_no_template():
    assert read_record({"a": "x\ud83d"}, url="https://news.example.org/{a}?b={a}").url == (
        "https://news.example.org/x%EF%BF%BD?b=x%EF%BF%BD"
    )
