"""The score of manners: eighteen statements on fetching, for us and for other readers, on the same server.

    python -m benchmarks.manners
    python -m benchmarks.manners --readers aggregator,newsboat --days 3
    python -m benchmarks.manners --name mine --command 'my-reader --urls {feeds} --state {folder}'

Every reader has a world of its own, made of the same script (``tests/score/world.py``), and is run as cron runs it: one
call of its command an hour, at the world's time, which ``faketime`` gives it. What is judged is the log of the server.
We ourselves run in this process, with a clock that jumps from one due time to the next, and with restarts, reloads and
kills; ``--readers aggregator-cron`` runs our command from a crontab as the others'.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from aggregator import __version__
from benchmarks import readers
from benchmarks.measure import stamp, table
from benchmarks.readers import Reader
from tests.score.log import Event, Exchange, Headers, Run
from tests.score.ours import Ours, whole_run
from tests.score.server import World, serving
from tests.score.verdicts import STATEMENTS, Verdict
from tests.score.world import START, resources

DAYS = 7
EVERY = timedelta(hours=1)
ONCE_MORE = timedelta(minutes=10)  # after a round, once a day, whoever keeps due times is called again
LONGEST_ROUND_S = 300
SHOWN = {"passed": "✓", "failed": "✗", "none": "–"}
NO_FEED = ("list", "page")  # what only a reader of pages can be given


def run_by_cron(reader: Reader, world: World, folder: Path, *, days: float) -> Run:
    """Return what a reader did that is called once an hour."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [
        (f"{one.name}{more}", world.urls[one.name])
        for one in world.resources
        if one.is_source and one.name not in NO_FEED
        for more in ("", "-too")[: 1 + one.twice]
    ]
    reader.set_up(folder, written)
    events: list[Event] = []
    at, end = START, START + timedelta(days=days)
    while at < end:
        _round(reader, world, folder, at)
        if reader.is_scheduled and at.hour == 12:
            events.append(Event(at=at + ONCE_MORE, kind="restart"))
            _round(reader, world, folder, at + ONCE_MORE)
        at += EVERY
    return Run(
        exchanges=tuple(sorted(world.log, key=lambda one: one.at)),
        ends=end,
        events=tuple(events),
        scope="host" if reader.is_ours else "url",
        is_scheduled=reader.is_scheduled,
    )


def _round(reader: Reader, world: World, folder: Path, at: datetime) -> None:
    world.turn(at)
    environ = {**os.environ, "HOME": str(folder), "TZ": "UTC", **reader.environ}
    command = ["faketime", "-f", f"@{at:%Y-%m-%d %H:%M:%S}", *reader.command(folder)]
    with (folder.parent / "said").open("ab") as said:
        try:
            subprocess.run(
                command,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                timeout=LONGEST_ROUND_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            print(f"{reader.name}: a round was ended after {LONGEST_ROUND_S} s", file=sys.stderr)


def judge(run: Run) -> list[Verdict]:
    return [statement.judge(run) for statement in STATEMENTS]


def write_log(column: tuple[str, str, Run], path: Path) -> None:
    """Write a run as JSON: a line on the run, and one for each request."""
    name, how, run = column
    head = {
        "name": name,
        "how": how,
        "ends": run.ends.isoformat(),
        "events": [[one.at.isoformat(), one.kind] for one in run.events],
        "scope": run.scope,
        "pause": run.pause.total_seconds(),
        "is_scheduled": run.is_scheduled,
        "told": run.told,
    }
    with path.open("w", encoding="utf-8") as lines:
        lines.write(json.dumps(head) + "\n")
        for one in run.exchanges:
            told = {key: _texts(value) if key in ("headers", "answered") else value for key, value in vars(one).items()}
            lines.write(json.dumps(told | {"at": one.at.isoformat()}) + "\n")


def read_log(path: Path) -> tuple[str, str, Run]:
    """Return what ``write_log`` wrote."""
    head, *rest = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    exchanges = tuple(
        Exchange(
            **{
                **one,
                "at": datetime.fromisoformat(one["at"]),
                "headers": _bytes(one["headers"]),
                "answered": _bytes(one["answered"]),
            }
        )
        for one in rest
    )
    run = Run(
        exchanges=exchanges,
        ends=datetime.fromisoformat(head["ends"]),
        events=tuple(Event(at=datetime.fromisoformat(at), kind=kind) for at, kind in head["events"]),
        scope=head["scope"],
        pause=timedelta(seconds=head["pause"]),
        is_scheduled=head["is_scheduled"],
        told=head["told"],
    )
    return head["name"], head["how"], run


def _texts(headers: Headers) -> list[list[str]]:
    return [[key.decode("latin-1"), value.decode("latin-1")] for key, value in headers]


def _bytes(headers: list[list[str]]) -> Headers:
    return tuple((key.encode("latin-1"), value.encode("latin-1")) for key, value in headers)


def show(columns: Sequence[tuple[str, str, Run, list[Verdict]]]) -> None:
    """Print the table, and beneath it why a reader fails. columns: name, how it was run, the run, its verdicts."""
    rows = []
    for at, statement in enumerate(STATEMENTS):
        rows.append([statement.number, statement.short, *(SHOWN[found[at].outcome] for *_, found in columns)])
    passed = [sum(one.outcome == "passed" for one in found) for *_, found in columns]
    asked = [len(run.exchanges) for *_, run, _ in columns]
    rows += [["", "statements passed", *passed], ["", "requests", *asked]]
    table("Manners", ["", "statement", *(name for name, *_ in columns)], rows)
    for name, how, _, found in columns:
        print(f"\n{name}: {how}")
        for statement, verdict in zip(STATEMENTS, found, strict=True):
            if verdict.outcome != "passed":
                print(f"- {statement.number} {SHOWN[verdict.outcome]} {verdict.reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=float, default=DAYS, help="of the world's time")
    parser.add_argument("--readers", help="names, with commas between them; all that are installed unless given")
    parser.add_argument("--reader-python", help="the interpreter that has the package reader")
    parser.add_argument("--command", help="of one round of any other reader, with {feeds} and {folder}")
    parser.add_argument("--name", default="other", help="what that reader is called")
    parser.add_argument("--log", type=Path, help="a folder for the log of every run")
    parser.add_argument("--read", type=Path, nargs="*", help="logs of earlier runs: judged again, nothing is run")
    options = parser.parse_args()
    stamp()
    if options.read is not None:
        show([(*column, judge(column[2])) for column in map(read_log, options.read)])
        return
    if shutil.which("faketime") is None:
        parser.error("faketime is not installed; it gives readers the world's time")

    chosen = [*readers.installed(options.reader_python)]
    chosen += [readers.any_other(options.name, options.command)] if options.command else []
    names = options.readers.split(",") if options.readers else ["aggregator", *(one.name for one in chosen)]
    names += [options.name] if options.command and options.name not in names else []
    columns = []
    for name in names:
        started = time.monotonic()
        with serving(resources()) as world, tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            if name == "aggregator":
                run = whole_run(world, folder, days=int(options.days))
                how = f"`refresh --due` as time comes, {options.days:g} days with restarts, reloads and kills"
                column = (f"{name} {__version__}", how)
            else:
                every = [*chosen, readers.ours(lambda here, web=world: _write_feeds_yaml(here, web))]
                reader = next((one for one in every if one.name == name), None)
                if reader is None:
                    parser.error(f"{name} is not installed")
                run = run_by_cron(reader, world, folder / "reader", days=options.days)
                column = (f"{name} {reader.version}".strip(), f"{reader.note}, once an hour for {options.days:g} days")
        if options.log:
            options.log.mkdir(parents=True, exist_ok=True)
            write_log((*column, run), options.log / f"{name}.jsonl")
        print(f"{column[0]}: {len(run.exchanges)} requests in {time.monotonic() - started:.0f} s", file=sys.stderr)
        columns.append((*column, run, judge(run)))
    show(columns)


def _write_feeds_yaml(folder: Path, world: World) -> None:
    Ours(folder, world, pause=timedelta(seconds=1))


if __name__ == "__main__":
    main()
