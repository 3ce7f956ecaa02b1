"""References to characters (``&amp;``, ``&#8212;``) resolved, however long they are. Pure."""

import re
from html import unescape

_ENDLESS = re.compile(r"&#(?:0*+\d{8}\d*+|[xX]0*+[\da-fA-F]{7}[\da-fA-F]*+);?")  # beyond all characters there are


def unescaped(text: str) -> str:
    """Return the text with its references resolved, as HTML has it; a number that is no character is U+FFFD.

    The standard library stumbles over a number of more than 4,300 digits.
    """
    if "&" not in text:
        return text
    return unescape(_ENDLESS.sub("\ufffd", text))
