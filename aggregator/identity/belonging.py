"""Which site a copy is from, and which names that site may give out. Pure."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from aggregator.model import Copy, Key
from aggregator.text.urls import canonical, host, same_site


def is_own(fetched_from: str | None, url: str | None) -> bool:
    """A copy is of the article's own site when it was fetched from the host of its URL, or a parent or child of it."""
    if not fetched_from or not url or not urlsplit(fetched_from).hostname:
        return False
    return same_site(host(fetched_from) or "", host(url) or "")


def is_of_site(key: Key, copy: Copy) -> bool:
    """Whether the copy's own site may give out this URL or guid: nobody else's word is needed."""
    return copy.own and (is_address(key, copy) or is_guid_of(key, copy))


def is_of_own_site(copy: Copy, copies: Sequence[Copy]) -> bool:
    """It was fetched from its site, and that is the site of the article, not just of who claims the article's guid.

    Its address must be one that another copy has too or bear the article's parameter, or its guid one that only this
    site gives out.
    """
    if not copy.own or len(copies) == 1:
        return copy.own
    shared = {
        key
        for other in copies
        for key in other.keys
        if other is not copy and (key.kind != "url" or is_address(key, other))
    }
    return any(
        _is_in_address(key, copy) or is_address(key, copy) or is_guid_of(key, copy)
        for key in copy.keys
        if key in shared
    )


def is_address(key: Key, copy: Copy) -> bool:
    """Whether the key is the copy's own URL, not just one that its text ends with."""
    return key.kind == "url" and copy.url is not None and canonical(copy.url) == key.value


def is_guid_of(key: Key, copy: Copy) -> bool:
    """Whether the guid, an http(s) or tag: IRI, names the host of the copy's URL."""
    if key.kind != "guid" or not copy.url:
        return False
    authority = key.value[4:].partition(",")[0] if key.value.lower().startswith("tag:") else host(key.value) or ""
    return same_site(authority, host(copy.url) or "")


def _is_in_address(key: Key, copy: Copy) -> bool:
    """Whether the value of a parameter stands in the copy's own URL, not just in one that its text ends with."""
    return key.kind == "parameter" and key.value.partition("=")[2].lower() in (copy.url or "").lower()
