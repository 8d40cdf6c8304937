"""A conversation without Temporal: what the contact says is scripted, what a card does is kept to be looked at."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal, TypeVar, cast

from pydantic import JsonValue
from typing_extensions import override

from domain.call import Call, CallAnswer
from domain.contact import Known
from domain.conversation import Keyword, Priority
from domain.duration import parse_duration
from domain.effect import Effect, FindPlace, FindQueue
from domain.errors import UndeliveredError
from domain.event import EventKind
from domain.events.callbacks import EventExpected
from domain.events.identity import IdentityProved
from domain.events.kinds import AnyEvent
from domain.message import Content, FileRef, Inbound
from domain.model import Memory
from domain.people import Act, Place, Queue
from domain.proof import Proof
from domain.status import priority_after, tags_after
from domain.template import MessageTemplate
from flows.cards import cards
from flows.cards.base import Card
from flows.conversation import Progress
from flows.expressions import expression
from flows.keywords import keyword
from flows.play_result import Detour
from flows.reading.tree import read_tree
from flows.texts import Texts, in_language
from stories.world import InMemoryWorld

A = TypeVar("A")
M = TypeVar("M", bound=Memory)

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TEXTS = Texts.model_validate(in_language("pt-BR", {}))
BOLETO = FileRef(id="a" * 64, name="7841.pdf", mime="application/pdf", size=2_048)
UNDELIVERED = "undelivered"
RUN_ENDS = "run ends"


class RunEndedError(Exception):
    """The run ends at this wait, and is to be continued as a new one."""


class NothingLeftError(AssertionError):
    """The card waits without end, and the script has nothing more to say."""


def inbound(text: str = "", **changes: Any) -> Inbound:
    return Inbound(message_id="e", at=START, text=text, **changes)


def detour(word: Keyword) -> Detour:
    """Return where *word* leads when it is among the `keywords` of a `FakeConversation`."""
    return Detour(word, "elsewhere", 1)


def card(yaml: str) -> Card:
    """Return the card that *yaml* says."""
    written = cast("dict[str, Any]", read_tree(yaml, "card").plain())
    return cards[written["card"]].model_validate(written)


class FakeConversation:
    """See `flows.conversation.Conversation`.

    *script* is what happens in each wait, in order: (how long after the wait began, what). What is a text, an
    `Inbound`, UNDELIVERED or RUN_ENDS; `say!TEXT`, `take!` and `resolve!NOTE` are what Bia of the company does. When it
    is used up, the contact is silent. *slow* is how long an ERP takes, *late* how much too late a timer fires.
    """

    def __init__(
        self,
        *script: tuple[str, str | Inbound],
        variables: Mapping[str, JsonValue] | None = None,
        erp: Mapping[str, CallAnswer] | None = None,
        slow: str = "0s",
        late: str = "0s",
    ) -> None:
        self.now = START
        self.key = "c1:1"
        self.title = "Cancelamento"
        self.said: list[Content] = []
        self.keywords: set[str] = set()
        """The keywords that lead somewhere."""
        self.choice = 0
        self.openings_unheard = 0
        """What is drawn."""
        self.events: list[tuple[str, dict[str, JsonValue]]] = []
        self.waits: list[timedelta | None] = []
        self.waited_for: list[str] = []
        """Which of the company's people, wait by wait."""
        self.effects: list[Any] = []
        self.progress: list[Progress | None] = []
        self.variables: dict[str, JsonValue] = dict(variables or {})
        self.remembered: dict[str, JsonValue] = {}
        self.came_back: tuple[str, Mapping[str, JsonValue]] | None = None
        self.reachable = True
        """Whether what is said arrives."""
        self.queue = Queue(calendar="")
        self.places: list[Place] = []
        """Where it stands in the queue, each time it looks; next, when nothing is said."""
        self.places_asked: list[FindPlace] = []
        self.templates: dict[str, MessageTemplate] = {}
        self.tags: tuple[str, ...] = ()
        self.priority: Priority = "normal"
        self.survey: Literal["answered", "no_answer"] | None = None
        self.proofs: tuple[Proof, ...] = ()
        self.known = Known()
        self.channel = "webchat"
        self.unread: list[Inbound] = []
        """What was said during a delay, or peeked at."""
        self.texts = TEXTS
        self._script = list(script)
        self._erp = dict(erp or {})
        self._slow = _lasting(slow)
        self._late = _lasting(late)
        self._memory: Memory | None = None

    def local(self, at: datetime) -> datetime:
        return at.astimezone(timezone(timedelta(hours=-3)))

    @property
    def heard(self) -> list[str]:
        """What the contact read, as text."""
        return [content.text for content in self.said]

    def data(self, kind: EventKind) -> list[dict[str, JsonValue]]:
        return [data for known, data in self.events if known == kind]

    def continued(self, *script: tuple[str, str | Inbound]) -> "FakeConversation":
        """Return the conversation as a new run has it: only state that is JSON survives."""
        other = FakeConversation(*(script or self._script), variables=self.variables, erp=self._erp)
        other.now = self.now
        other.remembered = self._memory.model_dump(mode="json") if self._memory else dict(self.remembered)
        other.came_back = self.came_back
        other.tags, other.survey, other.unread = self.tags, self.survey, list(self.unread)
        other.priority, other.proofs = self.priority, self.proofs
        return other

    def stable_choice(self, total: int) -> int:
        assert self.choice < total
        return self.choice

    def memory(self, model: type[M]) -> M:
        if not isinstance(self._memory, model):
            self._memory = model.model_validate(self.remembered)
        return self._memory

    def forget(self) -> None:
        """What the interpreter does when a card has been left."""
        self._memory, self.remembered, self.came_back = None, {}, None

    def render(self, template: str, /, **names: JsonValue) -> str:
        return expression.render(template, self._names(names))

    def address(self, template: str, /) -> str:
        return expression.address(template, self._names({}))

    def evaluate(self, source: str, /, **names: JsonValue) -> JsonValue:
        return expression.evaluate(source, self._names(names))

    def fill(self, value: JsonValue, /, **names: JsonValue) -> JsonValue:
        return expression.fill(value, self._names(names))

    def text(self, name: str, /, **names: JsonValue) -> str:
        return self.render(getattr(self.texts, name), **names)

    def words(self, name: str) -> tuple[str, ...]:
        return getattr(self.texts, name)

    def learn(self, more: Known) -> None:
        self.known = self.known.updated(more)

    def set(self, variable: str, value: JsonValue) -> None:
        self.variables[variable] = value

    def say(self, content: Content, by: str = "") -> None:
        self.said.append(content.model_copy(update={"text": f"{by}: {content.text}"}) if by else content)

    def record(self, event: AnyEvent) -> None:
        kind, data = event.kind, event.data
        self.events.append((kind, data))
        self.tags = tuple(tags_after(self.tags, kind, data))
        self.priority = priority_after(self.priority, kind, data)
        if isinstance(event, IdentityProved):
            proof = Proof(connection=event.connection, customer=event.customer, by=event.by)
            self.proofs = (*self.proofs, proof)
        if kind in {"survey_asked", "survey_answered"}:
            self.survey = "answered" if kind == "survey_answered" else "no_answer"
        elif kind == "survey_left":
            self.survey = None

    async def peek(self, until: datetime | None) -> Inbound | None:
        if not self.unread and (message := await self.next_message(until)) is not None:
            self.unread.append(message)
        return self.unread[0] if self.unread else None

    async def attend(self, until: datetime | None, whom: str = "people") -> Inbound | Act | None:
        self.waited_for.append(whom)
        came = await self.next_message(until)
        kind, _, text = came.text.partition("!") if came is not None else ("", "", "")
        if kind in {"take", "say", "resolve"}:
            return Act.model_validate({"kind": kind, "by": "bia", "text": text, "handover": 1})
        return came

    async def pause(self, until: datetime) -> None:
        said: list[Inbound] = []
        while (message := await self._heard_before(until)) is not None:
            said.append(message)
        self.unread += said

    async def expect(self, event: str) -> str:
        self.record(EventExpected(event=event))
        return f"https://example.com/events/{event}"

    async def next_event(self, event: str, until: datetime, *, interruptible: bool) -> Inbound | None:
        while (message := await self._heard_before(until)) is not None:
            if message.callback is not None and message.callback.event == event:
                return message
            self.unread.append(message)
            if interruptible:
                return message
        return None

    async def moment(self, written: str) -> datetime:
        moment = datetime.fromisoformat(written)
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone(timedelta(hours=-3)))

    async def next_message(self, until: datetime | None) -> Inbound | None:
        return self.unread.pop(0) if self.unread else await self._heard_before(until)

    async def _heard_before(self, until: datetime | None) -> Inbound | None:
        self.waits.append(None if until is None else until - self.now)
        if not self._script:
            if until is None:
                raise NothingLeftError
            self.now = max(self.now, until + self._late)
            return None
        after, what = self._script[0]
        at = self.now + _lasting(after)
        if until is not None and at >= until:
            rest = int((at - until).total_seconds())
            self._script[0] = (f"{rest}s", what)
            self.now = max(self.now, until)
            return None
        del self._script[0]
        self.now = at
        if what == RUN_ENDS:
            raise RunEndedError
        if what == UNDELIVERED:
            raise UndeliveredError("the contact could not be reached")
        return what if isinstance(what, Inbound) else inbound(what)

    async def delivered(self) -> bool:
        return self.reachable

    async def perform(self, effect: Effect[A], progress: Progress | None = None) -> A:
        if not isinstance(effect, Call):
            return effect.in_memory(_Memory(self))
        self.effects.append(effect)
        self.progress.append(progress)
        self.now += self._slow
        return cast("A", self._erp[effect.called.partition(".")[2]])

    def detour(self, message: Inbound, *, again: bool = True) -> Detour | None:
        word = keyword(message, self.texts)
        if word is None or word not in self.keywords or (word == "repeat" and not again):
            return None
        return detour(word)

    def returned(self) -> tuple[str, Mapping[str, JsonValue]] | None:
        return self.came_back

    def patched(self, change: str) -> bool:
        return True

    def _names(self, more: Mapping[str, JsonValue]) -> dict[str, object]:
        return {
            "contact": {
                **self.known.model_dump(mode="json"),
                "address": "5511987654321",
                "name": self.known.name or "ana souza",
                "language": self.known.language,
            },
            "conversation": {
                "protocol": "20261121-000001",
                "channel": self.channel,
                "account": "site",
                "opened_at": START.isoformat(),
                "tags": list(self.tags),
                "priority": self.priority,
                "window_open": True,
            },
            "company": {"name": "Conecta"},
            "answers": {},
            "now": self.now.isoformat(),
            **self.variables,
            **more,
        }


class _Memory(InMemoryWorld):
    """What the effects of *conversation* find."""

    def __init__(self, conversation: FakeConversation) -> None:
        super().__init__({}, templates=conversation.templates)
        self._conversation = conversation

    @override
    def queue(self, effect: FindQueue) -> Queue:
        return self._conversation.queue

    @override
    def place(self, effect: FindPlace) -> Place:
        self._conversation.places_asked.append(effect)
        return self._conversation.places.pop(0) if self._conversation.places else Place()


def _lasting(duration: str) -> timedelta:
    return timedelta(0) if duration == "0s" else parse_duration(duration)
