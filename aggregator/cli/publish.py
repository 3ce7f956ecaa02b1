"""``aggregator publish``: write the output again from the store."""

from aggregator.cli.context import Context
from aggregator.cli.words import count
from aggregator.folder import Folder
from aggregator.publish import publish, sync


def run(context: Context) -> int:
    """Return 0; a file that cannot be written is a StoreError."""
    config = context.config()
    context.notes(config)
    with context.writing(config, "aggregator publish") as store:
        config = sync(config, store, now=context.now())
        published = publish(
            config, store=store, folder=Folder(config.output.directory), now=context.now(), everything=True
        )
    if context.is_json:
        context.report(
            {
                "written": list(published.written),
                "removed": list(published.removed),
                "feeds_written": published.feeds_written,
            }
        )
    elif not context.is_quiet:
        for path in published.written:
            context.say(f"written  {path}")
        for path in published.removed:
            context.say(f"removed  {path}")
        feeds = count(published.feeds_written, "feed")
        written = f"{count(len(published.written), 'file')} written ({feeds}), {len(published.removed)} removed"
        context.say(written if published.written or published.removed else "all is as it should be", tone="strong")
    return 0
