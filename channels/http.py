"""Any front end or middleware that speaks JSON over HTTP, both ways signed per Standard Webhooks."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, ClassVar, Final, Literal, cast, get_args

import httpx
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
    ValidationError,
)

from channels.base import (
    AfterCrash,
    Base64,
    Channel,
    ChannelSettings,
    Identifier,
    InboundMessage,
    Outgoing,
    Place,
    Receipt,
    ReportedState,
    Spoken,
    StatusReport,
    Text,
    Tools,
    Webhook,
    WebhookRequest,
    bounded,
    channels,
)
from channels.protocols import posted_json
from channels.protocols.provider_call import call
from domain.capabilities import Capabilities
from domain.errors import (
    AmbiguousSendError,
    CredentialError,
    InvalidWebhookError,
    NotSentError,
    SendError,
    SettingsError,
)
from domain.limits import LIMITS
from domain.message import FileContent
from domain.proof import Verified
from domain.storable import Reason
from runtime import signing
from runtime.sections import one_or_more


class HttpSettings(ChannelSettings):
    """The receiver of our messages, and the secret with which both sides sign."""

    url: HttpUrl
    """Gets our messages by POST."""
    secret: Annotated[
        tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(one_or_more), Field(min_length=1)
    ]
    """`secret://name`, or a list while the secret is changed: we sign with each, and accept each.

    One of its own for each account: where two share one, a signature is good only for the account that used it first.
    """
    idempotent: bool = False
    """Whether the receiver drops a repeated `webhook-id`: then a message whose fate is unknown is sent again."""
    after_crash: AfterCrash = "leave_unknown"
    """Rule for a message whose fate is unknown when the receiver is not idempotent."""
    verified: Verified | None = None
    """What the middleware has verified contacts' addresses to be: `phone` or `email`; without it they prove nothing."""
    reconcile_url: HttpUrl | None = None
    """Answers GET with `?key=` by the `{"id": ...}` of a message it took, or by 404."""


@channels.register
class Http(Channel):
    """Any front end or middleware: it posts the contacts' messages, and gets ours by POST.

    Both ways are signed per Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` (at most five minutes
    off) and `webhook-signature` (`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`).

    In: `{"type": "message", "id", "from", "name"?, "text"?, "choice"?, "files"?: [{"name", "mime", "data"}],
    "location"?: {"latitude", "longitude", "name"?, "address"?}, "language"?, "referral"?, "missed_call"?, "at"?}`,
    `{"type": "status", "id", "state": "sent" | "delivered" | "read" | "failed", "reason"?}`, or a list of them under
    `items`, 500 at most. What has another type or state is ignored.

    Out: `{"id", "to", "type": "message", "text", "options": [{"id", "label"}], "file": null}`, or a file as `{"name",
    "mime", "size", "url"}`. A place comes as `"location": {"latitude", "longitude", "name", "address", "url"}`, a
    contact card as `"contact_card": {"name", "phones", "email", "organisation", "vcard"}`; `text` says the same. A
    template comes as its text, and as `"template": {"name", "language", "category", "parameters"}`. Links to tap come
    as `"links": [{"title", "url"}]`; `"typing": 2` asks to show for two seconds that somebody types, and then the text.

    The `id`, which is the `webhook-id` too, is the same in every attempt. The answer is 2xx with `{"id"}`, the
    receiver's own name of the message, by which it reports the status.
    """

    Settings: ClassVar[type[ChannelSettings]] = HttpSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=4_096,
        buttons=10,
        button_label=40,
        list_items=50,
        list_label=80,
        locations=True,
        contact_cards=True,
        templates=True,
        links=3,
        typing=True,
    )

    def __init__(self, account: str, settings: HttpSettings, tools: Tools) -> None:
        super().__init__(account, settings, tools)
        self._own = settings
        self.verifies = settings.verified

    @property
    def after_crash(self) -> AfterCrash:
        """Harmless where the receiver drops repeats, else `after_crash` of the settings."""
        return "harmless" if self._own.idempotent else self._own.after_crash

    def parse(self, request: WebhookRequest) -> Webhook:
        """Verify the signature on the raw bytes, then read one item or a list of them."""
        signature = signing.fitting(self._secrets(), request.headers, request.body, self.tools.clock())
        posted: Any = posted_json.read(request.body)
        if not isinstance(posted, dict):
            raise InvalidWebhookError(f"expected a JSON object, found {type(posted).__name__!r}")
        fields: dict[str, Any] = posted  # pyright: ignore[reportUnknownVariableType]
        items: Any = fields.get("items", [fields])
        if not isinstance(items, list):
            raise InvalidWebhookError(f"expected a list under 'items', found {type(items).__name__!r}")
        webhook = _read(bounded(items))  # pyright: ignore[reportUnknownArgumentType]
        if "items" not in fields and webhook.unreadable:
            raise InvalidWebhookError(webhook.unreadable[0])
        return webhook.model_copy(update={"signature": signature})

    async def send(self, outgoing: Outgoing) -> Receipt:
        """POST one message; an answer without an id leaves it open whether it was taken."""
        part = outgoing.part
        file = part.file and {**part.file.model_dump(include={"name", "mime", "size"}), "url": outgoing.file_url}
        body: dict[str, Any] = {
            "id": outgoing.key,
            "to": outgoing.address,
            "type": "message",
            "text": part.text,
            "options": [option.model_dump() for option in part.options],
            "file": file,
        }
        if (place := part.location) is not None:
            body |= {"text": f"{place.words}\n{place.link}", "location": {**place.model_dump(), "url": place.link}}
        if (card := part.contact_card) is not None:
            body |= {"text": card.words, "contact_card": {**card.model_dump(), "vcard": card.vcard}}
        if part.links:
            body["links"] = [link.model_dump() for link in part.links]
        if part.typing:
            body["typing"] = part.typing
        if part.template is not None:
            body["template"] = part.template.model_dump()
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            headers = {"content-type": "application/json", **self._sign(outgoing.key, content)}
        except SettingsError as error:
            raise CredentialError(str(error)) from error
        request = self.tools.http.build_request("POST", str(self._own.url), content=content, headers=headers)
        return _receipt(await call(self.tools.http, request))

    async def reconcile(self, outgoing: Outgoing) -> Receipt | None:
        """Ask the receiver for the key, where it can be asked; its 404 proves that nothing arrived."""
        if self._own.reconcile_url is None:
            return None
        url = httpx.URL(str(self._own.reconcile_url)).copy_merge_params({"key": outgoing.key})
        request = self.tools.http.build_request("GET", url, headers=self._sign(outgoing.key, b""))
        try:
            answer = await call(self.tools.http, request, accept={HTTPStatus.NOT_FOUND})
            if answer.status_code != HTTPStatus.NOT_FOUND:
                return _receipt(answer)
        except SendError:
            return None
        raise NotSentError("the receiver does not know the key")

    def _sign(self, identifier: str, body: bytes) -> Mapping[str, str]:
        return signing.signed(self._secrets(), identifier, int(self.tools.clock()), body)

    def _secrets(self) -> list[str]:
        return [self.tools.secret(secret) for secret in self._own.secret]


class _File(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    name: Annotated[Text, Field(max_length=255)] = "file"
    mime: Annotated[str, Field(pattern=r"^[a-z]+/[A-Za-z0-9.+-]{1,100}$")] = "application/octet-stream"
    data: Base64


def _few(files: object) -> object:
    # Before its files are read: each that cannot be would be an error of its own.
    if isinstance(files, list) and len(cast("list[Any]", files)) > LIMITS.message_files:
        raise ValueError(f"expected at most {LIMITS.message_files} files")
    return cast("object", files)


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True)

    type: Literal["message"]
    id: Identifier
    sender: Annotated[Identifier, Field(alias="from")]
    name: Text = ""
    text: Text = ""
    choice: Annotated[Text, Field(max_length=512)] | None = None
    files: Annotated[tuple[_File, ...], BeforeValidator(_few)] = ()
    location: Place | None = None
    language: Spoken = ""
    referral: Annotated[Text, Field(max_length=512)] = ""
    missed_call: bool = False
    at: AwareDatetime | None = None


class _Status(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True)

    type: Literal["status"]
    id: Identifier
    state: str
    reason: Reason = ""


class _Taken(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True)

    id: Identifier


_ITEM: Final[TypeAdapter[_Message | _Status]] = TypeAdapter(Annotated[_Message | _Status, Field(discriminator="type")])
_STATES: Final[Mapping[str, ReportedState]] = {state: state for state in get_args(ReportedState)}


def _read(items: list[Any]) -> Webhook:
    messages: list[InboundMessage] = []
    reports: list[StatusReport] = []
    unreadable: list[str] = []
    for number, posted in enumerate(items):
        try:
            item = _ITEM.validate_python(posted)
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)[0]
            if found["type"] != "union_tag_invalid":  # a type that we do not know yet is not a mistake
                unreadable.append(f"item {number}: {'.'.join(map(str, found['loc']))}: {found['msg'].lower()}")
            continue
        if isinstance(item, _Status):
            state = _STATES.get(item.state)
            if state is not None:
                reports.append(StatusReport(external_id=item.id, state=state, reason=item.reason))
        elif item.text.strip() or item.choice or item.files or item.location or item.missed_call:
            messages.append(_message(item))
        else:
            unreadable.append(f"item {number}: a message needs text, choice, files, location or missed_call")
    return Webhook(messages=tuple(messages), reports=tuple(reports), unreadable=tuple(unreadable))


def _message(message: _Message) -> InboundMessage:
    return InboundMessage(
        provider_message_id=message.id,
        address=message.sender,
        name=message.name,
        at=message.at,
        text=message.text,
        choice=message.choice,
        files=tuple(FileContent(name=file.name, mime=file.mime, data=file.data) for file in message.files),
        location=message.location,
        language=message.language,
        referral=message.referral,
        missed_call=message.missed_call,
    )


def _receipt(response: httpx.Response) -> Receipt:
    try:
        return Receipt(external_id=_Taken.model_validate_json(response.content).id)
    except ValidationError as error:
        raise AmbiguousSendError(
            f"{response.request.url.host!r} answered {response.status_code} without an id"
        ) from error
