"""Calls of a conversation to other systems, and their answers."""

from datetime import timedelta
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import AwareDatetime, Field, JsonValue

from domain.effect import Effect
from domain.limits import LIMITS
from domain.message import Outreach
from domain.model import Value
from domain.storable import Reason


class CallAnswer(Value):
    """The result of a call to another system."""

    outcome: str = "ok"
    """`ok`, `not_found`, `rejected` or `failed`."""
    value: JsonValue = None
    reason: Reason = ""
    error: str = ""
    """Code of the error of a call that failed."""
    attempts: int = 1
    """How often it was tried, as far as that is known."""
    skipped: bool = False
    """Whether an operator gave the call up while it was being retried."""
    started_at: AwareDatetime | None = None


C = TypeVar("C", bound=CallAnswer)


class Call(Effect[C], Generic[C]):
    """A call to a system outside, which is repeated while that does not answer."""

    key: str
    """Idempotency key for writes: conversation id and seq."""
    card: str = ""
    """Id of the card that calls."""
    patience: timedelta
    """How long the call is retried before it counts as failed."""

    @property
    def called(self) -> str:
        """Name of the call in logs and stories: `billing.find_invoices`."""
        raise NotImplementedError

    @property
    def call_arguments(self) -> dict[str, JsonValue]:
        """Arguments of the call, for comparison in stories."""
        raise NotImplementedError

    @property
    def attempt(self) -> timedelta:
        """How long one attempt may take."""
        return min(LIMITS.outside_call, self.patience)

    @property
    def idempotent(self) -> bool:
        """Whether it may be made again when its outcome is unknown."""
        return True


class ConnectionCall(Call[C], Generic[C]):
    """A call to the system behind one connection, done on the task queue of that connection."""

    connection: str

    @property
    def called(self) -> str:
        """Connection and activity."""
        return f"{self.connection}.{self.activity}"

    @property
    def call_arguments(self) -> dict[str, JsonValue]:
        """The fields that are its own."""
        return self.model_dump(mode="json", exclude={"key", "card", "patience", "connection"})


class ErpAnswer(CallAnswer):
    """The answer of an ERP operation; files have become references."""


class CallErp(ConnectionCall[ErpAnswer]):
    """Run one operation of one connection."""

    activity: ClassVar[str] = "call_erp"
    answer: ClassVar[type[Any]] = ErpAnswer

    operation: str
    arguments: dict[str, JsonValue]
    proved: tuple[str, ...] = ()
    """The customers of this connection that the contact has proved to be."""

    @property
    def called(self) -> str:
        """Connection and operation."""
        return f"{self.connection}.{self.operation}"

    @property
    def call_arguments(self) -> dict[str, JsonValue]:
        """The arguments."""
        return self.arguments


class HttpAnswer(CallAnswer):
    """The answer to an HTTP call: JSON as it is, anything else as text."""

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
    def call_arguments(self) -> dict[str, JsonValue]:
        """Method, address, query and body."""
        return self.model_dump(mode="json", include={"method", "url", "query", "body"})


class FetchFile(CallHttp):
    """Fetch a file from a host that the settings allow: the value of the answer is the reference to it."""

    activity: ClassVar[str] = "fetch_file"

    method: str = "GET"

    @property
    def call_arguments(self) -> dict[str, JsonValue]:
        """The address."""
        return {"url": self.url}


class StartConversation(Call[CallAnswer]):
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
    def call_arguments(self) -> dict[str, JsonValue]:
        """Contact, account and flow of the conversation."""
        said = {"message": self.outreach.message.text} if self.outreach.message else {}
        place = {"account": self.account, "address": self.address, "name": self.name}
        return {**place, "flow": self.outreach.flow, "inputs": self.outreach.inputs, **said}


class EmailAnswer(CallAnswer):
    """The result of sending an e-mail."""

    refused: int = 0
    """How many of the addresses did not take it, while others did."""


class SendEmail(Call[EmailAnswer]):
    """Send an e-mail about an event to agents or operators; a repeat has the same Message-ID."""

    activity: ClassVar[str] = "send_email"
    answer: ClassVar[type[Any]] = EmailAnswer

    email: str
    """Name of the recipients' table in the settings (`[emails.NAME]`)."""
    event: str
    subject: str
    data: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def called(self) -> str:
        """Recipients of the e-mail."""
        return f"email.{self.email}"

    @property
    def call_arguments(self) -> dict[str, JsonValue]:
        """The event, the subject, and the data."""
        return {"event": self.event, "subject": self.subject, **self.data}


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
    def call_arguments(self) -> dict[str, JsonValue]:
        """The event and its data."""
        return {"event": self.event, **self.data}
