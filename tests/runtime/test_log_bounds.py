from typing import Any

import pytest

from runtime import log_bounds
from runtime.log_bounds import LINE, after_masking, before_masking
from runtime.logging import mask
from runtime.shown import json_text


def written(**event: Any) -> str:
    """Return what *event* becomes, masked as a log masks it."""
    cut = before_masking(None, "info", event)
    masked = {key: mask(value) if isinstance(value, str) else value for key, value in cut.items()}
    return json_text(after_masking(None, "info", masked))


@pytest.mark.parametrize(
    "event",
    [
        {"reason": "x" * 1_000_000},
        {"reason": "\x1b\u202e" * 500, "error": "\x00" * 900},
        {"found": [{"a": "é" * 50}] * 1_000},
        {f"k{number}": "y" * 100 for number in range(12)},
    ],
)
def test_a_line_is_never_longer_than_its_limit(event: dict[str, Any]) -> None:
    assert len(f"{written(event='refused', **event)}\n".encode()) <= LINE


def test_a_short_line_is_left_as_it_is() -> None:
    assert written(event="refused", items=3, ok=None) == '{"event":"refused","items":3,"ok":null}'


@pytest.mark.parametrize("before", range(1_900, 2_001, 3))
def test_a_cut_through_personal_data_shows_nothing_of_it(before: int) -> None:
    said = written(event="refused", reason=f"{'-' * before}52998224725 ana.maria.souza@correio.com.br")
    assert "5299" not in said
    assert "ana" not in said


def test_a_traceback_keeps_its_end() -> None:
    said = before_masking(None, "error", {"exception": "x" * 100_000 + "ValueError: the end"})
    assert said["exception"].endswith("ValueError: the end")
    assert len(said["exception"]) < 20_000
    assert {"exception"} <= log_bounds.TRACEBACKS
