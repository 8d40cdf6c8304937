"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001_first_release"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])

    op.create_table(
        "contact",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("known", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("account", "address", name="pk_contact"),
    )
    op.create_table(
        "conversation",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("flow", sa.String(), nullable=False),
        sa.Column("flow_version", sa.String(), nullable=False),
        sa.Column("flow_number", sa.Integer(), nullable=False),
        sa.Column("flow_numbers", sa.JSON(), nullable=False),
        sa.Column("card", sa.String()),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("resolution", sa.String()),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("survey", sa.String()),
        sa.Column("score", sa.Integer()),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("queued_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_conversation"),
    )
    op.create_index("ix_conversation_account_address_opened_at", "conversation", ["account", "address", "opened_at"])
    op.create_index("ix_conversation_address", "conversation", ["address"])
    op.create_index("ix_conversation_flow_opened_at", "conversation", ["flow", "opened_at"])
    op.create_index("ix_conversation_opened_at", "conversation", ["opened_at"])
    op.create_index("ix_conversation_protocol", "conversation", ["protocol"])
    op.create_index("ix_conversation_stage_opened_at", "conversation", ["stage", "opened_at"])
    op.create_index("ix_conversation_survey_score", "conversation", ["survey", "score"])
    op.create_index("ix_conversation_workflow_id", "conversation", ["workflow_id"])

    op.create_table(
        "conversation_tag",
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tag", "conversation_id", name="pk_conversation_tag"),
    )
    op.create_index("ix_conversation_tag_conversation_id", "conversation_tag", ["conversation_id"])

    op.create_table(
        "early_report",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "external_id", name="pk_early_report"),
    )
    op.create_index("ix_early_report_reported_at", "early_report", ["reported_at"])

    op.create_table(
        "flow_version",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("calls", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_flow_version"),
        sa.UniqueConstraint("name", "number", name="uq_flow_version_name_number"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("provider_message_id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("next_forward_at", sa.BigInteger()),
        sa.Column("forwarded_at", sa.BigInteger()),
        sa.Column("consumed_at", sa.BigInteger()),
        sa.Column("consumed_by_conversation", sa.String()),
        sa.Column("consumed_by_chain", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("account", "kind", "provider_message_id", name="uq_inbox_account_kind_provider_message_id"),
        sa.UniqueConstraint("message_id", name="uq_inbox_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_consumed_by_conversation", "inbox", ["consumed_by_conversation"])
    op.create_index("ix_inbox_state_next_forward_at", "inbox", ["state", "next_forward_at"])
    op.create_index("ix_inbox_workflow_id_state_id", "inbox", ["workflow_id", "state", "id"])

    op.create_table(
        "journal",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.String()),
        sa.Column("flow", sa.String()),
        sa.Column("version", sa.String()),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_journal_conversation_id_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_kind_at", "journal", ["kind", "at"])

    op.create_table(
        "lane",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String()),
        sa.Column("owner", sa.String()),
        sa.Column("busy_until", sa.BigInteger()),
        sa.PrimaryKeyConstraint("workflow_id", name="pk_lane"),
    )
    op.create_table(
        "opening",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_opening"),
        sa.UniqueConstraint("protocol", name="uq_opening_protocol"),
    )
    op.create_table(
        "outbox",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("part", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("sending_until", sa.BigInteger()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_outbox"),
    )
    op.create_index("ix_outbox_account_external_id", "outbox", ["account", "external_id"])
    op.create_index("ix_outbox_state", "outbox", ["state"])

    op.create_table(
        "protocol_day",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_protocol_day"),
    )
    op.create_table(
        "route",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account", "address", name="pk_route"),
    )
    op.create_index("ix_route_workflow_id", "route", ["workflow_id"])

    op.create_table(
        "flow_current",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["flow_version.version"], name="fk_flow_current_version"),
        sa.PrimaryKeyConstraint("name", name="pk_flow_current"),
    )
    op.create_table(
        "flow_publication",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["flow_version.version"], name="fk_flow_publication_version"),
        sa.PrimaryKeyConstraint("id", name="pk_flow_publication"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_flow_publication_name_id", "flow_publication", ["name", "id"])

    op.create_table(
        "session_link",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("begun", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("code_hash", name="pk_session_link"),
    )
    op.create_table(
        "ended_session",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account", "session", name="pk_ended_session"),
    )
    op.create_table(
        "upload",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_upload_at", "upload", ["at"])
    op.create_index("ix_upload_file_id", "upload", ["file_id"])
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
    for table in (
        "allowance",
        "upload",
        "ended_session",
        "session_link",
        "flow_publication",
        "flow_current",
        "route",
        "protocol_day",
        "outbox",
        "opening",
        "lane",
        "journal",
        "inbox",
        "flow_version",
        "early_report",
        "conversation_tag",
        "conversation",
        "contact",
        "audit",
    ):
        op.drop_table(table)
