"""``aggregator takedown``: make an entry vanish and stay away."""

from aggregator.cli.context import Context
from aggregator.folder import Folder
from aggregator.publish import publish, sync


def run(context: Context) -> int:
    """Return 0: what was named is gone from store and output, and no copy brings it back."""
    config = context.config()
    arguments = context.arguments
    with context.writing(config, "aggregator takedown") as store:
        config = sync(config, store, now=context.now())
        uid = store.take_down(arguments.entry, at=context.now(), reason=arguments.reason)
        published = publish(config, store=store, folder=Folder(config.output.directory), now=context.now())
    if context.is_json:
        context.report({"id": uid, "feeds_written": published.feeds_written})
    else:
        context.say(f"{uid} is taken down; {published.feeds_written} feeds written without it")
    return 0
