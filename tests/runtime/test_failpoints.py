import ast
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.failpoints import NAMES, STOPS

ROOT = Path(__file__).parent.parent.parent
WALK = """
from runtime.failpoints import reach
for number in range(1, 6):
    print("before_send", number, flush=True)
    reach("before_send")
    print("after_ack", number, flush=True)
    reach("after_ack")
"""


def walk(plan: str | None, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    """Return how a process that passes two places five times each ended, and where it came."""
    monkeypatch.delenv("PROSA_FAILPOINTS", raising=False)
    if plan is not None:
        monkeypatch.setenv("PROSA_FAILPOINTS", plan)
    ran = subprocess.run([sys.executable, "-c", WALK], capture_output=True, text=True, check=False, timeout=60)
    return ran.returncode, ran.stdout.splitlines()


@pytest.mark.parametrize(
    ("plan", "last"),
    [
        ("before_send@1", "before_send 1"),
        ("before_send@3", "before_send 3"),
        ("after_ack@3", "after_ack 3"),
        ("after_ack@5,before_send@2", "before_send 2"),
        ("before_task_complete@1,after_ack@4", "after_ack 4"),
    ],
)
def test_a_process_is_killed_exactly_at_the_arrival_that_the_plan_names(
    plan: str, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, came = walk(plan, monkeypatch)
    assert ended == -signal.SIGKILL
    assert came[-1] == last


@pytest.mark.parametrize("plan", [None, "", "before_send@6", "before_send@33", "before_sen@1", "before_send"])
def test_a_plan_that_names_no_arrival_kills_nobody(plan: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    ended, came = walk(plan, monkeypatch)
    assert ended == 0
    assert len(came) == 10


def test_every_place_is_reached_somewhere_and_has_its_name_in_the_list() -> None:
    reached: set[str] = set()
    for package in ("activities", "gateway", "runtime", "workers"):
        for file in (ROOT / package).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="reach"), args=[ast.Constant(value=str(name))]):
                        reached.add(name)
                    case _:
                        pass
    assert reached == {*NAMES, *STOPS}
