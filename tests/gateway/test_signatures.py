"""A signature belongs to one account, also where accounts have the same secret."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from gateway.signatures import LIFE, REMEMBERED, Signatures
from journal.database import Database
from journal.tables import inbox
from tests.gateway.fakes import ACCOUNTS, FakeTemporal, Gateway, gateway
from tests.gateway.signing import headers, message

ONE = "/webhooks/http/front"
SAME_SECRET = "/webhooks/http/twin"
OWN_SECRET = "/webhooks/http/other"


@pytest.fixture
async def site(tmp_path: Path, database: Database, temporal: FakeTemporal) -> AsyncGenerator[Gateway]:
    front: dict[str, Any] = ACCOUNTS["front"]
    accounts = {
        **ACCOUNTS,
        "twin": front,
        "other": {**front, "secret": ["other-secret-of-many-letters", "other-before-of-many-letters"]},
    }
    async with gateway(tmp_path, database, temporal, accounts=accounts) as running:
        yield running


async def send(site: Gateway, path: str, signed: dict[str, str], body: bytes) -> httpx.Response:
    return await site.http.post(path, content=body, headers=signed)


async def accounts(site: Gateway) -> list[str]:
    async with site.database.read() as c:
        return list((await c.execute(select(inbox.c.account))).scalars())


async def test_a_caller_with_the_secret_of_one_account_does_not_act_as_another(site: Gateway) -> None:
    body = json.dumps(message(1)).encode()
    assert (await send(site, OWN_SECRET, headers(body), body)).status_code == 401
    assert await accounts(site) == []


async def test_what_was_signed_for_one_account_is_refused_on_another_with_the_same_secret(site: Gateway) -> None:
    body = json.dumps(message(1)).encode()
    signed = headers(body)
    assert (await send(site, ONE, signed, body)).status_code == 200
    dressed = {**signed, "webhook-signature": f"v1,AAAA {signed['webhook-signature']}"}
    for again in (signed, dressed):
        assert (await send(site, SAME_SECRET, again, body)).status_code == 401
    assert (await send(site, ONE, signed, body)).json() == {"received": 0, "repeated": 1}
    assert await accounts(site) == ["front"]


async def test_accounts_with_the_same_secret_are_both_served(site: Gateway) -> None:
    for number, path in enumerate((ONE, SAME_SECRET)):
        body = json.dumps(message(number)).encode()
        assert (await send(site, path, headers(body), body)).status_code == 200
    assert await accounts(site) == ["front", "twin"]


def test_a_signature_is_remembered_for_as_long_as_it_could_come_again_and_not_without_end() -> None:
    now = 0.0
    signatures = Signatures(lambda: now)
    assert not signatures.is_anothers("s", "one")
    now = LIFE
    assert signatures.is_anothers("s", "two")
    now = LIFE + 1
    assert not signatures.is_anothers("s", "two")
    for number in range(REMEMBERED + 10):
        signatures.is_anothers(str(number), "one")
    assert len(signatures) == REMEMBERED
