"""The buffer of one turn: messages read, events and parts, until they are committed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from pydantic_core import to_json

from domain.capabilities import fit
from domain.contact import Known
from domain.conversation import Setup, Snapshot
from domain.delivery import OpeningClaim
from domain.effect import Deliver
from domain.event import Event, EventKind
from domain.events.conversations import ConversationOpened, OpenedBy
from domain.events.identity import IdentityProved
from domain.events.kinds import AnyEvent
from domain.events.messages import heard, sent
from domain.message import Content, Inbound, Part, Source
from domain.proof import Proof
from domain.status import WITH_PEOPLE, status_of
from flows.entries import Found
from interpreter.budget import Budget

SUMMARY = 80
"""Characters of a bot's message that Temporal's history shows."""
EVENTS: Final = 100
SIZE: Final = 256 * 1024
"""Events, or bytes of them, after which a turn is delivered before it goes on: Temporal takes 2 MiB in one effect."""

_SURVEY: Final[Mapping[EventKind, Literal["answered", "no_answer"] | None]] = {
    "survey_asked": "no_answer",
    "survey_left": None,
    "survey_answered": "answered",
}
"""State of the survey after each event; the conversation keeps it, so that the survey is asked once."""

_READ_AS: Final[Mapping[Source, EventKind]] = {
    "contact": "message_received",
    "company": "conversation_initiated",
    "system": "event_received",
}
"""The event by which the journal says that a message was read."""


class Turn:
    """A buffer: everything said and recorded leaves in one delivery."""

    def __init__(self, setup: Setup, state: Snapshot, budget: Budget) -> None:
        self._setup = setup
        self._budget = budget
        self._state = state
        self.events: list[Event] = []
        self.parts: list[Part] = []
        self.consumed: list[str] = []
        self.opening: OpeningClaim | None = None
        self.learnt = Known()
        self._size = 0
        self._not_repeatable = ""
        """Why this turn must be in the history before it is delivered; nothing when it is the same in every replay."""
        self.status_before = status_of(state)
        """How the conversation stood before its first event."""

    def __bool__(self) -> bool:
        """Whether there is anything to deliver."""
        return bool(self.events or self.consumed)

    @property
    def is_full(self) -> bool:
        """Whether it is to be delivered before anything else is read or played."""
        return len(self.events) >= EVENTS or self._size >= SIZE

    def open(self, first: Inbound, chain: str, workflow_id: str, at: datetime, entry: Found | None = None) -> None:
        """Open the conversation, which *first* begins by *entry*, and take that as read."""
        setup = self._setup
        self.opening = OpeningClaim(
            message_id=first.message_id,
            chain=chain,
            workflow_id=workflow_id,
            account=setup.account,
            channel=setup.channel,
            address=setup.contact.address,
            name=setup.contact.name,
            flow=self._state.flow,
            zone=setup.company.zone,
        )
        opened = ConversationOpened(
            account=setup.account,
            channel=setup.channel,
            address=setup.contact.address,
            name=setup.contact.name,
            flow=self._state.flow,
            workflow_id=workflow_id,
            entry=OpenedBy(number=entry.number, by=entry.by, found=entry.found) if entry else None,
        )
        self.record(opened, at)
        self.read(first, at)

    def record(self, event: AnyEvent, at: datetime) -> int:
        """Add *event*, under the place where the conversation stands; return its seq."""
        state, kind, data = self._state, event.kind, event.data
        if not self.events:
            self.status_before = status_of(state)
        state.seq += 1
        size = len(to_json(data))
        self._size += size
        self._budget.count_written(size)
        state.stage, state.tags, state.priority, state.queue = status_of(state).after(kind, data)
        if kind == "handed_over":
            state.handover = state.seq
        elif state.handover is not None and state.stage not in WITH_PEOPLE:
            state.handover = None
            state.acts.clear()
        if kind in _SURVEY:
            state.survey = _SURVEY[kind]
        if isinstance(event, IdentityProved):
            state.proofs.append(Proof(connection=event.connection, customer=event.customer, by=event.by))
        frame = state.frames[-1] if state.frames else None
        self.events.append(
            Event(
                seq=state.seq,
                kind=kind,
                at=at,
                card=frame.card if frame else None,
                flow=frame.flow if frame else None,
                version=frame.version if frame else None,
                data=data,
            )
        )
        return state.seq

    def say(self, content: Content, at: datetime, by: str = "") -> None:
        """Add *content*, fitted to the channel: one part, one event and one seq a provider call.

        *by* is the agent who says it; empty for the bot. Blanks alone, as a text may render to, are not sent.
        """
        if content.is_blank:
            return
        self._budget.count_message()
        for piece in fit(content, self._setup.capabilities):
            seq = self.record(sent(piece, by), at)
            self.parts.append(Part(seq=seq, **dict(piece)))

    def read(self, message: Inbound, at: datetime, *, late: bool = False) -> None:
        """Take *message* as read in this turn."""
        self.consumed.append(message.message_id)
        self._state.language = message.language or self._state.language
        self.record(heard(message, late=late), at)

    def forbid_repeat(self, reason: str) -> None:
        """Have this turn written into the history before it is delivered: played again, it might differ (*reason*)."""
        self._not_repeatable = self._not_repeatable or reason

    def learn(self, more: Known) -> None:
        """Know *more* of the contact from now on."""
        self._state.known = self._state.known.updated(more)
        self.learnt = self.learnt.updated(more)

    def take(self, since: int = 0) -> Deliver:
        """Return everything as one effect, of a turn that began with the wait after event *since*, and begin anew."""
        effect = Deliver(
            conversation_id=self._state.conversation_id,
            account=self._setup.account,
            channel=self._setup.channel,
            address=self._setup.contact.address,
            opening=self.opening,
            consumed=tuple(self.consumed),
            events=tuple(self.events),
            parts=tuple(self.parts),
            learnt=self.learnt,
            repeatable=not self._not_repeatable,
            since=since,
        )
        self.opening, self._not_repeatable, self.learnt = None, "", Known()
        self.events, self.parts, self.consumed, self._size = [], [], [], 0
        return effect


def summary(effect: Deliver) -> str:
    """Return *effect* in words, as Temporal's history shows it."""
    if effect.parts:
        first = effect.parts[0]
        text = " ".join(first.words.split())
        more = f" (+{len(effect.parts) - 1})" if len(effect.parts) > 1 else ""
        return f"bot: {text[:SUMMARY]}{'…' if len(text) > SUMMARY else ''}{more}"
    if effect.opening:
        return "open the conversation"
    return f"write down: {', '.join(sorted({event.kind for event in effect.events}))}"


def line(event: Event) -> str | None:
    """Return *event* as a line of the transcript; None when nobody says anything."""
    who = {"message_received": "contact", "message_sent": "bot"}.get(event.kind)
    if who is None:
        return None
    if event.data.get("missed_call"):
        return f"{who}: (a missed call)"
    said = Content.model_validate(event.data).words or event.data.get("choice")
    return f"{event.data.get('by', who)}: {said or 'a file'}"
