from typing import Any

import httpx
import pytest

ORDER = {"kind": "visit", "customer": "C-1001", "note": "sem sinal"}


async def place(client: httpx.AsyncClient, key: str = "k", **changes: Any) -> httpx.Response:
    return await client.post("/api/orders", json={**ORDER, **changes}, headers={"Idempotency-Key": key})


def error_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/customers/C-1001/outages"),
        ("GET", "/api/customers/C-1001/offers?kind=plan"),
        ("GET", "/api/coverage?cep=88501000"),
        ("GET", "/api/plans?cep=88501000&use=home"),
        ("GET", "/api/plans/P-500/offers"),
        ("GET", "/api/orders?key=k"),
        ("POST", "/api/orders"),
    ],
)
async def test_nothing_is_answered_without_the_token(client: httpx.AsyncClient, method: str, path: str) -> None:
    response = await client.request(method, path, headers={"Authorization": "Bearer wrong"})
    assert error_of(response) == (401, "unauthorized")


async def test_an_order_is_placed_once_under_its_key_and_read_back(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/orders", params={"key": "k"})).json() == {"orders": []}
    first, again = await place(client), await place(client)
    assert (first.status_code, again.status_code) == (201, 200)
    order = {**ORDER, "id": "O-1", "choice": "", "title": "Visita técnica", "day": "2026-11-22"}
    assert first.json() == again.json() == {"order": order}
    assert (await client.get("/api/orders", params={"key": "k"})).json() == {"orders": [order]}


async def test_an_order_that_is_refused_changes_nothing(client: httpx.AsyncClient) -> None:
    refused = await place(client, kind="plan", customer="C-1009", choice="P-300")
    assert error_of(refused) == (409, "not_active")
    assert (await client.get("/api/orders", params={"key": "k"})).json() == {"orders": []}
    unlocked = await place(client, kind="unlock", customer="C-1009")
    assert unlocked.status_code == 201
    assert error_of(await place(client, "k2", kind="unlock", customer="C-1009")) == (409, "not_blocked")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"customer": "C-9999"}, (404, "unknown_customer")),
        ({"kind": "plan", "choice": "P-1"}, (404, "unknown_choice")),
        ({"kind": "unlock", "customer": "C-1006"}, (409, "too_much_overdue")),
        ({"kind": "levitation"}, (422, "invalid_kind")),
        ({"kind": "lead"}, (422, "invalid_kind")),
        ({"colour": "blue"}, (422, "invalid_order")),
        ({"note": 3}, (422, "invalid_order")),
    ],
)
async def test_an_order_that_does_not_fit_is_refused(
    client: httpx.AsyncClient, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert error_of(await place(client, **changes)) == expected


async def test_a_key_used_for_another_order_is_a_conflict(client: httpx.AsyncClient) -> None:
    await place(client)
    assert error_of(await place(client, customer="C-1002")) == (409, "idempotency_key_reused")
    assert error_of(await place(client, key=" ")) == (400, "idempotency_key_required")
    assert error_of(await client.get("/api/orders")) == (400, "key_required")


async def test_nobody_may_cancel_twice(client: httpx.AsyncClient) -> None:
    assert (await place(client, kind="cancellation")).status_code == 201
    assert error_of(await place(client, "k2", kind="cancellation")) == (409, "cancelled_already")


async def test_companies_are_offered_plans_of_companies(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/customers/C-1005/offers", params={"kind": "plan"})
    assert response.json()["offers"] == [
        {"id": "E-400", "name": "Fibra Empresarial 400 Mega", "times": 1, "amount": "249.90", "total": "249.90"}
    ]
    assert error_of(await client.get("/api/customers/C-1005/offers")) == (422, "invalid_kind")


async def test_only_what_is_sold_is_asked_for(client: httpx.AsyncClient) -> None:
    assert error_of(await client.get("/api/plans?cep=88501000")) == (422, "invalid_use")
    assert error_of(await client.get("/api/plans/X-1/offers")) == (404, "unknown_plan")


async def test_a_reason_to_stay_is_given_once(client: httpx.AsyncClient) -> None:
    offers = "/api/customers/C-1001/offers?kind=retention"
    assert [offer["id"] for offer in (await client.get(offers)).json()["offers"]] == ["R-20"]
    await place(client, kind="retention", choice="R-20")
    assert (await client.get(offers)).json() == {"offers": []}
