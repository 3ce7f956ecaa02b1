"""UTF-8 into which somebody pasted windows-1252: curly quotes from a word processor, an old heading. Pure."""

import codecs
import re

MOST_PASTED = 10_000  # bytes; where there are more, the whole is something else

_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BEYOND = re.compile(rb"[\x80-\xff]")
# The first bytes of a character that was cut; of C2 and C3, with which nearly all of the West's begin, one is enough.
_STUMP = re.compile(rb"[\xc2\xc3]|[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2}")
_LETTER = re.compile(rb"[a-zA-Z]")


def is_mixed(body: bytes) -> bool:
    """Whether characters of UTF-8 stand in it, and bytes that are none, but no more of these than of those."""
    characters = len(_CHARACTER.findall(body))
    others = len(_BEYOND.findall(_CHARACTER.sub(b"", body)))
    return 0 < others <= min(characters, MOST_PASTED)


def unmixed(body: bytes) -> str:
    """Return the text, what is no UTF-8 read as windows-1252; U+FFFD for what is left of a character that was cut."""
    return body.decode("utf-8", errors=_PASTED)


def _pasted(error: UnicodeError) -> tuple[str, int]:
    """What stands for bytes that are no UTF-8, and where to go on."""
    assert isinstance(error, UnicodeDecodeError)
    body, start = error.object, error.start
    if stump := _STUMP.match(body, start):
        return "\ufffd", stump.end()
    if _is_cut(body, start):
        return "\ufffd", start + 1
    return body[start : start + 1].decode("cp1252", "replace"), start + 1


def _is_cut(body: bytes, at: int) -> bool:
    """Whether a lone first byte began a character: no letter stands beside it, as beside one of windows-1252."""
    if at == len(body) - 1:
        return True
    around = (body[max(at - 1, 0) : at], body[at + 1 : at + 2])
    return body[at] >= 0xE0 and not any(map(_LETTER.match, around))


_PASTED = "aggregator.pasted"
codecs.register_error(_PASTED, _pasted)
