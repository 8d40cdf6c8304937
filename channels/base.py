"""The contract of every channel."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar, Final, Literal

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.capabilities import Capabilities
from domain.message import FileContent, Part, PartState
from domain.model import Value
from domain.registry import Registry


class WebhookRequest(Value):
    """A request as it arrived: nothing of it has been believed yet."""

    method: str
    headers: Mapping[str, str]
    """Names in lower case."""
    query: Mapping[str, str]
    body: bytes


class InboundMessage(Value):
    """One interaction of a contact, as a channel reads it."""

    provider_event_id: str
    """What the provider calls it: the same in every repeat of the webhook."""
    address: str
    name: str = ""
    at: AwareDatetime | None = None
    text: str = ""
    choice: str | None = None
    files: tuple[FileContent, ...] = ()


class StatusReport(Value):
    """What a provider says later of a part that it took."""

    external_id: str
    state: PartState
    reason: str = ""


class Webhook(Value):
    """What a request contained, and what to answer when that is not just 200."""

    messages: tuple[InboundMessage, ...] = ()
    reports: tuple[StatusReport, ...] = ()
    unreadable: tuple[str, ...] = ()
    """One sentence for each item that could not be read; its siblings are kept."""
    reply: str | None = None


class Outgoing(Value):
    """One provider call to make."""

    conversation_id: str
    key: str
    """Idempotency key: conversation id and seq."""
    address: str
    part: Part
    file_url: str | None = None
    """Where the provider can fetch the part's file."""


class Receipt(Value):
    """The provider took a part."""

    external_id: str = ""
    state: Literal["sent", "delivered"] = "sent"


class ChannelSettings(BaseModel):
    """What an account of this channel needs; subclasses add keys. Secrets are written `secret://name`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


AfterCrash = Literal["send_again", "leave_unknown", "harmless"]
"""What to do with a part that may have been sent: send it again, marked; leave it to people; nothing can be doubled."""


class Channel(ABC):
    """One account of one channel: reads what its provider posts, and makes its calls."""

    Settings: ClassVar[type[ChannelSettings]] = ChannelSettings
    capabilities: ClassVar[Capabilities] = Capabilities()

    def __init__(self, account: str, settings: ChannelSettings, tools: "Tools") -> None:
        self.account = account
        self.settings = settings
        self.tools = tools

    @property
    def after_crash(self) -> AfterCrash:
        """The rule for a part whose sending was cut off; `leave_unknown` unless the channel knows better."""
        return "leave_unknown"

    @abstractmethod
    def parse(self, request: WebhookRequest) -> Webhook:
        """Verify *request* on its raw bytes, then read it. InvalidWebhookError when it is not the provider's."""

    @abstractmethod
    async def send(self, outgoing: Outgoing) -> Receipt:
        """Make one call, without retries. SendError says what is known of its outcome."""

    async def reconcile(self, outgoing: Outgoing) -> Receipt | None:
        """Find out whether an earlier call for the same key arrived; None where the provider cannot say."""
        del outgoing
        return None

    async def listen(self, receive: Callable[[InboundMessage], Awaitable[None]]) -> None:
        """Fetch messages from a provider without webhooks, until cancelled; most channels have nothing to do."""
        del receive


class Tools(Value):
    """What a channel is given: the process's HTTP client, the installation's key, and how to resolve secrets."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    http: httpx.AsyncClient
    key: bytes
    secret: Callable[[str], str]


channels: Final = Registry[Channel]("channel")
