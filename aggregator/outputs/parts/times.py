"""Dates as feeds write them. Pure."""

from datetime import UTC, datetime
from email.utils import format_datetime


def rfc3339(when: datetime) -> str:
    """Return the time in UTC to the second, as ``2026-11-23T19:25:14Z`` (RFC 3339). when: aware."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def rfc822(when: datetime) -> str:
    """Return the time in UTC to the second, as ``Mon, 23 Nov 2026 19:25:14 +0000`` (RFC 822). when: aware."""
    return format_datetime(when.astimezone(UTC))
