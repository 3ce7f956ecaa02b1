"""JMESPath with names in every script. Pure."""

import re

_NAME_OR_TEXT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)|\w+""")


def quoted(path: str) -> str:
    """Return a JMESPath with quotes around the names that its grammar takes only so: ``标签[].名``.

    A bare name there is of ASCII letters, digits and underscores. What stands in quotes already stays.
    """
    return _NAME_OR_TEXT.sub(lambda found: found[0] if found[1] or found[0].isascii() else f'"{found[0]}"', path)
