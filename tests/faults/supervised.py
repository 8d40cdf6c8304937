"""`prosa up` as people start it, beside an emulated ERP and providers; its programs can be killed one by one."""

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Final

import httpx

from journal.database import Database
from prosa.up.ports import free
from runtime import settings
from runtime.data_folder import occupant, with_addresses
from runtime.temporal import connect
from tests.faults import installation
from tests.faults.cluster import Cluster
from tests.faults.lives import Lives

PROSA: Final = Path(sys.executable).parent / "prosa"
COMMANDS: Final = {"worker": "-m workers", "gateway": "-m prosa gateway", "temporal": "server start-dev"}
"""What the command of each kind of program holds."""


class Supervised(Cluster):
    """A cluster whose Temporal, gateway and workers are those of one `prosa up`."""

    def __init__(self, folder: Path, *, flow: str, workers: int = 1) -> None:
        super().__init__(folder, flow=flow, gateways=(), workers=())
        port = free()
        self._ports = [port]
        environment = {
            **installation.SECRETS,
            "PROSA_GATEWAY__PORT": str(port),
            "PROSA_TEMPORAL__PORT": str(free()),
            "PROSA_TEMPORAL__UI_PORT": str(free()),
            "PROSA_FLOWS__DIRECTORY": "flows",
        }
        command = [str(PROSA), "up", "--no-demo", "--workers", str(workers)]
        self.up = Lives("up", command, folder, environment, port=port)

    @property
    def everything(self) -> list[Lives]:
        return [self.up, self.erp, *self.providers.values()]

    async def program(self, kind: str) -> int:
        """Return the number of the oldest process of the program *kind*, once there is one."""
        while not (found := self._programs(COMMANDS[kind])):  # noqa: ASYNC110 - it is prosa up that starts one
            await asyncio.sleep(0.05)
        return found[0]

    async def kill(self, kind: str) -> int:
        """SIGKILL the oldest process of the program *kind*, which `prosa up` has to start again; return its number."""
        pid = await self.program(kind)
        os.kill(pid, signal.SIGKILL)
        return pid

    def said(self) -> str:
        """Return what `prosa up` has printed."""
        return "".join(file.read_text(encoding="utf-8") for file in sorted(self.folder.glob("up-*.out")))

    async def _start(self) -> None:
        self.http = httpx.AsyncClient(timeout=30)
        await self.erp.start()
        file = await self._install(temporal="")
        (self.folder / "flows").mkdir()
        shutil.copy(installation.FLOWS / f"{self.flow}.yaml", self.folder / "flows")
        await self.up.start()
        loaded = settings.load(file)
        async with asyncio.timeout(120):
            while not occupant(loaded.data):  # noqa: ASYNC110 - it is another process that announces itself
                await asyncio.sleep(0.1)
        self.settings = with_addresses(loaded)
        self.database = Database(self.settings.database_url)
        self.client = await connect(self.settings)

    async def _stop(self) -> None:
        await self.up.stop()
        await super()._stop()

    def _programs(self, command: str) -> list[int]:
        """Return the children of `prosa up` that run *command*, the oldest first; none that is ending."""
        pids = Path(f"/proc/{self.up.pid}/task/{self.up.pid}/children").read_text(encoding="utf-8").split()
        return [int(pid) for pid in pids if command in _command(int(pid))]


def _command(pid: int) -> str:
    """Return the command of a process; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""
