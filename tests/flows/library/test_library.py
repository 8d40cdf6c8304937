import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from domain.call import ErpAnswer
from erps import erps
from flows.check import load_and_check
from flows.flow import Flow
from flows.reader import read_flow
from prosa.demo.command import SETTINGS
from runtime.settings import Settings
from stories.reader import read_stories
from tests.flows.fakes import BOLETO, FakeConversation
from tests.flows.player import Passed, play
from usecases.checking import installation

FOLDER = Path(__file__).parents[3] / "flows" / "library"
FILES = sorted(FOLDER.glob("*.yaml"))
FLOWS: Mapping[str, Flow] = {file.stem: read_flow(file.read_text(encoding="utf-8"), file.name) for file in FILES}

OURS = Settings(**tomllib.loads((FOLDER.parents[1] / "prosa.toml").read_text(encoding="utf-8")))
"""The settings that come along with the library."""

LINE = "34191.09008 61207.727308 71444.640008 1 12510000009990"
PIX = "00020126580014br.gov.bcb.pix0136a1b2c3d4520400005303986540599.905802BR5907Conecta6009Sao Paulo6304ABCD"
CUSTOMER: JsonValue = {"id": "C-1001", "name": "ANA SOUZA", "document": "52998224725", "status": "active"}
INVOICE: dict[str, JsonValue] = {
    "id": "F-7841",
    "number": "7841",
    "amount": "99.90",
    "due": "2026-12-10",
    "status": "open",
}
LATE: dict[str, JsonValue] = {**INVOICE, "id": "F-7842", "number": "7842", "due": "2026-11-10", "status": "overdue"}
COPY: dict[str, JsonValue] = {
    "number": "7841",
    "amount": "99.90",
    "due": "2026-12-10",
    "digitable_line": LINE,
    "pix": PIX,
    "file": BOLETO.model_dump(mode="json"),
}
CPF = "529.982.247-25"
NOT_FOUND, REJECTED, FAILED = (ErpAnswer(outcome=outcome) for outcome in ("not_found", "rejected", "failed"))


def erp(**changes: ErpAnswer | JsonValue) -> dict[str, ErpAnswer]:
    """Return what the ERP answers: one customer with one invoice, with *changes*."""
    normal: dict[str, Any] = {"find_customer": CUSTOMER, "list_open_invoices": [INVOICE], "second_copy": COPY}
    return {
        name: answer if isinstance(answer, ErpAnswer) else ErpAnswer(value=answer)
        for name, answer in (normal | changes).items()
    }


class Case(NamedTuple):
    """What the contact says, minute by minute, and how it ends."""

    says: str
    ended: str
    erp: dict[str, ErpAnswer] = erp()
    last: str = "que nota você dá?"


SILENT = "é só mandar uma mensagem. 👋"
GOODBYES = ("é só mandar uma mensagem", "Nossa equipe concluiu seu atendimento", "Sua mensagem ficou com a equipe")
THANKED = "Obrigado pela avaliação, Ana! 💙"
RATE = "Para terminar: de 0 a 10, qual é a chance de você recomendar nosso atendimento a um amigo?"
CASES = {
    "one invoice": Case(f"1|{CPF}|não", "resolved"),
    "several invoices": Case(f"boleto|{CPF}|2|não", "resolved", erp(list_open_invoices=[INVOICE, LATE])),
    "no invoice": Case(f"1|{CPF}|não", "resolved", erp(list_open_invoices=[])),
    "no invoice known": Case(f"1|{CPF}|não", "resolved", erp(list_open_invoices=NOT_FOUND)),
    "no customer, once more, given up": Case(
        f"1|{CPF}|sim|{CPF}|não|não|não", "resolved", erp(find_customer=NOT_FOUND)
    ),
    "no customer, confused": Case(f"1|{CPF}|quem sabe|talvez|não|não", "resolved", erp(find_customer=NOT_FOUND)),
    "no customer, silent": Case(f"1|{CPF}", "no_answer", erp(find_customer=NOT_FOUND), SILENT),
    "wrong documents": Case("1|123|456|789|não|não", "resolved"),
    "system down at the customer": Case(f"1|{CPF}|não|não", "resolved", erp(find_customer=FAILED)),
    "system refuses the customer": Case(f"1|{CPF}|não|não", "resolved", erp(find_customer=REJECTED)),
    "system down at the invoices": Case(f"1|{CPF}|não|não", "resolved", erp(list_open_invoices=FAILED)),
    "system refuses the invoices": Case(f"1|{CPF}|não|não", "resolved", erp(list_open_invoices=REJECTED)),
    "system down at the copy": Case(f"1|{CPF}|não|não", "resolved", erp(second_copy=FAILED)),
    "invoice gone": Case(f"1|{CPF}|não", "resolved", erp(second_copy=NOT_FOUND)),
    "invoice paid": Case(f"1|{CPF}|não", "resolved", erp(second_copy=REJECTED)),
    "only a line": Case(f"1|{CPF}|não", "resolved", erp(second_copy={**COPY, "pix": "", "file": None})),
    "only a file": Case(f"1|{CPF}|não", "resolved", erp(second_copy={**COPY, "pix": None, "digitable_line": None})),
    "only Pix": Case(f"1|{CPF}|não", "resolved", erp(second_copy={**COPY, "digitable_line": ""})),
    "silent at the document": Case("1", "no_answer", last=SILENT),
    "silent at the choice": Case(f"1|{CPF}", "no_answer", erp(list_open_invoices=[INVOICE, LATE]), SILENT),
    "confused at the choice": Case(f"1|{CPF}|9|x|y|não|não", "resolved", erp(list_open_invoices=[INVOICE, LATE])),
    "silent at the menu": Case("", "no_answer", last=SILENT),
    "confused at the menu, wants nobody": Case("a|b|c|não|encerrar", "resolved"),
    "confused at the menu, is helped": Case("a|b|c|sim|resolve!|não", "resolved", last=RATE),
    "confused at the menu, silent": Case("a|b|c", "no_answer", last=SILENT),
    "leaves at once": Case("sair", "resolved"),
    "wants a person, is helped": Case("8|resolve!|10|não", "resolved", last=THANKED),
    "wants a person, gives up": Case("outro assunto|voltar|encerrar", "resolved"),
    "wants a person, nobody comes": Case("8", "no_answer", last=SILENT),
    "system down, is helped": Case(f"1|{CPF}|sim|say!Oi!|resolve!|não", "resolved", erp(find_customer=FAILED), RATE),
    "twice": Case(f"1|{CPF}|sim|1|não, obrigado", "resolved"),
    "silent at the end": Case(f"1|{CPF}", "resolved"),
    "confused at the end": Case(f"1|{CPF}|hm|hum", "resolved"),
    "gives a score and says why": Case("sair|9|Foi rápido", "resolved", last=THANKED),
    "gives a score and no reason": Case("sair|nota 10|não", "resolved", last=THANKED),
    "gives a score and is silent": Case("sair|0", "resolved", last=THANKED),
    "gives no score": Case("sair|não, obrigado", "resolved", last=RATE),
}


async def played(case: Case) -> tuple[str, Passed, FakeConversation]:
    script = [("1m", said) for said in case.says.split("|") if said]
    conversation = FakeConversation(*script, erp=case.erp)
    ended, passed = await play(FLOWS, "atendimento", conversation)
    return ended, passed, conversation


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_flow_of_the_library_has_nothing_to_mend(file: Path) -> None:
    _, found = load_and_check(file.read_text(encoding="utf-8"), file.name, installation(OURS), FLOWS)
    assert [finding.written(file.name) for finding in found] == []


def test_what_the_library_sends_as_templates_is_the_same_in_settings_demo_and_stories() -> None:
    assert Settings(**tomllib.loads(SETTINGS.read_text(encoding="utf-8"))).templates == OURS.templates
    for file in (FOLDER / "stories").glob("*.yaml"):
        for told in read_stories(file.read_text(encoding="utf-8"), file.name):
            for name, text in told.story.templates.items():
                assert text == OURS.templates[name].text, file.name


def test_in_the_demo_people_may_answer_at_any_time_of_day() -> None:
    assert Settings(**tomllib.loads(SETTINGS.read_text(encoding="utf-8"))).known_queues["main"].calendar == ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_flow_of_the_library_is_called_like_its_file(file: Path) -> None:
    assert FLOWS[file.stem].flow == file.stem


@pytest.mark.parametrize("name", CASES)
async def test_every_way_through_ends_well(name: str) -> None:
    case = CASES[name]
    ended, _, conversation = await played(case)
    assert ended == case.ended
    assert conversation.heard[-1].endswith(case.last)


async def test_a_contact_reads_this_for_one_invoice() -> None:
    _, _, conversation = await played(CASES["one invoice"])
    assert conversation.heard == [
        "Olá, Ana! 👋 Aqui é o atendimento Conecta.\nSeu protocolo é 20261121-000001.",
        "Como posso ajudar?",
        "Qual é o CPF ou CNPJ do titular? Com ele eu encontro seu cadastro.",
        "Prontinho, Ana! Aqui está sua segunda via: 🧾\n\nBoleto 7841\nVencimento: 10/12/2026\nValor: R$ 99,90",
        "Boleto em PDF",
        "Para pagar no app do seu banco, copie a linha digitável: 👇",
        LINE,
        "Prefere Pix? Copie este código e cole no Pix Copia e Cola do seu banco: 👇",
        PIX,
        "Posso ajudar com mais alguma coisa?",
        "Obrigado pelo contato, Ana! Se precisar, é só mandar uma mensagem. 👋",
        RATE,
        "Sua opinião ajuda a gente a melhorar. De 0 a 10, que nota você dá?",
    ]
    (file,) = [content.file for content in conversation.said if content.file]
    assert file.name == "boleto-7841.pdf"
    assert [option.label for option in conversation.said[1].options] == [
        "Segunda via de boleto",
        "Suporte técnico",
        "Desbloqueio em confiança",
        "Renegociar boletos",
        "Mudar de plano",
        "Cancelar o serviço",
        "Quero contratar",
        "Falar com atendente",
        "Encerrar",
    ]


async def test_several_invoices_are_offered_by_date_and_amount() -> None:
    _, _, conversation = await played(CASES["several invoices"])
    (asked,) = [content for content in conversation.said if "boletos em aberto" in content.text]
    assert asked.text == "Ana, encontrei 2 boletos em aberto. Qual deles você quer?"
    assert [option.label for option in asked.options] == [
        "Vence 10/12/2026 · R$ 99,90",
        "Venceu 10/11/2026 · R$ 99,90",
    ]
    assert [effect.arguments for effect in conversation.effects if effect.operation == "second_copy"] == [
        {"invoice_id": "F-7842"}
    ]


async def test_who_wants_something_else_at_the_survey_gets_a_new_conversation() -> None:
    _, _, conversation = await played(Case("sair|segunda via|segunda via", "resolved"))
    assert conversation.heard[-1].startswith("Para avaliar, responda só com um número de 0 a 10.")
    assert [message.text for message in conversation.unread] == ["segunda via"]


async def test_who_was_silent_is_not_asked_for_a_score() -> None:
    for name in ("silent at the menu", "silent at the document", "silent at the choice"):
        _, _, conversation = await played(CASES[name])
        assert RATE not in conversation.heard


async def test_whoever_wants_more_sees_the_menu_again() -> None:
    _, _, conversation = await played(CASES["twice"])
    assert conversation.heard.count("Como posso ajudar?") == 2
    assert conversation.heard.count(PIX) == 2
    assert sum("CPF ou CNPJ do titular" in text for text in conversation.heard) == 1


async def test_a_company_is_called_by_its_whole_name() -> None:
    padaria: JsonValue = {"id": "C-1004", "name": "Padaria Pão Quente Ltda"}
    case = Case("1|11.444.777/0001-61|não", "resolved", erp(find_customer=padaria))
    _, _, conversation = await played(case)
    assert any(text.startswith("Prontinho, Padaria Pão Quente Ltda!") for text in conversation.heard)


def test_messages_fit_a_phone() -> None:
    """A text of the library is read on a small screen: a few lines, short labels to tap."""
    for flow in FLOWS.values():
        for card in flow.cards:
            for key, text in card.texts().items():
                assert len(text) <= 250, (flow.flow, card.id, key)


def test_labels_of_the_menus_fit_buttons_and_lists() -> None:
    """WhatsApp shows 24 characters in a list (Cloud API reference, interactive list messages)."""
    for card in FLOWS["atendimento"].cards:
        for key, text in card.texts().items():
            if key.endswith(".label"):
                assert len(text) <= 24, (card.id, key)


sayings = st.sampled_from(
    ["1", "2", "6", CPF, "sim", "não", "oi", "", "encerrar", "👍", "7842", "boleto", "resolve!"]
) | st.text(max_size=20)
outcomes = st.sampled_from([NOT_FOUND, REJECTED, FAILED])


@given(
    st.lists(st.tuples(st.sampled_from(["1s", "6m", "31m"]), sayings), max_size=25),
    outcomes | st.just(ErpAnswer(value=CUSTOMER)),
    outcomes | st.sampled_from([ErpAnswer(value=[]), ErpAnswer(value=[INVOICE]), ErpAnswer(value=[INVOICE, LATE])]),
    outcomes | st.just(ErpAnswer(value=COPY)),
)
async def test_whatever_contact_and_system_do_the_conversation_ends_with_a_goodbye(
    script: list[tuple[str, str]], customer: ErpAnswer, invoices: ErpAnswer, copy: ErpAnswer
) -> None:
    answers = dict.fromkeys(erps["demo"].operations(), NOT_FOUND)
    answers |= {"find_customer": customer, "list_open_invoices": invoices, "second_copy": copy}
    conversation = FakeConversation(*script, erp=answers)
    ended, _ = await play(FLOWS, "atendimento", conversation)
    assert ended in {"resolved", "no_answer", "message_left"}
    last = conversation.heard[conversation.heard.index(RATE) - 1 if RATE in conversation.heard else -1]
    assert any(goodbye in last for goodbye in GOODBYES)
    assert conversation.heard.count(RATE) <= 1
