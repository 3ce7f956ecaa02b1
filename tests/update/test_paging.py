"""Pages of a list, asked for one after the other: by address, by token, by what is sent."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from aggregator.fetch import Send
from aggregator.model import Document, Request
from tests.fakes import NOW, Answer, Clock, FakeSite, World, titles

URL = "https://api.example/list"


@dataclass
class Api:
    """An API that answers by address and body; what was sent is kept. Unknown ones are page not found."""

    answers: dict[tuple[str, str | None], Any]
    clock: Clock = field(default_factory=Clock)
    requests: list[Request] = field(default_factory=list)

    async def __call__(self, request: Request) -> Document:
        self.requests.append(request)
        address = (request.url or "").partition("#")[0]
        site = FakeSite(clock=self.clock)
        if (answer := self.answers.get((address, request.body))) is not None:
            site.pages[request.url or ""] = Answer(body=json.dumps(answer).encode())
        return await site(request)

    @property
    def sent(self) -> list[tuple[str, str | None]]:
        return [(request.method, request.body) for request in self.requests]


def records(*names: str, **more: Any) -> dict[str, Any]:
    return {"list": [{"id": name, "t": name, "u": f"https://a.example/{name}"} for name in names], **more}


def world(tmp_path: Path, api: Send, keys: str, environ: dict[str, str] | None = None) -> World:
    text = f"""
    sources:
      - name: api
        kind: json_api
        url: {URL}
        items: list
        fields: {{id: id, title: t, url: u}}
        {keys}
    """
    return World(tmp_path, text, api, environ=environ or {})  # type: ignore[arg-type]


def test_body_that_counts_its_pages_is_sent_for_each(tmp_path):
    api = Api({(URL, f'{{"page": {page}, "n": 2}}'): records(f"a{page}", f"b{page}") for page in (1, 2, 3)})

    with world(tmp_path, api, """body: '{"page": {page}, "n": 2}'\n        next: {pages: 5}""") as found:
        (report,) = found.refresh().reports
        assert sorted(filter(None, titles(found.entries))) == ["a1", "a2", "a3", "b1", "b2", "b3"]

    assert api.sent == [("POST", f'{{"page": {page}, "n": 2}}') for page in (1, 2, 3, 4)]
    assert report.warnings == ("page 4 of the list is missing: https://api.example/list#page=4 answers 404",)


def test_pages_are_counted_from_the_one_that_the_body_names(tmp_path):
    api = Api({(URL, f"p={page}&q=%20"): records(f"a{page}") for page in range(5)})

    with world(tmp_path, api, """body: "p=0&q=%20"\n        next: {body: "p={page}&q=%20", pages: 3}""") as found:
        found.refresh()

    assert api.sent == [("POST", f"p={page}&q=%20") for page in (0, 1, 2)]


def test_token_of_an_answer_is_sent_with_the_next_request_until_there_is_none(tmp_path):
    api = Api(
        {
            (URL, '{"n": 1}'): records("a", cursor='x"1'),
            (URL, '{"n": 1, "after": "x\\"1"}'): records("b", cursor="y"),
            (URL, '{"n": 1, "after": "y"}'): records("c", cursor=None),
        }
    )
    keys = """body: '{"n": 1}'\n        next: {body: '{"n": 1, "after": "{cursor}"}', pages: 9}"""

    with world(tmp_path, api, keys) as found:
        (report,) = found.refresh().reports
        assert sorted(filter(None, titles(found.entries))) == ["a", "b", "c"]

    assert len(api.requests) == 3
    assert report.warnings == ()


def test_tokens_that_go_in_a_circle_end(tmp_path):
    api = Api(
        {(f"{URL}{query}", None): records(query or "0", cursor="x" if query else "y") for query in ("", "?c=x", "?c=y")}
    )

    with world(tmp_path, api, f'next: {{url: "{URL}?c={{cursor}}", pages: 50}}') as found:
        found.refresh()

    assert [request.url for request in api.requests] == [URL, f"{URL}?c=y", f"{URL}?c=x"]


def test_api_that_knows_no_pages_is_asked_twice_and_no_more(tmp_path):
    api = Api(
        {(f"{URL}{query}", None): records("a", "b") for query in ("", *(f"?page={page}" for page in range(2, 50)))}
    )

    with world(tmp_path, api, f'next: {{url: "{URL}?page={{page}}", pages: 50}}') as found:
        found.refresh()
        assert len(found.entries) == 2

    assert len(api.requests) == 2


def test_pages_are_no_more_than_written(tmp_path):
    api = Api(
        {(f"{URL}{query}", None): records(query or "0") for query in ("", *(f"?page={page}" for page in range(2, 50)))}
    )

    with world(tmp_path, api, f'next: {{url: "{URL}?page={{page}}", pages: 4}}') as found:
        found.refresh()

    assert len(api.requests) == 4


def test_pages_by_address_are_sent_the_same_body(tmp_path):
    api = Api({(f"{URL}{query}", "q=a"): records(query or "0") for query in ("", "?page=2")})

    with world(tmp_path, api, f'body: q=a\n        next: {{url: "{URL}?page={{page}}", pages: 2}}') as found:
        found.refresh()

    assert api.sent == [("POST", "q=a"), ("POST", "q=a")]


def test_body_and_headers_stay_at_the_sources_own_origin(tmp_path):
    api = Api(
        {
            (URL, "key=k3y-of-ours"): records("a", next="https://evil.example/2"),
            ("https://evil.example/2", None): records("b"),
        }
    )
    keys = "body: key=${KEY}\n        headers: {x-key: '${KEY}'}\n        next: {url: next, pages: 2}"

    with world(tmp_path, api, keys, {"KEY": "k3y-of-ours"}) as found:
        found.refresh()

    assert [(request.method, request.body, request.headers) for request in api.requests] == [
        ("POST", "key=k3y-of-ours", (("x-key", "k3y-of-ours"),)),
        ("GET", None, ()),
    ]


def test_token_in_place_of_an_address_is_a_warning_with_what_to_write(tmp_path):
    api = Api({(URL, None): records("a", cursor="eyJhIjoxfQ")})

    with world(tmp_path, api, "next: {url: cursor, pages: 3}") as found:
        (report,) = found.refresh().reports

    assert report.warnings == (
        "next.url: 'cursor' gives 'eyJhIjoxfQ', which is no address; write one that holds it, like "
        "https://api.example/list?after={cursor}",
    )
    assert len(api.requests) == 1


def test_pages_that_are_told_by_what_is_sent_are_remembered_apart(tmp_path):
    api = Api({(URL, f'{{"page": {page}}}'): records(f"a{page}") for page in (1, 2)}, clock=Clock(NOW))

    with world(tmp_path, api, """body: '{"page": {page}}'\n        next: {pages: 2}""") as found:
        first = found.refresh()
        api.answers[URL, '{"page": 1}'] = records("a0", "a1")
        api.clock.turn(hours=2)
        again = found.refresh()

    assert (len(first.new_ids), len(again.new_ids), len(again.updated_ids)) == (2, 1, 0)


@pytest.mark.parametrize("place", ["url: 'https://api.example/list?key=${KEY}'", "headers: {x-key: '${KEY}'}"])
@pytest.mark.parametrize(
    "answer", [{"success": False, "message": "bad key k3y-of-ours"}, {"oops": "k3y-of-ours"}, "k3y-of-ours"]
)
def test_secret_that_an_answer_repeats_is_not_shown(tmp_path, place, answer):
    text = f"""
    sources:
      - {{name: api, kind: json_api, items: list, fields: {{title: t}}, {place.replace("url: ", "url: ")}}}
    """
    text = text if "url:" in text else text.replace("items:", f"url: {URL}, items:")
    api = Api({(URL, None): answer, (f"{URL}?key=k3y-of-ours", None): answer})

    with World(tmp_path, text, api, environ={"KEY": "k3y-of-ours"}) as found:  # type: ignore[arg-type]
        (report,) = found.refresh().reports
        (state,) = found.store.states()

    assert report.outcome == "failed"
    assert "k3y" not in f"{report}{state}"


def atom(number: int, *links: str) -> bytes:
    entry = f"<entry><id>urn:x:{number}</id><title>E{number}</title><link href='https://a.example/{number}'/></entry>"
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{''.join(links)}{entry}</feed>".encode()


def archive(target: str, rel: str = "prev-archive") -> str:
    return f"<link rel='{rel}' href='{target}'/>"


def test_archive_of_a_feed_is_read_as_far_as_feeds_yaml_asks(tmp_path):
    site = FakeSite()
    site.put("https://a.example/feed", atom(3, archive("2.xml")))
    site.put("https://a.example/2.xml", atom(2, archive("1.xml")))
    site.put("https://a.example/1.xml", atom(1, archive("0.xml")))
    feeds = "sources: [{name: a, url: 'https://a.example/feed', next: {pages: 3}}]"

    with World(tmp_path, feeds, site) as found:
        found.refresh()
        assert sorted(filter(None, titles(found.entries))) == ["E1", "E2", "E3"]
        site.forget()
        (report,) = found.refresh().reports

    assert report.outcome == "unchanged"
    assert [request.url for request in site.requests] == ["https://a.example/feed"]


def test_feed_that_a_page_names_may_have_pages_too(tmp_path):
    site = FakeSite()
    site.put("https://a.example/", b"<!doctype html><link rel=alternate type='application/atom+xml' href='/feed'>")
    site.put("https://a.example/feed", atom(2, archive("/1.xml", "next")))
    site.put("https://a.example/1.xml", atom(1))

    with World(tmp_path, "sources: [{name: a, url: 'https://a.example/', next: {pages: 2}}]", site) as found:
        found.refresh()
        assert sorted(filter(None, titles(found.entries))) == ["E1", "E2"]
        site.forget()
        found.refresh()

    assert site.requests[0].url == "https://a.example/feed"
