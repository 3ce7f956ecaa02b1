"""``aggregator status``: the health of every source."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aggregator.cli.context import Context, Tone
from aggregator.cli.healths import Health, State, healths
from aggregator.cli.words import ago, beginning, clock, count, plain, utc
from aggregator.config import Config, with_members
from aggregator.model import SourceState, Warned
from aggregator.text.urls import shown_address, without_credentials
from aggregator.warned import texts

if TYPE_CHECKING:
    from rich.console import Console

TONES: dict[State, Tone] = {"failing": "bad", "waiting": "strong", "gone": "bad", "disabled": "dim", "new": "dim"}
LONGEST_EXAMPLE = 90  # characters of a warning in the table
STYLES: dict[Tone, str] = {"good": "green", "bad": "red", "dim": "dim", "strong": "yellow"}
NARROW = 110  # columns of a terminal below which what is told of a source stands under it
COLUMNS = ("state", "source", "entries", "last success", "next poll", "")


def run(context: Context) -> int:
    """Return 0, however the sources do. Reads beside a process that writes, and makes no store where there is none."""
    config = context.config()
    now = context.now()
    with context.reading(config) as store:
        remembered = store.counted_states() if store else ()
        hosts = store.hosts() if store else ()
        config = with_members(config, store.all_members()) if store else config
    found = list(healths(config, remembered, hosts, now=now))
    if context.is_json:
        context.report({"sources": [_json(health) for health in found]})
    else:
        _tell(context, config, found, now=now)
    return 0


def _json(health: Health) -> dict[str, Any]:
    source, known = health.source, health.remembered
    return {
        "source": source.name,
        "title": source.title or known.title,
        "kind": source.kind or known.kind,
        "url": shown_address(source),
        "state": health.state,
        "last_poll": utc(known.last_poll),
        "last_success": utc(known.last_success),
        "next_poll": utc(health.next_poll),
        "failures": known.failures,
        "error": known.error,
        "warnings": [*_doubts(known), *texts(known.warnings)],
        "entries": known.entries,
        "warning_counts": [_count_json(one) for one in known.warnings],
        "asked": list(health.asked),
        "failing_since": utc(known.failing_since),
        "wait_until": utc(known.wait_until),
        "wait_reason": known.wait_reason,
        "moved_to": known.moved_to and without_credentials(known.moved_to),
        "moved_days": list(known.moved_days),
        "has_validators": known.has_validators,
        **({"feeds": health.feeds} if health.is_list else {}),
        **({"list": source.listed_in} if source.listed_in else {}),
    }


def _tell(context: Context, config: Config, found: list[Health], *, now: datetime) -> None:
    shown = [health for health in found if not context.is_quiet or health.state in ("failing", "waiting", "gone")]
    rows = [(_row(health, now=now), TONES.get(health.state)) for health in shown]
    if rows and context.out.isatty():
        _table(context, rows)
    elif rows:
        _columns(context, [row for row, _ in rows])
    for health in shown if context.is_verbose else ():
        for warning in (*_doubts(health.remembered), *_warned(config, health.remembered, now=now)):
            context.say(f"{plain(health.source.name)}: {plain(warning)}", tone="dim")
    if not context.is_quiet:
        context.say(_total(found), tone="strong")


def _row(health: Health, *, now: datetime) -> tuple[str, ...]:
    known = health.remembered
    next_poll = health.next_poll
    if health.state in ("disabled", "gone"):
        when = "never"
    elif next_poll is None or next_poll <= now:
        when = "due"
    else:
        when = ago(next_poll, now=now)
    return (
        health.state,
        plain(health.source.name),
        str(known.entries),
        ago(known.last_success, now=now),
        when,
        _words(health),
    )


def _words(health: Health) -> str:
    """Return in plain words what somebody may have to do something about, and what the server asked for."""
    known = health.remembered
    told = list(health.asked)
    doubts = _doubts(known)
    number = len(doubts) + sum(one.count for one in known.warnings)
    if known.held:
        told.append(f"{count(known.held, 'entry', 'entries')} held back; -v says why")
    elif health.state == "ok" and number:
        often = max(known.warnings, key=lambda one: one.count, default=None)
        such = doubts[0] if doubts or often is None else often.texts[0]
        told.append(f"{count(number, 'warning')}, such as: {beginning(such, LONGEST_EXAMPLE)} (-v shows more)")
    if health.is_list and health.state == "ok":
        told.append(count(health.feeds, "feed"))
    return "; ".join(told)


def _warned(config: Config, known: SourceState, *, now: datetime) -> Iterable[str]:
    """Yield how often each sort of warning was met and since when, with further examples."""
    for one in known.warnings:
        since, last = (clock(when, now=now, timezone=config.site.timezone) for when in (one.since, one.last))
        times = f"since {since}, last {last}" if one.polls > 1 else f"at {since}"
        often = f"{one.count} × " if one.count > 1 else ""
        yield f"{often}{one.texts[0]} ({times})"
        yield from (f"… {text}" for text in one.texts[1:])


def _count_json(one: Warned) -> dict[str, Any]:
    return {
        "text": one.texts[0],
        "sort": one.sort,
        "count": one.count,
        "since": utc(one.since),
        "last": utc(one.last),
        "polls": one.polls,
    }


def _doubts(known: SourceState) -> tuple[str, ...]:
    """Return what of the source is not believed, and what to do about it."""
    doubts = []
    if known.held:
        held = count(known.held, "entry is", "entries are")
        doubts.append(
            f"{held} held back: new to us and dated long ago, as if the source had changed its ids; "
            "`flood: pass` lets them through"
        )
    if known.guids == "reused":
        doubts.append("its guids are not believed: one was given to several articles")
    elif known.guids == "churning":
        doubts.append("its guids are not believed: articles come under others at every poll")
    return tuple(doubts)


def _table(context: Context, rows: list[tuple[tuple[str, ...], Tone | None]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=context.out)
    if console.width < NARROW:
        _stacked(context, console, rows)
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in COLUMNS:
        is_number = name == "entries"
        table.add_column(name, justify="right" if is_number else "left", no_wrap=name != "", overflow="fold")
    for (state, *told), tone in rows:
        cells = [context.shown(cell) for cell in told]
        style = "dim" if tone == "dim" else ""
        table.add_row(Text(state, style=STYLES[tone or "good"]), *(Text(cell, style=style) for cell in cells))
    console.print(table)


def _stacked(context: Context, console: "Console", rows: list[tuple[tuple[str, ...], Tone | None]]) -> None:
    """Write what is told of a source under its line, as there is no room beside it."""
    from rich.padding import Padding
    from rich.text import Text

    lines = _aligned([COLUMNS[:-1], *(tuple(context.shown(cell) for cell in row[:-1]) for row, _ in rows)])
    console.print(Text(lines[0], style="bold"))
    for (row, tone), line in zip(rows, lines[1:], strict=True):
        style = "dim" if tone == "dim" else ""
        told = Text(line, style=style)
        told.stylize(STYLES[tone or "good"], 0, len(row[0]))
        console.print(told)
        if row[-1]:
            console.print(Padding(Text(context.shown(row[-1]), style=style), (0, 0, 0, 2)))


def _columns(context: Context, rows: list[tuple[str, ...]]) -> None:
    """Write aligned columns for programs that read lines."""
    for line in _aligned([COLUMNS, *rows]):
        context.say(line)


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    padded = ([cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return ["  ".join(cells).rstrip() for cells in padded]


def _width(text: str) -> int:
    """Return how many columns a text takes; a Chinese character takes two."""
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _total(found: list[Health]) -> str:
    counts: dict[State, int] = {}
    for health in found:
        counts[health.state] = counts.get(health.state, 0) + 1
    states = ", ".join(f"{number} {state}" for state, number in counts.items())
    return f"{count(len(found), 'source')}: {states}" if found else "no sources"
