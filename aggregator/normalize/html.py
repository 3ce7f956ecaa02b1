"""HTML of strangers to HTML that may be published. Pure.

One sanitizer does the work; around it stands what it does not do: bounds before it, lazy images and hidden elements
brought into plain form, and a tidy result after it.
"""

import re
from functools import lru_cache
from html.entities import html5

import nh3

from aggregator.model import RawText
from aggregator.normalize.frames import player_address
from aggregator.normalize.media import address
from aggregator.normalize.plain_form import plain_form
from aggregator.normalize.text import paragraphs
from aggregator.normalize.vocabulary import ATTRIBUTES, TAGS, WITH_CONTENT
from aggregator.text.images import best_candidate, candidates, is_counter, is_picture
from aggregator.text.lines import legal
from aggregator.text.references import unescaped
from aggregator.text.urls import absolute
from aggregator.text.visible import visible

LARGEST = 1 << 20  # characters; real articles that are longer hold images as data: URLs, which go anyhow
MOST_REFERENCES = 10_000  # the sanitizer's time grows with the square of those that are none

_REFERENCE = re.compile(r"&(?:#\d{1,7};|#[xX][\da-fA-F]{1,6};|([A-Za-z]\w{1,30}+;))?")
_SIZE = re.compile(r"\d{1,5}(?:\.\d{1,3})?(?:px|%)?")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*")
# What these may say; the values of others are only shown, or do nothing that we do not know
_SHAPES = {
    "width": _SIZE,
    "height": _SIZE,
    "lang": _LANGUAGE,
    "hreflang": _LANGUAGE,
    "srclang": _LANGUAGE,
    "dir": re.compile(r"\s*(?:ltr|rtl|auto)\s*", re.IGNORECASE),
}

# Where these nest, what is clean may be read differently once more: the HTML standard moves things about. So may what
# is brought into plain form once more: its parser nests otherwise than the sanitizer's, and what the sanitizer took out
# between two elements stood in its way before. Such a text is cleaned until it stays as it is.
_MOST_PASSES = 6
_UNSTEADY = (
    "<table",
    "<svg",
    "<math",
    "<form",
    "<button",
    "<select",
    "<object",
    "<embed",
    "<iframe",
    "<template",
    "<applet",
    "<marquee",
    "<nobr",
)

_HEADINGS = re.compile(r"<h[1-6](?: [^<>]*+)?>(?:[^<]++|<(?!/?h[1-6]\b))*+<h[1-6]\b")  # one within another

# In what the sanitizer writes, `<` and `>` stand only for tags, and attributes are in double quotes.
_FRAME = re.compile(r"<iframe([^<>]*)>.*?</iframe>", re.DOTALL)
_IMAGE = re.compile(r"<img(?: [^<>]*)?>")
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_SOURCE = re.compile(r' src="[^"]*"')
_NO_LINK = re.compile(r'<a(?: (?!href=)[a-z]+="[^"]*")*>(.*?)</a>', re.DOTALL)
_NO_MEDIA = re.compile(
    r'<(video|audio)(?: (?!src=)[a-z]+="[^"]*")*>(?:\s|<track[^<>]*>)*</\1>|'
    r'<source(?: (?!src)[a-z]+="[^"]*")*>|<track(?: (?!src=)[a-z]+="[^"]*")*>'
)
_PLAYER = re.compile(r"<((?:video|audio)(?: [^<>]*)?)>")
_BLANK = r"(?:\s|&nbsp;|[\u200b\u2060\ufeff])"
_EMPTY = re.compile(
    r"<(p|div|section|article|h[1-6]|li|ul|ol|dl|center|blockquote|figure|figcaption|picture|header|footer|aside)"
    rf"(?: [^<>]*)?>(?:{_BLANK}|<br>)*</\1>|"
    rf"<(span|a|b|i|em|strong|u|s|small|sub|sup|cite|code|mark|tt|ins|del)(?: [^<>]*)?>({_BLANK}*)</\2>"
)
_LONGEST_TIDYING = 512  # a pass takes away the innermost of empty elements, and they nest as deep as parsers go
_SEEN = re.compile(r"(?:^|>)\s*[^<\s&\u200b\u2060\ufeff]|<(?:img|iframe|video|audio)\b")
_BASE = re.compile(r"<base\s[^<>]{0,200}?href\s*=\s*[\"']?([^\"'<>\s]+)", re.IGNORECASE)
_WITHIN = re.compile(r"=\s*[\"']?\s*#\w")
_DATA = re.compile(r"data:[^\"'<>\s]{100,}")
_CUT_TAG = re.compile(r"<(?:[A-Za-z/!][^<>]*)?\Z")
# Mark-up that was escaped once too often: nothing but escaped tags
_ESCAPED = re.compile(
    r"\s*&lt;(?:p|div|a|img|br|h[1-6]|ul|ol|table|span|strong|b|em|i|blockquote|figure|section|article)\b",
    re.IGNORECASE,
)


def cleaned(raw: RawText | None, *, base: str | None, page: str | None = None) -> tuple[str | None, tuple[str, ...]]:
    """Return a body as ``clean`` does, plain text in paragraphs, and a warning for each thing of it that had to go.

    base: where its relative links start from. page: the entry's own, to which those within the text (``#note-1``) lead.
    """
    if raw is None or not raw.value.strip():
        return None, ()
    told: list[str] = []
    html = _clean(_as_html(raw), base, page, told)
    return html, tuple(told)


def clean(html: str, *, base: str | None) -> str | None:
    """Return HTML that can do no harm, with absolute URLs, or None when there is nothing to see in it.

    No script, handler, style, form, id or class; links lead to http, https, mailto or tel; frames only to known
    players. Hidden elements, tracking pixels and empty paragraphs are gone, images that wait for a script are
    ordinary ones. What it returns comes back unchanged.

    base: an absolute URL, or None: then relative links lose their address.
    """
    return _clean(html, base, None, [])


def _clean(html: str, base: str | None, page: str | None, told: list[str]) -> str | None:
    html = _bounded(legal(html), told)
    if (found := _BASE.search(html)) and (own := absolute(unescaped(found[1]), base)):
        base = own
    cleaner = _cleaner(base, page if _WITHIN.search(html) else None)
    result = _once(plain_form(html, base=base, told=told), cleaner)
    lower, again = html.lower(), plain_form(result, base=base, told=[])
    if again != result or any(tag in lower for tag in _UNSTEADY) or _HEADINGS.search(result):
        for _ in range(_MOST_PASSES):
            before, result = result, _once(again, cleaner)
            if result == before:
                break
            again = plain_form(result, base=base, told=[])
    return result if _SEEN.search(result) or visible(result) else None


def _as_html(raw: RawText) -> str:
    """The body as HTML: what is text with its lines, what was escaped once too often as it was meant."""
    value = raw.value
    if raw.type == "html" and "<" not in value and _ESCAPED.match(value) and "&gt;" in value:
        value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    if raw.type == "text":
        return paragraphs(value)
    if "<" not in value and "\n\n" in value.replace("\r\n", "\n").strip():
        return "".join(f"<p>{block}</p>" for block in re.split(r"\r?\n\s*\n", value))
    return value


def first_image(html: str | None) -> str | None:
    """Return the URL of the first image of clean HTML that is more than an icon, or None."""
    for image in _IMAGE.finditer(html or ""):
        sizes = [int(size) for size in re.findall(r' (?:width|height)="(\d+)', image[0])]
        source = re.search(r' src="([^"]*)"', image[0])
        if source and not any(size < 32 for size in sizes) and "/emoji/" not in source[1]:
            return source[1].replace("&amp;", "&")
    return None


# --- before the sanitizer ------------------------------------------------------------------------


def _bounded(html: str, told: list[str]) -> str:
    if html.count("&") > MOST_REFERENCES:
        html = _REFERENCE.sub(
            lambda found: found[0] if found[1] in html5 or found[0][1:2] == "#" else f"&amp;{found[0][1:]}", html
        )
    if len(html) <= LARGEST:
        return html
    html = _DATA.sub("", html)
    if len(html) <= LARGEST:
        return html
    told.append(f"the text is longer than {LARGEST:,} characters; its end is cut off")
    return _CUT_TAG.sub("", html[:LARGEST])


# --- the sanitizer -------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _cleaner(base: str | None, page: str | None) -> nh3.Cleaner:
    """Return the sanitizer for one base; entries of a feed mostly share theirs. page: where ``#note-1`` leads."""

    def checked(tag: str, attribute: str, value: str) -> str | None:
        if attribute in ("href", "src", "poster", "cite"):
            return _address(tag, value, page if page and value.lstrip().startswith("#") else base)
        if attribute == "srcset":
            return _candidates(value, base) or None
        if attribute in _SHAPES:
            return value if _SHAPES[attribute].fullmatch(value.strip()) else None
        return value

    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=checked,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def _address(tag: str, value: str, base: str | None) -> str | None:
    if tag == "a" and value.strip() == "#":
        return None  # the top of a page that is not ours
    if tag == "a" and value.strip()[:7].lower().startswith(("mailto:", "tel:")):
        return "".join(value.split())
    if tag == "iframe":
        url = absolute(value, base)
        return player_address(url) if url else None
    return address(value, base)


def _candidates(value: str, base: str | None) -> str:
    """Return an image's candidates (``srcset``) with absolute URLs."""
    found: list[str] = []
    for url, size in candidates(value):
        if whole := address(url, base):
            found.append(f"{whole} {size}".strip())
    return ", ".join(found)


# --- after the sanitizer -------------------------------------------------------------------------


def _once(html: str, cleaner: nh3.Cleaner) -> str:
    """Return sanitized and tidy HTML, perhaps empty."""
    html = legal(cleaner.clean(html))
    if "<iframe" in html:  # its fallback stands there unescaped, harmless only as long as the frame is around it
        html = _FRAME.sub(lambda frame: f"<iframe{frame[1]}></iframe>" if ' src="' in frame[1] else "", html)
    if "<img" in html:
        html = _IMAGE.sub(_image, html)
    if "<a " in html:
        html = _NO_LINK.sub(r"\1", html)
    has_media = "<source" in html or "<track" in html or "<video" in html or "<audio" in html
    for _ in range(_LONGEST_TIDYING):
        before = html
        html = _EMPTY.sub(lambda empty: empty[3] or "", html)
        if has_media:
            html = _NO_MEDIA.sub("", html)
        if html == before:
            break
    if has_media:
        html = _PLAYER.sub(r'<\1 controls="">', html)
    if "<pre>\n" in html:
        html = html.replace("<pre>\n", "<pre>\n\n")  # parsers swallow the first line end there
    return html.strip()


def _image(match: re.Match[str]) -> str:
    tag = match[0]
    attributes = dict(_ATTRIBUTE.findall(tag))
    if is_counter(attributes):
        return ""
    if is_picture(attributes.get("src", "")):
        return tag
    best = best_candidate(attributes.get("srcset", ""))
    return f'<img src="{best}"{_SOURCE.sub("", tag[4:])}' if best else ""
