"""Constants of JavaScript as JSON: keys without quotes, single quotes, commas at the end, comments. Pure."""

import json
import re

LONGEST = 1_000_000  # characters; more is a program's data, and takes seconds
_LONGEST_HEX = 100  # digits

_PIECE = re.compile(
    r"(?P<string>\"(?:[^\"\\\n]++|\\.)*+\"|'(?:[^'\\\n]++|\\.)*+'|`(?:[^`\\$]++|\\.)*+`)"
    r"|(?P<space>\s+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<mark>[{}\[\],:])"
    r"|(?P<truth>![01])"
    r"|(?P<number>[+-]?(?:0[xX][0-9a-fA-F]++|(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?\d++)?+)(?![\w$]))"
    r"|(?P<word>[A-Za-z_$][\w$]*+(?!\s*\())",
    re.DOTALL,
)
_AS_KEY = re.compile(r"\s*:")
_SIMPLE_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0", "\n": ""}
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_CONSTANTS = frozenset({"true", "false", "null"})


def read_literal(text: str, at: int) -> tuple[str, int] | None:
    """Return the JSON of the constant that begins at a place, and where it ends; None where it is none.

    One that is longer than LONGEST is none. A word that is not a constant of JSON (``undefined``, ``NaN``, another
    variable) is null. A call is no constant.
    """
    pieces: list[str] = []
    open_marks: list[str] = []
    end = at + LONGEST
    while (match := _PIECE.match(text, at, end)) is not None:
        at = match.end()
        kind, written = match.lastgroup, match[0]
        if kind == "space":
            continue
        if written in {"}", "]"} and kind == "mark":
            if not open_marks or open_marks.pop() != written:
                return None
            if pieces[-1] == ",":
                pieces.pop()
            pieces.append(written)
        elif kind == "mark":
            if written in "{[":
                open_marks.append("}" if written == "{" else "]")
            pieces.append(written)
        else:
            pieces.append(_as_json(kind or "", written, is_key=bool(_AS_KEY.match(text, at))))
        if not open_marks:
            return "".join(pieces), at
    return None


def _as_json(kind: str, written: str, *, is_key: bool) -> str:
    if kind == "string":
        return json.dumps(_ESCAPE.sub(_unescaped, written[1:-1]))
    if is_key:
        return json.dumps(written)
    if kind == "truth":
        return "true" if written == "!0" else "false"
    if kind == "number":
        if written.lower().lstrip("+-").startswith("0x"):
            return str(int(written, 16)) if len(written) <= _LONGEST_HEX else "null"
        whole, exponent, power = written.lstrip("+").lower().partition("e")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        head, point, tail = digits.partition(".")
        return f"{sign}{head.lstrip('0') or '0'}{point + tail if tail else ''}{exponent}{power}"
    return written if written in _CONSTANTS else "null"


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code is None:
        return _SIMPLE_ESCAPES.get(match[4], match[4])
    number = int(code, 16)
    return chr(number) if number < 0x110000 else "\ufffd"
