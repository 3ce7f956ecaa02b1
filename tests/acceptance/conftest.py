"""One room per test: a folder with a feeds.yaml, a web site on loopback, and the commands run in this process."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import feedparser
import pytest

from tests.cli.conftest import Cli, Ended, cli, tree, web
from tests.fetch.site import Answer, Script, Site

__all__ = ["cli", "room", "web"]


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a test asks and looks at. folder: with feeds.yaml, the store and output/."""

    folder: Path
    web: Site
    cli: Cli

    def write(self, *sources: str, head: str = "") -> None:
        """Write feeds.yaml. sources: as YAML, one each; ``$/`` stands for the site's address."""
        lines = [
            head,
            "polling: {pause: 0s}",
            "sources:" if sources else "sources: []",
            *(f"  - {one}" for one in sources),
        ]
        (self.folder / "feeds.yaml").write_text("\n".join(lines).replace("$/", f"{self.web.url}/"), encoding="utf-8")

    def put(self, path: str, answer: str | bytes | Script, **headers: str) -> None:
        """Let the site answer so from now on."""
        if isinstance(answer, str | bytes):
            body = answer.encode() if isinstance(answer, str) else answer
            named = [(name.replace("_", "-"), value) for name, value in headers.items()]
            answer = Answer(headers=named, body=body)
        self.web.answers[path] = answer

    def run(self, *argv: str) -> Ended:
        return self.cli(*argv)

    def refresh(self, *argv: str) -> dict[str, Any]:
        """Refresh, and return the report."""
        report: dict[str, Any] = self.cli("refresh", "--json", *argv).json
        return report

    def entries(self, *argv: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.cli("entries", "--json", *argv).json["entries"]
        return found

    def titles(self) -> list[str]:
        return sorted(entry["title"] for entry in self.entries())

    def read(self, name: str) -> Any:
        """Return a published feed as a reader sees it: feedparser's result, or the data of a JSON feed."""
        body = (self.folder / "output" / name).read_bytes()
        return json.loads(body) if name.endswith(".json") else feedparser.parse(body)

    def tree(self) -> dict[str, tuple[int, bytes]]:
        return tree(self.folder / "output")


@pytest.fixture
def room(tmp_path: Path, web: Site, cli: Cli) -> Room:
    return Room(folder=tmp_path, web=web, cli=cli)


def rss(*items: str, head: str = "") -> str:
    """Return a feed of these items. head: elements of its channel."""
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Harbour News</title><link>http://harbour.example/</link>{head}{''.join(items)}</channel></rss>"
    )


def item(
    title: str,
    url: str | None = None,
    *,
    guid: str | None = None,
    date: str | None = "Tue, 01 Mar 2022 10:00:00 GMT",
    text: str | None = None,
    more: str = "",
) -> str:
    """Return an item of an RSS feed; what is None stands not in it. text: HTML. more: further elements."""
    told: Sequence[tuple[str, str | None]] = (("link", url), ("guid", guid), ("pubDate", date), ("description", text))
    elements = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told if value is not None)
    return f"<item><title>{escape(title)}</title>{elements}{more}</item>"
