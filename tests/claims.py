"""What other readers say of the corpora's documents, each in its own model, as claims (see ``agreement``).

Where there is nobody's word, ``plainly`` tells what stands in a well-formed document, element by element.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from tests.agreement import FEED, Claim

Told = Mapping[str, Any]  # an object of an expected file


def claims_on(path: Path) -> list[Claim] | None:
    """Return what others say of a document; None for what is none, or of which nobody says anything."""
    told = _told_of(path)
    return None if told is None else list(dict.fromkeys(_clean(told)))


def _told_of(path: Path) -> Iterator[Claim] | None:
    folders = path.parts
    if not path.is_file() or path.name.endswith(("serde.json", "expected.json")):
        return None
    if "feed-rs" in folders:
        told = path.with_name(path.stem + ".serde.json")
        return feed_rs(_json(told)) if told.exists() else None
    if path.suffix == ".json":
        told = path.with_name(path.stem + "_expected.json")
        if told.exists():
            return gofeed(_json(told))
        told = path.with_name(path.stem + ".expected.json")
        if told.exists():
            return fastfeedparser(_json(told))
    if {"netnewswire", "reader", "podcast-namespace", "simplepie"} & set(folders):
        return plainly(path)
    told = path.with_suffix(".json")
    if path.suffix != ".xml" or not told.exists():
        return None
    if "fastfeedparser" in folders:
        return fastfeedparser(_json(told))
    if "translator" in folders or "extensions" in folders:
        return gofeed(_json(told))
    return atom(_json(told)) if "atom" in folders else rss(_json(told))


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _clean(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Without claims that say nothing."""
    for place, field, value in claims:
        if field in {"author", "enclosure"}:
            value = tuple((part.strip() or None) if isinstance(part, str) else part for part in value)
            if value[0] is None and (field == "enclosure" or not any(value)):
                continue
        if value not in (None, ""):
            yield place, field, value


def _instant(text: str | None) -> int | None:
    """Return the seconds of an ISO 8601 date with an offset."""
    return int(datetime.fromisoformat(text).timestamp()) if text else None


def _people(place: int, found: Iterable[Told | str] | None) -> Iterator[Claim]:
    for person in found or ():
        if isinstance(person, str):
            yield place, "author", _line(person)
        else:
            yield place, "author", (person.get("name"), person.get("email"), person.get("uri") or person.get("url"))


def _line(text: str) -> tuple[str | None, str | None, None]:
    """``mail (Name)`` and ``Name (mail)``, or a name."""
    match = re.fullmatch(r"\s*(\S+@\S+)\s*(?:\((.*)\))?\s*|\s*(.*?)\s*\((?:mailto:)?(\S+@\S+)\)\s*", text, re.DOTALL)
    if match is None:
        return text, None, None
    return match[2] or match[3], match[1] or match[4], None


def _atom_links(place: int, links: Iterable[Told] | None) -> Iterator[Claim]:
    links = [link for link in links or () if link.get("href")]
    pages = [link for link in links if (link.get("rel") or "alternate") == "alternate"]
    page = next((link for link in pages if "html" in (link.get("type") or "html")), *pages[:1] or [None])
    if page is not None:
        yield place, "url", page["href"]
    for link in links:
        yield place, "link", (link.get("rel") or "alternate", link["href"])
        if link.get("rel") == "enclosure" and place != FEED:
            length = str(link.get("length") or "")
            yield place, "enclosure", (link["href"], link.get("type"), int(length) if length.isdigit() else None)


def _enclosures(place: int, found: Iterable[Told] | None) -> Iterator[Claim]:
    for one in found or ():
        length = str(one.get("length") or "")
        yield place, "enclosure", (one.get("url"), one.get("type"), int(length) if length.isdigit() else None)


def atom(told: Told) -> Iterator[Claim]:
    """gofeed's and feedsmith's model of Atom, which is close to Atom."""
    for place, part in enumerate((told, *(told.get("entries") or ())), start=FEED):
        yield place, "title", part.get("title")
        yield place, "id", part.get("id")
        updated = part.get("updatedParsed") or part.get("updated")
        yield place, "updated", _instant(updated) if "updatedParsed" in part else _any_date(updated)
        if place != FEED:
            published = part.get("publishedParsed") or part.get("published")
            yield place, "published", _instant(published) if "publishedParsed" in part else _any_date(published)
        yield from _people(place, part.get("authors"))
        yield from _atom_links(place, part.get("links"))


def rss(told: Told) -> Iterator[Claim]:
    """gofeed's and feedsmith's model of RSS."""
    yield FEED, "title", told.get("title")
    yield FEED, "url", told.get("link")
    date = told.get("lastBuildDateParsed") or told.get("pubDateParsed")
    yield FEED, "updated", _instant(date) if date else _any_date(told.get("lastBuildDate") or told.get("pubDate"))
    if editor := told.get("managingEditor"):
        yield FEED, "author", _line(editor)
    for place, item in enumerate(told.get("items") or ()):
        yield place, "title", item.get("title")
        yield place, "url", item.get("link")
        guid = item.get("guid") or {}
        yield place, "id", guid.get("value") or (item.get("rdf") or {}).get("about")
        date = item.get("pubDateParsed")
        yield place, "published", _instant(date) if date else _any_date(item.get("pubDate"))
        authors = [author for author in (item.get("author"), *(item.get("authors") or ())) if author]
        yield from _people(place, dict.fromkeys(authors))
        yield from _enclosures(place, item.get("enclosures"))
        dublin = item.get("dc") or {}
        yield from _people(place, [name for name in dublin.get("creators") or () if not authors])
        if not item.get("pubDate"):
            yield place, "date", _any_date(dublin.get("date"))


def _any_date(text: str | None) -> int | None:
    """The seconds of a date as feeds write it; None where there is no date that the standard library can read."""
    for reader in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = reader((text or "").strip())
        except ValueError:
            continue
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    return None


def gofeed(told: Told) -> Iterator[Claim]:
    """gofeed's model of all kinds of feed."""
    for place, part in enumerate((told, *(told.get("items") or ())), start=FEED):
        yield place, "title", part.get("title")
        yield place, "url", part.get("link")
        yield from _people(place, part.get("authors"))
        yield place, "updated", _instant(part.get("updatedParsed"))
        if place != FEED:
            yield place, "id", part.get("guid")
            yield place, "published", _instant(part.get("publishedParsed"))
            yield from _enclosures(place, part.get("enclosures"))


def feed_rs(told: Told) -> Iterator[Claim]:
    """feed-rs's model. Where a document has no id it makes one up: 32 hexadecimal digits of a hash."""
    is_atom = told["feed_type"] == "Atom"
    for place, part in enumerate((told, *told["entries"]), start=FEED):
        yield place, "title", (part.get("title") or {}).get("content")
        if not re.fullmatch(r"[0-9a-f]{30,32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", part["id"]) and (
            is_atom or place != FEED
        ):
            yield place, "id", part["id"]
        for claim in _atom_links(place, part.get("links")):
            is_bare = told["feed_type"] == "JSON" and claim[1] == "link"  # it has no relations there
            yield (place, "link", (None, claim[2][1])) if is_bare else claim
        for person in part.get("authors") or ():
            if "(" in (person.get("email") or ""):  # named after its element, the line as its address
                yield place, "author", _line(person["email"])
            else:
                yield from _people(place, [person if person.get("email") or person.get("uri") else person["name"]])
        if place == FEED:
            yield place, "updated", _instant(part.get("updated"))
            continue
        yield place, "published" if is_atom else "date", _instant(part.get("published"))
        yield place, "updated" if is_atom else "date", _instant(part.get("updated"))
        for media in part.get("media") or ():
            for one in media.get("content") or ():
                yield place, "enclosure", (one.get("url"), one.get("content_type"), one.get("size"))


def fastfeedparser(told: Told) -> Iterator[Claim]:
    """fastfeedparser's model, which is feedparser's."""
    for place, part in enumerate((told["feed"], *told["entries"]), start=FEED):
        yield place, "title", part.get("title")
        yield place, "url", part.get("link")
        yield place, "id", part.get("id")
        for link in part.get("links") or ():
            yield place, "link", (link.get("rel") or "alternate", link["href"])
        yield place, "updated", _any_date(part.get("updated"))
        yield from _people(place, part.get("authors"))
        if place != FEED:
            yield place, "published", _any_date(part.get("published"))
            yield from _enclosures(place, part.get("enclosures"))


# --- nobody's word: the document itself ------------------------------------------------------------

_RSS = ("", "{http://purl.org/rss/1.0/}", "{http://my.netscape.com/rdf/simple/0.9/}")
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def plainly(path: Path) -> Iterator[Claim] | None:
    """The elements, or the members of a JSON Feed; None where a plain parser of XML or JSON fails, or finds neither."""
    if path.suffix == ".json":
        return _plain_json(path)
    try:
        root = ET.parse(path).getroot()
    except ET.ParseError:
        return None
    if root.tag.rpartition("}")[2] not in {"rss", "feed", "RDF"}:
        return None
    return _plain_atom(root) if root.tag.endswith("feed") else _plain_rss(root)


def _texts(parent: ET.Element, *names: str) -> list[str]:
    return [text for name in names for child in parent.findall(name) if (text := "".join(child.itertext()).strip())]


def _plain_atom(root: ET.Element) -> Iterator[Claim]:
    space = root.tag.removesuffix("feed")
    for place, part in enumerate((root, *root.findall(f"{space}entry")), start=FEED):
        yield place, "title", next(iter(_texts(part, f"{space}title")), None)
        yield place, "id", next(iter(_texts(part, f"{space}id")), None)
        yield place, "updated", _any_date(next(iter(_texts(part, f"{space}updated", f"{space}modified")), None))
        yield from _atom_links(place, [dict(link.items()) for link in part.findall(f"{space}link")])
        for author in part.findall(f"{space}author"):
            found = [next(iter(_texts(author, space + name)), None) for name in ("name", "email", "uri")]
            yield place, "author", tuple(found)
        if place != FEED:
            yield place, "published", _any_date(next(iter(_texts(part, f"{space}published", f"{space}issued")), None))


def _plain_rss(root: ET.Element) -> Iterator[Claim]:
    channel = next((child for child in root.iter() if child.tag in {f"{space}channel" for space in _RSS}), None)
    if channel is None:
        return
    space = channel.tag.removesuffix("channel")
    yield FEED, "title", next(iter(_texts(channel, f"{space}title")), None)
    yield FEED, "url", next(iter(_texts(channel, f"{space}link")), None)
    dates = _texts(channel, f"{space}lastBuildDate", f"{space}pubDate", f"{_DUBLIN}date")
    yield FEED, "updated", _any_date(next(iter(dates), None))
    for place, item in enumerate(root.iter(f"{space}item")):
        yield place, "title", next(iter(_texts(item, f"{space}title")), None)
        yield place, "url", next(iter(_texts(item, f"{space}link")), None)
        yield place, "id", next(iter(_texts(item, f"{space}guid")), item.get(f"{_RDF}about"))
        yield place, "published", _any_date(next(iter(_texts(item, f"{space}pubDate", f"{_DUBLIN}date")), None))
        authors = _texts(item, f"{space}author") or _texts(item, f"{_DUBLIN}creator")
        yield from _people(place, authors)
        yield from _enclosures(place, [dict(one.items()) for one in item.findall(f"{space}enclosure")])


def _plain_json(path: Path) -> Iterator[Claim] | None:
    try:
        told = _json(path)
    except ValueError:
        return None
    return _members(told) if isinstance(told, dict) and "jsonfeed.org" in str(told.get("version")) else None


def _members(told: Told) -> Iterator[Claim]:
    for place, part in enumerate((told, *told["items"]), start=FEED):
        yield place, "title", _string(part.get("title"))
        yield place, "url", _string(part.get("home_page_url" if place == FEED else "url"))
        authors = [author for author in (part.get("author"), *_list(part.get("authors"))) if isinstance(author, dict)]
        for author in authors:
            url = _string(author.get("url")) or ""
            email = url.removeprefix("mailto:") if url.startswith("mailto:") else None
            yield place, "author", (_string(author.get("name")), email, None if email else url)
        if place != FEED:
            yield place, "id", str(part["id"])
            yield place, "published", _any_date(_string(part.get("date_published")))
            yield place, "updated", _any_date(_string(part.get("date_modified")))
            for file in _list(part.get("attachments")):
                if isinstance(file, dict) and _string(file.get("url")):
                    size = file.get("size_in_bytes")
                    yield (
                        place,
                        "enclosure",
                        (file["url"], file.get("mime_type"), size if isinstance(size, int) else None),
                    )


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
