"""The commands of docker-compose.yml, each with its environment, as plain processes: they make one conversation."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url

from prosa.up.ports import free
from tests.deploy.compose import composed
from tests.faults.process import Process
from tests.journal.conftest import Postgres, create

BIN = Path(sys.executable).parent
HANG = 120.0
SETTINGS = """
[accounts.site]
channel = "webchat"
flow = "hello"

[flows]
directory = "flows"
"""
FLOW = """
spec: 1
flow: hello
title: Hello
variables:
  name: {type: text}
cards:
  - {id: ask, card: ask_question, text: "Seu nome?", answer: text, save_as: name, timeout: 5m,
     exits: {invalid: bye, no_answer: bye}}
  - {id: greet, card: send_message, text: "Prazer, {{ name }}!"}
  - {id: bye, card: close, resolution: resolved}
"""


class Installation:
    """The file's services where docker is not: its names of hosts, ports and folders are replaced by ours."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.ports = {name: free() for name in ("temporal", "gateway", "worker", "worker-2")}
        self.services: dict[str, dict[str, Any]] = composed({"POSTGRES_PASSWORD": "hush"})["services"]
        self._database = database
        self.running: list[Process] = []

    def start(self, service: str, *, name: str = "", command: list[str] | None = None) -> Process:
        program, *words = command or self.services[service]["command"]
        process = Process(
            name or service, [str(BIN / program), *words], self.folder, self._environment(service, name or service)
        )
        self.running.append(process)
        return process

    async def done(self, service: str, *command: str) -> None:
        process = self.start(service, name=f"{service}-{len(self.running)}", command=list(command) or None)
        async with asyncio.timeout(HANG):
            assert await process.ended() == 0, process.tail()

    async def temporal(self) -> None:
        arguments = ["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(self.ports["temporal"])]
        process = Process("temporal", [str(BIN / "temporal"), *arguments], self.folder, {})
        self.running.append(process)
        await process.listens(self.ports["temporal"])

    async def healthy(self, service: str, name: str = "") -> None:
        """Ask as docker would, until the answer is yes."""
        program, *words = self.services[service]["healthcheck"]["test"][1:]
        port = {"worker": "9090", "gateway": "8080"}[service]
        command = [str(BIN / program), *(word.replace(port, str(self.ports[name or service])) for word in words)]
        async with asyncio.timeout(HANG):
            while await self._status(*command) != 0:  # noqa: ASYNC110 - what is asked lives in another process
                await asyncio.sleep(0.5)

    @staticmethod
    async def _status(*command: str) -> int:
        return await (await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)).wait()

    def _environment(self, service: str, name: str) -> dict[str, str]:
        written: dict[str, str] = self.services[service]["environment"]
        assert make_url(written["PROSA_DATABASE__URL"]).host in self.services
        assert written["PROSA_TEMPORAL__ADDRESS"].partition(":")[0] in self.services
        replaced = {
            "PROSA_DATA": str(self.folder),
            "PROSA_DATABASE__URL": self._database,
            "PROSA_TEMPORAL__ADDRESS": f"127.0.0.1:{self.ports['temporal']}",
            "PROSA_GATEWAY__HOST": "127.0.0.1",
            "PROSA_GATEWAY__PORT": str(self.ports["gateway"]),
            "PROSA_METRICS__WORKER_HOST": "127.0.0.1",
            "PROSA_METRICS__WORKER_PORT": str(self.ports[name if name in self.ports else "worker"]),
        }
        assert replaced.keys() <= written.keys()
        return {**written, **replaced}


@pytest.fixture
async def installation(tmp_path: Path, postgres: Postgres) -> AsyncGenerator[Installation]:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "hello.yaml").write_text(FLOW, encoding="utf-8")
    (tmp_path / "prosa.toml").write_text(SETTINGS, encoding="utf-8")
    one = Installation(tmp_path, create(postgres, f"compose_{os.getpid()}"))
    yield one
    for process in reversed(one.running):
        if process.alive:
            await process.stop()


@pytest.mark.timeout(600)
async def test_the_services_make_a_conversation_and_stop_when_told(installation: Installation) -> None:
    await installation.done("migrate")
    await installation.done("migrate", "prosa", "flow", "publish", "--all")
    await installation.temporal()
    workers = [installation.start("worker"), installation.start("worker", name="worker-2")]
    gateway = installation.start("gateway")
    for process in (*workers, gateway):
        await process.ready()
    await installation.healthy("gateway")
    await installation.healthy("worker")
    await installation.healthy("worker", "worker-2")

    url = f"http://127.0.0.1:{installation.ports['gateway']}"
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        assert (await client.get("/ready")).json() == {"database": True, "temporal": True}
        token = (await client.post("/webchat/site/sessions", json={})).json()["token"]
        authorization = {"authorization": f"Bearer {token}"}
        async with client.stream("GET", "/webchat/site/events", headers=authorization) as stream:
            lines = stream.aiter_lines()
            for number, (said, answer) in enumerate((("oi", "Seu nome?"), ("Ana", "Prazer, Ana!"))):
                posted = await client.post(
                    "/webhooks/webchat/site", headers=authorization, json={"id": f"m{number}", "text": said}
                )
                assert posted.status_code == 200
                async with asyncio.timeout(HANG):
                    while answer not in await anext(lines):
                        pass

    for process in (gateway, *workers):
        await process.stop()
        assert await process.ended() == 0, process.tail()
    await installation.done("migrate", "prosa", "retention", "run")
