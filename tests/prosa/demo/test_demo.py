import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from prosa.up.ports import free

SCRIPT = Path(sys.executable).parent / "prosa"
PATIENCE = 180
HELLO = """
spec: 1
flow: atendimento
cards:
  - {id: greet, card: send_message, text: "Olá e até logo"}
"""

pytestmark = pytest.mark.timeout(400)


def test_a_scripted_customer_gets_line_pix_and_pdf(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    done = prosa("demo", "--once", "--data", str(data))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert working_in(data) == []
    protocol = re.search(r"conversation (\d{8}-\d{6})", done.stdout)
    assert protocol is not None
    pdf = data / "received" / "boleto-5001.pdf"
    assert pdf.read_bytes().startswith(b"%PDF")
    for words in (
        "Segunda via de boleto",
        "529.982.247-24",
        "529.982.247-25",
        str(pdf),
        "23790.27804",
        "000201",
        "everything started",
        "first word of the bot",
        "ERP second_copy",
        "Everything worked",
    ):
        assert words in done.stdout, words
    shown = json.loads(prosa("-C", str(data), "conversation", "show", protocol[1], "--format", "json").stdout)
    assert (shown["stage"], shown["resolution"]) == ("ended", "resolved")
    assert [flow["flow"] for flow in shown["flows"]] == ["atendimento", "segunda_via", "identificacao", "pesquisa"]
    assert (shown["survey"], shown["score"]) == ("nps", 10)
    assert prosa("-C", str(data), "outbox", "unknown").stdout.startswith("✔")


def test_what_is_missing_is_said_with_the_ends_of_the_logs(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    (data / "flows").mkdir(parents=True)
    (data / "flows" / "atendimento.yaml").write_text(HELLO, encoding="utf-8")
    (data / "prosa.toml").write_text(
        'data = "."\n[flows]\ndirectory = "flows"\n[accounts.site]\nchannel = "webchat"\nflow = "atendimento"\n'
        '[connections.billing]\nerp = "demo"\nurl = "http://127.0.0.1:0"\ntoken = "t"\n',
        encoding="utf-8",
    )
    done = prosa("demo", "--once", "--data", str(data))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "expected a menu with the second copy of an invoice, found the end of the conversation" in done.stdout
    for name in ("temporal", "worker", "gateway"):
        assert f"{data}/logs/{name}.log" in done.stdout
    assert working_in(data) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind_when_it_is_ended_while_it_starts(number: signal.Signals, tmp_path: Path) -> None:
    data = tmp_path / "demo"
    process = subprocess.Popen([str(SCRIPT), "demo", "--once", "--data", str(data)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while "temporal" not in (line := process.stdout.readline()):
        assert line
    assert len(working_in(data)) > 1
    process.send_signal(number)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == (-number if number == signal.SIGKILL else 130)
    assert nobody_works_in(data)


@contextmanager
def up(data: Path) -> Generator[None]:
    """Runs `prosa demo` until the end of the block, and then ends it by Ctrl-C."""
    ports = {f"PROSA_{name}": str(free()) for name in ("GATEWAY__PORT", "TEMPORAL__PORT", "TEMPORAL__UI_PORT")}
    log = data.with_suffix(".out")
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(SCRIPT), "demo", "--data", str(data)], stdout=out, stderr=out, env={**os.environ, **ports}
        )
    try:
        wait_for(log, "Prosa is up")
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    assert process.returncode == 0, log.read_text(encoding="utf-8")
    assert "stopped" in log.read_text(encoding="utf-8")


def test_a_day_with_prosa(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    with up(data):
        at = ("-C", str(data))
        assert "/webchat/site" in data.with_suffix(".out").read_text(encoding="utf-8")

        talk = prosa(*at, "chat", "--new", "--name", "Ana", stdin="oi\n1\n529.982.247-25\n").stdout
        assert "bot: Olá, Ana!" in talk
        assert "you: Segunda via de boleto" in talk
        assert "boleto-5001.pdf" in talk
        assert "Posso ajudar com mais alguma coisa?" in talk

        [row] = json.loads(prosa(*at, "conversation", "list", "--format", "json").stdout)
        seen = prosa(*at, "conversation", "show", row["protocol"]).stdout
        assert re.search(r"now +waits for the contact at card 'anything_else'", seen)
        assert re.search(r"erp +billing.second_copy: ok", seen)
        history = prosa(*at, "conversation", "history", row["protocol"]).stdout
        for words in ("a message of the contact", "asks for", "erp: billing.second_copy", "does at once", "waits"):
            assert words in history
        assert f"/workflows/{row['workflow_id']}/" in history

        again = prosa(*at, "chat", stdin="não\n10\nFoi rápido\n").stdout
        assert "bot: Obrigado pela avaliação, Ana! 💙" in again
        assert "= 10" in prosa(*at, "conversation", "show", row["protocol"]).stdout
        assert "# the conversation has ended" in again
        done = prosa(*at, "conversation", "close", row["protocol"])
        assert done.returncode == 2
        assert "ended at" in done.stderr

        for command, resolution in (
            (["close", "--reason", "solved by phone"], "closed"),
            (["terminate", "--reason", "stuck"], "terminated"),
        ):
            prosa(*at, "chat", "--new", stdin="oi\n")
            [newest, *_] = json.loads(prosa(*at, "conversation", "list", "--format", "json").stdout)
            done = prosa(*at, "conversation", command[0], newest["protocol"], *command[1:])
            assert done.returncode == 0, done.stderr
            [newest, *_] = json.loads(prosa(*at, "conversation", "list", "--format", "json").stdout)
            assert (newest["stage"], newest["resolution"]) == ("ended", resolution)

        cancels_with_the_code_that_the_demo_shows(data)

        second = prosa(*at, "up")
        assert second.returncode == 2
        assert "port" in second.stderr or "another `prosa up`" in second.stderr

        log = data.with_suffix(".out")
        for name in ("workers", "gateway"):
            [pid] = [pid for pid, command in working_in(data) if command.endswith(f" {name}")]
            os.kill(pid, signal.SIGKILL)
        wait_for(log, "worker is back")
        wait_for(log, "gateway is back")
        assert "Como posso ajudar?" in prosa(*at, "chat", "--new", stdin="oi\n").stdout
    assert nobody_works_in(data)


def cancels_with_the_code_that_the_demo_shows(data: Path) -> None:
    """Carla's contract is not cancelled by a stranger's guess, and is by the code in her e-mail."""
    at = ("-C", str(data))
    talk = prosa(*at, "chat", "--new", stdin="oi\nquero cancelar\n987.654.321-00\n000000\n").stdout
    assert "enviei um código de 6 números para c•••@c•••.example" in talk
    assert "Esse código não confere" in talk
    shown = data.with_suffix(".out").read_text(encoding="utf-8")
    [code] = re.findall(r"cliente1003@correio.example · Seu código Rede Serrana: Seu código é (\d{6})", shown)
    assert code not in talk
    done = prosa(*at, "chat", stdin=f"{code}\noutro motivo\nsim\n").stdout
    assert "Confirma o cancelamento do plano Fibra 300 Mega?" in done
    assert "Cancelamento registrado, Carla" in done
    [newest, *_] = json.loads(prosa(*at, "conversation", "list", "--format", "json").stdout)
    told = " ".join(prosa(*at, "conversation", "show", newest["protocol"]).stdout.split())
    assert "proof of customer C-1003 of billing, by code: sent to c•••@c•••.example" in told
    assert "has proved to be customer C-1003 of billing, by code" in told


def test_up_publishes_says_what_differs_and_ends_on_sigterm(tmp_path: Path) -> None:
    ports = {f"PROSA_{name}": str(free()) for name in ("GATEWAY__PORT", "TEMPORAL__PORT", "TEMPORAL__UI_PORT")}
    root = Path(__file__).parents[3]
    shutil.copy(root / "prosa.toml", tmp_path)
    shutil.copytree(root / "flows" / "library", tmp_path / "flows")
    environment = {
        **os.environ,
        **ports,
        "PROSA_FLOWS__DIRECTORY": "flows",
        "PROSA_CONNECTIONS__BILLING__URL": f"http://127.0.0.1:{free()}",
    }
    file = tmp_path / "flows" / "atendimento.yaml"
    for expected in ("segunda_via 1 (", "atendimento differs from what is published"):
        log = tmp_path / "up.out"
        with log.open("w") as out:
            process = subprocess.Popen(
                [str(SCRIPT), "up", "--workers", "2"], stdout=out, stderr=out, env=environment, cwd=tmp_path
            )
        try:
            wait_for(log, "Prosa is up")
            assert expected in log.read_text(encoding="utf-8")
            assert "2 processes" in log.read_text(encoding="utf-8")
        finally:
            process.terminate()
            process.wait(PATIENCE)
        assert process.returncode == 0
        assert nobody_works_in(tmp_path)
        file.write_text(file.read_text(encoding="utf-8").replace("Como posso ajudar?", "Pois não?"), encoding="utf-8")


def prosa(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(SCRIPT), *arguments], input=stdin, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def working_in(folder: Path) -> list[tuple[int, str]]:
    """Returns the processes whose working directory is *folder*, with their commands."""
    found: list[tuple[int, str]] = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and (entry / "cwd").readlink() == folder:
                found.append(
                    (int(entry.name), (entry / "cmdline").read_text(encoding="utf-8").strip("\0").replace("\0", " "))
                )
        except OSError:
            continue
    return found


def nobody_works_in(folder: Path) -> bool:
    deadline = time.monotonic() + 20
    while working_in(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not working_in(folder)


def wait_for(log: Path, words: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while words not in (said := log.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
