"""What `prosa up` says there is to try."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from prosa import up
from prosa.plan import Plan
from runtime.sections import Account
from runtime.settings import Settings
from tests.prosa.conftest import Prosa


def test_commands_to_try_name_the_folder_that_was_given(
    prosa: Prosa, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def stay(*_: Any, folder: str, **__: Any) -> None:
        told.append(folder)

    monkeypatch.setattr(up, "stay", stay)
    assert prosa("-C", str(folder), "up").exit_code == 0
    assert prosa("up").exit_code == 0
    assert told == [str(folder), ""]


def test_every_page_that_one_may_open_is_named() -> None:
    settings = Settings(accounts={"site": Account(channel="webchat", flow="hello")})
    console = Console(width=120, file=StringIO())
    with console.capture() as shown:
        console.print(up.welcome(Plan(settings), "http://127.0.0.1:8080"))
    for page in ("/webchat/site", "/flows", "/reference"):
        assert f"http://127.0.0.1:8080{page} " in shown.get()
