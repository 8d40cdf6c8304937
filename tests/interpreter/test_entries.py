"""Ways into an account: the first that fits what opens the conversation."""

from typing import Any

import pytest

from domain.conversation import KeywordDefaults
from domain.entry import Entry
from domain.message import FileRef, Inbound
from tests.interpreter.world import SETUP, START, World, flow, message

WAITS = "  - {id: wait, card: await_interaction, timeout: 1h, exits: {no_answer: end}}\n"
SAYS = "  - {{id: say, card: send_message, text: '{}'}}\n"
ASKS = "  - {id: ask, card: ask_question, text: 'Nome?', answer: text, save_as: name, exits: {no_answer: end}}\n"
HEARD = "  - {id: heard, card: send_message, text: '{{ name }}'}\n"
FLOWS = {
    "main": flow(SAYS.format("Olá") + WAITS),
    "promo": flow(ASKS + HEARD, "promo"),
    "desk": flow(SAYS.format("{{ name }} em {{ conversation.referral }}") + WAITS, "desk"),
    "called": flow(SAYS.format("{{ conversation.window_open }}") + WAITS, "called"),
    "person": flow(SAYS.format("Chamando") + "  - {id: bye, card: close}\n", "person"),
}
ENTRIES = (
    Entry(flow="promo", says=("promo", "segunda via")),
    Entry(flow="desk", referral=("desk",), inputs={"name": "Bem-vinda"}),
    Entry(flow="called", missed_call=True),
    Entry(flow="person", mentions=("urgente",)),
)
FILE = FileRef(id="0" * 64, name="a.pdf", mime="application/pdf", size=1)


def world(*script: tuple[float, str | Inbound], **changes: Any) -> World:
    setup = SETUP.model_copy(update={"entries": ENTRIES, **changes})
    return World(FLOWS, list(script), setup=setup)


def first(**said: Any) -> Inbound:
    return Inbound(message_id="first", at=START).model_copy(update=said)


async def begun(opening: str | Inbound, **changes: Any) -> tuple[str, Any]:
    """Return with which flow a conversation begins that *opening* opens, and by which entry."""
    played = world((0, opening), **changes)
    await played.play()
    assert played.events[0].data["flow"] == played.state.flow
    return played.state.flow, played.events[0].data.get("entry")


@pytest.mark.parametrize(
    ("opening", "name", "entry"),
    [
        ("Promo!", "promo", {"number": 1, "by": "says", "found": "promo"}),
        ("oi, segunda via por favor 🙏", "promo", {"number": 1, "by": "says", "found": "segunda via"}),
        ("quero a promo de ontem", "main", None),
        (first(text="oi", referral="desk"), "desk", {"number": 2, "by": "referral", "found": "desk"}),
        (first(text="oi", referral="Desk"), "main", None),
        (first(missed_call=True), "called", {"number": 3, "by": "missed_call", "found": ""}),
        ("é URGENTE, sem internet", "person", {"number": 4, "by": "mentions", "found": "urgente"}),
        (first(text="promo", referral="desk"), "promo", {"number": 1, "by": "says", "found": "promo"}),
        (first(text="promo", choice="promo"), "main", None),
        (first(text="promo", files=(FILE,)), "main", None),
        ("oi", "main", None),
    ],
)
async def test_the_first_way_in_that_fits_counts(opening: str | Inbound, name: str, entry: Any) -> None:
    assert await begun(opening) == (name, entry)


async def test_the_word_that_opens_is_no_answer_and_the_next_one_is() -> None:
    played = world((0, "promo"), (5, "Ana"))
    await played.play()
    assert played.said == ["Nome?", "Ana"]


async def test_a_word_within_an_open_conversation_opens_no_other() -> None:
    played = world((0, "promo"), (5, "promo"))
    await played.play()
    assert played.said == ["Nome?", "promo"]
    assert played.kinds().count("conversation_opened") == 1


async def test_flows_know_the_referral_and_what_the_way_in_sets() -> None:
    played = world((0, first(text="oi", referral="desk")))
    await played.play()
    assert played.said == ["Bem-vinda em desk"]


async def test_a_missed_call_opens_no_service_window_and_what_is_said_then_does() -> None:
    played = world((0, first(missed_call=True)))
    await played.play()
    assert played.said == ["não"]
    assert played.state.heard_at is None


async def test_a_missed_call_in_a_conversation_is_written_down_and_answers_nothing() -> None:
    played = world((0, "promo"), (5, first(missed_call=True)), (9, "Ana"))
    await played.play()
    assert played.said == ["Nome?", "Ana"]
    assert [e.data.get("missed_call") for e in played.events if e.kind == "message_received"] == [None, True, None]
    assert all(message_id in {e for d in played.delivered for e in d.consumed} for message_id in played.state.seen)


async def test_an_event_of_before_reads_as_it_did() -> None:
    data = message("oi", "e1").model_dump(mode="json", exclude_defaults=True)
    assert set(data) == {"message_id", "at", "text"}


@pytest.mark.parametrize("opening", ["quero falar com um atendente", first(text="atendente", referral="desk")])
async def test_who_asks_for_people_first_gets_them_without_a_greeting(opening: str | Inbound) -> None:
    played = world((0, opening), keywords=KeywordDefaults(targets={"agent": "flow:person"}))
    await played.play()
    assert played.said == ["Chamando"]
    assert played.state.resolution == "resolved"
    assert "keyword_heard" in played.kinds()


@pytest.mark.parametrize("opening", ["menu", "voltar", "sair", "repetir"])
async def test_other_keywords_open_as_any_message_does(opening: str) -> None:
    played = world((0, opening), keywords=KeywordDefaults(targets={"menu": "flow:person", "agent": "flow:person"}))
    await played.play()
    assert played.said == ["Olá"]


async def test_who_asks_for_people_where_nobody_says_how_is_greeted() -> None:
    played = world((0, "atendente"))
    await played.play()
    assert played.said == ["Olá"]


async def test_asking_for_people_in_vain_comes_back_to_the_beginning() -> None:
    flows = {**FLOWS, "person": flow(SAYS.format("Ninguém"), "person")}
    played = World(
        flows,
        [(0, "atendente")],
        setup=SETUP.model_copy(update={"keywords": KeywordDefaults(targets={"agent": "flow:person"})}),
    )
    await played.play()
    assert played.said == ["Ninguém", "Olá"]
