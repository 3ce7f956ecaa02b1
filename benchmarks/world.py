"""A world of generated feeds on this machine, in a process of its own, so that its work is not counted as ours.

Every feed has 25 entries and some 85 kB; half are Atom, the others RSS, a third speak Chinese. They answer over HTTP on
many 127.x.y.z addresses, packed where the client reads gzip, with an ETag, and with 304 to whom knows it already.
Everything follows from the seed: the same number of feeds is the same world.
"""

import argparse
import asyncio
import gzip
import json
import random
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from types import TracebackType
from typing import Any, Self, cast
from xml.sax.saxutils import escape

SEED = 7
ENTRIES = 25
MOST_HOSTS = 1000
BIRTH = datetime(2024, 1, 1, tzinfo=UTC)

_SYLLABLES = ("ba", "ce", "dor", "el", "fin", "gar", "hu", "in", "jo", "kar", "lem", "mon", "ner", "or", "pel", "ra")
_CHARACTERS = (
    "中国经济市场发展企业投资消息报告今年增长政策改革项目合作银行科技公司数据显示城市地方建设研究新能源部门服务"
)


class World:
    """The client's end of a world: ``with World(1000) as world`` starts its process, and ends it at the end.

    feeds: how many. hosts: on how many addresses they live. validators: whether answers bear an ETag.
    """

    def __init__(self, feeds: int, *, hosts: int | None = None, validators: bool = True, seed: int = SEED) -> None:
        self.feeds = feeds
        self.hosts = addresses(min(hosts or feeds, MOST_HOSTS, feeds))
        self._options = [str(feeds), "--hosts", str(len(self.hosts)), "--seed", str(seed)]
        self._options += [] if validators else ["--no-validators"]
        self.port = 0

    def __enter__(self) -> Self:
        raise_open_files()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.world", *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._read()["port"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)

    def url(self, feed: int) -> str:
        return f"http://{self.hosts[feed % len(self.hosts)]}:{self.port}/{feed}.xml"

    def change(self, share: float) -> int:
        """Let so large a share of the feeds have a new entry, and lose its oldest; return how many have."""
        return int(self._ask({"change": share})["changed"])

    def set_validators(self, validators: bool) -> None:
        """Let the server send an ETag and heed it, or do neither."""
        self._ask({"validators": validators})

    def answers(self) -> dict[int, int]:
        """Return status -> how many answers since the last time it was asked."""
        return {int(status): int(count) for status, count in self._ask({"answers": True})["answers"].items()}

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        return cast(dict[str, Any], json.loads(self._process.stdout.readline()))


def addresses(count: int) -> list[str]:
    """Return loopback addresses, 127.1.0.1 and on."""
    return [f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}" for number in range(count)]


def raise_open_files() -> None:
    """Let this process hold a connection to every host."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


# --- what the feeds say --------------------------------------------------------------------------


def feed_body(feed: int, *, version: int = 0, base: str = "http://127.1.0.1/", seed: int = SEED) -> bytes:
    """Return the document of a feed. version: how many new entries it has had since its birth."""
    numbers = range(version + ENTRIES - 1, version - 1, -1)
    return (_atom if feed % 2 else _rss)(feed, numbers, base, seed).encode()


def text_of(feed: int, number: int, seed: int = SEED) -> tuple[str, str]:
    """Return title and HTML of an entry. A third of the feeds speak Chinese."""
    chance = random.Random(f"{seed}:{feed}:{number}")
    titles, paragraphs = _phrases(feed % 3 == 0, seed)
    title = f"{chance.choice(titles)} {number}"
    parts = [f'<p><img src="/pictures/{feed}/{number}.jpg" alt="{number}"> {chance.choice(titles)}</p>']
    for at in range(5):
        link = f'<a href="{"" if at % 2 else "/"}stories/{feed}/{number}/{at}.html">{chance.choice(titles)}</a>'
        parts.append(f"<p>{chance.choice(paragraphs)} {link}</p>")
    return title, "".join(parts)


@cache
def _phrases(is_chinese: bool, seed: int) -> tuple[list[str], list[str]]:
    chance = random.Random(f"{seed}:{is_chinese}")

    def words(count: int) -> str:
        if is_chinese:
            return "".join(chance.choices(_CHARACTERS, k=count * 2))
        return " ".join("".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(count))

    titles = [words(chance.randint(4, 9)) for _ in range(500)]
    paragraphs = [
        f"{words(30)}, <em>{words(4)}</em> &amp; {words(22)}<br/>{words(6)}." + (words(14) if is_chinese else "")
        for _ in range(500)
    ]
    return titles, paragraphs


def _rss(feed: int, numbers: Sequence[int], base: str, seed: int) -> str:
    items = []
    for number in numbers:
        title, html = text_of(feed, number, seed)
        url = f"{base}stories/{feed}/{number}.html"
        items.append(
            f"<item><title>{escape(title)}</title><link>{url}</link><guid>{url}</guid>"
            f"<pubDate>{format_datetime(_published(feed, number))}</pubDate><dc:creator>Author {feed % 50}</dc:creator>"
            f"<category>tag {number % 7}</category><description><![CDATA[{html}]]></description></item>\n"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Feed {feed}</title><link>{base}</link><description>Made up</description>"
        f"<language>{'zh-CN' if feed % 3 == 0 else 'en'}</language>\n{''.join(items)}</channel></rss>\n"
    )


def _atom(feed: int, numbers: Sequence[int], base: str, seed: int) -> str:
    entries = []
    for number in numbers:
        title, html = text_of(feed, number, seed)
        when = _published(feed, number).isoformat()
        url = f"{base}stories/{feed}/{number}.html"
        entries.append(
            f'<entry><id>{url}</id><title>{escape(title)}</title><link rel="alternate" href="{url}"/>'
            f"<published>{when}</published><updated>{when}</updated><author><name>Author {feed % 50}</name></author>"
            f'<category term="tag {number % 7}"/><content type="html">{escape(html)}</content></entry>\n'
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="{"zh-CN" if feed % 3 == 0 else "en"}"><id>{base}{feed}</id><title>Feed {feed}</title>'
        f'<link href="{base}"/><updated>{_published(feed, numbers[0]).isoformat()}</updated>\n'
        f"{''.join(entries)}</feed>\n"
    )


def _published(feed: int, number: int) -> datetime:
    return BIRTH + timedelta(hours=number, seconds=feed % 3600)


# --- the server ----------------------------------------------------------------------------------


class _Served:
    """What the server knows: how many entries each feed has had, and what it answered."""

    def __init__(self, feeds: int, hosts: Sequence[str], *, validators: bool, seed: int) -> None:
        self.versions = [0] * feeds
        self.hosts = hosts
        self.has_validators = validators
        self.seed = seed
        self.port = 0
        self.answers: dict[int, int] = {}
        self._chance = random.Random(seed)

    def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        if "change" in order:
            chosen = self._chance.sample(range(len(self.versions)), max(1, round(len(self.versions) * order["change"])))
            for feed in chosen:
                self.versions[feed] += 1
            return {"changed": len(chosen)}
        if "validators" in order:
            self.has_validators = order["validators"]
            return {}
        answers, self.answers = self.answers, {}
        return {"answers": answers}

    def answer(self, path: str, headers: dict[str, str]) -> bytes:
        feed = int(path.strip("/").removesuffix(".xml") or 0)
        version = self.versions[feed]
        etag = f'"{feed}-{version}"'
        if self.has_validators and headers.get("if-none-match") == etag:
            return self._head(304, f"ETag: {etag}\r\n")
        base = f"http://{self.hosts[feed % len(self.hosts)]}:{self.port}/"
        body = feed_body(feed, version=version, base=base, seed=self.seed)
        lines = f"Content-Type: application/xml\r\n{f'ETag: {etag}' if self.has_validators else 'X-Plain: 1'}\r\n"
        if "gzip" in headers.get("accept-encoding", ""):
            body = gzip.compress(body, 1, mtime=0)
            lines += "Content-Encoding: gzip\r\n"
        return self._head(200, f"{lines}Content-Length: {len(body)}\r\n") + body

    def _head(self, status: int, lines: str) -> bytes:
        self.answers[status] = self.answers.get(status, 0) + 1
        return f"HTTP/1.1 {status} {'OK' if status == 200 else 'Not Modified'}\r\n{lines}\r\n".encode()


class _Connection(asyncio.Protocol):
    def __init__(self, served: _Served) -> None:
        self.served = served
        self.pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while b"\r\n\r\n" in self.pending:
            head, _, self.pending = self.pending.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            self.transport.write(self.served.answer(first.split(" ")[1], headers))


async def _serve(served: _Served) -> None:
    loop = asyncio.get_running_loop()
    first, *others = served.hosts
    server = await loop.create_server(lambda: _Connection(served), first, 0, backlog=1024)
    served.port = server.sockets[0].getsockname()[1]
    if others:  # all on one port, the server keeps them
        await loop.create_server(lambda: _Connection(served), others, served.port, backlog=1024)
    _say({"port": served.port})
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        _say(served.obey(json.loads(line)))


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.world", description=__doc__)
    parser.add_argument("feeds", type=int)
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--no-validators", action="store_true")
    options = parser.parse_args()
    raise_open_files()
    hosts = addresses(options.hosts)
    asyncio.run(_serve(_Served(options.feeds, hosts, validators=not options.no_validators, seed=options.seed)))


if __name__ == "__main__":
    main()
