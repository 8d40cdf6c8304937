import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx


@dataclass(frozen=True)
class RunningProvider:
    """The emulator as a real process on a port of its own choice."""

    process: subprocess.Popen[str]
    client: httpx.Client

    @classmethod
    def start(cls, *arguments: str) -> "RunningProvider":
        command = [sys.executable, "-m", "emulators.channels.http", "--port", "0", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        announced = json.loads(process.stdout.readline())
        assert announced["ready"] is True
        return cls(process, httpx.Client(base_url=announced["url"], timeout=30))

    @property
    def url(self) -> str:
        return str(self.client.base_url).rstrip("/")

    def switch(self, **switches: object) -> None:
        self.client.put("/control/switches", json=switches).raise_for_status()

    def received(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get("/control/received").json()
        return found

    def post(self, key: str, body: object = None, **headers: str) -> httpx.Response:
        message = {"type": "message", "to": "5511987654321", "text": "oi"} if body is None else body
        return self.client.post("/messages", json=message, headers={"webhook-id": key, **headers})

    def end(self) -> tuple[str, str]:
        """Kills it if it still runs; what it wrote on stdout after its first line, and on stderr."""
        self.client.close()
        self.process.kill()
        return self.process.communicate(timeout=30)


def database(folder: Path) -> tuple[str, str]:
    return "--database", str(folder / "new folder" / "provider.db")
