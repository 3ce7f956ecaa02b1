"""HTML brought into a form that the sanitizer can take: of bounded depth, nothing hidden, no image that waits. Pure."""

import re
from collections import Counter
from typing import Any

from lxml import etree

from aggregator.normalize.text import paragraphs
from aggregator.text.urls import absolute
from aggregator.text.visible import visible

DEEPEST = 200  # readers' parsers stop at 256, and the sanitizer's time grows with the square of the depth
_MANY_TAGS = 5_000

# Seen in lower-case HTML, these ask for a look at its tree; most entries have none of them.
_LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-echo", "data-backsrc", "data-croporisrc",
    "data-lazyload", "lazy-src", "zoomfile",
)  # fmt: skip
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_ODD = (*_LAZY, *_LAZY_SETS, "<noscript", "<amp-img")
_MAY_HIDE = re.compile(
    r"display\s*(?::|&)[^;<>]{0,40}none|visibility\s*(?::|&)[^;<>]{0,40}hidden|<[a-z][^<>]*\shidden[\s=>/]"
)
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

# XML's way of closing what is empty; as HTML the element would take in all that follows.
_SELF_CLOSED = re.compile(
    r"<(iframe|script|style|title|textarea|noscript|video|audio|object|a|b|div|em|i|p|span|strong)((?:\s[^<>]*?[\s\"'])?\s?)/>",
    re.IGNORECASE,
)

_NAME = re.compile(r"<(/?)([a-z][a-z0-9]*)")
# Elements that close themselves: counted, a list of unclosed ones would seem deep.
_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
_CLOSING = frozenset((*_VOID, "p", "li", "dt", "dd", "tr", "td", "th", "option"))


def plain_form(html: str, *, base: str | None) -> str:
    """Return the HTML as it came, or where that would show something else than a browser does, as a browser shows it.

    Hidden elements are gone, images have the address that their script or ``noscript`` would give them, and what is
    nested deeper than DEEPEST is its text alone. base: where relative links start from.
    """
    if "/>" in html:
        html = _SELF_CLOSED.sub(r"<\1\2></\1>", html)
    lower = html.lower()
    if lower.count("<") > DEEPEST and _may_be_deep(lower):
        html = _level(html)
    if any(word in lower for word in _ODD) or _MAY_HIDE.search(lower):
        html = _as_shown(html, base)
    return html


def _may_be_deep(lower: str) -> bool:
    """Tell whether elements may be nested deeper than we take; more often yes than it is so."""
    if lower.count("<") > _MANY_TAGS:
        return True
    names: Counter[str] = Counter()
    deepest = depth = 0
    for slash, name in _NAME.findall(lower):
        if name in _CLOSING:
            continue
        if not slash:
            names[name] += 1
            depth += 1
            deepest = max(depth, deepest)
        elif names[name]:
            names[name] -= 1
            depth -= 1
    return deepest >= DEEPEST


def _level(html: str) -> str:
    """Return HTML of bounded depth: the same, well nested, or where it is too deep its text alone."""
    body = _tree(html)
    depth = deepest = 0
    for event, _ in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(depth, deepest)
    if deepest < DEEPEST:
        return _written(body)
    pieces: list[str] = []
    lower, at = html.lower(), 0
    while at < len(html):  # by hand: what is nested so deep, a parser would cut off
        starts = [found for tag in ("<script", "<style") if (found := lower.find(tag, at)) >= 0]
        if not starts:
            pieces.append(html[at:])
            break
        start = min(starts)
        pieces.append(html[at:start])
        end = lower.find("</script" if lower.startswith("<script", start) else "</style", start)
        at = len(html) if end < 0 else end
    return paragraphs(visible("".join(pieces)).replace("\n", "\n\n"))


def _as_shown(html: str, base: str | None) -> str:
    """Return the HTML without hidden elements, with images as their scripts or ``noscript`` would show them."""
    body = _tree(html)
    for element in list(body.iter("amp-img", "img", "source", "iframe", "video")):
        if element.tag == "amp-img":
            element.tag = "img"
        _wake(element, base)
    shown = {image.get("src") for image in body.iter("img") if not _is_within(image, "noscript")}
    for image in [image for box in body.iter("noscript") for image in box.iter("img")]:
        if image.get("src") in shown:
            _drop(image)
    etree.strip_tags(body, "noscript")
    for element in list(body.iter(etree.Element)):
        if element.tag in ("img", "iframe", "video", "audio", "body"):
            continue
        if "hidden" in element.attrib or _HIDDEN.search(element.get("style") or ""):
            _drop(element)
    return _written(body)


def _wake(element: Any, base: str | None) -> None:
    """Give an element that waits for a script the address that the script would give it."""
    for names, attribute in ((_LAZY, "src"), (_LAZY_SETS, "srcset")):
        for name in names:
            value = (element.get(name) or "").strip()
            if value and (attribute == "srcset" or absolute(value, base)):
                element.set(attribute, value)
                break


def _tree(html: str) -> Any:
    """Return the ``body`` of the parsed HTML."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    root = etree.fromstring(f"<html><body><div>{html}</div></body></html>".encode(), parser)
    return root.find("body")


def _written(body: Any) -> str:
    text: str = etree.tostring(body, method="html", encoding="unicode")
    inner = text[text.find(">") + 1 : text.rfind("</body>")]
    wrapped = inner.removeprefix("<div>")
    if wrapped is not inner and inner.endswith("</div>") and len(body) == 1:
        return wrapped.removesuffix("</div>")
    return inner


def _drop(element: Any) -> None:
    """Take an element out and leave the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _is_within(element: Any, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None
