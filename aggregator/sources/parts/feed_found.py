"""What feedparser found, as our nouns. Pure.

Its result is read with ``dict.get``: its own dictionary invents values for old names, and warns.
"""

import re
from typing import Any

from aggregator.model import Link, Person, RawText
from aggregator.sources.parts.feed_elements import Elements

Found = dict[str, Any]  # feedparser's

WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_TEXT_TYPES = frozenset({"text/plain", "text", "plain"})


def raw_text(detail: Found | None, head: Elements) -> RawText | None:
    """Return a text with its type; None when it is empty or something that is not text."""
    value = str(dict.get(detail, "value") or "") if detail else ""
    if value.lstrip().startswith("<![CDATA["):  # escaped once too often
        value = value.replace("<![CDATA[", "").replace("]]>", "")
    value = value.strip()
    if detail is None or not value:
        return None
    kind = str(dict.get(detail, "type") or "text/html")
    if kind not in HTML_TYPES | _TEXT_TYPES and not kind.startswith("text/"):
        return None
    language = dict.get(detail, "language")
    return RawText(
        value=value,
        type="html" if kind in HTML_TYPES else "text",
        base=dict.get(detail, "base") or head.base,
        language=language if language != head.language else None,
    )


def web_address(text: str | None) -> str | None:
    """Return the text where it looks like an absolute web address."""
    text = (text or "").strip()
    return text if WEB.match(text) else None


def people(one: Found, name: str = "authors") -> tuple[Person, ...]:
    """Return the authors, or another list of people."""
    found = [
        Person(name=dict.get(person, "name"), email=dict.get(person, "email"), url=dict.get(person, "href"))
        for person in dict.get(one, name) or ()
        if dict.get(person, "name") or dict.get(person, "email") or dict.get(person, "href")
    ]
    if not found and name == "authors" and (line := dict.get(one, "author")):
        found.append(Person(name=line))
    return tuple(dict.fromkeys(found))


def categories(one: Found) -> tuple[str, ...]:
    """Return the words it is filed under: labels before terms. Terms that are addresses are for programs."""
    words = [
        " ".join(str(dict.get(tag, "label") or dict.get(tag, "term") or "").split())
        for tag in dict.get(one, "tags") or ()
    ]
    return tuple(dict.fromkeys(word for word in words if word and not WEB.match(word)))


def links(one: Found) -> tuple[Link, ...]:
    """Return the links beside its own and its files."""
    return tuple(
        Link(url=href, rel=rel)
        for link in dict.get(one, "links") or ()
        if (rel := dict.get(link, "rel")) not in {"alternate", "enclosure", None} and (href := dict.get(link, "href"))
    )


def rights(one: Found) -> str | None:
    """Return what it says of its rights, else the address of its licence."""
    text = dict.get(one, "rights") or dict.get(one, "license")
    return str(text).strip() or None if text else None
