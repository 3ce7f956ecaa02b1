"""The command: see the package."""

import argparse
import sys
from hashlib import blake2b
from pathlib import Path

from tests.fuzzing.search import search, shrunk
from tests.fuzzing.seeds import SEEDS
from tests.fuzzing.targets import targets

CASES = Path(__file__).with_name("cases")


def main() -> int:
    """Return 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description="Look for what trips a reader up.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(sorted(targets())))
    parser.add_argument("--seconds", type=float, default=60, help="for each target (60)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--coverage", action="store_true", help="guided by coverage: needs atheris, one target")
    asked = parser.parse_args()
    if unknown := set(asked.targets) - set(targets()):
        parser.error(f"no target {', '.join(sorted(unknown))}")
    if asked.coverage:
        return _guided(asked.targets, asked.seconds)
    total = 0
    for name in asked.targets or sorted(targets()):
        act = targets()[name]
        sorts: set[str] = set()
        for body, problem in search(act, name, seed=asked.seed, seconds=asked.seconds):
            sort = problem[:60]
            if sort in sorts:
                continue
            sorts.add(sort)
            small = shrunk(act, body, name)
            file = CASES / f"{name}-{blake2b(small, digest_size=4).hexdigest()}.bin"
            file.write_bytes(small)
            print(f"{name}: {problem[:200]}\n  {file.name}: {small[:200]!r}", flush=True)
        print(f"{name}: {len(sorts)} kinds of problem in {asked.seconds:.0f} s", flush=True)
        total += len(sorts)
    return 1 if total else 0


def _guided(names: list[str], seconds: float) -> int:
    import atheris  # type: ignore[import-not-found]

    (name,) = names
    act = targets()[name]
    from aggregator.errors import SourceError

    def one(body: bytes) -> None:
        try:
            act(body)
        except SourceError:
            return

    folder = Path("/tmp") / f"fuzzing-{name}"  # the engine's own collection, not ours to keep
    folder.mkdir(exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (folder / f"seed-{number}").write_bytes(seed)
    atheris.instrument_all()
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={int(seconds)}", "-timeout=5", "-rss_limit_mb=1024", str(folder)], one
    )
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
