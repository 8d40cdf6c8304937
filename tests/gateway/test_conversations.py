"""Conversations that programs of the company open."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from domain.keys import address_key, workflow_id
from domain.limits import LIMITS
from journal import outreach
from journal.database import Database
from journal.errors import DatabaseAwayError
from journal.tables import audit, inbox
from tests.console.published import publish
from tests.gateway.fakes import KEY, FakeTemporal, Gateway, eventually, gateway

TOKEN = "sésamo:sésamo:sésamo"
AUTHORIZATION = f"Bearer {TOKEN}"
FOLLOW_UP: dict[str, Any] = {
    "spec": 1,
    "flow": "follow_up",
    "variables": {"plan": {"type": "text", "input": True}, "months": {"type": "number", "input": True}},
    "cards": [{"id": "wait", "card": "await_interaction", "timeout": "2d", "exits": {"no_answer": "end"}}],
}
BODY: dict[str, Any] = {
    "account": "front",
    "address": " 5549988887777 ",
    "flow": "follow_up",
    "name": "Ana",
    "template": "proposal",
    "parameters": {"plan": "Fibra 600"},
    "inputs": {"plan": "Fibra 600", "months": 12},
    "reason": "pediu contato no site",
    "by": "Maria",
}


@pytest.fixture
async def site(tmp_path: Path, database: Database, temporal: FakeTemporal) -> AsyncGenerator[Gateway]:
    await publish(database, FOLLOW_UP)
    sections: dict[str, Any] = {
        "api": {"token": TOKEN},
        "templates": {"proposal": {"text": "Ainda quer o plano {{ plan }}?"}},
    }
    async with gateway(tmp_path, database, temporal, **sections) as running:
        yield running


async def ask(
    site: Gateway, body: object = BODY, key: str = "lead-1", authorization: str | None = AUTHORIZATION
) -> httpx.Response:
    headers = [(b"authorization", authorization.encode())] if authorization else []
    headers += [(b"idempotency-key", key.encode("latin-1"))] if key else []
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await site.http.post("/conversations", content=content, headers=headers)


async def asked(site: Gateway) -> list[dict[str, Any]]:
    async with site.database.read() as c:
        return [dict(row) for row in (await c.execute(select(inbox).order_by(inbox.c.id))).mappings()]


async def test_a_conversation_is_opened_told_to_temporal_and_audited(site: Gateway) -> None:
    answer = await ask(site)

    [row] = await asked(site)
    assert (answer.status_code, answer.json()) == (202, {"conversation": row["message_id"], "repeated": False})
    assert (row["account"], row["channel"], row["address"], row["name"]) == ("front", "http", "5549988887777", "Ana")
    assert row["workflow_id"] == workflow_id("front", address_key(KEY, "5549988887777"))
    begins = row["payload"]["outreach"]
    assert (begins["flow"], begins["inputs"]) == ("follow_up", BODY["inputs"])
    assert (begins["by"], begins["reason"]) == ("Maria (api)", "pediu contato no site")
    assert begins["message"]["text"] == "Ainda quer o plano Fibra 600?"
    assert begins["message"]["template"]["parameters"] == {"plan": "Fibra 600"}
    async with site.database.read() as c:
        [entry] = (await c.execute(select(audit))).mappings()
    assert (entry["by"], entry["action"], entry["subject"]) == ("api", "conversation open", row["message_id"])
    assert entry["data"]["on_behalf_of"] == "Maria"
    assert entry["reason"] == "pediu contato no site"
    await eventually(lambda: len(site.temporal.signals) == 1)


async def test_the_same_key_opens_once_however_often_and_at_once(site: Gateway) -> None:
    answers = [await ask(site), *await asyncio.gather(*(ask(site) for _ in range(4)))]

    assert {answer.status_code for answer in answers} == {202}
    assert [answer.json()["repeated"] for answer in answers] == [False, True, True, True, True]
    assert len({answer.json()["conversation"] for answer in answers}) == 1
    assert len(await asked(site)) == 1
    async with site.database.read() as c:
        assert await c.scalar(select(func.count()).select_from(audit)) == 1


async def test_a_key_for_every_contact_is_refused_and_not_taken_for_a_repeat(site: Gateway) -> None:
    await ask(site, key="campaign")
    answer = await ask(site, {**BODY, "address": "5549988886666"}, key="campaign")

    assert (answer.status_code, "has opened another conversation" in answer.json()["error"]) == (422, True)
    assert len(await asked(site)) == 1


async def test_nothing_is_said_beside_a_conversation_that_is_open(site: Gateway) -> None:
    await ask(site)
    answer = await ask(site, key="lead-2")

    assert (answer.status_code, "nothing was said" in answer.json()["error"]) == (409, True)
    assert len(await asked(site)) == 1


async def test_who_does_not_bring_the_token_opens_nothing(site: Gateway) -> None:
    strangers = (None, "Bearer", "Bearer sesamo", f"Basic {TOKEN}", f"Token {TOKEN}", f"Bearer {TOKEN}x")
    answers = [await ask(site, authorization=sent) for sent in strangers]

    assert {(one.status_code, one.headers["www-authenticate"]) for one in answers} == {(401, "Bearer")}
    assert await asked(site) == []


async def test_without_a_token_in_the_settings_not_even_this_machine_may(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    async with gateway(tmp_path, database, temporal) as closed:
        assert [(await ask(closed, authorization=sent)).status_code for sent in (None, "Bearer ", "Bearer x")] == [
            403,
            403,
            403,
        ]


async def test_without_a_key_of_its_own_nothing_is_opened(site: Gateway) -> None:
    answers = [await ask(site, key=key) for key in ("", "a b", "é", "k" * 256)]

    assert {one.status_code for one in answers} == {400}
    assert all("Idempotency-Key" in one.json()["error"] for one in answers)
    assert await asked(site) == []


async def test_what_cannot_be_read_is_said_by_its_key(site: Gateway) -> None:
    wrong: dict[str, object] = {
        "expected a JSON object": b"",
        "expected JSON": b"{",
        "expected JSON without NUL characters: no database keeps them": b'{"account": "a\\u0000"}',
        "address: field required": {"account": "front", "flow": "follow_up"},
        "adress: extra inputs are not permitted": {**BODY, "adress": "1"},
        "address: input should be a valid string": {**BODY, "address": 5549988887777},
        "address: string should have at most 512 characters": {**BODY, "address": "5" * 513},
        "parameters.plan: input should be a valid string": {**BODY, "parameters": {"plan": 600}},
    }
    answers = [await ask(site, body) for body in wrong.values()]

    assert {one.status_code for one in answers} == {400}
    assert [one.json()["error"] for one in answers] == list(wrong)
    assert (await ask(site, b" " * (LIMITS.event_body + 1))).status_code == 413
    assert await asked(site) == []


async def test_what_is_not_there_or_does_not_fit_is_named(site: Gateway) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "there is no account 'frnt' in the settings, did you mean 'front'?": {"account": "frnt"},
        "expected an address, found none": {"address": "  "},
        "no flow 'folow_up' is published, did you mean 'follow_up'?": {"flow": "folow_up"},
        "there is no template 'propsal' in the settings, did you mean 'proposal'?": {"template": "propsal"},
        "template 'proposal': it needs the parameter 'plan'": {"parameters": {}},
        "flow 'follow_up' has no variable 'plam', did you mean 'plan'?": {"inputs": {"plam": "x"}},
        "input 'months': expected number, found 'many' (not_a_number)": {"inputs": {"months": "many"}},
        "input 'plan': expected text, found number": {"inputs": {"plan": 600}},
    }
    answers = [await ask(site, {**BODY, **change}) for change in wrong.values()]

    assert {one.status_code for one in answers} == {422}
    assert [one.json()["error"] for one in answers] == list(wrong)
    assert await asked(site) == []


async def test_while_the_database_is_away_it_has_to_come_again(site: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise DatabaseAwayError("server closed the connection")

    monkeypatch.setattr(outreach, "open_", away)
    answer = await ask(site)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    monkeypatch.undo()
    assert (await ask(site)).status_code == 202
