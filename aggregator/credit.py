"""Whom an entry is owed to. Pure."""

from datetime import datetime

from aggregator.model import Credit, Source, SourceInfo
from aggregator.text.dates import read_date
from aggregator.text.lines import line
from aggregator.text.secrets import hidden
from aggregator.text.urls import absolute, has_secret, origin, without_credentials


def credit(source: Source, info: SourceInfo, *, now: datetime) -> Credit:
    """Return how a source is named beside its entries. Addresses with credentials or tokens stay private.

    What it says of itself is checked here: a name and rights of one line, a home page on the web.
    """
    is_secret = source.private or source.written_url is not None or has_secret(source.url or "")
    address = None if is_secret or not source.url else without_credentials(source.url)
    home = absolute(info.url, source.url) if info.url else None
    home = without_credentials(home) if home else (origin(source.url) if source.url else None)
    tells = home and (has_secret(home) or hidden(home, source.secrets) != home)
    return Credit(
        name=source.name,
        title=hidden(line(source.title) or line(info.title) or source.name, source.secrets),
        url=None if source.private or tells else home,
        feed_url=address,
        id=info.id,
        updated=read_date(info.updated, timezone=source.timezone, now=now) if info.updated else None,
        rights=line(info.rights),
    )
