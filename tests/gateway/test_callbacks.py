"""What other systems tell conversations, at the addresses that flows have given out."""

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from temporalio.service import RPCError, RPCStatusCode

from channels.webchat import Session
from domain.limits import LIMITS
from gateway.callbacks import EACH
from journal.tables import contact, inbox
from runtime.callbacks import Tokens
from tests.gateway.fakes import KEY, Gateway, SentSignal, eventually, unavailable
from tests.gateway.talking import Talk, talk


@pytest.fixture
async def spoken(site: Gateway) -> Talk:
    """A conversation that is open."""
    session, token = site.webchat.open_session()
    opened = await talk(site, session, token)
    await eventually(lambda: len(site.temporal.signals) == 1)
    return opened


def address(spoken: Talk, seq: int = 4, key: bytes = KEY) -> str:
    return f"/events/{Tokens(key).make(f'{spoken.conversation_id}:{seq}', 'payment')}"


async def tell(spoken: Talk, body: object = None, seq: int = 4) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await spoken.gateway.http.post(address(spoken, seq), content=content)


async def rows(site: Gateway) -> list[dict[str, Any]]:
    async with site.database.read() as c:
        found = await c.execute(inbox.select().where(inbox.c.kind == "event"))
        return [dict(row) for row in found.mappings()]


async def test_an_event_is_stored_answered_and_told_to_its_conversation(site: Gateway, spoken: Talk) -> None:
    answer = await tell(spoken, {"status": "paid"})

    assert (answer.status_code, answer.json()) == (202, {"received": 1, "repeated": 0})
    await eventually(lambda: len(site.temporal.signals) == 2)
    signal = site.temporal.signals[1]
    assert (signal.workflow_id, signal.data) == (site.temporal.signals[0].workflow_id, {"status": "paid"})


async def test_a_repeat_is_answered_alike_and_counts_once(site: Gateway, spoken: Talk) -> None:
    answers = [await tell(spoken, {"status": "paid"}) for _ in range(2)]
    answers += await asyncio.gather(*(tell(spoken, {"status": "again"}) for _ in range(3)))

    assert {answer.status_code for answer in answers} == {202}
    assert [answer.json()["received"] for answer in answers] == [1, 0, 0, 0, 0]
    assert len(await rows(site)) == 1


async def test_events_that_arrive_together_are_stored_once(site: Gateway, spoken: Talk) -> None:
    answers = await asyncio.gather(*(tell(spoken) for _ in range(5)))

    assert sorted(answer.json()["received"] for answer in answers) == [0, 0, 0, 0, 1]
    assert len(await rows(site)) == 1


async def test_an_event_never_opens_a_conversation(site: Gateway, spoken: Talk) -> None:
    await tell(spoken)
    await eventually(lambda: len(site.temporal.signals) == 2)

    assert site.temporal.signals[1].flow == ""


async def test_an_event_is_nothing_that_the_contact_did(site: Gateway, spoken: Talk) -> None:
    async with site.database.read() as c:
        before = (await c.execute(contact.select())).mappings().all()
    await tell(spoken)
    async with site.database.read() as c:
        assert (await c.execute(contact.select())).mappings().all() == before


@pytest.mark.parametrize("token", ["payment", "WyJjMTo0IiwicGF5bWVudCJd.AAAA"])
async def test_an_address_that_is_not_ours_is_not_found(site: Gateway, token: str) -> None:
    assert (await site.http.post(f"/events/{token}")).status_code == 404


async def test_an_address_that_another_installation_signed_is_not_found(site: Gateway, spoken: Talk) -> None:
    assert (await site.http.post(address(spoken, key=b"another"))).status_code == 404


async def test_an_event_for_a_conversation_that_has_ended_is_gone(spoken: Talk) -> None:
    await spoken.end()

    assert (await tell(spoken)).status_code == 410


async def test_an_event_for_a_conversation_that_is_known_no_longer_is_gone(site: Gateway) -> None:
    assert (await site.http.post(f"/events/{Tokens(KEY).make('c0ffee:4', 'payment')}")).status_code == 410


async def test_the_repeat_of_an_event_that_was_taken_is_answered_alike_after_the_end(spoken: Talk) -> None:
    await tell(spoken)
    await spoken.end()

    answer = await tell(spoken)
    assert (answer.status_code, answer.json()) == (202, {"received": 0, "repeated": 1})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 202),
        (b"  ", 202),
        (b"[1, 2]", 202),
        (b'"paid"', 202),
        (b"paid", 400),
        (b'{"a": NaN}', 400),
        (b'{"a": "\\u0000"}', 400),
        (b'{"a": "\\ud800"}', 400),
        (b'{"a": 1e400}', 400),
        ('{"a": "\\u0000"}'.encode("utf-16"), 400),
        (b"\xff\xfe", 400),
        (b"[" * 30_000, 400),
        (b"[" * 30_000 + b"]" * 30_000, 400),
        (b'"' + b"a" * LIMITS.event_body + b'"', 413),
        (b'"' + b"a" * (LIMITS.event_body - 2) + b'"', 202),
    ],
)
async def test_what_is_told_is_json_of_64_kib_at_most(spoken: Talk, body: bytes, status: int) -> None:
    assert (await tell(spoken, body)).status_code == status


async def test_one_address_is_not_called_without_end(spoken: Talk) -> None:
    answers = [await tell(spoken) for _ in range(EACH.count + 1)]

    assert answers[-2].status_code == 202
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_a_conversation_is_not_told_more_than_it_can_carry(site: Gateway, spoken: Talk) -> None:
    for seq in range(LIMITS.events_unread):
        assert (await tell(spoken, seq=seq)).status_code == 202

    full = await tell(spoken, seq=99)
    assert (full.status_code, "retry-after" in full.headers) == (503, True)
    async with site.database.write() as c:
        await c.execute(update(inbox).values(state="consumed"))
    assert (await tell(spoken, seq=99)).status_code == 202


async def test_an_event_whose_conversation_ends_meanwhile_is_buried(site: Gateway, spoken: Talk) -> None:
    def ends(signal: SentSignal) -> Exception | None:
        return gone(signal) if ended.is_set() else unavailable()

    ended = asyncio.Event()
    site.temporal.failure = ends
    await tell(spoken)
    await spoken.end()
    ended.set()

    async with asyncio.timeout(20):
        while (await rows(site))[0]["state"] != "dead":  # noqa: ASYNC110 - the database says so to nobody
            await asyncio.sleep(0.05)


async def test_an_event_whose_conversation_temporal_has_lost_is_kept_and_holds_nobody_up(
    site: Gateway, spoken: Talk
) -> None:
    site.temporal.failure = gone
    await tell(spoken)
    await eventually(lambda: site.temporal.attempts == 2)
    _, token = site.webchat.open_session(before=Session(id=spoken.session, begun=int(time.time()), until=0))
    await site.say(token, "oi?", "m2")
    await eventually(lambda: "oi?" in site.temporal.texts)

    assert (await rows(site))[0]["state"] == "forwarded"


def gone(signal: SentSignal) -> Exception | None:
    return RPCError("workflow not found", RPCStatusCode.NOT_FOUND, b"") if signal.flow == "" else None
