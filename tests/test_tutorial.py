"""docs/tutorial.md, typed as it stands: its files, its commands, and what they answer."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from prosa.up.ports import free

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
SCRIPT = Path(sys.executable).parent / "prosa"
BLOCK = re.compile(r"```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
PATIENCE = 180
HANG = 420

pytestmark = pytest.mark.timeout(HANG)


class Typed(NamedTuple):
    """A command, and the lines that stand below it."""

    command: str
    answers: list[str]


def commands(block: str) -> Iterator[Typed]:
    for typed in block.split("$ ")[1:]:
        command, *answers = typed.strip().splitlines()
        yield Typed(command, answers)


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    folder = tmp_path / "tutorial"
    ports = {f"PROSA_{name}": str(free()) for name in ("GATEWAY__PORT", "TEMPORAL__PORT", "TEMPORAL__UI_PORT")}
    environment = {**os.environ, **ports}
    flow = folder / "flows" / "encomenda.yaml"
    flow.parent.mkdir(parents=True)
    blocks = [(found["kind"], found["text"]) for found in BLOCK.finditer(PAGE)]
    assert [kind for kind, _ in blocks if kind != "console"] == ["toml", "yaml", "yaml"]
    running: subprocess.Popen[bytes] | None = None
    said = 0
    try:
        for kind, text in blocks:
            if kind == "toml":
                (folder / "prosa.toml").write_text(text, encoding="utf-8")
            elif kind == "yaml" and not flow.exists():
                flow.write_text(text, encoding="utf-8")
            elif kind == "yaml":
                above = flow.read_text(encoding="utf-8").replace("  - id: bye", f"{text}  - id: bye")
                flow.write_text(above, encoding="utf-8")
            else:
                for typed in commands(text):
                    command = typed.command.replace(".venv/bin/prosa", str(SCRIPT)).replace("var/tutorial", str(folder))
                    if command.endswith(" &"):
                        running = start(command.removesuffix(" &"), tmp_path / "up.out", environment)
                        continue
                    if "PROTOCOL" in command:
                        command = command.replace("PROTOCOL", newest(folder, environment))
                    answer = run(command, environment)
                    assert in_order(typed.answers, answer), f"{typed.command}\n{answer}"
                    said += 1
    finally:
        if running is not None:
            running.send_signal(signal.SIGINT)
            running.wait(PATIENCE)
    assert said == sum(len(list(commands(text))) for kind, text in blocks if kind == "console") - 1


def start(command: str, log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    with log.open("w") as out:
        process = subprocess.Popen(command.split(), stdout=out, stderr=out, env=environment)
    deadline = time.monotonic() + PATIENCE
    while "Prosa is up" not in (written := log.read_text(encoding="utf-8")):
        assert process.poll() is None, written
        assert time.monotonic() < deadline, written
        time.sleep(0.1)
    return process


def run(command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def newest(folder: Path, environment: dict[str, str]) -> str:
    return json.loads(run(f"{SCRIPT} -C {folder} conversation list --format json", environment))[0]["protocol"]


def in_order(expected: list[str], answer: str) -> bool:
    """Whether the lines of *expected* stand in *answer*, one after the other."""
    rest = answer
    for line in expected:
        _, found, rest = rest.partition(line)
        if not found:
            return False
    return True


def test_every_page_that_it_names_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).resolve().is_file(), target
