"""Text that any document may hold, and names and titles as one line that shows what it says. Pure."""

import re

LONGEST_LINE = 2_000  # characters of a title or a name; what is longer is no such thing

# What XML 1.0 forbids (section 2.2): one such character makes a whole feed unreadable.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_C1 = re.compile("[\x80-\x9f]")  # windows-1252 that was called Latin-1; the HTML standard reads references so too
# Of no width, controls, the direction of writing forced, marks of annotations that nobody shows
_UNSEEN = re.compile("[\x7f\u200b\u202d\u202e\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]")
_TURNS = re.compile("[\u202a-\u202c\u2066-\u2069]")
_OPENING, _CLOSING = "\u202a\u202b\u2066\u2067\u2068", {"\u202c": "\u202a\u202b", "\u2069": "\u2066\u2067\u2068"}


def legal(text: str) -> str:
    """Return the text without characters that no XML document may hold; line ends are ``\\n``."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _FORBIDDEN.search(text):
        if _SURROGATE.search(text):  # pairs of them are characters
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\ufffd", "")
        text = _FORBIDDEN.sub("", text)
    return _C1.sub(_from_windows, text) if _C1.search(text) else text


def line(text: str | None) -> str | None:
    """Return the text as one line with single spaces, or None when nothing is left.

    What cannot be seen goes, and what turns the direction of writing where it is left open: it would turn what stands
    behind the line too.
    """
    if not text:
        return None
    text = " ".join(_UNSEEN.sub("", legal(text[: 4 * LONGEST_LINE])).split())[:LONGEST_LINE].rstrip()
    if _TURNS.search(text) and not _is_closed(text):
        text = _TURNS.sub("", text)
    return text or None


def _is_closed(text: str) -> bool:
    """Whether each turn of direction in the text ends within it (Unicode Standard Annex 9, section 2)."""
    opened: list[str] = []
    for character in _TURNS.findall(text):
        if character in _OPENING:
            opened.append(character)
        elif not opened or opened.pop() not in _CLOSING[character]:
            return False
    return not opened


def _from_windows(match: re.Match[str]) -> str:
    return match[0].encode("latin-1").decode("windows-1252", "ignore")
