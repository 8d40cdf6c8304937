"""One worker process: polls the conversations' task queue and one for each ERP connection."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Final

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities import activities
from activities.base import Tools
from channels.base import Tools as ChannelTools
from channels.base import open_channels
from domain.errors import SettingsError, TemporalError
from erps.base import ErpTools, open_erps
from journal.database import Database
from journal.files import FileStore
from runtime import garbage, http, secrets
from runtime.settings import Settings
from runtime.temporal import connect, ensure_search_attributes
from runtime.temporal_diagnosis import diagnose
from runtime.temporal_names import TASK_QUEUE, erp_queue
from runtime.temporal_service import renewing
from usecases.campaigns import Schedules
from workers import schedules
from workers.errors import ErrorTranslation
from workers.heartbeats import BEAT, Heartbeats
from workers.metrics import Measured
from workers.pages import pages
from workflows.campaign import CampaignWorkflow
from workflows.conversation import ConversationWorkflow
from workflows.redelivery import RedeliveryWorkflow

STICKY: Final = timedelta(seconds=2)
"""How long Temporal waits for a dead worker before it gives its conversations to another (10 s by default)."""
GRACE: Final = timedelta(seconds=20)
INTERCEPTORS: Final = (Measured(), ErrorTranslation(), Heartbeats())

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def workers(settings: Settings, client: Client) -> AsyncGenerator[None]:
    """Poll while inside: conversations, and the ERP calls of each connection in a queue of its own."""
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        await database.check_version()
        tools = await stack.enter_async_context(_tools(settings, database))
        groups = [activities[name].using(tools) for name in activities]
        polling = [
            Worker(
                client,
                task_queue=TASK_QUEUE,
                workflows=[ConversationWorkflow, RedeliveryWorkflow, CampaignWorkflow],
                activities=[one for group in groups if not group.each_connection for one in group.methods()],
                workflow_runner=UnsandboxedWorkflowRunner(),  # docs/adr/0002
                interceptors=INTERCEPTORS,
                max_heartbeat_throttle_interval=BEAT,
                max_cached_workflows=settings.conversation.kept_in_memory,
                sticky_queue_schedule_to_start_timeout=STICKY,
                graceful_shutdown_timeout=GRACE,
            ),
            *(
                Worker(
                    client,
                    task_queue=erp_queue(name),
                    activities=[one for group in groups if group.each_connection for one in group.methods()],
                    interceptors=INTERCEPTORS,
                    max_heartbeat_throttle_interval=BEAT,
                    max_concurrent_activities=connection.max_concurrent,
                    graceful_shutdown_timeout=GRACE,
                )
                for name, connection in settings.connections.items()
            ),
        ]
        for worker in polling:
            await stack.enter_async_context(worker)
        await stack.enter_async_context(renewing(client, settings, polling))
        await stack.enter_async_context(pages(settings, database, client))
        yield


@contextlib.asynccontextmanager
async def _tools(settings: Settings, database: Database) -> AsyncGenerator[Tools]:
    """Open the clients and stores of the activities."""
    directory = settings.data / "secrets"

    def secret(name: str) -> str:
        return secrets.resolve(name, directory).get_secret_value()

    key = secrets.installation_key(settings.data)
    async with http.client() as client, http.client(idle=0) as once:
        yield Tools(
            settings=settings,
            database=database,
            files=FileStore(settings.data / "files"),
            key=key,
            secret=secret,
            channels=open_channels(settings.accounts, ChannelTools(http=client, key=key, secret=secret)),
            connections=open_erps(settings.connections, ErpTools(http=client, secret=secret)),
            http_once=once,
            send_campaign=Schedules(database, settings, key).send,
        )


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; prints one line of JSON when it has begun."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = await _reach_temporal(settings, stop)
    if client is None:
        return
    async with workers(settings, client):
        garbage.settle()
        print(json.dumps({"ready": True}), flush=True)  # noqa: T201 - the supervisor waits for this line
        log.info("worker_started", temporal=settings.temporal_address)
        await stop.wait()
    log.info("worker_stopped")


async def _reach_temporal(settings: Settings, stop: asyncio.Event) -> Client | None:
    """Wait until Temporal answers: a worker that starts before its server is no error. None when told to stop."""
    while not stop.is_set():
        try:
            client = await connect(settings, lazy=False)
            await ensure_search_attributes(client)
            await schedules.keep(client, settings)
        except (RPCError, RuntimeError, SettingsError, TemporalError) as error:  # RuntimeError: the SDK cannot connect
            log.warning("temporal_not_reached", error=str(await diagnose(settings, error)))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), timeout=1)
        else:
            return client
    return None
