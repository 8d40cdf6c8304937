import asyncio
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from gateway.webchat.stream_places import OPENED, OPENED_AT_PLACE, STREAMS, StreamPlaces
from tests.gateway.fakes import Gateway

PLACES = {"session": 2, "address": 3, "everywhere": 4}


def refused(places: StreamPlaces, session: str, place: str) -> str:
    with pytest.raises(HTTPException) as error:
        places.take(session, place)
    assert error.value.status_code == 429
    return error.value.detail


def test_a_session_an_address_and_the_gateway_have_so_many_streams() -> None:
    places = StreamPlaces(**PLACES)
    for session in ("a", "a", "b"):
        places.take(session, "203.0.113.7")
    assert refused(places, "a", "203.0.113.8") == "too many streams of one session"
    assert refused(places, "c", "203.0.113.7") == "too many streams of one address"
    places.take("c", "")
    assert refused(places, "d", "203.0.113.9") == "too many streams of one gateway"


def test_a_stream_that_ends_gives_its_place_back_and_a_refused_one_takes_none() -> None:
    places = StreamPlaces(**PLACES)
    back = [places.take("a", "203.0.113.7") for _ in range(2)]
    for _ in range(5):
        refused(places, "a", "203.0.113.7")
    back[0]()
    places.take("a", "203.0.113.7")
    assert len(places) == 2


def test_who_opens_streams_again_and_again_has_to_wait() -> None:
    places = StreamPlaces()
    for _ in range(OPENED.count):
        places.take("a", "203.0.113.7")()
    assert refused(places, "a", "203.0.113.8") == "too many streams opened"
    for other in range(OPENED_AT_PLACE.count - OPENED.count):
        places.take(other, "203.0.113.7")()
    assert refused(places, "b", "203.0.113.7") == "too many streams opened"
    places.take("b", "203.0.113.8")
    assert len(places) == 1


async def test_streams_are_counted_before_their_answer_begins(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/webchat/site/events",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {token}".encode()), (b"host", b"chat.example.com")],
        "client": ("203.0.113.7", 4711),
    }
    answers: list[int] = []
    asked = [asyncio.create_task(begin(site, scope, answers)) for _ in range(STREAMS + 5)]
    await asyncio.sleep(1)
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(answers) == [200] * STREAMS + [429] * 5


async def begin(site: Gateway, scope: dict[str, Any], answers: list[int]) -> None:
    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(0.2)  # a reader that is slow to begin
            answers.append(message["status"])

    await site.app(scope, receive, send)
