from datetime import UTC, datetime, timedelta

import httpx
import pytest

from emulators.erps.demo.app import create_app
from emulators.erps.demo.store import Store

ALL_WELL = {
    "slow_seconds": 0,
    "error_500": False,
    "down": False,
    "malformed": False,
    "html": False,
    "reset_after_write": 0,
    "times": None,
}


async def test_all_switches_are_off_at_first(client: httpx.AsyncClient) -> None:
    response = await client.get("/control/switches", headers={"Authorization": ""})
    assert (response.status_code, response.json()) == (200, ALL_WELL)


async def test_a_put_replaces_all_switches(client: httpx.AsyncClient) -> None:
    await client.put("/control/switches", json={"error_500": True, "times": 3})
    response = await client.put("/control/switches", json={"html": True})
    assert response.json() == {**ALL_WELL, "html": True}
    assert (await client.put("/control/switches", json={})).json() == ALL_WELL


@pytest.mark.parametrize(
    "body",
    [
        b'{"downs": true}',
        b'{"down": 1}',
        b'{"slow_seconds": -1}',
        b'{"reset_after_write": true}',
        b'{"times": 0}',
        b"[]",
        b"{",
    ],
)
async def test_an_unknown_switch_or_value_changes_nothing(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.put("/control/switches", content=body)
    assert (response.status_code, response.json()["error"]["code"]) == (422, "invalid_switches")
    assert (await client.get("/control/switches")).json() == ALL_WELL


async def test_requests_to_the_api_are_listed_with_key_and_time(client: httpx.AsyncClient) -> None:
    await client.get("/health")
    await client.get("/api/customers", params={"document": "52998224725"})
    await client.post("/api/invoices/F-5001/second-copies", headers={"Idempotency-Key": "k"})
    first, second = (await client.get("/control/requests")).json()["requests"]
    assert (first["method"], first["path"], first["key"]) == ("GET", "/api/customers", None)
    assert (second["method"], second["path"]) == ("POST", "/api/invoices/F-5001/second-copies")
    assert second["key"] == "k"
    assert abs(datetime.fromisoformat(second["at"]) - datetime.now(UTC)) < timedelta(minutes=1)


async def test_copies_are_counted(client: httpx.AsyncClient) -> None:
    assert (await client.get("/control/copies")).json() == {"count": 0}
    await client.post("/api/invoices/F-5001/second-copies", headers={"Idempotency-Key": "k"})
    assert (await client.get("/control/copies")).json() == {"count": 1}


@pytest.mark.parametrize("path", ["switches", "requests", "copies"])
async def test_only_this_machine_may_steer(store: Store, path: str) -> None:
    transport = httpx.ASGITransport(create_app(store, "demo-token"), client=("192.0.2.7", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://erp") as stranger:
        response = await stranger.get(f"/control/{path}")
        assert (response.status_code, response.json()["error"]["code"]) == (403, "forbidden")
        assert (await stranger.put("/control/switches", json={"down": True})).status_code == 403
