"""What every format says of an entry, whatever its syntax. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from aggregator.model import Content, CopyRef, Credit, Enclosure, Entry, Link, Person
from aggregator.outputs.parts.addresses import followable, is_email, is_language, is_media_type, media_type

HEADLINE_LENGTH = 80  # characters; what stands for a missing title
EXCERPT_LENGTH = 280  # characters; what stands for a missing summary

# What a link of an entry may be here: the others (self, edit, hub, next …) are about the feed that it stood in.
_RELS = frozenset({"alternate", "related", "via", "replies", "license", "canonical", "shortlink", "author"})
# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})
# fmt: on
_BREAKS = re.compile("[ \t\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
_ENDS = re.compile(r"[\s。！？；，、．!?;,.…]")
_HEAD = 20_000  # characters of HTML that an excerpt is looked for in first


@dataclass(frozen=True, kw_only=True)
class Term:
    """A category as a feed names it. label: None where the term says all."""

    term: str
    label: str | None = None


def headline(entry: Entry) -> str:
    """Return the title, or the start of the text, or the name of its source: never empty, on one line."""
    content = entry.content
    text = _line(content.title) or shortened(_line(content.summary) or plain(content.html), HEADLINE_LENGTH)
    return text or _line(entry.credit.title) or entry.id


def title(entry: Entry) -> str | None:
    """Return the title on one line, or None when it has none."""
    return _line(entry.content.title) or None


def excerpt(content: Content) -> str | None:
    """Return the summary whole, or the start of the text, or None when there is no text."""
    return (content.summary or "").strip() or shortened(plain(content.html), EXCERPT_LENGTH) or None


def html(content: Content) -> str | None:
    """Return the article's HTML, or None when it has none."""
    return content.html if content.html and not content.html.isspace() else None


def credit(entry: Entry) -> Credit:
    """Return where the entry comes from. Of a private source nothing is told but its title."""
    told = entry.credit
    if entry.copies and entry.copies[0].is_private:
        return Credit(name=told.title, title=told.title, updated=told.updated, rights=told.rights)
    return replace(told, url=followable(told.url), feed_url=followable(told.feed_url))


def authors(entry: Entry) -> tuple[Person, ...]:
    """Return who wrote it, each with a name: those it names, else its source."""
    found = []
    for person in entry.content.authors:
        url = followable(person.url)
        email = person.email if is_email(person.email) else None
        if name := _line(person.name) or email or url:
            found.append(Person(name=name, email=email, url=url))
    if found:
        return tuple(found)
    source = credit(entry)
    return (Person(name=_line(source.title) or source.name, url=source.url),)


def terms(entry: Entry) -> tuple[Term, ...]:
    """Return the categories it is published in, then its own tags that say something else."""
    said = set()
    found = []
    for category in entry.categories:
        label = _line(category.title) or category.slug
        found.append(Term(term=category.slug, label=label))
        said |= {category.slug.casefold(), _line(category.name).casefold(), label.casefold()}
    for tag in entry.content.tags:
        if (tag := _line(tag)) and tag.casefold() not in said:
            found.append(Term(term=tag))
            said.add(tag.casefold())
    return tuple(found)


def language(content: Content) -> str | None:
    """Return the language tag of the text, or None when it is not known or none."""
    return content.language if is_language(content.language) else None


def other_copies(entry: Entry) -> tuple[CopyRef, ...]:
    """Return the copies beside the one that speaks; private ones are not told of."""
    return tuple(copy for copy in entry.copies[1:] if not copy.is_private)


def enclosures(content: Content) -> tuple[Enclosure, ...]:
    """Return the files that belong to it, each once, each with an absolute address and a media type."""
    found: dict[str, Enclosure] = {}
    for enclosure in content.enclosures:
        if (url := followable(enclosure.url)) and url not in found:
            found[url] = replace(enclosure, url=url, type=media_type(enclosure))
    return tuple(found.values())


def links(entry: Entry) -> Iterator[Link]:
    """Yield the links beside the article's own address and its files, each once: copies, relatives, what it names.

    A further alternate (a translation, a page for print) is told as related: of several alternates some readers take
    the first for the article's address, others the last (feedparser 6.0).
    """
    content = entry.content
    candidates = [
        *(replace(link, rel="related") for link in entry.related),
        *(Link(rel="related", url=copy.url, title=copy.title) for copy in other_copies(entry) if copy.url),
        *((Link(rel="replies", url=content.comments, type="text/html"),) if content.comments else ()),
        *(link for link in content.links if link.rel in _RELS),
    ]
    own = ("related", followable(content.url))
    is_shared = any(link.url == content.url for link in entry.related)  # by a comment and the article it is about
    said: set[tuple[str, str | None]] = set() if is_shared else {own}
    for link in candidates:
        rel = "related" if link.rel == "alternate" else link.rel
        url = followable(link.url)
        if url is None or (rel, url) in said:
            continue
        said.add((rel, url))
        yield Link(
            rel=rel,
            url=url,
            type=link.type if is_media_type(link.type) else None,
            title=_line(link.title) or None,
            language=link.language if is_language(link.language) else None,
        )


def plain(markup: str | None) -> str:
    """Return what the start of a clean HTML text says, on one line; empty when that is nothing.

    Of a long text only as much is read as an excerpt needs.
    """
    if not markup:
        return ""
    start = _plain(markup[:_HEAD])
    return start or (_plain(markup) if len(markup) > _HEAD else "")


def _plain(markup: str) -> str:
    from lxml import etree

    root = etree.HTML(f"<body>{markup}</body>")
    if root is None:
        return ""
    pieces = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("start", "end") and element.tag in _BLOCKS:
            pieces.append(" ")
        if event == "start":
            pieces.append(element.text or "")
        elif event in ("end", "comment", "pi"):
            pieces.append(element.tail or "")
    return _line("".join(pieces))


def shortened(text: str, length: int) -> str:
    """Return the text, cut at a word or a mark and ended with ``…`` when it is longer than that many characters."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    ends = [found.start() for found in _ENDS.finditer(cut, length // 2)]
    return (cut[: ends[-1]] if ends else cut).rstrip(" 。；，、;,.…") + "…"


def _line(text: str | None) -> str:
    """Return the text on one line. Other spaces than the plain one are typography, and stay."""
    return _BREAKS.sub(" ", text).strip() if text else ""
