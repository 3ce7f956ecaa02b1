"""What we once published, read again from where it stands, so that a lost store does not announce it all as new.

The JSON feeds say of each entry its id, its dates and where its copies are: that is what the ledger needs. Texts come
back with the next polls.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from aggregator.config import Config
from aggregator.errors import FetchError, ReadError
from aggregator.fetch import Send
from aggregator.identity import keys
from aggregator.model import Content, Key, RawEntry, Request, Source
from aggregator.store import Given
from aggregator.text.dates import read_date
from aggregator.text.patterns import Searching

JSON_FEED = ".json"


async def recall(url: str, *, config: Config, send: Send, now: datetime) -> tuple[Given, ...]:
    """Return the ids that an output gives out, with their dates and names. url: where it is reached.

    Raises FetchError when the feed of all cannot be had, ReadError when it is not one of ours.
    """
    base = url if url.endswith("/") else f"{url}/"
    found: dict[str, Given] = {}
    searching = Searching()
    for address in dict.fromkeys([f"{base}all{JSON_FEED}", *await _feeds(base, send=send)]):
        try:
            document = await send(Request(url=address, is_trusted=True))
        except FetchError:
            if address == f"{base}all{JSON_FEED}":
                raise
            continue
        for item in _items(document.body, address):
            given = _given(item, config, searching, now=now)
            if given is not None:
                found.setdefault(given.uid, given)
    return tuple(found.values())


async def _feeds(base: str, *, send: Send) -> list[str]:
    """Return the JSON feeds of the categories, as the list of feeds names them; none where there is no list."""
    try:
        document = await send(Request(url=f"{base}feeds.opml", is_trusted=True))
        tree = etree.fromstring(document.body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (FetchError, etree.XMLSyntaxError):
        return []
    addresses = [urljoin(base, outline.get("xmlUrl")) for outline in tree.iter("outline") if outline.get("xmlUrl")]
    places = [address.partition("/category/")[2].rpartition(".")[0] for address in addresses]
    return [f"{base}category/{place}{JSON_FEED}" for place in places if place]


def _items(body: bytes, address: str) -> Iterable[Mapping[str, Any]]:
    try:
        items = json.loads(body)["items"]
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(f"{address} is no JSON feed of ours", url=address) from error
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _given(item: Mapping[str, Any], config: Config, searching: Searching, *, now: datetime) -> Given | None:
    ours = item.get("_aggregator")
    uid = item.get("id")
    if not isinstance(ours, dict) or not isinstance(uid, str):
        return None
    first_seen = _date(ours.get("first_seen"), now) or now
    published = _date(item.get("date_published"), now)
    urls = [item.get("url"), *(copy.get("url") for copy in ours.get("copies", []) if isinstance(copy, dict))]
    names: dict[Key, None] = {}
    for url in urls or [None]:
        content = Content(url=url if isinstance(url, str) else None)
        source = Source(name="", url="", identity=config.identity)
        names.update(dict.fromkeys(keys(RawEntry(id=uid), content, source, searching=searching)))
    return Given(
        uid=uid,
        first_seen=first_seen,
        published=None if published == first_seen else published,
        keys=tuple(name for name in names if not name.scope),
    )


def _date(text: object, now: datetime) -> datetime | None:
    return read_date(text, timezone="UTC", now=now) if isinstance(text, str) else None
