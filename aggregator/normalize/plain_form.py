"""HTML brought into a form that the sanitizer can take: of bounded depth, nothing hidden, no image that waits. Pure."""

import re
from collections import Counter
from typing import Any

from lxml import etree

from aggregator.normalize.frames import settle_frames
from aggregator.normalize.text import paragraphs
from aggregator.normalize.tree import HIDDEN, drop, put, tree, written
from aggregator.text.images import (
    LAZY,
    LAZY_ELSE,
    LAZY_SETS,
    best_candidate,
    image_address,
    image_candidates,
    is_counter,
    waiting_address,
)
from aggregator.text.visible import visible

DEEPEST = 200  # readers' parsers stop at 256, and the sanitizer's time grows with the square of the depth
_MANY_TAGS = 5_000

# Seen in lower-case HTML, these ask for a look at its tree; most entries have none of them.
_ODD = re.compile(
    rf"<(?:noscript|amp-img|iframe|embed|object|math)\b|[\s\"'/](?:{'|'.join((*LAZY, *LAZY_ELSE, *LAZY_SETS))})\s*="
    r"|<img[^<>]{1,300}?\ssrc\s*=\s*[\"']?data:|<img[^<>]{1,300}?style[^<>]{1,99}?(?:width|height)\s*:\s*[01]px"
)
_TINY = re.compile(r"\s*[01](?:px)?\s*")
_MAY_HIDE = re.compile(
    r"display\s*(?::|&)[^;<>]{0,40}none|visibility\s*(?::|&)[^;<>]{0,40}hidden|<[a-z][^<>]*\shidden[\s=>/]"
)

# XML's way of closing what is empty; as HTML the element would take in all that follows.
_SELF_CLOSED = re.compile(
    r"<(iframe|script|style|title|textarea|noscript|video|audio|object|a|b|div|em|i|p|span|strong)((?:\s[^<>]*?[\s\"'])?\s?)/>",
    re.IGNORECASE,
)

# It holds nothing, which the parser of the tree does not know.
_EMBED = re.compile(r"(<embed\b[^<>]*?)/?>", re.IGNORECASE)
_EMBED_END = re.compile(r"</embed\s*>", re.IGNORECASE)

_NAME = re.compile(r"<(/?)([a-z][a-z0-9]*)")
# Elements that close themselves: counted, a list of unclosed ones would seem deep.
_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
_CLOSING = frozenset((*_VOID, "p", "li", "dt", "dd", "tr", "td", "th", "option"))


def plain_form(html: str, *, base: str | None, told: list[str]) -> str:
    """Return the HTML as it came, or where that would show something else than a browser does, as a browser shows it.

    Hidden elements are gone, images have the address that their script or ``noscript`` would give them, and what is
    nested deeper than DEEPEST is its text alone. base: where relative links start from. told: gets a warning for that.
    """
    if "/>" in html:
        html = _SELF_CLOSED.sub(r"<\1\2></\1>", html)
    lower = html.lower()
    if lower.count("<") > DEEPEST and _may_be_deep(lower):
        html = _level(html, told)
    if _ODD.search(lower) or _MAY_HIDE.search(lower):
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
    return deepest >= DEEPEST // 3  # for each that is counted, two that close themselves may stand between


def _level(html: str, told: list[str]) -> str:
    """Return HTML of bounded depth: the same, well nested, or where it is too deep its text alone."""
    body = tree(html)
    depth = deepest = 0
    for event, _ in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(depth, deepest)
    if deepest < DEEPEST:
        return written(body)
    told.append(f"the text is nested deeper than {DEEPEST} elements; only its words are kept")
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
    """Return the HTML without what is hidden, images and frames as their scripts or ``noscript`` would show them."""
    body = tree(_EMBED.sub(r"\1></embed>", _EMBED_END.sub("", html)))
    _take_noscript(body)
    for picture in list(body.iter("picture")):
        _fill_picture(picture)
    for element in list(body.iter("amp-img", "img", "source", "video", "audio")):
        if element.tag == "amp-img":
            element.tag = "img"
        _wake(element)
    settle_frames(body, base)
    for formula in list(body.iter("math")):
        _spell(formula)
    for element in list(body.iter(etree.Element)):
        for name in ("href", "src"):
            if name in element.attrib:
                put(element, name, element.get(name).strip())  # what stands around it would be escaped on writing
        if element.tag in ("iframe", "video", "audio", "body") or (element.tag == "img" and _will_be_shown(element)):
            continue
        if "hidden" in element.attrib or HIDDEN.search(element.get("style") or ""):
            drop(element)
    return written(body)


def _take_noscript(body: Any) -> None:
    """Let ``noscript`` show its images where the one before it waits for a script in a way we do not know.

    The rest of what it holds is for browsers without scripts: ``Please enable JavaScript``.
    """
    outside = [image for image in body.iter("img", "amp-img") if not _is_within(image, "noscript")]
    shown = {image_address(image.attrib) for image in outside}
    for box in list(body.iter("noscript")):
        if body not in box.iterancestors():
            continue
        before = _image_before(box)
        stands_in = before is not None and (image_address(before.attrib) is None or _is_dot(before))
        images = [image for image in box.iter("img") if image_address(image.attrib) is not None]
        fresh = [image for image in images if image_address(image.attrib) not in shown]
        if images and (stands_in or before is None) and fresh:
            for image in set(images) - set(fresh):
                drop(image)
            if stands_in:
                drop(before)
        elif images or next(box.iter("iframe", "video", "audio"), None) is None:
            drop(box)
    etree.strip_tags(body, "noscript")


def _is_dot(image: Any) -> bool:
    """Tell whether an image is a place-holder by its size alone: one that waits in no way we know."""
    return waiting_address(image.attrib) is None and is_counter(image.attrib)


def _fill_picture(picture: Any) -> None:
    """Give a ``picture`` whose image holds but the place the address of one of its sources."""
    image = next(picture.iter("img"), None)
    if image is not None and image_address(image.attrib) is not None:
        return
    sizes = (image_candidates(source.attrib) or "" for source in picture.iter("source"))
    if address := next((found for each in sizes if (found := best_candidate(each))), None):
        image = etree.SubElement(picture, "img") if image is None else image
        put(image, "src", address)


def _image_before(box: Any) -> Any:
    """The image that stands right before an element, or None."""
    before = box.getprevious()
    if before is None or (before.tail or "").strip() or not isinstance(before.tag, str):
        return None
    images = list(before.iter("img", "amp-img"))
    return images[-1] if images else None


def _wake(element: Any) -> None:
    """Give an element that waits for a script the addresses that the script would give it."""
    is_image = element.tag == "img"
    waits = waiting_address(element.attrib)
    address = image_address(element.attrib) if is_image else waits
    if address is not None:
        put(element, "src", address)
    if (sizes := image_candidates(element.attrib)) is not None:
        put(element, "srcset", sizes)
    elif is_image and address is None:
        drop(element)
        return
    if is_image and (waits is not None or sizes is not None):
        for name in ("width", "height"):
            if _TINY.fullmatch(element.get(name) or ""):
                del element.attrib[name]  # the size of the place-holder
    elif is_image and is_counter(element.attrib):
        drop(element)


def _will_be_shown(image: Any) -> bool:
    """Whether a script shows the image once it is there; one that stays hidden counts its readers."""
    return waiting_address(image.attrib) is not None or "onload" in image.attrib


def _spell(formula: Any) -> None:
    """Make a formula the text that it says of itself, or that its letters make."""
    etree.strip_elements(formula, "annotation", "annotation-xml", "script", "style", with_tail=False)
    words: str = formula.get("alttext") or formula.xpath("string()")
    tail = formula.tail
    formula.clear()
    formula.tag, formula.text, formula.tail = "span", " ".join(words.split()), tail


def _is_within(element: Any, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None
