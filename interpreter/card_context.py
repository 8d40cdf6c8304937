"""The conversation that a card sees, on top of the interpreter's state."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, NamedTuple, TypeVar

from pydantic import JsonValue
from typing_extensions import override

from domain.call import Call, CallAnswer
from domain.contact import Known
from domain.conversation import Frame, Priority, Setup, Snapshot
from domain.effect import AtOnce, Effect, FindMoment, MakeCallback
from domain.errors import FlowError
from domain.events.callbacks import EventExpected
from domain.events.kinds import AnyEvent
from domain.events.questions import QuestionAnswered
from domain.events.steps import TagAdded, VariableSet
from domain.keys import part_key, stable_choice
from domain.limits import LIMITS
from domain.message import Content, Inbound
from domain.model import Memory
from domain.people import Act
from domain.proof import Proof
from flows.conversation import Conversation, Progress
from flows.expressions import expression as expressions
from flows.expressions.clock import expression_reads_clock, reads_clock
from flows.flow import Flow
from flows.parts.moments import read_moment
from flows.play_result import Detour
from interpreter import bot_loops, detours, variables
from interpreter.expression_names import expression_names
from interpreter.mailbox import Closing, Mailbox, clock
from interpreter.port import Port

A = TypeVar("A")
M = TypeVar("M", bound=Memory)

HIDDEN = "•••"
"""What journal and logs show of a sensitive variable."""


class Scene(NamedTuple):
    """What the interpreter lends to every card that is played."""

    port: Port
    setup: Setup
    state: Snapshot
    mailbox: Mailbox


class CardContext(Conversation):
    """One card being played; see `flows.conversation.Conversation` for what each method promises."""

    def __init__(self, scene: Scene, flow: Flow) -> None:
        self._port = scene.port
        self._setup = scene.setup
        self._state = scene.state
        self._mailbox = scene.mailbox
        self._turn = scene.mailbox.turn
        self._flow = flow
        self._memory: Memory | None = None

    @property
    @override
    def now(self) -> datetime:
        return self._port.now

    @override
    def local(self, at: datetime) -> datetime:
        return self._setup.company.local(at)

    @property
    @override
    def key(self) -> str:
        return part_key(self._state.conversation_id, self._state.seq)

    @property
    @override
    def title(self) -> str:
        return self._flow.title or self._flow.flow

    @property
    @override
    def tags(self) -> tuple[str, ...]:
        return tuple(self._state.tags)

    @property
    @override
    def priority(self) -> Priority:
        return self._state.priority

    @property
    @override
    def proofs(self) -> tuple[Proof, ...]:
        return tuple(self._state.proofs)

    @property
    @override
    def survey(self) -> Literal["answered", "no_answer"] | None:
        return self._state.survey

    @property
    @override
    def openings_unheard(self) -> int:
        return self._state.openings + 1 if self._state.heard_at is None else 0

    @override
    def stable_choice(self, total: int) -> int:
        return stable_choice(self._state.conversation_id, self._frame.flow, self._frame.card or "", total)

    @override
    def memory(self, model: type[M]) -> M:
        if not isinstance(self._memory, model):
            self._memory = model.model_validate(self._frame.memory)
        return self._memory

    def keep_memory(self) -> None:
        """Write what the card remembers into its frame, so that a snapshot holds it."""
        if self._memory is not None:
            self._frame.memory = self._memory.model_dump(mode="json")

    @override
    def render(self, template: str, **names: JsonValue) -> str:
        self._forbid_repeat_when(clock_read=reads_clock(template))
        return expressions.render(template, {**self._names(), **names})

    @override
    def address(self, template: str) -> str:
        self._forbid_repeat_when(clock_read=reads_clock(template))
        return expressions.address(template, self._names())

    @override
    def evaluate(self, expression: str, **names: JsonValue) -> JsonValue:
        self._forbid_repeat_when(clock_read=expression_reads_clock(expression))
        return expressions.evaluate(expression, {**self._names(), **names})

    @override
    def fill(self, value: JsonValue, **names: JsonValue) -> JsonValue:
        self._forbid_repeat_when(clock_read=reads_clock(value))
        return expressions.fill(value, {**self._names(), **names})

    @override
    def text(self, name: str, **names: JsonValue) -> str:
        return self.render(getattr(self._flow.texts, name), **names)

    @override
    def words(self, name: str) -> tuple[str, ...]:
        return getattr(self._flow.texts, name)

    @property
    @override
    def known(self) -> Known:
        return self._state.known

    @override
    def learn(self, more: Known) -> None:
        if (size := variables.size_of(self.known.updated(more).model_dump(mode="json"))) > LIMITS.contact:
            raise FlowError(f"what is known of the contact would have {size} bytes, {LIMITS.contact} at most")
        self._turn.learn(more)

    @override
    def set(self, variable: str, value: JsonValue) -> None:
        variables.keep(self._state.frames, self._flow, variable, value)

    @override
    def say(self, content: Content, by: str = "") -> None:
        self._turn.say(content, self.now, by)

    @override
    def record(self, event: AnyEvent) -> None:
        if isinstance(event, QuestionAnswered) and self._frame.card is not None:
            self._frame.answers[self._frame.card] = event.value
            self._frame.asked = detours.asked_after(self._frame.asked, self._frame.card)
        if isinstance(event, QuestionAnswered | VariableSet) and self._is_sensitive(event.variable):
            event = event.model_copy(update={"value": HIDDEN})
        if isinstance(event, TagAdded) and len(self._state.tags) >= LIMITS.tags:
            raise FlowError(f"a conversation has {LIMITS.tags} tags at most")
        self._turn.record(event, self.now)

    @override
    async def next_message(self, until: datetime | None) -> Inbound | None:
        self.keep_memory()
        message = await self._mailbox.next_message(until)
        if message is not None and bot_loops.is_suspect(self._state, message):
            self.say(Content(text=self.text("robot")))
            raise Closing(bot_loops.ROBOT)
        if message is not None and message.truncated:
            self.say(Content(text=self.text("text_too_long")))
        return message

    @override
    async def peek(self, until: datetime | None) -> Inbound | None:
        self.keep_memory()
        return await self._mailbox.peek(until)

    @override
    async def attend(self, until: datetime | None, whom: str = "people") -> Inbound | Act | None:
        self.keep_memory()
        return await self._mailbox.attend(until, whom)

    @override
    async def pause(self, until: datetime) -> None:
        self.keep_memory()
        await self._mailbox.pause(until)

    @override
    async def expect(self, event: str) -> str:
        self.record(EventExpected(event=event))
        self._frame.expected[event] = key = self.key
        return await self.perform(MakeCallback(key=key, event=event))

    @override
    async def next_event(self, event: str, until: datetime, *, interruptible: bool) -> Inbound | None:
        self.keep_memory()
        key = self._frame.expected.get(event)
        if key is None:
            raise FlowError(f"event {event!r} is not expected: a card `expect_event` makes its address first")
        message = await self._mailbox.next_event(key, until, interruptible=interruptible)
        if message is not None and message.source == "system":
            del self._frame.expected[event]
        return message

    @override
    async def moment(self, written: str) -> datetime:
        moment = read_moment(written, self.now)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        found = await self.perform(FindMoment(written=moment.isoformat(), zone=self._setup.company.zone))
        return found.at

    @override
    async def delivered(self) -> bool:
        self.keep_memory()
        return not await self._mailbox.flush()

    @override
    async def perform(self, effect: Effect[A], progress: Progress | None = None) -> A:
        self.keep_memory()
        self._mailbox.budget.count_call()
        await self._mailbox.flush()
        self._tell_of(effect)
        answer = await self._perform(effect, progress)
        if isinstance(effect, AtOnce) and effect.passing:
            self._turn.forbid_repeat("what was looked up changes with time")
        if isinstance(answer, CallAnswer) and answer.skipped:
            self._mailbox.note_skip("failed")
        return answer

    async def _perform(self, effect: Effect[A], progress: Progress | None) -> A:
        if progress is None:
            return await self._port.perform(effect, None, None)
        text = self.render(progress.text)

        async def report() -> None:
            self.say(Content(text=text))
            self._turn.forbid_repeat("a call took long, and may be quick the next time")
            await self._mailbox.flush()

        return await self._port.perform(effect, progress.after, report)

    @override
    def detour(self, message: Inbound, *, again: bool = True) -> Detour | None:
        found = detours.asked(message, self._flow, self._state.frames, self._setup.keywords)
        return found if found is not None and (again or not detours.stays(found, self._state.frames)) else None

    @override
    def returned(self) -> tuple[str, Mapping[str, JsonValue]] | None:
        frame = self._frame
        return None if frame.result is None else (frame.exit or "", frame.result)

    @override
    def patched(self, change: str) -> bool:
        return self._port.patched(change)

    def _tell_of(self, effect: object) -> None:
        if isinstance(effect, Call):
            where = f"at card {self._frame.card!r} of flow {self._frame.flow!r} version {self._frame.number}"
            until = clock(self._port.now + effect.patience)
            self._port.tell(self._state, f"calls {effect.called} {where}, tries until {until}")

    def _forbid_repeat_when(self, *, clock_read: bool) -> None:
        if clock_read:
            self._turn.forbid_repeat("it reads the clock")

    def _is_sensitive(self, variable: str | None) -> bool:
        known = self._flow.variables
        return variable in known and known[variable].sensitive

    @property
    def _frame(self) -> Frame:
        return self._state.frames[-1]

    def _names(self) -> dict[str, object]:
        unset: dict[str, object] = {name: variable.default for name, variable in self._flow.variables.items()}
        names = expression_names(self._setup, self._state, self.now)
        return {**unset, **self._frame.variables, **names, "answers": self._frame.answers}
