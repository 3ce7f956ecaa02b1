"""What hostile input costs and harms: each kind at the largest size that is accepted, beside a good source.

    python -m benchmarks.hostile                    # all, 19 MB each: about half an hour
    python -m benchmarks.hostile --only XML --size 2

Each kind has a folder of its own in which all was polled once and well. Then one source turns hostile, and
``aggregator refresh`` runs as a process of its own, with its helpers. Processor time is that of all of them; memory is
the most that they held together, pages that they share counted once. The server is one of ours, on loopback.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree

from aggregator.cli import main as aggregator
from benchmarks.measure import stamp
from tests.fetch.site import Site
from tests.hostile.everything import every_kind
from tests.hostile.kinds import OPML, Hostile
from tests.hostile.room import Room, serving

LOOKS_EVERY = 0.05  # seconds
LONGEST = 600  # seconds of one poll: what takes longer is told as such
SHOWN = 110  # characters of a message


@dataclass(frozen=True, kw_only=True)
class Row:
    """What came of one kind. size: bytes. kept: what was stored before is, and published. valid: all published."""

    name: str
    size: int
    outcome: str
    told: str
    seconds: float
    peak: int
    unaffected: bool
    kept: bool
    valid: bool

    def __str__(self) -> str:
        sound = ["no" if not one else "yes" for one in (self.unaffected, self.kept, self.valid)]
        told = self.told.replace("|", "¦").replace("\n", " ")
        told = f"{told[:SHOWN]}…" if len(told) > SHOWN else told
        return (
            f"| {self.name} | {self.size / 1e6:g} | {self.outcome} | {told} | {self.seconds:.1f} | {self.peak >> 20}"
            f" | {' | '.join(sound)} |"
        )


def main() -> int:
    """Print the table; return 1 where something was harmed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description="What hostile input does.")
    parser.add_argument("--only", default=".", help="a pattern that names the kinds")
    parser.add_argument("--size", type=float, default=19, help="MB of each document (19)")
    asked = parser.parse_args()
    stamp()
    print("\n| kind | MB | outcome | what is said | CPU s | MiB | others unaffected | nothing lost | valid |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    rows = []
    with serving() as web:
        for name, kind in every_kind().items():
            if re.search(asked.only, name):
                rows.append(tried(kind, web, int(asked.size * 1e6)))
                print(rows[-1], flush=True)
    harmed = [row for row in rows if not (row.unaffected and row.kept and row.valid)]
    most = f"{max(row.seconds for row in rows):.1f} s, {max(row.peak for row in rows) >> 20} MiB"
    print(f"\n{len(rows)} kinds; the most: {most}; {len(harmed)} harmed something")
    return 1 if harmed else 0


def tried(kind: Hostile, web: Site, size: int) -> Row:
    """Return what came of a poll with one hostile source."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        room = Room(folder, web, {kind.name: kind})
        room.be_good()
        _here(folder, "refresh", "--json")
        before = _ids(folder)
        room.turn_hostile(size)
        report, seconds, peak = _aggregator(folder, "refresh", "--json", "--force")
        web.answers.clear()
        sources = {one["source"]: one for one in report.get("sources", ())}
        bad = sources.get("bad-1", {"outcome": "none", "error": "no report", "warnings": []})
        good = sources.get("good", {"outcome": "none", "new": 0})
        stored = _ids(folder)
        return Row(
            name=kind.name,
            size=size,
            outcome=bad["outcome"],
            told=bad["error"] or "; ".join(bad["warnings"][:2]),
            seconds=seconds,
            peak=peak,
            unaffected=(good["outcome"], good["new"]) == ("fetched", 1),
            kept=before <= stored and bool(before) and before <= _published(folder),
            valid=_is_valid(folder) and (kind.keys == OPML or len(before) == 3),
        )


def _aggregator(folder: Path, *argv: str) -> tuple[dict[str, Any], float, int]:
    """What the command says, processor seconds and the most bytes that its processes held."""
    before = _children_seconds()
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", *argv, "-c", str(folder / "feeds.yaml")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )
    peaks = [0]
    done = threading.Event()

    def look() -> None:
        while not done.wait(LOOKS_EVERY):
            peaks[0] = max(peaks[0], _memory(process.pid))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        said, _ = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
    finally:
        done.set()
        looking.join()
    return (json.loads(said) if said.startswith(b"{") else {}), _children_seconds() - before, peaks[0]


def _here(folder: Path, *argv: str) -> dict[str, Any]:
    """What the command says, run in this process."""
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(StringIO()):
        aggregator((*argv, "-c", str(folder / "feeds.yaml")))
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(pid: int) -> int:
    """Bytes that a process and all below it hold, shared pages once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        children = [
            int(word) for file in Path(f"/proc/{pid}/task").glob("*/children") for word in file.read_text().split()
        ]
    except (OSError, ValueError):
        return 0
    own = next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)
    return own + sum(map(_memory, children))


def _ids(folder: Path) -> set[str]:
    found = _here(folder, "entries", "--json")
    return {entry["id"] for entry in found.get("entries", ())}


def _published(folder: Path) -> set[str]:
    files = (folder / "output" / "category").glob("*.json")
    return {item["id"] for path in files for item in json.loads(path.read_bytes())["items"]}


def _is_valid(folder: Path) -> bool:
    try:
        for path in (folder / "output").rglob("*"):
            if path.suffix in {".atom", ".rss", ".opml"}:
                etree.fromstring(path.read_bytes(), etree.XMLParser(huge_tree=True))
            elif path.suffix == ".json":
                json.loads(path.read_bytes())
    except (ValueError, etree.XMLSyntaxError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
