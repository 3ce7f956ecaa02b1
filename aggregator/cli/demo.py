"""``aggregator demo``: a small world on this machine, polled, merged and served."""

from aggregator.cli.context import Context
from aggregator.cli.signals import until_stopped
from aggregator.demo.journey import demo


def run(context: Context) -> int:
    """Return 0 once it was told to stop."""

    def say(line: str) -> None:
        context.say(line)
        context.out.flush()

    until_stopped(lambda stop: demo(listen=context.arguments.listen, stop=stop, say=say))
    return 0
