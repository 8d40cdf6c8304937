"""What a conversation asks of the world; each effect becomes one activity."""

from datetime import timedelta
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import AwareDatetime, Field, JsonValue

from domain.contact import Known
from domain.delivery import Delivered, Opening
from domain.event import Event
from domain.limits import LIMITS
from domain.message import Outreach, Part
from domain.model import Value
from domain.moments import BusinessTime, Moment
from domain.people import Queue
from domain.template import Template

A = TypeVar("A")


class Effect(Value, Generic[A]):
    """The argument of one activity, and what it answers."""

    activity: ClassVar[str]
    """Permanent name of the activity, as histories know it."""
    answer: ClassVar[type[Any]]


class Deliver(Effect[Delivered]):
    """Commit what a turn read, did and says, then send what it says: once per key (conversation, seq)."""

    activity: ClassVar[str] = "deliver"
    answer: ClassVar[type[Any]] = Delivered

    conversation_id: str
    account: str
    channel: str
    address: str
    opening: Opening | None = None
    consumed: tuple[str, ...] = ()
    """Inbox events read in this turn."""
    events: tuple[Event, ...] = ()
    parts: tuple[Part, ...] = ()
    learnt: Known = Known()
    """What is known of the contact from this turn on."""
    repeatable: bool = True
    """Whether the turn would begin with the very same events if it were played again with more messages at hand.

    Then it may be delivered before the history knows of it. A turn that came of a deadline may not: were it
    played again after a crash, a message that has come meanwhile would go first.
    """
    since: int = 0
    """The last event at the wait that the turn began with."""
    give_up: bool = False
    """Do not send: mark what is still queued as failed."""


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


class AtOnce(Effect[A], Generic[A]):
    """An effect that takes no time: something to look up or to make, which costs one event of the history."""

    @property
    def what(self) -> str:
        """What is looked up or made, as histories and errors name it."""
        raise NotImplementedError


class FindMoment(AtOnce[Moment]):
    """Find what a clock in *zone* means by *written*: libraries of time zones change, histories do not."""

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


class FindBusinessTime(AtOnce[BusinessTime]):
    """Look into a calendar: settings and libraries of holidays change, histories do not."""

    activity: ClassVar[str] = "find_business_time"
    answer: ClassVar[type[Any]] = BusinessTime

    calendar: str
    at: AwareDatetime

    @property
    def what(self) -> str:
        """The calendar."""
        return f"calendar {self.calendar!r}"


class FindQueue(AtOnce[Queue]):
    """Look a queue up: settings change, histories do not."""

    activity: ClassVar[str] = "find_queue"
    answer: ClassVar[type[Any]] = Queue

    queue: str

    @property
    def what(self) -> str:
        """The queue."""
        return f"queue {self.queue!r}"


class FindTemplate(AtOnce[Template]):
    """Look a template up: settings change, histories do not."""

    activity: ClassVar[str] = "find_template"
    answer: ClassVar[type[Any]] = Template

    template: str

    @property
    def what(self) -> str:
        """The template."""
        return f"template {self.template!r}"


class MakeCallback(AtOnce[str]):
    """Make the address for an event, a URL: signed with the installation's key, which no history holds."""

    activity: ClassVar[str] = "make_callback"
    answer: ClassVar[type[Any]] = str

    key: str
    event: str

    @property
    def what(self) -> str:
        """For which event."""
        return f"an address for {self.event}"


class CallAnswer(Value):
    """What became of a call to a system outside."""

    outcome: str = "ok"
    """`ok`, `not_found`, `rejected` or `failed`."""
    value: JsonValue = None
    reason: str = ""
    error: str = ""
    """Code of the error of a call that failed."""
    attempts: int = 1
    """How often it was tried, as far as that is known."""
    skipped: bool = False
    """Somebody of the company did not want to wait for it any longer."""
    started_at: AwareDatetime | None = None


C = TypeVar("C", bound=CallAnswer)


class Call(Effect[C], Generic[C]):
    """A call to a system outside, which is repeated while that does not answer."""

    key: str
    """Idempotency key for writes: conversation id and seq."""
    card: str = ""
    """Which card asks."""
    patience: timedelta
    """How long the call is retried before it counts as failed."""

    @property
    def called(self) -> str:
        """What is called, as logs and stories name it: `billing.find_invoices`."""
        raise NotImplementedError

    @property
    def given(self) -> dict[str, JsonValue]:
        """What the call brings along, as stories look at it."""
        raise NotImplementedError

    @property
    def attempt(self) -> timedelta:
        """How long one attempt may take."""
        return min(LIMITS.outside_call, self.patience)

    @property
    def idempotent(self) -> bool:
        """Whether it may be made again when nobody knows what became of it."""
        return True


class ErpAnswer(CallAnswer):
    """What an ERP operation answered; files have become references."""


class CallErp(Call[ErpAnswer]):
    """Run one operation of one connection."""

    activity: ClassVar[str] = "call_erp"
    answer: ClassVar[type[Any]] = ErpAnswer

    connection: str
    operation: str
    arguments: dict[str, JsonValue]

    @property
    def called(self) -> str:
        """Connection and operation."""
        return f"{self.connection}.{self.operation}"

    @property
    def given(self) -> dict[str, JsonValue]:
        """The arguments."""
        return self.arguments


class HttpAnswer(CallAnswer):
    """What an HTTP call was answered: JSON as it is, anything else as text."""

    status: int = 0
    """Of the last answer; 0 when there was none."""


class CallHttp(Call[HttpAnswer]):
    """Make one HTTP call to a host that the settings allow."""

    activity: ClassVar[str] = "call_http"
    answer: ClassVar[type[Any]] = HttpAnswer

    method: str
    url: str
    query: dict[str, JsonValue] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    body: JsonValue = None
    limit: timedelta
    """How long one attempt waits for the answer."""
    repeatable: bool = False
    """Whether it may be sent again when nobody knows whether it was taken."""

    @property
    def called(self) -> str:
        """The card: addresses may hold personal data."""
        return f"http.{self.card}"

    @property
    def idempotent(self) -> bool:
        """By its method (RFC 9110, 9.2.2), or because the other side knows repeats."""
        return self.repeatable or self.method not in {"POST", "PATCH"}

    @property
    def given(self) -> dict[str, JsonValue]:
        """Method, address, query and body."""
        return self.model_dump(mode="json", include={"method", "url", "query", "body"})


class OpenConversation(Call[CallAnswer]):
    """Open a conversation with somebody, unless one is open: the answer is `opened` or `already_open`."""

    activity: ClassVar[str] = "open_conversation"
    answer: ClassVar[type[Any]] = CallAnswer

    account: str
    address: str
    name: str = ""
    outreach: Outreach

    @property
    def called(self) -> str:
        """The card."""
        return f"open.{self.card}"

    @property
    def given(self) -> dict[str, JsonValue]:
        """Whom it is opened with, where, and what is played there."""
        said = {"message": self.outreach.message.text} if self.outreach.message else {}
        place = {"account": self.account, "address": self.address, "name": self.name}
        return {**place, "flow": self.outreach.flow, "inputs": self.outreach.inputs, **said}


class PostWebhook(Call[HttpAnswer]):
    """Post one event, signed, to a receiver that the settings name."""

    activity: ClassVar[str] = "post_webhook"
    answer: ClassVar[type[Any]] = HttpAnswer

    webhook: str
    event: str
    data: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def called(self) -> str:
        """The receiver."""
        return f"webhook.{self.webhook}"

    @property
    def given(self) -> dict[str, JsonValue]:
        """The event and its data."""
        return {"event": self.event, **self.data}
