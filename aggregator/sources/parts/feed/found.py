"""What feedparser found, as our nouns. Pure.

Its result is read with ``dict.get``: its own dictionary invents values for old names, and warns.
"""

import re
from typing import Any

from aggregator.model import Link, Person, RawText
from aggregator.sources.parts.feed.elements import Elements
from aggregator.text.references import unescaped

Found = dict[str, Any]  # feedparser's

WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_TEXT_TYPES = frozenset({"text/plain", "text", "plain"})
_CODE = re.compile(  # what is no text: scripts, styles, comments (also those that do not end), declarations
    r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|$)|<!--(?:(?!<!--).)*?-->|<!--[^<>]*>?|<![A-Za-z][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_FOR_PROGRAMS = re.compile(r"https?://[^\s/]|[\d._-]+\Z", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_VOID = re.compile(  # how XML is written that had <br/>; in HTML its end would be a second break
    r"(<(area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)(?:\s[^<>]*+)?>)</\2\s*+>", re.IGNORECASE
)
_OCTETS = "application/octet-stream"  # what was said of a text in base64, which feedparser decodes


def raw_text(detail: Found | None, head: Elements) -> RawText | None:
    """Return a text with its type; None when it is empty or something that is not text."""
    value = str(dict.get(detail, "value") or "") if detail else ""
    if value.lstrip().startswith("<![CDATA["):  # escaped once too often
        value = value.replace("<![CDATA[", "").replace("]]>", "")
    value = value.strip()
    if detail is None or not value:
        return None
    kind = str(dict.get(detail, "type") or "text/html")
    if kind == _OCTETS and value.isprintable():
        kind = "text/html"
    if kind not in HTML_TYPES | _TEXT_TYPES and not kind.startswith("text/"):
        return None
    is_html = kind in HTML_TYPES
    # xml:lang="" takes back what was said further out (XML 1.0, section 2.12)
    language = dict.get(detail, "language") or ("und" if head.language else None)
    return RawText(
        value=_VOID.sub(r"\1", value) if is_html and "></" in value else value,
        type="html" if is_html else "text",
        base=dict.get(detail, "base") or head.base,
        language=language if language != head.language else None,
    )


def plain(found: RawText | None) -> str | None:
    """Return a title, or a line of rights, without mark-up, on one line."""
    text = found.value if found else ""
    if found and found.type == "html":
        text = _CODE.sub("", text)
        text, before = _TAG.sub("", text), text
        while "<" in text and text != before:  # one within an attribute of another
            text, before = _TAG.sub("", text), text
        text = unescaped(text)
    return " ".join(text.split()) or None


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


def terms(one: Found) -> tuple[str, ...]:
    """Return the terms of categories whose labels are other words; numbers and addresses are for programs."""
    words = [
        " ".join(str(dict.get(tag, "term") or "").split())
        for tag in dict.get(one, "tags") or ()
        if dict.get(tag, "label")
    ]
    told = {word.casefold() for word in categories(one)}
    return tuple(
        dict.fromkeys(word for word in words if word and word.casefold() not in told and not _FOR_PROGRAMS.match(word))
    )


def links(one: Found) -> tuple[Link, ...]:
    """Return the links beside its own and its files."""
    return tuple(
        Link(url=href, rel=rel)
        for link in dict.get(one, "links") or ()
        if (rel := dict.get(link, "rel")) not in {"alternate", "enclosure", None} and (href := dict.get(link, "href"))
    )


def rights(one: Found, head: Elements) -> str | None:
    """Return what it says of its rights as text, else the address of its licence."""
    licence = dict.get(one, "license")
    return plain(raw_text(dict.get(one, "rights_detail"), head)) or (str(licence).strip() or None if licence else None)
