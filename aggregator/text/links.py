"""Links within an HTML text. Pure."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

_UNSEEN = frozenset({"head", "script", "style", "template", "noscript"})
_SEEN_WITHOUT_TEXT = frozenset({"img", "picture", "video", "audio", "iframe", "object", "embed", "svg"})
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def closing_url(html: str) -> str | None:
    """Return the URL that a text ends with, or None.

    That is the last link whose visible text is its own address, if only other links, punctuation and white space
    follow it: ``<p>… <a href="http://a.example/1">http://a.example/1</a></p><p><a href="/">Home</a> | …``. An
    image after it is not nothing. The address may be shown without its scheme or with its escapes resolved.
    """
    if "<a" not in html and "<A" not in html:
        return None
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    try:
        root = etree.fromstring(f"<div>{_CONTROLS.sub('', html)}</div>".encode(), parser)
    except etree.XMLSyntaxError:
        return None
    found: str | None = None
    for url, text in _pieces(root):
        if url is not None and _shows_itself(url, text):
            found = url
        elif url is None and any(character.isalnum() for character in text):
            found = None
    return found


def _pieces(root: Any) -> Iterator[tuple[str | None, str]]:
    """What a reader sees, in order: (address, text) of each link, (None, text) between them."""
    inside: Any = None  # the link we are in
    hidden: Any = None  # the element we are in that shows nothing
    text = ""
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        shown = inside is None and hidden is None
        if event == "start":
            if hidden is None and element.tag in _UNSEEN:
                hidden = element
            elif shown and element.tag == "a" and element.get("href"):
                inside, text = element, ""
            elif shown and element.tag in _SEEN_WITHOUT_TEXT:
                yield None, element.tag
            if hidden is None:
                if inside is None:
                    yield None, element.text or ""
                else:
                    text += element.text or ""
            continue
        if element is hidden:
            hidden = None
        elif element is inside:
            yield element.get("href").strip(), text.strip()
            inside = None
        if hidden is None:
            if inside is None:
                yield None, element.tail or ""
            else:
                text += element.tail or ""


def _shows_itself(url: str, text: str) -> bool:
    if not url.lower().startswith(("http://", "https://")):
        return False
    return _bare(url) == _bare(text)


def _bare(url: str) -> str:
    return re.sub(r"^https?://", "", unquote(url), flags=re.IGNORECASE).rstrip("/")
