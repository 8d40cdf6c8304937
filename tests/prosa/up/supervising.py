"""Supervises Temporal, a stubborn program with a child of its own, and a plain one; prints their numbers."""

import asyncio
import json
import signal
import sys
from pathlib import Path

from prosa.up import temporal_server
from prosa.up.ports import free
from prosa.up.programs import Program
from prosa.up.supervisor import supervised
from runtime.settings import Settings
from runtime.temporal_section import TemporalSection

PLAIN = "import json, time; print(json.dumps({'ready': True}), flush=True); time.sleep(600)"
STUBBORN = """
import json, os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
print(json.dumps({'ready': True, 'child': child.pid, 'pid': os.getpid()}), flush=True)
time.sleep(600)
"""


async def main(data: Path) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests may have been started by nohup, which Prosa respects
    settings = Settings(data=data, temporal=TemporalSection(port=free(), ui_port=free()))
    try:
        async with supervised(data / "logs", print) as supervisor:
            await supervisor.start(temporal_server.program(settings))
            [said, _] = await supervisor.start(
                Program("stubborn", (sys.executable, "-c", STUBBORN)), Program("plain", (sys.executable, "-c", PLAIN))
            )
            pids = supervisor.pids
            print(json.dumps({"pids": pids, "grandchild": said["child"]}), flush=True)  # noqa: T201 the test reads it
            await supervisor.watch()
    except asyncio.CancelledError:
        print("stopped", flush=True)  # noqa: T201 the same


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
