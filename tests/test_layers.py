"""The rules of the house: imports point downward, stages do not know each other, the pure rooms stay pure."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aggregator import outputs, sources
from tests.corpora import ROOT

HOUSE = ROOT / "aggregator"

# From the ground up: a room may import those below it, and of its own floor only itself.
FLOORS = (
    {"model", "errors"},
    {"text"},
    {"identity", "rules", "schedule", "moving", "credit", "membership", "turns", "warned"},  # the law
    {"config"},
    {"fetch", "sources", "normalize", "store", "outputs", "serve"},  # the stages
    {"folder", "apart", "reading"},
    {"update", "publish"},
    {"refresh", "plan", "recall"},
    {"daemon", "cluster"},
    {"demo"},
    {"cli"},
    {"__main__"},
)
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
LAW, STAGES = FLOORS[2], FLOORS[4]
LAW_OF_STAGES = {("store", law) for law in ("identity", "rules", "warned")}  # it places inside its transaction

PURE = {"model", "errors", "text", "sources", "normalize", "outputs", "reading"} | LAW
IMPURE_MODULES = {
    *("aiohttp", "asyncio", "ftplib", "http", "httpx", "requests", "selectors", "smtplib", "socket", "ssl", "urllib3"),
    *("alembic", "psycopg", "sqlalchemy", "sqlite3"),
    *("fileinput", "glob", "os", "pathlib", "shutil", "tempfile", "subprocess", "multiprocessing", "threading"),
    *("random", "secrets", "time"),
}
IMPURE_SUBMODULES = {"urllib.request", "concurrent.futures"}
OF_THE_CLOCK = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "uuid1", "uuid4"}
OF_THE_DISK = {"read_text", "read_bytes", "write_text", "write_bytes"}
PACKAGE_DATA = "importlib.resources"


@dataclass(frozen=True)
class Module:
    """A module of the house. name: dotted, without ``aggregator``."""

    name: str
    room: str
    tree: ast.Module

    @property
    def imports(self) -> Iterator[tuple[str, int]]:
        """Yield the full names of what it imports, with the line, wherever in it that stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}:{node.lineno} imports relatively"
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    @property
    def rooms(self) -> Iterator[tuple[str, int]]:
        """Yield the rooms that it imports."""
        for name, line in self.imports:
            first, _, rest = name.partition(".")
            room = rest.partition(".")[0]
            if first == "aggregator" and room and not room.startswith("__version"):
                yield room, line


def module(path: Path, house: Path) -> Module:
    parts = path.relative_to(house).with_suffix("").parts
    return Module(".".join(parts), parts[0], ast.parse(path.read_text(encoding="utf-8")))


def modules(house: Path = HOUSE) -> list[Module]:
    return [module(path, house) for path in sorted(house.rglob("*.py")) if path != house / "__init__.py"]


def wrong_imports(found: list[Module]) -> list[str]:
    """Return what imports upward, or from a neighbour."""
    wrong = []
    for one in found:
        for room, line in one.rooms:
            if room == one.room:
                continue
            place = f"{one.name}:{line} imports {room}"
            if room not in LEVEL:
                wrong.append(f"{place}, which stands on no floor: say in this test where it belongs")
            elif LEVEL[room] > LEVEL[one.room] or (LEVEL[room] == LEVEL[one.room] and one.room not in FLOORS[0]):
                wrong.append(f"{place}, which is not below it")
            elif one.room in STAGES and room in LAW and (one.room, room) not in LAW_OF_STAGES:
                wrong.append(f"{place}: stages do not judge")
    return wrong


def impurities(one: Module) -> list[str]:
    """Return where a module reaches for network, disk, database or clock."""
    names = {name for name, _ in one.imports}
    has_package_data = any(name.startswith(PACKAGE_DATA) for name in names)
    found = [
        f"{one.name}:{line} imports {name}"
        for name, line in one.imports
        if name.partition(".")[0] in IMPURE_MODULES or any(name.startswith(each) for each in IMPURE_SUBMODULES)
    ]
    for node in ast.walk(one.tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in {"open", "print", "input"}:
            found.append(f"{one.name}:{node.lineno} calls {called.id}()")
        elif isinstance(called, ast.Attribute) and called.attr in OF_THE_CLOCK:
            found.append(f"{one.name}:{node.lineno} asks the clock or chance: {called.attr}()")
        elif isinstance(called, ast.Attribute) and called.attr in OF_THE_DISK and not has_package_data:
            found.append(f"{one.name}:{node.lineno} reads or writes a file: {called.attr}()")
    return found


def test_every_room_stands_on_a_floor() -> None:
    assert {one.room for one in modules()} - LEVEL.keys() == set()


def test_imports_point_downward_and_stages_do_not_know_each_other() -> None:
    assert wrong_imports(modules()) == []


@pytest.mark.parametrize("room", sorted(PURE))
def test_a_pure_room_reaches_for_nothing_outside(room: str) -> None:
    mine = [one for one in modules() if one.room == room]

    assert mine
    assert [place for one in mine for place in impurities(one)] == []


def test_kinds_and_formats_are_found_and_named_nowhere() -> None:
    for package, names in ((sources, sources.names()), (outputs, outputs.names())):
        room = package.__name__.rpartition(".")[2]
        files = {path.stem for path in (HOUSE / room).glob("*.py")} - {"__init__"}
        assert set(names) == files
        named = [
            f"{one.name}:{line} imports {name}"
            for one in modules()
            for name, line in one.imports
            if name.startswith(f"aggregator.{room}.") and name.split(".")[2] in files and one.name != f"{room}.{name}"
        ]
        assert named == []


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("text/words.py", "from aggregator.config import Config", "which is not below it"),
        ("normalize/html.py", "from aggregator import sources", "which is not below it"),
        ("outputs/atom.py", "def f():\n    from aggregator.store import Store", "which is not below it"),
        ("outputs/atom.py", "import aggregator.publish", "which is not below it"),
        ("serve/files.py", "from aggregator.identity import place", "stages do not judge"),
        ("fetch/client.py", "from aggregator.nowhere import x", "stands on no floor"),
    ],
)
def test_a_wrong_import_is_seen(tmp_path: Path, path: str, text: str, expected: str) -> None:
    (tmp_path / path).parent.mkdir()
    (tmp_path / path).write_text(text)

    (told,) = wrong_imports(modules(tmp_path))

    assert expected in told


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "from pathlib import Path",
        "import urllib.request",
        "from urllib import request",
        "def f():\n    import sqlite3",
        "from datetime import datetime\nX = datetime.now()",
        "import datetime as d\nX = d.date.today()",
        "import uuid\nX = uuid.uuid4()",
        "def f(path):\n    return open(path)",
        "def f(path):\n    return path.read_text()",
    ],
)
def test_an_impurity_is_seen(tmp_path: Path, text: str) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "words.py").write_text(text)

    assert len([place for one in modules(tmp_path) for place in impurities(one)]) == 1
