"""Time spans as people write them: ``90d``, ``2h``, ``1h30m``, ``0.5s``, ``500ms``. Pure."""

import re
from datetime import timedelta

_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_SPAN = re.compile(r"(?:\d{1,9}(?:\.\d{1,3})?(?:ms|[smhdw]))+")
_PART = re.compile(r"([\d.]+)(ms|[smhdw])")
LONGEST = timedelta(days=36_500)


def span(text: str) -> timedelta | None:
    """Return the span, spaces ignored; None for what is none. One longer than LONGEST is LONGEST and a second."""
    text = text.replace(" ", "")
    if not _SPAN.fullmatch(text):
        return None
    seconds = sum(float(count) * _UNITS[unit].total_seconds() for count, unit in _PART.findall(text))
    return timedelta(seconds=min(seconds, LONGEST.total_seconds() + 1))
