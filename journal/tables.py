"""The tables; times are integers, milliseconds since 1970 in UTC."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from journal.columns import Instant, id_

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

inbox = Table(
    "inbox",
    metadata,
    id_(),
    Column("message_id", String, nullable=False, unique=True),
    Column("account", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("provider_message_id", String, nullable=False),
    Column("workflow_id", String, nullable=False),
    Column("address", String, nullable=False),
    Column("name", String, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", String, nullable=False),
    Column("next_forward_at", Instant),
    Column("forwarded_at", Instant),
    Column("consumed_at", Instant),
    Column("consumed_by_conversation", String),
    Column("consumed_by_chain", String),
    UniqueConstraint("account", "kind", "provider_message_id"),
    Index(None, "workflow_id", "state", "id"),
    Index(None, "state", "next_forward_at"),
    Index(None, "consumed_by_conversation"),
    sqlite_autoincrement=True,
)

# The line in which the inbox rows of one workflow stand, and the one of them that is being forwarded.
# A conditional write to this row is what keeps it one at a time, however many gateways there are.
lane = Table(
    "lane",
    metadata,
    Column("workflow_id", String, primary_key=True),
    Column("message_id", String),
    Column("owner", String),
    Column("busy_until", Instant),
)

contact = Table(
    "contact",
    metadata,
    Column("account", String, primary_key=True),
    Column("address", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("name", String, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("known", JSON(none_as_null=True)),
)

route = Table(
    "route",
    metadata,
    Column("account", String, primary_key=True),
    Column("address", String, primary_key=True),
    Column("workflow_id", String, nullable=False, index=True),
    Column("conversation_id", String, nullable=False),
)

protocol_day = Table(
    "protocol_day",
    metadata,
    Column("day", String, primary_key=True),
    Column("last", Integer, nullable=False),
)

# Decisions of the opening transaction that no event has.
opening = Table(
    "opening",
    metadata,
    Column("conversation_id", String, primary_key=True),
    Column("protocol", String, nullable=False, unique=True),
    Column("chain", String, nullable=False),
    Column("entry", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    id_(),
    Column("conversation_id", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("card", String),
    Column("flow", String),
    Column("version", String),
    Column("data", JSON, nullable=False),
    Column("fingerprint", String, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    Index(None, "kind", "at"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("conversation_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("account", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("address", String, nullable=False),
    Column("part", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("external_id", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("repeated", Boolean, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("sending_until", Instant),
    Column("settled_at", Instant),
    Index(None, "account", "external_id"),
    Index(None, "state"),
)

# Reports of a provider that came before we had stored its id of the message.
early_report = Table(
    "early_report",
    metadata,
    Column("account", String, primary_key=True),
    Column("external_id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("reported_at", Instant, nullable=False, index=True),
)

conversation = Table(
    "conversation",
    metadata,
    Column("conversation_id", String, primary_key=True),
    Column("protocol", String, nullable=False, index=True),
    Column("account", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("address", String, nullable=False),
    Column("name", String, nullable=False),
    Column("workflow_id", String, nullable=False, index=True),
    Column("flow", String, nullable=False),
    Column("flow_version", String, nullable=False),
    Column("flow_number", Integer, nullable=False),
    Column("flow_numbers", JSON, nullable=False),
    Column("card", String),
    Column("stage", String, nullable=False),
    Column("opened_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
    Column("resolution", String),
    Column("last_seq", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("priority", String, nullable=False),
    Column("queue", String, nullable=False),
    Column("queued_at", Instant),
    Column("survey", String),
    Column("score", Integer),
    Index(None, "account", "address", "opened_at"),
    Index(None, "address"),
    Index(None, "stage", "opened_at"),
    Index(None, "flow", "opened_at"),
    Index(None, "survey", "score"),
)

# The tags once more, one a row, to find conversations by them.
conversation_tag = Table(
    "conversation_tag",
    metadata,
    Column("tag", String, primary_key=True),
    Column("conversation_id", String, primary_key=True, index=True),
)

flow_version = Table(
    "flow_version",
    metadata,
    Column("version", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("calls", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String, nullable=False),
    UniqueConstraint("name", "number"),
)

flow_publication = Table(
    "flow_publication",
    metadata,
    id_(),
    Column("name", String, nullable=False),
    Column("version", String, ForeignKey("flow_version.version"), nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Index(None, "name", "id"),
    sqlite_autoincrement=True,
)

flow_current = Table(
    "flow_current",
    metadata,
    Column("name", String, primary_key=True),
    Column("version", String, ForeignKey("flow_version.version"), nullable=False),
)

# Links that continue a web chat's session elsewhere, each once. The code itself is kept nowhere.
session_link = Table(
    "session_link",
    metadata,
    Column("code_hash", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("session", String, nullable=False),
    Column("name", String, nullable=False),
    Column("begun", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
    Column("used_at", Instant),
)

# Sessions of the web chat whose tokens are good no longer, whatever they say.
ended_session = Table(
    "ended_session",
    metadata,
    Column("account", String, primary_key=True),
    Column("session", String, primary_key=True),
    Column("ended_at", Instant, nullable=False),
    Column("by", String, nullable=False),
)

# Files that visitors of web chats have uploaded lately. `place` is a keyed hash of the network address, empty for this
# machine; `file_id` is empty until the file is kept, and when it was in the file store before.
upload = Table(
    "upload",
    metadata,
    id_(),
    Column("account", String, nullable=False),
    Column("session", String, nullable=False),
    Column("place", String, nullable=False),
    Column("file_id", String, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("said", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

# Actions of operators and agents; `hash` covers the entry and the hash before it.
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("reason", String, nullable=False),
    Column("data", JSON, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
)

# What may be done so often in a while: look-ups of an asker, codes to a customer, guesses of a customer's data.
# Subjects and items are keyed hashes, but for wrong tokens: their subjects are network addresses, to be kept out.
allowance = Table(
    "allowance",
    metadata,
    Column("purpose", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("item", String, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)
