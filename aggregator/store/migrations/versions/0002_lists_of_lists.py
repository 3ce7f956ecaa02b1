"""Indexes of sitemaps: the documents that they name, and what they say of each one's last change."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("fetches", sa.Column("changed", sa.Text(), nullable=True))
    op.add_column("fetches", sa.Column("parts", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("stands", NUMBER, nullable=True))


def downgrade() -> None:
    op.drop_column("articles", "stands")
    op.drop_column("fetches", "parts")
    op.drop_column("fetches", "changed")
