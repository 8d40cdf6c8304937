"""The contract of every channel."""

import base64
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, ClassVar, Final, Literal

import httpx
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from domain.capabilities import Capabilities
from domain.errors import (
    InvalidWebhookError,
    SettingsError,
    UnknownNameError,
)
from domain.language import is_language
from domain.limits import LIMITS
from domain.message import FileContent, FileRef, Location, Part
from domain.model import Value
from domain.proof import Verified
from domain.registry import Registry
from domain.storable import Reason, storable
from runtime.sections import Account
from runtime.settings import refuse

Text = Annotated[str, AfterValidator(storable)]
"""Text from outside, fit to be stored."""
Identifier = Annotated[Text, Field(min_length=1, max_length=512)]
"""A provider's name of something; longer ones do not fit an index."""


def _decode(value: object) -> object:
    # binascii's errors are ValueErrors, so pydantic reports them; its own Base64Bytes skips what it cannot read.
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


Base64 = Annotated[bytes, BeforeValidator(_decode)]
"""Bytes that JSON carries in base64."""


class WebhookRequest(Value):
    """A request as it arrived: nothing of it has been believed yet."""

    method: str
    headers: Mapping[str, str]
    """Names in lower case."""
    query: Mapping[str, str]
    body: bytes


def _kept(place: Location) -> Location:
    return place.model_copy(update={"name": storable(place.name)[:512], "address": storable(place.address)[:512]})


Place = Annotated[Location, AfterValidator(_kept)]
"""A place from outside, fit to be stored."""


Spoken = Annotated[str, AfterValidator(lambda tag: tag if is_language(tag) else "")]
"""A language from outside; empty when it is none."""


class InboundMessage(Value):
    """One interaction of a contact, as a channel reads it."""

    provider_message_id: Identifier
    """The provider's id of the message: the same in every repeat of the webhook."""
    address: Identifier
    name: Text = ""
    at: AwareDatetime | None = None
    text: Text = ""
    choice: Text | None = None
    files: tuple[FileContent, ...] = ()
    stored: tuple[FileRef, ...] = ()
    """Files that came before the message, and are in the file store."""
    location: Place | None = None
    language: Spoken = ""
    referral: Annotated[Text, Field(max_length=512)] = ""
    missed_call: bool = False
    """The contact has called, and nobody took it."""


def bounded(items: list[Any]) -> list[Any]:
    """Return *items*, what one webhook holds; InvalidWebhookError, before any of it is read, when they are too many."""
    if len(items) > LIMITS.webhook_items:
        raise InvalidWebhookError(f"expected at most {LIMITS.webhook_items} items, found {len(items)}")
    return items


ReportedState = Literal["sent", "delivered", "read", "failed"]


class StatusReport(Value):
    """A provider's later report on a part that it took."""

    external_id: Identifier
    state: ReportedState
    reason: Reason = ""


class Webhook(Value):
    """The content of a request, and the answer to it when that is not just 200."""

    messages: tuple[InboundMessage, ...] = ()
    reports: tuple[StatusReport, ...] = ()
    unreadable: tuple[str, ...] = ()
    """One sentence for each item that could not be read; its siblings are kept."""
    reply: str | None = None
    signature: str = ""
    """The provider's signature that fitted, where another account with the same secret would take it too."""


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
    """Settings of an account of this channel; subclasses add keys, each with a docstring: they are the documentation.

    Secrets are written `secret://name`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)

    call_timeout: float = Field(
        default=LIMITS.provider_call_usual.total_seconds(), ge=1, le=LIMITS.provider_call.total_seconds()
    )
    """Seconds that the provider has to take a message and answer, from 1 to 10."""


class Rate(Value):
    """So many messages in so many seconds."""

    count: int
    seconds: float


AfterCrash = Literal["send_again", "leave_unknown", "harmless"]
"""Rule for a part that may have been sent: send it again, marked; leave it to people; a repeat does no harm."""


class Channel(ABC):
    """One account of one channel: reads its provider's webhooks, and makes its calls."""

    Settings: ClassVar[type[ChannelSettings]] = ChannelSettings
    capabilities: ClassVar[Capabilities] = Capabilities()
    rate: ClassVar[Rate | None] = None
    """How much one address may send, where no provider sees to it; the gateway answers 429 beyond."""

    verifies: Verified | None = None
    """The kind of address that the provider has verified, so that it proves who a contact is; None: it has not."""

    def __init__(self, account: str, settings: ChannelSettings, tools: "Tools") -> None:
        self.account = account
        self.settings = settings
        self.tools = tools

    @property
    def kind(self) -> str:
        """The name of the channel, as settings and the addresses of webhooks write it: that of its file."""
        return channels.name_of(type(self))

    @classmethod
    def reaches(cls, address: str) -> bool:
        """Return whether somebody may have *address*, also when they have never written."""
        del address
        return True

    @property
    def origins(self) -> tuple[str, ...] | None:
        """The web origins, besides our own, whose pages may call the gateway; None: not a channel for browsers."""
        return None

    @property
    def after_crash(self) -> AfterCrash:
        """The rule for a part whose sending was cut off; `leave_unknown` unless the channel knows better."""
        return "leave_unknown"

    @abstractmethod
    def parse(self, request: WebhookRequest) -> Webhook:
        """Verify *request* on its raw bytes, then read it; called in a thread when the body is large.

        InvalidWebhookError when it is not the provider's, or has more items than `bounded` allows.
        """

    @abstractmethod
    async def send(self, outgoing: Outgoing) -> Receipt:
        """Make one call, without retries. The class of the SendError tells its outcome."""

    async def reconcile(self, outgoing: Outgoing) -> Receipt | None:
        """Find out whether an earlier call for the same key arrived: its receipt, or None where nobody can say.

        NotSentError when it certainly did not.
        """
        del outgoing
        return None

    async def listen(self, receive: Callable[[InboundMessage], Awaitable[None]]) -> None:
        """Fetch messages from a provider without webhooks, until cancelled; most channels have nothing to do."""
        del receive


def _now() -> float:
    return time.time()


class Tools(Value):
    """Tools for a channel: the process's HTTP client, the installation's keys, secrets, and the time."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    http: httpx.AsyncClient
    key: bytes
    secret: Callable[[str], str]
    former_keys: tuple[bytes, ...] = ()
    """Keys before `key`: their signatures are still accepted."""
    clock: Callable[[], float] = _now
    """Seconds since 1970, for expiry checks."""


channels: Final = Registry[Channel]("channel", rooms=("protocols",))


def open_channels(accounts: Mapping[str, Account], tools: Tools) -> dict[str, Channel]:
    """Return a channel for each of *accounts*; SettingsError names the account and the key that is wrong."""
    opened: dict[str, Channel] = {}
    for name, account in accounts.items():
        try:
            kind = channels[account.channel]
        except UnknownNameError as error:
            raise SettingsError(f"accounts.{name}.channel: {error}") from error
        try:
            settings = kind.Settings(**account.options)
        except ValidationError as error:
            raise refuse(f"accounts.{name}", error, kind.Settings) from error
        opened[name] = kind(name, settings, tools)
    return opened
