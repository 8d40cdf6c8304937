import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from domain.errors import OperatorError
from prosa.chat.webchat import File, Heard, Visitor


def event(seq: int, kind: str = "message", **data: object) -> str:
    facts = {"conversation": "ab", "seq": seq, "at": "2026-03-02T14:30:00+00:00", "protocol": "20260302-000001"}
    return f"id: ab:{seq}\nevent: {kind}\ndata: {json.dumps(facts | data)}\n\n"


class Cut(httpx.AsyncByteStream):
    """A stream that breaks off after what it has."""

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece.encode()
        raise httpx.ReadError("cut")


async def heard(answer: Callable[[httpx.Request], httpx.Response], count: int, lost: list[str]) -> list[Heard]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        visitor = Visitor(http, "http://gateway", "site")
        visitor.token = "token"
        found: list[Heard] = []
        async with aclosing(visitor.hear(broken=lambda: lost.append("lost"))) as events:
            async for one in events:
                found.append(one)
                if len(found) == count:
                    break
    return found


async def test_a_broken_stream_goes_on_where_it_left_off() -> None:
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer token"
        asked.append(request.headers.get("last-event-id"))
        if len(asked) == 1:
            return httpx.Response(
                200, stream=Cut("retry: 1000\n\n", event(1), ": ping\n\n", event(2, text="Olá"), "id: a")
            )
        if len(asked) == 2:
            return httpx.Response(502)
        return httpx.Response(200, stream=Cut(event(3, "ended")))

    lost: list[str] = []
    found = await heard(answer, 3, lost)
    assert [one.id for one in found] == ["ab:1", "ab:2", "ab:3"]
    assert (found[1].text, found[1].protocol, found[2].kind) == ("Olá", "20260302-000001", "ended")
    assert asked == [None, "ab:2", "ab:2"]
    assert lost == ["lost"]


async def test_an_expired_session_is_said() -> None:
    with pytest.raises(OperatorError, match="the session has expired: begin a new one with --new"):
        await heard(lambda _: httpx.Response(401), 1, [])


async def test_a_message_whose_answer_was_lost_is_sent_again_under_the_same_id() -> None:
    posted: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        posted.append(json.loads(request.content))
        if len(posted) == 1:
            raise httpx.ReadTimeout("no answer")
        if len(posted) == 2:
            return httpx.Response(503)
        return httpx.Response(200, json={"received": 1})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        visitor = Visitor(http, "http://gateway/", "site", "recepcao")
        visitor.token = "token"
        message_id = await visitor.say(choice="2")
        assert await visitor.say("oi") != message_id
    assert len({one["id"] for one in posted[:3]}) == 1
    assert posted[2]["choice"] == "2"
    assert (posted[3]["text"], "choice" in posted[3]) == ("oi", False)
    assert {one["referral"] for one in posted} == {"recepcao"}


async def test_without_a_gateway_the_address_is_named_at_once() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        with pytest.raises(OperatorError, match="no gateway answers at http://gateway: `prosa up` starts one"):
            await asyncio.wait_for(Visitor(http, "http://gateway", "site").enter(), 1)


async def test_what_the_gateway_refuses_is_told_in_its_words() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json={"error": "no web chat 'sit'"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        with pytest.raises(OperatorError, match=r"says 404: .*no web chat 'sit'"):
            await Visitor(http, "http://gateway", "sit").enter()


async def test_a_file_is_saved_under_its_name_and_nowhere_else(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "http://gateway/files/1?t=2"
        return httpx.Response(200, content=b"%PDF")

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        file = File(id="1", name="../../boleto.pdf", mime="application/pdf", size=4, url="/files/1?t=2")
        path = await Visitor(http, "http://gateway", "site").fetch(file, tmp_path / "received")
    assert path == tmp_path / "received" / "boleto.pdf"
    assert path.read_bytes() == b"%PDF"
