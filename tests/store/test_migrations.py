"""The migrations lead to the tables that the code works on."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from aggregator.store import REVISION, Store
from aggregator.store.schema import metadata
from tests.fakes import NOW, World, item, rss
from tests.store.worlds import DATABASES, storage

OLDEST = "0001"  # the shape that the first release had


def test_a_new_store_has_the_tables_that_the_code_works_on(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    Store(str(path), now=NOW).close()

    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        differences = compare_metadata(context, metadata)
        revision = context.get_current_revision()
    engine.dispose()

    assert differences == []
    assert revision == REVISION


@pytest.mark.parametrize("database", DATABASES)
def test_a_store_of_the_first_shape_is_brought_up_and_keeps_what_it_has(tmp_path: Path, database: str) -> None:
    text = "sources: [https://news.example/feed, {name: blogs, url: 'https://news.example/list', kind: opml}]"
    with storage(database, tmp_path) as address, World(tmp_path, text, storage=address) as world:
        world.site.put("https://news.example/feed", rss(item("One", "https://news.example/1")))
        world.site.put("https://news.example/list", '<opml><body><outline text="A" xmlUrl="/a"/></body></opml>')
        world.site.put("https://news.example/a", rss(item("Two", "https://news.example/2")))
        world.refresh()
        before = [entry.id for entry in world.entries]
        engine = create_engine(
            address.replace("postgresql:", "postgresql+psycopg:") if "://" in address else f"sqlite:///{address}"
        )
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", "aggregator.store:migrations")
            config.attributes["connection"] = connection
            command.downgrade(config, OLDEST)
        engine.dispose()

        world.restart()

        assert [entry.id for entry in world.entries] == before
        assert world.refresh().count("failed") == 0
        assert len(world.entries) == 2
