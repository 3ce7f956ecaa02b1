"""What a document is by its first element, before any reader is asked. Pure."""

import re

from aggregator.model import Document
from aggregator.sources.parts.feed.document import root_name
from aggregator.text.decoding import decode

# First element -> the kind that reads such documents; any other is a feed's.
KIND_OF_ROOT = {
    **dict.fromkeys(("opml", "outlinedocument"), "opml"),
    **dict.fromkeys(("urlset", "sitemapindex"), "sitemap"),
}
_HEAD_BYTES = 16_384  # licences and doctypes stand before the first element
_ASIDE = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def root_of(document: Document) -> str | None:
    """Return the local name of a document's first element in lower case, or None for what is no markup."""
    return root_name(decode(document.body[:_HEAD_BYTES], document.headers.get("content-type")))


def without_comments(text: str) -> str:
    """Return the text without comments, which may hold elements of their own."""
    return _ASIDE.sub("", text)
