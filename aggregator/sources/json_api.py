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

    - a key of the record, in any script, or a JMESPath (``author.name``, ``tags[].label``; ``@`` where the record is a
      text, ``[0]`` where it is a row);
    - a template, with a scheme or a leading slash and ``{path}`` over the record; it yields only when each path does;
    - ``{const: text}``;
    - a list of these, of which the first that yields counts.

    Numbers count as texts; true, false, null and "" are nothing.
``method``, ``body``, ``headers``
    How it is asked. Default: GET without any; POST where there is a body, which is sent as JSON when it begins like
    JSON, else as a form, unless ``headers`` has a Content-Type. A body may be written as a mapping, too.
``next``
    Where the following page is: a key or JMESPath over the whole answer that holds its address, or a template over it
    that may hold ``{page}`` (``https://news.example.org/webapi?after={paging.cursor}``); at most ``pages`` in all.
    Where the body counts the pages, write ``{page}`` there (``body: '{"page": {page}}'``, ``next: {pages: 3}``), or the
    body of the following pages as ``next: {body: '{"after": "{paging.cursor}"}', pages: 3}``.

A text with tags or character references in it is read as HTML. JSON in a call (JSONP), JSON in a text, and JSON among
the scripts of a page (``__NEXT_DATA__``, JSON-LD, ``var list = …``) are read as well: ``items`` is then a path in the
script's value, or in an object of all that have a name (``__NEXT_DATA__.props.pageProps.list``).

An answer that says that it failed (``{"success": false, "message": "…"}``) and has no records fails the poll with its
words; with records it is a warning. An empty list is no failure.
"""

import re
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urldefrag

from aggregator.errors import ReadError
from aggregator.model import Document, Matched, Paging, RawEntry, Reading, Request, Source
from aggregator.sources.parts import paths, tally
from aggregator.sources.parts.asking import first_request, further_request
from aggregator.sources.parts.bounds import first_ones
from aggregator.sources.parts.complaints import (
    describe,
    did_you_mean,
    failure_of,
    keys_of,
    lists_in,
    message_of,
    paths_in,
    remark_of,
)
from aggregator.sources.parts.json_documents import embedded, read_json
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
from aggregator.sources.parts.paging import following_body
from aggregator.sources.parts.templates import next_number
from aggregator.text.urls import absolute

_NAMED = 5  # records that warnings name one by one
_IS_ADDRESS = re.compile(r"[/?&]|\.\w{1,5}$")
_SEVERAL = frozenset({"author", "category", "tags"})


def request(source: Source) -> Request:
    return first_request(source, is_page=False)


def read(document: Document, source: Source, *, now: datetime) -> Reading:
    """Return the entries of the list, and none where it is empty. Raises ReadError when the answer holds no list."""
    answer = _answer(document, source.items or "@")
    records, warnings = _records(answer, document, source)
    records, too_many = first_ones(records, f"records in {source.items!r}")
    warnings += too_many
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
    silent = _silent(source, found, records)
    if records and not entries:
        came = f"; the first record has: {keys_of(records[0])}"
        raise ReadError(
            f"{source.items!r} holds {len(records)} records and none gives an entry: {'; '.join(silent)}{came}; "
            "write their names in fields, try `aggregator preview`",
            url=document.url,
        )
    warnings += [*silent, *empty[:_NAMED]]
    if len(empty) > _NAMED:
        warnings.append(f"{len(empty) - _NAMED} more records are left out")
    following, of_paging = _following(answer, document, source) if entries else ((), [])
    return Reading(entries=tuple(entries), requests=following, warnings=(*warnings, *of_paging))


def matched(document: Document, source: Source, *, now: datetime) -> tuple[Matched, ...]:  # noqa: ARG001  as of any kind
    """Return what each path yields, in how many of the records."""
    path = source.items or "@"
    found = embedded(paths.lookup(_answer(document, path), path))
    records = found if isinstance(found, list) else []
    readers = [partial(_read_in, record) for record in records]
    return (
        tally.one("items", path, [paths.compact(record) for record in records]),
        *tally.tally("fields", source.fields, readers),
    )


def _read_in(record: Any, _: str, rule: str) -> tuple[str, ...]:
    return tuple(paths.read_path(record, rule))


def _answer(document: Document, path: str) -> Any:
    """The value of the answer; of the values of a page, the one that has a list there."""
    content_type = document.headers.get("content-type")
    return read_json(document.body, content_type, url=document.url, fits=partial(_holds_list, path=path))


def _holds_list(value: Any, path: str) -> bool:
    try:
        return isinstance(embedded(paths.lookup(value, path)), list)
    except RuleError:
        return False


def _records(answer: Any, document: Document, source: Source) -> tuple[list[Any], list[str]]:
    path = source.items or "@"
    try:
        found = embedded(paths.lookup(answer, path))
    except RuleError as error:
        raise ReadError(f"items: {error}; see `aggregator check`", url=document.url) from error
    failure = failure_of(answer)
    if isinstance(found, list):
        records, warnings = _flat(found)
        if failure and records:
            return records, [f"the answer says that it failed ({failure!r}), and yet has {len(records)} records"]
        if records or not failure:
            remark = None if records else remark_of(answer)
            return records, [*warnings, *([f"{path!r} is empty; the answer says {remark!r}"] if remark else [])]
    if failure:
        raise ReadError(
            f"the answer says that it failed: {failure!r}, and has no records in {path!r}; keys that came: "
            f"{keys_of(answer)}; see whether headers, body or url must hold something else",
            url=document.url,
        )
    if found == "" or (found is None and paths.has_key(answer, path)):
        says = message_of(answer) if remark_of(answer) else None
        return [], [f"{path!r} is {'null' if found is None else 'empty'}; the answer says {says!r}"] if says else []
    if isinstance(found, dict) and path != "@":
        raise ReadError(
            f"{path!r} is no list but an object with the keys {keys_of(found)}; write items as {path}.KEY of the "
            f"list in it, or values({path}) where each value is a record",
            url=document.url,
        )
    hint = did_you_mean(path, [*(name for name, _ in lists_in(answer)), *paths_in(answer)]) if path != "@" else ""
    raise ReadError(
        f"no list {path!r} in the answer{hint or ';'} {describe(answer)}; if the API has changed, write the list's new "
        "name in items, try `aggregator preview`",
        url=document.url,
    )


def _flat(found: list[Any]) -> tuple[list[Any], list[str]]:
    """The records of a list, those of the lists in it where it holds lists of objects, and a warning for null ones."""
    records = [embedded(record) for record in found]
    if records and all(isinstance(one, list) and all(isinstance(inner, dict) for inner in one) for one in records):
        records = [record for one in records for record in one]
    present = [record for record in records if record is not None]
    missing = len(records) - len(present)
    return present, [f"{missing} records are null: left out"] if missing else []


def _find(record: Any, source: Source, document: Document, now: datetime) -> Found:
    def read_one(field: str, rule: str) -> tuple[str, ...]:
        texts = paths.read_path(record, rule)
        return texts if field in _SEVERAL else texts[:1]

    def date_in(text: str) -> str | None:
        return held_date(text, timezone=source.timezone, now=now)

    return find_fields(source.fields, read_one, url=document.url, date_in=date_in)


def _silent(source: Source, found: list[Found], records: list[Any]) -> list[str]:
    """A warning per field that yields nothing anywhere, with the names that the records have instead."""
    known = paths_in(next((record for record in records if isinstance(record, dict)), None))
    warnings: list[str] = []
    for rules in source.fields:
        written = [rule for rule in rules[1] if isinstance(rule, str)]
        hint = next((hint for rule in written if (hint := did_you_mean(rule, known))), "")
        warnings += [f"{warning}{hint}" for warning in silent_fields([rules], found)]
    return warnings


def _following(answer: Any, document: Document, source: Source) -> tuple[tuple[Request, ...], list[str]]:
    """The next page of the list, if there is one, and warnings; who asks counts the pages."""
    if source.next is None or source.next.pages < 2:
        return (), []
    counted = following_body(source, document.requested_url, lambda path: paths.first_text(answer, path))
    if counted is not None:
        page = counted.number
        url, warnings = _address(source.next, answer, document, page) if source.next.url else (source.url, [])
        if url is None or counted.body is None:
            return (), warnings
        # Pages of one address are told apart by a fragment, which no server is sent.
        return (further_request(f"{urldefrag(url)[0]}#{counted.mark}", source, is_page=False, body=counted.body),), []
    number = next_number(source.next.url or "", document.requested_url)
    url, warnings = _address(source.next, answer, document, number)
    if url is None or url in {document.url, document.requested_url}:
        return (), warnings
    return (further_request(url, source, is_page=False, body=source.body),), warnings


def _address(rule: Paging, answer: Any, document: Document, number: int) -> tuple[str | None, list[str]]:
    """The address of the next page, and a warning where the rule names something else, such as a token."""
    written = rule.url or ""
    over = {**answer, "page": number} if isinstance(answer, dict) else {"page": number}
    try:
        texts = paths.read_path(over, written)
    except RuleError as error:
        raise ReadError(f"next.url: {error}; see `aggregator check`", url=document.url) from error
    if "://" in written and "{" not in written:
        return written, []  # an address as it is, for a body that counts
    if not texts:
        return None, []
    if not _IS_ADDRESS.search(texts[0]):
        example = f"{document.url.partition('?')[0]}?after={{{written}}}"
        what = f"next.url: {written!r} gives {texts[0][:40]!r}, which is no address"
        return None, [f"{what}; write one that holds it, like {example}"]
    return absolute(texts[0], document.url), []
