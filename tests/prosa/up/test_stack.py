"""`prosa up` where a program cannot start: the gateway takes messages, the others are tried again."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from prosa.chat.webchat import Visitor
from prosa.up import command as up_command
from prosa.up.plan import Plan
from prosa.up.ports import free
from runtime.sections import Account
from runtime.settings import Settings
from tests.prosa.demo.test_demo import SCRIPT, nobody_works_in, prosa, wait_for, working_in

SETTINGS = """
data = "data"
[accounts.site]
channel = "webchat"
flow = "hello"
[flows]
directory = "flows"
"""
HELLO = "spec: 1\nflow: hello\ncards:\n  - {id: greet, card: send_message, text: Olá}\n"
PATIENCE = 120

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    (tmp_path / "prosa.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "hello.yaml").write_text(HELLO, encoding="utf-8")
    return tmp_path


def test_messages_are_kept_while_the_worker_cannot_start_and_answered_once_it_can(installed: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        worker_port = {"PROSA_METRICS__WORKER_PORT": str(taken.getsockname()[1])}
        with started(installed, worker_port) as (url, log):
            wait_for(log, "not ready yet: worker")
            shown = log.read_text(encoding="utf-8")
            assert re.search(r"✘ workers +not ready, and tried again until it is: worker", shown)
            assert re.search(
                r"expected worker to be ready within 60 s, it ended with status 2; starting\s+it again", shown
            )
            assert "metrics.worker_port" in shown
            asyncio.run(say_and_hear(url, release=taken))
            wait_for(log, "worker is back")


def test_messages_are_taken_while_no_temporal_answers(installed: Path) -> None:
    with started(installed, {"PROSA_TEMPORAL__ADDRESS": f"127.0.0.1:{free()}"}) as (url, log):
        wait_for(log, "nothing answers as Temporal")
        assert httpx.get(f"{url}/health").is_success
        asyncio.run(say(url))


def test_a_demo_that_plays_once_ends_when_temporal_cannot_start(tmp_path: Path) -> None:
    (tmp_path / "temporal.db").mkdir()
    done = prosa("demo", "--once", "--data", str(tmp_path))
    assert done.returncode == 2, done.stdout
    assert "expected temporal to be ready within 60 s, it ended with status 1" in done.stderr
    assert "unable to open database file" in done.stderr
    assert nobody_works_in(tmp_path)


def test_a_worker_is_started_again_when_nobody_reads_the_output_any_more(installed: Path) -> None:
    """Rich ends the program that writes into a closed pipe: `prosa up | tee log`, and tee is gone."""
    process = subprocess.Popen([str(SCRIPT), "up"], stdout=subprocess.PIPE, text=True, cwd=installed, env=environment())
    assert process.stdout is not None
    try:
        while "Ctrl-C stops everything" not in (line := process.stdout.readline()):
            assert line
        process.stdout.close()
        killed = worker_of(installed)
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE
        while worker_of(installed) in {killed, 0}:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    assert process.returncode == 0
    assert nobody_works_in(installed)


@pytest.mark.parametrize(
    ("broken", "why"), [("data/prosa.db", "unable to open database file"), ("data/installation.key", "gateway")]
)
def test_nothing_is_started_without_database_or_gateway(installed: Path, broken: str, why: str) -> None:
    (installed / broken).mkdir(parents=True)
    done = prosa("-C", str(installed), "up")
    assert done.returncode == 2, done.stdout
    assert why in done.stderr
    assert nobody_works_in(installed)


def test_the_panel_names_what_is_not_ready() -> None:
    settings = Settings(accounts={"site": Account(channel="webchat", flow="hello")})
    console = Console(width=120, file=StringIO())
    with console.capture() as shown:
        console.print(up_command.welcome(Plan(settings), "http://127.0.0.1:8080", missing=["temporal", "worker"]))
    assert "Prosa takes messages; not ready yet: temporal, worker" in shown.get()
    assert "Prosa is up" not in shown.get()


@contextmanager
def started(folder: Path, extra: Mapping[str, str]) -> Generator[tuple[str, Path]]:
    """Runs `prosa up` in *folder* and gives the gateway's address, and what is printed; ends it by SIGTERM."""
    whole = {**environment(), **extra}
    log = folder / "up.out"
    with log.open("w") as out:
        process = subprocess.Popen([str(SCRIPT), "up"], stdout=out, stderr=out, cwd=folder, env=whole)
    try:
        wait_for(log, "✔ gateway")
        yield f"http://127.0.0.1:{whole['PROSA_GATEWAY__PORT']}", log
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    assert process.returncode == 0, log.read_text(encoding="utf-8")
    assert nobody_works_in(folder)


def environment() -> dict[str, str]:
    ports = {f"PROSA_{name}": str(free()) for name in ("GATEWAY__PORT", "TEMPORAL__PORT", "TEMPORAL__UI_PORT")}
    return {**os.environ, **ports}


def worker_of(folder: Path) -> int:
    return next((pid for pid, command in working_in(folder) if command.endswith("-m workers")), 0)


async def say(url: str) -> None:
    async with httpx.AsyncClient() as http:
        visitor = Visitor(http, url, "site")
        await visitor.enter("Ana")
        await visitor.say("oi")


async def say_and_hear(url: str, release: socket.socket) -> None:
    """Says something, lets the worker have its port, and waits for the answer."""
    async with httpx.AsyncClient() as http, asyncio.timeout(PATIENCE):
        visitor = Visitor(http, url, "site")
        await visitor.enter("Ana")
        await visitor.say("oi")
        release.close()
        async for heard in visitor.hear():
            if heard.text == "Olá":
                return
