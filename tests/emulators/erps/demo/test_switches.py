import json
import time

import httpx
import pytest

from emulators.erps.demo.store import Store
from emulators.erps.demo.switches import Switches
from emulators.switchboard import Switchboard

FIND_ANA = "/api/customers?document=52998224725"
COPIES = "/api/invoices/F-5001/second-copies"


async def switch(client: httpx.AsyncClient, **switches: object) -> None:
    (await client.put("/control/switches", json=switches)).raise_for_status()


async def issue(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post(COPIES, headers={"Idempotency-Key": "k"})


async def test_error_500_answers_an_error_and_does_nothing(client: httpx.AsyncClient, store: Store) -> None:
    await switch(client, error_500=True)
    response = await issue(client)
    assert (response.status_code, response.json()["error"]["code"]) == (500, "internal_error")
    assert store.copy_count() == 0


async def test_html_answers_200_with_a_login_page_and_does_nothing(client: httpx.AsyncClient, store: Store) -> None:
    await switch(client, html=True)
    response = await issue(client)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert "<form" in response.text
    assert store.copy_count() == 0


async def test_malformed_answers_200_with_half_the_json_of_a_write_that_took_effect(
    client: httpx.AsyncClient, store: Store
) -> None:
    await switch(client, malformed=True)
    response = await issue(client)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.text.startswith('{"copy":')
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert store.copy_count() == 1


async def test_slow_holds_the_answer_back(client: httpx.AsyncClient) -> None:
    await switch(client, slow_seconds=0.3)
    started = time.monotonic()
    assert (await client.get(FIND_ANA)).status_code == 200
    assert time.monotonic() - started >= 0.3


async def test_a_limited_fault_ends_after_that_many_requests(client: httpx.AsyncClient) -> None:
    await switch(client, error_500=True, times=2)
    statuses = [(await client.get(FIND_ANA)).status_code for _ in range(4)]
    assert statuses == [500, 500, 200, 200]


async def test_health_and_control_never_suffer(client: httpx.AsyncClient) -> None:
    await switch(client, error_500=True, times=1)
    assert (await client.get("/health")).status_code == 200
    assert (await client.get("/control/switches")).json()["times"] == 1
    assert (await client.get(FIND_ANA)).status_code == 500


def test_the_end_of_a_limited_fault_leaves_the_resets_to_come() -> None:
    switchboard = Switchboard(Switches())
    switchboard.current = Switches(html=True, times=1, reset_after_write=2)
    assert switchboard.draw().html
    assert switchboard.current == Switches(reset_after_write=2)


def test_resets_are_counted_down_to_none() -> None:
    switchboard = Switchboard(Switches())
    switchboard.current = Switches(reset_after_write=2)
    assert [switchboard.draw_reset() for _ in range(3)] == [True, True, False]
