"""The small world of ``aggregator demo``: real documents over real HTTP, and no network needed."""

from aggregator.demo.world import EXPECTED, EXPECTED_AT_THE_END, World, feeds_yaml

__all__ = ["EXPECTED", "EXPECTED_AT_THE_END", "World", "feeds_yaml"]
