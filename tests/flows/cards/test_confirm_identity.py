from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from pydantic import JsonValue, ValidationError

from domain.call import CallAnswer
from domain.identity import CODE_PLACE, CheckAddress, CheckRegister, SendCode
from domain.proof import Proof
from flows.play_result import Detour
from tests.flows.fakes import START, UNDELIVERED, FakeConversation, RunEndedError, card, inbound

BASE = 'id: prove, card: confirm_identity, connection: billing, customer: "{{ customer.id }}"'
ADDRESS = f"{{{BASE}, by: address}}"
CODE = (
    f'{{{BASE}, by: code, subject: Código, message: "Seu código: {{{{ code }}}}", '
    'text: "Código, em {{ sent_to }}?", '
    'invalid: ["Não confere.", "De novo?"], again: Outro, reminders: [{after: 4m, text: Aí?}]}'
)
REGISTER = f'{{{BASE}, by: register, given: {{birth_date: "{{{{ birth }}}}", cep: "{{{{ cep }}}}"}}}}'
KNOWN: Mapping[str, JsonValue] = {"customer": {"id": "C-1"}, "birth": "1985-03-12", "cep": "88501000"}
PROVED = Proof(connection="billing", customer="C-1", by="code")


def sent(code: str = "482913") -> CallAnswer:
    return CallAnswer(value={"to": "a•••@b•••.example", "code": code})


def conversation(*script: Any, **answers: CallAnswer) -> FakeConversation:
    return FakeConversation(*script, variables=KNOWN, erp={"send_code": sent(), **answers})


@pytest.mark.parametrize(
    ("value", "leads"),
    [
        ("proved", "confirmed"),
        ("different", "refused"),
        ("exhausted", "refused"),
        ("impossible", "impossible"),
        ("nonsense", "impossible"),
        (True, "impossible"),
        (None, "impossible"),
    ],
)
async def test_each_result_of_the_address_leads_somewhere_and_only_one_proves(value: JsonValue, leads: str) -> None:
    talk = conversation(check_address=CallAnswer(value=value))
    assert await card(ADDRESS).play(talk) == leads
    (call,) = talk.effects
    assert isinstance(call, CheckAddress)
    assert (call.customer, call.account, call.address) == ("C-1", "site", "5511987654321")
    assert [proof.by for proof in talk.proofs] == (["address"] if leads == "confirmed" else [])


@pytest.mark.parametrize(("outcome", "leads"), [("failed", "failed"), ("not_found", "impossible")])
async def test_a_system_that_does_not_answer_proves_nothing(outcome: str, leads: str) -> None:
    talk = conversation(check_address=CallAnswer(outcome=outcome, reason="down"))
    assert await card(ADDRESS).play(talk) == leads
    assert talk.proofs == ()


async def test_what_the_contact_said_is_compared_with_the_register() -> None:
    talk = conversation(check_register=CallAnswer(value="proved"))
    assert await card(REGISTER).play(talk) == "confirmed"
    (call,) = talk.effects
    assert isinstance(call, CheckRegister)
    assert call.given == {"birth_date": "1985-03-12", "cep": "88501000"}
    assert "1985" not in str(talk.events)


@pytest.mark.parametrize("yaml", [ADDRESS, CODE, REGISTER])
async def test_who_is_proved_already_goes_on_at_once_and_nobody_else_does(yaml: str) -> None:
    talk = conversation(check_address=CallAnswer(), check_register=CallAnswer())
    talk.proofs = (PROVED,)
    assert await card(yaml).play(talk) == "confirmed"
    assert (talk.effects, talk.said) == ([], [])
    for other in (PROVED.model_copy(update={"customer": "C-2"}), PROVED.model_copy(update={"connection": "crm"})):
        talk.forget()
        talk.proofs = (other,)
        assert await card(yaml).play(talk) != "confirmed"


@pytest.mark.parametrize("said", ["482913", "482 913", "é 482.913!", "４８２９１３"])
async def test_the_code_proves_it_however_it_is_written(said: str) -> None:
    talk = conversation(("1m", said))
    assert await card(CODE).play(talk) == "confirmed"
    assert talk.heard == ["Código, em a•••@b•••.example?"]
    assert talk.proofs == (PROVED.model_copy(update={"by": "code"}),)


async def test_neither_message_nor_journal_hold_the_code() -> None:
    talk = conversation(("1m", "482913"))
    await card(CODE).play(talk)
    (call,) = talk.effects
    assert isinstance(call, SendCode)
    assert call.text == f"Seu código: {CODE_PLACE}"
    assert "482913" not in str(talk.events)
    assert talk.data("identity_checked")[0]["to"] == "a•••@b•••.example"


async def test_five_wrong_codes_are_enough_even_if_the_sixth_were_right() -> None:
    talk = conversation(*[("30s", said) for said in ("000000", "12", "não sei", "48291", "4829133", "482913")])
    assert await card(CODE).play(talk) == "refused"
    assert talk.heard[1:] == ["Não confere.", "De novo?", "De novo?", "De novo?"]
    assert [data["attempt"] for data in talk.data("answer_refused")] == [1, 2, 3, 4, 5]
    assert talk.proofs == ()


async def test_ten_minutes_after_it_was_sent_a_code_is_void() -> None:
    talk = conversation(("9m", "000000"), ("2m", "482913"))
    assert await card(CODE).play(talk) == "no_answer"
    assert talk.proofs == ()


async def test_a_code_that_was_said_in_time_but_is_read_too_late_is_void() -> None:
    class Late(FakeConversation):
        async def next_message(self, until: Any) -> Any:
            message = await super().next_message(until)
            self.now = START + timedelta(minutes=10)
            return message

    talk = Late(("1m", "482913"), variables=KNOWN, erp={"send_code": sent()})
    assert await card(CODE).play(talk) == "no_answer"
    assert talk.proofs == ()


async def test_silence_is_reminded_and_then_it_is_over() -> None:
    talk = conversation()
    assert await card(CODE).play(talk) == "no_answer"
    assert talk.heard[1:] == ["Aí?"]


@pytest.mark.parametrize("asks", ["Outro", "outro ", "1", inbound(choice="again")])
async def test_another_code_makes_the_first_void_and_counts_anew(asks: Any) -> None:
    talk = conversation(("1m", "000000"), ("9m", asks), ("9m", "482913"))
    assert await card(CODE).play(talk) == "no_answer"
    talk = conversation(("1m", "000000"), ("8m", asks), ("9m", "482913"))
    assert await card(CODE).play(talk) == "confirmed"
    assert [type(effect) for effect in talk.effects] == [SendCode, SendCode]


async def test_when_there_is_no_other_code_the_card_is_left() -> None:
    class Exhausted(FakeConversation):
        async def perform(self, effect: Any, progress: Any = None) -> Any:
            done = await super().perform(effect, progress)
            self._erp["send_code"] = CallAnswer(value="exhausted")
            return done

    talk = Exhausted(("1m", "Outro"), variables=KNOWN, erp={"send_code": sent()})
    assert await card(CODE).play(talk) == "refused"


@pytest.mark.parametrize(
    ("answer", "leads"),
    [
        (CallAnswer(value="impossible"), "impossible"),
        (CallAnswer(value="exhausted"), "refused"),
        (CallAnswer(outcome="failed"), "failed"),
        (CallAnswer(value={"to": "x"}), "impossible"),
    ],
)
async def test_without_a_code_nothing_is_asked(answer: CallAnswer, leads: str) -> None:
    talk = conversation(send_code=answer)
    assert await card(CODE).play(talk) == leads
    assert talk.said == []


async def test_an_empty_customer_cannot_be_proved() -> None:
    talk = FakeConversation(variables={"customer": {"id": ""}})
    for yaml in (ADDRESS, CODE, REGISTER):
        assert await card(yaml).play(talk) == "impossible"


async def test_a_keyword_leads_away_and_undelivered_waits_on() -> None:
    talk = conversation(("1m", UNDELIVERED), ("1m", "menu"))
    talk.keywords = {"menu"}
    assert isinstance(await card(CODE).play(talk), Detour)


async def test_a_new_run_goes_on_with_the_same_code_and_counts() -> None:
    talk = conversation(*[("1m", "000000")] * 4, ("1m", "run ends"))
    with pytest.raises(RunEndedError):
        await card(CODE).play(talk)
    again = talk.continued(("1m", "000000"))
    assert await card(CODE).play(again) == "refused"
    assert again.effects == []


@pytest.mark.parametrize(
    ("yaml", "mistake"),
    [
        (ADDRESS.replace("address}", 'address, text: "Qual?"}'), "only 'by: code' takes 'text'"),
        (CODE.replace("{{ code }}", "123"), "says the code as"),
        (CODE.replace("subject: Código, ", ""), "'by: code' needs 'subject'"),
        (REGISTER.replace(', cep: "{{ cep }}"', ""), "needs 'birth_date' and 'cep'"),
        (REGISTER.replace("cep:", "shoe_size:"), "shoe_size"),
    ],
)
def test_what_does_not_fit_the_means_is_a_mistake(yaml: str, mistake: str) -> None:
    with pytest.raises(ValidationError, match=mistake):
        card(yaml)


def test_only_a_code_may_get_no_answer() -> None:
    assert [way.name for way in card(ADDRESS).ways_out()] == ["confirmed", "refused", "impossible", "failed"]
    assert "no_answer" in [way.name for way in card(CODE).ways_out()]
