"""Single values of feeds.yaml: durations, sizes, addresses, patterns.

All raise ValueError in words for people. Where they show the value it is UnfitError, which can be said without it.
"""

import os
import re
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator import rules
from aggregator.model import Const, Every, FieldRule
from aggregator.text import patterns, spans

_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_SIZE = re.compile(r"(\d{1,15}) ?([KMG]i?B|B)", re.IGNORECASE)

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2


class UnfitError(ValueError):
    """A value that is not what its key asks for. statement, said of the value, does not hold it; hint may."""

    def __init__(self, value: Any, statement: str, hint: str = "") -> None:
        text = str(value)
        self.statement = statement
        super().__init__(f"'{text if len(text) <= 80 else text[:79] + '…'}' {statement}{hint}")


def duration(value: Any) -> timedelta:
    """Return a time span written as ``90d``, ``2h``, ``1h30m`` or ``500ms``; a plain 0 is one too."""
    if value == 0 and not isinstance(value, bool):
        return timedelta(0)
    if isinstance(value, int) and not isinstance(value, bool):
        raise UnfitError(value, "has no unit; write it like 90d, 2h, 1h30m or 500ms")
    found = spans.span(value) if isinstance(value, str) else None
    if found is None:
        raise UnfitError(value, "is not a time span; write it like 90d, 2h, 1h30m or 500ms")
    if found > spans.LONGEST:
        raise UnfitError(value, "is longer than a hundred years")
    return found


def positive_duration(value: Any) -> timedelta:
    """Return a time span that is more than nothing."""
    span = duration(value)
    if not span:
        raise ValueError("must be more than 0")
    return span


def every(value: Any) -> Every | None:
    """Return how often to poll: a time span or a cron expression of five fields; None for ``adaptive``."""
    if value == "adaptive":
        return None
    if isinstance(value, str) and len(value.split()) == 5:
        from apscheduler.triggers.cron import CronTrigger

        try:
            CronTrigger.from_crontab(value, timezone="UTC")
        except (ValueError, TypeError) as error:
            raise UnfitError(value, "is not a cron expression", f": {error}") from error
        return Every(cron=" ".join(value.split()))
    try:
        return Every(interval=positive_duration(value))
    except ValueError as error:
        statement = (
            "is no interval; write adaptive, a time span such as 30m, or a cron expression such as '*/15 8-20 * * *'"
        )
        raise UnfitError(value, statement) from error


def size_bytes(value: Any) -> int:
    """Return a number of bytes written as ``20MB``, ``512KiB`` or a plain number."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if not found or not int(found[1]):
        raise UnfitError(value, "is not a size; write it like 20MB or 512KiB")
    return int(found[1]) * _BYTES[found[2].upper()]


def web_address(value: Any) -> str:
    """Return an http or https URL that names a host."""
    if not isinstance(value, str):
        raise ValueError("must be a URL, as text")
    text = value.strip()
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UnfitError(text, "is not a URL that works", f": {error}") from error
    if parts.scheme not in ("http", "https"):
        guess = text if "://" not in text else text.partition("://")[2]
        if parts.scheme == "feed":
            guess = text.removeprefix("feed:").removeprefix("//").removeprefix("https://").removeprefix("http://")
        named = "." in guess.split("/")[0] and " " not in guess and "@" not in guess
        hint = f"; did you mean 'https://{guess}'?" if named else ""
        if not parts.scheme and not named:
            hint = f"; for a folder or a file, write path: {text}"
        raise UnfitError(text, "is not an http or https URL", hint)
    if not host:
        raise UnfitError(text, "names no host")
    if any(character <= " " or character == "\x7f" for character in text):
        raise UnfitError(text, "has white space in it; write %20 for a space")
    return text


def source_address(value: Any) -> str:
    """Return an http or https URL, or a ``file:`` URL of a path on this machine (RFC 8089)."""
    text = value.strip() if isinstance(value, str) else ""
    if text[:5].lower() != "file:":
        return web_address(value)
    host = urlsplit(text).netloc
    if host.lower() not in ("", "localhost"):
        raise UnfitError(text, "is a file on another machine", f"; is it 'file:///{text.partition('//')[2]}'?")
    if not text[5:].startswith("/"):
        raise UnfitError(
            text, "is no whole path", f"; write path: {text[5:]}, which starts at the folder of feeds.yaml"
        )
    return f"file:{text[5:]}"


def site_address(value: Any) -> str:
    """Return the URL under which a site is reached, with a slash at its end."""
    text = web_address(value)
    if "?" in text or "#" in text:
        raise UnfitError(text, "must end with its path: no '?' and no '#'")
    return text if text.endswith("/") else text + "/"


def listen_address(value: Any) -> str:
    """Return ``host:port`` or ``unix:/path``."""
    text = value.strip() if isinstance(value, str) else ""
    if text.startswith("unix:/"):
        return text
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if colon and port.isascii() and port.isdigit() and int(port[:6]) < 65536 and (bracketed or ":" not in host):
        return text
    raise UnfitError(value, "is not an address to listen on; write 127.0.0.1:8080, [::1]:8080 or unix:/path")


@cache
def timezone(value: str) -> str:
    """Return the name of a time zone that this machine knows."""
    try:
        return ZoneInfo(value).key
    except (OSError, ValueError, LookupError) as error:
        raise UnfitError(value, "is not a time zone; write it like Asia/Shanghai or UTC") from error


def language(value: str) -> str:
    """Return a language tag (BCP 47)."""
    if _LANGUAGE.fullmatch(value):
        return value
    raise UnfitError(value, "is not a language; write it like zh-CN or en")


def header_name(value: str) -> str:
    if not _HEADER_NAME.fullmatch(value):
        raise UnfitError(value, "cannot be the name of a header")
    return value


def header_value(value: str) -> str:
    if any(character in value for character in "\r\n\0"):
        raise ValueError("the value of a header cannot hold a line break")
    return value


@cache
def pattern(value: str) -> str:
    """Return a word, or a regular expression that can be used."""
    if not patterns.is_word(value):
        _groups(value)
    return value


@cache
def naming_pattern(value: str) -> str:
    """Return a regular expression whose group 1 is the name of an article."""
    if not _groups(value):
        raise UnfitError(value, "has no group: put the part that names the article in ( )")
    return value


def _groups(value: str) -> int:
    try:
        return patterns.check(value)
    except patterns.PatternError as error:
        word = value.strip("*")
        if word != value and word and patterns.is_word(word):
            hint = f"; a word is searched anywhere, so write '{word}'"
        else:
            hint = f"; to find these very characters, write '{patterns.escaped(value)}'" if len(value) <= 80 else ""
        raise UnfitError(value, "is not a regular expression", f": {error}{hint}") from error


def age(value: Any) -> str:
    """Return an age as rules understand it: ``30d``, or with its sign, ``>30d``."""
    text = value.strip() if isinstance(value, str) else value
    if not isinstance(text, str) or (found := rules.age_limit(text)) is None:
        raise UnfitError(value, "is not an age; write it like 30d, >30d or <2h")
    if found[1] > spans.LONGEST:
        raise UnfitError(value, "is longer than a hundred years")
    return text


def field_rule(value: Any) -> FieldRule:
    """Return where a field is read from: a text, ``{const: …}``, or a list of these; the first that yields counts."""
    found = tuple(_field_source(one) for one in (value if isinstance(value, list) else [value]))
    if not found:
        raise ValueError("must name at least one place to read from")
    return found


def _field_source(value: Any) -> str | Const:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, dict) and set(value) == {"const"}:
        const = value["const"]
        if isinstance(const, str | int) and not isinstance(const, bool):
            return Const(text=str(const))
    raise ValueError("must be a text (a key, a path, a selector), {const: text}, or a list of these")


def local_path(text: str, folder: str) -> str:
    """Return an absolute path; ``~`` is the home, and a relative path starts at ``folder``."""
    return os.path.normpath(os.path.join(folder, os.path.expanduser(text)))  # noqa: PTH111, PTH118  (Path drops globs' ends)
