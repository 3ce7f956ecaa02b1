"""The daemon: polls what is due, publishes what changed, serves it, reloads feeds.yaml, stops cleanly.

APScheduler runs a few short jobs; the due times of sources live in the store and outlast every restart. What takes
long runs in tasks of our own, so that a stop can let them finish.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator import outputs
from aggregator.apart import Work, in_threads
from aggregator.apart.workers import Workers
from aggregator.config import Config
from aggregator.daemon.agenda import NEVER, Agenda
from aggregator.errors import AggregatorError, ConfigError
from aggregator.fetch import Fetcher
from aggregator.folder import Folder
from aggregator.model import Source, SourceReport
from aggregator.publish import Published, prune, publish, sync
from aggregator.refresh import Chosen, refresh
from aggregator.serve import FRESH, application, serve
from aggregator.store import Store
from aggregator.update import update_articles

TICK = 1  # seconds between two looks at what is due
LOOK_AT_CONFIG = 2  # seconds between two looks at feeds.yaml
UPKEEP_HOUR = 3  # UTC
LAST_POLLS = 3  # seconds that a stop leaves to the polls under way; what starts us may kill after ten
MOST_NAMED = 10  # feeds that came to a list, in the log
SETTLE = 0.2  # seconds; what is saved within them is published together

Clock = Callable[[], datetime]
Load = Callable[[], Config]

log = logging.getLogger(__name__)


async def run(
    load: Load,
    *,
    now: Clock,
    stop: asyncio.Event,
    listen: str | None = None,
    max_age: timedelta = FRESH,
    on_ready: Callable[[str], None] | None = None,
    on_report: Callable[[SourceReport], None] | None = None,
    on_publish: Callable[[Published], None] | None = None,
) -> None:
    """Poll, publish and serve until ``stop`` is set.

    load: reads feeds.yaml; raises ConfigError. listen: instead of feeds.yaml's address. max_age: how long readers may
    use an answer without asking again. on_ready: is told where the server answers; on_report and on_publish what came
    of each poll and each publish.
    Raises AggregatorError when it cannot start.
    """
    config = load()
    with Store(config.storage, now=now()) as store, store.only_writer("aggregator run"):
        async with AsyncExitStack() as stack:
            work = await stack.enter_async_context(Workers())
            daemon = Daemon(
                config, load, store=store, now=now, work=work, stack=stack, on_report=on_report, on_publish=on_publish
            )
            await daemon.begin()
            server = asyncio.create_task(
                serve(daemon.application(max_age), listen or config.server.listen, on_ready=on_ready, stop=stop)
            )
            jobs = daemon.jobs()
            jobs.start()
            stopped = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({server, stopped}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stop.set()
                jobs.shutdown(wait=False)
                stopped.cancel()
                await daemon.finish()
            await server


class Daemon:
    """What runs while the daemon does."""

    def __init__(
        self,
        config: Config,
        load: Load,
        *,
        store: Store,
        now: Clock,
        work: Work = in_threads,
        stack: AsyncExitStack,
        on_report: Callable[[SourceReport], None] | None = None,
        on_publish: Callable[[Published], None] | None = None,
    ) -> None:
        self.config = config
        self.load = load
        self.store = store
        self.now = now
        self.work = work
        self.stack = stack
        self.on_report = on_report
        self.on_publish = on_publish
        self.agenda = Agenda(config, store)
        self.tasks: set[asyncio.Task[None]] = set()
        self.publishing = asyncio.Lock()
        self.planning = asyncio.Lock()
        self._publishes_soon = False
        self._is_ending = False
        self.send: Fetcher
        self._stamp = self._config_stamp()

    async def begin(self) -> None:
        """Bring store and output in step with feeds.yaml before the first poll."""
        self.send = await self._fetcher()
        await self._take_over(self.config)
        await self._publish()

    def jobs(self) -> AsyncIOScheduler:
        """Return the scheduler with its jobs: short ones, which only start what takes long."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # a line per tick tells nobody anything
        jobs = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        jobs.add_job(self.tick, "interval", seconds=TICK, next_run_time=self.now())
        jobs.add_job(self.look_at_config, "interval", seconds=LOOK_AT_CONFIG)
        jobs.add_job(self.upkeep, "cron", hour=UPKEEP_HOUR)
        return jobs

    def application(self, max_age: timedelta) -> Any:
        """Return the ASGI application that serves the output."""
        media_types = {one.SUFFIX: one.MEDIA_TYPE for one in outputs.formats().values()}
        return application(
            self.config.output.directory, media_types=media_types, aliases=self._slug_now, max_age=max_age
        )

    async def tick(self) -> None:
        """Start polling what is due, and fetching the article pages whose time has come."""
        self.agenda.begin_tick()
        await self._start_due()
        for source in await self.agenda.articles(now=self.now()):
            self._start(self._fetch_articles(source), [source])

    async def _start_due(self) -> None:
        for group in await self.agenda.polls(now=self.now()):
            self._start(self._poll(group), group)

    async def look_at_config(self) -> None:
        """Take over feeds.yaml when it has changed; one that is wrong is reported, and the last good one stays."""
        stamp = self._config_stamp()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            config = await asyncio.to_thread(self.load)
        except ConfigError as error:
            for problem in error.problems:
                log.error("%s", problem)
            log.error("%s is not taken over; the last good one goes on", self.config.path)
            return
        before = self.config
        await self._take_over(config)
        if (before.polling, before.network, before.site.url) != (config.polling, config.network, config.site.url):
            self.send = await self._fetcher(after=self.send)
        await self._publish()
        log.info("%s is taken over: %d sources", config.path, len(self.config.sources))

    async def upkeep(self) -> None:
        """Let go of what is past its retention, and publish without it."""
        gone = await asyncio.to_thread(prune, self.config, self.store, now=self.now())
        if gone:
            log.info("%d entries past their retention are gone", gone)
            await self._publish()

    async def finish(self) -> None:
        """Let the polls under way end, for a while; publish what they saved."""
        self._is_ending = True
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=LAST_POLLS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._publish()

    # --- what takes long -------------------------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, None], sources: list[Source], *, what: str = "publishing") -> None:
        names = {source.name for source in sources}
        task = asyncio.create_task(work)
        self.tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self.tasks.discard(task)
            self.agenda.end(names)
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("%s failed", f"polling {', '.join(sorted(names))}" if names else what, exc_info=error)
            elif names and self.agenda.has_more and not self._is_ending:
                self._start(self._start_due(), [], what="polling")  # its place is free at once, not at the next tick

        task.add_done_callback(ended)

    async def _poll(self, sources: list[Source]) -> None:
        for source in sources:  # should the store fail, nobody is asked again at once
            self.agenda.due[source.name] = self.now() + self.config.polling.minimum
        done = await refresh(
            self.config,
            Chosen(sources=tuple(sources)),
            store=self.store,
            send=self.send,
            now=self.now,
            work=self.work,
            on_report=self._saved,
            follows=False,
            is_claimed=True,
        )
        if done.is_relisted:
            await self._take_over(None)
            await self._publish()
        for state in await asyncio.to_thread(self.store.states, [source.name for source in sources]):
            self.agenda.due[state.name] = NEVER if state.is_gone else state.due

    def _saved(self, report: SourceReport) -> None:
        """Publish what a source brought without waiting for the slowest of those that were asked with it."""
        self._report(report)
        if report.outcome == "fetched" and not self._publishes_soon:
            self._publishes_soon = True
            self._start(self._publish_soon(), [])

    async def _publish_soon(self) -> None:
        await asyncio.sleep(SETTLE)
        self._publishes_soon = False
        await self._publish()

    async def _fetch_articles(self, source: Source) -> None:
        changes = await update_articles(source, store=self.store, send=self.send, now=self.now, work=self.work)
        if changes.new or changes.updated:
            await self._publish()

    async def _publish(self) -> None:
        async with self.publishing:
            try:
                published = await asyncio.to_thread(
                    publish,
                    self.config,
                    store=self.store,
                    folder=Folder(self.config.output.directory),
                    now=self.now(),
                )
            except AggregatorError as error:
                log.error("nothing could be published: %s", error)
                return
        if published.written and self.on_publish:
            self.on_publish(published)

    # --- plans -----------------------------------------------------------------------------------

    async def _take_over(self, config: Config | None) -> None:
        """Let this configuration hold (None: as it is) with the feeds that its lists name now; plan who is due when."""
        async with self.planning:
            self.config = await asyncio.to_thread(sync, config or self.config, self.store, now=self.now())
            await self.agenda.plan(self.config)

    async def _fetcher(self, after: Fetcher | None = None) -> Fetcher:
        config = self.config
        return await self.stack.enter_async_context(
            Fetcher(
                config.polling,
                allow_private=config.network.allow_private,
                proxy=config.network.proxy,
                site_url=config.site.url,
                now=self.now,
                memory=self.store,
                after=after,
            )
        )

    def _report(self, report: SourceReport) -> None:
        if report.outcome == "failed":
            log.warning("%s: %s", report.source, report.error)
        else:
            log.info("%s: %s, %d new, %d updated", report.source, report.outcome, report.new, report.updated)
        for names, verb in ((report.came, "came"), (report.left, "left")):
            if names:
                log.info("%s: %d feeds %s: %s", report.source, len(names), verb, ", ".join(names[:MOST_NAMED]))
        if self.on_report:
            self.on_report(report)

    def _slug_now(self, slug: str) -> str | None:
        """Return the slug that a former one means today."""
        for rule in self.config.categories:
            if slug in rule.aliases:
                shelf = next(
                    (one for one in self.store.shelves() if one.name == rule.name or one.slug == rule.name), None
                )
                return shelf.slug if shelf else None
        return None

    def _config_stamp(self) -> tuple[int, int] | None:
        try:
            stat = self.config.path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size
