"""The world in memory: it answers every effect for the story runner, for `prosa flow play` and for tests."""

from collections.abc import Mapping
from functools import cache
from typing import Final, TypeVar

from typing_extensions import override

from domain.contact import Known
from domain.delivery import Delivered, PartOutcome
from domain.effect import (
    Deliver,
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
from domain.event import Event
from domain.message import Part, PartState
from domain.people import Place, Queue
from domain.suggestion import nearest_or_all
from domain.template import MessageTemplate
from domain.times import BusinessTime, Moment
from domain.world import World
from flows.flow import Flow
from runtime.calendars import Calendars
from runtime.settings import Settings
from runtime.zones import moment

T = TypeVar("T")

EVENTS: Final = "https://example.com/events/"
"""Where the addresses lead that other systems are given here: the event's name follows."""
DAY: Final = "20261121"
"""The day in protocol numbers, unless another one is said."""


class InMemoryWorld(World):
    """One state for all effects: flows, a journal, the contact, calendars, queues and templates.

    Subclasses say what differs: the `given` of a story, the queue position that the person at `prosa flow play` gives.
    """

    def __init__(
        self,
        flows: Mapping[str, Flow],
        calendars: Calendars | None = None,
        queues: Mapping[str, Queue] | None = None,
        templates: Mapping[str, MessageTemplate] | None = None,
    ) -> None:
        self.calendars = calendars or _usual()
        self.queues = queues or {}
        self.templates = templates or {}
        self.day = DAY
        self._flows = flows
        self._versions = {name: flow.fingerprint({}) for name, flow in flows.items()}
        self.forget()

    def forget(self, known: Known | None = None) -> None:
        """Begin anew with an empty journal, and with the *known* facts about the contact."""
        self.journal: list[Event] = []
        """Every event of all conversations, in order."""
        self.known = known or Known()
        """Known facts about the contact, from earlier conversations too."""
        self._written: dict[str, set[int]] = {}

    @override
    def deliver(self, effect: Deliver) -> Delivered:
        """Write every event once, however often the turn comes."""
        written = self._written.setdefault(effect.conversation_id, set())
        self.journal += [event for event in effect.events if event.seq not in written]
        written.update(event.seq for event in effect.events)
        found, self.known = self.known, self.known.updated(effect.learnt)
        return Delivered(
            protocol=f"{self.day}-{len(self._written):06}",
            entry=self.version(effect.opening.flow) if effect.opening else "",
            known=found,
            parts=tuple(PartOutcome(seq=part.seq, state=self.becomes(part)) for part in effect.parts),
        )

    @override
    def load(self, effect: LoadFlow) -> LoadedFlow:
        flow = self._flows.get(effect.name)
        if flow is None or not self.version(flow.flow):
            raise FlowError(f"there is no flow {effect.name!r} that can be read")
        return LoadedFlow(
            name=flow.flow,
            version=self.version(flow.flow),
            number=1,
            content=flow.dump(),
            calls={name: self.version(name) for name in flow.called() if name in self._flows},
        )

    @override
    def moment(self, effect: FindMoment) -> Moment:
        return Moment(at=moment(effect.written, effect.zone))

    @override
    def business_time(self, effect: FindBusinessTime) -> BusinessTime:
        return self.calendars.business_time(effect.calendar, effect.at)

    @override
    def queue(self, effect: FindQueue) -> Queue:
        return _known("queue", effect.queue, self.queues)

    @override
    def place(self, effect: FindPlace) -> Place:
        """Return that the conversation is next."""
        return Place()

    @override
    def template(self, effect: FindTemplate) -> MessageTemplate:
        return _known("template", effect.template, self.templates)

    @override
    def callback(self, effect: MakeCallback) -> str:
        """Return an address that ends with the event's name."""
        return f"{EVENTS}{effect.event}"

    def version(self, name: str) -> str:
        """Return the version of a flow; nothing when there is none."""
        return self._versions.get(name, "")

    def becomes(self, part: Part) -> PartState:  # noqa: ARG002 - for those that override it
        """Return how far a message comes."""
        return "sent"


def _known(kind: str, name: str, known: Mapping[str, T]) -> T:
    if name not in known:
        raise FlowError(f"there is no {kind} {name!r} in prosa.toml{nearest_or_all(name, known)}")
    return known[name]


@cache
def _usual() -> Calendars:
    """Return the calendars of an installation whose settings say nothing."""
    return Calendars(Settings())
