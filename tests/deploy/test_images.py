"""The images: a Docker engine builds and starts them as docs/production.md says. `engine.sh` makes one."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest

from prosa.up.ports import free
from tests.deploy.compose import ROOT, composed, dockerfile

DEMO_ERP: Final = """
services:
  erp:
    image: prosa:0.1.0
    command: [python, -P, -m, emulators.erps.demo, --host, 0.0.0.0, --port, "8090", --database, /tmp/erp.db]
"""
TALK: Final = (("oi", "Como posso ajudar?"), ("1", "CPF"), ("529.982.247-25", "Prontinho, Ana!"))
CONTACT: Final = """
import httpx, sys

with httpx.Client(base_url="http://127.0.0.1:8080", timeout=60) as client:
    token = client.post("/webchat/site/sessions", json={}).json()["token"]
    client.headers["authorization"] = f"Bearer {token}"
    with client.stream("GET", "/webchat/site/events") as stream:
        lines = stream.iter_lines()
        for number in range(1, len(sys.argv), 2):
            said, answer = sys.argv[number : number + 2]
            told = {"id": f"m{number}", "text": said}
            client.post("/webhooks/webchat/site", json=told).raise_for_status()
            while answer not in next(lines):
                pass
"""


class Composition:
    """docker-compose.yml and a demo ERP, under a name of its own."""

    def __init__(self, program: list[str], folder: Path) -> None:
        self._program = program
        settings = (ROOT / "prosa.toml").read_text(encoding="utf-8").replace("127.0.0.1:8090", "erp:8090")
        (folder / "prosa.toml").write_text(settings, encoding="utf-8")
        (folder / "erp.yml").write_text(DEMO_ERP, encoding="utf-8")
        (folder / "secrets").mkdir()
        (folder / "secrets" / "demo_erp").write_text("demo-token", encoding="utf-8")
        for entry in (folder, *folder.rglob("*")):  # who reads them in a container is another user
            entry.chmod(0o755 if entry.is_dir() else 0o644)
        self._environment = {
            **os.environ,
            "COMPOSE_FILE": f"{ROOT / 'docker-compose.yml'}{os.pathsep}{folder / 'erp.yml'}",
            "COMPOSE_PROJECT_NAME": f"prosa-test-{os.getpid()}",
            "POSTGRES_PASSWORD": "hush",
            "PROSA_SETTINGS": str(folder / "prosa.toml"),
            "PROSA_SECRETS": str(folder / "secrets"),
            "PROSA_BIND": f"127.0.0.1:{free()}",
        }

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._program, *words],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )

    def do(self, *words: str) -> str:
        ran = self.ask(*words)
        assert ran.returncode == 0, f"{' '.join(words)}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def containers(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = [json.loads(line) for line in self.do("ps", "-a", "--format=json").splitlines()]
        return sorted(listed, key=lambda container: container["Name"])


@pytest.fixture
def composition(tmp_path: Path) -> Generator[Composition]:
    found = shutil.which("docker-compose")
    program = [found] if found else ["docker", "compose"]
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker engine answers")
    one = Composition(program, tmp_path)
    yield one
    one.do("down", "--volumes")


def first_start() -> list[list[str]]:
    """Return the commands of docs/production.md, each without `docker compose`."""
    page = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    chapter = page.partition("## First start")[2].partition("\n## ")[0]
    return [line.split() for line in re.findall(r"^docker compose ([^#\n]*)", chapter, re.MULTILINE)]


def test_every_image_of_others_has_a_stand_in() -> None:
    services = composed({"POSTGRES_PASSWORD": "hush"})["services"].values()
    images = {service["image"] for service in services if "build" not in service}
    images |= {rest.partition("=")[2] for word, rest in dockerfile() if word == "ARG"}
    script = (ROOT / "tests" / "deploy" / "engine.sh").read_text(encoding="utf-8")
    assert set(re.findall(r"^ +stand_in (\S+)", script, re.MULTILINE)) == {image.rpartition(":")[0] for image in images}


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_first_start_of_the_page_answers_a_contact_and_ends_when_told(composition: Composition) -> None:
    *steps, doctor = first_start()
    for words in steps:
        composition.do(*words)
    composition.do("up", "--detach", "--wait", "--no-recreate", "--scale=worker=3", "worker", "gateway", "erp")
    composition.do("exec", "-T", "gateway", "python", "-c", CONTACT, *(word for said in TALK for word in said))
    assert "nothing is in trouble" in composition.do(*doctor)

    for service in ("gateway", "worker"):
        assert composition.do("exec", "-T", service, "id", "-u").strip() == "10001"
        for folder in ("/venv", "/prosa", "/etc"):
            assert composition.ask("exec", "-T", service, "touch", f"{folder}/mine").returncode != 0

    composition.do("stop", "gateway", "worker")
    ended = [one for one in composition.containers() if one["Service"] in {"gateway", "worker"}]
    assert [(one["Name"].split("-", 3)[3], one["State"], one["ExitCode"]) for one in ended] == [
        ("gateway-1", "exited", 0),
        *((f"worker-{number}", "exited", 0) for number in (1, 2, 3)),
    ]
