"""What a heavy document costs everybody else: the longest gap on the event loop, and the memory of all processes.

    python -m benchmarks.lag [WORDS …]

Each document is polled once through the whole journey (asked, read, saved, published) from a server on loopback, in
processes of its own. The gap is the time that a task waiting for 5 ms waited longer than that; beside it the same in a
process that does nothing else, which is what the machine itself adds. Memory is what all processes of the poll have
resident at once, and the largest one of them.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from benchmarks.heavy import DOCUMENTS, SITE
from benchmarks.measure import stamp, table

TICK = 0.005
LOOK = 0.01
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Ticker:
    """The longest time that a task waited longer than it wanted to."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.get_running_loop().create_task(self._tick())

    async def _tick(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            self.longest = max(self.longest, time.perf_counter() - before - TICK)

    def stop(self) -> float:
        """Return it in milliseconds."""
        self._task.cancel()
        return self.longest * 1000


def serve(name: str) -> None:
    """Answer with a document until standard input ends; say at what port."""
    heavy = DOCUMENTS[name]
    body = heavy.body()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_page = self.path != "/list" and heavy.page is not None
            told = heavy.page() if is_page and heavy.page else body.replace(SITE.encode(), address.encode())
            self.send_response(200 if is_page or self.path == "/list" else 404)
            self.send_header("Content-Type", "text/html" if is_page else heavy.media_type)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            with suppress(ConnectionError):  # whoever has had enough hangs up
                self.wfile.write(told)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        print(server.server_address[1], flush=True)
        Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()


async def poll(config_path: Path) -> dict[str, object]:
    """Poll what feeds.yaml says, once, and publish it; return how it went."""
    from aggregator import config, outputs, sources
    from aggregator.apart.workers import Workers
    from aggregator.fetch import Fetcher
    from aggregator.folder import Folder
    from aggregator.publish import publish, sync
    from aggregator.store import Store
    from aggregator.update import update_source

    def now() -> datetime:
        return datetime.now(UTC)

    read = config.load(config_path, kinds=sources.names(), formats=outputs.names(), environ={})
    with Store(read.storage, now=now()) as store:
        read = sync(read, store, now=now())
        (source,) = read.sources
        async with Fetcher(read.polling, now=now, allow_private=True) as send, Workers() as work:
            ticker, started = Ticker(), time.perf_counter()
            report, _ = await update_source(source, polling=read.polling, store=store, send=send, now=now, work=work)
            polling = ticker.stop()
            ticker = Ticker()
            folder = Folder(read.output.directory)
            await asyncio.to_thread(publish, read, store=store, folder=folder, now=now())
            return {
                "poll": polling,
                "publish": ticker.stop(),
                "seconds": time.perf_counter() - started,
                "outcome": report.error or f"{report.new} entries",
            }


async def control() -> None:
    """Tick until standard input ends, and say the longest gap."""
    ticker = Ticker()
    await asyncio.to_thread(sys.stdin.read)
    print(ticker.stop(), flush=True)


def measured(name: str, folder: Path) -> list[object]:
    """Return the row of a document."""
    with _started("serve", name) as server, _started("control", "") as idle:
        assert server.stdout
        assert idle.stdin
        assert idle.stdout
        address = f"http://127.0.0.1:{server.stdout.readline().decode().strip()}"
        keys = DOCUMENTS[name].source
        (folder / "feeds.yaml").write_text(
            f"site: {{url: 'https://out.example/'}}\npolling: {{pause: 0s}}\nsources:\n"
            f"  - {{name: heavy, url: '{address}/list', allow_private: true{', ' if keys else ''}{keys}}}\n"
        )
        with _started("poll", str(folder / "feeds.yaml")) as process:
            together, largest = _peaks(process)
            assert process.stdout
            told = json.loads(process.stdout.read())
        idle.stdin.close()
        idle_gap = float(idle.stdout.read())
    mb = 1_000_000
    gaps = [f"{told['poll']:.0f}", f"{told['publish']:.0f}", f"{idle_gap:.0f}"]
    return [name, *gaps, together // mb, largest // mb, f"{told['seconds']:.1f}", told["outcome"][:70]]


def _started(what: str, argument: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks.lag", f"--{what}", argument]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _peaks(process: "subprocess.Popen[bytes]") -> tuple[int, int]:
    """Return the most bytes that a process and its children had together, and the most that one of them had."""
    together = largest = 0
    while process.poll() is None:
        resident = [_resident(pid) for pid in (process.pid, *_children(process.pid))]
        together, largest = max(together, sum(resident)), max(largest, *resident)
        time.sleep(LOOK)
    return together, largest


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except (OSError, IndexError):
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lag", description=__doc__.split("\n")[0])
    parser.add_argument("words", nargs="*", help="only documents whose names hold one of these")
    for what in ("serve", "poll", "control"):
        parser.add_argument(f"--{what}", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(options.serve)
    elif options.control is not None:
        asyncio.run(control())
    elif options.poll is not None:
        print(json.dumps(asyncio.run(poll(Path(options.poll)))))
    else:
        _all(options.words)


def _all(words: Sequence[str]) -> None:
    stamp()
    rows = []
    for name in DOCUMENTS:
        if not words or any(word in name for word in words):
            with tempfile.TemporaryDirectory() as folder:
                rows.append(measured(name, Path(folder)))
                print(*rows[-1], sep="; ", file=sys.stderr)
    head = ["document", "gap of poll, ms", "of publish", "of the machine", "MB together", "largest", "s", "outcome"]
    table("Heavy documents, polled once", head, rows)


if __name__ == "__main__":
    main()
