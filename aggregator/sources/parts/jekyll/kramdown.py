"""What kramdown, Jekyll's Markdown, reads in another way than CommonMark: rules for the CommonMark parser. Pure.

Attribute lists (``{: .class}``, ``{:toc}``, ``{#id}``) and ``{::comment}`` leave nothing behind. HTML goes on until its
element is closed, whatever stands in it, unless it says ``markdown="1"``. A block of lines with ``|`` in each is a
table. Emphasis holds beside Chinese punctuation. Quotes, dashes and dots come out as in a book.
"""

import re
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from markdown_it.common.html_blocks import block_names
from markdown_it.rules_block.html_block import html_block as commonmark_html
from markdown_it.rules_inline.state_inline import Delimiter

from aggregator.sources.parts.jekyll.typography import typeset

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_LONGEST_SEARCH = 100_000  # lines looked at for the ends of elements that are never closed, in one text
_MARK = re.compile(r"\{:[^{}\n]*\}[ \t]*$|\{::options\b[^{}\n]*\}[ \t]*$|\^[ \t]*$|\*\[[^\]\n]+\]:.*$")
_EXTENSION = re.compile(r"\{::(comment|nomarkdown)\b[^{}\n]*\}")
_INLINE_MARK = re.compile(r"\{:[^{}\n]*\}")
_HEADING_ID = re.compile(r"(?<![ \t])[ \t]+\{#[A-Za-z][\w:.-]*\}[ \t]*$")
_VOID = frozenset({"base", "basefont", "col", "frame", "hr", "link", "meta", "param", "source", "track"})
_ELEMENTS = frozenset(block_names) - _VOID | {"video", "audio", "canvas", "figure", "object"}
_CLOSED_BY_NEXT = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "option"})  # which HTML lets end without a tag
_OPENING = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>", re.IGNORECASE)
_TO_MARKDOWN = re.compile(r"\smarkdown=[\"']?(?:1|block|span)[\"']?(?=\s|$)", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"[\u2018-\u201f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_BAR = re.compile(r"(?<!\\)\|")


def kramdown(parser: "MarkdownIt") -> None:
    """Add the rules to a parser. Its options ``html`` and ``typographer`` decide on HTML and on quotes."""
    ends_paragraphs: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    block, inline = parser.block.ruler, parser.inline.ruler
    block.before("table", "kramdown_mark", _mark, ends_paragraphs)
    block.before("table", "kramdown_math", _math_block, {"alt": []})
    block.before("lheading", "kramdown_table", _table, {"alt": []})
    block.at("html_block", _html, ends_paragraphs)
    inline.before("escape", "kramdown_break", _line_break)
    inline.before("escape", "kramdown_math", _math)
    inline.before("emphasis", "kramdown_mark", _inline_mark)
    inline.at("emphasis", _emphasis)
    parser.core.ruler.before("inline", "kramdown_heading", _heading_ids)
    parser.core.ruler.after("inline", "kramdown_typography", _typography)


# --- blocks --------------------------------------------------------------------------------------


def _mark(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """A line that is only for the program: attributes, options, the end of a list, the meaning of an abbreviation."""
    if state.is_code_block(start):
        return False
    line = _line(state, start)
    if line.startswith("{::") and (match := _EXTENSION.match(line)):
        return silent or _extension(state, start, end, line, match)
    if line[:1] not in {"{", "^", "*"} or not _MARK.match(line):
        return False
    if silent:
        return True
    if line.startswith("{:toc"):
        _drop_list(state.tokens)
    state.line = start + 1
    return True


def _extension(state: "StateBlock", start: int, end: int, line: str, match: re.Match[str]) -> bool:
    """``{::comment}`` is dropped, ``{::nomarkdown}`` kept as the HTML it is, up to ``{:/}``."""
    closing = re.compile(r"\{:/(?:" + match[1] + r")?\}")
    if match[1] in state.env.setdefault("kramdown_unclosed", set()):
        return False
    inner: list[str] = []
    text = line[match.end() :]
    at = start
    while not (found := closing.search(text)):
        inner.append(text)
        at += 1
        if at >= end:
            state.env["kramdown_unclosed"].add(match[1])  # it is not looked for again and again
            return False
        text = _line(state, at)
    inner.append(text[: found.start()])
    if match[1] == "nomarkdown":
        token = state.push("html_block", "", 0)
        token.content = "\n".join(inner) + "\n"
    rest = text[found.end() :]
    state.line = at + 1
    if rest.strip():
        state.md.block.parse(rest, state.md, state.env, state.tokens)
    return True


def _drop_list(tokens: list["Token"]) -> None:
    """The list before ``{:toc}`` only holds the place of a table of contents."""
    if tokens and tokens[-1].type in {"bullet_list_close", "ordered_list_close"}:
        level = tokens[-1].level
        while tokens and not (tokens[-1].level == level and tokens[-1].type.endswith("list_open")):
            tokens.pop()
        tokens[-1:] = []


def _math_block(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    line = _line(state, start)
    if silent or not line.startswith("$$") or state.is_code_block(start):
        return False
    lines = [line[2:]]
    at = start
    while "$$" not in lines[-1]:
        at += 1
        if at >= end or state.isEmpty(at):
            return False
        lines.append(_line(state, at))
    before, _, after = lines[-1].partition("$$")
    if after.strip() and not _MARK.match(after.strip()):
        return False
    token = state.push("html_block", "", 0)
    token.content = f"<p>\\[{escape(chr(10).join([*lines[:-1], before]), quote=False)}\\]</p>\n"
    state.line = at + 1
    return True


def _table(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """Lines with a bar in each, up to an empty one, are rows; those of bars and dashes alone part them."""
    if silent or state.is_code_block(start):
        return False
    rows: list[list[str]] = []
    at = start
    while at < end and not state.isEmpty(at) and not _MARK.match(line := _line(state, at).rstrip()):
        if state.sCount[at] < state.blkIndent or (cells := _cells(line)) is None:
            return False
        if not re.fullmatch(r"[\s|:=+-]+", line):
            rows.append(cells)
        at += 1
    if not rows:
        return False
    state.push("table_open", "table", 1)
    state.push("tbody_open", "tbody", 1)
    for cells in rows:
        state.push("tr_open", "tr", 1)
        for cell in cells:
            state.push("td_open", "td", 1)
            token = state.push("inline", "", 0)
            token.content, token.children, token.map = cell.strip(), [], [start, at]
            state.push("td_close", "td", -1)
        state.push("tr_close", "tr", -1)
    state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)
    state.line = at
    return True


def _cells(line: str) -> list[str] | None:
    """The cells of a row, or None when the line is none: a bar in code or behind a backslash parts nothing."""
    if "|" not in line:
        return None
    masked = _CODE_SPAN.sub(lambda match: " " * len(match[0]), line)
    bars = [match.start() for match in _BAR.finditer(masked)]
    if not bars or (bars == [len(line) - 1] and line[0] != "|"):
        return None
    edges = [-1, *bars, len(line)]
    cells = [line[one + 1 : other] for one, other in pairwise(edges)]
    return cells[1 if line[0] == "|" else 0 : -1 if bars[-1] == len(line) - 1 else None]


def _html(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """An element of HTML up to where it is closed; where it is not, up to an empty line, as CommonMark has it."""
    line = _line(state, start)
    opening = _OPENING.match(line)
    if opening is None or opening[1].lower() not in _ELEMENTS or state.is_code_block(start):
        return commonmark_html(state, start, end, silent)
    if silent:
        return True
    found = _closing(state, start, end, opening)
    if found is None:
        return commonmark_html(state, start, end, silent)
    last, rest = found
    html = state.getLines(start, last + 1, state.blkIndent, True)
    if rest:
        html = html[: html.rindex(rest)] + "\n"
    if _TO_MARKDOWN.search(opening[2]):
        _markdown_in(state, html.lstrip(), opening)
    else:
        state.push("html_block", "", 0).content = html
    state.line = last + 1
    if rest:
        state.md.block.parse(rest, state.md, state.env, state.tokens)
    return True


def _closing(state: "StateBlock", start: int, end: int, opening: re.Match[str]) -> tuple[int, str] | None:
    """The line where the element ends, and what stands behind its end; elements that follow there are part of it."""
    tags = _tags_of(opening[1])
    depth = 1
    at, text = start, _line(state, start)
    position = opening.end()
    budget: int = state.env.get("kramdown_lines", _LONGEST_SEARCH)
    while budget > 0:
        for tag in tags.finditer(text, position):
            depth += -1 if tag[0][1] == "/" else int(opening[1].lower() not in _CLOSED_BY_NEXT)
            if depth == 0:
                break
        else:
            at, position = at + 1, 0
            budget -= 1
            if at >= end or (state.sCount[at] < state.blkIndent and not state.isEmpty(at)):
                break
            text = _line(state, at)
            continue
        rest = text[tag.end() :].strip()
        following = _OPENING.match(rest)
        if following is None or following[1].lower() not in _ELEMENTS:
            state.env["kramdown_lines"] = budget
            return at, rest if rest and not rest.startswith("<") else ""
        opening, tags, depth = following, _tags_of(following[1]), 1
        position = len(text.rstrip()) - len(rest) + following.end()
    state.env["kramdown_lines"] = budget
    return None


def _tags_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"</?{name}(?=[\s>])[^<>]*>", re.IGNORECASE)


def _markdown_in(state: "StateBlock", html: str, opening: re.Match[str]) -> None:
    """The element's tags as HTML, and what is between them as Markdown."""
    end = html.rfind("</")
    inner = html[opening.end() : end]
    tag = _TO_MARKDOWN.sub("", opening[2])
    state.push("html_block", "", 0).content = f"<{opening[1]}{tag}>\n"
    state.md.block.parse(inner, state.md, state.env, state.tokens)
    state.push("html_block", "", 0).content = html[end:]


def _line(state: "StateBlock", number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


# --- within a line -------------------------------------------------------------------------------


def _line_break(state: "StateInline", silent: bool) -> bool:
    """Two backslashes at the end of a line."""
    if not state.src.startswith("\\\\\n", state.pos):
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos += 3
    return True


def _math(state: "StateInline", silent: bool) -> bool:
    """A formula stays as it is written, in the brackets that programs for formulas look for."""
    if not state.src.startswith("$$", state.pos):
        return False
    end = state.src.find("$$", state.pos + 2)
    if end < 0:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = f"\\({escape(state.src[state.pos + 2 : end], quote=False)}\\)"
    state.pos = end + 2
    return True


def _inline_mark(state: "StateInline", silent: bool) -> bool:
    """Attributes behind an element, and what ``{::comment}`` and ``{::nomarkdown}`` hold."""
    if state.src[state.pos] != "{":
        return False
    if match := _EXTENSION.match(state.src, state.pos):
        closing = re.compile(r"\{:/(?:" + match[1] + r")?\}").search(state.src, match.end())
        if closing is None:
            return False
        if not silent and match[1] == "nomarkdown":
            state.push("html_inline", "", 0).content = state.src[match.end() : closing.start()]
        state.pos = closing.end()
        return True
    match = _INLINE_MARK.match(state.src, state.pos)
    follows = state.pos == 0 or (bool(state.tokens) and not state.pending)
    if match is None or not follows:
        return False
    state.pos = match.end()
    return True


def _emphasis(state: "StateInline", silent: bool) -> bool:
    """Emphasis as in CommonMark, but that stars beside Chinese, Japanese or Korean are held by spaces alone."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    opens, closes = scanned.can_open, scanned.can_close
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    after = state.src[state.pos + scanned.length : state.pos + scanned.length + 1]
    if marker == "*" and (_EAST_ASIAN.match(before) or _EAST_ASIAN.match(after)):
        opens, closes = bool(after.strip()), bool(before.strip())
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )
    state.pos += scanned.length
    return True


# --- the whole text ------------------------------------------------------------------------------


def _heading_ids(state: "StateCore") -> None:
    for heading, inline in pairwise(state.tokens):
        if heading.type == "heading_open":
            inline.content = _HEADING_ID.sub("", inline.content)


def _typography(state: "StateCore") -> None:
    if state.md.options.typographer:
        for token in state.tokens:
            children = token.children or []
            for at, child in enumerate(children, start=1):
                if child.type == "text":
                    child.content = typeset(child.content, is_last=at == len(children))
