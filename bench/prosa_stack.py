"""Prosa as it is run: `python -m gateway`, `python -m workers`, a SQLite database, the http channel."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from temporalio.client import Client

from bench import wire
from bench.postgresql import Postgresql, postgresql
from bench.processes import python, running
from bench.provider import Provider
from bench.results import NOT_IDEMPOTENT, POSTGRESQL, PROSA
from bench.stacks import Stack
from bench.temporal_server import temporal_server
from domain import keys
from flows.reader import read_flow
from journal import database, flows
from runtime import secrets

ECHO: Final = Path(__file__).parent / "echo.yaml"
_SETTINGS: Final = """
[temporal]
address = {address}

[database]
url = {database}

[gateway]
port = 0

[log]
level = "WARNING"

[accounts.{account}]
channel = "http"
flow = {flow}
url = {provider}
secret = {secret}
idempotent = {idempotent}

[accounts.site]
channel = "webchat"
flow = {flow}
"""
_COMMANDS: Final = {
    "prosa --version": python("prosa", "--version"),
    "prosa conversation list": python("prosa", "conversation", "list"),
    "prosa conversation list, 1,000 quiet ones": python(
        *("prosa", "conversation", "list", "--quiet", "1s", "--limit", "1000", "--format", "json")
    ),
    "prosa doctor": python("prosa", "doctor"),
}


@asynccontextmanager
async def postgresql_stack(provider: Provider, folder: Path) -> AsyncGenerator[Stack]:
    """Run Temporal and the gateway while inside, on a PostgreSQL of their own."""
    async with postgresql() as database, prosa_stack(provider, folder, idempotent=True, database=database) as stack:
        yield stack


@asynccontextmanager
async def prosa_stack(
    provider: Provider, folder: Path, *, idempotent: bool, database: Postgresql | None = None, flow: str = ""
) -> AsyncGenerator[Stack]:
    """Run Temporal and the gateway while inside, on *database*, or on a SQLite file in *folder*.

    The account plays *flow*, the text of a flow file; without one, a question that is asked again and again.
    """
    url = database.url if database else f"sqlite:///{folder / 'var' / 'prosa.db'}"
    async with temporal_server(folder) as (server, address):
        name = await _publish(url, flow or ECHO.read_text(encoding="utf-8"))
        settings = _SETTINGS.format(
            address=json.dumps(address),
            account=wire.ACCOUNT,
            database=json.dumps(url),
            flow=json.dumps(name),
            provider=json.dumps(provider.url),
            secret=json.dumps(wire.SECRET),
            idempotent=json.dumps(idempotent),
        )
        (folder / "prosa.toml").write_text(settings, encoding="utf-8")
        async with running(python("gateway"), "gateway", folder) as gateway:
            yield Stack(
                system=POSTGRESQL if database else PROSA if idempotent else NOT_IDEMPOTENT,
                client=await Client.connect(address),
                server=server,
                gateway=gateway,
                url=str((await gateway.ready())["url"]),
                provider=provider,
                folder=folder,
                workflow_id=_workflow_id(folder / "var"),
                start_worker=lambda: running(python("workers"), "worker", folder),
                database_pid=database.pid if database else None,
                commands=_COMMANDS,
            )


async def _publish(url: str, text: str) -> str:
    """Make the database at *url*, and publish the flow that *text* says in it; return the flow's name."""
    flow = read_flow(text, "bench")
    await asyncio.to_thread(database.upgrade, url)
    store = database.Database(url)
    try:
        async with store.write() as connection:
            await flows.publish(
                connection,
                name=flow.flow,
                version=flow.fingerprint({}),
                content=flow.dump(),
                calls={},
                by="bench",
                now=datetime.now(UTC),
            )
    finally:
        await store.close()
    return flow.flow


def _workflow_id(data: Path) -> Callable[[str], str]:
    key = secrets.installation_key(data)
    return lambda address: keys.workflow_id(wire.ACCOUNT, keys.address_key(key, address))
