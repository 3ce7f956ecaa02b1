"""What a piece of work costs: CPU time, wall time, statements, peak memory; and tables of it.

CPU time of this process, all its threads, is what counts: wall time depends on what else the machine does.
"""

import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import sqlalchemy


@dataclass(kw_only=True)
class Cost:
    """cpu, wall: seconds. statements: of SQL, those that begin and end transactions left out. peak: bytes."""

    cpu: float = 0.0
    wall: float = 0.0
    statements: int = 0
    transactions: int = 0
    peak: int = 0


_STATEMENTS = {"statements": 0, "transactions": 0}


def count_statements() -> None:
    """Count what every engine of this process is asked from now on."""

    def statement(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        _STATEMENTS["transactions" if text.startswith("BEGIN") else "statements"] += 1

    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", statement)


@contextmanager
def measured() -> Iterator[Cost]:
    """Give the cost of the block, complete at its end."""
    cost = Cost()
    before = dict(_STATEMENTS)
    _forget_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield cost
    finally:
        cost.cpu, cost.wall = time.process_time() - cpu, time.perf_counter() - wall
        cost.statements = _STATEMENTS["statements"] - before["statements"]
        cost.transactions = _STATEMENTS["transactions"] - before["transactions"]
        cost.peak = _peak()


def each(work: Callable[[], object], times: int) -> Cost:
    """Return what the work costs on average when it is done so many times in a row."""
    with measured() as cost:
        for _ in range(times):
            work()
    return Cost(cpu=cost.cpu / times, wall=cost.wall / times, statements=round(cost.statements / times), peak=cost.peak)


def middle(values: Sequence[float], digits: int = 2) -> str:
    """Return the median, with the smallest and the largest where there is more than one value."""
    if len(values) == 1:
        return f"{values[0]:.{digits}f}"
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table that Markdown reads, too."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    print("\n".join(["", title, "", lines[0], rule, *lines[1:]]), flush=True)


def stamp() -> None:
    """Print what was run, when and on what: a figure without these is none."""
    root = Path(__file__).resolve().parent.parent
    git = ["git", "-C", str(root), "rev-parse", "--short", "HEAD"]
    found = subprocess.run(git, capture_output=True, text=True, check=False)
    command = " ".join(["python -m benchmarks." + Path(sys.argv[0]).stem, *sys.argv[1:]])
    print(
        f"{command} · {datetime.now(UTC):%Y-%m-%d %H:%M} UTC · Python {platform.python_version()} · "
        f"commit {found.stdout.strip() or 'unknown'}",
        flush=True,
    )


def growth(values: Sequence[float]) -> str:
    """Return how many times the last is the first."""
    return f"{values[-1] / values[0]:.2f} ×" if values and values[0] else "–"


def megabytes(count: int) -> str:
    return f"{count / 1e6:.0f}"


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5")  # Linux: the peak starts again from what is held now
    except OSError:
        return


def _peak() -> int:
    """Return the most memory that this process held since the peak was forgotten, 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)
