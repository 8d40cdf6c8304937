"""Odd, forged and slow requests: no 5xx, no slow answer, no right message lost, one short log line each at most.

`FUZZ_SEED=588855 make test ARGS=tests/fuzz` sends those of an earlier run again.
"""

import sys
from pathlib import Path
from uuid import uuid4

import pytest

from tests.fuzz.findings import Findings
from tests.fuzz.run import SMALL, WHOLE, run, seed
from tests.fuzz.target import target
from tests.journal.conftest import create, postgres

__all__ = ["postgres"]


@pytest.mark.timeout(120)
async def test_some_attacks_get_nothing_through(tmp_path: Path) -> None:
    async with target(tmp_path) as gateway:
        _holds(await run(gateway, seed(), SMALL))


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
async def test_no_attack_gets_anything_through(tmp_path: Path, backend: str, request: pytest.FixtureRequest) -> None:
    url = create(request.getfixturevalue("postgres"), f"fuzz_{uuid4().hex}") if backend == "postgresql" else ""
    async with target(tmp_path, url) as gateway:
        _holds(await run(gateway, seed(), WHOLE))


def _holds(found: Findings) -> None:
    sys.stdout.write(f"{found}\n")
    if any(found.mistakes.values()):
        pytest.fail(str(found), pytrace=False)
