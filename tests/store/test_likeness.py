"""near_duplicates: merge, through the journeys."""

import json
from pathlib import Path

import pytest

from tests.fakes import World, item, rss

PAIRS = Path(__file__).parent.parent / "data" / "pairs"
NEAR = """
    identity: {near_duplicates: merge}
    sources:
      - {name: one, url: "https://one.example/feed"}
      - {name: other, url: "https://other.example/feed"}
"""


def pairs(label: str) -> list[dict[str, dict[str, str]]]:
    lines = [line for file in sorted(PAIRS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    found = [pair for pair in map(json.loads, lines) if pair["label"] == label and len(pair["a"]["text"]) > 300]
    return found[:: max(len(found) // 5, 1)]


def entries_of(world: World, pair: dict[str, dict[str, str]]) -> int:
    for name, side in (("one", "a"), ("other", "b")):
        told = item(pair[side]["title"], f"https://{name}.example/1", text=f"<p>{pair[side]['text']}</p>")
        world.site.put(f"https://{name}.example/feed", rss(told))
    world.refresh()
    return len(world.entries)


@pytest.mark.parametrize("number", range(5))
def test_the_same_text_under_other_ids_is_one_entry_where_feeds_yaml_says_so(tmp_path: Path, number: int) -> None:
    with World(tmp_path, NEAR) as world:
        assert entries_of(world, pairs("near")[number]) == 1


@pytest.mark.parametrize("number", range(5))
def test_like_texts_of_different_articles_stay_apart(tmp_path: Path, number: int) -> None:
    with World(tmp_path, NEAR) as world:
        assert entries_of(world, pairs("different")[number]) == 2


def test_without_the_switch_texts_join_nothing(tmp_path: Path) -> None:
    with World(tmp_path, NEAR.replace("merge", "off")) as world:
        assert entries_of(world, pairs("near")[0]) == 2


def test_like_texts_within_one_source_stay_apart(tmp_path: Path) -> None:
    pair = pairs("near")[0]
    with World(tmp_path, NEAR) as world:
        told = [
            item(pair[side]["title"], f"https://one.example/{side}", text=f"<p>{pair[side]['text']}</p>")
            for side in ("a", "b")
        ]
        world.site.put("https://one.example/feed", rss(*told))
        world.site.put("https://other.example/feed", rss())
        world.refresh()

        assert len(world.entries) == 2
