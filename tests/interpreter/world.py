"""A world for the interpreter without Temporal: a clock that jumps, a script of what the contact does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NoReturn, TypeVar, cast

from pydantic import JsonValue
from typing_extensions import override

from domain.call import CallAnswer, CallErp, ConnectionCall, ErpAnswer, StartConversation
from domain.contact import Known
from domain.conversation import CloseRequest, Contact, Intervention, Setup, Snapshot
from domain.delivery import Delivered
from domain.effect import Deliver, Effect, LoadedFlow, LoadFlow, MakeCallback
from domain.event import Event
from domain.message import Callback, FileRef, Inbound, Part, PartState
from domain.people import Act, Queue
from domain.template import MessageTemplate
from flows.reader import read_flow
from interpreter.interpreter import Interpreter
from interpreter.left_behind import leave_behind
from interpreter.port import Port
from stories.world import EVENTS, InMemoryWorld

A = TypeVar("A")

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SETUP = Setup(account="site", channel="webchat", flow="main", contact=Contact(address="a", name="Ana Souza"))


class Rested(BaseException):
    """The interpreter continued as a new run; stands for Temporal's ContinueAsNewError."""


class Silent(BaseException):
    """The script is at its end and the conversation waits without a deadline, or for the contact."""


@dataclass
class World(Port):
    """Flows by name, ERP answers by operation, and what the contact does at which second."""

    flows: Mapping[str, str]
    script: list[tuple[float, str | Inbound]]
    """Seconds after START, and what is said; several at one moment arrive together."""
    answers: Mapping[str, ErpAnswer] = field(default_factory=dict[str, ErpAnswer])
    refused: Mapping[str, PartState] = field(default_factory=dict[str, PartState])
    """Beginning of a bot's text, and what becomes of it."""
    queues: Mapping[str, Queue] = field(default_factory=lambda: {"main": Queue()})
    acts: list[tuple[float, Act]] = field(default_factory=list[tuple[float, Act]])
    """Acts of agents and their times; an act with handover -1 is meant for the handover of that moment."""
    templates: Mapping[str, MessageTemplate] = field(default_factory=dict[str, MessageTemplate])
    turns_per_run: int = 1_000
    stale: bool = False
    clock: datetime = START
    setup: Setup = SETUP
    delivered: list[Deliver] = field(default_factory=list[Deliver])
    shown: list[str] = field(default_factory=list[str])
    told: list[str] = field(default_factory=list[str])
    calls: list[CallErp] = field(default_factory=list[CallErp])
    opened: list[StartConversation] = field(default_factory=list[StartConversation])
    said_before_calls: list[list[str]] = field(default_factory=list[list[str]])
    closing: CloseRequest | None = None
    interventions: list[Callable[[Snapshot], Intervention]] = field(
        default_factory=list[Callable[[Snapshot], Intervention]]
    )
    """Interventions of an operator, one at each wait of the conversation that is shown."""
    known: Known = field(default_factory=Known)
    """What is known of the contact, from earlier conversations too."""
    rests: int = 0
    left_behind: int = 0
    sizes: list[int] = field(default_factory=list[int])
    """Length of each snapshot that a new run was given."""
    _turns_before: int = 0
    _count: int = 0
    _intervention: Intervention | None = None

    def __post_init__(self) -> None:
        self._memory = _Memory(self)

    # What a test asks

    async def play(self) -> Inbound | None:
        """Play from the first message on, over as many runs as it takes; return what begins a new conversation."""
        state = Snapshot(conversation_id="")
        first = self.drain()
        state.conversation_id = first[0].message_id
        state.unread, state.seen = first, [message.message_id for message in first]
        while True:
            self.state = state
            self._turns_before = state.turns
            try:
                return await Interpreter(self, self.setup, state).run()
            except Rested:
                state = Snapshot.model_validate_json(self.state.model_dump_json())
            except Silent:
                return None

    @property
    def events(self) -> list[Event]:
        """The journal."""
        return [event for effect in self.delivered for event in effect.events]

    @property
    def said(self) -> list[str]:
        """What the bot said."""
        return [
            part.text or (part.file.name if part.file else "") for effect in self.delivered for part in effect.parts
        ]

    def kinds(self) -> list[str]:
        """The kinds of events, in order."""
        return [event.kind for event in self.events]

    # The port

    @property
    @override
    def now(self) -> datetime:
        return self.clock

    @property
    @override
    def chain(self) -> str:
        return "chain"

    @property
    @override
    def workflow_id(self) -> str:
        return "conversation:site:a"

    @property
    @override
    def close_request(self) -> CloseRequest | None:
        return self.closing

    @override
    def take_intervention(self) -> Intervention | None:
        taken, self._intervention = self._intervention, None
        return taken

    @override
    def drain(self) -> list[Inbound]:
        passed = (self.clock - START).total_seconds()
        due = [said for at, said in self.script if at <= passed]
        self.script = [(at, said) for at, said in self.script if at > passed]
        return [self._message(said) for said in due]

    @override
    def drain_acts(self) -> list[Act]:
        passed = (self.clock - START).total_seconds()
        due = [act for at, act in self.acts if at <= passed]
        self.acts = [(at, act) for at, act in self.acts if at > passed]
        now = self.state.handover or 0
        return [act.model_copy(update={"handover": now}) if act.handover < 0 else act for act in due]

    def _message(self, said: str | Inbound) -> Inbound:
        self._count += 1
        return said if isinstance(said, Inbound) else message(said, f"e{self._count}", self.clock)

    @override
    async def wait(self, until: datetime | None) -> bool:
        ahead = [at for at, _ in (*self.script, *self.acts)]
        nearest = START + timedelta(seconds=min(ahead)) if ahead else None
        if self.interventions and nearest is None:
            self._intervention = self.interventions.pop(0)(self.state)
            return False
        moments = [moment for moment in (nearest, until) if moment is not None]
        if not moments:
            raise Silent
        self.clock = max(self.clock, min(moments))
        return until is not None and self.clock >= until

    @override
    async def load(self, effect: LoadFlow) -> LoadedFlow:
        return effect.in_memory(self._memory)

    @override
    async def deliver(self, effect: Deliver, summary: str) -> Delivered:
        if self.stale:
            return Delivered(stale=True)
        self.delivered.append(effect)
        delivered = effect.in_memory(self._memory)
        self.known = self._memory.known
        return delivered

    @override
    async def perform(
        self, effect: Effect[A], after: timedelta | None, report: Callable[[], Awaitable[None]] | None
    ) -> A:
        if isinstance(effect, StartConversation):
            self.opened.append(effect)
            return cast("A", CallAnswer(value="opened"))
        if isinstance(effect, ConnectionCall) and not isinstance(effect, CallErp):
            return cast("A", self.answers[effect.activity])
        if not isinstance(effect, CallErp):
            return effect.in_memory(self._memory)
        self.calls.append(effect)
        self.said_before_calls.append(self.said)
        found = self.answers[effect.operation]
        if found.outcome == "slow" and after is not None and report is not None:
            self.clock += after
            await report()
            found = found.model_copy(update={"outcome": "ok"})
        return cast("A", found)

    @property
    @override
    def is_long(self) -> bool:
        return self.state.turns - self._turns_before >= self.turns_per_run

    @override
    async def resume(self, state: Snapshot) -> NoReturn:
        self.rests += self.is_long
        unread = {one.message_id: one for one in state.unread}
        if behind := leave_behind(state):
            self.left_behind += len(behind)
            passed = (self.clock - START).total_seconds()
            self.script = [*((passed, unread[one]) for one in behind), *self.script]
        self.sizes.append(len(state.model_dump_json()))
        self.state = state
        raise Rested

    @override
    def show(self, state: Snapshot, waiting_for: str) -> None:
        self.shown.append(waiting_for)

    @override
    def tell(self, state: Snapshot, doing: str) -> None:
        self.told.append(doing)

    @override
    def patched(self, change: str) -> bool:
        return True


class _Memory(InMemoryWorld):
    """What the effects of *played* find: versions with names, parts refused by how they begin, addresses by key."""

    def __init__(self, played: World) -> None:
        flows = {name: read_flow(text, f"{name}.yaml") for name, text in played.flows.items()}
        super().__init__(flows, queues=played.queues, templates=played.templates)
        self.forget(played.known)
        self._refused = played.refused

    @override
    def version(self, name: str) -> str:
        return f"{name}-1" if super().version(name) else ""

    @override
    def becomes(self, part: Part) -> PartState:
        states: list[PartState] = [state for begins, state in self._refused.items() if part.text.startswith(begins)]
        return states[0] if states else "sent"

    @override
    def callback(self, effect: MakeCallback) -> str:
        return f"{EVENTS}{effect.key}"


def message(text: str, message_id: str, at: datetime = START, files: tuple[FileRef, ...] = ()) -> Inbound:
    """Return something that the contact says."""
    return Inbound(message_id=message_id, at=at, text=text, files=files)


def told(key: str, data: JsonValue = None, event: str = "payment") -> Inbound:
    """Return what another system tells at the address for *key*."""
    return Inbound(message_id=f"told-{key}", at=START, callback=Callback(key=key, event=event, data=data))


def flow(cards: str, name: str = "main", variables: str = "name: {type: text}", more: str = "") -> str:
    """Return the YAML of a flow with *cards*, each line of them indented by two."""
    return f"spec: 1\nflow: {name}\ntitle: {name}\n{more}\nvariables:\n  {variables}\ncards:\n{cards}\n"


def ok(value: JsonValue) -> ErpAnswer:
    """Return an ERP's answer."""
    return ErpAnswer(value=value)
