"""Quotes, dashes and dots as kramdown sets them. Pure."""

import re

_SIGN = re.compile(r"\.\.\.|-{2,3}|<<(?: (?=\S))?|(?:(?<=\S) )?>>|[\"']")
_SIGNS = {"...": "…", "---": "—", "--": "–", "<<": "«", "<< ": "«\xa0", ">>": "»", " >>": "\xa0»"}
_CURLY = {'"': ("\u201c", "\u201d"), "'": ("\u2018", "\u2019")}
_OPENS_AFTER = frozenset(" \t\n(-\xa0")
_CLOSES_BEFORE = re.compile(r"[\s!-/:-@\[-`{-~]", re.ASCII)
_DECADE = re.compile(r"\d\ds")  # '80s


def typeset(text: str, *, is_last: bool = True) -> str:
    """Return text with curly quotes, long dashes, dots in one and double angles, as kramdown makes them.

    A quote opens after white space, a bracket or a hyphen and closes after anything else, Chinese too; at the start
    of a piece of text, and behind another sign, what follows decides.

    is_last: nothing follows this piece in its paragraph.
    """
    if not any(sign in text for sign in ('"', "'", "--", "...", "<<", ">>")):
        return text
    pieces: list[str] = []
    end = 0
    for match in _SIGN.finditer(text):
        pieces.append(text[end : match.start()])
        before = pieces[-2] if match.start() == end and end else pieces[-1][-1:]
        is_sign = match.start() == end and end > 0
        after = text[match.end() : match.end() + 3] or ("\n" if is_last else "")
        pieces.append(_SIGNS.get(match[0]) or _quote(match[0], before, after, is_sign=is_sign))
        end = match.end()
    pieces.append(text[end:])
    return "".join(pieces)


def _quote(mark: str, before: str, after: str, *, is_sign: bool) -> str:
    """before: the character there, or the sign that was just set (is_sign), or nothing at the start."""
    opening, closing = _CURLY[mark]
    if mark == "'" and _DECADE.match(after):
        return closing
    if is_sign and before in {"\u201c", "\u2018"}:
        return opening if re.match(r"\w", after) else closing
    if before in _OPENS_AFTER:
        return opening
    if is_sign or before in {"", "["}:
        return closing if _CLOSES_BEFORE.match(after) else opening
    return closing
