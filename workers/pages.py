"""A worker's own pages: `/health`, `/ready`, `/metrics`, where settings give it a port."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator

import uvicorn
from starlette.applications import Starlette
from temporalio.client import Client

from domain.errors import PortTakenError
from journal.database import Database
from runtime import secrets
from runtime.settings import Settings
from web.health import Health
from web.metrics import Metrics


@contextlib.asynccontextmanager
async def pages(settings: Settings, database: Database, client: Client) -> AsyncGenerator[None]:
    """Serve them while inside; nothing without `metrics.worker_port`. PortTakenError when somebody listens there."""
    section = settings.metrics
    if not section.worker_port:
        yield
        return
    token = secrets.resolve(section.token, settings.data / "secrets").get_secret_value()
    app = Starlette(routes=[*Health(database, client).routes(), *Metrics(database, token).routes()])
    try:
        listener = socket.create_server((section.worker_host, section.worker_port))
    except OSError as error:
        raise PortTakenError(
            f"cannot listen on {section.worker_host}:{section.worker_port} ({error.strerror}): end what listens there,"
            " or choose another metrics.worker_port (PROSA_METRICS__WORKER_PORT)"
        ) from error
    config = uvicorn.Config(
        app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False, server_header=False
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves signals to the worker."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
