"""Whoever wrote it: names and addresses taken apart, and the source line of a text. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace

from aggregator.model import Person
from aggregator.normalize.credits import credits_of, may_credit, names_in
from aggregator.normalize.media import address
from aggregator.text.lines import line
from aggregator.text.references import unescaped
from aggregator.text.visible import visible

LONGEST_NAME = 1_000  # scientific journals name all authors of a paper in one line

_MAIL = r"[^\s@<>()\[\]\",;:\\]{1,64}@[^\s@<>()\[\]\",;:\\]{1,190}"
_MAIL_ONLY = re.compile(rf"(?:mailto:)?({_MAIL})", re.IGNORECASE)
_MAIL_NAME = re.compile(rf"(?:mailto:)?({_MAIL})\s*[(（]\s*(.*?)\s*[)）]", re.IGNORECASE)  # RSS 2.0, <author>
_NAME_MAIL = re.compile(rf"[\"']?(.*?)[\"']?\s*[<(\[]\s*(?:mailto:)?({_MAIL})\s*[>)\]]", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>@]*>")  # `Ann <ann@example.org>` is none
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)


def persons(found: Iterable[Person], *, base: str | None) -> tuple[Person, ...]:
    """Return the persons as found, cleaned, each once; who has neither name nor address is left out.

    ``ann@example.org (Ann)`` and ``Ann <ann@example.org>`` are taken apart. base: for their relative URLs.
    """
    kept = dict.fromkeys(person for each in found for one in _named(each) if (person := _person(one, base)) is not None)
    return tuple(kept)


def credited(html: str | None) -> tuple[Person, ...]:
    """Return whom a text itself names at its ends: its authors, its medium (``（文章来源：吉林日报）``), its reporters.

    html: clean.
    """
    if not html or not may_credit(html):
        return ()
    names = (line(name) for name in credits_of(visible(html).split("\n")))
    return tuple(Person(name=name) for name in dict.fromkeys(names) if name)


def _named(found: Person) -> tuple[Person, ...]:
    """The persons of a field that is written as a source line is: ``记者 张三 李四``, ``By Jane Doe``."""
    names = names_in(line(found.name) or "") if found.name and not found.email else None
    return (found,) if names is None else tuple(replace(found, name=name) for name in names)


def _person(found: Person, base: str | None) -> Person | None:
    name, email = _words(found.name), _words(found.email)
    if email:
        email, inside = _apart(email)
        name = name or inside
    if name and not found.email:
        mail, rest = _apart(name)
        if mail:
            email, name = mail, rest
    if name and email and name == email:
        name = None
    url = address(found.url, base)
    if not (name or email or url):
        return None
    return Person(
        name=name,
        email=email,
        url=url,
        role=line(found.role),
        group=line(found.group),
        image=address(found.image, base),
    )


def _apart(text: str) -> tuple[str | None, str | None]:
    """Return e-mail address and name; no address where the text has none, or is more than these two."""
    if match := _MAIL_ONLY.fullmatch(text):
        return match[1], None
    if match := _MAIL_NAME.fullmatch(text):
        return match[1], match[2] or None
    if match := _NAME_MAIL.fullmatch(text):
        return match[2], match[1] or None
    return None, text


def _words(text: str | None) -> str | None:
    """Return a name as plain text: names are text, but HTML is met in them."""
    if not text:
        return None
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text and _REFERENCE.search(text):
        text = unescaped(text)
    text = line(text) or ""
    return text[:LONGEST_NAME].strip() or None
