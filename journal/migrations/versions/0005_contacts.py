"""What is known of contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0005_contacts"
down_revision = "0004_priorities"


def upgrade() -> None:
    op.add_column("contact", sa.Column("known", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    op.drop_column("contact", "known")
