"""The world that effects find in memory, without database and network."""

from typing import TYPE_CHECKING, Protocol

from domain.delivery import Delivered
from domain.people import Place, Queue
from domain.template import MessageTemplate
from domain.times import BusinessTime, Moment

if TYPE_CHECKING:
    from domain import effect as effects


class World(Protocol):
    """The world of a story, of `prosa flow play` or of a test; FlowError for anything that it does not have."""

    def deliver(self, effect: "effects.Deliver") -> Delivered:
        """Write a turn into the journal, and settle its messages."""
        ...

    def load(self, effect: "effects.LoadFlow") -> "effects.LoadedFlow":
        """Return a flow."""
        ...

    def moment(self, effect: "effects.FindMoment") -> Moment:
        """Return the moment at which clocks show a time."""
        ...

    def business_time(self, effect: "effects.FindBusinessTime") -> BusinessTime:
        """Return whether the company is open."""
        ...

    def queue(self, effect: "effects.FindQueue") -> Queue:
        """Return a queue."""
        ...

    def place(self, effect: "effects.FindPlace") -> Place:
        """Return where the conversation stands in a queue."""
        ...

    def template(self, effect: "effects.FindTemplate") -> MessageTemplate:
        """Return a template."""
        ...

    def callback(self, effect: "effects.MakeCallback") -> str:
        """Return the address for an event."""
        ...
