"""Looking for documents that trip a reader up, and making them small."""

import time
from collections.abc import Callable, Iterator
from random import Random

from tests.bounded import MOST_MEMORY, MOST_SECONDS, Outcome, attempt
from tests.fuzzing.mutation import mutated
from tests.fuzzing.seeds import SEEDS

Target = Callable[[bytes], int]

MOST_SHRINKS = 400  # attempts; a small case is a kindness, not a proof
LONGEST_SHRINKING = 60  # seconds


def document(name: str, seed: int, number: int) -> bytes:
    """Return the changed document with this number; the same three give the same bytes."""
    random = Random(f"{name}:{seed}:{number}")
    return mutated(random.choice(SEEDS[name]), random)


def problem(act: Target, body: bytes, name: str) -> str | None:
    """Return what is wrong with how the target takes the document, or None where it reads or refuses it in bounds."""
    return _problem(attempt(lambda: act(body), name=name))


def search(act: Target, name: str, *, seed: int, seconds: float = 0, count: int = 0) -> Iterator[tuple[bytes, str]]:
    """Yield each document that trips the target up, with the problem: so long, or among so many."""
    ends = time.monotonic() + seconds
    number = 0
    while number < count or time.monotonic() < ends:
        body = document(name, seed, number)
        if found := problem(act, body, name):
            yield body, found
        number += 1


def shrunk(act: Target, body: bytes, name: str) -> bytes:
    """Return a smaller document with a problem of the same sort."""
    found = problem(act, body, name)
    sort = _sort(found)
    attempts, ends = 0, time.monotonic() + LONGEST_SHRINKING
    size = len(body) // 2
    while size and attempts < MOST_SHRINKS and time.monotonic() < ends:
        at = 0
        while at < len(body) and attempts < MOST_SHRINKS and time.monotonic() < ends:
            candidate = body[:at] + body[at + size :]
            attempts += 1
            if _sort(problem(act, candidate, name)) == sort:
                body = candidate
            else:
                at += size
        size //= 2
    return body


def _sort(found: str | None) -> str | None:
    return found.partition(":")[0] if found else None


def _problem(outcome: Outcome) -> str | None:
    if outcome.fault:
        return outcome.fault
    if outcome.seconds > MOST_SECONDS:
        return f"slow: {outcome.seconds:.1f} s of processor time"
    if outcome.peak > MOST_MEMORY:
        return f"large: {outcome.peak >> 20} MiB"
    return None
