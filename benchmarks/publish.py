"""Publishing alone: N categories, all of them; all again; after 1 % changed; with nothing to do.

    python -m benchmarks.publish --categories 20,100,400

Every category has one source with 50 entries of some 3.3 kB. *First*: nothing is rendered yet. *All again*: every
category is joined from what is rendered. *1 % changed*: a new entry in one category of a hundred. *Nothing*: no change.
"""

import argparse
import tempfile
from datetime import timedelta
from pathlib import Path

from aggregator import outputs, sources
from aggregator.config import load
from aggregator.folder import Folder
from aggregator.publish import Published, publish
from aggregator.store import Store
from benchmarks.measure import Cost, count_statements, growth, measured, megabytes, middle, stamp, table
from benchmarks.store import NOW, copy_of, poll_of, source_of

ENTRIES = 50
SHARE = 0.01


def _one_size(categories: int, rounds: int, formats: str) -> dict[str, list[tuple[Cost, Published]]]:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "feeds.yaml")
        path.write_text(
            f"site: {{url: 'https://feeds.example.org/'}}\noutput: {{formats: [{formats}]}}\n"
            "sources: ['http://127.1.0.1/']\n"
        )
        config = load(path, kinds=sources.names(), formats=outputs.names(), environ={})
        folder = Folder(config.output.directory)
        with Store(config.storage, now=NOW) as store:
            shelves = [source_of(number) for number in range(categories)]
            store.sync(shelves, (), at=NOW)
            for number, source in enumerate(shelves):
                copies = [copy_of(source, number, entry) for entry in range(ENTRIES)]
                store.save(poll_of(source, copies, seen=(), at=NOW))

            def measure(everything: bool, step: int) -> tuple[Cost, Published]:
                with measured() as cost:
                    done = publish(
                        config,
                        store=store,
                        folder=folder,
                        now=NOW + timedelta(hours=step),
                        everything=everything,
                    )
                return cost, done

            found = {"first": [measure(False, 1)], "all again": [], "1 % changed": [], "nothing": []}
            for round_ in range(rounds):
                found["all again"].append(measure(True, 2 + round_))
                at = NOW + timedelta(hours=2 + round_)
                for number in range(max(1, round(categories * SHARE))):
                    copy = copy_of(shelves[number], number, ENTRIES + round_)
                    store.save(poll_of(shelves[number], [copy], seen=(), at=at))
                found["1 % changed"].append(measure(False, 2 + round_))
                found["nothing"].append(measure(False, 2 + round_))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publish", description=__doc__.split("\n")[0])
    parser.add_argument("--categories", default="20,100,400", help="the sizes, separated by commas")
    parser.add_argument("--formats", default="atom, rss, json_feed, html, opml")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    stamp()
    count_statements()
    rows: list[list[object]] = []
    grown: dict[str, list[float]] = {}
    for categories in (int(size) for size in options.categories.split(",")):
        for what, runs in _one_size(categories, options.rounds, options.formats).items():
            costs = [cost.cpu for cost, _ in runs]
            changed = max(1, round(categories * SHARE)) if what == "1 % changed" else categories
            per_one = sorted(costs)[len(costs) // 2] / changed
            cost, published = runs[-1]
            rows.append(
                [
                    categories,
                    what,
                    middle([1000 * seconds for seconds in costs], 1),
                    f"{1000 * per_one:.2f}",
                    middle([1000 * cost.wall for cost, _ in runs], 1),
                    len(published.written),
                    cost.statements,
                    megabytes(max(cost.peak for cost, _ in runs)),
                ]
            )
            grown.setdefault(what, []).append(per_one)
    head = ["categories", "what", "CPU ms", "CPU ms per category concerned", "wall ms", "files written", "statements"]
    table(f"Publishing; {ENTRIES} entries to a category, formats {options.formats}", [*head, "peak MB"], rows)
    table(
        "Growth per category concerned from the smallest size to the largest; 1 is what it should be",
        ["what", "growth"],
        [[what, growth(costs)] for what, costs in grown.items()],
    )


if __name__ == "__main__":
    main()
