"""What feedparser loses of an XML feed: a second, short look at the elements themselves. Pure.

feedparser keeps the last of repeated elements, makes ids absolute, mixes authors, lets ``media:description`` overwrite
the summary and gives every link a type. So the document is walked once more, and its entries are matched to those of
feedparser by their order.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from aggregator.model import Hints, Person
from aggregator.sources.parts.feed.mending import without_halves

Element = Any  # lxml has no types

# Namespaces as programs write them differ in scheme, letter case and the last slash: here they stand without.
_PREFIXES = {
    "w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "search.yahoo.com/mrss": "media",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "backend.userland.com/creativecommonsrssmodule": "license",
    "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "license",
    "web.resource.org/cc": "license",
    "creativecommons.org/ns": "license",
    "w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "w3.org/1999/xhtml": "xhtml",
    "podcastindex.org/namespace/1.0": "podcast",
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "google.com/schemas/play-podcasts/1.0": "googleplay",
    "podlove.org/simple-chapters": "psc",
    "georss.org/georss": "georss",
    "georss.org/georss/10": "georss",
    "opengis.net/gml": "gml",
    "w3.org/2003/01/geo/wgs84_pos": "geo",
    "postneo.com/icbm": "icbm",
    "purl.org/syndication/history/1.0": "fh",
    "webns.net/mvcb": "admin",
    "purl.org/rss/1.0/modules/slash": "slash",
    "purl.org/syndication/thread/1.0": "thr",
    "wellformedweb.org/commentapi": "wfw",
}
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_DECLARATION = re.compile(r' xmlns(?::[\w.-]+)?="[^"]*"')  # which lxml adds to what it cuts out
_WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST_HINT = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Elements:
    """The children of an entry or of a feed's head by name (``dc:creator``, ``title``; Atom's as ``title`` too)."""

    base: str | None
    language: str | None
    about: str | None = None  # RSS 1.0: rdf:about
    is_atom: bool = False
    children: Mapping[str, list[Element]] = field(default_factory=dict)

    def all(self, *names: str) -> list[Element]:
        """Return the elements of the first of these names that the entry has any of."""
        return next((self.children[name] for name in names if name in self.children), [])

    def text(self, *names: str) -> str | None:
        """Return the text of the first element of these names that is not empty."""
        return next((text for name in names for found in self.children.get(name, ()) if (text := text_of(found))), None)

    def last(self, *names: str) -> str | None:
        """Return the last text of the first of these names that has any: of dates, which are added to what is there."""
        texts = ([text for one in self.children.get(name, ()) if (text := text_of(one))] for name in names)
        return next((found[-1] for found in texts if found), None)


@dataclass(frozen=True, kw_only=True)
class FeedElements:
    """The head of a feed and its entries, in the order of the document."""

    head: Elements
    entries: tuple[Elements, ...]


def feed_elements(text: str, base: str | None) -> FeedElements | None:
    """Return the elements of a feed, or None when nothing can be made of it. Mends what is ill-formed, as it can."""
    from lxml import etree

    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(without_halves(text).encode(), parser)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return None
    entries: list[Elements] = []
    heads: dict[str, list[Element]] = defaultdict(list)
    head_of_all = root
    for element, name in _named(root):
        if name in {"item", "entry"}:
            entries.append(elements_of(element, base))
        elif name in {"channel", "feed"} and len(heads) == 0:
            head_of_all = element
            heads = by_name(element)
    if root is not head_of_all and name_of(root) == "rdf":  # RSS 1.0: image and the like stand beside the channel
        for name, found in by_name(root).items():
            heads.setdefault(name, []).extend(found)
    head = Elements(
        base=_base(head_of_all, base),
        language=_inherited(head_of_all, _XML_LANG),
        is_atom=speaks_atom(head_of_all),
        children=heads,
    )
    return FeedElements(head=head, entries=tuple(entries))


def _named(root: Element) -> Iterator[tuple[Element, str]]:
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element, name_of(element)


def name_of(element: Element) -> str:
    """Return ``prefix:local`` in lower case, with the usual prefix; the vocabulary of RSS and Atom without one."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    if tag[0] != "{":
        return tag.lower().removeprefix("atom:")  # an undeclared prefix stands as it was written
    space, _, local = tag[1:].partition("}")
    prefix = _prefix_of(space)
    if prefix in {"", "atom", "rdf"}:
        known = prefix or element.prefix is None or "rss" in space.lower()
        return local.lower() if known else f"{element.prefix}:{local}".lower()
    return f"{prefix}:{local}".lower()


@lru_cache(maxsize=256)
def _prefix_of(namespace: str) -> str:
    """The usual prefix of a known namespace, or nothing."""
    bare = namespace.strip().lower().removeprefix("http://").removeprefix("https://").removeprefix("www.")
    return _PREFIXES.get(bare.rstrip("/#"), "")


def speaks_atom(element: Element) -> bool:
    """Whether an element is of Atom's vocabulary, or has the names of its documents in whatever vocabulary."""
    space, _, local = element.tag.rpartition("}")
    return _prefix_of(space[1:]) == "atom" or local in {"feed", "entry"}


def by_name(parent: Element) -> dict[str, list[Element]]:
    """Return the children by name; what media:group and media:content hold counts as the parent's."""
    found: dict[str, list[Element]] = defaultdict(list)
    for child in parent:
        name = name_of(child)
        if name not in {"item", "entry"}:
            found[name].append(child)
        if name in {"media:group", "media:content"}:
            for inner, elements in by_name(child).items():
                if inner.startswith("media:"):
                    found["group:" + inner if inner == "media:content" else inner].extend(elements)
    return found


def elements_of(element: Element, base: str | None) -> Elements:
    """Return what stands in an entry, or in another element that is like a feed's head."""
    return Elements(
        base=_base(element, base),
        language=element.get(_XML_LANG),
        about=element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"),
        is_atom=speaks_atom(element),
        children=by_name(element),
    )


def _base(element: Element, base: str | None) -> str | None:
    """xml:base of the element and all around it, over the document's address."""
    chain = [value for parent in (element, *element.iterancestors()) if (value := parent.get(_XML_BASE))]
    for value in reversed(chain):
        try:
            base = urljoin(base or "", value.strip())
        except ValueError:
            continue
    return base


def attribute(element: Element, name: str) -> str:
    """Return the value of an attribute, whatever the letter case of its name; empty where there is none."""
    value = element.get(name)
    if value is None:
        value = next((found for key, found in element.items() if key.lower() == name.lower()), "")
    return str(value).strip()


def joined(url: str, base: str | None, *elements: Element) -> str:
    """Return an address absolute, as far as it can be: under the xml:base of these elements, outer first, and base."""
    try:
        for element in elements:
            if own := element.get(_XML_BASE):
                base = urljoin(base or "", own.strip())
        return urljoin(base, url) if base else url
    except ValueError:
        return url


def _inherited(element: Element, attribute: str) -> str | None:
    return next((value for parent in (element, *element.iterancestors()) if (value := parent.get(attribute))), None)


def text_of(element: Element) -> str:
    """Return all the text inside an element."""
    return "".join(element.itertext()).strip()


def own_id(elements: Elements) -> str | None:
    """Return the id, guid or rdf:about as it stands, mark-up in it included."""
    for element in (*elements.all("id"), *elements.all("guid")):
        if len(element):
            from lxml import etree

            inner = b"".join(etree.tostring(child, encoding="utf-8") for child in element).decode()
            return f"{element.text or ''}{_DECLARATION.sub('', inner)}".strip()
        if text := text_of(element):
            return text
    return elements.about


def people(elements: Elements) -> tuple[Person, ...]:
    """Return the authors: Atom's with all they tell, dc:creator and author (``mail (Name)``), each person once.

    Of a feed they are whose show it is and its editors; where it names none, who keeps the site.
    """
    if elements.is_atom:
        found = [atom_person(author, elements.base) for author in elements.all("author")]
        if any(found):
            return tuple(dict.fromkeys(person for person in found if person))
    found = [
        atom_person(element, elements.base) if len(element) else _line_person(text_of(element))
        for name in (("dc:creator", "dc:author"), ("author",))
        for element in elements.all(*name)
    ]
    if not any(found):
        found = [_line_person(text_of(element)) for element in elements.all("itunes:author")]
    found += [_line_person(text_of(element)) for element in elements.all("managingeditor")]
    if not any(found):
        found = [_line_person(text_of(element)) for element in elements.all("webmaster")]
    return _merged([person for person in found if person])


def _merged(people: list[Person]) -> tuple[Person, ...]:
    """One of those with the same name, told most of; an address without a name belongs to a lone name."""
    merged: dict[str, Person] = {}
    for person in people:
        key = (person.name or person.email or person.url or "").casefold()
        old = merged.get(key, person)
        merged[key] = Person(name=old.name, email=old.email or person.email, url=old.url or person.url)
    nameless = [key for key, person in merged.items() if person.name is None]
    if len(merged) == 2 and len(nameless) == 1:
        lone = merged.pop(nameless[0])
        (named,) = merged.values()
        return (Person(name=named.name, email=named.email or lone.email, url=named.url or lone.url),)
    return tuple(merged.values())


def atom_person(element: Element, base: str | None = None) -> Person | None:
    """Return the person that an element is about, by its children or by its text; None when it names nobody.

    base: the URL that the element's own begin from, but for xml:base.
    """
    children = by_name(element)
    name, email = (
        next((text for key in keys for child in children.get(key, ()) if (text := text_of(child))), None)
        for keys in (("name", "itunes:name"), ("email", "itunes:email"))
    )
    addresses = (child for key in ("uri", "url", "homepage") for child in children.get(key, ()))
    url = next((joined(text, base, element, child) for child in addresses if (text := text_of(child))), None)
    if name is None and email is None and url is None:
        return _line_person(text_of(element))
    return Person(name=name, email=email, url=url)


def _line_person(line: str) -> Person | None:
    """``mail (Name)``, ``Name (mail)``, ``Name <mail>``, either alone."""
    found = _MAIL.search(line)
    if found is None:
        name = " ".join(line.split())
        return Person(name=name) if name else None
    rest = re.sub(r"mailto:|[()<>\[\]\"]|&[lg]t;", " ", line[: found.start()] + " " + line[found.end() :])
    return Person(name=" ".join(rest.split()).strip(",;- ") or None, email=found[0])


def hints(head: Elements) -> Hints:
    """Return what the feed asks of those who poll it."""
    ttl = count_of(head.text("ttl"))
    period = _PERIODS.get((head.text("sy:updateperiod") or "daily").lower())
    frequency = count_of(head.text("sy:updatefrequency")) or 1
    has_period = head.text("sy:updateperiod", "sy:updatefrequency") is not None
    return Hints(
        ttl=timedelta(minutes=min(ttl, _LONGEST_HINT // timedelta(minutes=1))) if ttl else None,
        skip_hours=tuple(
            sorted({int(text) % 24 for text in _inner(head, "skiphours") if re.fullmatch(r"\d{1,2}", text)})
        ),
        skip_days=tuple(
            sorted({_WEEKDAYS[text[:3].lower()] for text in _inner(head, "skipdays") if text[:3].lower() in _WEEKDAYS})
        ),
        update_period=period / frequency if has_period and period else None,
    )


def _inner(head: Elements, name: str) -> list[str]:
    return [text_of(child) for element in head.all(name) for child in element]


def type_of(element: Element) -> str | None:
    """Return the media type that an element names."""
    return (element.get("type") or "").strip().lower() or None


def count_of(text: str | None) -> int | None:
    """Return a count that means something: programs write 0 where they do not know."""
    text = (text or "").strip().replace(",", "")
    return int(text) or None if text.isascii() and text.isdigit() and len(text) <= 15 else None
