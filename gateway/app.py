"""The gateway as an ASGI application."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from temporalio.client import Client

from channels.base import Channel
from gateway.files import Files
from gateway.health import Health
from gateway.intake import Intake
from gateway.relay import Relay
from gateway.setups import setups
from gateway.spool import Spool
from gateway.webhooks import Webhooks
from journal.database import Database
from journal.files import FileStore
from runtime.links import Links
from runtime.settings import Settings


def create_app(  # noqa: PLR0913 what a gateway is made of
    settings: Settings,
    database: Database,
    client: Client,
    channels: Mapping[str, Channel],
    files: FileStore,
    *,
    key: bytes,
    owner: str = "",
) -> Starlette:
    """Return the application; its lifespan runs the relay and empties the spool.

    *key* is the installation's; *owner* names this process among the gateways of one database.
    """
    relay = Relay(database, client, setups(settings, channels), owner or f"{socket.gethostname()}:{os.getpid()}")
    intake = Intake(database, files, Spool(settings.data / "spool"), relay, key)
    kinds = {name: account.channel for name, account in settings.accounts.items()}

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        tasks = [
            asyncio.create_task(work, name=name) for name, work in (("relay", relay.run()), ("spool", intake.run()))
        ]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await relay.close()

    return Starlette(
        routes=[
            *Webhooks(channels, kinds, intake).routes(),
            *Files(files, Links(key, settings.gateway.public_url)).routes(),
            *Health(database, client).routes(),
        ],
        exception_handlers={HTTPException: _answer},
        lifespan=lifespan,
    )


async def _answer(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)
