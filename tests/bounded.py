"""One document read in a process of its own, within bounds of processor time and memory.

Processor time, not the clock: a busy machine must not make a test fail.
"""

import resource
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

from aggregator import sources
from aggregator.errors import SourceError
from aggregator.model import Document, Source, SourceInfo
from aggregator.normalize import normalize

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MOST_SECONDS = 2.0
MOST_MEMORY = 512 << 20  # bytes, resident
EVERY_TENTH = tuple(range(10, 0, -1))  # the whole, then nine, eight … tenths of it

_SITE = "https://corpus.example/"
_TYPES = {".html": "text/html", ".htm": "text/html", ".json": "application/json", ".gz": "application/gzip"}


class OutOfTimeError(BaseException):
    """The time is up; no ``except Exception`` of what runs may hold that back."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of reading: entries found, or the sentence it was refused with.

    peak: bytes that became resident, beyond the most that ever were before; what others took is not counted.
    """

    name: str
    tenths: int
    entries: int = 0
    refusal: str | None = None
    fault: str | None = None
    seconds: float = 0.0
    peak: int = 0


def outcomes(paths: Sequence[Path], tenths: tuple[int, ...] = EVERY_TENTH) -> Iterator[Outcome]:
    """Read every file, whole and cut off, and yield what came of it; a process that dies is an exception."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_bounded) as process:
        for found in process.map(_outcomes, paths, [tenths] * len(paths), chunksize=8):
            yield from found


def faults(found: Iterable[Outcome]) -> list[Outcome]:
    """Return those that tripped over something unexpected, or took more than they may."""
    return [one for one in found if one.fault or one.seconds > MOST_SECONDS or one.peak > MOST_MEMORY]


def read_whole(body: bytes, name: str) -> int:
    """Return how many entries an answer gives, read as a source of which feeds.yaml says only the address.

    Raises SourceError where it is refused.
    """
    source = Source(name="corpus", url=_SITE + name)
    media_type = _TYPES.get(Path(name).suffix.lower(), "application/xml")
    document = Document(
        url=_SITE + name,
        requested_url=_SITE + name,
        body=body,
        headers={"content-type": media_type},
        fetched_at=NOW,
    )
    reading = sources.kind(sources.kind_of(source, document)).read(document, source, now=NOW)
    for entry in reading.entries:
        normalize(entry, source, reading.info or SourceInfo(), url=document.url, now=NOW)
    return len(reading.entries) + len(reading.feeds or ()) + len(reading.parts)


def attempt(act: Callable[[], int], *, name: str, tenths: int = 10) -> Outcome:
    """Return what came of the act, stopped when it has had its time."""
    signal.signal(signal.SIGPROF, _too_long)
    before, most_before = _processor_seconds(), _most_resident()
    entries, refusal, fault = 0, None, None
    try:
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS * 2)
        entries = act()
    except SourceError as error:
        refusal = str(error)
    except (Exception, OutOfTimeError) as error:
        fault = f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Outcome(
        name=name,
        tenths=tenths,
        entries=entries,
        refusal=refusal,
        fault=fault,
        seconds=_processor_seconds() - before,
        peak=_most_resident() - most_before,
    )


def _outcomes(path: Path, tenths: tuple[int, ...]) -> list[Outcome]:
    body = path.read_bytes()
    return [
        attempt(lambda part=part: read_whole(body[: len(body) * part // 10], path.name), name=str(path), tenths=part)
        for part in tenths
    ]


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))  # what runs away is stopped before the machine is
    read_whole(b"<rss version='2.0'><channel><item><title>warm</title><pubDate>x</pubDate></item></channel></rss>", "a")


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _most_resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _too_long(_: int, __: FrameType | None) -> None:
    raise OutOfTimeError(f"more than {MOST_SECONDS * 2} s of processor time")
