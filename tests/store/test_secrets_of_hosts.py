"""A host whose name holds a secret is remembered, and its name is not kept."""

import sqlite3
from pathlib import Path

from aggregator.model import HostState, RobotsState
from tests.fakes import NOW, World

TEXT = 'sources: [{name: a, url: "https://${HOST}.example/feed"}]'


def test_a_secret_in_the_name_of_a_host_is_kept_by_its_name(tmp_path: Path) -> None:
    with World(tmp_path, TEXT, environ={"HOST": "my5ecret"}) as world:
        host = HostState(name="my5ecret.example", silent_until=NOW)
        robots = RobotsState(origin="https://my5ecret.example", rules="Disallow: /my5ecret", good_until=NOW)
        world.store.save_host(host)
        world.store.save_robots(robots)

        assert world.store.hosts() == (host,)
        assert world.store.robots("https://my5ecret.example") == robots
        kept = sqlite3.connect(world.config.storage)
        told = [kept.execute(f"SELECT * FROM {name}").fetchall() for name in ("hosts", "robots", "sources")]
        kept.close()
    assert "my5ecret" not in repr(told)
