"""Everything hostile at once, at a small size, beside a good source: what is said of it, and what it harms.

What is sent stands in ``tests/hostile/``, what has to be said of it in ``tests/hostile/expected.py``.
"""

import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aggregator.cli import main
from tests.hostile.everything import every_kind
from tests.hostile.expected import EXPECTED
from tests.hostile.room import Room, serving
from tests.once import made_once

KINDS = every_kind()


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What came of it.

    names: kind -> source. reports: source -> what ``refresh`` says of it. before, after: titles of what is stored.
    """

    folder: Path
    status: int
    names: dict[str, str]
    reports: dict[str, dict[str, Any]]
    before: frozenset[str]
    after: frozenset[str]


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = made_once(tmp_path_factory, "hostile", _polled)
    told = json.loads((folder / "ended.json").read_bytes())
    return Ended(folder=folder, **{**told, "before": frozenset(told["before"]), "after": frozenset(told["after"])})


def _polled(folder: Path) -> None:
    """Poll everything while it is good and once it is hostile, and write down what came of it."""
    with serving() as web:
        room = Room(folder, web, KINDS, timeout="10s", max_bytes="1MB")
        room.be_good()
        _run(folder, "refresh", "--json")
        before = _titles(folder)
        room.turn_hostile(None)
        status, report = _run(folder, "refresh", "--json", "--force")
    reports = {one["source"]: one for one in report["sources"]}
    told = {"status": status, "names": room.names, "reports": reports, "before": before, "after": _titles(folder)}
    (folder / "ended.json").write_text(json.dumps(told))


def _run(folder: Path, *argv: str) -> tuple[int, dict[str, Any]]:
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(StringIO()):
        status = main((*argv, "-c", str(folder / "feeds.yaml")))
    return status, json.loads(said.getvalue())


def _titles(folder: Path) -> list[str]:
    _, found = _run(folder, "entries", "--json")
    return [entry["title"] for entry in found["entries"]]


@pytest.mark.parametrize("name", KINDS)
def test_what_is_hostile_is_read_or_refused_with_a_word_on_it(ended: Ended, name: str) -> None:
    outcome, told = EXPECTED[name]
    report = ended.reports[ended.names[name]]

    assert report["outcome"] == outcome
    assert told in " ".join((report["error"] or "", *report["warnings"]))
    assert "Traceback" not in str(report)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.keys != "kind: opml"])
def test_what_was_stored_before_is_still_there(ended: Ended, name: str) -> None:
    number = ended.names[name].removeprefix("bad-")
    assert f"Before {number}" in ended.before
    assert f"Before {number}" in ended.after
    published = json.loads((ended.folder / "output" / "category" / f"c{number}.json").read_bytes())
    assert f"Before {number}" in {item["title"] for item in published["items"]}


def test_good_source_beside_them_is_read(ended: Ended) -> None:
    good = ended.reports["good"]
    assert (ended.status, good["outcome"], good["new"], good["error"]) == (0, "fetched", 1, None)
    assert {"One", "Two", "Three"} <= ended.after


def test_what_is_published_is_well_formed(ended: Ended) -> None:
    files = [path for path in (ended.folder / "output").rglob("*") if path.is_file()]
    for path in files:
        if path.suffix in {".atom", ".rss", ".opml"}:
            etree.fromstring(path.read_bytes(), etree.XMLParser(huge_tree=True))
        elif path.suffix == ".json":
            json.loads(path.read_bytes())
    assert len([path for path in files if path.suffix == ".atom"]) > len(KINDS)


def test_table_has_at_least_eighty_kinds_and_all_are_expected() -> None:
    assert len(KINDS) >= 80
    assert KINDS.keys() == EXPECTED.keys()
