from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from activities.email_layout import email_message
from domain.call import SendEmail

SENDER = ("Conecta Telecom", "prosa@conecta.example")
TO = ("ana@conecta.example", "bia@conecta.example")
PLACE = {"card": "tell", "protocol": "20261121-000001", "account": "site", "contact": "Ana Souza"}
NOTICE = SendEmail(
    email="team",
    event="notification",
    subject="Pedido de Ana",
    data={"text": "Ana quer cancelar:\nestá caro", **PLACE},
    key="c1:7",
    patience=timedelta(minutes=2),
)


def lines(effect: SendEmail) -> list[str]:
    return email_message(effect, SENDER, TO).get_content().splitlines()


def test_the_text_stands_above_what_it_is_about() -> None:
    message = email_message(NOTICE, SENDER, TO)
    assert message["From"] == "Conecta Telecom <prosa@conecta.example>"
    assert (message["To"], message["Subject"]) == (", ".join(TO), "Pedido de Ana")
    assert lines(NOTICE) == [
        "Ana quer cancelar:",
        "está caro",
        "",
        "Protocolo: 20261121-000001",
        "Conta: site",
        "Contato: Ana Souza",
        "",
        "Ver a conversa: prosa conversation show 20261121-000001",
    ]


def test_whoever_waits_is_told_with_queue_priority_and_note() -> None:
    told = {"queue": "support", "agent": "", "priority": "high", "skills": ["fibra", "rádio"], "note": "Sem sinal"}
    assert lines(NOTICE.model_copy(update={"event": "handed_over", "data": {**told, **PLACE, "contact": ""}})) == [
        "Há um contato esperando por atendimento.",
        "",
        "Fila: support",
        "Prioridade: alta",
        "Precisa conhecer: fibra, rádio",
        "Recado: Sem sinal",
        "Protocolo: 20261121-000001",
        "Conta: site",
        "",
        "Ver a conversa: prosa conversation show 20261121-000001",
    ]


@pytest.mark.parametrize(
    ("queue", "subject", "line"),
    [
        ("support", "Contato esperando na fila Suporte · 20261121-000001", ["Fila: Suporte"]),
        ("sales", "Contato esperando na fila sales · 20261121-000001", ["Fila: sales"]),
        ("main", "Contato esperando na fila · 20261121-000001", []),
    ],
)
def test_that_somebody_waits_and_where_stands_in_the_subject(queue: str, subject: str, line: list[str]) -> None:
    waits = NOTICE.model_copy(update={"event": "handed_over", "data": {"queue": queue, **PLACE}})
    message = email_message(waits, SENDER, TO, {"support": "Suporte", "main": ""})
    assert message["Subject"] == subject
    assert [one for one in message.get_content().splitlines() if one.startswith("Fila")] == line


def test_a_repeat_has_the_same_message_id_and_no_other_email_has() -> None:
    first, again = (email_message(NOTICE, SENDER, TO)["Message-ID"] for _ in range(2))
    other = email_message(NOTICE.model_copy(update={"key": "c1:8"}), SENDER, TO)["Message-ID"]
    assert first == again != other
    assert first.endswith("@conecta.example>")


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\0", "\u2028", "\x85", "\v"])
def test_a_name_adds_neither_headers_nor_lines(sign: str) -> None:
    name = f"Ana{sign}Bcc: mallory@evil.example"
    effect = NOTICE.model_copy(update={"subject": f"Pedido de {name}", "data": {**NOTICE.data, "contact": name}})
    message = message_from_bytes(email_message(effect, (name, SENDER[1]), TO).as_bytes(), policy=policy.default)
    assert message["Bcc"] is None
    assert message["Subject"] == "Pedido de Ana Bcc: mallory@evil.example"
    assert message.get_content().splitlines()[-3:-1] == ["Contato: Ana Bcc: mallory@evil.example", ""]


def test_what_no_letter_can_hold_is_replaced() -> None:
    effect = NOTICE.model_copy(update={"data": {"text": "\ud83d oi"}, "subject": "\ud83d" + "á" * 300})
    message = email_message(effect, SENDER, TO)
    assert message.get_content().startswith("\ufffd oi")
    assert message_from_bytes(message.as_bytes(), policy=policy.default)["Subject"] == "á" * 200


def test_a_body_holds_nothing_that_a_terminal_or_a_mail_program_obeys() -> None:
    poison = "oi\x1b]0;owned\x07\x9b31m\u202egnp.exe\ntudo bem?"
    content = email_message(NOTICE.model_copy(update={"data": {"text": poison}}), SENDER, TO).get_content()
    assert content.startswith("oi\ufffd]0;owned\ufffd\ufffd31m\ufffdgnp.exe\ntudo bem?")
