"""A Temporal that only listens, and what tests of the gateway need beside it."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
from starlette.applications import Starlette
from temporalio.api.workflowservice.v1 import (
    SignalWithStartWorkflowExecutionRequest,
    SignalWorkflowExecutionRequest,
)
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode

from channels.base import Channel, Tools, open_channels
from channels.webchat import Webchat
from console import routes
from gateway.app import create_app
from gateway.programs import programs
from journal.database import Database
from journal.files import FileStore
from runtime.settings import Settings

KEY = b"k" * 32
ACCOUNTS = {
    "site": {"channel": "webchat", "flow": "main"},
    "front": {
        "channel": "http",
        "flow": "main",
        "url": "https://middleware.example.com/in",
        "secret": "front-secret-of-many-letters",
    },
}


def unavailable() -> RPCError:
    return RPCError("connection refused", RPCStatusCode.UNAVAILABLE, b"")


def invalid(message: str) -> RPCError:
    return RPCError(message, RPCStatusCode.INVALID_ARGUMENT, b"")


@dataclass
class SentSignal:
    """One signal, as Temporal got it."""

    workflow_id: str
    request_id: str
    text: str
    flow: str
    """Nothing when it would begin no conversation."""
    data: Any = None
    """What another system told."""


@dataclass
class FakeTemporal:
    """Stands for a Temporal client: takes signals, or fails as `failure` says."""

    failure: Callable[[SentSignal], Exception | None] = lambda _: None
    seconds: float = 0
    signals: list[SentSignal] = field(default_factory=list[SentSignal])
    attempts: int = 0
    most_at_once: int = 0
    """Signals to one conversation that were in flight together."""
    healthy: bool = True
    _in_flight: Counter[str] = field(default_factory=Counter[str])
    namespace = "default"
    identity = "fake"
    data_converter = pydantic_data_converter

    @property
    def client(self) -> Client:
        return cast("Client", self)

    @property
    def workflow_service(self) -> "FakeTemporal":
        return self

    @property
    def service_client(self) -> "FakeTemporal":
        return self

    async def check_health(self, **_options: object) -> bool:
        if not self.healthy:
            raise RuntimeError("Failed client connect")
        return True

    async def signal_with_start_workflow_execution(
        self, request: SignalWithStartWorkflowExecutionRequest, **_options: object
    ) -> None:
        signal = json.loads(request.signal_input.payloads[0].data)
        start = json.loads(request.input.payloads[0].data)
        await self._take(SentSignal(request.workflow_id, request.request_id, signal["text"], start["setup"]["flow"]))

    async def signal_workflow_execution(self, request: SignalWorkflowExecutionRequest, **_options: object) -> None:
        signal: dict[str, Any] = json.loads(request.input.payloads[0].data)
        workflow_id = request.workflow_execution.workflow_id
        callback: dict[str, Any] = signal.get("callback") or {}
        text = signal.get("text", "")
        await self._take(SentSignal(workflow_id, request.request_id, text, "", callback.get("data")))

    async def _take(self, signal: SentSignal) -> None:
        self.attempts += 1
        self._in_flight[signal.workflow_id] += 1
        self.most_at_once = max(self.most_at_once, self._in_flight[signal.workflow_id])
        try:
            await asyncio.sleep(self.seconds)
            error = self.failure(signal)
            if error is not None:
                raise error
            self.signals.append(signal)
        finally:
            self._in_flight[signal.workflow_id] -= 1

    @property
    def texts(self) -> list[str]:
        return [signal.text for signal in self.signals]


@dataclass
class Gateway:
    """A gateway in this process, its world, and a client of it."""

    app: Starlette
    database: Database
    temporal: FakeTemporal
    channels: Mapping[str, Channel]
    files: FileStore
    http: httpx.AsyncClient
    data: Path

    @property
    def webchat(self) -> Webchat:
        return cast("Webchat", self.channels["site"])

    async def say(self, token: str, text: str, message_id: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"}
        body = {"id": message_id, "text": text, **more}
        return await self.http.post("/webhooks/webchat/site", json=body, headers=headers)


def settings(data: Path, **sections: Any) -> Settings:
    return Settings.model_validate({"data": data, "accounts": ACCOUNTS, **sections})


@asynccontextmanager
async def gateway(
    data: Path, database: Database, temporal: FakeTemporal, *, owner: str = "one", **sections: Any
) -> AsyncGenerator[Gateway]:
    """Run a gateway over *database* while inside."""
    loaded = settings(data, **sections)
    async with httpx.AsyncClient() as outside:
        channels = open_channels(loaded.accounts, Tools(http=outside, key=KEY, secret=str))
        files = FileStore(data / "files")
        app = create_app(
            loaded,
            database,
            temporal.client,
            channels,
            files,
            key=KEY,
            owner=owner,
            programs=programs(loaded.api, str),
            further=routes.routes(loaded, database),
        )
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://chat.example.com") as client,
        ):
            yield Gateway(app, database, temporal, channels, files, client, data)


async def eventually(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until *true*; the limit is for what hangs."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 what it waits for is anything
            await asyncio.sleep(0.01)
