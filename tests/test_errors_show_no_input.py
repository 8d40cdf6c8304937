"""What did not fit is not in the text of the error: histories, logs and pages keep errors."""

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.conversation import Frame

ROOT = Path(__file__).parents[1]
FOREIGN = ("tests", "emulators", "bench", "docs")
OURS = sorted(file.parent.name for file in ROOT.glob("*/__init__.py") if file.parent.name not in FOREIGN)


def models() -> set[type[BaseModel]]:
    for package in OURS:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not module.name.endswith("__main__") and ".migrations" not in module.name:
                importlib.import_module(module.name)
    found: set[type[BaseModel]] = set()
    ahead: list[type[BaseModel]] = [BaseModel]
    while ahead:
        for one in ahead.pop().__subclasses__():
            if one not in found:
                found.add(one)
                ahead.append(one)
    return {one for one in found if one.__module__.partition(".")[0] in OURS}


def test_no_model_of_ours_shows_in_its_errors_what_it_was_given() -> None:
    found = models()
    assert len(found) > 200
    assert [str(one) for one in found if not one.model_config.get("hide_input_in_errors")] == []


async def test_what_temporal_cannot_read_for_us_is_not_shown_either() -> None:
    payloads: Any = await pydantic_data_converter.encode([{"flow": ["kanarienvogel7"], "version": "1"}])
    with pytest.raises(Exception, match="flow") as error:
        await pydantic_data_converter.decode(payloads, [Frame])
    assert "kanarienvogel7" not in f"{error.value} {error.value.__cause__}"
