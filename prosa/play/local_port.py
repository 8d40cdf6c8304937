"""A flow played in this process, without any server: the person is the contact, the clock and the ERP."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, TypeVar, cast

from typing_extensions import override

from activities.clock import Clock
from domain.call import Call, CallAnswer
from domain.contact import Known
from domain.conversation import CloseRequest, Intervention, Setup, Snapshot
from domain.delivery import Delivered, PartOutcome
from domain.duration import format_duration
from domain.effect import (
    AtOnce,
    Deliver,
    Effect,
    FindBusinessTime,
    FindMoment,
    FindPlace,
    FindQueue,
    FindTemplate,
    LoadedFlow,
    LoadFlow,
    MakeCallback,
)
from domain.errors import FlowError
from domain.message import Inbound
from domain.people import Act, Queue
from domain.suggestion import nearest_or_all
from domain.template import Template
from flows.flow import Flow
from interpreter.interpreter import Interpreter
from interpreter.port import Port
from prosa.play.person import TIPS, Left, Player
from runtime.calendars import Calendars
from runtime.settings import Settings
from stories.fake_activities import EVENTS
from stories.replies import with_files

A = TypeVar("A")

NO_TIME = timedelta(0)


class Table(Port):
    """Where a conversation is played; its clock moves when the person says so, and while connections are slow."""

    def __init__(self, flows: Mapping[str, Flow], player: Player, setup: Setup, settings: Settings) -> None:
        self._flows = flows
        self._player = player
        self._setup = setup
        self._calendars = Calendars(settings)
        self._templates = settings.known_templates
        self._queues = settings.known_queues
        self._arrived: list[Inbound] = []
        self._acts: list[Act] = []
        self._conversations = 0
        self._now = datetime.now(UTC).replace(microsecond=0)
        self._left = NO_TIME
        """What is still to pass of the time that the person lets pass."""
        self._state = Snapshot(conversation_id="")
        self._known = Known()

    async def play(self) -> None:
        """Play one conversation after the other, until the person leaves."""
        self._player.note(TIPS)
        unread: list[Inbound] = []
        try:
            while True:
                while not unread:
                    await self.wait(None)
                    unread = self.drain()
                seen = [message.event_id for message in unread]
                self._state = Snapshot(conversation_id=seen[0], unread=unread, seen=seen)
                following = await Interpreter(self, self._setup, self._state).run()
                unread = [following, *self._state.unread] if following else []
        except Left:
            return

    # The port

    @property
    @override
    def now(self) -> datetime:
        return self._now

    @property
    @override
    def chain(self) -> str:
        return "played"

    @property
    @override
    def workflow_id(self) -> str:
        return "played"

    @property
    @override
    def close_request(self) -> CloseRequest | None:
        return None

    @override
    def take_intervention(self) -> Intervention | None:
        return None

    @override
    def drain(self) -> list[Inbound]:
        arrived, self._arrived = self._arrived, []
        return arrived

    @override
    def drain_acts(self) -> list[Act]:
        acts, self._acts = self._acts, []
        return acts

    @override
    async def wait(self, until: datetime | None) -> bool:
        while not self._arrived and not self._acts:
            if self._pass(until):
                return True
            frame = self._state.frames[-1] if self._state.frames else None
            done = await self._player.act(self._now, until, frame)
            if isinstance(done, Inbound):
                self._arrived.append(done)
            elif isinstance(done, Act):
                self._acts.append(done.model_copy(update={"handover": self._state.handover or 0}))
            else:
                self._left = done
        return False

    @override
    async def load(self, effect: LoadFlow) -> LoadedFlow:
        flow = self._flows.get(effect.name)
        if flow is None:
            raise FlowError(f"there is no flow {effect.name!r} that can be read")
        calls = {name: name for name in flow.called()}
        return LoadedFlow(name=flow.flow, version=flow.flow, number=1, content=flow.dump(), calls=calls)

    @override
    async def deliver(self, effect: Deliver, summary: str) -> Delivered:
        self._conversations += effect.opening is not None
        for event in effect.events:
            self._player.show(event)
        parts = tuple(PartOutcome(seq=part.seq, state="sent") for part in effect.parts)
        protocol = f"{self._now:%Y%m%d}-{self._conversations:06}"
        self._known = self._known.updated(effect.learnt)
        entry = effect.opening.flow if effect.opening else ""
        return Delivered(protocol=protocol, entry=entry, known=self._known, parts=parts)

    @override
    async def perform(
        self, effect: Effect[A], after: timedelta | None, report: Callable[[], Awaitable[None]] | None
    ) -> A:
        if isinstance(effect, AtOnce):
            return cast("A", await self._at_once(effect))
        if not isinstance(effect, Call):
            raise FlowError(f"{effect.activity!r} needs a server: it cannot be played here")
        call = cast("Call[CallAnswer]", effect)
        reply = await self._player.answer(call)
        takes = min(reply.after or NO_TIME, call.patience)
        if after is not None and report is not None and takes > after:
            self._now += after
            await report()
            takes -= after
        self._now += takes
        outcome = "failed" if reply.after and reply.after >= call.patience else reply.outcome
        return cast("A", call.answer(outcome=outcome, value=with_files(reply.answer) if outcome == "ok" else None))

    async def _at_once(self, effect: AtOnce[Any]) -> object:
        match effect:
            case FindMoment():
                found = await Clock().find_moment(effect)
            case FindBusinessTime():
                found = self._calendars.business_time(effect.calendar, effect.at)
            case FindQueue():
                found = self._queues.get(effect.queue) or Queue(title=effect.queue)
            case FindPlace():
                found = self._player.place(effect)
            case FindTemplate():
                found = self._template(effect.template)
            case MakeCallback():
                found = f"{EVENTS}{effect.event}"
            case _:
                raise FlowError(f"{effect.activity!r} needs a server: it cannot be played here")
        return found

    @override
    def rest(self, snapshot: Callable[[], Snapshot]) -> None:
        return

    @override
    def resume(self, state: Snapshot) -> NoReturn:
        raise AssertionError("only a lost journal asks for this, and there is none here")

    @override
    def show(self, state: Snapshot, waiting_for: str) -> None:
        return

    @override
    def tell(self, state: Snapshot, doing: str) -> None:
        return

    @override
    def patched(self, change: str) -> bool:
        return True

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            raise FlowError(f"there is no template {name!r} in prosa.toml{nearest_or_all(name, self._templates)}")
        return self._templates[name]

    def _pass(self, until: datetime | None) -> bool:
        """Let pass what is left of a time, up to *until*; say whether that has come."""
        end = self._now + self._left
        reached = until is not None and end >= until
        stop = max(until, self._now) if reached and until is not None else end
        if stop > self._now:
            self._player.note(f"{format_duration(stop - self._now)} later")
        self._now, self._left = stop, end - stop
        return reached
