"""The card `transfer`."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final

from pydantic import AwareDatetime, StringConstraints

from domain.duration import Duration
from domain.effect import FindQueue
from domain.errors import UndeliveredError
from domain.events.handover import AgentJoined, HandedOver, HandoverGivenUp, HandoverResolved
from domain.fields import Journalled, Knows, Template
from domain.message import Content, Inbound
from domain.model import Memory
from domain.people import Act, Queue
from domain.times import BusinessTime
from flows.cards.base import Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import QueueName, SavesRecord, Target
from flows.parts.hours import business_time
from flows.parts.outside_calls import tell_people
from flows.parts.patience import PATIENCE
from flows.parts.priorities import WrittenPriority, set_priority
from flows.parts.queue_position import POSITION_NAMES, queue_position
from flows.play_result import PlayResult
from flows.understanding.phrases import says

RESOLVED: Final = "resolved"
REASSURE: Final = timedelta(minutes=10)
"""Time between two messages that reassure a waiting contact."""

Skill = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]


class TransferExits(Exits):
    """Where to go, by how the handover ends."""

    resolved: Target | None = None
    """Somebody has helped; without it, the card below."""
    no_agent: Target | None = None
    """Nobody has answered within `wait_up_to`."""
    gave_up: Target | None = None
    """The contact did not want to wait: `voltar`; `menu` and `sair` too, where these words lead nowhere."""
    out_of_hours: Target | None = None
    """Nobody is there at this time, by the calendar of the queue."""


class Queued(Memory):
    """State that the card keeps while the conversation is with agents."""

    since: AwareDatetime | None = None
    latest: AwareDatetime | None = None
    """Time at which the queue closes or the wait ends."""
    reassured: AwareDatetime | None = None
    joined: bool = False
    by: str = ""
    """Login of the agent who has joined; empty until then."""


@cards.register
class Transfer(Card):
    """Pass the conversation to agents, and go on when one has helped.

    Queues are settings (`[queues.NAME]` in prosa.toml): a title, a calendar, receivers of a webhook or an e-mail. The
    contact's messages meanwhile stay in the conversation for the agents; the bot keeps silent. Agents act by `prosa
    conversation say` and `prosa conversation resolve`.
    """

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(
        icon="headset", colour="#be185d", names={"pt-BR": "Transferir para atendente", "en": "Transfer"}
    )
    example: ClassVar[str] = """
id: to_support
card: transfer
queue: support
priority: high
skills: [fibra]
note: "Sem internet; a luz vermelha está acesa."
wait_up_to: 2h
exits: {no_agent: call_you_back, gave_up: menu, out_of_hours: say_when_we_open}
"""
    waits: ClassVar[bool] = True

    queue: QueueName = "main"
    """Name of the queue in `prosa.toml`; `main` is always there."""
    agent: Template | None = None
    """The agent of the queue who should answer; empty for any of them."""
    priority: WrittenPriority | None = None
    """Urgency in the queue; without it, the conversation's priority."""
    skills: tuple[Skill, ...] = ()
    """Skills that the agent should have."""
    note: Annotated[Template, Journalled()] | None = None
    """Note for the agent about the conversation; the contact does not see it."""
    text: Annotated[Template, Knows("queue", *POSITION_NAMES)] | None = None
    """Message to the contact; without it, the standard sentence `handing_over`."""
    wait_up_to: Duration = PATIENCE
    """Time limit for an agent to join; an agent who has joined may take all the time."""
    save_as: SavesRecord | None = None
    """The variable, a record, that keeps the state of the queue's calendar, as in `business_hours`: out of hours,
    `opens_at` is when to come back. A queue that is always open keeps nothing."""
    exits: TransferExits = TransferExits()
    """Where to go afterwards."""

    async def play(self, conversation: Conversation) -> PlayResult:
        """Wait for people; return `resolved`, `no_agent`, `gave_up` or `out_of_hours`, or a keyword's detour."""
        memory = conversation.memory(Queued)
        if memory.since is None:
            queue = await conversation.perform(FindQueue(queue=self.queue))
            hours = await self._hours(conversation, queue)
            if not hours.open:
                return "out_of_hours"
            memory.since = memory.reassured = conversation.now
            until = memory.since + self.wait_up_to
            memory.latest = min(until, hours.closes_at or until)
            await self._hand_over(conversation, queue, memory.since, memory.latest)
        while True:
            try:
                until = None if memory.joined else memory.since + self.wait_up_to
                came = await conversation.attend(until, memory.by or "people")
            except UndeliveredError:
                continue
            if came is None:
                return "no_agent"
            if isinstance(came, Act):
                if _heed(conversation, memory, came):
                    return RESOLVED
            elif not memory.joined:
                if _says(conversation, came, "menu_words", "back_words", "leave_words"):
                    return _give_up(conversation, came)
                await self._reassure(conversation, memory, memory.since)

    def ways_out(self) -> tuple[Exit, ...]:
        """Return all its exits."""
        return self.exits.ways(resolved=True)

    def summary(self) -> str:
        """Return the queue."""
        return self.queue

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002 - what flows call it
        """Return the wait when *exit* is taken; None for a contact who gave up and has just written."""
        return {"gave_up": None, "out_of_hours": timedelta(0)}.get(exit, self.wait_up_to)

    async def _hours(self, conversation: Conversation, queue: Queue) -> BusinessTime:
        if not queue.calendar:
            return BusinessTime(open=True)
        return await business_time(conversation, queue.calendar, self.save_as)

    async def _hand_over(self, conversation: Conversation, queue: Queue, since: datetime, latest: datetime) -> None:
        if self.priority is not None:
            set_priority(conversation, self.priority)
        seen = await queue_position(conversation, self.queue, since, latest)
        event = HandedOver(
            until=since + self.wait_up_to,
            queue=self.queue,
            agent=conversation.render(self.agent or "").strip(),
            priority=conversation.priority,
            skills=self.skills,
            note=conversation.render(self.note or "").strip(),
            position=seen.place.position,
            estimate=None if seen.place.estimate is None else seen.place.estimate.total_seconds(),
        )
        conversation.record(event)
        data = event.model_dump(mode="json", include={"queue", "agent", "priority", "skills", "note"})
        if self.text is not None:
            text = conversation.render(self.text, queue=queue.title, **seen.names())
        else:
            text = conversation.text("handing_over", queue=queue.title, **seen.names())
        conversation.say(Content(text=text))
        await tell_people(conversation, "handed_over", data, card=self.id, webhook=queue.webhook, email=queue.email)

    async def _reassure(self, conversation: Conversation, memory: Queued, since: datetime) -> None:
        if memory.reassured is None or conversation.now >= memory.reassured + REASSURE:
            memory.reassured = conversation.now
            seen = await queue_position(conversation, self.queue, since, memory.latest or since + self.wait_up_to)
            conversation.say(Content(text=conversation.text("still_waiting", **seen.names())))


def _heed(conversation: Conversation, memory: Queued, act: Act) -> bool:
    """Carry out the agent's *act*; return whether the handover is over."""
    if act.kind == "resolve":
        conversation.record(HandoverResolved(by=act.by, note=act.text))
        return True
    if not memory.joined:
        memory.joined, memory.by = True, act.by
        conversation.record(AgentJoined(by=act.by))
    if act.kind == "say":
        conversation.say(Content(text=act.text), by=act.by)
    return False


def _give_up(conversation: Conversation, message: Inbound) -> PlayResult:
    """Give the handover up when the contact asks for the menu or the end; return the detour to it, if there is one."""
    conversation.record(HandoverGivenUp())
    detour = conversation.detour(message) if _says(conversation, message, "menu_words", "leave_words") else None
    return detour or "gave_up"


def _says(conversation: Conversation, message: Inbound, *lists: str) -> bool:
    words = (word for name in lists for word in conversation.words(name))
    return not message.files and message.choice is None and says(message.text, words)
