"""OPML 2.0: the category feeds for import into a reader, and the list of whom we read. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.model import Credit, Entry, Feed
from aggregator.outputs.parts.addresses import followable, is_language
from aggregator.outputs.parts.characters import writable

SUFFIX = ".opml"
MEDIA_TYPE = "text/x-opml; charset=utf-8"
VERSION = 1
SECTION_ENTRIES = 0

_PREFERRED = (("atom", ".atom"), ("rss", ".rss"), ("json_feed", ".json"))  # what most readers read best comes first


def section(feed: Feed, entries: Sequence[Entry]) -> bytes:  # noqa: ARG001  # the protocol of all site formats
    """Return the feed's ``outline``: absolute addresses where site.url is known, else relative to ``feeds.opml``.

    Of the formats that are published it names the one most readers read best; where there is none, it is empty.
    """
    feed = writable(feed)
    suffix = next((suffix for name, suffix in _PREFERRED if name in feed.site.formats), None)
    if suffix is None:
        return b""
    page = ".html" if "html" in feed.site.formats else None
    return _outline(
        title=feed.title,
        description=feed.description,
        language=feed.site.language if is_language(feed.site.language) else None,
        xmlUrl=feed.url(suffix) or feed.path + suffix,
        htmlUrl=(feed.url(page) or feed.path + page) if page else None,
    )


def site(head: Feed, sections: Sequence[bytes], sources: Sequence[Credit]) -> Mapping[str, bytes]:
    """Return ``feeds.opml`` and ``sources.opml``. A source without a public address is not listed, one address once."""
    head = writable(head)
    listed: dict[str, bytes] = {}
    for source in map(writable, sources):
        if address := followable(source.feed_url):
            listed.setdefault(address, _outline(title=source.title, xmlUrl=address, htmlUrl=followable(source.url)))
    return {
        "feeds.opml": _document(head, [section for section in sections if section]),
        "sources.opml": _document(head, list(listed.values())),
    }


def _outline(*, title: str, **attributes: str | None) -> bytes:
    from lxml import etree

    told = {"type": "rss", "text": title, "title": title}
    told |= {name: value for name, value in attributes.items() if value}
    written: bytes = etree.tostring(etree.Element("outline", told), encoding="UTF-8")
    return written


def _document(head: Feed, outlines: Sequence[bytes]) -> bytes:
    """Return a document of these outlines. It bears no date: the list changes more seldom than the feeds do."""
    from lxml import etree

    root: Any = etree.Element("opml", version="2.0")
    titles = etree.SubElement(root, "head")
    etree.SubElement(titles, "title").text = head.site.title
    if head.site.author:
        etree.SubElement(titles, "ownerName").text = head.site.author
    opening = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    lines = [opening.removesuffix(b"</opml>") + b"<body>", *outlines, b"</body></opml>\n"]
    return b"\n".join(lines)
