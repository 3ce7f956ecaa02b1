"""JSON wherever it stands: in calls, in texts, among the scripts of pages."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.errors import ReadError
from aggregator.model import Document, RawEntry, Source
from aggregator.sources import json_api, kind_of
from aggregator.sources.parts.literals import read_literal

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://news.example.org/list"
LIST = '[{"t": "早春 </b> & 1"}, {"t": "two"}]'


def read(body: str | bytes, items: str, content_type: str | None = "text/html") -> tuple[RawEntry, ...]:
    source = Source(name="page", kind="json_api", url=URL, items=items, fields=(("title", ("t",)),))
    made = body if isinstance(body, bytes) else body.encode()
    headers = {"content-type": content_type} if content_type else {}
    document = Document(url=URL, requested_url=URL, body=made, headers=headers, fetched_at=NOW)
    return json_api.read(document, source, now=NOW).entries


def titles(body: str | bytes, items: str, content_type: str | None = "text/html") -> list[str | None]:
    return [entry.title.value if entry.title else None for entry in read(body, items, content_type)]


def page(*scripts: str) -> str:
    return f"<!doctype html><html><head><title>x</title>{''.join(scripts)}</head><body><p>text</p></body></html>"


@pytest.mark.parametrize(
    ("script", "items"),
    [
        (f'<script type="application/json">{{"list": {LIST}}}</script>', "list"),
        (f"<script type=application/json>{LIST}</script>", "@"),
        (f'<script id="__NEXT_DATA__" type="application/json">{{"props": {{"list": {LIST}}}}}</script>', "props.list"),
        (f'<SCRIPT ID="__NEXT_DATA__">{{"props": {{"list": {LIST}}}}}</SCRIPT>', "__NEXT_DATA__.props.list"),
        (f'<script type="application/ld+json">{{"@graph": {LIST}}}</script>', '"@graph"'),
        (f'<script type="application/ld+json">{{"@graph": {LIST}}}</script>', "@graph"),
        (f"<script>var list = {LIST};</script>", "@"),
        (f"<script>var data = {{list: {LIST},}}; run(data)</script>", "list"),
        (f"<script>let a = 1; const data = {{list: {LIST}}}</script>", "data.list"),
        (f"<script>window.__INITIAL_STATE__={{list: {LIST}}};(function(){{}})()</script>", "list"),
        (f"<script>window['state'] = {{list: {LIST}}};</script>", "state.list"),
        (f"<script>window.x = JSON.parse({json.dumps(json.dumps({'list': json.loads(LIST)}))});</script>", "x.list"),
        (f"<script><!--\nvar data = {{'list': {LIST}}};\n//--></script>", "list"),
        (f'<script type="application/json">{{"list": {LIST.replace(chr(34), "&quot;")}}}</script>', "list"),
    ],
)
def test_list_in_a_script_of_a_page_is_read(script, items):
    noise = "<script>var a = {b: 1}; f([1, 2]); if (x == [1]) {}</script>"

    assert titles(page(noise, script, noise), items) == ["早春 </b> & 1", "two"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (LIST, "json_api"),
        (f"\ufeff {{}}{LIST}", "json_api"),
        (f"/**/ jQuery_1({LIST})", "json_api"),
        (f")]}}',\n{LIST}", "json_api"),
        (page(f"<script>f({LIST})</script>"), "html_list"),
        ("Warning: f() failed [8]\n<html></html>", "html_list"),
    ],
)
def test_kind_that_nobody_wrote_follows_from_how_an_answer_begins(body, kind):
    document = Document(url=URL, requested_url=URL, body=body.encode(), fetched_at=NOW)

    assert kind_of(Source(name="x", url=URL, items="list"), document) == kind


def test_json_of_a_page_for_people_is_read_too():
    assert titles(f"<html><body><pre>{LIST.replace('&', '&amp;').replace('<', '&lt;')}</pre></body>", "@") == [
        "早春 </b> & 1",
        "two",
    ]


def test_articles_of_which_each_has_a_script_are_a_list():
    scripts = [f'<script type="application/ld+json">{{"t": "{name}"}}</script>' for name in ("a", "b")]

    assert titles(page(*scripts), "[?t]") == ["a", "b"]


def test_page_without_the_list_tells_what_its_scripts_hold():
    with pytest.raises(ReadError, match=r"did you mean 'state.nodeList'\?.*state.nodeList \(1 records\)"):
        read(page('<script>state = {nodeList: [{"t": "a"}]}</script>'), "nodelist")


def test_page_without_json_says_so():
    with pytest.raises(ReadError, match="a page without JSON in its scripts"):
        read(page("<script>f()</script>"), "list")


@pytest.mark.parametrize("content_type", ["text/plain", "text/html; charset=gb2312", "application/octet-stream", None])
def test_media_type_does_not_matter(content_type):
    assert titles(LIST, "@", content_type) == ["早春 </b> & 1", "two"]


@pytest.mark.parametrize(
    ("body", "items"),
    [
        (json.dumps(LIST), "@"),
        (json.dumps(json.dumps(LIST)), "@"),
        (json.dumps({"data": LIST}), "data"),
        (json.dumps({"data": json.dumps({"list": json.loads(LIST)})}), "data.list"),
        (json.dumps({"d": json.dumps({"e": json.dumps({"list": json.loads(LIST)})})}), "d.e.list"),
        (json.dumps({"list": [json.dumps(record) for record in json.loads(LIST)]}), "list"),
        (json.dumps({"list": [json.loads(LIST)[:1], json.loads(LIST)[1:]]}), "list"),
        (json.dumps({"list": {"7": json.loads(LIST)[0], "9": json.loads(LIST)[1]}}), "values(list)"),
        (f"callback({{list: {LIST}, /* all */ more: undefined,}});", "list"),
        ('{"t": "早春 </b> & 1"}\r\n\n{"t": "two"}\n', "@"),
    ],
)
def test_list_may_be_wrapped_in_texts_and_in_lists(body, items):
    assert titles(body, items) == ["早春 </b> & 1", "two"]


@pytest.mark.parametrize(
    ("records", "rule", "values"),
    [
        (["https://a.example/1"], "@", ["https://a.example/1"]),
        ([["a", "b"], ["c", "d"]], "[1]", ["b", "d"]),
        ([{"id": 12345678901234567890}], "id", ["12345678901234567890"]),
        ([{"id": 1e300}], "id", ["1e+300"]),
        ([{"id": {"$oid": "abc"}}], 'id."$oid"', ["abc"]),
        ([{"ext": '{"id": "x"}'}], "ext.id", ["x"]),
    ],
)
def test_records_and_values_of_any_shape_are_read(records, rule, values):
    source = Source(name="x", kind="json_api", url=URL, items="@", fields=(("title", (rule,)),))
    document = Document(url=URL, requested_url=URL, body=json.dumps(records).encode(), fetched_at=NOW)

    found = json_api.read(document, source, now=NOW).entries

    assert [entry.title.value if entry.title else None for entry in found] == values


def test_numbers_that_json_does_not_have_are_nothing_and_huge_ones_stay():
    digits = "9" * 5000
    body = f'[{{"t": "a", "n": NaN, "i": -Infinity, "h": {digits}, "e": 1e999}}]'

    (entry,) = read(body, "@")
    record = json.loads(entry.record or "")
    assert [record[key] for key in ("n", "i", "e")] == [None, None, None]
    assert record["h"] == digits


def test_of_a_key_that_comes_twice_the_last_counts():
    assert titles('[{"t": "a", "t": "b"}]', "@") == ["b"]


@pytest.mark.parametrize("body", ["[" * 300 + "]" * 300, '{"a":' * 250 + "1" + "}" * 250, "[" * 200_000])
def test_json_without_bottom_is_refused(body):
    with pytest.raises(ReadError, match=r"too deeply|not JSON"):
        read(body, "@")


@pytest.mark.parametrize(
    "body", ["<script>" + "a=[" * 50_000, "<script>x={y:" * 10_000, "<script>a={'" * 20_000, "<pre>{" * 20_000]
)
def test_hostile_page_takes_no_more_than_seconds(body):
    started = time.monotonic()
    with pytest.raises(ReadError):
        read(body, "list")

    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (
            "{a: 1, 'b': .5, \"c\": 0x10, d: -1e0, e: +2, $f_1: 007}",
            {"a": 1, "b": 0.5, "c": 16, "d": -1, "e": 2, "$f_1": 7},
        ),
        (
            "['it\\'s', 'a \"b\"', `c\nd`, '\\x41\\u4e2d\\u{1F600}\\n', '\\\n']",
            ["it's", 'a "b"', "c\nd", "A中😀\n", ""],
        ),
        ("[true, false, null, undefined, NaN, !0, !1, other.name]", None),
        ("{a: [1, 2,], b: {c: 3,},}", {"a": [1, 2], "b": {"c": 3}}),
        ("{/* one */ a: 1, // two\n b: 'http://x'}", {"a": 1, "b": "http://x"}),
        ("[true, false, null, undefined, NaN, !0, !1, other]", [True, False, None, None, None, True, False, None]),
        ("{a: f(1)}", None),
        ("{a: new Date(1)}", None),
        ("[1, 2", None),
        ("[1, 2}", None),
    ],
)
def test_constant_of_a_script_is_read_and_nothing_else(written, value):
    found = read_literal(written, 0)

    assert (json.loads(found[0], strict=False) if found else None) == value


def test_value_that_follows_another_is_found_at_its_place():
    assert read_literal("x = [1,]; y", 4) == ("[1]", 8)


def described(answer: Any, items: str) -> str:
    with pytest.raises(ReadError) as caught:
        read(json.dumps(answer), items)
    return str(caught.value)


def test_message_on_a_missing_list_names_the_lists_that_are_there():
    told = described({"Data": {"items": [{"t": 1}], "tags": ["x"]}, "total": 1}, "data.items")

    assert "did you mean 'Data.items'?" in told
    assert "lists in it: Data.items (1 records)" in told
    assert "keys that came: Data, total" in told


def test_message_on_a_silent_field_names_the_key_that_is_like_it():
    source = Source(
        name="x", kind="json_api", url=URL, items="@", fields=(("title", ("t",)), ("published", ("pubTime",)))
    )
    body = json.dumps([{"t": "a", "meta": {"pub_time": "2026-01-01"}, "pubtime": "2026-01-01"}]).encode()
    document = Document(url=URL, requested_url=URL, body=body, fetched_at=NOW)

    (warning,) = json_api.read(document, source, now=NOW).warnings

    assert warning == "fields.published: 'pubTime' gives no date in any of 1 entries; did you mean 'pubtime'?"
