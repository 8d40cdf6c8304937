"""The process of the gateway: everything opened, served, and closed again."""

import asyncio
import json
import socket
from collections.abc import Callable, Iterable
from typing import Final

import uvloop
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from channels.base import Tools, open_channels
from gateway.app import Work, create_app
from gateway.programs import programs
from journal.database import Database
from journal.files import FileStore
from runtime import garbage, http, secrets, temporal
from runtime.sections import GatewaySection
from runtime.settings import Settings
from runtime.temporal_service import renewing
from web.serving import MainServer, bind, config

_PATIENCE: Final = 6
"""Seconds: a little more than SQLite waits for another process's lock."""


Further = Callable[[Settings, Database], Iterable[BaseRoute]]
"""Routes of others, to be served at the gateway's address and from its database."""


def run(settings: Settings, further: Further | None = None) -> None:
    """Serve until SIGTERM or SIGINT; one JSON line on stdout says when it is ready, and where.

    PortTakenError, DatabaseVersionError and SettingsError before that.
    """
    uvloop.run(_serve(settings, further))


async def _serve(settings: Settings, further: Further | None) -> None:
    secret_files = settings.data / "secrets"
    key, former = secrets.installation_key(settings.data), secrets.former_keys(settings.data)
    database = Database(settings.database_url)
    try:
        await database.check_version()
        async with http.client() as client:
            tools = Tools(
                http=client,
                key=key,
                secret=lambda name: secrets.resolve(name, secret_files).get_secret_value(),
                former_keys=former,
            )
            temporal_client = await temporal.connect(settings)
            app = create_app(
                settings,
                database,
                temporal_client,
                open_channels(settings.accounts, tools),
                FileStore(settings.data / "files"),
                key=key,
                former_keys=former,
                token=secrets.token(settings.metrics.token, secret_files, "metrics.token"),
                programs=programs(settings.api, tools.secret),
                further=further(settings, database) if further else (),
            )
            async with renewing(temporal_client, settings):
                await _Server(app, app.state.work, settings.gateway).serve(sockets=[_listener(settings.gateway)])
    finally:
        await _finish()
        await database.close()


async def _finish() -> None:
    """Wait for transactions of requests that the server has given up: closed under them, the database would hang."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        await asyncio.wait(left, timeout=_PATIENCE)


class _Server(MainServer):
    """Says when it listens; ends with status 0 when told to, with an error when the work behind it is broken."""

    def __init__(self, app: Starlette, work: Work, section: GatewaySection) -> None:
        super().__init__(config(app, lifespan=True, trusted=section.trusted_proxies))
        self._work = work

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        garbage.settle()
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        host = f"[{host}]" if ":" in host else host
        print(json.dumps({"ready": True, "url": f"http://{host}:{port}"}), flush=True)  # noqa: T201 the caller reads it

    async def on_tick(self, counter: int) -> bool:
        broken = [task for task in self._work.tasks if task.done()]
        for task in broken:
            task.result()
        return bool(broken) or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._work.hub.close()  # else open streams would hold it up
        await super().shutdown(sockets)


def _listener(section: GatewaySection) -> socket.socket:
    mend = "choose another `port` under [gateway] (PROSA_GATEWAY__PORT; 0 takes a free one)"
    return bind(section.host, section.port, mend)
