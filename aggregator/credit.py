"""Whom an entry is owed to. Pure."""

from datetime import datetime

from aggregator.model import Credit, Source, SourceInfo
from aggregator.text.dates import read_date
from aggregator.text.urls import has_secret, origin, without_credentials


def credit(source: Source, info: SourceInfo, *, now: datetime) -> Credit:
    """Return how a source is named beside its entries. Addresses with credentials or tokens stay private."""
    is_secret = source.private or source.written_url is not None or has_secret(source.url or "")
    address = None if is_secret or not source.url else without_credentials(source.url)
    home = info.url or (origin(source.url) if source.url else None)
    return Credit(
        name=source.name,
        title=source.title or info.title or source.name,
        url=None if source.private or (home and has_secret(home)) else home,
        feed_url=address,
        id=info.id,
        updated=read_date(info.updated, timezone=source.timezone, now=now) if info.updated else None,
        rights=info.rights,
    )
