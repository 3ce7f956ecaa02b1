"""Entries of which a list tells the address alone, as a sitemap does: what becomes of them without their page. Pure."""

import re
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from aggregator.errors import Refused, SourceError
from aggregator.model import RawEntry, RawText

GONE = (404, 410)  # there is no such page, by HTTP


def is_bare(raw: RawEntry) -> bool:
    """Return whether an entry says nothing without its page: an address, and perhaps a date."""
    return raw.title is None and raw.summary is None and raw.content is None


def without_page(raw: RawEntry, error: SourceError) -> RawEntry | None:
    """Return an entry whose page cannot be had, under a title made of its address; None where there is no such page."""
    if isinstance(error, Refused) or error.status in GONE:
        return None
    path = unquote(urlsplit(raw.url or "").path).rstrip("/").rpartition("/")[2]
    words = re.sub(r"[\s_+-]+", " ", re.sub(r"\.\w{1,5}\Z", "", path)).strip()
    is_title = len(re.findall(r"[^\W\d_]{2,}", words)) > 1 or re.search(r"[\u3040-\u9fff]{4}", words)
    return replace(raw, title=RawText(value=words[:1].upper() + words[1:])) if is_title else raw
