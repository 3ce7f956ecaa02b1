"""What is remembered of hosts: silence they asked for, failures without any answer, robots.txt; failing sources."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hosts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("silent_until", NUMBER, nullable=True),
        sa.Column("silent_status", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", NUMBER, nullable=True),
        sa.Column("open_until", NUMBER, nullable=True),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=True),
        sa.Column("answered_url", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("fetched_at", NUMBER, nullable=True),
        sa.Column("good_until", NUMBER, nullable=False),
        sa.Column("unreachable_since", NUMBER, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("origin"),
    )
    op.add_column("sources", sa.Column("failing_since", NUMBER, nullable=True))


def downgrade() -> None:
    op.drop_column("sources", "failing_since")
    op.drop_table("robots")
    op.drop_table("hosts")
