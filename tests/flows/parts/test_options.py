import pytest
from pydantic import JsonValue

from domain.errors import FlowError
from flows.parts.options import FixedOption
from tests.flows.fakes import FakeConversation, card
from tests.flows.questions import INVOICES, MENU

OWED: list[JsonValue] = [
    {"number": "7841", "due": "2026-12-10", "amount": "99.90"},
    {"number": "7842", "due": "2027-01-10", "amount": "1234.5"},
]


async def test_a_choice_offers_its_options_to_tap() -> None:
    conversation = FakeConversation(("1m", "boleto"), variables={"may_cancel": True})
    assert await card(MENU).play(conversation) == "answered_segunda_via"
    assert [(option.id, option.label) for option in conversation.said[0].options] == [
        ("segunda_via", "Segunda via"),
        ("cancel", "Cancelar"),
        ("3", "Falar com Conecta"),
    ]


async def test_an_option_whose_condition_fails_is_not_offered_and_numbers_close_up() -> None:
    conversation = FakeConversation(("1m", "2"), variables={"may_cancel": False})
    assert await card(MENU).play(conversation) == "answered"
    assert [option.label for option in conversation.said[0].options] == ["Segunda via", "Falar com Conecta"]
    assert conversation.variables["wish"] == "Falar com Conecta"


async def test_an_option_without_value_stores_its_label() -> None:
    conversation = FakeConversation(("1m", "falar com conecta"), variables={"may_cancel": True})
    await card(MENU).play(conversation)
    assert conversation.variables["wish"] == "Falar com Conecta"


async def test_a_refused_choice_shows_the_options_again() -> None:
    conversation = FakeConversation(("1m", "pizza"), ("1m", "1"), variables={"may_cancel": True})
    await card(MENU).play(conversation)
    assert conversation.heard[1] == conversation.texts.choose_one
    assert conversation.said[1].options == conversation.said[0].options


async def test_options_come_from_a_list_and_keep_the_whole_element() -> None:
    conversation = FakeConversation(("1m", "2"), variables={"invoices": OWED})
    assert await card(INVOICES).play(conversation) == "answered"
    assert [option.label for option in conversation.said[0].options] == [
        "Vence 10/12/2026 · R$ 99,90",
        "Vence 10/01/2027 · R$ 1.234,50",
    ]
    assert conversation.variables["invoice"] == OWED[1]


async def test_options_from_a_list_are_found_by_synonym() -> None:
    conversation = FakeConversation(("1m", "é a 7841"), ("1m", "7841"), variables={"invoices": OWED})
    await card(INVOICES).play(conversation)
    assert conversation.variables["invoice"] == OWED[0]


async def test_a_long_list_is_cut() -> None:
    many: list[JsonValue] = [{"number": str(number), "due": "2026-12-10", "amount": "1"} for number in range(50)]
    conversation = FakeConversation(variables={"invoices": many})
    await card(INVOICES).play(conversation)
    assert len(conversation.said[0].options) == 20


@pytest.mark.parametrize("invoices", [[], None, "text", {"number": "1"}])
async def test_a_choice_without_options_is_an_error_of_the_flow(invoices: JsonValue) -> None:
    conversation = FakeConversation(variables={"invoices": invoices})
    with pytest.raises(FlowError, match=r"no options to offer|to be a list"):
        await card(INVOICES).play(conversation)


@pytest.mark.parametrize(
    ("value", "id_"),
    [("copy", "copy"), (3, "3"), (None, "7"), ("two words", "7"), ("{{ x }}", "7"), ("a" * 41, "7"), ([1], "7")],
)
def test_an_option_is_known_by_its_value_when_that_is_short_and_plain_else_by_its_place(
    value: JsonValue, id_: str
) -> None:
    assert FixedOption(label="a", value=value).id(7) == id_
