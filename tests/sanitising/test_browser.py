"""What is published, in a browser: no script runs, and nothing is asked for but images that a reader sees.

Once as we serve it, once as any web server or folder would give it, without our Content-Security-Policy: then what
keeps the reader safe is what was taken out alone.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from aggregator import outputs
from aggregator.serve import application
from tests.sanitising.browser import Browser, Site, Told, Web, browser, chromium
from tests.sanitising.vectors import BODIES, LOADED, RAN, SEEN, Vector

pytest.importorskip("html5lib", reason="html5lib reads HTML as browsers do: pip install -e '.[dev]'")
pytestmark = pytest.mark.skipif(chromium() is None, reason="there is no Chromium here: apt-get install chromium")

PAGES = "http://pages.test/"


@dataclass(frozen=True)
class Seen:
    """What came of a visit. looks: what it returned. asked, dialogs, complaints: see ``browser``."""

    looks: Any
    asked: list[str]
    dialogs: list[str]
    complaints: list[str]


POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^<>]*>\n')

# All that a reader could do to a page: see all of it, open what is closed, go over it, touch it
VISIT = """
(async () => {
  const wait = ms => new Promise(done => setTimeout(done, ms));
  document.querySelectorAll('details').forEach(one => one.open = true);
  document.querySelectorAll('img').forEach(one => one.loading = 'eager');
  const kinds = ['mouseover', 'mouseenter', 'pointerenter', 'focus', 'focusin', 'error', 'load', 'toggle', 'loadstart',
                 'animationstart', 'transitionend', 'beforetoggle', 'keydown', 'begin', 'start'];
  for (const one of document.querySelectorAll('*'))
    for (const kind of kinds) one.dispatchEvent(new Event(kind, {bubbles: false}));
  window.scrollTo(0, document.body ? document.body.scrollHeight : 0);
  await wait(300);
})()
"""
# What the browser itself makes of every address, attribute and place of the page
LOOK = """
(() => {
  const found = [];
  const own = one => one.parentElement?.closest('.text') && !one.classList.contains('rights');
  for (const one of document.querySelectorAll('*')) {
    const tag = one.tagName.toLowerCase();
    if (['script', 'iframe', 'object', 'embed', 'base', 'form', 'input', 'button', 'frame', 'style'].includes(tag))
      found.push(`<${tag}>`);
    for (const {name} of one.attributes) if (name.startsWith('on') || name === 'style') found.push(`${tag} ${name}`);
    const url = one.protocol ?? (one.src && new URL(one.src).protocol);
    if (url && !['http:', 'https:', 'mailto:', 'tel:', 'feed:'].includes(url)) found.push(`${tag} ${url}`);
    const position = getComputedStyle(one).position;
    if (own(one) && !['static', ''].includes(position)) found.push(`${tag} stands ${position}`);
    if (own(one) && (one.id || one.className)) found.push(`${tag} #${one.id} .${one.className}`);
  }
  for (const name of ['articles']) if (document.querySelectorAll('#' + name).length > 1) found.push('two ' + name);
  return [...new Set(found)];
})()
"""


def in_browser(site: Site, visit: Callable[[Browser, Web], Awaitable[Any]]) -> Seen:
    """Return what came of a visit."""

    async def go() -> Seen:
        async with Web(site) as web, browser(web) as tab:
            looks = await visit(tab, web)
            return Seen(looks, web.asked, tab.dialogs, tab.complaints)

    return asyncio.run(asyncio.wait_for(go(), 240))


def plainly(output: Path) -> Site:
    """The folder as a web server gives it that knows nothing of us; pages without their policy."""
    types = {".html": "text/html; charset=utf-8", ".css": "text/css", ".json": "application/json"}

    async def answer(url: str) -> Told | None:
        if not url.startswith(PAGES):
            return None
        path = output / (urlsplit(url).path.lstrip("/") or "index.html")
        if not path.is_file():
            return 404, {}, b""
        return 200, {"Content-Type": types.get(path.suffix, "application/xml")}, POLICY.sub(b"", path.read_bytes())

    return answer


def by_our_server(output: Path) -> Site:
    """The folder as ``aggregator serve`` gives it."""
    kinds = {found.SUFFIX: found.MEDIA_TYPE for found in outputs.formats().values()}
    transport = httpx.ASGITransport(application(output, media_types=kinds))

    async def answer(url: str) -> Told | None:
        if not url.startswith(PAGES):
            return None
        async with httpx.AsyncClient(transport=transport) as client:
            told = await client.get(url, headers={"accept-encoding": "identity"})
        return (
            told.status_code,
            {name: value for name, value in told.headers.items() if name != "content-length"},
            told.content,
        )

    return answer


def raw(vectors: tuple[Vector, ...], policy: str = "") -> Site:
    """Each body on a page of its own, as it came."""
    pages = {f"{PAGES}{one.name}": one.text for one in vectors}

    async def answer(url: str) -> Told | None:
        if url not in pages:
            return None
        page = f"<!doctype html><meta charset=utf-8>{policy}<body>{pages[url]}"
        return 200, {"Content-Type": "text/html"}, page.encode("utf-8", "replace")

    return answer


def names(vectors: Iterable[Vector]) -> list[str]:
    return [one.name for one in vectors]


def hosts(asked: list[str]) -> list[str]:
    return [urlsplit(url).hostname or "" for url in asked]


def images(output: Path) -> set[str]:
    """The addresses of all images that an entry's text or head shows, as a browser writes them."""
    text = (output / "all.html").read_text("utf-8")
    tags = re.findall(r"<(?:img|source|video)\b[^<>]*>", text)
    found = [value for tag in tags for value in re.findall(r' (?:src|poster|srcset)="([^"]*)"', tag)]
    addresses = (unescape(url.split(" ")[0]) for value in found for url in value.split(", "))
    return {*map(_as_asked, addresses)}


def _as_asked(url: str) -> str:
    """An address so far as proxies see it."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return f"https://{parts.hostname}:443"
    return unquote(parts._replace(fragment="").geturl())


def others(asked: list[str], output: Path) -> list[str]:
    """What was asked for beside pages, their stylesheet and images that they show."""
    shown = images(output)
    return [url for url in asked if not url.startswith(PAGES) and unquote(url) not in shown]


async def visit_pages(tab: Browser, web: Web, output: Path) -> dict[str, list[str]]:
    looks = {}
    for name in ("index.html", "all.html", "category/json-feed.html", "category/lists.html"):
        if (output / name).is_file():
            await tab.open(PAGES + name)
            await tab.run(VISIT)
            await tab.quiet()
            looks[name] = await tab.run(LOOK)
    return {name: look for name, look in looks.items() if look}


async def visit_each(tab: Browser, web: Web, names: Iterable[str]) -> None:
    for name in names:
        await tab.open(PAGES + name)
    await tab.quiet()


async def visit_feeds(tab: Browser, web: Web) -> None:
    kinds = ("json-feed", "rss-addresses")
    for name in (
        *(f"category/{kind}{suffix}" for kind in kinds for suffix in (".atom", ".rss", ".json")),
        "feeds.opml",
    ):
        await tab.open(PAGES + name)
        await tab.run("document.querySelectorAll('*').forEach(one => one.dispatchEvent(new Event('mouseover')))")
        await tab.quiet()


def test_browser_runs_what_is_not_taken_out() -> None:
    """Or else it would show nothing that a page of ours runs nothing."""
    chosen = tuple(one for one in BODIES if "&" not in one.text)[::5]

    asked = in_browser(raw(chosen), lambda tab, web: visit_each(tab, web, names(chosen))).asked

    assert hosts(asked).count(RAN) >= 10
    assert hosts(asked).count(LOADED) >= 5


def test_policy_alone_would_stop_whatever_came_through(output: Path) -> None:
    policy = POLICY.search((output / "index.html").read_bytes())[0].decode()  # type: ignore[index]
    chosen = tuple(one for one in BODIES if "&" not in one.text)[::5]

    seen = in_browser(raw(chosen, policy), lambda tab, web: visit_each(tab, web, names(chosen)))

    assert RAN not in hosts(seen.asked)
    assert seen.complaints


@pytest.mark.parametrize("served", [plainly, by_our_server])
def test_pages_run_nothing_and_load_images_alone(output: Path, served: Callable[[Path], Site]) -> None:
    seen = in_browser(served(output), lambda tab, web: visit_pages(tab, web, output))

    assert seen.looks == {}
    assert seen.dialogs == []
    assert {RAN, LOADED}.isdisjoint(hosts(seen.asked))
    assert others(seen.asked, output) == []
    assert hosts(seen.asked).count(SEEN) > 10
    assert seen.complaints == []  # nor does our policy forbid what our pages need


@pytest.mark.parametrize("served", [plainly, by_our_server])
def test_feeds_that_a_browser_opens_run_nothing(output: Path, served: Callable[[Path], Site]) -> None:
    seen = in_browser(served(output), visit_feeds)

    assert seen.dialogs == []
    assert [url for url in seen.asked if not url.startswith(PAGES)] == []


def test_pages_opened_from_a_folder_have_their_stylesheet(output: Path) -> None:
    async def visit(tab: Browser, web: Web) -> Any:
        await tab.open((output / "index.html").as_uri())
        return await tab.run("getComputedStyle(document.body).marginTop")

    assert in_browser(plainly(output), visit).looks == "0px"
