"""Times, numbers and foreign text as people and programs read them. Pure."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ELSEWHERE = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # make a terminal show a line in another order

# What a terminal obeys instead of showing it: all controls but the tab and the line end, marks that turn a line around
_OBEYED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{ELSEWHERE}]")


def utc(when: datetime | None) -> str | None:
    """Return a time for programs: RFC 3339, UTC, to the second; None stays None."""
    return None if when is None else when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock(when: datetime, *, now: datetime, timezone: str) -> str:
    """Return a time for people: ``14:20 CST``, with its date where that is not today's."""
    zone = ZoneInfo(timezone)
    local = when.astimezone(zone)
    pattern = "%H:%M %Z" if local.date() == now.astimezone(zone).date() else "%Y-%m-%d %H:%M %Z"
    return local.strftime(pattern)


def ago(when: datetime | None, *, now: datetime) -> str:
    """Return how far a time lies back or ahead: ``3 h ago``, ``in 12 min``, ``now``; ``-`` for none."""
    if when is None:
        return "-"
    far = span(abs(now - when))
    if far == "0 s":
        return "now"
    return f"{far} ago" if when < now else f"in {far}"


def span(length: timedelta) -> str:
    """Return a length of time in its largest whole unit: ``40 s``, ``12 min``, ``3 h``, ``9 days``."""
    seconds = int(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 60 * 60:
        return f"{seconds // 60} min"
    if seconds < 48 * 60 * 60:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: ``1 source``, ``3 sources``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def size(size_bytes: int) -> str:
    """Return a size for people: ``812 B``, ``14 kB``, ``2.1 MB``."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    return f"{size_bytes / 1000:.0f} kB" if size_bytes < 1_000_000 else f"{size_bytes / 1_000_000:.1f} MB"


def plain(text: str) -> str:
    """Return a text from outside as one line that cannot move the cursor, change colours or turn the line around."""
    clean = "".join(
        " " if character in ELSEWHERE or unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") else character
        for character in text
    )
    return " ".join(clean.split())


def shown(text: str) -> str:
    """Return the text as a terminal may have it, lines kept: what it would obey is written out, as ``\\x1b``."""
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def shown_json(text: str) -> str:
    """Return a text in JSON that means the same and that a terminal may have."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def beginning(text: str, length: int) -> str:
    """Return the first words of a text, on one line."""
    line = plain(text[: 4 * length])
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
