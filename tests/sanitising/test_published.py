"""Whatever strangers send, in whatever field of whatever kind of source: what is published can do no harm.

Every file is read again, XML by a strict parser, and each piece of HTML in it by the rules of the HTML standard.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("html5lib", reason="html5lib reads HTML as browsers do: pip install -e '.[dev]'")


from tests.sanitising import html5
from tests.sanitising.harm import OWN_CLASSES, found_in_feed, found_in_json, found_in_page, harm
from tests.sanitising.html5 import words_in
from tests.sanitising.vectors import ADDRESSES, ALL, BODIES, TEXTS
from tests.sanitising.world import KINDS, TITLE, vectors_of

SMALL = 30_000  # bytes; larger feeds of one category are made of the very fragments that ``all`` is made of
ONE_ADDRESS = frozenset({"address014", "address015", "address019"})  # they differ after the `#`: one article


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
    assert found_in_feed((output / name).read_bytes()) == []


def test_every_other_document_in_xml_holds_nothing_harmful(output: Path) -> None:
    paths = [path for path in sorted(output.rglob("*")) if path.suffix in (".atom", ".rss", ".opml")]
    small = [path for path in paths if path.stat().st_size < SMALL]
    assert len(small) > 100  # a category for each word that was given for one
    harmful = {path.name: found for path in small if (found := found_in_feed(path.read_bytes()))}
    assert harmful == {}


def test_json_feeds_hold_nothing_harmful(output: Path) -> None:
    paths = [path for path in sorted(output.rglob("*.json")) if path.stem == "all" or path.stat().st_size < SMALL]
    harmful = {path.name: found for path in paths if (found := list(found_in_json(json_of(path))))}
    assert harmful == {}


def test_pages_hold_nothing_harmful(output: Path) -> None:
    paths = [path for path in sorted(output.rglob("*.html")) if path.stem == "all" or path.stat().st_size < SMALL]
    assert len(paths) > 50
    classes = {*OWN_CLASSES.findall((output / "assets" / "style.css").read_text("utf-8")), "authors"}
    harmful = {
        path.name: found for path in paths if (found := sorted(set(found_in_page(path.read_text("utf-8"), classes))))
    }
    assert harmful == {}
    assert all(TITLE in "".join(html5.page(path.read_text("utf-8")).itertext()) for path in paths[:5])


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


def test_lists_of_vectors_are_what_the_names_say() -> None:
    assert min(map(len, (BODIES, ADDRESSES, TEXTS))) >= 50


def items_of(output: Path, kind: str) -> list[dict[str, Any]]:
    """The JSON items of the entries that a kind of source has."""
    items = json_of(output / "all.json")["items"]
    return [item for item in items if kind in sources_of(item["_aggregator"])]


def sources_of(told: dict[str, Any]) -> set[str]:
    return {told["source"]["name"], *(copy["source"] for copy in told.get("copies", ()))}


def json_of(path: Path) -> Any:
    return json.loads(path.read_bytes())
