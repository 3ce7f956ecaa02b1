"""Six real list pages, and one of them in other encodings: every item that an independent library finds, exactly."""

import json
from datetime import UTC, datetime

import pytest

from aggregator.model import Document, RawEntry, Source
from aggregator.sources import html_list
from aggregator.text.dates import read_date
from aggregator.text.urls import absolute
from tests.corpora import CORPORA, corpus

NOW = datetime(2020, 8, 2, 9, 0, tzinfo=UTC)
_EXPECTED = CORPORA / "html-lists" / "expected.json"
PAGES = json.loads(_EXPECTED.read_text("utf-8")) if _EXPECTED.is_file() else [None]


@pytest.mark.parametrize("expected", PAGES, ids=lambda page: page["page"] if page else "none")
def test_list_page_gives_exactly_its_items(expected):
    body = corpus(*(expected["page"] if expected else "none").split("/")).read_bytes()
    selectors = expected["selectors"]
    fields = [("title", (selectors["title_and_link"],)), ("url", (f"{selectors['title_and_link']}@href",))]
    fields += [("published", (selectors["date"],))] if "date" in selectors else []
    fields += [(name, (selectors[name],)) for name in ("image", "summary") if name in selectors]
    source = Source(
        name="page", url=expected["url"], items=selectors["item"], fields=tuple(fields), timezone="Asia/Shanghai"
    )

    document = Document(url=expected["url"], requested_url=expected["url"], body=body, fetched_at=NOW)
    reading = html_list.read(document, source, now=NOW)

    assert [_told(entry, expected["items"][0]) for entry in reading.entries] == expected["items"]
    if "date" in selectors:
        dates = [read_date(entry.published or "", timezone="Asia/Shanghai", now=NOW) for entry in reading.entries]
        assert all(date is not None and date <= NOW for date in dates)


def test_all_items_are_among_these_and_five_encodings_give_the_same():
    corpus("html-lists")
    items = {page["page"]: page["items"] for page in PAGES}
    first = items.pop("gne/test_list_page/163/1.html")
    encoded = [found for name, found in items.items() if name.startswith("html-lists/163-")]

    assert sum(len(found) for name, found in items.items() if not name.startswith("html-lists/")) + len(first) == 396
    assert encoded == [first] * 4
    assert len(first) == 29


def _told(entry: RawEntry, like: dict[str, str]) -> dict[str, str | None]:
    told = {
        "title": entry.title and entry.title.value,
        "link": absolute(entry.url or "", entry.base),
        "date_text": entry.published,
        "image": entry.image,
        "summary": entry.summary and entry.summary.value,
    }
    return {name: value for name, value in told.items() if name in like}
