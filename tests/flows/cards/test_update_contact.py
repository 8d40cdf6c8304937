import pytest
from pydantic import JsonValue, ValidationError

from domain.contact import Known
from tests.flows.fakes import FakeConversation, card

KEEP = """
id: keep
card: update_contact
name: "{{ name }}"
email: "{{ email }}"
phone: "{{ phone }}"
document: "{{ document }}"
fields: {plan: "{{ plan }}", nothing: "{{ nothing }}"}
"""
NOTHING: dict[str, JsonValue] = {"name": "", "email": None, "phone": " ", "document": "", "plan": None, "nothing": []}
ANA = {"email": "Ana@Correio.example", "phone": "(49) 99999-0001", "document": "529.982.247-25"}


async def test_facts_are_kept_in_the_form_that_all_have_and_known_to_expressions() -> None:
    conversation = FakeConversation(variables={**NOTHING, **ANA, "name": "Aninha", "plan": {"speed": 500}})
    assert await card(KEEP).play(conversation) == "done"
    assert conversation.known == Known(
        name="Aninha",
        email="ana@correio.example",
        phone="+5549999990001",
        document="52998224725",
        fields={"plan": {"speed": 500}},
    )
    assert conversation.render("{{ contact.name }} {{ contact.fields.plan.speed }}") == "Aninha 500"


async def test_the_journal_says_what_was_kept_and_never_its_value() -> None:
    conversation = FakeConversation(variables={**NOTHING, **ANA, "plan": "gold"})
    await card(KEEP).play(conversation)
    assert conversation.events == [("contact_updated", {"fields": ["email", "phone", "document", "fields.plan"]})]


async def test_what_is_empty_or_known_already_changes_nothing() -> None:
    conversation = FakeConversation(variables={**NOTHING, "email": "ana@correio.example"})
    conversation.known = Known(name="Ana", email="ana@correio.example", fields={"plan": "gold"})
    before = conversation.known
    assert await card(KEEP).play(conversation) == "done"
    assert (conversation.known, conversation.events) == (before, [])


@pytest.mark.parametrize(
    ("fact", "wrong", "reason"),
    [
        ("email", "ana@correio", "not_an_email"),
        ("phone", "99999-0001", "area_code"),
        ("document", "529.982.247-24", "check_digits"),
    ],
)
async def test_what_is_none_that_it_should_be_is_refused_and_the_rest_is_kept(
    fact: str, wrong: str, reason: str
) -> None:
    conversation = FakeConversation(variables={**NOTHING, fact: wrong, "plan": "gold"})
    assert await card(KEEP).play(conversation) == "refused"
    assert conversation.data("contact_refused") == [{"field": fact, "reason": reason}]
    assert conversation.known == Known(fields={"plan": "gold"})


def test_only_what_has_a_form_can_be_refused() -> None:
    assert [way.name for way in card("{id: keep, card: update_contact, name: Ana}").ways_out()] == ["done"]
    assert [way.name for way in card(KEEP).ways_out()] == ["done", "refused"]


def test_a_card_that_keeps_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="expected one of name, email, phone, document, language, or 'fields'"):
        card("{id: keep, card: update_contact}")


async def test_a_language_is_a_tag_or_refused() -> None:
    speaks = '{id: keep, card: update_contact, language: "{{ language }}"}'
    conversation = FakeConversation(variables={"language": "pt-BR"})
    assert await card(speaks).play(conversation) == "done"
    assert conversation.known.language == "pt-BR"
    conversation.set("language", "brasileiro, uai")
    assert await card(speaks).play(conversation) == "refused"
    assert conversation.known.language == "pt-BR"
    assert conversation.data("contact_refused") == [{"field": "language", "reason": "not_a_language"}]
