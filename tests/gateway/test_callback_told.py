"""An event, from another system's request to the bot's answer: gateway, Temporal and worker as they are."""

import asyncio
import signal
from pathlib import Path

import httpx

from journal.database import Database
from journal.tables import contact
from tests.gateway.processes import Start, configure
from tests.gateway.test_process import say, session
from tests.interpreter.world import flow
from tests.workflows.line import line

PAY = """
  - {id: address, card: expect_event, event: payment, save_url_as: name}
  - {id: tell, card: send_message, text: "{{ name }}"}
  - {id: paid, card: wait_event, event: payment, timeout: 1h, set: {name: "{{ data.value }}"}, exits: {timeout: end}}
  - {id: thank, card: send_message, text: "Recebi {{ name | money }}"}
  - {id: bye, card: close}
"""


async def test_a_gateway_that_is_killed_after_its_answer_tells_the_event_when_it_is_back(
    tmp_path: Path, start: Start
) -> None:
    async with line(tmp_path / "var", {"main": flow(PAY)}, skip_time=False) as opened:
        file = configure(tmp_path, temporal=opened.client.service_client.config.target_host, database=False)
        gateway = await asyncio.to_thread(start, file, PROSA_FAILPOINTS="after_ack@2")
        token = await asyncio.to_thread(session, gateway.url)
        await asyncio.to_thread(say, gateway.url, token, "m1")
        opened.address = await _address(opened.database)
        (url,) = await opened.until(lambda said: len(said) == 1)
        path = httpx.URL(url).path

        answer = await asyncio.to_thread(httpx.post, f"{gateway.url}{path}", json={"value": "89.90"})
        assert answer.status_code == 202
        assert await asyncio.to_thread(gateway.popen.wait, 20) == -signal.SIGKILL
        again = await asyncio.to_thread(start, file)
        assert await opened.until(lambda said: len(said) == 2) == [url, "Recebi R$ 89,90"]

        repeated = await asyncio.to_thread(httpx.post, f"{again.url}{path}", json={"value": "1"})
        assert (repeated.status_code, repeated.json()) == (202, {"received": 0, "repeated": 1})
        assert (await asyncio.to_thread(httpx.post, f"{again.url}{path}x", json={})).status_code == 404


async def _address(database: Database) -> str:
    """Return the address of the only contact."""
    async with database.read() as c:
        return str((await c.execute(contact.select())).mappings().one()["address"])
