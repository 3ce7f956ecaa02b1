"""Writes how well near-duplicates are known, by how far two fingerprints may differ, and what it costs.

    python benchmarks/likeness.py

The pairs are those of tests/data/pairs. A pair counts as found when it shares a band, differs in so many bits or
fewer, and the second look takes the two for one.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from aggregator.model import Content
from aggregator.text.likeness import FURTHEST, are_alike, bands, distance, fingerprint

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "data" / "pairs" / "pairs.jsonl"
LIMITS = (0, 3, 5, 7, 9, 11, 13, 16, 20, 24, 64)


def main() -> None:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    judged = [(row["label"], row["kind"], *_looks(*(_content(row[side]) for side in "ab"))) for row in rows]
    _curve([(label, bits, is_alike) for label, _, bits, is_alike in judged])
    _kinds([(kind, bits <= FURTHEST and is_alike) for label, kind, bits, is_alike in judged if label == "near"])
    _cost([_content(row["a"]) for row in rows], [(_content(row["a"]), _content(row["b"])) for row in rows])


def _content(side: dict[str, str]) -> Content:
    return Content(title=side["title"], summary=side["text"])


def _looks(one: Content, other: Content) -> tuple[int, bool]:
    """Return in how many bits they differ, 65 where no band brings them together, and what the second look says."""
    mine, theirs = fingerprint(one), fingerprint(other)
    if mine is None or theirs is None or not set(bands(mine)) & set(bands(theirs)):
        return 65, are_alike(one, other)
    return distance(mine.bits, theirs.bits), are_alike(one, other)


def _curve(judged: list[tuple[str, int, bool]]) -> None:
    counts = Counter(label for label, _, _ in judged)
    print(f"{len(judged)} pairs: " + ", ".join(f"{count} {label}" for label, count in counts.items()) + "\n")
    print(
        "| bits at most | first look: precision | recall, near | both looks: precision | recall, near | recall, same |"
    )
    print("|---:|---:|---:|---:|---:|---:|")
    for limit in LIMITS:
        first = Counter(label for label, bits, _ in judged if bits <= limit)
        both = Counter(label for label, bits, is_alike in judged if bits <= limit and is_alike)
        shares = (
            _precision(first),
            first["near"] / counts["near"],
            _precision(both),
            both["near"] / counts["near"],
            both["same"] / counts["same"],
        )
        print(f"| {limit} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    alone = Counter(label for label, _, is_alike in judged if is_alike)
    print(f"| no first look | | | {_precision(alone):.3f} | {alone['near'] / counts['near']:.3f} | ", end="")
    print(f"{alone['same'] / counts['same']:.3f} |\n")


def _precision(found: Counter[str]) -> float:
    return 1 - found["different"] / max(found.total(), 1)


def _kinds(near: list[tuple[str, bool]]) -> None:
    print("| near, by kind | pairs | found |\n|---|---:|---:|")
    there, found = Counter(kind for kind, _ in near), Counter(kind for kind, is_found in near if is_found)
    for kind, count in sorted(there.items()):
        print(f"| {kind} | {count} | {found[kind]} |")
    print()


def _cost(articles: list[Content], pairs: list[tuple[Content, Content]]) -> None:
    characters = sum(len(article.summary or "") for article in articles)
    first = _seconds(lambda: [fingerprint(article) for article in articles])
    second = _seconds(lambda: [are_alike(one, other) for one, other in pairs])
    print(f"first look: {first / len(articles) * 1000:.2f} ms an article of {characters // len(articles)} characters")
    print(f"second look: {second / len(pairs) * 1000:.2f} ms a pair")
    is_loaded = "opencc" in sys.modules
    print(f"converter of traditional characters: {'loaded' if is_loaded else 'not loaded'}")


def _seconds(act: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
