"""Pages for the operator alone: they answer on this machine, and to nobody who comes through a proxy."""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aggregator.serve.manners import manners

Page = Callable[[Request], Awaitable[Response]]

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def local_routes(pages: Mapping[str, Page]) -> list[Route]:
    """Return a route for every path -> page. To everyone else there is nothing there: 404."""
    return [Route(path, _guarded(page), methods=["GET"]) for path, page in pages.items()]


def is_local(request: Request) -> bool:
    """Return True when a program on this machine asks for itself.

    A proxy on this machine connects from loopback too: so the name asked for must be loopback's as well (which also
    keeps out pages of other sites that have their own name resolve to it), and nothing may say that it was forwarded.
    """
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    host = request.headers.get("host", "").lower()
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return _is_loopback(request.client.host) and (name == "localhost" or _is_loopback(name))


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def _guarded(page: Page) -> Page:
    async def answer(request: Request) -> Response:
        if not is_local(request):
            return PlainTextResponse("There is nothing here.\n", 404, {"cache-control": "no-store"})
        response = await page(request)
        response.headers.setdefault("cache-control", "no-store")
        for name, value in manners("text/html"):  # nobody's site may read it
            response.headers.setdefault(name.decode(), value.decode())
        return response

    return answer
