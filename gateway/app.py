"""The gateway as an ASGI application."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from temporalio.client import Client

from channels.base import Channel
from gateway.callbacks import CallbackRoutes
from gateway.conversations import Conversations
from gateway.intake import Intake
from gateway.listeners import listeners
from gateway.programs import Program
from gateway.relay import Relay
from gateway.spool import Spool
from gateway.webchat.files import Files
from gateway.webchat.journal_watch import Hub
from gateway.webchat.origins import Origins
from gateway.webchat.page import Pages
from gateway.webchat.quotas import UploadQuotas
from gateway.webchat.routes import WebchatRoutes
from gateway.webchat.session_routes import SessionRoutes
from gateway.webchat.sessions import Sessions
from gateway.webchat.uploads import Uploads
from gateway.webhooks import Webhooks
from journal.database import Database
from journal.files import FileStore
from runtime.callbacks import Tokens
from runtime.disk import Disk
from runtime.links import Links
from runtime.settings import Settings
from usecases.setups import setups
from web import error_page
from web.full_disk import FullDisk
from web.hardening import Hardening, headers_for
from web.health import Health
from web.metrics import Metrics
from web.proxies import Proxies


@dataclass(frozen=True)
class Work:
    """The background tasks of an application, run by its server."""

    hub: Hub
    tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    """None of them ends before the application does, unless something is broken."""


def create_app(  # noqa: PLR0913 what a gateway is made of
    settings: Settings,
    database: Database,
    client: Client,
    channels: Mapping[str, Channel],
    files: FileStore,
    *,
    key: bytes,
    former_keys: tuple[bytes, ...] = (),
    owner: str = "",
    token: str = "",
    programs: tuple[Program, ...] = (),
    further: Iterable[BaseRoute] = (),
) -> Starlette:
    """Return the application; its lifespan runs the relay, the listeners, and empties the spool.

    Its `state.work` is what a server has to look after: a task that ends, and the streams, to be ended before it stops.
    *key* is the installation's, *former_keys* those before it; *owner* names this process among the gateways of one
    database; *token* is what Prometheus brings, *programs* may open conversations. *further* are
    routes of others, to be served at the same address.
    """
    relay = Relay(database, client, setups(settings, channels), owner or f"{socket.gethostname()}:{os.getpid()}")
    spool = Spool(settings.data / "spool")
    intake = Intake(database, files, spool, relay, key)
    quotas = UploadQuotas(database, files, spool, key)
    disk = Disk(settings.data)
    links = Links(key, settings.gateway.public_url, former_keys)
    sessions = Sessions(database)
    work = Work(Hub(database))
    headers = headers_for(settings.gateway.public_url)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        work.tasks[:] = [
            asyncio.create_task(job)
            for job in (relay.run(), intake.run(), quotas.run(), work.hub.run(), *listeners(channels, intake))
        ]
        yield
        work.hub.close()
        for task in work.tasks:
            task.cancel()
        await asyncio.gather(*work.tasks, return_exceptions=True)
        await relay.close()

    app = Starlette(
        routes=[
            *Webhooks(channels, intake, sessions).routes(),
            *Pages(channels, settings.company.name).routes(),
            *SessionRoutes(channels, sessions).routes(),
            *WebchatRoutes(channels, sessions, database, work.hub, links, settings.agent_names).routes(),
            *Uploads(channels, files, sessions, quotas, disk).routes(),
            *Files(files, links).routes(),
            *CallbackRoutes(intake, Tokens(key, former_keys)).routes(),
            *Conversations(settings, database, key, programs).routes(),
            *Health(database, client).routes(),
            *Metrics(database, token, public=bool(settings.gateway.public_url)).routes(),
            *further,
        ],
        middleware=[
            Middleware(Proxies, trusted=settings.gateway.trusted_proxies),
            Middleware(Hardening, headers=headers),
            Middleware(Origins, channels=channels, public_url=settings.gateway.public_url),
            Middleware(FullDisk, disk=disk),
        ],
        exception_handlers={HTTPException: _answer, Exception: partial(_break, headers)},
        lifespan=lifespan,
    )
    app.state.work = work
    return app


async def _answer(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    answer = error_page.answer(request, error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


async def _break(headers: Mapping[str, str], request: Request, _error: Exception) -> Response:
    answer = error_page.answer(request, 500, "internal error")
    answer.headers.update(headers)  # no middleware of ours sees this answer
    return answer
