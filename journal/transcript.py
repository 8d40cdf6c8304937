"""Transcripts: a conversation line by line, and the stream that a contact's web chat follows."""

from typing import Any, Literal

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.contact_card import ContactCard
from domain.message import FileRef, Link, Location, Option, PartState
from domain.model import Value
from journal.tables import conversation, journal, opening, outbox
from journal.transaction import Transaction

_SPEAKERS = {"message_received": "contact", "message_sent": "bot"}
_SYSTEM = {
    "conversation_opened": "protocol",
    "message_failed": "reason",
    "question_timed_out": "",
    "step_failed": "message",
    "note_added": "text",
    "conversation_ended": "resolution",
    "conversation_repaired": "",
    "conversation_terminated": "reason",
}
"""Other events in a transcript, and the field of each that holds the text."""

_PEOPLE = ("agent_joined", "handover_resolved")
_SEEN_BY_CONTACT = (
    *_SPEAKERS,
    *_PEOPLE,
    "conversation_opened",
    "conversation_ended",
    "conversation_terminated",
)
_TAIL = 512


class Line(Value):
    """One line of a transcript; for `system`, `kind` is the event and `text` its one detail."""

    seq: int
    at: AwareDatetime
    who: Literal["contact", "bot", "agent", "system"]
    kind: str
    text: str = ""
    card: str | None = None
    flow: str | None = None
    version: str | None = None
    state: PartState | None = None
    """Delivery state of a message of the bot."""
    repeated: bool = False
    """The contact may have got it twice."""
    options: tuple[Option, ...] = ()
    links: tuple[Link, ...] = ()
    choice: str | None = None
    """Id of the option that the contact tapped."""
    files: tuple[FileRef, ...] = ()
    location: Location | None = None
    contact_card: ContactCard | None = None
    truncated: bool = False
    """The whole text is the first of `files`."""

    @property
    def file(self) -> FileRef | None:
        """The first of its files."""
        return self.files[0] if self.files else None


class StreamEvent(Value):
    """One event as the contact may see it; `conversation_id` and `seq` are where to go on from."""

    conversation_id: str
    seq: int
    kind: Literal[
        "conversation_opened",
        "message_received",
        "message_sent",
        "agent_joined",
        "handover_resolved",
        "conversation_ended",
    ]
    at: AwareDatetime
    protocol: str
    message_id: str = ""
    """The inbox message that a `message_received` is about."""
    text: str = ""
    options: tuple[Option, ...] = ()
    links: tuple[Link, ...] = ()
    typing: int = 0
    """Seconds for which somebody types before a `message_sent`."""
    choice: str | None = None
    files: tuple[FileRef, ...] = ()
    location: Location | None = None
    contact_card: ContactCard | None = None
    waiting: bool = False
    """Whether the conversation is in a queue now, not at the time of the event."""
    by: str = ""
    """Login of the agent who said or did it, never shown to the contact; empty for the bot."""


async def lines(c: Transaction, conversation_id: str) -> list[Line]:
    """Return the transcript of a conversation, in order."""
    same = and_(outbox.c.conversation_id == journal.c.conversation_id, outbox.c.seq == journal.c.seq)
    found = (
        select(journal, outbox.c.state, outbox.c.repeated, opening.c.protocol)
        .outerjoin(outbox, same)
        .outerjoin(opening, opening.c.conversation_id == journal.c.conversation_id)
        .where(journal.c.conversation_id == conversation_id, journal.c.kind.in_([*_SPEAKERS, *_SYSTEM]))
        .order_by(journal.c.seq)
    )
    return [_line(dict(row)) for row in (await c.execute(found)).mappings()]


async def follow(
    c: Transaction,
    account: str,
    address: str,
    after: tuple[str, int] | None = None,
    limit: int = 500,
) -> list[StreamEvent]:
    """Return the events that the contact may see of all conversations with *address*, by opening, then seq.

    *after* is the (conversation_id, seq) that the contact saw last; one of somebody else counts as None.
    """
    found = (
        select(journal, conversation.c.protocol, conversation.c.stage)
        .join(conversation, conversation.c.conversation_id == journal.c.conversation_id)
        .where(conversation.c.account == account, conversation.c.address == address)
        .where(journal.c.kind.in_(_SEEN_BY_CONTACT))
        .order_by(conversation.c.opened_at, conversation.c.conversation_id, journal.c.seq)
        .limit(limit)
    )
    if after is not None:
        whose = (conversation.c.account == account, conversation.c.address == address)
        opened = select(conversation.c.opened_at).where(conversation.c.conversation_id == after[0], *whose)
        opened_at = await c.scalar(opened)
        if opened_at is not None:
            found = found.where(_after(opened_at, *after))
    return [_stream_event(dict(row)) for row in (await c.execute(found)).mappings()]


async def people(c: Transaction, conversation_id: str) -> list[str]:
    """Return the logins of the agents who have appeared in a conversation, in that order."""
    by = journal.c.data["by"].as_string()
    found = (
        select(by)
        .where(journal.c.conversation_id == conversation_id, journal.c.kind.in_(("message_sent", *_PEOPLE)))
        .where(by.is_not(None))
        .group_by(by)
        .order_by(func.min(journal.c.seq))
    )
    return list((await c.scalars(found)).all())


async def newest(c: Transaction) -> int:
    """Return a number that rises with each addition to the journal: poll it, then read the new events.

    It is made of the highest id and the number of rows below it, because PostgreSQL may show a row after one
    with a higher id: the highest id alone would then stay what it was.
    """
    highest = select(func.coalesce(func.max(journal.c.id), 0)).scalar_subquery()
    tail = select(highest, func.count()).select_from(journal).where(journal.c.id > highest - _TAIL)
    last, count = (await c.execute(tail)).one()
    return int(last) * 2 * _TAIL + int(count)


def _after(opened_at: Any, conversation_id: str, seq: int) -> ColumnElement[bool]:
    this = conversation.c.conversation_id
    return or_(
        conversation.c.opened_at > opened_at,
        and_(conversation.c.opened_at == opened_at, this > conversation_id),
        and_(this == conversation_id, journal.c.seq > seq),
    )


def _line(row: dict[str, Any]) -> Line:
    data: dict[str, Any] = row["data"]
    kind: str = row["kind"]
    detail = {**data, "protocol": row["protocol"] or ""}
    return Line.model_validate(
        {key: row[key] for key in ("seq", "at", "kind", "card", "flow", "version", "state")}
        | {
            "who": "agent" if kind == "message_sent" and data.get("by") else _SPEAKERS.get(kind, "system"),
            "text": str((data if kind in _SPEAKERS else detail).get(_SYSTEM.get(kind, "text")) or ""),
            "repeated": bool(row["repeated"]),
            "options": data.get("options") or (),
            "links": data.get("links") or (),
            "choice": data.get("choice"),
            "files": _files(data),
            "location": data.get("location"),
            "contact_card": data.get("contact_card"),
            "truncated": bool(data.get("truncated")),
        }
    )


def _stream_event(row: dict[str, Any]) -> StreamEvent:
    data: dict[str, Any] = row["data"] if row["kind"] in (*_SPEAKERS, *_PEOPLE) else {}
    kind = "conversation_ended" if row["kind"] == "conversation_terminated" else row["kind"]
    return StreamEvent.model_validate(
        {key: row[key] for key in ("conversation_id", "seq", "at", "protocol")}
        | {
            "kind": kind,
            "message_id": data.get("message_id") or "",
            "text": data.get("text") or "",
            "options": data.get("options") or (),
            "links": data.get("links") or (),
            "typing": data.get("typing") or 0,
            "choice": data.get("choice"),
            "files": _files(data),
            "location": data.get("location"),
            "contact_card": data.get("contact_card"),
            "by": data.get("by") or "",
            "waiting": row["stage"] == "queue",
        }
    )


def _files(data: dict[str, Any]) -> list[Any]:
    return data.get("files") or ([data["file"]] if data.get("file") else [])
