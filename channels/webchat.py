"""The web chat: a chat on a page, our own or that of a site that is allowed to show it."""

import hashlib
import json
import re
import secrets
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Final

from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from channels.base import (
    AfterCrash,
    Base64,
    Channel,
    ChannelSettings,
    InboundMessage,
    Outgoing,
    Rate,
    Receipt,
    Text,
    Tools,
    Webhook,
    WebhookRequest,
    channels,
    storable,
)
from domain.capabilities import Capabilities
from domain.errors import InvalidWebhookError
from domain.message import FileContent
from domain.model import Value


class WebchatSettings(ChannelSettings):
    """Who may show the chat, and how long a visit lasts."""

    origins: tuple[str, ...] = ()
    """Sites that may embed it (`https://www.example.com`), besides the gateway's own address."""
    session_hours: float = Field(default=24, gt=0, le=24 * 30)
    """How long a token is valid; a page renews it with the token it has."""
    privacy_url: str = ""
    """Address of the privacy notice that the page links to."""


class Session(Value):
    """One visitor, as a token names them."""

    id: str
    name: str = ""


@channels.register
class Webchat(Channel):
    """A chat on a web page, served by the gateway itself.

    The page posts what the visitor writes, with a token of its session, and follows the conversation as server-sent
    events. What is said is in the journal, so nothing is called to send it, and nothing can be sent twice.
    """

    Settings: ClassVar[type[ChannelSettings]] = WebchatSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=4_000, buttons=10, button_label=40, list_items=50, list_label=80
    )
    rate: ClassVar[Rate | None] = Rate(count=20, seconds=10)

    def __init__(self, account: str, settings: WebchatSettings, tools: Tools) -> None:
        super().__init__(account, settings, tools)
        self.privacy_url = settings.privacy_url
        self.session_length = timedelta(hours=settings.session_hours)
        self._origins = tuple(origin.rstrip("/").lower() for origin in settings.origins)
        self._signer = URLSafeTimedSerializer(
            tools.key, salt=f"webchat:{account}", signer_kwargs={"digest_method": hashlib.sha256}
        )

    @property
    def origins(self) -> tuple[str, ...] | None:
        """The sites of the settings."""
        return self._origins

    @property
    def after_crash(self) -> AfterCrash:
        """Nothing is called, so nothing can be doubled."""
        return "harmless"

    def open_session(self, name: str = "", session: str | None = None) -> tuple[str, str]:
        """Return a session's id and its token: of a new session, or of *session*, which goes on."""
        opened = Session(id=session or secrets.token_urlsafe(16), name=storable(name).strip()[:_NAME])
        return opened.id, self._signer.dumps({"s": opened.id, "n": opened.name})

    def read_token(self, token: str) -> Session:
        """Return the session that *token* was made for; InvalidWebhookError when it is forged or has expired."""
        try:
            found: Any = self._signer.loads(token, max_age=int(self.session_length.total_seconds()))
        except BadData as error:
            raise InvalidWebhookError("the token is not ours, or has expired", forged=True) from error
        return Session(id=found["s"], name=found["n"])

    def parse(self, request: WebhookRequest) -> Webhook:
        """Read one message of a visitor: `{"id", "text"?, "choice"?, "file"?: {"name", "mime", "data"}}`."""
        session = self.read_token(bearer(request.headers))
        try:
            posted = _Posted.model_validate(json.loads(request.body))
        except ValidationError as error:
            raise InvalidWebhookError(f"not a message: {_sentence(error)}") from error
        except (ValueError, RecursionError) as error:
            raise InvalidWebhookError("not a message: the body is not JSON in UTF-8") from error
        if not (posted.text.strip() or posted.choice or posted.file):
            raise InvalidWebhookError("not a message: it has neither text, choice nor file")
        file = posted.file
        return Webhook(
            messages=(
                InboundMessage(
                    provider_event_id=f"{session.id}:{posted.id}",
                    address=session.id,
                    name=session.name,
                    text=posted.text,
                    choice=posted.choice,
                    files=(FileContent(name=file.name, mime=file.mime, data=file.data),) if file else (),
                ),
            )
        )

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Do nothing: the page reads the journal, where the part has just been written."""
        del outgoing
        return Receipt(state="sent")


def bearer(headers: Any) -> str:
    """Return the token of an Authorization header, lower-case names; empty when there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class _File(BaseModel):
    name: Annotated[Text, Field(max_length=255)] = "file"
    mime: Annotated[str, Field(pattern=r"^[a-z]+/[A-Za-z0-9.+-]{1,100}$")] = "application/octet-stream"
    data: Base64


class _Posted(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: Annotated[str, Field(pattern=re.compile(r"^[A-Za-z0-9_-]{1,64}\Z"))]
    text: Text = ""
    choice: Annotated[Text, Field(max_length=512)] | None = None
    file: _File | None = None


def _sentence(error: ValidationError) -> str:
    found = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, found['loc'])) or 'body'}: {found['msg'].lower()}"


_NAME: Final = 80
"""Characters of a visitor's name that are kept."""
