"""``aggregator run``: the daemon."""

from aggregator import daemon
from aggregator.cli.context import Context
from aggregator.cli.signals import until_stopped
from aggregator.cli.words import count
from aggregator.publish import Published


def run(context: Context) -> int:
    """Return 0 once it was told to stop. What happens meanwhile is told on standard error."""
    config = context.config()
    context.notes(config)

    def on_ready(address: str) -> None:
        context.tell(f"{count(len(config.sources), 'source')}; {config.output.directory} is served at {address}")
        context.err.flush()

    def on_publish(published: Published) -> None:
        context.tell(f"{count(published.feeds_written, 'feed')} written", tone="dim")

    until_stopped(
        lambda stop: daemon.run(
            context.config,
            now=context.now,
            stop=stop,
            listen=context.arguments.listen,
            on_ready=on_ready,
            on_publish=on_publish,
        )
    )
    return 0
