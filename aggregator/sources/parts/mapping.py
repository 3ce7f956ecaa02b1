"""Entries out of what feeds.yaml maps (``fields``), whatever the document is made of. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.errors import ReadError
from aggregator.model import Const, Enclosure, FieldRule, Person, RawEntry, RawText
from aggregator.text.dates import find_date, read_date

DATES = frozenset({"published", "updated"})
_MOST_DATES = 20  # texts of one field that are looked at for a date; lists nested in lists have thousands
# Too long to be the name of an article.
_TEXTS = frozenset({"summary", "content"})
_MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]{2,8}\d?|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_TITLE_MARKUP = re.compile(r"</[a-z][a-z0-9]*>|<br ?/?>|&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)

Rules = Sequence[tuple[str, FieldRule]]


class RuleError(ValueError):
    """A selector, path or template of feeds.yaml cannot be understood."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the rules yield in one place.

    values: field -> texts, never empty. rules: field -> the rule that yielded. unread: fields of dates that hold none.
    """

    values: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, str]
    unread: frozenset[str] = frozenset()

    def first(self, name: str) -> str | None:
        return self.values[name][0] if name in self.values else None


def find_fields(
    rules: Rules,
    read: Callable[[str, str], Sequence[str]],
    *,
    url: str,
    date_in: Callable[[str], str | None],
) -> Found:
    """Return what each rule yields; of several alternatives, the first that does.

    Of a date that is the first text that holds one, whatever the alternative; where none does, the first as written.
    ``link`` comes back as ``url``. Raises ReadError for a rule that cannot be understood, naming the field.

    read: (field, rule as written) -> texts. url: of the document, for the error. date_in: see ``held_date``.
    """
    values: dict[str, tuple[str, ...]] = {}
    used: dict[str, str] = {}
    unread: set[str] = set()
    for name, alternatives in rules:
        field = "url" if name == "link" else name
        yielded: list[tuple[str, tuple[str, ...]]] = []
        for rule in alternatives:
            try:
                texts = (rule.text,) if isinstance(rule, Const) else tuple(read(field, rule))
            except RuleError as error:
                raise ReadError(f"fields.{name}: {error}; see `aggregator check`", url=url) from error
            if texts:
                yielded.append((rule if isinstance(rule, str) else "", texts))
                if field not in DATES or any(map(date_in, texts[:_MOST_DATES])):
                    break
        if not yielded:
            continue
        used[field], values[field] = yielded[0]
        if field in DATES:
            used[field], texts = yielded[-1]
            date = next((date for text in texts[:_MOST_DATES] if (date := date_in(text))), None)
            values[field] = (date or yielded[0][1][0],)
            unread |= {field} if date is None else set()
    return Found(values=values, rules=used, unread=frozenset(unread))


def held_date(text: str, *, timezone: str, now: datetime) -> str | None:
    """Return what ``read_date`` will understand of a text that holds a date, as written if possible, else None."""
    text = text.strip()
    if read_date(text, timezone=timezone, now=now) is not None:
        return text
    found = find_date(text, timezone=timezone, now=now)
    return found.isoformat() if found is not None else None


def raw_entry(
    found: Found,
    *,
    base: str | None,
    is_markup: Callable[[str, str], bool],
    last_name: Callable[[str], str | None] | None = None,
    record: str | None = None,
) -> RawEntry:
    """Return the entry that the found values make.

    is_markup: (field, value) -> whether a text is HTML. last_name: rule -> the last name of its path, under which
    the value is known too (``data.infoCode`` -> ``infoCode``).
    """

    def text(name: str) -> RawText | None:
        value = found.first(name)
        if value is None:
            return None
        return RawText(value=value, type="html" if is_markup(name, value) else "text", base=base)

    pairs: list[tuple[str, str]] = []
    for name, values in found.values.items():
        if name in _TEXTS:
            continue
        also = last_name(found.rules[name]) if last_name else None
        for value in values:
            pairs += [(name, value)] if also in (None, name) else [(name, value), (str(also), value)]
    enclosure = found.first("enclosure")
    return RawEntry(
        id=found.first("id"),
        url=found.first("url"),
        base=base,
        title=text("title"),
        summary=text("summary"),
        content=text("content"),
        published=found.first("published"),
        updated=found.first("updated"),
        authors=tuple(Person(name=name) for name in found.values.get("author", ())),
        categories=found.values.get("category", ()),
        tags=found.values.get("tags", ()),
        enclosures=(Enclosure(url=enclosure),) if enclosure else (),
        image=found.first("image"),
        language=found.first("language"),
        rights=found.first("rights"),
        comments=found.first("comments"),
        fields=tuple(pairs),
        record=record,
    )


def says_something(entry: RawEntry) -> bool:
    """Return whether an entry is worth keeping: there is something to open or to read."""
    return bool(entry.url or entry.title or entry.summary or entry.content)


def looks_like_markup(name: str, value: str) -> bool:
    """Return whether a text that does not say what it is was written as HTML. A title may speak of ``<b>``."""
    return (_TITLE_MARKUP if name == "title" else _MARKUP).search(value) is not None


def silent_fields(rules: Rules, found: Sequence[Found]) -> tuple[str, ...]:
    """Return a warning per mapped field that yields nothing in any of several entries."""
    if not found:
        return ()
    warnings: list[str] = []
    for name, alternatives in rules:
        field = "url" if name == "link" else name
        written = [rule for rule in alternatives if isinstance(rule, str)]
        if written and not any(field in one.values and field not in one.unread for one in found):
            example = next((f" but {one.values[field][0][:40]!r}" for one in found if field in one.unread), "")
            what = f"no date{example}" if field in DATES else "nothing"
            warnings.append(
                f"fields.{name}: {', '.join(map(repr, written))} gives {what} in any of {len(found)} entries"
            )
    return tuple(warnings)
