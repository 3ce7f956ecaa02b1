"""Plain text: what may stand in a document of any format, titles and summaries. Pure."""

import re
from html import escape

from aggregator.model import RawText
from aggregator.text.lines import LONGEST_LINE, legal, line
from aggregator.text.references import unescaped
from aggregator.text.visible import visible

LONGEST_SUMMARY = 500

# Only what HTML knows as a tag is one: `Vec<T>` in a title is not.
_TAG = re.compile(
    r"</?(?:a|abbr|acronym|address|applet|area|article|aside|b|base|basefont|bdi|bdo|big|blink|blockquote|body|br|button|"
    r"center|cite|code|dd|del|dfn|div|dl|dt|em|embed|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|"
    r"iframe|img|input|ins|kbd|label|li|link|main|map|marquee|mark|math|meta|nav|nobr|noframes|noscript|object|ol|option|p|"
    r"param|pre|q|rp|rt|ruby|s|samp|script|section|select|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|"
    r"textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|audio|wbr)"
    r"(?:[\s/][^<>]*)?>|<!--[^<>]*-->|<!doctype\s[^<>]*>|<!\[CDATA\[|\]\]>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|p|div|li|tr|h[1-6])\b", re.IGNORECASE)
_CODE = re.compile(r"<(script|style)\b[^<>]*>[^<]*(?:<(?!/\1)[^<]*)*(?:</\1\s*>|$)", re.IGNORECASE)
# A reference left after decoding once: escaped once too often. `&lt;` is left: such a title speaks of mark-up.
_TWICE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|middot|bull);", re.I)
_END = re.compile(r"[。！？；…]|[.!?;](?=\s)")


def plain(raw: RawText | None) -> str | None:
    """Return a title or another short text as one line of plain text, or None when it says nothing.

    A text is taken as it stands. From HTML the tags go and references are decoded; one that is still there after
    that, as ``&amp;amp;`` leaves, was escaped once too often and is decoded too.
    """
    if raw is None:
        return None
    value = raw.value[: 4 * LONGEST_LINE]
    if raw.type == "html":
        if "<" in value:
            value = _TAG.sub("", _BREAK.sub(r" \g<0>", _CODE.sub("", value)))
        if "&" in value:
            value = unescaped(value)
            value = _TWICE.sub(lambda match: unescaped(match[0]), value)
    return line(value)


def summary(html: str | None, title: str | None) -> str | None:
    """Return what a text says in short, or None when it says nothing.

    That is the quotation that it opens with, if it does (a digest), else its beginning. A ``【title】`` before it goes.

    html: clean.
    """
    if not html:
        return None
    digest = ""
    if html.startswith("<blockquote"):
        digest = " ".join(visible(html[: html.find("</blockquote>")]).split())
    text = digest if len(digest) >= 20 else " ".join(visible(html[: 20 * LONGEST_SUMMARY]).split())
    if title and text.startswith("【"):
        head, closed, rest = text[1:].partition("】")
        if closed and "".join(head.split()) == "".join(title.split()):
            text = rest.strip()
    return line(shortened(text))


def shortened(text: str, limit: int = LONGEST_SUMMARY) -> str:
    """Return at most ``limit`` characters, cut after a sentence, else between words with ``…``."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    ends = [match.end() for match in _END.finditer(head)]
    if ends and ends[-1] > limit // 2:
        return head[: ends[-1]].rstrip()
    head = head[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit * 3 // 4 else head).rstrip(" ,;:，、；：") + "…"


def paragraphs(text: str) -> str:
    """Return plain text as HTML: a paragraph for each block between empty lines, a break for each other line end."""
    blocks = re.split(r"\n[ \t]*\n\s*", legal(text).strip())
    return "".join(
        f"<p>{'<br>'.join(escape(block, quote=False).split(chr(10)))}</p>" for block in blocks if block.strip()
    )
