from typing import Any

from pydantic import JsonValue

from domain.conversation import Company, Contact, ConversationStart, Setup
from domain.entry import Entry


def started(name: str, **setup: Any) -> Setup:
    """Return the setup of a conversation as a worker reads it from a history."""
    given = Setup(account="site", channel="webchat", flow="main", contact=Contact(address=name, name=name), **setup)
    return ConversationStart.model_validate_json(ConversationStart(setup=given).model_dump_json()).setup


def test_conversations_of_an_account_share_all_of_their_setup_but_the_contact() -> None:
    ana, bia = started("Ana", company=Company(name="Conecta")), started("Bia", company=Company(name="Conecta"))
    assert (ana.contact.name, bia.contact.name) == ("Ana", "Bia")
    assert ana.company is bia.company
    assert ana.capabilities is bia.capabilities


def test_each_conversation_keeps_the_setup_that_it_began_with() -> None:
    settings: list[JsonValue] = [1, True, 1.0, "1", 1]
    entries = [started("Ana", entries=(Entry(flow="main", inputs={"x": value}),)).entries for value in settings]
    assert [repr(each.inputs["x"]) for (each,) in entries] == ["1", "True", "1.0", "'1'", "1"]
