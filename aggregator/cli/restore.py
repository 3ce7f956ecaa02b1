"""``aggregator restore``: a store put aside comes back."""

from pathlib import Path

from aggregator.cli.context import Context
from aggregator.errors import UsageError
from aggregator.folder import Folder
from aggregator.publish import publish, sync
from aggregator.store import Store
from aggregator.store.backup import bring_back
from aggregator.store.lock import lock_of, only_writer


def run(context: Context) -> int:
    """Return 0: the store is the one that was put aside, and the output shows it."""
    config = context.config()
    if "://" in config.storage:
        raise UsageError("a PostgreSQL store is brought back with pg_restore")
    path = Path(config.storage)
    with only_writer(lock_of(path), who="aggregator restore", patience=10):
        aside = bring_back(Path(context.arguments.file), path)
        with Store(config.storage, now=context.now()) as store:
            if aside is not None:
                store.remember(aside, at=context.now())
            sync(config, store, now=context.now())
            folder = Folder(config.output.directory)
            published = publish(config, store=store, folder=folder, now=context.now(), everything=True)
    if context.is_json:
        context.report({"aside": str(aside) if aside else None, "feeds_written": published.feeds_written})
    else:
        context.say(f"{path} is as it was put aside; {published.feeds_written} feeds written")
        if aside:
            context.say(f"what stood there before is kept as {aside}; the ids it gave out stay known", tone="dim")
    return 0
