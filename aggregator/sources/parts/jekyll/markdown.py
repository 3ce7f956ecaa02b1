"""Markdown of Jekyll posts to HTML. Pure."""

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

LONGEST = 500_000  # characters; a longer text is a collection of data that somebody put among the posts
_EMPTY_LINK = re.compile(r"^[ \t]*<>[ \t]*$", re.MULTILINE)  # seen where a program had no address to write


def to_html(text: str, *, is_typographic: bool = True) -> str:
    """Return Markdown as HTML: CommonMark with what kramdown adds to it, tables, footnotes and raw HTML.

    is_typographic: quotes become curly and ``--`` a dash, as kramdown does. An empty link (``<>``) is nothing.
    What is longer than LONGEST comes out as paragraphs of plain text.
    """
    if len(text) > LONGEST:
        return as_paragraphs(text)
    return str(_parser(is_typographic).render(_EMPTY_LINK.sub("", text))).strip()


def as_paragraphs(text: str) -> str:
    """Return text in any notation as HTML that shows it as it is written, paragraph by paragraph."""
    parts = re.split(r"\n[ \t]*\n", text.strip())
    return "\n".join(f"<p>{escape(part, quote=False)}</p>" for part in parts if part.strip())


@cache
def _parser(is_typographic: bool) -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    from aggregator.sources.parts.jekyll.kramdown import kramdown

    parser = MarkdownIt("commonmark", {"html": True, "typographer": is_typographic})
    parser.enable(["table", "strikethrough"])
    parser.use(deflist_plugin).use(footnote_plugin, inline=False).use(kramdown)
    parser.add_render_rule("footnote_caption", _footnote_number)
    parser.add_render_rule("footnote_anchor", _way_back)
    return parser


def _footnote_number(_: Any, tokens: Any, at: int, *__: Any) -> str:
    return str(tokens[at].meta["id"] + 1)


def _way_back(_: Any, tokens: Any, at: int, *__: Any) -> str:
    mark = f"{tokens[at].meta['id'] + 1}" + (f":{tokens[at].meta['subId']}" if tokens[at].meta["subId"] > 0 else "")
    return f' <a href="#fnref{mark}">\N{LEFTWARDS ARROW WITH HOOK}</a>'
