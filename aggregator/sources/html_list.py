"""A web page that lists articles and has no feed: CSS selectors say where the entries are. Pure.

.. code-block:: yaml

    sources:
      - name: 吉林日报
        kind: html_list
        url: https://news.example.org/category/jilin.html
        items: section ul li
        fields:
          title: [a@title, a]
          url: a@href
          published: .date
          summary: p.digest
          image: img
        remove: [.advertisement]
        next: {url: a.next@href, pages: 3}
        article: {content: section.text, published: "section > small"}

``items``
    A selector (Beautiful Soup's, so ``a:-soup-contains('返回')`` works) with one match per entry.
``fields``
    What an entry is made of: title, url, published, updated, summary, content, author, category, tags, image, id,
    language, enclosure; any other name is kept for ``identity``. A value is

    - ``selector``: the first match within the item (or the item itself) that has a text; for published and updated
      the first that holds a date. A url takes the element's link, an image its address, content its inner HTML;
    - ``selector@attribute``, or ``@attribute`` of the item itself;
    - a template, ``https://news.example.org/{id}.html``: names of other fields, or selectors, in braces;
    - ``{const: text}``;
    - a list of these, of which the first that yields counts.

    Default: ``url: a@href``, and ``title: a`` where neither a title, a summary nor a content is mapped.
``remove``
    Selectors of what is cut from the content, after all other fields were read. Default: nothing.
``next``
    Where the following page is: a selector or a template that may hold ``{page}``; at most ``pages`` in all.

Relative links start from the page's ``<base href>``, else from its address.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bs4 import BeautifulSoup, Tag

from aggregator.errors import ReadError
from aggregator.model import Document, FieldRule, Matched, RawEntry, Reading, Request, Source, SourceInfo
from aggregator.sources.parts import selectors, tally
from aggregator.sources.parts.asking import first_request, further_request
from aggregator.sources.parts.bounds import first_ones
from aggregator.sources.parts.following import following_address
from aggregator.sources.parts.mapping import (
    DATES,
    Found,
    RuleError,
    Rules,
    find_fields,
    held_date,
    raw_entry,
    says_something,
    silent_fields,
)
from aggregator.sources.parts.templates import fill, has_names
from aggregator.text.decoding import mislabelled
from aggregator.text.urls import without_credentials

MOST_IN_ITEMS = 500_000  # elements, counted for each item that they are in: items within items are read again and again

_NAMED = 5  # items that warnings name one by one


def request(source: Source) -> Request:
    return first_request(source, is_page=True)


def read(document: Document, source: Source, *, now: datetime) -> Reading:
    """Return the entries of the list. Raises ReadError when no element matches, or none of them is an entry."""
    page = selectors.parse_page(document)
    base = selectors.base_of(page, document.url)
    items, too_many = first_ones(_items(page, document, source), "items in the page")
    following = _following(page, base, document, source) if items else ()
    rules = _rules(source)
    found = [_find(item, rules, document, source, now) for item in items]
    entries: list[RawEntry] = []
    without_url: list[str] = []
    left_out: list[str] = []
    for number, (item, fields) in enumerate(zip(items, found, strict=True), start=1):
        entry = raw_entry(fields, base=base, is_markup=lambda name, _: name == "content")
        if not says_something(entry):
            left_out.append(_called(number, item))
            continue
        if entry.url is None or entry.title is None:
            without_url.append(f"{_called(number, item)} has no {'url' if entry.url is None else 'title'}")
        entries.append(entry)

    silent = silent_fields(rules, found)
    if items and not entries:
        raise ReadError(
            f"{source.items!r} matches {len(items)} elements and none gives an entry: {'; '.join(silent)}; "
            "the page may have changed: compare it with items and fields, try `aggregator preview`",
            url=document.url,
        )
    fault = mislabelled(document.body, document.headers.get("content-type"))
    warnings = [*too_many, *([f"encoding: {fault}"] if fault else []), *silent]
    warnings += _some(without_url, "have no url or title")
    if left_out:
        warnings += _some([f"{name} has neither url, title nor text: left out" for name in left_out], "are left out")
    return Reading(info=_info(page, document), entries=tuple(entries), requests=following, warnings=tuple(warnings))


def matched(document: Document, source: Source, *, now: datetime) -> tuple[Matched, ...]:
    """Return what each selector matches: in the page, or in how many of its items."""
    page = selectors.parse_page(document)
    items = _tried(page, source.items or "")
    rules = _rules(source)
    readers = [_shown(_reader(item, rules, document, source, now)) for item in items]
    found = [tally.one("items", source.items or "", [selectors.visible_text(item) for item in items])]
    found += tally.tally("fields", rules, readers)
    for selector in source.remove:
        cut = [element for item in items for element in _tried(item, selector)]
        found.append(tally.one("remove", selector, [selectors.visible_text(element) for element in cut]))
    if source.next is not None and source.next.url is not None:
        following = _following(page, selectors.base_of(page, document.url), document, source)
        found.append(tally.one("next", source.next.url, [without_credentials(one.address) for one in following]))
    return tuple(found)


def _tried(root: Tag, selector: str) -> list[Tag]:
    try:
        return selectors.select(root, selector) if selector else []
    except RuleError:
        return []


def _shown(reader: tuple[tally.Read, Callable[[str], str | None]]) -> tally.Read:
    """What reads a rule as people see it: of a date the text that holds one, of a content its text."""
    read_one, date_in = reader

    def read_shown(field: str, rule: str) -> tuple[str, ...]:
        texts = tuple(read_one(field, rule))
        if field in DATES:
            return tuple(text for text in texts if date_in(text))
        if field == "content":
            return tuple(selectors.visible_text(selectors.parse_html(text, url=None)) or text for text in texts)
        return texts

    return read_shown


def _items(page: BeautifulSoup, document: Document, source: Source) -> list[Tag]:
    try:
        items = selectors.select(page, source.items) if source.items else []
    except RuleError as error:
        raise ReadError(f"items: {error}; see `aggregator check`", url=document.url) from error
    if len(items) > 1 and _is_nested_too_much(page, items):
        raise ReadError(
            f"items: {source.items!r} matches elements within each other, again and again; write a selector that "
            "matches one element for each entry",
            url=document.url,
        )
    if items or (source.next and document.requested_url != source.url):  # a list may end with an empty page
        return items
    if not source.items:
        raise ReadError("a source of kind html_list needs items: a selector with one match per entry", url=document.url)
    why = selectors.mismatch(page, source.items)
    bare = "" if page.find("a") else "; the page holds no link at all, so a script in the browser may make its list"
    raise ReadError(f"{why}{bare}; the page may have changed: try `aggregator preview`", url=document.url)


def _is_nested_too_much(page: BeautifulSoup, items: Sequence[Tag]) -> bool:
    """Tell whether reading all that is in each item would take for ever."""
    ours = {id(item) for item in items}
    around = {id(page): 0}  # element -> how many items it is in
    total = 0
    for element in page.find_all(True):
        here = around[id(element)] = around.get(id(element.parent), 0) + (id(element) in ours)
        total += here
        if total > MOST_IN_ITEMS:
            return True
    return False


def _rules(source: Source) -> Rules:
    mapped = {"url" if name == "link" else name for name, _ in source.fields}
    defaults: list[tuple[str, FieldRule]] = []
    if mapped.isdisjoint({"title", "summary", "content"}):
        defaults.append(("title", ("a",)))
    if "url" not in mapped:
        defaults.append(("url", ("a@href",)))
    return (*source.fields, *defaults)


def _find(item: Tag, rules: Rules, document: Document, source: Source, now: datetime) -> Found:
    """What the rules yield in one item; content last, when what does not belong to it is cut."""
    read_one, date_in = _reader(item, rules, document, source, now)
    others = [(name, rule) for name, rule in rules if name != "content"]
    found = find_fields(others, read_one, url=document.url, date_in=date_in)
    if not (content := [(name, rule) for name, rule in rules if name == "content"]):
        return found
    try:
        selectors.cut(item, source.remove)
    except RuleError as error:
        raise ReadError(f"remove: {error}; see `aggregator check`", url=document.url) from error
    text = find_fields(content, read_one, url=document.url, date_in=date_in)
    return replace(found, values={**found.values, **text.values}, rules={**found.rules, **text.rules})


def _reader(
    item: Tag, rules: Rules, document: Document, source: Source, now: datetime
) -> tuple[Callable[[str, str], tuple[str, ...]], Callable[[str], str | None]]:
    """What reads a rule in an item, and what finds a date in a text."""
    plain = dict(rules)

    def date_in(text: str) -> str | None:
        return held_date(text, timezone=source.timezone, now=now)

    def read_one(field: str, rule: str) -> tuple[str, ...]:
        if has_names(rule):
            filled = fill(rule, value_of)
            return (filled,) if filled else ()
        return selectors.read_rule(item, field, rule)

    def value_of(name: str) -> str | None:
        alternatives = [rule for rule in plain.get(name, (name,)) if not (isinstance(rule, str) and has_names(rule))]
        return find_fields([(name, tuple(alternatives))], read_one, url=document.url, date_in=date_in).first(name)

    return read_one, date_in


def _following(page: BeautifulSoup, base: str, document: Document, source: Source) -> tuple[Request, ...]:
    """The next page of the list, if there is one; who asks counts the pages."""
    if source.next is None or source.next.url is None or source.next.pages < 2:
        return ()
    try:
        target = following_address(page, base, document, source.next.url)
    except RuleError as error:
        raise ReadError(f"next.url: {error}; see `aggregator check`", url=document.url) from error
    return (further_request(target, source, is_page=True),) if target else ()


def _info(page: BeautifulSoup, document: Document) -> SourceInfo:
    title = selectors.visible_text(page.title) if page.title else ""
    root = page.html
    language = root.get("lang") if root else None
    return SourceInfo(
        title=title or None, url=document.url, language=language.strip() or None if isinstance(language, str) else None
    )


def _called(number: int, item: Tag) -> str:
    text = selectors.visible_text(item)
    return f"item {number} ({text[:40]!r})" if text else f"item {number}"


def _some(messages: Sequence[str], what: str) -> list[str]:
    """The first few messages, and how many more there are."""
    more = len(messages) - _NAMED
    return [*messages[:_NAMED], *([f"{more} more items {what}"] if more > 0 else [])]
