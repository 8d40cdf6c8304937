"""A worker's own pages: `/health`, `/ready`, `/metrics`, where settings give it a port."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from starlette.applications import Starlette
from temporalio.client import Client

from journal.database import Database
from runtime import secrets
from runtime.settings import Settings
from web.health import Health
from web.metrics import Metrics
from web.serving import GuestServer, bind, config


@contextlib.asynccontextmanager
async def pages(settings: Settings, database: Database, client: Client) -> AsyncGenerator[None]:
    """Serve them while inside; nothing without `metrics.worker_port`. PortTakenError when somebody listens there."""
    section = settings.metrics
    if not section.worker_port:
        yield
        return
    token = secrets.resolve(section.token, settings.data / "secrets").get_secret_value()
    app = Starlette(routes=[*Health(database, client).routes(), *Metrics(database, token).routes()])
    mend = "choose another metrics.worker_port (PROSA_METRICS__WORKER_PORT)"
    listener = bind(section.worker_host, section.worker_port, mend)
    server = GuestServer(config(app, lifespan=False))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
