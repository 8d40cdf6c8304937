"""The table of what may be done so often in a while."""

import sqlalchemy as sa
from alembic import op

revision = "0002_allowances"
down_revision = "0001_first_release"


def upgrade() -> None:
    op.create_table(
        "allowance",
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "subject", "item", name="pk_allowance"),
    )
    op.create_index("ix_allowance_at", "allowance", ["at"])


def downgrade() -> None:
    op.drop_table("allowance")
