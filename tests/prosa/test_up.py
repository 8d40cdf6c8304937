"""What `prosa up` says there is to try."""

from pathlib import Path
from typing import Any

import pytest

from prosa import up
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
