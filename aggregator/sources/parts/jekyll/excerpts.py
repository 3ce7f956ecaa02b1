"""The first words of a Jekyll post. Pure."""

import re

_DEFINITION = re.compile(r"^ {0,3}(\[[^\]\n]+\]):.+$", re.MULTILINE)


def excerpt_of(body: str, end: str) -> str:
    """Return what stands before ``end``, and what the rest says of links and notes that are in it, as Jekyll does.

    body: with the line ends of its file: Jekyll finds no empty line in a file of Windows, so all is excerpt there.
    """
    head, _, rest = body.lstrip("\r\n").partition(end)
    if not rest:
        return head
    definitions = [match[0] for match in _DEFINITION.finditer(rest) if match[1] in head]
    return "\n".join([head, "", *definitions]) if definitions else head
