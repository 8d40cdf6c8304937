"""What every channel must do; each channel's test runs it with a specimen of its own."""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import httpx
import pytest

from channels.base import Channel, Outgoing, Receipt, Tools, WebhookRequest, channels, open_channels
from domain.errors import (
    AmbiguousSendError,
    CredentialError,
    InvalidWebhookError,
    NotSentError,
    RefusedError,
    SendError,
    SettingsError,
)
from domain.message import FileRef, Option, Part
from runtime.sections import Account

KEY = b"k" * 32
CANARY = "canary-7f3a91-and-more"
"""A secret that must not show up anywhere."""

Answer = httpx.Response | Exception

OUTCOMES: dict[str, tuple[Answer, type[SendError], timedelta | None]] = {
    "429": (httpx.Response(429), NotSentError, None),
    "429 with seconds": (httpx.Response(429, headers={"retry-after": "7"}), NotSentError, timedelta(seconds=7)),
    "429 with a past date": (
        httpx.Response(429, headers={"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        NotSentError,
        timedelta(),
    ),
    "429 with nonsense": (httpx.Response(429, headers={"retry-after": "soon"}), NotSentError, None),
    "503 that says when": (httpx.Response(503, headers={"retry-after": "2"}), NotSentError, timedelta(seconds=2)),
    "503": (httpx.Response(503), AmbiguousSendError, None),
    "500": (httpx.Response(500), AmbiguousSendError, None),
    "502": (httpx.Response(502, text="<html>bad gateway</html>"), AmbiguousSendError, None),
    "2xx that is not readable": (httpx.Response(200, text="<html>log in</html>"), AmbiguousSendError, None),
    "401": (httpx.Response(401), CredentialError, None),
    "403": (httpx.Response(403), CredentialError, None),
    "400": (httpx.Response(400, json={"code": "recipient_unknown"}), RefusedError, None),
    "404": (httpx.Response(404), RefusedError, None),
    "422": (httpx.Response(422), RefusedError, None),
    "refused connection": (httpx.ConnectError("refused"), NotSentError, None),
    "connect timeout": (httpx.ConnectTimeout("slow"), NotSentError, None),
    "read timeout": (httpx.ReadTimeout("slow"), AmbiguousSendError, None),
    "reset": (httpx.ReadError("reset"), AmbiguousSendError, None),
    "reset while writing": (httpx.WriteError("reset"), AmbiguousSendError, None),
    "no answer": (httpx.RemoteProtocolError("disconnected"), AmbiguousSendError, None),
}


@dataclass(frozen=True)
class Specimen:
    """One channel, as the contract needs it."""

    account: Account
    webhook: Callable[[Channel, str], WebhookRequest]
    """A genuine request with one message, text "oi", that the provider calls by the given name."""
    forge: Callable[[WebhookRequest], WebhookRequest]
    """The same request, but not from the provider."""
    garbage: Callable[[Channel], WebhookRequest]
    """A genuine request whose body cannot be read."""
    success: httpx.Response | None = None
    """How the provider takes a message; None: the channel calls nobody."""
    secrets: dict[str, str] = field(default_factory=dict[str, str])


class Wire:
    """A provider of which one answer is wanted."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return httpx.Response(self.answer.status_code, headers=self.answer.headers, content=self.answer.content)

    @property
    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))


def opened(specimen: Specimen, wire: Wire | None = None, clock: Callable[[], float] = time.time) -> Channel:
    def secret(name: str) -> str:
        return specimen.secrets.get(name, name)

    tools = Tools(http=(wire or Wire(httpx.Response(500))).client, key=KEY, secret=secret, clock=clock)
    return open_channels({"acc": specimen.account}, tools)["acc"]


def outgoing(**fields: Any) -> Outgoing:
    part = Part(seq=4, text="Olá, Ana! 😀", options=(Option(id="a", label="Boleto"),), **fields)
    return Outgoing(conversation_id="c0ffee", key="c0ffee:4", address="5511987654321", part=part)


class ChannelContract:
    """Subclassed by the test of each channel."""

    specimen: ClassVar[Specimen]

    def test_a_genuine_request_gives_its_message(self) -> None:
        channel = opened(self.specimen)
        webhook = channel.parse(self.specimen.webhook(channel, "m1"))
        (message,) = webhook.messages
        assert message.text == "oi"
        assert message.address
        assert not webhook.unreadable

    def test_a_repeated_request_gives_the_same_provider_message_id(self) -> None:
        channel, again = opened(self.specimen), opened(self.specimen)
        request = self.specimen.webhook(channel, "m1")
        (first,) = channel.parse(request).messages
        (second,) = again.parse(request).messages
        (other,) = channel.parse(self.specimen.webhook(channel, "m2")).messages
        assert first.provider_message_id == second.provider_message_id
        assert first.provider_message_id != other.provider_message_id

    def test_a_forged_request_is_refused(self) -> None:
        channel = opened(self.specimen)
        with pytest.raises(InvalidWebhookError) as refusal:
            channel.parse(self.specimen.forge(self.specimen.webhook(channel, "m1")))
        assert refusal.value.forged

    def test_a_request_without_any_proof_is_refused(self) -> None:
        channel = opened(self.specimen)
        bare = WebhookRequest(method="POST", headers={}, query={}, body=self.specimen.webhook(channel, "m1").body)
        with pytest.raises(InvalidWebhookError) as refusal:
            channel.parse(bare)
        assert refusal.value.forged

    def test_a_genuine_request_that_cannot_be_read_is_no_forgery(self) -> None:
        channel = opened(self.specimen)
        with pytest.raises(InvalidWebhookError) as refusal:
            channel.parse(self.specimen.garbage(channel))
        assert not refusal.value.forged

    @pytest.mark.parametrize("outcome", OUTCOMES)
    async def test_what_the_provider_does_becomes_the_right_error(self, outcome: str) -> None:
        answer, expected, retry_after = OUTCOMES[outcome]
        wire = Wire(answer)
        channel = opened(self.specimen, wire)
        if self.specimen.success is None:
            assert await channel.send(outgoing()) == Receipt()
            assert wire.requests == []
            return
        with pytest.raises(SendError) as refusal:
            await channel.send(outgoing())
        assert type(refusal.value) is expected
        assert refusal.value.retry_after == retry_after
        assert len(wire.requests) == 1

    async def test_a_message_that_is_taken_gives_a_receipt(self) -> None:
        wire = Wire(self.specimen.success or httpx.Response(500))
        channel = opened(self.specimen, wire)
        receipt = await channel.send(outgoing())
        assert receipt.state in {"sent", "delivered"}
        assert bool(receipt.external_id) == bool(wire.requests)

    async def test_a_file_is_taken_where_the_channel_has_files(self) -> None:
        wire = Wire(self.specimen.success or httpx.Response(500))
        channel = opened(self.specimen, wire)
        if not channel.capabilities.files:
            return
        file = FileRef(id="f" * 64, name="boleto.pdf", mime="application/pdf", size=3)
        one = outgoing(file=file).model_copy(update={"file_url": "https://chat.example.com/files/f"})
        assert (await channel.send(one)).state in {"sent", "delivered"}

    async def test_no_secret_is_in_errors_or_logs(self, caplog: pytest.LogCaptureFixture) -> None:
        said: list[str] = []
        with caplog.at_level(logging.DEBUG):
            for answer, _, _ in OUTCOMES.values():
                channel = opened(self.specimen, Wire(answer))
                try:
                    await channel.send(outgoing())
                except SendError as error:
                    said += [*traceback.format_exception(error), repr(error)]
            channel = opened(self.specimen)
            try:
                channel.parse(self.specimen.forge(self.specimen.webhook(channel, "m1")))
            except InvalidWebhookError as error:
                said += [str(error), repr(error)]
        secrets = [CANARY, KEY.decode(), *self.specimen.secrets.values()]
        assert [secret for secret in secrets if secret in caplog.text + "".join(said)] == []

    def test_every_setting_is_documented(self) -> None:
        kind = channels[self.specimen.account.channel]
        undocumented = [name for name, found in kind.Settings.model_fields.items() if not found.description]
        assert undocumented == []

    def test_a_key_that_is_not_a_setting_is_refused(self) -> None:
        wrong = Account.model_validate(self.specimen.account.model_dump() | {"colour": "blue"})
        with pytest.raises(SettingsError, match=r"accounts\.acc\.colour"):
            open_channels({"acc": wrong}, Tools(http=httpx.AsyncClient(), key=KEY, secret=str))
