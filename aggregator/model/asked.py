"""What is asked and what is answered. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Request:
    """One thing to fetch. url: http(s), or None with ``path`` for something on this machine.

    is_trusted: the operator wrote this very address. is_page: robots.txt binds it.
    etag, last_modified: validators, byte for byte as last received from ``validated_url`` (None: from ``url``); no
    other URL is sent them. robots: False where the operator may read it although robots.txt forbids.
    avoid: an address that failed a moment ago: no redirect there is followed.
    """

    url: str | None = None
    path: str | None = None
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_trusted: bool = False
    is_page: bool = False
    allow_private: bool = False
    max_bytes: int = 20_000_000
    trusted_origin: str | None = None  # the same origin as an address the operator wrote is trusted too
    validated_url: str | None = None
    robots: bool = True
    avoid: str | None = None

    @property
    def address(self) -> str:
        return self.url or self.path or ""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a folder that is read as one document. path: relative to the folder, with slashes."""

    path: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Document:
    """An answer: the bytes as sent, decompressed, and where they came from.

    url: after redirects. requested_url: before. permanent_url: where an unbroken run of 301/308 led, else None.
    headers: names in lower case. status: 200 or 304 (then the body is empty); local files have 200 and 304 too.
    files: of a folder (then the body is empty), in the order of their paths.
    """

    url: str
    requested_url: str
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    permanent_url: str | None = None
    files: tuple[File, ...] = ()
    fetched_at: datetime

    @property
    def is_unchanged(self) -> bool:
        """The server (or the folder) says that it is as it was."""
        return self.status == 304
