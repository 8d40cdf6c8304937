import base64
import hashlib
import hmac
import json
import time
from typing import Any

import httpx
import pytest

from channels.base import Channel, Receipt, WebhookRequest
from domain.contact_card import ContactCard
from domain.errors import AmbiguousSendError, CredentialError, InvalidWebhookError, NotSentError, SettingsError
from domain.message import FileRef, Link, Location
from domain.template import Sending
from runtime.sections import Account
from tests.channels.contract import CANARY, ChannelContract, Specimen, Wire, opened, outgoing

TAKEN = httpx.Response(200, json={"id": "ext-1"})
ACCOUNT = {"channel": "http", "flow": "main", "url": "https://middleware.example.com/in", "secret": "secret://front"}


def signed(body: object, *, secret: bytes = CANARY.encode(), at: float | None = None, **headers: str) -> WebhookRequest:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    timestamp = str(int(time.time() if at is None else at))
    mac = hmac.new(secret, b"wh_1." + timestamp.encode() + b"." + content, hashlib.sha256)
    names = {
        "webhook-id": "wh_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(mac.digest()).decode()}",
    }
    return WebhookRequest(
        method="POST", headers=names | {k.replace("_", "-"): v for k, v in headers.items()}, query={}, body=content
    )


def webhook(_channel: Channel, message_id: str) -> WebhookRequest:
    return signed({"type": "message", "id": message_id, "from": "5511987654321", "text": "oi"})


def forge(request: WebhookRequest) -> WebhookRequest:
    return request.model_copy(update={"body": request.body + b" "})


def specimen(**settings: Any) -> Specimen:
    return Specimen(
        account=Account.model_validate(ACCOUNT | settings),
        webhook=webhook,
        forge=forge,
        garbage=lambda _: signed(b'{"type": "mess'),
        success=TAKEN,
        secrets={"secret://front": CANARY, "secret://old": "old-secret-of-91-letters"},
    )


class TestContract(ChannelContract):
    specimen = specimen()


def channel(wire: Wire | None = None, /, **settings: Any) -> Channel:
    return opened(specimen(**settings), wire)


def test_the_published_vector_of_standard_webhooks_fits() -> None:
    # The example of its reference libraries (github.com/standard-webhooks/standard-webhooks, read 2026-11-21).
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    request = WebhookRequest(method="POST", headers=headers, query={}, body=b'{"test": 2432232314}')
    with pytest.raises(InvalidWebhookError) as refusal:
        opened(specimen(secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), clock=lambda: 1_614_265_330.0).parse(request)
    assert not refusal.value.forged  # it is genuine, and no message of ours


@pytest.mark.parametrize("seconds", [-301, 301, -86_400])
def test_a_replayed_request_is_refused(seconds: int) -> None:
    request = signed({"type": "message", "id": "1", "from": "a", "text": "oi"}, at=time.time() + seconds)
    with pytest.raises(InvalidWebhookError, match="five minutes") as refusal:
        channel().parse(request)
    assert refusal.value.forged


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "1e9", "٣", "9" * 400])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    with pytest.raises(InvalidWebhookError):
        channel().parse(signed({"type": "message"}, webhook_timestamp=timestamp))


def test_one_fitting_signature_of_several_is_enough() -> None:
    request = webhook(channel(), "1")
    several = {"webhook-signature": f"v1,AAAA v2,xx é {request.headers['webhook-signature']}"}
    assert channel().parse(request.model_copy(update={"headers": {**request.headers, **several}})).messages


def test_while_a_secret_is_changed_both_are_accepted_and_both_sign() -> None:
    both = channel(secret=["secret://front", "secret://old"])
    body = {"type": "message", "id": "1", "from": "a", "text": "oi"}
    assert both.parse(signed(body)).messages
    assert both.parse(signed(body, secret=b"old-secret-of-91-letters")).messages
    with pytest.raises(InvalidWebhookError):
        both.parse(signed(body, secret=b"another-secret-of-theirs"))


def test_a_batch_gives_all_its_items_and_keeps_the_siblings_of_a_bad_one() -> None:
    webhook = channel().parse(
        signed(
            {
                "items": [
                    {"type": "message", "id": 1, "from": 5511, "name": "Ana", "text": "oi"},
                    {"type": "message", "id": "2"},
                    "nonsense",
                    {"type": "typing", "id": "3"},
                    {"type": "message", "id": "4", "from": "b", "choice": "x", "at": "2026-11-21T10:00:00-03:00"},
                    {"type": "status", "id": "ext-1", "state": "read"},
                    {"type": "status", "id": "ext-1", "state": "pondered"},
                    {"type": "message", "id": "5", "from": "c"},
                ]
            }
        )
    )
    assert [(message.provider_message_id, message.address) for message in webhook.messages] == [
        ("1", "5511"),
        ("4", "b"),
    ]
    assert [(report.external_id, report.state) for report in webhook.reports] == [("ext-1", "read")]
    assert len(webhook.unreadable) == 3


def test_a_number_of_thousands_of_digits_spoils_only_its_own_item() -> None:
    right = '{"type": "message", "id": "1", "from": "a", "text": "oi"}'
    wrong = f'{{"type": "message", "id": {"4" * 5_000}, "from": "a", "text": "oi"}}'
    beside = f'{{"type": "message", "id": "2", "from": "a", "text": "oi", "weight": {"4" * 5_000}}}'
    webhook = channel().parse(signed(f'{{"items": [{right}, {wrong}, {beside}]}}'.encode()))
    assert [message.provider_message_id for message in webhook.messages] == ["1", "2"]
    assert len(webhook.unreadable) == 1


def test_an_unknown_type_is_ignored() -> None:
    ignored = channel().parse(signed({"type": "typing"}))
    assert (ignored.messages, ignored.reports, ignored.unreadable) == ((), (), ())


def test_an_id_that_no_index_takes_is_unreadable() -> None:
    with pytest.raises(InvalidWebhookError, match="at most 512"):
        channel().parse(signed({"type": "message", "id": "x" * 513, "from": "a", "text": "oi"}))


def test_a_place_arrives_by_itself() -> None:
    place = {"latitude": -27.1, "longitude": "-52.6", "name": "Casa\0"}
    (message,) = channel().parse(signed({"type": "message", "id": "1", "from": "a", "location": place})).messages
    assert message.location == Location(latitude=-27.1, longitude=-52.6, name="Casa")


def test_files_arrive_with_their_bytes() -> None:
    file = {"name": "foto.jpg", "mime": "image/jpeg", "data": base64.b64encode(b"\xff\xd8").decode()}
    (message,) = channel().parse(signed({"type": "message", "id": "1", "from": "a", "files": [file]})).messages
    assert message.files[0].data == b"\xff\xd8"


async def test_a_message_is_signed_and_keyed() -> None:
    wire = Wire(TAKEN)
    receipt = await channel(wire).send(outgoing())
    (request,) = wire.requests
    body = json.loads(request.content)
    assert receipt == Receipt(external_id="ext-1")
    assert body == {
        "id": "c0ffee:4",
        "to": "5511987654321",
        "type": "message",
        "text": "Olá, Ana! 😀",
        "options": [{"id": "a", "label": "Boleto"}],
        "file": None,
    }
    signed_content = f"c0ffee:4.{request.headers['webhook-timestamp']}.".encode() + request.content
    expected = base64.b64encode(hmac.digest(CANARY.encode(), signed_content, "sha256")).decode()
    assert request.headers["webhook-id"] == "c0ffee:4"
    assert request.headers["webhook-signature"] == f"v1,{expected}"


async def test_a_file_goes_as_a_link() -> None:
    wire = Wire(TAKEN)
    file = FileRef(id="f" * 64, name="boleto.pdf", mime="application/pdf", size=3)
    await channel(wire).send(outgoing(file=file).model_copy(update={"file_url": "https://x/files/f"}))
    assert json.loads(wire.requests[0].content)["file"] == {
        "name": "boleto.pdf",
        "mime": "application/pdf",
        "size": 3,
        "url": "https://x/files/f",
    }


async def test_a_place_goes_with_its_link_and_in_words() -> None:
    wire = Wire(TAKEN)
    place = Location(latitude=-27.1, longitude=-52.6, name="Loja")
    await channel(wire).send(outgoing(location=place))
    body = json.loads(wire.requests[0].content)
    assert body["location"] == {**place.model_dump(), "url": place.link}
    assert body["text"] == f"Loja\n{place.link}"


async def test_links_and_pacing_go_along_where_there_are_any() -> None:
    link = Link(title="Ver no site", url="https://example.com/")
    wire = Wire(TAKEN)
    await channel(wire).send(outgoing(links=(link,), typing=2))
    await channel(wire).send(outgoing())
    linked, plain = (json.loads(request.content) for request in wire.requests)
    assert (linked["links"], linked["typing"]) == ([link.model_dump()], 2)
    assert plain.keys() == linked.keys() - {"links", "typing"}


async def test_a_contact_card_goes_as_a_vcard_too_and_in_words() -> None:
    wire = Wire(TAKEN)
    card = ContactCard(name="Ana", phones=("+55 49 3333-0000",))
    await channel(wire).send(outgoing(contact_card=card))
    body = json.loads(wire.requests[0].content)
    assert body["contact_card"] == {**card.model_dump(mode="json"), "vcard": card.vcard}
    assert body["text"] == "Ana\n+55 49 3333-0000"


async def test_a_template_goes_with_its_parameters_and_as_finished_text() -> None:
    wire = Wire(TAKEN)
    sending = Sending(name="due", language="pt_BR", category="utility", parameters={"1": "10/12"})
    await channel(wire).send(outgoing(template=sending))
    body = json.loads(wire.requests[0].content)
    assert (body["text"], body["template"]) == ("Olá, Ana! 😀", sending.model_dump())


async def test_an_answer_without_an_id_leaves_it_open() -> None:
    with pytest.raises(AmbiguousSendError, match="without an id"):
        await channel(Wire(httpx.Response(200, json={"ok": True}))).send(outgoing())


async def test_a_reason_that_is_a_word_is_kept_and_one_that_is_a_sentence_is_not() -> None:
    answer = httpx.Response(400, json={"error": "Ana Souza has blocked you", "code": "blocked"})
    with pytest.raises(Exception, match=r"'middleware\.example\.com' answered 400: blocked$"):
        await channel(Wire(answer)).send(outgoing())


async def test_a_missing_secret_is_a_credential_that_somebody_must_renew() -> None:
    def missing(_name: str) -> str:
        raise SettingsError("secret 'front': found neither")

    one = channel(Wire(TAKEN))
    one.tools = one.tools.model_copy(update={"secret": missing})
    with pytest.raises(CredentialError, match="found neither"):
        await one.send(outgoing())
    with pytest.raises(SettingsError):
        one.parse(webhook(one, "1"))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "leave_unknown"),
        ({"idempotent": True}, "harmless"),
        ({"after_crash": "send_again"}, "send_again"),
    ],
)
def test_what_happens_after_a_crash_is_a_setting(settings: dict[str, Any], expected: str) -> None:
    assert channel(**settings).after_crash == expected


async def test_a_message_whose_fate_is_unknown_can_be_asked_for() -> None:
    wire = Wire(TAKEN)
    one = channel(wire, reconcile_url="https://middleware.example.com/find?a=1")
    assert await one.reconcile(outgoing()) == Receipt(external_id="ext-1")
    assert wire.requests[0].url.query == b"a=1&key=c0ffee%3A4"


async def test_a_receiver_that_does_not_know_the_key_proves_that_nothing_arrived() -> None:
    one = channel(Wire(httpx.Response(404)), reconcile_url="https://middleware.example.com/find")
    with pytest.raises(NotSentError):
        await one.reconcile(outgoing())


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(200), httpx.ConnectError("refused")])
async def test_a_receiver_that_cannot_be_asked_leaves_it_open(answer: httpx.Response | Exception) -> None:
    assert await channel(Wire(answer), reconcile_url="https://x.example.com/find").reconcile(outgoing()) is None
    assert await channel(Wire(TAKEN)).reconcile(outgoing()) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [("url", "ftp://x"), ("secret", []), ("secret", ""), ("after_crash", "panic"), ("idempotent", "so")],
)
def test_a_wrong_setting_names_account_and_key(key: str, value: object) -> None:
    with pytest.raises(SettingsError, match=rf"accounts\.acc\.{key}"):
        channel(**{key: value})


@pytest.mark.parametrize(("told", "language"), [("pt-BR", "pt-BR"), ("", ""), ("português, eu acho", "")])
def test_the_language_of_a_contact_is_read_where_it_is_one(told: str, language: str) -> None:
    posted = {"type": "message", "id": "1", "from": "a", "text": "oi", "language": told}
    (message,) = channel().parse(signed(posted)).messages
    assert message.language == language


def test_a_referral_and_a_missed_call_are_read() -> None:
    items = [
        {"type": "message", "id": "1", "from": "a", "text": "oi", "referral": "desk"},
        {"type": "message", "id": "2", "from": "a", "missed_call": True},
        {"type": "message", "id": "3", "from": "a", "referral": "desk"},
    ]
    found = channel().parse(signed({"items": items}))
    assert [(one.referral, one.missed_call) for one in found.messages] == [("desk", False), ("", True)]
    assert found.unreadable == ("item 2: a message needs text, choice, files, location or missed_call",)
