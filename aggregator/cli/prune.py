"""``aggregator prune``: let go of what is past its retention."""

from aggregator.cli.context import Context
from aggregator.cli.words import count
from aggregator.folder import Folder
from aggregator.publish import prune, publish, sync


def run(context: Context) -> int:
    """Return 0. The ids of what went stay known for ever."""
    config = context.config()
    with context.writing(config, "aggregator prune") as store:
        config = sync(config, store, now=context.now())
        gone = prune(config, store, now=context.now())
        published = publish(config, store=store, folder=Folder(config.output.directory), now=context.now())
    if context.is_json:
        context.report({"removed": gone, "feeds_written": published.feeds_written})
    else:
        entries = count(gone, "entry", "entries")
        context.say(f"{entries} past retention removed; {count(published.feeds_written, 'feed')} written")
    return 0
