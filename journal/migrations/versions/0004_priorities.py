"""Priorities of conversations."""

import sqlalchemy as sa
from alembic import op

revision = "0004_priorities"
down_revision = "0003_tags_and_scores"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("priority", sa.String(), nullable=False, server_default="normal"))


def downgrade() -> None:
    op.drop_column("conversation", "priority")
