import pytest

from domain.contact_card import ContactCard
from domain.event import Event
from domain.message import Callback, Content, FileRef, Inbound, Location, Outreach
from tests.flows.fakes import START, inbound

FILE = FileRef(id="f" * 64, name="boleto.pdf", mime="application/pdf", size=3)
SHOP = Location(latitude=-27.10042, longitude=-52.61523, name="Loja", address="Rua das Flores, 120")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (Content(text="oi"), "oi"),
        (Content(file=FILE), "boleto.pdf"),
        (Content(text="Seu boleto", file=FILE), "Seu boleto"),
        (Content(location=SHOP), "Loja\nRua das Flores, 120"),
        (Content(location=Location(latitude=-27.5, longitude=1)), "-27.500000,1.000000"),
        (Content(contact_card=ContactCard(name="Ana", phones=("1", "2"))), "Ana\n1\n2"),
    ],
)
def test_whatever_is_said_has_words(content: Content, words: str) -> None:
    assert content.words == words


def test_what_was_said_before_there_were_places_and_cards_is_the_same_event_today() -> None:
    data = Content(text="oi", file=FILE).model_dump(mode="json", exclude_defaults=True)
    assert data.keys() == {"text", "file"}
    assert Event(seq=1, kind="message_sent", at=START, data=data).fingerprint() == "ecde75994750c405"


@pytest.mark.parametrize(
    ("message", "source"),
    [
        (inbound("oi"), "contact"),
        (inbound(missed_call=True), "contact"),
        (inbound(outreach=Outreach(flow="renewal")), "company"),
        (inbound(callback=Callback(key="c:1", event="paid")), "system"),
    ],
)
def test_a_message_says_whose_it_is(message: Inbound, source: str) -> None:
    assert message.source == source


def test_whose_a_message_is_is_not_sent_along_with_it() -> None:
    assert "source" not in inbound("oi").model_dump()
