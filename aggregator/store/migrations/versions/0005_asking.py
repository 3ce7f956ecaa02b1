"""When the latest poll of a source began, and whether its answers can be asked for conditionally."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sources", sa.Column("asked_at", NUMBER, nullable=True))
    op.add_column("sources", sa.Column("has_validators", sa.SmallInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("sources", "has_validators")
    op.drop_column("sources", "asked_at")
