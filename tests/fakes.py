"""Small real stand-ins that tests share: a web site in a dict, a clock we turn, a store and an output of one's own."""

import asyncio
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from xml.sax.saxutils import escape

from aggregator import config, outputs, publish, refresh, sources
from aggregator.config import Config
from aggregator.errors import FetchError
from aggregator.fetch import local
from aggregator.folder import Folder
from aggregator.model import Document, Entry, Request
from aggregator.publish import Published
from aggregator.refresh import Round
from aggregator.store import Listed, Store

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the site says to one address. etag: None makes one of the body, "" sends none."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    location: str | None = None  # the address after redirects
    is_permanent: bool = False  # these redirects
    retry_after: timedelta | None = None


@dataclass
class FakeSite:
    """The web in a dict: address -> what it says. Honours ETags; files of this machine are read as they are."""

    pages: dict[str, Answer] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    requests: list[Request] = field(default_factory=list)

    def put(self, url: str, body: str | bytes, **how: Any) -> None:
        self.pages[url] = Answer(body=body.encode() if isinstance(body, str) else body, **how)

    def fail(self, url: str, status: int | None = 500, *, retry_after: timedelta | None = None) -> None:
        self.pages[url] = Answer(status=status or 0, retry_after=retry_after)

    @property
    def asked(self) -> list[str]:
        return [request.address for request in self.requests]

    def forget(self) -> None:
        self.requests.clear()

    async def __call__(self, request: Request) -> Document:
        self.requests.append(request)
        await asyncio.sleep(0)  # as a request does, it lets others go on
        if request.url is None:
            return local.read(request, now=self.clock())
        answer = self.pages.get(request.url, Answer(status=404))
        if answer.status != 200:
            status = answer.status or None
            message = f"{request.url} answers {status}" if status else f"{request.url} does not answer"
            raise FetchError(message, url=request.url, status=status, retry_after=answer.retry_after)
        etag = f'"{sha256(answer.body).hexdigest()[:16]}"' if answer.etag is None else answer.etag
        headers = {**({"etag": etag} if etag else {}), **answer.headers}
        is_same = bool(etag) and request.etag == etag and request.validated_url in (None, answer.location, request.url)
        return Document(
            url=answer.location or request.url,
            requested_url=request.url,
            status=304 if is_same else 200,
            headers=headers,
            body=b"" if is_same else answer.body,
            permanent_url=answer.location if answer.is_permanent else None,
            fetched_at=self.clock(),
        )


def read_config(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Config:
    """Return the Config of a feeds.yaml with this text in a folder."""
    path = folder / "feeds.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return config.load(path, kinds=sources.names(), formats=outputs.names(), environ=environ or {})


@dataclass
class World:
    """One aggregator with its feeds.yaml, store and output in a folder, on a web and at a time of one's own."""

    folder: Path
    text: str
    site: FakeSite = field(default_factory=FakeSite)
    storage: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.clock = self.site.clock
        self.config = read_config(self.folder, self.text, self.environ)
        self.store = Store(self.storage or self.config.storage, now=self.clock())
        self.config = publish.sync(self.config, self.store, now=self.clock())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def write_config(self, text: str) -> None:
        """Change feeds.yaml."""
        self.config = read_config(self.folder, text, self.environ)
        self.config = publish.sync(self.config, self.store, now=self.clock())

    def restart(self) -> None:
        """End and begin again, as after a kill: all that is left is what stands on the disk."""
        self.store.close()
        self.__post_init__()

    def refresh(self, *names: str, due: bool = False, force: bool = True) -> Round:
        """Poll once; by default all, whatever anybody asked for."""
        states = {state.name: state for state in self.store.states()}
        chosen = refresh.choose(self.config, states, now=self.clock(), names=names, due=due, force=force)
        done = asyncio.run(refresh.refresh(self.config, chosen, store=self.store, send=self.site, now=self.clock))
        self.config = done.config
        return done

    def publish(self, **how: Any) -> Published:
        return publish.publish(self.config, store=self.store, folder=self.output, now=self.clock(), **how)

    @property
    def output(self) -> Folder:
        return Folder(self.config.output.directory)

    @property
    def entries(self) -> tuple[Listed, ...]:
        return self.store.listed()

    def entry(self, title: str) -> Listed:
        (found,) = [entry for entry in self.entries if entry.title == title]
        return found

    def read(self, path: str) -> bytes:
        return (self.config.output.directory / path).read_bytes()

    def full(self) -> list[Entry]:
        """Return every entry as it is published, newest first."""
        everything = next(shelf for shelf in self.store.shelves() if shelf.is_all)
        marks = self.store.newest(everything.id, limit=10_000, window=timedelta(0), max_entries=10_000)
        entries = self.store.entries([mark.id for mark in marks], {})
        return [entries[mark.id] for mark in marks]

    def full_entry(self, title: str) -> Entry:
        (found,) = [entry for entry in self.full() if entry.content.title == title]
        return found

    def tree(self) -> dict[str, tuple[bytes, int]]:
        """Return path -> bytes and time of change, of every file in the output."""
        root = self.config.output.directory
        return {
            path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }


def rss(*items: str, title: str = "A feed", link: str = "https://feeds.example.org/") -> str:
    """Return an RSS feed of these items."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{title}</title><link>{link}</link><description>made up</description>{''.join(items)}</channel></rss>"
    )


def item(title: str | None = None, link: str | None = None, **more: str | None) -> str:
    """Return an RSS item. guid is not a permalink; text is HTML, shown as its description; others are elements."""
    parts = {"title": title, "link": link, "description": more.pop("text", None), **more}
    lines = []
    for name, value in parts.items():
        if value is not None:
            mark = ' isPermaLink="false"' if name == "guid" else ""
            lines.append(f"<{name}{mark}>{escape(value)}</{name}>")
    return f"<item>{''.join(lines)}</item>"


def titles(entries: Iterable[Listed]) -> list[str | None]:
    return [entry.title for entry in entries]
