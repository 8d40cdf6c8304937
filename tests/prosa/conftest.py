from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from prosa.commands import app

SETTINGS = """
data = "data"

[accounts.site]
channel = "webchat"
flow = "hello"

[flows]
directory = "flows"

[connections.billing]
erp = "demo"
url = "http://127.0.0.1:0"
token = "secret://demo_erp"
"""

HELLO = """
spec: 1
flow: hello
title: Hello
cards:
  - {id: greet, card: send_message, text: "Olá"}
  - {id: ask, card: run_flow, flow: color}
"""

COLOR = """
spec: 1
flow: color
variables:
  chosen: {type: text}
cards:
  - id: ask
    card: ask_question
    text: "Cor?"
    answer: text
    save_as: chosen
    timeout: 5m
    exits: {invalid: end, no_answer: end}
"""

Prosa = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: settings, two flows, nothing in the database."""
    (tmp_path / "prosa.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "hello.yaml").write_text(HELLO, encoding="utf-8")
    (tmp_path / "flows" / "color.yaml").write_text(COLOR, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def prosa(folder: Path) -> Prosa:
    """Runs the command line in this process."""

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run
