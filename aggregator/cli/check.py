"""``aggregator check``: is feeds.yaml right; with ``--online``, does each source answer and yield entries."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aggregator.cli.context import Context
from aggregator.cli.signals import until_done
from aggregator.cli.words import count, plain
from aggregator.config import Config, remembered
from aggregator.errors import ConfigError, Problem
from aggregator.fetch.hosts import silences
from aggregator.membership import LIST
from aggregator.model import HostState, Member, Source

if TYPE_CHECKING:
    from aggregator.update.preview import Preview


def run(context: Context) -> int:
    """Return 2 when feeds.yaml is wrong, 1 when a source does not answer as it should, else 0."""
    try:
        config = context.config()
    except ConfigError as error:
        for problem in error.problems:
            context.say(plain(str(problem)))
        if context.is_json:
            context.report({"problems": [_problem_json(problem) for problem in error.problems]})
        return 2
    if not context.is_quiet:
        context.say(_right(context, config), tone="good")
    context.notes(config)
    if not context.arguments.online:
        if context.is_json:
            context.report({"problems": []})
        return 0
    answers = until_done(_ask_all(context, config))
    if context.is_json:
        context.report({"problems": [], "sources": [_answer_json(answer) for answer in answers]})
    failed = sum(answer.error is not None for answer in answers)
    if failed:
        context.say(f"{failed} of {count(len(answers), 'source')} failed", tone="strong")
    return 1 if failed else 0


def _right(context: Context, config: Config) -> str:
    from aggregator.text.slugs import slug

    categories = {rule.slug or slug(rule.name) for rule in config.categories}
    categories |= {slug(name) for source in config.sources for name in source.categories}
    return (
        f"{plain(str(context.config_path))} is right: {count(len(config.sources), 'source')} "
        f"in {count(len(categories), 'category', 'categories')}"
    )


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "path": problem.path, "message": problem.message}


# --- online --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What a source says today. error: None where all is well. feeds: of a list of feeds."""

    source: str
    kind: str
    entries: int
    feeds: int
    error: str | None
    warnings: tuple[str, ...]
    seconds: float


async def _ask_all(context: Context, config: Config) -> list[_Answer]:
    """Return the answers of all sources, each list of feeds followed by what it names."""
    limit = asyncio.Semaphore(config.polling.concurrency)
    hosts, members = await asyncio.to_thread(_known, context, config)

    from aggregator.apart.workers import Workers
    from aggregator.update.preview import preview

    async with context.fetcher(config, memory=silences(hosts)) as send, Workers() as work:

        async def ask(source: Source) -> list[_Answer]:
            known = remembered(source, members)
            async with limit:
                started = time.monotonic()
                seen = await preview(
                    source, send=send, now=context.now, work=work, articles=1, sources=config.sources, members=known
                )
            answer = _Answer(
                source=source.name,
                kind=seen.kind,
                entries=len(seen.entries),
                feeds=len(seen.feeds),
                error=seen.error or _lack(seen),
                warnings=seen.warnings,
                seconds=time.monotonic() - started,
            )
            _say(context, answer)
            return [answer, *(await ask_each(seen.feeds))]

        async def ask_each(sources: Sequence[Source]) -> list[_Answer]:
            answers = await asyncio.gather(*(ask(source) for source in sources if source.enabled))
            return [answer for some in answers for answer in some]

        return await ask_each(config.sources)


def _lack(seen: "Preview") -> str | None:
    """Return what is missing in an answer that could be read."""
    if seen.kind == LIST:
        return None if seen.feeds else "it answers, but names no feed now"
    if seen.entries:
        return None
    return (
        f"it answers, but of {seen.found} entries none passes its rules"
        if seen.found
        else "it answers, but has no entries now"
    )


def _known(context: Context, config: Config) -> tuple[tuple[HostState, ...], Mapping[str, Sequence[Member]]]:
    with context.reading(config) as store:
        return (store.hosts(), store.all_members()) if store else ((), {})


def _say(context: Context, answer: _Answer) -> None:
    """Say it at once: others may take their time."""
    name = plain(answer.source)
    if answer.error is not None:
        context.say(f"✗ {name}: {plain(answer.error)}", tone="bad")
    elif not context.is_quiet:
        found = count(answer.entries, "entry", "entries") if answer.kind != LIST else count(answer.feeds, "feed")
        context.say(f"✓ {name}: {found} ({answer.kind}, {answer.seconds:.1f} s)", tone="good")
    for warning in answer.warnings:
        if not context.is_quiet and warning != answer.error:
            context.say(f"  {plain(warning)}", tone="dim")
    context.out.flush()


def _answer_json(answer: _Answer) -> dict[str, Any]:
    return {
        "source": answer.source,
        "kind": answer.kind,
        "ok": answer.error is None,
        "entries": answer.entries,
        **({"feeds": answer.feeds} if answer.kind == LIST else {}),
        "error": answer.error,
        "warnings": list(answer.warnings),
        "seconds": round(answer.seconds, 3),
    }
