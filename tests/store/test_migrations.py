"""The migrations lead to the tables that the code works on."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from aggregator.store import REVISION, Store
from aggregator.store.schema import metadata
from tests.fakes import NOW


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
