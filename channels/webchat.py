"""The web chat: a chat on a page, our own or that of a site that is allowed to show it."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Final

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from channels.base import (
    AfterCrash,
    Channel,
    ChannelSettings,
    InboundMessage,
    Outgoing,
    Rate,
    Receipt,
    Spoken,
    Text,
    Tools,
    Webhook,
    WebhookRequest,
    channels,
)
from domain.capabilities import Capabilities
from domain.errors import InvalidWebhookError
from domain.message import FileRef
from domain.model import Value
from domain.storable import storable


class WebchatSettings(ChannelSettings):
    """The web pages that may show the chat, and how long a session lasts."""

    origins: tuple[str, ...] = ()
    """Sites that may embed it (`https://www.example.com`), besides the gateway's own address."""
    session_hours: float = Field(default=24, gt=0, le=24 * 30)
    """How long a token is valid; a page renews it with the token it has."""
    session_days: float = Field(default=30, gt=0, le=365)
    """When a session is over, counted from its first token, however often it was renewed; the page begins a new one."""
    link_minutes: float = Field(default=15, gt=0, le=24 * 60)
    """How long a link waits that continues a conversation on another device; it works once."""
    upload_gib: float = Field(default=10, gt=0)
    """How many GiB all visitors together may upload in a day; each address has 1 of them, each session a fifth of 1."""
    title: str = Field(default="", max_length=80)
    """The name at the top of the page; empty: that of the company."""
    privacy_notice: str = Field(default="", max_length=500)
    """A privacy notice that the page shows before the first message: the data kept, the purpose, the time."""
    privacy_url: str = Field(default="", pattern=r"^(https?://.*)?$")
    """Address of the whole privacy notice; the page links to it."""


class Session(Value):
    """One visitor, as a token names them."""

    id: str
    name: str = ""
    begun: int
    """When its first token was made, in seconds since 1970."""
    until: int
    """When this token ends, likewise."""


@channels.register
class Webchat(Channel):
    """A chat on a web page, served by the gateway itself.

    The page posts the visitor's messages, with a token of its session, and follows the conversation as server-sent
    events. What is said is in the journal, so nothing is called to send it, and nothing can be sent twice.
    """

    Settings: ClassVar[type[ChannelSettings]] = WebchatSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=4_000,
        buttons=10,
        button_label=40,
        list_items=50,
        list_label=80,
        locations=True,
        contact_cards=True,
        links=3,
        typing=True,
    )
    rate: ClassVar[Rate | None] = Rate(count=20, seconds=10)

    def __init__(self, account: str, settings: WebchatSettings, tools: Tools) -> None:
        super().__init__(account, settings, tools)
        self.title = settings.title
        self.privacy_notice = settings.privacy_notice
        self.privacy_url = settings.privacy_url
        self._token_lasts = timedelta(hours=settings.session_hours)
        self._seal_lasts = min(self._token_lasts, SEAL_LASTS)
        self.upload_bytes = int(settings.upload_gib * 1024**3)
        self.link_lasts = timedelta(minutes=settings.link_minutes)
        self._session_lasts = timedelta(days=settings.session_days)
        self._origins = tuple(origin.rstrip("/").lower() for origin in settings.origins)
        keys = [*tools.former_keys, tools.key]  # itsdangerous signs with the last
        self._signer, self._uploads = (
            URLSafeTimedSerializer(
                keys,
                salt=f"{salt}:{account}",
                signer=_signer(tools.clock),
                signer_kwargs={"digest_method": hashlib.sha256},
            )
            for salt in ("webchat", "webchat-upload")
        )

    @classmethod
    def reaches(cls, address: str) -> bool:
        """Return whether *address* may be a session: nobody has one that the gateway has not given to their browser."""
        return _SESSION.fullmatch(address) is not None

    @property
    def origins(self) -> tuple[str, ...]:
        """The sites of the settings."""
        return self._origins

    @property
    def after_crash(self) -> AfterCrash:
        """Nothing is called, so nothing can be doubled."""
        return "harmless"

    def open_session(self, name: str = "", before: Session | None = None) -> tuple[str, str]:
        """Return a session's id and its token: of a new session, or of the one that was there *before*."""
        session = before.id if before else secrets.token_urlsafe(_RANDOM)
        begun = before.begun if before else int(self.tools.clock())
        called = storable(name or (before.name if before else "")).strip()[:_NAME]
        return session, self._signer.dumps({"s": session, "n": called, "b": begun})

    def read_token(self, token: str) -> Session:
        """Return the session that *token* was made for; InvalidWebhookError when it is forged or has expired."""
        longest = int(self._token_lasts.total_seconds())
        try:
            found, made = self._signer.loads(token, max_age=longest, return_timestamp=True)
        except BadData as error:
            raise InvalidWebhookError(_NOT_OURS, forged=True) from error
        issued = int(made.timestamp())
        begun = int(found.get("b", issued))  # tokens made before there was a limit do not say it
        until = min(issued + longest, begun + int(self._session_lasts.total_seconds()))
        if until <= self.tools.clock():
            raise InvalidWebhookError(_NOT_OURS, forged=True)
        return Session(id=found["s"], name=found["n"], begun=begun, until=until)

    def seal_upload(self, session: str, file: FileRef) -> str:
        """Return the token by which *session* sends *file*, which it has uploaded."""
        return self._uploads.dumps([session, file.id, file.name, file.mime, file.size])

    def parse(self, request: WebhookRequest) -> Webhook:
        """Read one message of a visitor: `{"id", "text"?, "choice"?, "file"?, "language"?, "referral"?}`.

        The file is what its upload answered. It goes to `/webchat/ACCOUNT/files?name=NAME` first, as the body of a
        POST with the same token.
        """
        session = self.read_token(bearer(request.headers))
        try:
            posted = _Posted.model_validate(json.loads(request.body))
        except ValidationError as error:
            raise InvalidWebhookError(f"not a message: {_sentence(error)}") from error
        except (ValueError, RecursionError) as error:
            raise InvalidWebhookError("not a message: the body is not JSON in UTF-8") from error
        if not (posted.text.strip() or posted.choice or posted.file):
            raise InvalidWebhookError("not a message: it has neither text, choice nor file")
        return Webhook(
            messages=(
                InboundMessage(
                    provider_message_id=f"{session.id}:{posted.id}",
                    address=session.id,
                    name=session.name,
                    text=posted.text,
                    choice=posted.choice,
                    language=posted.language,
                    referral=posted.referral,
                    stored=(self._unseal(session.id, posted.file),) if posted.file else (),
                ),
            )
        )

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Do nothing: the page reads the journal, where the part has just been written."""
        del outgoing
        return Receipt(state="sent")

    def _unseal(self, session: str, sealed: str) -> FileRef:
        try:
            found: Any = self._uploads.loads(sealed, max_age=int(self._seal_lasts.total_seconds()))
        except BadData as error:
            raise InvalidWebhookError("not a message: file: expected what the upload answered") from error
        if found[0] != session:
            raise InvalidWebhookError("not a message: file: another session has uploaded it")
        return FileRef(id=found[1], name=found[2], mime=found[3], size=found[4])


def bearer(headers: Any) -> str:
    """Return the token of an Authorization header, lower-case names; empty when there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class _Posted(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: Annotated[str, Field(pattern=re.compile(r"^[A-Za-z0-9_-]{1,64}\Z"))]
    text: Text = ""
    choice: Annotated[Text, Field(max_length=512)] | None = None
    file: Annotated[Text, Field(max_length=2_048)] = ""
    language: Spoken = ""
    referral: Annotated[Text, Field(max_length=512)] = ""


def _sentence(error: ValidationError) -> str:
    found = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, found['loc'])) or 'body'}: {found['msg'].lower()}"


_NOT_OURS: Final = "the token is not ours, or has expired"
_RANDOM: Final = 16
"""Bytes of a session's id."""
_SESSION: Final = re.compile(r"[A-Za-z0-9_-]{22}")
"""Pattern of a session id."""
SEAL_LASTS: Final = timedelta(hours=36)
"""How long a message may say a file after its upload: less than files wait that no message has said."""
_NAME: Final = 80
"""Characters of a visitor's name that are kept."""


def _signer(clock: Callable[[], float]) -> type[TimestampSigner]:
    """Return the class of a signer that tells the time by *clock*."""

    class Signer(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(clock())

    return Signer
