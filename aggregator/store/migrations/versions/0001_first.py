"""The first shape of the tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("touched", NUMBER, server_default="0", nullable=False),
        sa.Column("published", NUMBER, server_default="-1", nullable=False),
        sa.Column("settings", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "entry_categories",
        sa.Column("category_id", NUMBER, nullable=False),
        sa.Column("stands", NUMBER, nullable=False),
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("first_seen", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("category_id", "stands", "entry_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("entry_categories_by_arrival", "entry_categories", ["category_id", "first_seen"], unique=False)
    op.create_index("entry_categories_by_entry", "entry_categories", ["entry_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", NUMBER, nullable=True),
        sa.Column("entry_id", NUMBER, nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_events_entry_id", "events", ["entry_id"], unique=False)
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "files",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("category_id", NUMBER, nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("written_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("path"),
    )
    op.create_table(
        "fragments",
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "format"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "keys",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ledger_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("first_seen", NUMBER, nullable=False),
        sa.Column("published", NUMBER, nullable=True),
        sa.Column("successor", NUMBER, nullable=True),
        sa.Column("fate", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_table(
        "likenesses",
        sa.Column("band", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("bits", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("band", "at", "entry_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created", NUMBER, nullable=False),
        sa.Column("due", NUMBER, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outbox_due", "outbox", ["due"], unique=False)
    op.create_table(
        "relations",
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("other_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "other_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sources",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("found_url", sa.Text(), nullable=True),
        sa.Column("categories", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_private", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("due", NUMBER, nullable=True),
        sa.Column("last_poll", NUMBER, nullable=True),
        sa.Column("last_success", NUMBER, nullable=True),
        sa.Column("last_new", NUMBER, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("warnings", sa.Text(), nullable=True),
        sa.Column("interval", NUMBER, nullable=True),
        sa.Column("wait_until", NUMBER, nullable=True),
        sa.Column("wait_reason", sa.Text(), nullable=True),
        sa.Column("is_gone", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("moved_days", sa.Text(), nullable=True),
        sa.Column("hints", sa.Text(), nullable=True),
        sa.Column("info", sa.Text(), nullable=True),
        sa.Column("guids", sa.Text(), nullable=True),
        sa.Column("guid_doubts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("removed_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "articles",
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("local", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("fingerprint", NUMBER, nullable=False),
        sa.Column("wanted_at", NUMBER, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
        ),
        sa.PrimaryKeyConstraint("source_id", "local"),
    )
    op.create_index("articles_by_due", "articles", ["due"], unique=False)
    op.create_table(
        "category_names",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
        ),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "copies",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("local", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("own", sa.SmallInteger(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("fingerprint", NUMBER, nullable=False),
        sa.Column("has_page", sa.SmallInteger(), nullable=False),
        sa.Column("first_seen", NUMBER, nullable=False),
        sa.Column("left_at", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["ledger.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("copies_by_fingerprint", "copies", ["source_id", "fingerprint"], unique=False)
    op.create_index("copies_by_leaving", "copies", ["source_id", "left_at"], unique=False)
    op.create_index("copies_by_local", "copies", ["source_id", "local"], unique=True)
    op.create_index("ix_copies_entry_id", "copies", ["entry_id"], unique=False)
    op.create_table(
        "entries",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published", NUMBER, nullable=True),
        sa.Column("stands", NUMBER, nullable=False),
        sa.Column("first_seen", NUMBER, nullable=False),
        sa.Column("updated", NUMBER, nullable=False),
        sa.Column("changed", NUMBER, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"],
            ["ledger.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("entries_by_stand", "entries", ["stands"], unique=False)
    op.create_table(
        "fetches",
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("answered_url", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.Column("seen", sa.LargeBinary(), nullable=True),
        sa.Column("fetched_at", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
        ),
        sa.PrimaryKeyConstraint("source_id", "url"),
    )
    op.create_table(
        "held",
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("local", sa.Text(), nullable=False),
        sa.Column("fingerprint", NUMBER, nullable=False),
        sa.Column("copy", sa.Text(), nullable=False),
        sa.Column("held_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
        ),
        sa.PrimaryKeyConstraint("source_id", "local"),
    )
    op.create_table(
        "sections",
        sa.Column("category_id", NUMBER, nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
        ),
        sa.PrimaryKeyConstraint("category_id", "format"),
    )
