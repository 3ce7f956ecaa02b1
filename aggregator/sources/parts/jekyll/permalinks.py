"""Where Jekyll publishes a post. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_PLACEHOLDER = re.compile(r":([a-z_]+)")
_CLOCK = {
    **{"year": "%Y", "short_year": "%y", "w_year": "%G", "month": "%m", "day": "%d", "y_day": "%j", "week": "%V"},
    **{"w_day": "%u", "hour": "%H", "minute": "%M", "second": "%S"},
}
_IN_WORDS = frozenset({"i_month", "i_day", "short_month", "long_month", "short_day", "long_day"})  # dates, too
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNFIT_TITLE = re.compile(r"[^\w.~!$&'()+,;=@]+")
_UNFIT_SLUG = re.compile(r"[\W_]+")
_SAFE = "/!$&'()*+,;=:@~"


def permalink(
    pattern: str, *, name: str, slug: str | None, categories: Sequence[str], when: datetime | None, timezone: str
) -> str | None:
    """Return the path that Jekyll publishes a post under, or None when the pattern asks for a date that it lacks.

    pattern: such as ``/news/:year/:title/``; a name that Jekyll does not know stays as it is written.
    name: of the file, without date and suffix. slug: as the front matter has it. timezone: the site's.
    """
    known = {
        "categories": "/".join(dict.fromkeys(name.lower() for name in categories)),
        "slugified_categories": "/".join(dict.fromkeys(_slug(name) for name in categories)),
        "title": _UNFIT_TITLE.sub("-", slug or name).strip("-"),
        "slug": _slug(slug or name),
        "name": _slug(name),
        "collection": "posts",
        "output_ext": ".html",
    }
    if when is not None:
        local = when.astimezone(ZoneInfo(timezone))
        month, day = _MONTHS[local.month - 1], _DAYS[local.weekday()]
        known |= {name: local.strftime(code) for name, code in _CLOCK.items()}
        known |= {"i_month": str(local.month), "i_day": str(local.day), "short_month": month[:3], "long_month": month}
        known |= {"short_day": day[:3], "long_day": day}
    asked = {match[1] for match in _PLACEHOLDER.finditer(pattern)}
    if when is None and asked & (_CLOCK.keys() | _IN_WORDS):
        return None
    filled = _PLACEHOLDER.sub(lambda match: known.get(match[1], match[0]), pattern)
    return quote("/" + re.sub(r"/{2,}", "/", filled).lstrip("/"), safe=_SAFE + "%" if "%" in pattern else _SAFE)


def titled(name: str) -> str | None:
    """Return the title that Jekyll gives a post that has none: ``early-spring`` -> ``Early Spring``."""
    return " ".join(word.capitalize() for word in name.split("-")).strip() or None


def _slug(text: str) -> str:
    return _UNFIT_SLUG.sub("-", text.lower()).strip("-")
