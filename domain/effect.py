"""Effects: requests of a conversation to the world; each becomes one activity."""

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import AwareDatetime, Field, JsonValue

from domain.contact import Known
from domain.conversation import Priority
from domain.delivery import Delivered, OpeningClaim
from domain.errors import FlowError
from domain.event import Event
from domain.message import Part
from domain.model import Value
from domain.people import Place, Queue
from domain.template import MessageTemplate
from domain.times import BusinessTime, Moment
from domain.world import World

A = TypeVar("A")


class Effect(Value, Generic[A]):
    """The argument of one activity, and the type of its answer."""

    activity: ClassVar[str]
    """Permanent name of the activity, as histories know it."""
    answer: ClassVar[type[Any]]

    def in_memory(self, world: World) -> A:  # noqa: ARG002 - for those that override it
        """Answer without the activity, in stories, in `prosa flow play` and in tests; FlowError when nothing can.

        An effect overrides it in its own file. Calls do not: a story's author, the person
        at `prosa flow play` or a test answers them.
        """
        raise FlowError(f"{self.activity!r} needs a server: it cannot be played here")


def effects() -> dict[str, type[Effect[Any]]]:
    """Return all effects by the names of their activities, as far as their modules have been imported."""
    return {kind.activity: kind for kind in _below(Effect) if "activity" in vars(kind)}


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


class GivenBack(Value):
    """The messages are told again: how many."""

    messages: int = 0


class GiveBack(Effect[GivenBack]):
    """Let the inbox tell messages again that a workflow has heard and cannot keep, before whatever came after them."""

    activity: ClassVar[str] = "give_back"
    answer: ClassVar[type[Any]] = GivenBack

    workflow_id: str
    message_ids: tuple[str, ...]
    """In order; those that have been read stay so."""

    def in_memory(self, world: World) -> GivenBack:  # noqa: ARG002 - there is no inbox
        """Forget them."""
        return GivenBack()


class Deliver(Effect[Delivered]):
    """Commit the reads, events and messages of a turn, then send the messages: once per key (conversation, seq)."""

    activity: ClassVar[str] = "deliver"
    answer: ClassVar[type[Any]] = Delivered

    conversation_id: str
    account: str
    channel: str
    address: str
    opening: OpeningClaim | None = None
    consumed: tuple[str, ...] = ()
    """Ids of the inbox messages read in this turn."""
    events: tuple[Event, ...] = ()
    parts: tuple[Part, ...] = ()
    learnt: Known = Known()
    """Known facts about the contact from this turn on."""
    repeatable: bool = True
    """Whether the turn would begin with the very same events if it were played again with more messages at hand.

    Then it may be delivered before the history knows of it. A turn that came of a deadline may not: were it
    played again after a crash, a message that has come meanwhile would go first.
    """
    since: int = 0
    """The last event at the wait that the turn began with."""
    give_up: bool = False
    """Do not send: mark queued parts as failed."""

    def in_memory(self, world: World) -> Delivered:
        """Write the turn into the journal of the world."""
        return world.deliver(self)


class LoadedFlow(Value):
    """One published version of a flow; `content` is the flow as `flows.flow.Flow` dumps it."""

    name: str
    version: str
    number: int
    content: dict[str, JsonValue]
    calls: dict[str, str] = Field(default_factory=dict)
    """Name of each flow that it calls, and the version pinned when this one was published."""


class LoadFlow(Effect[LoadedFlow]):
    """Read one flow version from the store: by its hash, or the one now published under the name."""

    activity: ClassVar[str] = "load_flow"
    answer: ClassVar[type[Any]] = LoadedFlow

    name: str
    version: str | None = None

    def in_memory(self, world: World) -> LoadedFlow:
        """Return the only version that there is in the world."""
        return world.load(self)


class AtOnce(Effect[A], Generic[A]):
    """An effect that takes no time: something to look up or to make, which costs one event of the history."""

    passing: ClassVar[bool] = False
    """Whether the answer holds for this moment only: played again, the turn would have another."""

    @property
    def what(self) -> str:
        """Name of the looked-up or created thing in histories and errors."""
        raise NotImplementedError


class FindMoment(AtOnce[Moment]):
    """Find the moment that *written* is as local time of *zone*: time zone libraries change, histories do not."""

    activity: ClassVar[str] = "find_moment"
    answer: ClassVar[type[Any]] = Moment

    written: str
    """A date, or a date and a time, in ISO 8601, without a zone."""
    zone: str
    """An IANA time zone."""

    @property
    def what(self) -> str:
        """The moment as it is written, and the zone."""
        return f"{self.written} in {self.zone}"

    def in_memory(self, world: World) -> Moment:
        """Return the moment by the same time zone library."""
        return world.moment(self)


class FindBusinessTime(AtOnce[BusinessTime]):
    """Look into a calendar: settings and libraries of holidays change, histories do not."""

    activity: ClassVar[str] = "find_business_time"
    answer: ClassVar[type[Any]] = BusinessTime
    passing: ClassVar[bool] = True

    calendar: str
    at: AwareDatetime

    @property
    def what(self) -> str:
        """The calendar."""
        return f"calendar {self.calendar!r}"

    def in_memory(self, world: World) -> BusinessTime:
        """Return the state of the calendar."""
        return world.business_time(self)


class FindQueue(AtOnce[Queue]):
    """Look a queue up: settings change, histories do not."""

    activity: ClassVar[str] = "find_queue"
    answer: ClassVar[type[Any]] = Queue

    queue: str

    @property
    def what(self) -> str:
        """The queue."""
        return f"queue {self.queue!r}"

    def in_memory(self, world: World) -> Queue:
        """Return the queue."""
        return world.queue(self)


class FindPlace(AtOnce[Place]):
    """Find where a conversation stands in a queue: others come and go, histories do not."""

    activity: ClassVar[str] = "find_place"
    answer: ClassVar[type[Any]] = Place
    passing: ClassVar[bool] = True

    queue: str
    priority: Priority
    since: AwareDatetime
    """Since when it waits there."""
    at: AwareDatetime

    @property
    def what(self) -> str:
        """The queue."""
        return f"place in queue {self.queue!r}"

    def in_memory(self, world: World) -> Place:
        """Return the place."""
        return world.place(self)


class FindTemplate(AtOnce[MessageTemplate]):
    """Look a template up: settings change, histories do not."""

    activity: ClassVar[str] = "find_template"
    answer: ClassVar[type[Any]] = MessageTemplate

    template: str

    @property
    def what(self) -> str:
        """The template."""
        return f"template {self.template!r}"

    def in_memory(self, world: World) -> MessageTemplate:
        """Return the template."""
        return world.template(self)


class MakeCallback(AtOnce[str]):
    """Make the address for an event, a URL: signed with the installation's key, which no history holds."""

    activity: ClassVar[str] = "make_callback"
    answer: ClassVar[type[Any]] = str

    key: str
    event: str

    @property
    def what(self) -> str:
        """Name of the event."""
        return f"an address for {self.event}"

    def in_memory(self, world: World) -> str:
        """Return an address that is known beforehand."""
        return world.callback(self)
