"""``aggregator schema``: the JSON Schema of feeds.yaml, for editors."""

from aggregator import outputs, sources
from aggregator.cli.context import Context
from aggregator.config import schema


def run(context: Context) -> int:
    """Return 0; feeds.yaml is not looked at."""
    context.report(schema(kinds=sources.names(), formats=outputs.names()))
    return 0
