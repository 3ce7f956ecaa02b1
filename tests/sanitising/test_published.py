"""Whatever strangers send, in whatever field of whatever kind of source: what is published can do no harm.

Every file is read again, XML by a strict parser, and each piece of HTML in it by the rules of the HTML standard.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("html5lib", reason="html5lib reads HTML as browsers do: pip install -e '.[dev]'")

from lxml import etree

from tests.sanitising import html5
from tests.sanitising.html5 import XHTML, harm_of, scheme, words_in
from tests.sanitising.vectors import ADDRESSES, ALL, BODIES, TEXTS
from tests.sanitising.world import KINDS, TITLE, vectors_of

ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
NAMESPACES = {
    "http://www.w3.org/2005/Atom",
    "http://purl.org/rss/1.0/modules/content/",
    "http://purl.org/dc/elements/1.1/",
    "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "http://search.yahoo.com/mrss/",
    None,
}
WEB = {"http", "https"}
# Nobody sees them, or they turn what stands around them
TRICKS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202d\u202e\u2060\ufeff\ufffe\uffff]")
ONE_ADDRESS = frozenset({"address014", "address015", "address019"})  # they differ after the `#`: one article
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
# What our templates are made of, beside the text of articles
OURS = frozenset(
    """
    html head meta title link body a header h1 h2 p div details summary dl dt dd code main article section ol ul
    li time span footer br img audio video
    """.split()  # noqa: SIM905
)
OWN_CLASSES = re.compile(r"\.([a-z-]+)")


@cache
def harm(html: str) -> tuple[str, ...]:
    return tuple(html5.harm_in(html))


def test_vectors_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len(ALL) >= 250
    assert len({one.name for one in ALL}) == len(ALL)
    assert len({one.text for one in ALL}) == len(ALL)


def test_checker_finds_harm_in_nearly_every_body_as_it_came() -> None:
    """Or else it would find none in what is published because it does not look."""
    harmless = [one.name for one in BODIES if not harm(one.text)]
    assert len(harmless) < 40, harmless


@pytest.mark.parametrize("name", ["all.atom", "all.rss"])
def test_feeds_hold_nothing_harmful(output: Path, name: str) -> None:
    assert found_in_feed(output / name) == []


def test_every_other_document_in_xml_holds_nothing_harmful(output: Path) -> None:
    paths = [path for path in sorted(output.rglob("*")) if path.suffix in (".atom", ".rss", ".opml")]
    small = [path for path in paths if path.stem != "all"]
    assert len(small) > 100  # a category for each word that was given for one
    harmful = {path.name: found for path in small if (found := found_in_feed(path))}
    assert harmful == {}


def test_json_feeds_hold_nothing_harmful(output: Path) -> None:
    harmful = {
        path.name: found for path in sorted(output.rglob("*.json")) if (found := list(found_in_json(json_of(path))))
    }
    assert harmful == {}


def test_pages_hold_nothing_harmful(output: Path) -> None:
    paths = sorted(output.rglob("*.html"))
    assert len(paths) > 50
    classes = {*OWN_CLASSES.findall((output / "assets" / "style.css").read_text("utf-8")), "authors"}
    harmful = {path.name: found for path in paths if (found := sorted(set(found_in_page(path, classes))))}
    assert harmful == {}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.endswith(("addresses", "texts"))])
def test_words_beside_what_is_harmful_stay(output: Path, kind: str) -> None:
    texts = {item["title"]: words_in(item.get("content_html", "")) for item in items_of(output, kind)}
    assert [one.name for one in vectors_of(kind) if one.kept not in texts[one.kept]] == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.endswith(("addresses", "texts"))])
def test_entries_with_hostile_addresses_and_words_stay(output: Path, kind: str) -> None:
    titles = "\n".join(item["title"] for item in items_of(output, kind))
    assert [one.name for one in vectors_of(kind) if one.kept not in titles and one.name not in ONE_ADDRESS] == []


@pytest.mark.parametrize("suffix", [".atom", ".rss", ".html"])
def test_every_format_has_every_entry(output: Path, suffix: str) -> None:
    text = (output / f"all{suffix}").read_text("utf-8")
    assert [one.name for one in ALL if one.kept not in text] == []


def test_no_file_stands_where_a_name_would_have_it(output: Path) -> None:
    """Folders of a list, categories and titles become slugs; ``..`` and ``/`` in them lead nowhere."""
    names = [path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()]
    strange = [
        name for name in names if not re.fullmatch(r"(category/)?[a-z0-9]+(-[a-z0-9]+)*\.\w+|assets/style\.css", name)
    ]
    assert strange == []


# --- how it is looked for ---------------------------------------------------------------------------


def items_of(output: Path, kind: str) -> list[dict[str, Any]]:
    """The JSON items of the entries that a kind of source has."""
    items = json_of(output / "all.json")["items"]
    return [item for item in items if kind in sources_of(item["_aggregator"])]


def sources_of(told: dict[str, Any]) -> set[str]:
    return {told["source"]["name"], *(copy["source"] for copy in told.get("copies", ()))}


def json_of(path: Path) -> Any:
    return json.loads(path.read_bytes())


def found_in_feed(path: Path) -> list[str]:
    root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)).getroot()
    assert root.getroottree().docinfo.doctype == ""
    name = "?"
    found: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            found.append(f"a comment or instruction: {element}")
            continue
        if element.tag in (f"{ATOM}entry", "item"):
            name = element.findtext(f"{ATOM}id") or element.findtext("guid") or "?"
        found += (f"{name}: {what}" for what in found_in_element(element))
    return found


def found_in_element(element: Any) -> Iterator[str]:
    """What one element of a feed could do."""
    tag, text = etree.QName(element), element.text or ""
    if tag.namespace not in NAMESPACES:
        yield f"an element {element.tag}"
    for name, value in element.attrib.items():
        if name in ("href", "url", "src", "uri") and scheme(value) not in WEB:
            yield f"{element.tag} {name}={value}"
        if name in ("xmlUrl", "htmlUrl") and scheme(value) not in {*WEB, ""}:
            yield f"{element.tag} {name}={value}"
        if name in ("hreflang", "{http://www.w3.org/XML/1998/namespace}lang") and not LANGUAGE.fullmatch(value):
            yield f"{name}={value}"
        if name.startswith("{") and not name.endswith("}lang"):
            yield f"an attribute {name}"
        if TRICKS.search(value):
            yield f"{element.tag} {name} holds {value!r}"
    if tag.localname in ("link", "uri", "comments") and text and scheme(text) not in WEB:
        yield f"{element.tag}: {text}"
    is_html = element.tag in (ENCODED, "description") or (
        element.tag == f"{ATOM}content" and element.get("type") == "html"
    )
    if is_html:
        yield from harm(text)
    elif TRICKS.search(text) and tag.localname not in ("id", "guid"):
        yield f"{element.tag} holds {text!r}"
    if element.tag == "title" and element.getparent().tag in ("item", "channel"):  # some readers take it for HTML
        yield from harm(text)
    if element.tag != ENCODED and element.tag.startswith(ATOM) and element.get("type") == "xhtml":
        yield "XHTML"


def found_in_json(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from found_in_json(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from found_in_json(inner, key)
    elif key == "content_html":
        yield from harm(value)
    elif isinstance(value, str):
        if key in ("url", "external_url", "image", "feed_url", "home_page_url", "comments") and scheme(value) not in {
            *WEB,
            "mailto",
        }:
            yield f"{key}: {value}"
        if TRICKS.search(value) and key != "id":
            yield f"{key} holds {value!r}"


def found_in_page(path: Path, classes: set[str]) -> Iterator[str]:
    html = path.read_text("utf-8")
    assert html.count("<html") == html.count("</body>") == 1
    root = html5.page(html)
    texts = [element for element in root.iter(f"{XHTML}div") if element.get("class") == "text"]
    inside = {inner for text in texts for inner in text.iter() if inner is not text}
    for element in root.iter():
        if element in inside:
            if element.get("class") != "rights":
                yield from harm_of(element)
            continue
        if not isinstance(element.tag, str):
            yield "a comment" if element.tag is not None else "?"
            continue
        if element.tag.startswith("{http://www.w3.org/2000/svg}"):
            continue  # our own icon; what strangers send is never among these, or a <div class=text> would be around it
        tag = element.tag.removeprefix(XHTML)
        if tag not in OURS:
            yield f"<{tag}>"
        for name, value in element.attrib.items():
            if name.startswith("on") or (name in ("style", "name") and tag != "meta"):
                yield f"{tag} {name}"
            if name == "id" and value != "articles":
                yield f"id {value}"
            if name == "class" and not set(value.split()) <= classes:
                yield f"class {value}"
            if name in ("href", "src") and scheme(value) not in {*WEB, "", "feed"}:
                yield f"{tag} {name}={value}"
            if tag in ("link", "img", "audio", "video", "meta") and "\n" in value:
                yield f"{tag} {name} over several lines"
        if tag == "title" and TRICKS.search(element.text or ""):
            yield f"title {element.text!r}"
    assert TITLE in "".join(root.itertext())


def test_lists_of_vectors_are_what_the_names_say() -> None:
    assert min(map(len, (BODIES, ADDRESSES, TEXTS))) >= 50
