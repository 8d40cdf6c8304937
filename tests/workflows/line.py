"""A line to real conversations: Temporal, a worker with the product's own activities, a SQLite journal."""

import asyncio
import sys
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from pydantic import JsonValue
from sqlalchemy import func, select
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from domain.conversation import Contact, ConversationStart, Setup, Snapshot
from domain.keys import address_key, message_id, workflow_id
from domain.message import Callback, Inbound
from flows.flow import Flow
from flows.reader import read_flow
from journal import conversations, database, flows, inbox, transcript
from journal.database import Database
from journal.inbox import InboxItem
from journal.tables import inbox as inbox_table
from journal.tables import outbox
from runtime.sections import Account, Connection, QueueSection, TemplateSection
from runtime.settings import Settings
from runtime.temporal import register_search_attributes, tell, tell_open
from runtime.temporal_names import QUERY_SNAPSHOT, SEARCH_ATTRIBUTES
from workers.process import workers

BIN = Path(sys.executable).parent
STARTS = timedelta(seconds=60)
"""A Temporal server has so long to start: on a busy machine the SDK's five seconds are not enough."""
ACCOUNT = "site"
LIMIT = 60.0
"""Seconds after which a test that waits is taken to hang."""


@dataclass
class Line:
    """One contact's line to the product."""

    client: Client
    database: Database
    settings: Settings
    environment: WorkflowEnvironment
    turns_per_run: int = 40
    grace: timedelta = timedelta(minutes=10)
    entry: str = "main"
    """Name of the entry flow."""
    address: str = field(default_factory=lambda: uuid.uuid4().hex)
    first_run: str | None = None
    _count: int = 0

    @property
    def workflow_id(self) -> str:
        """Id of the workflow that talks to this contact."""
        return workflow_id(ACCOUNT, address_key(b"test", self.address))

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """The workflow."""
        return self.client.get_workflow_handle(self.workflow_id)

    async def say(self, text: str = "", *, key: str | None = None, **more: Any) -> str:
        """Say something as the gateway would: inbox first, then the signal; return its message id."""
        self._count += 1
        message = await self.receive(text, key=key, **more)
        await self.forward(message)
        return message.message_id

    async def receive(self, text: str = "", *, key: str | None = None, kind: str = "message", **more: Any) -> Inbound:
        """Put something into the inbox without forwarding it."""
        self._count += 1
        key = key or f"{self.address}-{self._count}"
        now = datetime.now(UTC)
        message = Inbound(message_id=message_id(ACCOUNT, kind, key), at=now, text=text, **more)
        item = InboxItem(
            account=ACCOUNT,
            channel="webchat",
            kind=kind,
            provider_message_id=key,
            workflow_id=self.workflow_id,
            address=self.address,
            payload=message,
            received_at=now,
        )
        async with self.database.write() as connection:
            await inbox.receive(connection, item, owner="test", lease=timedelta(seconds=1), now=now)
        return message

    async def tell_callback(self, event: str, data: JsonValue = None) -> str:
        """Tell *event*, which the innermost flow expects, as the gateway would; return its message id."""
        state: Snapshot = await self.handle.query(QUERY_SNAPSHOT, result_type=Snapshot)
        callback = Callback(key=state.frames[-1].expected[event], event=event, data=data)
        message = await self.receive(key=callback.key, kind="event", callback=callback)
        await tell_open(self.client, self.workflow_id, message)
        return message.message_id

    async def forward(self, message: Inbound) -> None:
        """Signal *message*."""
        setup = Setup(
            account=ACCOUNT,
            channel="webchat",
            flow=self.entry,
            contact=Contact(address=self.address, name="Ana Souza"),
            company=self.settings.company_facts,
            turns_per_run=self.turns_per_run,
            grace=self.grace,
        )
        await tell(self.client, self.workflow_id, ConversationStart(setup=setup), message)
        if self.first_run is None:
            self.first_run = (await self.handle.describe()).run_id

    async def quiet(self) -> None:
        """Wait until what was received has been read and answered, and nothing more is said."""
        length = -1
        deadline = asyncio.get_running_loop().time() + LIMIT
        while (found := (await self.handle.describe()).history_length) != length or await self._unread():
            assert asyncio.get_running_loop().time() < deadline, await self.said()
            length = found
            await asyncio.sleep(0.3)

    async def _unread(self) -> int:
        unread = select(func.count()).where(inbox_table.c.address == self.address, inbox_table.c.state != "consumed")
        async with self.database.read() as connection:
            return await connection.scalar(unread) or 0

    async def pass_time(self, duration: timedelta) -> None:
        """Let *duration* pass on the time-skipping server."""
        await self.environment.sleep(duration)

    async def ended(self) -> None:
        """Wait, in real time, until no workflow of this contact runs."""
        deadline = asyncio.get_running_loop().time() + LIMIT
        while (await self.handle.describe()).status == WorkflowExecutionStatus.RUNNING:
            assert asyncio.get_running_loop().time() < deadline, "the workflow does not end"
            await asyncio.sleep(0.05)

    async def over(self) -> None:
        """Let time pass until the workflow has come to its end, grace time included."""
        for _ in range(100):
            if (await self.handle.describe()).status != WorkflowExecutionStatus.RUNNING:
                return
            await self.environment.sleep(timedelta(hours=1))
        raise AssertionError("the conversation does not end")

    async def conversations(self) -> list[conversations.ConversationRow]:
        """Return this contact's conversations, the oldest first."""
        async with self.database.read() as connection:
            found = await conversations.find(connection, address=self.address)
        return sorted(found, key=lambda row: row.protocol)

    async def said(self) -> list[str]:
        """Return what the bot said to this contact, in order."""
        mine = select(outbox.c.part).where(outbox.c.address == self.address)
        by_time = mine.order_by(outbox.c.queued_at, outbox.c.seq)
        async with self.database.read() as connection:
            return [part.get("text", "") for part in await connection.scalars(by_time)]

    async def lines(self) -> list[transcript.Line]:
        """Return the transcript of all conversations of this contact."""
        found: list[transcript.Line] = []
        for row in await self.conversations():
            async with self.database.read() as connection:
                found += await transcript.lines(connection, row.conversation_id)
        return found

    async def until(self, holds: Callable[[list[str]], bool]) -> list[str]:
        """Wait until what the bot said fulfils *holds*."""
        deadline = asyncio.get_running_loop().time() + LIMIT
        while not holds(said := await self.said()):
            assert asyncio.get_running_loop().time() < deadline, said
            await asyncio.sleep(0.03)
        return said

    async def publish(self, content: Mapping[str, str]) -> dict[str, str]:
        """Publish flows by name, called ones first; return their versions."""
        versions: dict[str, str] = {}
        parsed = {name: read_flow(text, f"{name}.yaml") for name, text in content.items()}
        async with self.database.write() as connection:
            for flow in _called_first(parsed):
                await _publish(connection, flow, versions)
        return versions


def _called_first(parsed: Mapping[str, Flow]) -> list[Flow]:
    return [
        parsed[name]
        for name in TopologicalSorter({name: flow.called() for name, flow in parsed.items()}).static_order()
    ]


async def _publish(connection: Any, flow: Flow, versions: dict[str, str]) -> None:
    calls = {name: versions[name] for name in flow.called()}
    versions[flow.flow] = flow.fingerprint(calls)
    await flows.publish(
        connection,
        name=flow.flow,
        version=versions[flow.flow],
        content=flow.dump(),
        calls=calls,
        by="test",
        now=datetime.now(UTC),
    )


@asynccontextmanager
async def line(
    folder: Path, content: Mapping[str, str], *, skip_time: bool = True, erp: str = "http://127.0.0.1:9"
) -> AsyncGenerator[Line]:
    """Start Temporal (the time-skipping server, or the real one) and a worker, and publish flows."""
    settings = Settings(
        data=folder,
        accounts={ACCOUNT: Account(channel="webchat", flow="main")},
        templates={"due": TemplateSection(text="Vence em {{ 1 }}.")},
        connections={"billing": Connection.model_validate({"erp": "demo", "url": erp, "token": "demo-token"})},
        queues={"always": QueueSection(calendar="")},
    )
    database.upgrade(settings.database_url)
    store = Database(settings.database_url)
    async with await _environment(skip_time=skip_time) as environment, workers(settings, environment.client):
        opened = Line(environment.client, store, settings, environment)
        await opened.publish(content)
        yield opened
    await store.close()


async def _environment(*, skip_time: bool) -> WorkflowEnvironment:
    if skip_time:
        environment = await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(BIN / "temporal-test-server"),
            test_server_startup_timeout=STARTS,
            data_converter=pydantic_data_converter,
        )
        await register_search_attributes(environment.client)
        return environment
    attributes = [f"--search-attribute={name}={kind}" for name, kind in SEARCH_ATTRIBUTES.items()]
    return await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType] - the SDK's own gap
        dev_server_existing_path=str(BIN / "temporal"),
        dev_server_startup_timeout=STARTS,
        dev_server_extra_args=attributes,
        data_converter=pydantic_data_converter,
    )
