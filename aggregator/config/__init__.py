"""feeds.yaml → Config.

``load`` reads and checks it, ``with_members`` adds the feeds that its lists name, ``notes`` says what deserves a word,
``schema`` describes it to editors.
"""

from aggregator.config.lists import members_of, remembered, with_members
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
    "members_of",
    "notes",
    "remembered",
    "schema",
    "with_members",
]
