"""The published folder over HTTP: an ASGI application and the server that carries it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from aggregator.serve.files import MEDIA_TYPES, Files
from aggregator.serve.local import Page, local_routes
from aggregator.serve.manners import manners
from aggregator.serve.memory import Memory
from aggregator.serve.server import serve

__all__ = ["FRESH", "application", "serve"]

FRESH = timedelta(minutes=5)


def application(
    folder: Path,
    *,
    media_types: Mapping[str, str],
    aliases: Callable[[str], str | None] = lambda _: None,
    max_age: timedelta = FRESH,
    local_pages: Mapping[str, Page] | None = None,
) -> ASGIApp:
    """Return the application that answers with the files of ``folder``, and ``/healthz``.

    media_types: suffix -> media type, of the output formats; any other suffix is not served, but for those of
    ``files.MEDIA_TYPES``. aliases: an old slug of a category -> its slug now, or None. max_age: how long readers may
    use a copy without asking. local_pages: path -> page that answers on this machine only (``/metrics``, ``/status``).

    ``Host`` and ``X-Forwarded-*`` are not looked at for what is published, and redirects are relative: the
    application can stand under any name and path prefix.
    """
    files = Files(
        memory=Memory(folder),
        folder=folder,
        media_types={**MEDIA_TYPES, **media_types},
        aliases=aliases,
        max_age=max_age,
    )
    routes = [Route("/healthz", _health, methods=["GET"]), *local_routes(local_pages or {})]
    return Router(routes, redirect_slashes=False, default=files)


async def _health(_: Request) -> Response:
    told = {name.decode(): value.decode() for name, value in manners("text/plain")}
    return PlainTextResponse("ok\n", headers={**told, "cache-control": "no-store"})
