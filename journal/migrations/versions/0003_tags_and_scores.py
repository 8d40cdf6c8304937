"""Tags of conversations, and what they answered to a survey."""

import sqlalchemy as sa
from alembic import op

revision = "0003_tags_and_scores"
down_revision = "0002_audit"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("conversation", sa.Column("survey", sa.String()))
    op.add_column("conversation", sa.Column("score", sa.Integer()))
    op.create_index("ix_conversation_survey_score", "conversation", ["survey", "score"])
    op.create_table(
        "conversation_tag",
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tag", "conversation_id", name="pk_conversation_tag"),
    )
    op.create_index("ix_conversation_tag_conversation_id", "conversation_tag", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("conversation_tag")
    op.drop_index("ix_conversation_survey_score", "conversation")
    for column in ("score", "survey", "tags"):
        op.drop_column("conversation", column)
