"""Everything that `prosa demo` starts, as real processes: gateway, worker, Temporal, demo ERP."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, closing, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from typer.testing import CliRunner

from prosa.commands import app
from prosa.demo.command import SETTINGS
from prosa.up.ports import free

SCRIPT: Final = Path(sys.executable).parent / "prosa"
BOOT: Final = 180
PATIENCE: Final = 60
TOKEN: Final = "only-of-this-test"
NOTICE: Final = "Guardamos a conversa por seis meses, para o seu atendimento."
_SEEN: Final = {
    "conversation_opened": "opened",
    "message_received": "me",
    "message_sent": "bot",
    "agent_joined": "joined",
    "handover_resolved": "left",
    "conversation_ended": "ended",
    "conversation_terminated": "ended",
}


class Stack:
    """A running demo, and what is in its journal."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.chat = f"{self.url}/webchat/site"

    def journal(self, protocol: str) -> list[tuple[str, str, str]]:
        """Returns what the contact of *protocol* may see: (conversation:seq, who, text or label), in order."""
        with closing(sqlite3.connect(f"file:{self.data}/prosa.db?mode=ro", uri=True)) as database:
            found = database.execute(
                "select j.conversation_id, j.seq, j.kind, j.data from journal j"
                " join conversation c on c.conversation_id = j.conversation_id"
                " where c.address = (select address from conversation where protocol = ?)"
                " order by c.opened_at, j.seq",
                [protocol],
            ).fetchall()
        labels: dict[str, str] = {}
        seen: list[tuple[str, str, str]] = []
        for conversation, seq, kind, raw in found:
            if kind in _SEEN:
                data: dict[str, Any] = json.loads(raw)
                labels |= {option["id"]: option["label"] for option in data.get("options") or ()}
                said = data.get("text") or labels.get(data.get("choice") or "", "")
                text = said if kind.startswith("message") else ""
                who = "agent" if kind == "message_sent" and data.get("by") else _SEEN[kind]
                seen.append((f"{conversation}:{seq}", who, text))
        return seen

    def link(self, token: str) -> str:
        """Returns an address that continues the session of *token*, once."""
        headers = {"authorization": f"Bearer {token}"}
        made = httpx.post(f"{self.chat}/links", headers=headers, timeout=PATIENCE).raise_for_status()
        return f"{self.chat}#c={made.json()['code']}"

    def prosa(self, *arguments: str, status: int = 0) -> str:
        """Returns what a command says, run where the demo's settings are: in this process, which is quicker."""
        with ThreadPoolExecutor(1) as thread, chdir(self.data):  # Playwright's event loop holds the thread of the test
            ran = thread.submit(CliRunner().invoke, app, list(arguments)).result(PATIENCE)
        assert ran.exit_code == status, ran.output
        return ran.output

    def pids(self, module: str) -> list[int]:
        """Returns the processes of the demo that run *module*; the gateway is the command `prosa gateway`."""
        tail = ["-m", "prosa", "gateway"] if module == "gateway" else ["-m", module]
        found: list[int] = []
        for entry in Path("/proc").iterdir():
            try:
                command = (
                    (entry / "cmdline").read_bytes().decode().strip("\0").split("\0") if entry.name.isdecimal() else []
                )
                if command[-len(tail) :] == tail and (entry / "cwd").readlink() == self.data:
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def kill(self, module: str) -> None:
        """Kills the process that runs *module*; the demo starts it again."""
        self._signal(module, signal.SIGKILL)

    def pause(self, module: str) -> None:
        """Stops the process that runs *module* in its tracks."""
        self._signal(module, signal.SIGSTOP)

    def go_on(self, module: str) -> None:
        """Lets it go on."""
        self._signal(module, signal.SIGCONT)

    def _signal(self, module: str, number: signal.Signals) -> None:
        pids = self.pids(module)
        assert pids, module
        for pid in pids:
            os.kill(pid, number)


@contextmanager
def stack(data: Path, site: str) -> Generator[Stack]:
    """Runs the demo in *data* while inside; *site* is the origin of a site that may embed its chat."""
    data.mkdir(parents=True)
    account = "[accounts.site]\n"
    people = f'[api]\ntoken = "{TOKEN}"\n\n[agents.bia]\nname = "Bia Monteiro"\n\n[queues.always]\ncalendar = ""\n'
    extra = f'origins = ["{site}"]\nprivacy_notice = "{NOTICE}"\nprivacy_url = "https://www.example.com/privacidade"\n'
    settings = f"{SETTINGS.read_text(encoding='utf-8').replace(account, account + extra)}\n{people}"
    (data / "prosa.toml").write_text(settings.replace(":8090", ":0"), encoding="utf-8")  # the ERP takes a free port
    port = free()
    ports = {"PROSA_GATEWAY__PORT": str(port)} | {
        f"PROSA_TEMPORAL__{name}": str(free()) for name in ("PORT", "UI_PORT")
    }
    log = data / "demo.out"
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(SCRIPT), "demo", "--data", str(data)], stdout=out, stderr=out, env={**os.environ, **ports}
        )
    try:
        deadline = time.monotonic() + BOOT
        while "Prosa is up" not in (said := log.read_text(encoding="utf-8")):
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
        yield Stack(data, port)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(BOOT)
