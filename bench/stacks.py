"""What is measured: a Temporal server, a worker and a gateway, each a process of its own."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.client import Client

from bench import wire
from bench.floor_gateway import workflow_id
from bench.processes import Running, cpu_seconds, python, running
from bench.provider import Provider
from bench.temporal_server import temporal_server

StartWorker = Callable[[], AbstractAsyncContextManager[Running]]


@dataclass
class Stack:
    """One system, running; `worker` changes when it is restarted."""

    system: str
    client: Client
    server: Running
    gateway: Running
    url: str
    """Of the gateway."""
    provider: Provider
    folder: Path
    """The folder of its programs."""
    workflow_id: Callable[[str], str]
    start_worker: StartWorker
    database_pid: int | None = None
    """The database, where it is a process of its own."""
    commands: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Commands that list conversations or look after them, by what they are called."""
    worker: Running | None = field(default=None)

    @property
    def webhook(self) -> str:
        """Where contacts' messages are posted."""
        return f"{self.url}/webhooks/http/{wire.ACCOUNT}"

    @asynccontextmanager
    async def working(self) -> AsyncGenerator[Running]:
        """Run a worker while inside: ready when entered, ended gracefully when left."""
        async with self.start_worker() as worker:
            await worker.ready()
            self.worker = worker
            try:
                yield worker
            finally:
                self.worker = None

    def check(self) -> None:
        """Raise ProcessError when a process has ended."""
        for process in (self.server, self.gateway, self.worker):
            if process is not None:
                process.check()

    def cpu(self) -> dict[str, float]:
        """Return the CPU-seconds that each process has used so far."""
        processes = {"server": self.server, "worker": self.worker, "gateway": self.gateway}
        found = {name: cpu_seconds(process.pid) for name, process in processes.items() if process is not None}
        return found if self.database_pid is None else found | {"database": cpu_seconds(self.database_pid)}


@asynccontextmanager
async def floor_stack(floor: str, provider: Provider, folder: Path) -> AsyncGenerator[Stack]:
    """Run server and gateway of *floor* while inside."""
    async with temporal_server(folder) as (server, address):
        common = ("--floor", floor, "--temporal", address)
        async with running(python("bench.floor_gateway", *common), "gateway", folder) as gateway:
            yield Stack(
                system=floor,
                client=await Client.connect(address),
                server=server,
                gateway=gateway,
                url=str((await gateway.ready())["url"]),
                provider=provider,
                folder=folder,
                workflow_id=lambda contact: workflow_id(floor, contact),
                start_worker=lambda: running(
                    python("bench.floor_worker", *common, "--provider", provider.url), "worker", folder
                ),
            )
