"""Where conversations wait for people, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0006_queues"
down_revision = "0005_contacts"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("queue", sa.String(), nullable=False, server_default=""))
    op.add_column("conversation", sa.Column("queued_at", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("conversation", "queued_at")
    op.drop_column("conversation", "queue")
