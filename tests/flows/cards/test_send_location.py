import pytest
from pydantic import JsonValue, ValidationError

from domain.errors import FlowError
from domain.message import Content, Location
from tests.flows.fakes import FakeConversation, card

SHOP = """
id: shop
card: send_location
latitude: -27.10042
longitude: -52.61523
name: "{{ company.name }}"
address: " Rua das Flores, 120 "
"""
SHARED = """
id: shared
card: send_location
latitude: "{{ place.latitude }}"
longitude: "{{ place.longitude }}"
"""


async def test_it_sends_the_place_with_its_name_and_address() -> None:
    conversation = FakeConversation()
    assert await card(SHOP).play(conversation) == "done"
    place = Location(latitude=-27.10042, longitude=-52.61523, name="Conecta", address="Rua das Flores, 120")
    assert conversation.said == [Content(location=place)]


@pytest.mark.parametrize(("latitude", "longitude"), [(-27.1, -52.6), ("-27.1", "-52.6")])
async def test_the_degrees_may_come_from_a_variable(latitude: JsonValue, longitude: JsonValue) -> None:
    conversation = FakeConversation(variables={"place": {"latitude": latitude, "longitude": longitude}})
    await card(SHARED).play(conversation)
    assert conversation.said == [Content(location=Location(latitude=-27.1, longitude=-52.6))]


@pytest.mark.parametrize("latitude", [None, "here", 91, [], "nan"])
async def test_what_is_no_place_is_an_error_of_the_flow(latitude: JsonValue) -> None:
    conversation = FakeConversation(variables={"place": {"latitude": latitude, "longitude": 0}})
    with pytest.raises(FlowError, match="expected degrees"):
        await card(SHARED).play(conversation)
    assert conversation.said == []


@pytest.mark.parametrize(("key", "value"), [("latitude", "-90.1"), ("longitude", "180.1")])
def test_a_place_outside_this_earth_cannot_be_written(key: str, value: str) -> None:
    degrees = {"latitude": "0", "longitude": "0", key: value}
    with pytest.raises(ValidationError, match=f"'{key}' is from"):
        card(f"{{id: a, card: send_location, latitude: {degrees['latitude']}, longitude: {degrees['longitude']}}}")


def test_its_summary_is_the_best_that_is_known() -> None:
    assert card(SHOP).summary() == "{{ company.name }}"
    assert card("{id: a, card: send_location, latitude: -27.5, longitude: 1}").summary() == "-27.5, 1.0"
