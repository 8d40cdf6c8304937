import hashlib
import json
import time
from collections.abc import Callable
from typing import Any, cast

import pytest
from itsdangerous import URLSafeTimedSerializer

from channels.base import Channel, Tools, WebhookRequest, open_channels
from channels.webchat import SEAL_LASTS, Session, Webchat
from domain.errors import InvalidWebhookError, SettingsError
from domain.message import FileRef
from journal.uploads import UNSAID
from runtime.sections import Account
from tests.channels.contract import KEY, ChannelContract, Specimen, Wire, opened, outgoing
from tests.channels.contract import OUTCOMES as ANSWERS

ACCOUNT = Account(channel="webchat", flow="main")
HOUR = 3_600
FILE = FileRef(id="a" * 64, name="conta.pdf", mime="application/pdf", size=9)


def posted(token: str, body: object) -> WebhookRequest:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return WebhookRequest(method="POST", headers={"authorization": f"Bearer {token}"}, query={}, body=content)


def webhook(channel: Channel, message_id: str) -> WebhookRequest:
    known = Session(id="s" * 22, name="Ana", begun=int(time.time()), until=0)
    _, token = cast("Webchat", channel).open_session(before=known)
    return posted(token, {"id": message_id, "text": "oi"})


def forge(request: WebhookRequest) -> WebhookRequest:
    token = request.headers["authorization"]
    return request.model_copy(update={"headers": {"authorization": f"{token[:-3]}AAA"}})


def garbage(channel: Channel) -> WebhookRequest:
    return webhook(channel, "m1").model_copy(update={"body": b'{"id": "\xff'})


SPECIMEN = Specimen(account=ACCOUNT, webhook=webhook, forge=forge, garbage=garbage)


class TestContract(ChannelContract):
    specimen = SPECIMEN


class Clock:
    """Stands still until a test moves it."""

    now = time.time()

    def __call__(self) -> float:
        return self.now


def webchat(clock: Callable[[], float] = time.time, **settings: Any) -> Webchat:
    account = Account.model_validate(ACCOUNT.model_dump() | settings)
    tools = Tools(http=Wire(ANSWERS["500"][0]).client, key=KEY, secret=str, clock=clock)
    return cast("Webchat", open_channels({"acc": account}, tools)["acc"])


def test_the_session_is_the_address_and_the_name_travels_in_the_token() -> None:
    channel = webchat()
    session, token = channel.open_session("Ana")
    (message,) = channel.parse(posted(token, {"id": "m-1_A", "text": "oi"})).messages
    assert (message.address, message.name) == (session, "Ana")
    assert message.provider_message_id == f"{session}:m-1_A"


def test_only_an_address_that_a_session_may_have_is_reached() -> None:
    assert all(Webchat.reaches(webchat().open_session()[0]) for _ in range(20))
    assert not any(Webchat.reaches(address) for address in ("", "lead-1", "5549988887777", "a" * 23))


def test_two_sessions_are_two_addresses() -> None:
    channel = webchat()
    assert channel.open_session()[0] != channel.open_session()[0]


def test_a_session_goes_on_with_a_new_token() -> None:
    channel = webchat()
    session, first = channel.open_session("Ana")
    again, token = channel.open_session(before=channel.read_token(first))
    assert again == session
    found = channel.read_token(token)
    assert (found.id, found.name) == (session, "Ana")


def test_a_token_of_another_account_is_forged() -> None:
    tools = Tools(http=Wire(ANSWERS["500"][0]).client, key=KEY, secret=str)
    both = open_channels({"one": ACCOUNT, "two": ACCOUNT}, tools)
    _, token = cast("Webchat", both["one"]).open_session()
    with pytest.raises(InvalidWebhookError) as refusal:
        both["two"].parse(posted(token, {"id": "m", "text": "oi"}))
    assert refusal.value.forged


def test_a_token_of_another_installation_is_forged() -> None:
    tools = Tools(http=Wire(ANSWERS["500"][0]).client, key=b"x" * 32, secret=str)
    _, token = cast("Webchat", open_channels({"acc": ACCOUNT}, tools)["acc"]).open_session()
    with pytest.raises(InvalidWebhookError, match="not ours"):
        webchat().read_token(token)


def test_a_token_and_an_upload_of_a_former_key_are_still_good() -> None:
    before = webchat()
    session, token = before.open_session("Ana")
    file = before.seal_upload(session, FileRef(id="a" * 64, name="a.png", mime="image/png", size=1))
    tools = Tools(http=Wire(ANSWERS["500"][0]).client, key=b"x" * 32, secret=str, former_keys=(KEY,))
    rotated = cast("Webchat", open_channels({"acc": ACCOUNT}, tools)["acc"])
    (message,) = rotated.parse(posted(token, {"id": "m", "file": file})).messages
    assert message.address == session
    with pytest.raises(InvalidWebhookError, match="not ours"):
        before.read_token(rotated.open_session(before=rotated.read_token(token))[1])


def test_a_token_expires() -> None:
    clock = Clock()
    channel = webchat(clock, session_hours=1)
    _, token = channel.open_session()
    channel.read_token(token)
    clock.now += 3_602
    with pytest.raises(InvalidWebhookError, match="expired") as refusal:
        channel.read_token(token)
    assert refusal.value.forged


def test_a_session_is_over_after_its_days_however_often_it_was_renewed() -> None:
    clock = Clock()
    channel = webchat(clock, session_hours=24, session_days=2)
    begun = int(clock.now)
    session, token = channel.open_session("Ana")
    for hours in (20, 40):
        clock.now = begun + hours * HOUR
        found = channel.read_token(token)
        _, token = channel.open_session(before=found)
    assert channel.read_token(token).until == begun + 48 * HOUR
    assert channel.parse(posted(token, {"id": "m", "text": "oi"})).messages[0].address == session

    clock.now = begun + 48 * HOUR
    with pytest.raises(InvalidWebhookError, match="expired") as refusal:
        channel.parse(posted(token, {"id": "m", "text": "oi"}))
    assert refusal.value.forged


def test_a_token_from_before_there_was_a_limit_counts_from_its_own_making(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = int(time.time())
    monkeypatch.setattr(time, "time", lambda: begun)
    signer = URLSafeTimedSerializer(KEY, salt="webchat:acc", signer_kwargs={"digest_method": hashlib.sha256})
    found = webchat(session_days=2).read_token(signer.dumps({"s": "old", "n": "Ana"}))
    assert (found.id, found.begun) == ("old", begun)


def test_a_tap_is_a_choice() -> None:
    channel = webchat()
    _, token = channel.open_session()
    (message,) = channel.parse(posted(token, {"id": "m", "choice": "boleto"})).messages
    assert (message.text, message.choice) == ("", "boleto")


def test_a_file_is_what_its_session_uploaded() -> None:
    channel = webchat()
    session, token = channel.open_session()
    sealed = channel.seal_upload(session, FILE)
    (message,) = channel.parse(posted(token, {"id": "m", "file": sealed})).messages
    assert message.stored == (FILE,)


def test_a_file_that_another_session_uploaded_is_no_message() -> None:
    channel = webchat()
    _, token = channel.open_session()
    with pytest.raises(InvalidWebhookError, match="another session"):
        channel.parse(posted(token, {"id": "m", "file": channel.seal_upload("other", FILE)}))


def test_a_token_is_no_file() -> None:
    channel = webchat()
    _, token = channel.open_session()
    with pytest.raises(InvalidWebhookError, match="what the upload answered"):
        channel.parse(posted(token, {"id": "m", "file": token}))


@pytest.mark.parametrize(
    "text", ["😀👩‍👩‍👧", "שלום עולם", "\u202eabc", "<script>alert(1)</script>", "a\u0000b", "\ud83d", "x" * 100_000]
)
def test_any_text_can_be_stored(text: str) -> None:
    channel = webchat()
    _, token = channel.open_session()
    (message,) = channel.parse(posted(token, {"id": "m", "text": f"oi {text}"})).messages
    assert "\0" not in message.text
    message.text.encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"oi"',
        b"[" * 100_000,
        b"9" * 10_000,
        {"id": "m"},
        {"id": "m", "text": "  "},
        {"text": "oi"},
        {"id": "", "text": "oi"},
        {"id": "a" * 65, "text": "oi"},
        {"id": "a:b", "text": "oi"},
        {"id": "a\n", "text": "oi"},
        {"id": "m", "text": 5},
        {"id": "m", "file": {"name": "a", "mime": "text/plain", "data": "aGk="}},
        {"id": "m", "file": "made up"},
    ],
)
def test_what_is_no_message_is_unreadable(body: object) -> None:
    channel = webchat()
    _, token = channel.open_session()
    with pytest.raises(InvalidWebhookError) as refusal:
        channel.parse(posted(token, body))
    assert not refusal.value.forged


def test_nothing_can_be_doubled() -> None:
    assert webchat().after_crash == "harmless"


async def test_sending_calls_nobody() -> None:
    wire = Wire(ANSWERS["500"][0])
    await opened(SPECIMEN, wire).send(outgoing())
    assert wire.requests == []


def test_origins_are_compared_in_lower_case_and_without_a_slash() -> None:
    assert webchat(origins=["https://Www.Example.com/"]).origins == ("https://www.example.com",)


def test_a_privacy_notice_lies_on_the_web() -> None:
    with pytest.raises(SettingsError, match=r"accounts\.acc\.privacy_url"):
        webchat(privacy_url="javascript:alert(1)")


def test_a_wrong_setting_names_account_and_key() -> None:
    with pytest.raises(SettingsError, match=r"accounts\.acc\.session_hours"):
        webchat(session_hours=0)


def test_the_referral_of_a_link_and_the_language_come_with_the_message() -> None:
    channel = webchat()
    _, token = channel.open_session()
    (message,) = channel.parse(
        posted(token, {"id": "m1", "text": "oi", "referral": "desk", "language": "en-US"})
    ).messages
    assert (message.referral, message.language) == ("desk", "en-US")


def test_a_seal_is_good_for_less_time_than_its_file_is_kept() -> None:
    clock = Clock()
    channel = webchat(clock, session_hours=700)
    session, token = channel.open_session()
    message = posted(token, {"id": "m1", "file": channel.seal_upload(session, FILE)})
    clock.now += SEAL_LASTS.total_seconds() - 1
    assert channel.parse(message).messages[0].stored == (FILE,)
    clock.now += 3
    with pytest.raises(InvalidWebhookError, match="expected what the upload answered"):
        channel.parse(message)
    assert SEAL_LASTS < UNSAID
