"""A JSON API that answers a list of articles. Pure.

.. code-block:: yaml

    sources:
      - name: 要闻
        kind: json_api
        url: https://news.example.org/webapi?type=45&count=100
        items: nodeList
        fields:
          id: infocode
          title: title
          published: showtime
          category: from
          url: "https://news.example.org/NewsShare.html?infoCode={infocode}"
        next: {url: "https://news.example.org/webapi?type=45&count=100&page={page}", pages: 3}
        article: {url: "https://news.example.org/GetNewsText.do?id={infocode}", as: json, content: text}

``items``
    The key of the list, or a JMESPath to it (``data.list``, ``values(articles)``); ``@`` where the answer is the list.
``fields``
    What an entry is made of: title, url, published, updated, summary, content, author, category, tags, image, id,
    language, enclosure; any other name is kept for ``identity``. A value is

    - a key of the record, in any script, or a JMESPath (``author.name``, ``tags[].label``);
    - a template, with a scheme or a leading slash and ``{path}`` over the record; it yields only when each path does;
    - ``{const: text}``;
    - a list of these, of which the first that yields counts.

    Numbers count as texts; true, false, null and "" are nothing.
``method``, ``body``, ``headers``
    How it is asked. Default: GET without either.
``next``
    Where the following page is: a key or JMESPath over the whole answer that holds its address, or a template over it
    that may hold ``{page}``; at most ``pages`` in all.

A text with tags or character references in it is read as HTML. JSON in a call (JSONP) is read as well.
"""

from datetime import datetime
from typing import Any

from aggregator.errors import ReadError
from aggregator.model import Document, RawEntry, Reading, Request, Source
from aggregator.sources.parts import paths
from aggregator.sources.parts.asking import first_request, further_request
from aggregator.sources.parts.mapping import (
    Found,
    RuleError,
    find_fields,
    held_date,
    looks_like_markup,
    raw_entry,
    says_something,
    silent_fields,
)
from aggregator.sources.parts.templates import next_number
from aggregator.text.urls import absolute

_NAMED = 5  # records that warnings name one by one
_SEVERAL = frozenset({"author", "category", "tags"})


def request(source: Source) -> Request:
    return first_request(source, is_page=False)


def read(document: Document, source: Source, *, now: datetime) -> Reading:
    """Return the entries of the list, and none where it is empty. Raises ReadError when the answer holds no list."""
    answer = paths.read_json(document.body, document.headers.get("content-type"), url=document.url)
    records, warnings = _records(answer, document, source)
    found: list[Found] = []
    entries: list[RawEntry] = []
    empty: list[str] = []
    for number, record in enumerate(records, start=1):
        fields = _find(record, source, document, now)
        found.append(fields)
        entry = raw_entry(
            fields,
            base=document.url,
            is_markup=looks_like_markup,
            last_name=paths.last_name,
            record=paths.compact(record),
        )
        if says_something(entry):
            entries.append(entry)
        else:
            empty.append(f"record {number} ({paths.compact(record)[:60]}) gives neither url, title nor text: left out")
    silent = silent_fields(source.fields, found)
    if records and not entries:
        came = f"; the first record has: {paths.keys_of(records[0])}"
        raise ReadError(
            f"{source.items!r} holds {len(records)} records and none gives an entry: {'; '.join(silent)}{came}; "
            "write their names in fields, try `aggregator preview`",
            url=document.url,
        )
    warnings += [*silent, *empty[:_NAMED]]
    if len(empty) > _NAMED:
        warnings.append(f"{len(empty) - _NAMED} more records are left out")
    following = _following(answer, document, source) if entries else ()
    return Reading(entries=tuple(entries), requests=following, warnings=tuple(warnings))


def _records(answer: Any, document: Document, source: Source) -> tuple[list[Any], list[str]]:
    path = source.items or "@"
    try:
        found = paths.lookup(answer, path)
    except RuleError as error:
        raise ReadError(f"items: {error}; see `aggregator check`", url=document.url) from error
    if isinstance(found, list):
        records = [record for record in found if record is not None]
        missing = len(found) - len(records)
        return records, [f"{missing} records are null: left out"] if missing else []
    if found is None and paths.has_key(answer, path):
        says = paths.message_of(answer)
        return [], [f"{path!r} is null; the answer says {says!r}"] if says else []
    if found == "":
        return [], []
    if isinstance(found, dict) and path != "@":
        raise ReadError(
            f"{path!r} is no list but an object with the keys {paths.keys_of(found)}; write items as {path}.KEY of the "
            f"list in it, or values({path}) where each value is a record",
            url=document.url,
        )
    raise ReadError(
        f"no list {path!r} in the answer; {paths.describe(answer)}; if the API has changed, write the list's new name "
        "in items, try `aggregator preview`",
        url=document.url,
    )


def _find(record: Any, source: Source, document: Document, now: datetime) -> Found:
    def read_one(field: str, rule: str) -> tuple[str, ...]:
        texts = paths.read_path(record, rule)
        return texts if field in _SEVERAL else texts[:1]

    def date_in(text: str) -> str | None:
        return held_date(text, timezone=source.timezone, now=now)

    return find_fields(source.fields, read_one, url=document.url, date_in=date_in)


def _following(answer: Any, document: Document, source: Source) -> tuple[Request, ...]:
    """The next page of the list, if there is one; who asks counts the pages."""
    if source.next is None or source.next.pages < 2:
        return ()
    rule = source.next.url
    number = next_number(rule, document.requested_url)
    over = {**answer, "page": number} if isinstance(answer, dict) else {"page": number}
    try:
        texts = paths.read_path(over, rule)
    except RuleError as error:
        raise ReadError(f"next.url: {error}; see `aggregator check`", url=document.url) from error
    target = absolute(texts[0], document.url) if texts else None
    if target is None or target in {document.url, document.requested_url}:
        return ()
    return (further_request(target, source, is_page=False),)
