"""Chromium without a window, and the only web it knows: a proxy that answers everything and notes what is asked.

``async with Web(answer) as web, browser(web) as chromium: await chromium.open(url)``, then ``web.asked``.
The browser is driven over its DevTools protocol, a web socket on loopback.
"""

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

# No request but those of the page: no updates, no guesses, no services of the browser's maker
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--disable-domain-reliability", "--disable-breakpad",
    "--disable-client-side-phishing-detection", "--metrics-recording-only", "--no-pings=false", "--mute-audio",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,Translate,MediaRouter,"
    "AutofillServerCommunication,CertificateTransparencyComponentUpdater,InterestFeedContentSuggestions",
    "--disable-lazy-loading", "--window-size=1200,4000", "--remote-debugging-port=0", "--proxy-bypass-list=<-loopback>",
)  # fmt: skip

_OF_THE_BROWSER = re.compile(
    r"//(?:[\w.-]+\.)?(?:google\.com|googleapis\.com|gstatic\.com|gvt\d\.com|chromium\.org)[:/]"
)

Told = tuple[int, Mapping[str, str], bytes]  # status, headers, body
Site = Callable[[str], Awaitable[Told | None]]  # by address; None: a picture


def chromium() -> str | None:
    """Return the path of a browser, or None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Web:
    """A proxy: what ``site`` does not answer is a small picture. asked: whatever was asked for, in order.

    https is refused, and noted as ``https://host:port``.
    """

    site: Site
    asked: list[str] = field(default_factory=list)
    address: str = ""
    _server: asyncio.Server | None = None
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._talks.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, target, _ = head.split("\r\n")[0].split(" ", 2)
                if method == "CONNECT":
                    self._note(f"https://{target}")
                    writer.write(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    break
                self._note(target)
                status, headers, body = await self.site(target) or (200, {"Content-Type": "image/gif"}, PIXEL)
                lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
                lines.append(f"Content-Length: {len(body)}")
                writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
                await writer.drain()
        self._talks.discard(task)
        writer.close()

    def _note(self, url: str) -> None:
        if not _OF_THE_BROWSER.search(url):  # what it asks its maker, whatever page it shows
            self.asked.append(url)


class Browser:
    """One tab. dialogs: what ``alert`` and its like said. complaints: what a page's policy forbade it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, web: Web) -> None:
        self.dialogs: list[str] = []
        self.complaints: list[str] = []
        self._socket, self._web = socket, web
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._loaded = asyncio.Event()
        self._session: str | None = None
        self._listening = asyncio.create_task(self._listen())

    async def start(self) -> None:
        target = (await self._send("Target.createTarget", url="about:blank"))["targetId"]
        self._session = (await self._send("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            await self._send(f"{domain}.enable")

    async def open(self, url: str) -> None:
        """Show an address, and wait until it is loaded."""
        self._loaded.clear()
        await self._send("Page.navigate", url=url)
        await asyncio.wait_for(self._loaded.wait(), 60)

    async def run(self, script: str) -> Any:
        """Run a script of ours in the page, whatever its policy, and return its value."""
        told = await self._send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    async def quiet(self) -> None:
        """Wait until for half a second nothing was asked for."""
        for _ in range(60):
            before = len(self._web.asked)
            await asyncio.sleep(0.5)
            if len(self._web.asked) == before:
                return

    async def close(self) -> None:
        with contextlib.suppress(Exception):
            self._session = None
            await asyncio.wait_for(self._send("Browser.close"), 5)
        self._listening.cancel()

    async def _send(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps(message))
        return await asyncio.wait_for(self._waiting[number], 60)

    async def _listen(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if (future := self._waiting.pop(told.get("id"), None)) and not future.done():
                if "error" in told:
                    future.set_exception(AssertionError(str(told["error"])))
                else:
                    future.set_result(told["result"])
            elif told.get("method") == "Page.loadEventFired":
                self._loaded.set()
            elif told.get("method") == "Log.entryAdded" and told["params"]["entry"]["source"] == "security":
                self.complaints.append(told["params"]["entry"]["text"])
            elif told.get("method") == "Page.javascriptDialogOpening":
                self.dialogs.append(told["params"]["message"])
                asyncio.get_running_loop().create_task(self._send("Page.handleJavaScriptDialog", accept=False))


@contextlib.asynccontextmanager
async def browser(web: Web) -> AsyncIterator[Browser]:
    """A browser whose every request goes to ``web``, in a profile of its own; ended, whatever happens."""
    path = chromium()
    assert path
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            path,
            *_FLAGS,
            f"--user-data-dir={profile}",
            f"--proxy-server=http://{web.address}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            address = await _devtools(Path(profile))
            async with (
                aiohttp.ClientSession(trust_env=False) as session,
                session.ws_connect(address, max_msg_size=0) as socket,
            ):
                opened = Browser(socket, web)
                await opened.start()
                try:
                    yield opened
                finally:
                    await opened.close()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _devtools(profile: Path) -> str:
    """The address of the web socket, which the browser writes down as soon as it listens."""
    told = profile / "DevToolsActivePort"
    for _ in range(300):
        if told.exists() and len(lines := told.read_text().split()) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        await asyncio.sleep(0.1)
    raise AssertionError("the browser does not start")
