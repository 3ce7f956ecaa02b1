"""feeds.yaml → Config.

``load`` reads and checks it, ``notes`` says what deserves a word, ``schema`` describes it to editors.
"""

from aggregator.config.notes import notes
from aggregator.config.reading import load
from aggregator.config.schema import schema
from aggregator.config.settings import FOREVER, CategoryRule, Config, Network, Output, Server, WebSub

__all__ = [
    "FOREVER",
    "CategoryRule",
    "Config",
    "Network",
    "Output",
    "Server",
    "WebSub",
    "load",
    "notes",
    "schema",
]
