"""aggregator: polls many sources, knows an article wherever it turns up, publishes merged feeds."""

__version__ = "0.1.0"
