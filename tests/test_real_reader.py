"""Two hundred polls of a feed whose server cannot leave anything as it is, followed by a subscriber's own reader.

The reader is none of ours: whatever is at hand of sfeed, newsboat and the package ``reader``. After each publish it
must know every article that the server ever wrote, each once.
"""

import importlib.util
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.fakes import NOW, World, item, rss

POLLS = 200
SHOWN = 25  # entries in the server's feed
SEED = 7
YAML = """
site: {title: The site, url: 'https://out.example/'}
output: {formats: [atom]}
sources:
  - {name: restless, url: 'https://restless.example/feed', category: News}
"""


@dataclass
class Restless:
    """A server that changes at each poll what should stay. written: how many articles it has written so far."""

    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    written: int = SHOWN
    guids: str = "https://restless.example/?p={}"
    scheme: str = "http"
    host: str = "restless.example"
    tracking: bool = False
    shift: timedelta = timedelta(0)
    are_shuffled: bool = False
    back: int = 0

    def poll(self, number: int) -> str:
        """Return the feed as it stands at this poll: other than at the last, and sometimes longer."""
        if self.chance.random() < 0.3:
            self.written += self.chance.choice((1, 1, 1, 2, 5))
        whim = self.chance.choice(WHIMS)
        whim(self, number)
        return self.feed()

    def feed(self) -> str:
        last = self.written - self.back
        numbers = list(range(last, max(last - SHOWN, 0), -1))
        if self.back:
            numbers = [*range(self.written, last, -1), *numbers]
        if self.are_shuffled:
            self.chance.shuffle(numbers)
        return rss(*map(self.item, numbers), title="Restless")

    def item(self, number: int) -> str:
        address = f"{self.scheme}://{self.host}/stories/{number}.html"
        if self.tracking:
            address += f"?utm_source=feed&utm_campaign={self.chance.randrange(10**6)}&fbclid={self.chance.random()}"
        written = NOW - timedelta(days=9) + timedelta(minutes=40) * number + self.shift
        words = " ".join(f"{word}{number}" for word in ("harbour", "council", "vote", "bridge", "repair", "cost"))
        return item(
            title(number),
            address,
            guid=self.guids.format(number),
            pubDate=format_datetime(written),
            text=f"<p>What happened: {words}, and {number * 7919} more things that were said in the council.</p>",
        )


def reorder(server: Restless, _: int) -> None:
    server.are_shuffled = not server.are_shuffled


def redate(server: Restless, _: int) -> None:
    server.shift = timedelta(hours=server.chance.randrange(-30, 1))


def reguid(server: Restless, number: int) -> None:
    server.guids = server.chance.choice((f"v{number}-{{}}", f"tag:restless.example,2026:{number}/{{}}", "{}"))


def switch_scheme(server: Restless, _: int) -> None:
    server.scheme = "https" if server.scheme == "http" else "http"


def switch_host(server: Restless, _: int) -> None:
    server.host = "www.restless.example" if server.host == "restless.example" else "restless.example"


def track(server: Restless, _: int) -> None:
    server.tracking = not server.tracking


def look_back(server: Restless, _: int) -> None:
    """Show more, so that what had rolled off is there again."""
    server.back = 0 if server.back else min(15, server.written - SHOWN)


def rest(_: Restless, __: int) -> None:
    """For once, nothing."""


def everything(server: Restless, number: int) -> None:
    for whim in (reorder, redate, switch_scheme, track, reguid):
        whim(server, number)


WHIMS: tuple[Callable[[Restless, int], None], ...] = (
    *(reorder, redate, reguid, switch_scheme, switch_host, track, look_back, rest),
    everything,
)


def title(number: int) -> str:
    return f"Story number {number} of the harbour town"


# --- readers -------------------------------------------------------------------------------------


class Sfeed:
    """Knows an entry by its id, title and address together: the strictest."""

    def __init__(self, folder: Path, feed: Path) -> None:
        self.known, self.settings = folder / "feeds", folder / "sfeedrc"
        self.settings.write_text(
            f"sfeedpath='{self.known}'\nmaxjobs=1\nfetch() {{ cat '{feed}'; }}\nfeeds() {{ feed ours 'https://x/'; }}\n"
        )

    def read(self) -> list[str]:
        subprocess.run(["sfeed_update", self.settings], check=True, capture_output=True, timeout=20)
        return [line.split("\t")[1] for line in (self.known / "ours").read_text().splitlines()]

    def close(self) -> None:
        """It leaves nothing open."""


class Newsboat:
    def __init__(self, folder: Path, feed: Path) -> None:
        self.cache = folder / "cache.db"
        urls, settings = folder / "urls", folder / "config"
        urls.write_text(f"file://{feed}\n")
        settings.write_text("max-items 0\ncleanup-on-quit no\n")
        self.command = ["newsboat", "-q", "-u", urls, "-C", settings, "-c", self.cache, "-x", "reload"]

    def read(self) -> list[str]:
        subprocess.run(self.command, check=True, capture_output=True, timeout=20)
        with closing(sqlite3.connect(self.cache)) as connection:
            return [title for (title,) in connection.execute("SELECT title FROM rss_item")]

    def close(self) -> None:
        """It leaves nothing open."""


class ReaderPackage:
    """In a process of its own, so that its libraries warn and trace without us."""

    SCRIPT = """
import sys
from reader import make_reader
with make_reader(sys.argv[1], feed_root="") as reader:
    for line in sys.stdin:
        reader.add_feed(sys.argv[2], exist_ok=True)
        reader.update_feed(sys.argv[2])
        print(*(entry.title for entry in reader.get_entries()), sep="\\t", flush=True)
"""

    def __init__(self, folder: Path, feed: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.SCRIPT, str(folder / "reader.db"), str(feed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self) -> list[str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n").split("\t")

    def close(self) -> None:
        self.process.communicate(timeout=20)


READERS = {
    "sfeed": (Sfeed, shutil.which("sfeed_update")),
    "newsboat": (Newsboat, shutil.which("newsboat")),
    "reader": (ReaderPackage, importlib.util.find_spec("reader")),
}


@contextmanager
def readers(folder: Path, feed: Path) -> Iterator[dict[str, Sfeed | Newsboat | ReaderPackage]]:
    """Give the readers at hand, each subscribed to the feed; skips the test where there is none."""
    at_hand = {name: kind for name, (kind, is_there) in READERS.items() if is_there}
    if not at_hand:
        pytest.skip("neither sfeed nor newsboat nor the package reader is installed")
    with ExitStack() as stack:
        subscribed = {}
        for name, kind in at_hand.items():
            (folder / name).mkdir()
            subscribed[name] = kind(folder / name, feed)
            stack.callback(subscribed[name].close)
        yield subscribed


def test_a_restless_server_announces_nothing_again_to_a_real_reader(tmp_path: Path) -> None:
    server = Restless()
    with World(tmp_path / "world", YAML) as world, readers(tmp_path, world.output.directory / "all.atom") as at_hand:
        for number in range(POLLS):
            written_before = server.written
            world.site.put("https://restless.example/feed", server.poll(number))
            round_ = world.refresh()
            world.publish()

            assert number == 0 or len(round_.new_ids) == server.written - written_before
            expected = Counter(map(title, range(1, server.written + 1)))
            for name, reader in at_hand.items():
                known = Counter(reader.read())
                assert (number, name, known - expected, expected - known) == (number, name, Counter(), Counter())
            world.clock.turn(minutes=30)

    assert server.written > SHOWN + POLLS // 4


def test_the_server_is_as_restless_as_it_is_said_to_be() -> None:
    """Every whim changes what it should, or nothing would be shown above."""
    for whim in WHIMS:
        server = Restless(written=3 * SHOWN)
        before = server.feed()
        whim(server, 1)
        assert (server.feed() == before) == (whim is rest), whim.__name__
