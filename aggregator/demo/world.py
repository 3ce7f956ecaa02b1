"""A small news world on loopback: a newspaper's pages, an API and three feeds that tell partly the same stories."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.demo import documents
from aggregator.demo.articles import LATER, START, Article, Place
from aggregator.demo.documents import Published
from aggregator.serve.conditions import http_date, is_not_modified

WORLD = "http://world.example"  # stands in feeds.yaml where the world's own address goes

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What an aggregator should make of the world. copies: source -> entries in it. entries: after merging.

    merged: what recognises a copy -> how many copies. categories: name -> entries.
    """

    copies: dict[str, int]
    entries: int
    merged: dict[str, int]
    categories: dict[str, int]


EXPECTED = Expected(  # when it starts
    copies={"春江日报": 4, "江海通讯": 5, "河湾滚动": 5, "The Tide Table": 4, "Lantern Digest": 5},
    entries=14,
    merged={"parameter": 4, "pattern": 2, "url": 2, "guid": 1},
    categories={"春江日报": 4, "山城晚报": 2, "海角财经": 1, "滚动新闻": 5, "Harbour Life": 4, "Small Wonders": 5},
)
EXPECTED_AT_THE_END = Expected(  # when it has grown as far as it can
    copies={"春江日报": 8, "江海通讯": 11, "河湾滚动": 10, "The Tide Table": 7, "Lantern Digest": 9},
    entries=26,
    merged={"parameter": 8, "pattern": 6, "url": 3, "guid": 2},
    categories={"春江日报": 8, "山城晚报": 4, "海角财经": 2, "滚动新闻": 10, "Harbour Life": 7, "Small Wonders": 9},
)


class World:
    """An ASGI application (``app``) whose documents grow by one article with each ``grow``.

    base_url: where ``app`` is reached, as ``http://127.0.0.1:8000``; it may be set again once the port is known.
    started: aware; all dates are counted from it.
    """

    def __init__(self, base_url: str, started: datetime) -> None:
        self.base_url = base_url
        self._articles = [
            Published(article=article, number=number, when=_second(started - timedelta(hours=article.age_hours or 0)))
            for number, article in enumerate(START)
        ]
        self._later = list(LATER)
        self.app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET"])])

    def grow(self, now: datetime | None = None) -> Article | None:
        """Publish the next article in all its places and return it, or None when all has been told.

        now: aware; its date. Left out, it is the clock's.
        """
        if not self._later:
            return None
        article = self._later.pop(0)
        when = _second(now or datetime.now(UTC))
        self._articles.append(Published(article=article, number=len(self._articles), when=when))
        return article

    async def _answer(self, request: Request) -> Response:
        found = self._document(request.url.path)
        if found is None:
            return Response("There is nothing here.\n", 404, media_type="text/plain")
        body, media_type, changed = found
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        seconds = int(changed.timestamp())
        headers = {"etag": etag, "last-modified": http_date(seconds), "cache-control": "no-cache"}
        if is_not_modified(request.scope["headers"], etag=etag, last_modified=seconds):
            return Response(status_code=304, headers=headers)
        return Response(body, headers={**headers, "content-type": media_type})

    def _document(self, path: str) -> tuple[bytes, str, datetime] | None:
        """What stands at a path: the bytes, their media type, when they last changed."""
        base_url = self.base_url.rstrip("/")
        match path.strip("/").split("/"):
            case [""]:
                return documents.front_page(), HTML, self._changed(self._articles[:1])
            case ["robots.txt"]:
                return b"User-agent: *\nAllow: /\n", "text/plain; charset=utf-8", self._changed(self._articles[:1])
            case ["jilin", "category", "chunjiang.html"]:
                told = self._told("page")
                return documents.list_page(told), HTML, self._changed(told)
            case ["jilin", "chunjiang", *_, name] if found := self._coded(name.removesuffix(".html"), "page"):
                is_its_address = path == documents.page_path(found)
                return (documents.article_page(found), HTML, found.when) if is_its_address else None
            case ["api", "list.json"]:
                told = self._told("api")
                return documents.api_list(told), JSON, self._changed(told)
            case ["api", "text", name] if found := self._coded(name.removesuffix(".json"), "api"):
                return documents.api_text(found), JSON, found.when
            case ["rolling", "rss.xml"]:
                told = self._told("rolling")
                return documents.rss(told, base_url), "application/rss+xml; charset=utf-8", self._changed(told)
            case ["tides", "atom.xml"]:
                told = self._told("tides")
                return documents.atom(told, base_url), "application/atom+xml; charset=utf-8", self._changed(told)
            case ["lantern", "feed.json"]:
                told = self._told("lantern")
                return documents.json_feed(told, base_url), "application/feed+json", self._changed(told)
        return None

    def _told(self, place: Place) -> list[Published]:
        """What a place tells, newest first."""
        here = [each for each in self._articles if place in each.article.places]
        return sorted(here, key=lambda each: (each.when, each.number), reverse=True)

    def _coded(self, code: str, place: Place) -> Published | None:
        return next((each for each in self._told(place) if each.code == code), None)

    def _changed(self, told: list[Published]) -> datetime:
        return max(each.when for each in told)


def feeds_yaml(base_url: str) -> str:
    """Return the feeds.yaml that reads this world. base_url: where it is reached."""
    written = resources.files("aggregator.demo").joinpath("feeds.yaml").read_text("utf-8")
    return written.replace(WORLD, base_url.rstrip("/"))


def _second(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(microsecond=0)
