"""The conversation, as a card sees it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from pydantic import ConfigDict, JsonValue

from domain.contact import Known
from domain.conversation import Priority
from domain.duration import Duration
from domain.effect import Effect
from domain.events.kinds import AnyEvent
from domain.fields import Template
from domain.message import Content, Inbound
from domain.model import Memory, Written
from domain.people import Act
from domain.proof import Proof
from flows.play_result import Detour

A = TypeVar("A")
M = TypeVar("M", bound=Memory)


class Progress(Written):
    """Message to the contact when a call takes longer than *after*."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    after: Duration
    """How long to wait silently."""
    text: Template
    """Text of the message."""


class Conversation(Protocol):
    """The only way in which a card reaches the contact, the world and the clock.

    A card's `play` may be entered again at a wait (the conversation was continued as a new run) or when a
    flow that it called comes back. What it has done until then it keeps in `memory`, nowhere else.
    """

    @property
    def now(self) -> datetime:
        """The workflow's clock, aware, UTC."""
        ...

    def local(self, at: datetime) -> datetime:
        """Return *at* by the clock of the company."""
        ...

    @property
    def key(self) -> str:
        """An idempotency key, the same whenever this step of this conversation is repeated."""
        ...

    @property
    def title(self) -> str:
        """Title of the flow that is played."""
        ...

    @property
    def tags(self) -> tuple[str, ...]:
        """The conversation's tags, in the order in which they were added."""
        ...

    @property
    def priority(self) -> Priority:
        """The conversation's priority."""
        ...

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """The customers that the contact has proved to be in this conversation."""
        ...

    @property
    def survey(self) -> Literal["answered", "no_answer"] | None:
        """How the one survey of this conversation went; None when none has been asked."""
        ...

    @property
    def openings_unheard(self) -> int:
        """How many conversations in a row, with this one, have opened the next without a word of any contact."""
        ...

    def stable_choice(self, total: int) -> int:
        """Return a number from 0 to *total* - 1, drawn by lot: the same at this card in this whole conversation."""
        ...

    def memory(self, model: type[M]) -> M:
        """Return the memory of this card, fresh at its first entry; changes to it are kept."""
        ...

    def render(self, template: str, /, **names: JsonValue) -> str:
        """Return a text of the flow, its `{{ expressions }}` replaced; ExpressionError names the mistake.

        *names* are known to it beside the variables (`item`, for the options of a list).
        """
        ...

    def address(self, template: str, /) -> str:
        """Return an address of the flow, rendered; what an expression says is one step of its path, or one value."""
        ...

    def evaluate(self, expression: str, /, **names: JsonValue) -> JsonValue:
        """Return the value of a bare expression, as `if` has it."""
        ...

    def fill(self, value: JsonValue, /, **names: JsonValue) -> JsonValue:
        """Return *value*, its strings rendered; one that is a single `{{ expression }}` keeps its type."""
        ...

    @property
    def known(self) -> Known:
        """The known facts about the contact beside the address."""
        ...

    def learn(self, more: Known) -> None:
        """Know *more* of the contact from now on, in later conversations too; FlowError when that is too much."""
        ...

    def set(self, variable: str, value: JsonValue) -> None:
        """Store *value* in a declared variable of the flow; FlowError when undeclared or too large."""
        ...

    def text(self, name: str, /, **names: JsonValue) -> str:
        """Return one of the flow's standard sentences (`Texts`), rendered."""
        ...

    def words(self, name: str) -> tuple[str, ...]:
        """Return one of the flow's lists of words and phrases (`Texts.yes`, `Texts.no`), as written."""
        ...

    def say(self, content: Content, by: str = "") -> None:
        """Send *content* at the next flush, fitted to the channel; *by* is the agent who says it, empty for the bot."""
        ...

    def record(self, event: AnyEvent) -> None:
        """Write *event* into the journal at the next flush; stage and tags change at once."""
        ...

    async def next_message(self, until: datetime | None) -> Inbound | None:
        """Flush, and wait for the contact's next message: None when *until* has passed.

        UndeliveredError when something said before this wait was for good not delivered.
        """
        ...

    async def peek(self, until: datetime | None) -> Inbound | None:
        """Wait as `next_message` does, and leave the message unread: `next_message`, here or in the next card, has it.

        UndeliveredError: see `next_message`.
        """
        ...

    async def attend(self, until: datetime | None, whom: str = "people") -> Inbound | Act | None:
        """Wait as `next_message` does, for a message of the contact or an act of an agent.

        People who look in read that it waits for *whom*.
        """
        ...

    async def pause(self, until: datetime) -> None:
        """Flush, and wait until *until* has passed; the contact's messages meanwhile stay unread, in order."""
        ...

    async def expect(self, event: str) -> str:
        """Return the address at which another system may tell *event*, once; an address given out before is void."""
        ...

    async def next_event(self, event: str, until: datetime, *, interruptible: bool) -> Inbound | None:
        """Flush, and wait for the *event* that is expected, which may be here already: None when *until* has passed.

        What the contact says meanwhile stays unread; the first of it (without `callback`) is returned when the wait
        is *interruptible*. FlowError when the event is not expected, or has been told before.
        """
        ...

    async def moment(self, written: str) -> datetime:
        """Return the moment that *written*, ISO 8601, means, UTC; without a zone, by the company's clock.

        FlowError when it means none.
        """
        ...

    async def delivered(self) -> bool:
        """Flush; return whether all that was said has been taken, as far as the provider says so at once."""
        ...

    async def perform(self, effect: Effect[A], progress: Progress | None = None) -> A:
        """Flush, and have *effect* done; *progress* is said when it takes long."""
        ...

    def detour(self, message: Inbound, *, again: bool = True) -> Detour | None:
        """Return where *message* leads as a keyword, for `play` to return; None when it leads nowhere from here.

        Without *again*, one that only has this card played anew leads nowhere.
        """
        ...

    def returned(self) -> tuple[str, Mapping[str, JsonValue]] | None:
        """Return how the called flow ended and its variables; None when none has been called yet."""
        ...

    def patched(self, change: str) -> bool:
        """Tell new code from old in a conversation in flight (Temporal's `patched`)."""
        ...
