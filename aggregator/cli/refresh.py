"""``aggregator refresh``: poll once, publish what changed, end."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aggregator.apart.workers import Workers
from aggregator.cli.context import Context
from aggregator.cli.signals import until_done
from aggregator.cli.words import clock, count, plain, utc
from aggregator.config import Config
from aggregator.errors import StoreError
from aggregator.folder import Folder
from aggregator.membership import LIST
from aggregator.model import SourceReport, SourceState
from aggregator.publish import Published, publish, sync
from aggregator.refresh import Chosen, Round, asked_address, choose, named, refresh
from aggregator.store import Store

MOST_MEMBERS = 3  # names of feeds that came to a list or left it
MOST_SKIPPED = 10  # lines; past that their number says it


@dataclass(frozen=True, kw_only=True)
class _Result:
    """What the run came to. problem: why the output could not be written."""

    round: Round
    published: Published
    problem: str | None
    seconds: float


def run(context: Context) -> int:
    """Return 0, or 1 when all that were polled failed, any did with ``--strict``, or the output cannot be written."""
    config = context.config()
    if context.arguments.names:  # an unknown one is told before anything is touched
        named(context.with_members(config).sources, context.arguments.names)
    context.notes(config)
    with context.writing(config, "aggregator refresh") as store:
        result = until_done(_refresh(context, config, store))
    if context.is_json:
        context.report(_json(result))
    else:
        _tell(context, config, result)
    is_failure = result.round.is_total_failure or (context.arguments.strict and result.round.count("failed"))
    return 1 if is_failure or result.problem else 0


async def _refresh(context: Context, config: Config, store: Store) -> _Result:
    started = time.monotonic()
    arguments = context.arguments
    now = context.now()
    config = await asyncio.to_thread(sync, config, store, now=now)
    states = {state.name: state for state in await asyncio.to_thread(store.states)}
    hosts = await asyncio.to_thread(store.hosts)
    chosen = choose(
        config, states, hosts=hosts, now=now, names=arguments.names, due=arguments.due, force=arguments.force
    )
    async with context.fetcher(config, memory=store, heeds_past=not arguments.force) as send, Workers() as work:
        for source in chosen.sources if arguments.names else ():
            send.try_again(asked_address(source, states.get(source.name) or SourceState(name=source.name)))
        with _progress(context, chosen) as on_report:
            round_ = await refresh(
                config,
                chosen,
                store=store,
                send=send,
                now=context.now,
                work=work,
                on_report=on_report,
                is_asked=not arguments.due,
            )
    config = round_.config
    published, problem = Published(), None
    try:  # also when nothing came: an earlier run may have saved what it could not publish
        folder = Folder(config.output.directory)
        published = await asyncio.to_thread(publish, config, store=store, folder=folder, now=context.now())
    except StoreError as error:
        problem = str(error)
        context.err.write(context.shown(f"aggregator: {problem}\n"))
    return _Result(round=round_, published=published, problem=problem, seconds=time.monotonic() - started)


@contextmanager
def _progress(context: Context, chosen: Chosen) -> Iterator[Callable[[SourceReport], None] | None]:
    """A bar on a terminal, as long as there is something to wait for; nothing in a pipe."""
    if context.is_quiet or not context.err.isatty() or not chosen.sources:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("polling"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.description}", markup=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(chosen.sources))
        new = failed = 0

        def on_report(report: SourceReport) -> None:
            nonlocal new, failed
            new, failed = new + report.new, failed + (report.outcome == "failed")
            told = f"{new} new" + (f", {failed} failed" if failed else "")
            total = (bar.tasks[task].total or 0) + len(report.came) - len(report.left)
            bar.update(task, total=total, advance=0 if report.outcome == "skipped" else 1, description=told)

        yield on_report


def _json(result: _Result) -> dict[str, Any]:
    round_ = result.round
    return {
        "polled": round_.polled,
        "unchanged": round_.count("unchanged"),
        "failed": round_.count("failed"),
        "skipped": round_.count("skipped"),
        "new": len(round_.new_ids),
        "updated": len(round_.updated_ids),
        "duplicates": round_.duplicates,
        "feeds_written": result.published.feeds_written,
        "seconds": round(result.seconds, 3),
        "sources": [_source_json(report) for report in round_.reports],
    }


def _source_json(report: SourceReport) -> dict[str, Any]:
    return {
        "source": report.source,
        "kind": report.kind,
        "outcome": report.outcome,
        "status": report.status,
        "new": report.new,
        "updated": report.updated,
        "duplicates": report.duplicates,
        "error": report.error,
        "until": utc(report.until),
        "warnings": list(report.warnings),
        "seconds": round(report.seconds, 3),
        **({"came": list(report.came), "left": list(report.left)} if report.kind == LIST else {}),
    }


def _tell(context: Context, config: Config, result: _Result) -> None:
    round_ = result.round
    for report in round_.reports:
        if report.outcome in ("fetched", "unchanged") and context.is_verbose:
            what = report.outcome if report.outcome == "unchanged" else f"{report.new} new, {report.updated} updated"
            context.say(f"✓ {plain(report.source)}: {what} ({report.seconds:.1f} s)")
        for warning in report.warnings if context.is_verbose else ():
            context.say(f"  {plain(report.source)}: {plain(warning)}", tone="dim")
    for report in round_.reports:
        if report.outcome == "failed":
            until = f"; next try {_clock(context, config, report)}" if report.until else ""
            context.say(f"✗ {plain(report.source)}: {plain(report.error or 'failed')}{until}", tone="bad")
    if context.is_quiet:
        return
    for report in round_.reports:
        if report.note and not context.is_verbose:
            context.say(f"~ {plain(report.source)}: {plain(report.note)}")
        if report.came or report.left:
            _tell_members(context, report)
    _tell_skipped(context, config, [report for report in round_.reports if report.outcome == "skipped"])
    warnings = sum(len(report.warnings) - bool(report.note) for report in round_.reports)
    if warnings and not context.is_verbose:
        context.say(f"{count(warnings, 'warning')}; -v shows them", tone="dim")
    context.say(_total(result), tone="strong")


def _tell_members(context: Context, report: SourceReport) -> None:
    """Say which feeds came to a list and left it; the first time they all come."""
    for names, verb in ((report.came, "came"), (report.left, "left")):
        shown = names if context.is_verbose else names[:MOST_MEMBERS]
        more = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
        if names:
            feeds = count(len(names), "feed")
            context.say(f"~ {plain(report.source)}: {feeds} {verb}: {', '.join(map(plain, shown))}{more}")


def _tell_skipped(context: Context, config: Config, skipped: list[SourceReport]) -> None:
    names, due = context.arguments.names, context.arguments.due
    if not context.is_verbose and not names and (due or len(skipped) > MOST_SKIPPED):
        return
    for report in skipped:
        says_when = " UTC" in (report.error or "")  # what a host asked for is told with its time
        until = f", until {_clock(context, config, report)}" if report.until and not says_when else ""
        context.say(f"- {plain(report.source)}: skipped, {plain(report.error or '')}{until}", tone="dim")


def _clock(context: Context, config: Config, report: SourceReport) -> str:
    assert report.until is not None
    return clock(report.until, now=context.now(), timezone=config.site.timezone)


def _total(result: _Result) -> str:
    round_ = result.round
    failed, polled, skipped = round_.count("failed"), round_.polled, round_.count("skipped")
    parts = [
        f"{len(round_.new_ids)} new, {len(round_.updated_ids)} updated, {count(round_.duplicates, 'duplicate')}",
        f"{count(result.published.feeds_written, 'feed')} written",
        f"{failed} of {count(polled, 'source')} failed" if failed else f"{count(polled, 'source')} polled",
    ]
    if skipped:
        parts[-1] += f", {skipped} skipped"
    return "; ".join(parts)
