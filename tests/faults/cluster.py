"""Prosa as it runs in earnest, every part a process of its own on a free loopback port."""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx
from temporalio.client import Client

from journal.database import Database, upgrade
from prosa.up.ports import free
from runtime import settings
from runtime.temporal import connect
from runtime.temporal_names import SEARCH_ATTRIBUTES
from tests.faults import installation, plans
from tests.faults.lives import Lives
from tests.faults.process import python

TEMPORAL: Final = Path(sys.executable).parent / "temporal"
PRAGMAS: Final = ("journal_mode=WAL", "synchronous=NORMAL")

PROVIDERS: Final = {
    "careful": ["--secret", installation.SECRET, "--idempotent"],
    "plain": ["--secret", installation.SECRET],
}
"""Who receives for the accounts: one drops a repeated key, one does not."""

Plans = Sequence[Sequence[str]]
"""For each process of a kind, the failpoints of its lives."""

UNHARMED: Final[Plans] = ((),)


class Cluster:
    """Temporal, gateways, workers, the demo ERP and the emulated provider; leaving the context stops them all."""

    def __init__(  # noqa: PLR0913 - what tests vary
        self,
        folder: Path,
        *,
        flow: str,
        gateways: Plans = UNHARMED,
        workers: Plans = UNHARMED,
        grace: float = 1.0,
        turns: int = 5,
        prepare: Callable[[Path], None] | None = None,
        told: Mapping[str, str] | None = None,
        database: str = "",
    ) -> None:
        """Each of *gateways* and *workers* is one process; *prepare* gets the SQLite file before anybody opens it.

        *turns* is how many a run may have. *told* is what the workers' environment says otherwise than that of the
        gateways; *database* the address of one that is not the SQLite file below *folder*.
        """
        self.folder = folder
        self.flow = flow
        self.grace = grace
        self._turns = turns
        self._prepare = prepare
        self._told = dict(told or {})
        self._database = database
        self._temporal_port, self._erp_port = free(), free()
        self._ports = [free() for _ in gateways]
        self.temporal = Lives("temporal", self._temporal_command(), folder, {}, port=self._temporal_port)
        self.erp = Lives("erp", self._emulator("erps.demo", self._erp_port), folder, {})
        self.providers = {
            name: Lives(f"provider-{name}", [*self._emulator("channels.http", 0, name), *options], folder, {})
            for name, options in PROVIDERS.items()
        }
        self.gateways = [
            Lives(f"gateway-{n}", python("gateway"), folder, self._environment(port), plans=lives)
            for n, (port, lives) in enumerate(zip(self._ports, gateways, strict=True), 1)
        ]
        self.workers = [
            Lives(f"worker-{n}", python("workers"), folder, {**self._environment(0), **self._told}, plans=lives)
            for n, lives in enumerate(workers, 1)
        ]

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.database.close()
        await self.http.aclose()
        await self._stop()

    @property
    def everything(self) -> list[Lives]:
        return [*self.gateways, *self.workers, self.temporal, self.erp, *self.providers.values()]

    @property
    def gateway_urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self._ports]

    @property
    def fired(self) -> Counter[str]:
        """How often each failpoint killed, by `gateway before_commit`."""
        places = [*(f"gateway {name}" for name in plans.GATEWAY), *(f"worker {name}" for name in plans.WORKER)]
        counted = Counter(dict.fromkeys(places, 0))
        for lives in (*self.gateways, *self.workers):
            counted.update({f"{lives.name.partition('-')[0]} {name}": count for name, count in lives.fired.items()})
        return counted

    @property
    def planned(self) -> int:
        """How many failpoints have still to be reached."""
        return sum(lives.planned for lives in self.everything)

    @property
    def accidents(self) -> list[str]:
        """Deaths that nobody planned."""
        return [accident for lives in self.everything for accident in lives.accidents]

    def tails(self) -> str:
        """Return the last words of everything."""
        return "\n\n".join(f"--- {lives.name}\n{lives.tail()}" for lives in self.everything)

    def grep(self, word: str) -> list[str]:
        """Return the log lines of all lives that hold *word*."""
        files = sorted(self.folder.glob("*.err"))
        lines = (line for file in files for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
        return [line for line in lines if word in line]

    async def received(self) -> list[dict[str, Any]]:
        """Return every call that the providers have had, those of one provider in order."""
        answers = [await self.http.get(f"{url}/control/received") for url in self.provider_urls.values()]
        return [call for answer in answers for call in answer.raise_for_status().json()]

    async def switch(self, provider: str, **switches: float) -> None:
        """Let a provider do wrong what its emulator's switches say."""
        answer = await self.http.put(f"{self.provider_urls[provider]}/control/switches", json=switches)
        answer.raise_for_status()

    async def copies(self) -> int:
        """Return how many second copies the ERP has ever issued."""
        answer = await self.http.get(f"http://127.0.0.1:{self._erp_port}/control/copies")
        return int(answer.raise_for_status().json()["count"])

    async def erp_requests(self) -> int:
        """Return how many requests the ERP has had."""
        answer = await self.http.get(f"http://127.0.0.1:{self._erp_port}/control/requests")
        return len(answer.raise_for_status().json()["requests"])

    async def switch_erp(self, **switches: float) -> None:
        """Let the ERP do wrong what its emulator's switches say."""
        answer = await self.http.put(f"http://127.0.0.1:{self._erp_port}/control/switches", json=switches)
        answer.raise_for_status()

    def another_worker(self) -> Lives:
        """Return one more worker, which is stopped with the others; start it."""
        name = f"worker-{len(self.workers) + 1}"
        self.workers.append(Lives(name, python("workers"), self.folder, {**self._environment(0), **self._told}))
        return self.workers[-1]

    async def kill_temporal(self) -> None:
        """SIGKILL, and up again."""
        await self.temporal.kill()
        await self.temporal.start()

    async def _start(self) -> None:
        self.http = httpx.AsyncClient(timeout=30)
        await asyncio.gather(self.temporal.start(), self.erp.start())
        self.settings = settings.load(await self._install(temporal=f"127.0.0.1:{self._temporal_port}"))
        await asyncio.to_thread(upgrade, self.settings.database_url)
        if self._prepare is not None:
            self._prepare(self.settings.data / "prosa.db")
        self.database = Database(self.settings.database_url)
        self.client: Client = await connect(self.settings)
        await installation.publish(self.database, self.flow)
        await asyncio.gather(*(lives.start() for lives in (*self.gateways, *self.workers)))

    async def _install(self, temporal: str) -> Path:
        """Start the providers, and write the settings, whose path is returned."""
        self.provider_urls = {name: (await lives.start())["url"] for name, lives in self.providers.items()}
        return installation.write(
            self.folder,
            flow=self.flow,
            provider_urls=self.provider_urls,
            erp_url=f"http://127.0.0.1:{self._erp_port}",
            temporal=temporal,
            grace=self.grace,
            turns=self._turns,
            database=self._database,
        )

    async def _stop(self) -> None:
        """Stop what writes first, so that nobody complains about what is gone already."""
        await asyncio.gather(*(lives.stop() for lives in (*self.gateways, *self.workers)))
        await asyncio.gather(*(lives.kill() for lives in (self.temporal, self.erp, *self.providers.values())))

    def _temporal_command(self) -> list[str]:
        command = [str(TEMPORAL), "server", "start-dev", "--headless", "--log-level", "warn"]
        command += ["--ip", "127.0.0.1", "--port", str(self._temporal_port)]
        command += ["--db-filename", str(self.folder / "temporal.db")]
        for pragma in PRAGMAS:
            command += ["--sqlite-pragma", pragma]
        for name, kind in SEARCH_ATTRIBUTES.items():
            command += ["--search-attribute", f"{name}={kind}"]
        return command

    def _emulator(self, name: str, port: int, file: str = "erp") -> list[str]:
        return python(f"emulators.{name}", "--port", str(port), "--database", str(self.folder / f"{file}.db"))

    def _environment(self, port: int) -> dict[str, str]:
        return {**installation.SECRETS, "PROSA_GATEWAY__PORT": str(port)}
