"""Programs that open conversations: known by their tokens, kept to their accounts."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from domain.errors import SettingsError
from gateway.programs import programs
from journal.database import Database
from journal.tables import audit, inbox
from runtime.sections import ApiSection
from tests.console.published import publish
from tests.gateway.fakes import ACCOUNTS, FakeTemporal, Gateway, gateway
from tests.gateway.test_conversations import BODY, FOLLOW_UP, ask

TOKENS: dict[str, Any] = {
    "token": "token-of-all-accounts",
    "programs": {
        "crm": {"token": "token-of-the-program-crm", "accounts": ["front"]},
        "form": {"token": "token-of-the-program-form"},
    },
}


@pytest.fixture
async def site(tmp_path: Path, database: Database, temporal: FakeTemporal) -> AsyncGenerator[Gateway]:
    await publish(database, FOLLOW_UP)
    accounts = {**ACCOUNTS, "other": {**ACCOUNTS["front"], "secret": "other-secret-of-many-letters"}}
    templates = {"proposal": {"text": "Ainda quer o plano {{ plan }}?"}}
    async with gateway(tmp_path, database, temporal, accounts=accounts, api=TOKENS, templates=templates) as running:
        yield running


async def test_the_audit_says_whose_token_it_was_whatever_the_body_claims(site: Gateway) -> None:
    for number, token in enumerate(("token-of-all-accounts", "token-of-the-program-crm", "token-of-the-program-form")):
        body = {**BODY, "address": f"554998888{number}", "by": "form"}
        assert (await ask(site, body, f"k{number}", f"Bearer {token}")).status_code == 202
    async with site.database.read() as c:
        found = (await c.execute(select(audit.c.by, audit.c.data).order_by(audit.c.number))).all()
    assert [(row.by, row.data["on_behalf_of"]) for row in found] == [("api", "form"), ("crm", "form"), ("form", "form")]


async def test_a_program_opens_nothing_on_an_account_that_is_not_its_own(site: Gateway) -> None:
    answer = await ask(site, {**BODY, "account": "other"}, authorization="Bearer token-of-the-program-crm")
    assert (answer.status_code, answer.json()["error"]) == (403, "program 'crm' may not use account 'other'")
    async with site.database.read() as c:
        assert (await c.execute(select(inbox))).all() == []
    assert (
        await ask(site, {**BODY, "account": "other"}, authorization="Bearer token-of-the-program-form")
    ).status_code == 202


@pytest.mark.parametrize("name", ["token", "access_token", "api_token", "api_key", "authorization"])
async def test_a_token_in_the_address_opens_nothing(site: Gateway, name: str) -> None:
    answer = await site.http.post(f"/conversations?{name}=of-all", json=BODY, headers={"idempotency-key": "lead-1"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (
            {"programs": {"crm": {"token": "the-same-token-for-both"}, "form": {"token": "the-same-token-for-both"}}},
            r"api\.programs\.form.*'crm'",
        ),
        (
            {"token": "the-same-token-for-both", "programs": {"crm": {"token": "the-same-token-for-both"}}},
            r"api\.programs\.crm.*'api'",
        ),
        (
            {"programs": {"crm": {"token": "secret://empty"}}},
            r"api\.programs\.crm\.token: expected 16 characters or more, found 0",
        ),
    ],
)
def test_tokens_by_which_programs_could_not_be_told_apart_are_refused(written: Any, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        programs(ApiSection.model_validate(written), lambda name: "" if name == "secret://empty" else name)


def test_no_token_is_shown_where_a_program_is() -> None:
    assert "token-of-the-program-crm" not in repr(programs(ApiSection.model_validate(TOKENS), str))
