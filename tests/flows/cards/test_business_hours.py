from datetime import UTC, datetime

import pytest

from domain.errors import UnknownNameError
from tests.flows.fakes import FakeConversation, card

CARD = "{id: open, card: business_hours, save_as: hours, exits: {closed: bye}}"


async def test_while_the_company_is_open_it_goes_on() -> None:
    conversation = FakeConversation()
    conversation.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert await card(CARD).play(conversation) == "open"
    assert conversation.variables["hours"] == {
        "open": True,
        "opens_at": None,
        "closes_at": "2026-11-23T18:00:00-03:00",
        "holiday": "",
    }
    assert conversation.data("variable_set")[0]["variable"] == "hours"


async def test_while_it_is_closed_it_leaves_and_says_when_it_opens() -> None:
    conversation = FakeConversation()  # on a Saturday
    assert await card(CARD).play(conversation) == "closed"
    text = "Abrimos {{ hours.opens_at | date('short') }} às {{ hours.opens_at | date('time') }}"
    assert conversation.render(text) == "Abrimos 23/11 às 08:00"


async def test_it_need_not_keep_what_it_found() -> None:
    conversation = FakeConversation()
    assert await card("{id: open, card: business_hours}").play(conversation) == "closed"
    assert conversation.variables == {}
    assert conversation.events == []


async def test_an_unknown_calendar_fails() -> None:
    with pytest.raises(UnknownNameError, match="sales"):
        await card("{id: open, card: business_hours, calendar: sales}").play(FakeConversation())


def test_only_open_falls_through() -> None:
    ways = {way.name: (way.target, way.falls_through) for way in card(CARD).ways_out()}
    assert ways == {"open": (None, True), "closed": ("bye", False)}
