"""``aggregator backup``: the whole store as one file."""

from pathlib import Path

from aggregator.cli.context import Context
from aggregator.cli.words import size
from aggregator.errors import UsageError
from aggregator.store.backup import back_up


def run(context: Context) -> int:
    """Return 0: the file is whole and on the disk. The daemon may go on meanwhile."""
    config = context.config()
    if "://" in config.storage:
        raise UsageError("a PostgreSQL store is put aside with pg_dump")
    target = Path(context.arguments.file)
    written = back_up(Path(config.storage), target)
    if context.is_json:
        context.report({"file": str(target), "bytes": written})
    else:
        context.say(f"{target} holds the whole store ({size(written)})")
    return 0
