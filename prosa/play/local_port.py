"""A flow played in this process, without any server: the person is the contact, the clock and the ERP."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NoReturn, TypeVar, cast

from typing_extensions import override

from domain.call import Call, CallAnswer
from domain.conversation import CloseRequest, Intervention, Setup, Snapshot
from domain.delivery import Delivered
from domain.duration import format_duration
from domain.effect import Deliver, Effect, FindPlace, FindQueue, LoadedFlow, LoadFlow
from domain.message import Inbound
from domain.people import Act, Place, Queue
from flows.flow import Flow
from interpreter.interpreter import Interpreter
from interpreter.port import Port
from prosa.play.person import TIPS, Left, Person
from runtime.calendars import Calendars
from runtime.settings import Settings
from stories.replies import with_files
from stories.world import InMemoryWorld

A = TypeVar("A")

NO_TIME = timedelta(0)


class _LocalWorld(InMemoryWorld):
    """The world as the settings have it; the person gives the position of a conversation in its queue."""

    def __init__(self, flows: Mapping[str, Flow], settings: Settings, person: Person) -> None:
        super().__init__(flows, Calendars(settings), settings.known_queues, settings.known_templates)
        self._person = person

    @override
    def queue(self, effect: FindQueue) -> Queue:
        return self.queues.get(effect.queue) or Queue(title=effect.queue)

    @override
    def place(self, effect: FindPlace) -> Place:
        return self._person.place(effect)


class LocalPort(Port):
    """Where a conversation is played; its clock moves when the person says so, and while connections are slow."""

    def __init__(self, flows: Mapping[str, Flow], person: Person, setup: Setup, settings: Settings) -> None:
        self._person = person
        self._setup = setup
        self._world = _LocalWorld(flows, settings, person)
        self._arrived: list[Inbound] = []
        self._acts: list[Act] = []
        self._now = datetime.now(UTC).replace(microsecond=0)
        self._left = NO_TIME
        """Rest of the time that the person lets pass."""
        self._state = Snapshot(conversation_id="")

    async def play(self) -> None:
        """Play one conversation after the other, until the person leaves."""
        self._person.note(TIPS)
        unread: list[Inbound] = []
        try:
            while True:
                while not unread:
                    await self.wait(None)
                    unread = self.drain()
                seen = [message.message_id for message in unread]
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
            done = await self._person.act(self._now, until, frame)
            if isinstance(done, Inbound):
                self._arrived.append(done)
            elif isinstance(done, Act):
                self._acts.append(done.model_copy(update={"handover": self._state.handover or 0}))
            else:
                self._left = done
        return False

    @override
    async def load(self, effect: LoadFlow) -> LoadedFlow:
        return effect.in_memory(self._world)

    @override
    async def deliver(self, effect: Deliver, summary: str) -> Delivered:
        for event in effect.events:
            self._person.show(event)
        self._world.day = f"{self._now:%Y%m%d}"
        return effect.in_memory(self._world)

    @override
    async def perform(
        self, effect: Effect[A], after: timedelta | None, report: Callable[[], Awaitable[None]] | None
    ) -> A:
        if not isinstance(effect, Call):
            return effect.in_memory(self._world)
        call = cast("Call[CallAnswer]", effect)
        reply = await self._person.answer(call)
        takes = min(reply.after or NO_TIME, call.patience)
        if after is not None and report is not None and takes > after:
            self._now += after
            await report()
            takes -= after
        self._now += takes
        outcome = "failed" if reply.after and reply.after >= call.patience else reply.outcome
        return cast("A", call.answer(outcome=outcome, value=with_files(reply.answer) if outcome == "ok" else None))

    @property
    @override
    def is_long(self) -> bool:
        return False

    @override
    async def resume(self, state: Snapshot) -> NoReturn:
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

    def _pass(self, until: datetime | None) -> bool:
        """Let the rest of a time pass, up to *until*; return whether *until* has come."""
        end = self._now + self._left
        reached = until is not None and end >= until
        stop = max(until, self._now) if reached and until is not None else end
        if stop > self._now:
            self._person.note(f"{format_duration(stop - self._now)} later")
        self._now, self._left = stop, end - stop
        return reached
