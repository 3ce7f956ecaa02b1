"""Markdown of Jekyll posts to HTML. Pure."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}(?:(?!\{%-?\s*comment).)*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
_TAG = re.compile(r"\{%(?:(?!\{%).)*?%\}", re.DOTALL)
_ATTRIBUTES = re.compile(r"^ {0,3}\{:[^\n]*\}[ \t]*$", re.MULTILINE)  # kramdown's {: .class} and {:toc}
_EMPTY_LINK = re.compile(r"^[ \t]*<>[ \t]*$", re.MULTILINE)  # seen where a program had no address to write


def to_html(text: str) -> str:
    """Return CommonMark with tables and raw HTML as HTML.

    Liquid tags (``{% … %}``) and kramdown's attribute lines are taken out, ``{{ … }}`` stays as it is written, since
    nobody but the site can say what it stands for. An empty link (``<>``) is nothing.
    """
    text = _TAG.sub("", _COMMENT.sub("", text))
    return str(_parser().render(_EMPTY_LINK.sub("", _ATTRIBUTES.sub("", text)))).strip()


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
