import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True)
class RunningErp:
    """The emulator as a real process on a port of its own choice."""

    process: subprocess.Popen[str]
    client: httpx.Client

    @classmethod
    def start(cls, database: Path) -> "RunningErp":
        command = [sys.executable, "-m", "emulators.erps.demo", "--port", "0", "--database", str(database)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        announced = json.loads(process.stdout.readline())
        assert announced["ready"] is True
        headers = {"Authorization": "Bearer demo-token"}
        return cls(process, httpx.Client(base_url=announced["url"], headers=headers, timeout=30))

    def issue(self, key: str) -> httpx.Response:
        return self.client.post("/api/invoices/F-5001/second-copies", headers={"Idempotency-Key": key})

    def switch(self, **switches: object) -> None:
        self.client.put("/control/switches", json=switches).raise_for_status()

    def copies(self) -> int:
        return int(self.client.get("/control/copies").json()["count"])

    def end(self) -> tuple[str, str]:
        """Kills it if it still runs; what it wrote on stdout after its first line, and on stderr."""
        self.client.close()
        self.process.kill()
        return self.process.communicate(timeout=30)
