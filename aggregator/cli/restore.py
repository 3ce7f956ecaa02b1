"""``aggregator restore``: a store put aside comes back."""

from pathlib import Path

from aggregator.cli.context import Context
from aggregator.cli.signals import until_done
from aggregator.cli.words import count
from aggregator.config import Config
from aggregator.errors import UsageError
from aggregator.folder import Folder
from aggregator.publish import publish, sync
from aggregator.recall import recall
from aggregator.store import Given, Store
from aggregator.store.backup import bring_back
from aggregator.store.lock import lock_of, only_writer


def run(context: Context) -> int:
    """Return 0: the store is the one that was put aside, or knows what was once published."""
    config = context.config()
    if (context.arguments.file is None) == (context.arguments.url is None):
        raise UsageError("name a file made by `aggregator backup`, or --from and the address of a published output")
    if context.arguments.url is not None:
        return _from_output(context, config)
    return _from_file(context, config)


def _from_output(context: Context, config: Config) -> int:
    async def asked() -> tuple[Given, ...]:
        async with context.fetcher(config) as send:
            return await recall(context.arguments.url, config=config, send=send, now=context.now())

    given = until_done(asked())
    with context.writing(config, "aggregator restore") as store:
        sync(config, store, now=context.now())
        unknown = store.remember_given(given, at=context.now())
    if context.is_json:
        context.report({"ids": len(given), "unknown": unknown})
    else:
        context.say(f"{count(len(given), 'id')} read from what is published, {unknown} of them not known before")
        context.say("they keep their ids and dates, and are not new, when the next polls bring them", tone="dim")
    return 0


def _from_file(context: Context, config: Config) -> int:
    if "://" in config.storage:
        raise UsageError("a PostgreSQL store is brought back with pg_restore")
    path = Path(config.storage)
    with only_writer(lock_of(path), who="aggregator restore", patience=10):
        aside = bring_back(Path(context.arguments.file), path)
        with Store(config.storage, now=context.now()) as store:
            if aside is not None:
                store.remember(aside, at=context.now())
            config = sync(config, store, now=context.now())
            folder = Folder(config.output.directory)
            published = publish(config, store=store, folder=folder, now=context.now(), everything=True)
    if context.is_json:
        context.report({"aside": str(aside) if aside else None, "feeds_written": published.feeds_written})
    else:
        context.say(f"{path} is as it was put aside; {published.feeds_written} feeds written")
        if aside:
            context.say(f"what stood there before is kept as {aside}; the ids it gave out stay known", tone="dim")
    return 0
