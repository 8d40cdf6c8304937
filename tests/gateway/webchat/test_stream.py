import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from channels.webchat import Session
from domain.contact_card import ContactCard
from domain.message import FileContent, Location
from gateway.app import Work
from gateway.webchat import stream as module
from gateway.webchat.stream import Stream, position
from journal import transcript
from journal.errors import DatabaseAwayError
from runtime.links import Links
from tests.gateway.fakes import KEY, Gateway, eventually
from tests.gateway.talking import Talk, talk

NAMES = {"bia.souza": "Bia"}


def stream(site: Gateway, session: str) -> Stream:
    work: Work = site.app.state.work
    return Stream(site.database, work.hub, Links(KEY), NAMES, "site", session)


async def take(events: AsyncGenerator[str], count: int) -> list[dict[str, Any]]:
    """Read so many events, comments and hints left out."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        while len(found) < count:
            chunk = await anext(events)
            fields = dict(line.split(": ", 1) for line in chunk.strip().split("\n"))
            if "data" in fields:
                data = json.loads(fields["data"])
                assert fields["id"] == f"{data['conversation']}:{data['seq']}"
                found.append({"event": fields["event"], "id": fields["id"], **data})
    return found


@pytest.fixture
async def ana(site: Gateway) -> Talk:
    session, token = site.webchat.open_session("Ana")
    return await talk(site, session, token)


async def test_a_page_sees_its_conversation_from_the_beginning(site: Gateway, ana: Talk) -> None:
    await ana.hear("oi")
    await ana.say("Olá! 😀\nComo posso ajudar?", options=[{"id": "a", "label": "Boleto"}])
    await ana.end()
    async with aclosing(stream(site, ana.session).events(None)) as events:
        seen = await take(events, 4)
    assert [one["event"] for one in seen] == ["opened", "received", "message", "ended"]
    assert seen[0]["protocol"]
    assert seen[2]["text"] == "Olá! 😀\nComo posso ajudar?"
    assert seen[2]["options"] == [{"id": "a", "label": "Boleto"}]
    assert [one["seq"] for one in seen] == [1, 2, 3, 4]


async def test_a_page_is_told_who_speaks_by_the_name_that_is_meant_for_contacts(site: Gateway, ana: Talk) -> None:
    await ana.say("Vou chamar alguém.")
    await ana.happen("agent_joined", by="bia.souza")
    await ana.say("Oi, aqui é a Bia.", by="bia.souza")
    await ana.say("E aqui o Caio.", by="caio@rede.example")
    await ana.say("E eu também.", by="davi")
    await ana.say("Isso mesmo.", by="caio@rede.example")
    await ana.happen("handover_resolved", by="bia.souza", note="cliente difícil")
    async with aclosing(stream(site, ana.session).events(None)) as events:
        seen = await take(events, 8)
    assert [(one["event"], one["agent"]) for one in seen[:2]] == [("opened", None), ("message", None)]
    assert [(one["event"], one["agent"]["name"], one["agent"]["number"]) for one in seen[2:]] == [
        ("joined", "Bia", 0),
        ("message", "Bia", 0),
        ("message", "", 1),
        ("message", "", 2),
        ("message", "", 1),
        ("left", "Bia", 0),
    ]
    told = json.dumps(seen, ensure_ascii=False)
    assert not [secret for secret in ("bia.souza", "caio@rede.example", "davi", "cliente difícil") if secret in told]
    async with aclosing(stream(site, ana.session).events(position(seen[4]["id"]))) as events:
        later = await take(events, 2)
    assert [one["agent"]["number"] for one in later] == [2, 1]  # a page that comes back calls them the same


async def test_what_is_said_later_arrives_without_waiting_for_the_next_reading(site: Gateway, ana: Talk) -> None:
    async with aclosing(stream(site, ana.session).events(None)) as events:
        await take(events, 1)
        later = asyncio.create_task(take(events, 1))
        await asyncio.sleep(0.3)
        began = asyncio.get_running_loop().time()
        await ana.say("Olá!")
        (seen,) = await later
        assert seen["text"] == "Olá!"
        assert asyncio.get_running_loop().time() - began < 1.5  # about 0.1 s; without the hub it takes up to 2 s


@pytest.mark.parametrize("cut", range(7))
async def test_a_page_that_comes_back_has_no_gap_and_no_double(site: Gateway, ana: Talk, cut: int) -> None:
    await ana.say("1", "2", "3")
    after = None
    seen: list[str] = []
    if cut:
        async with aclosing(stream(site, ana.session).events(None)) as events:
            first = await take(events, min(cut, 4))
        seen = [one["id"] for one in first]
        after = position(seen[-1])
    await ana.say("4", "5")
    await ana.end()
    _, token = site.webchat.open_session(before=Session(id=ana.session, begun=int(time.time()), until=0))
    again = await talk(site, ana.session, token, "m2")
    await again.say("6")
    async with aclosing(stream(site, ana.session).events(after)) as events:
        seen += [one["id"] for one in await take(events, 9 - len(seen))]
    expected = [f"{ana.conversation_id}:{n}" for n in range(1, 8)] + [f"{again.conversation_id}:{n}" for n in (1, 2)]
    assert seen == expected


async def test_a_page_reads_when_its_own_conversation_grows_and_not_at_anothers(
    site: Gateway, ana: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REREAD", 20.0)
    session, token = site.webchat.open_session("Bia")
    bia = await talk(site, session, token)
    follow, read = transcript.follow, Counter[str]()

    async def count(c: Any, account: str, address: str, *rest: Any) -> Any:
        read[address] += 1
        return await follow(c, account, address, *rest)

    async with (
        aclosing(stream(site, ana.session).events(None)) as events,
        aclosing(stream(site, bia.session).events(None)) as others,
    ):
        await take(events, 1)
        await take(others, 1)
        heard, unheard = asyncio.create_task(take(events, 3)), asyncio.create_task(take(others, 1))
        await asyncio.sleep(0.5)
        monkeypatch.setattr(transcript, "follow", count)
        for number in range(3):
            await ana.say(f"Olá {number}")
            await asyncio.sleep(0.25)
        assert [one["text"] for one in await heard] == ["Olá 0", "Olá 1", "Olá 2"]
        await bia.say("Olá")
        assert [one["text"] for one in await unheard] == ["Olá"]
    assert read[ana.session] >= 3
    assert read[bia.session] == 1


async def test_messages_that_are_said_while_a_page_reads_arrive_once_each(site: Gateway, ana: Talk) -> None:
    async def speak() -> None:
        for number in range(40):
            await ana.say(f"{number}")

    async with aclosing(stream(site, ana.session).events(None)) as events:
        speaking = asyncio.create_task(speak())
        seen = await take(events, 41)
        await speaking
    assert [one["text"] for one in seen[1:]] == [f"{number}" for number in range(40)]


async def test_a_page_sees_no_conversation_of_somebody_else(site: Gateway, ana: Talk) -> None:
    session, token = site.webchat.open_session("Bia")
    bia = await talk(site, session, token)
    await bia.say("só para a Bia")
    async with aclosing(stream(site, session).events((ana.conversation_id, 0))) as events:
        assert [one["conversation"] for one in await take(events, 2)] == [bia.conversation_id] * 2


async def test_more_events_than_fit_into_one_reading_arrive_in_order(
    site: Gateway, ana: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 3)
    await ana.say(*(f"{number}" for number in range(10)))
    async with aclosing(stream(site, ana.session).events(None)) as events:
        seen = await take(events, 11)
    assert [one["seq"] for one in seen] == list(range(1, 12))


async def test_a_file_comes_with_a_link_that_works(site: Gateway, ana: Talk) -> None:
    ref = site.files.put(FileContent(name="2ª via ção.pdf", mime="application/pdf", data=b"%PDF"))
    await ana.say("Aqui está", file=ref.model_dump())
    async with aclosing(stream(site, ana.session).events(None)) as events:
        seen = (await take(events, 2))[1]
    assert {key: seen["file"][key] for key in ("name", "mime", "size")} == {
        "name": "2ª via ção.pdf",
        "mime": "application/pdf",
        "size": 4,
    }
    answer = await site.http.get(seen["file"]["url"])
    assert (answer.status_code, answer.content) == (200, b"%PDF")


async def test_places_and_contact_cards_come_with_what_a_page_needs_to_show_them(site: Gateway, ana: Talk) -> None:
    place = Location(latitude=-27.1, longitude=-52.6, name="Loja")
    card = ContactCard(name="Ana", phones=("123",))
    await ana.say("", location=place.model_dump())
    await ana.say("", contact_card=card.model_dump(mode="json"))
    async with aclosing(stream(site, ana.session).events(None)) as events:
        _, shown, brought = await take(events, 3)
    assert shown["location"] == {**place.model_dump(), "url": place.link}
    assert brought["contact_card"] == {**card.model_dump(mode="json"), "vcard": card.vcard}
    assert (shown["contact_card"], brought["location"]) == (None, None)


async def test_links_come_as_they_are_and_pacing_in_seconds(site: Gateway, ana: Talk) -> None:
    links = [{"title": "Ver no site", "url": "https://example.com/"}]
    await ana.say("Oi", links=links, typing=2)
    await ana.say("Oi")
    async with aclosing(stream(site, ana.session).events(None)) as events:
        _, linked, plain = await take(events, 3)
    assert (linked["links"], linked["typing"]) == (links, 2)
    assert (plain["links"], plain["typing"]) == ([], 0)


async def test_a_quiet_stream_pings(site: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PING", 0.1)
    monkeypatch.setattr(module, "_REREAD", 0.05)
    session, _ = site.webchat.open_session()
    async with aclosing(stream(site, session).events(None)) as events, asyncio.timeout(20):
        assert await anext(events) == "retry: 1000\n\n"
        assert await anext(events) == ": ping\n\n"


async def test_a_database_that_is_away_for_a_moment_costs_nothing(
    site: Gateway, ana: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REREAD", 0.05)
    follow = transcript.follow
    failures = 3

    async def fail(*arguments: Any) -> Any:
        nonlocal failures
        if failures:
            failures -= 1
            raise DatabaseAwayError("away")
        return await follow(*arguments)

    monkeypatch.setattr(transcript, "follow", fail)
    async with aclosing(stream(site, ana.session).events(None)) as events:
        assert [one["event"] for one in await take(events, 1)] == ["opened"]


async def test_the_journal_is_polled_only_while_somebody_listens(
    site: Gateway, ana: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = transcript.newest
    polls = 0

    async def count(*arguments: Any) -> int:
        nonlocal polls
        polls += 1
        return await newest(*arguments)

    monkeypatch.setattr(transcript, "newest", count)
    await asyncio.sleep(0.3)
    assert polls == 0
    async with aclosing(stream(site, ana.session).events(None)) as events:
        await take(events, 1)
        await eventually(lambda: polls > 2)
    await asyncio.sleep(0.05)
    known = polls
    await asyncio.sleep(0.4)
    assert polls == known


async def test_streams_end_when_the_server_stops(site: Gateway, ana: Talk) -> None:
    work: Work = site.app.state.work
    async with aclosing(stream(site, ana.session).events(None)) as events:
        await take(events, 1)
        ended = asyncio.create_task(anext(events, "ended"))
        await asyncio.sleep(0.1)
        work.hub.close()
        assert await asyncio.wait_for(ended, 1.5) == "ended"


@pytest.mark.parametrize("text", ["", "1", "c0ffee", "c0ffee:", ":1", "c0ffee:-1", "x:1", "c0ffee:1:2", "c0ffee:٣"])
def test_a_position_that_is_none_is_the_beginning(text: str) -> None:
    assert position(text) is None


def test_a_position_is_conversation_and_seq() -> None:
    assert position("c0ffee:12") == ("c0ffee", 12)
