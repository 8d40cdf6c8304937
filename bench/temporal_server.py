"""Temporal's dev server, as `prosa up` runs it: a SQLite file in WAL mode."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from temporalio.client import Client
from temporalio.service import RPCError

from bench.processes import ProcessError, Running, running
from prosa.up.ports import free
from runtime.temporal_names import SEARCH_ATTRIBUTES

_ATTEMPTS: Final = 200


@asynccontextmanager
async def temporal_server(folder: Path) -> AsyncGenerator[tuple[Running, str]]:
    """Run a server on free ports while inside; give it and its address."""
    port = free()
    command = [
        str(Path(sys.executable).parent / "temporal"),
        *("server", "start-dev", "--headless", "--ip", "127.0.0.1", "--log-level", "error"),
        *("--port", str(port), "--db-filename", str(folder / "temporal.db")),
        *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"),
    ]
    for name, kind in SEARCH_ATTRIBUTES.items():
        command += ["--search-attribute", f"{name}={kind}"]
    address = f"127.0.0.1:{port}"
    async with running(command, "temporal", folder) as server:
        await _answering(server, address)
        yield server, address


async def _answering(server: Running, address: str) -> None:
    for _ in range(_ATTEMPTS):
        server.check()
        try:
            client = await Client.connect(address)
            await client.service_client.check_health()
            await client.count_workflows()
        except (RPCError, RuntimeError):
            await asyncio.sleep(0.1)
        else:
            return
    raise ProcessError(f"temporal does not answer at {address}")
