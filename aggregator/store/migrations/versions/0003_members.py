"""The feeds that lists of feeds name."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("list_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("folders", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("came_at", NUMBER, nullable=False),
        sa.Column("is_missing", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("left_at", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["sources.id"]),
        sa.PrimaryKeyConstraint("list_id", "name"),
    )


def downgrade() -> None:
    op.drop_table("members")
