import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import OperatorError
from prosa.up.programs import Program
from prosa.up.supervisor import Supervisor, Times, supervised
from tests.prosa.up import supervising

READY = """
import json, os, sys, time
print('hello')
print(json.dumps({'ready': True, 'pid': os.getpid()}), flush=True)
"""


def program(name: str, code: str, patience: float = 30) -> Program:
    return Program(name, (sys.executable, "-c", code), patience=patience)


def test_a_program_is_ready_when_it_says_so_and_what_it_prints_is_logged(tmp_path: Path) -> None:
    async def play() -> None:
        async with supervised(tmp_path, print) as supervisor:
            [said] = await supervisor.start(program("one", READY + "time.sleep(600)"))
            assert alive(said["pid"])
        assert not alive(said["pid"])

    asyncio.run(play())
    assert (tmp_path / "one.log").read_text(encoding="utf-8").startswith("hello\n")


def test_a_program_that_ends_before_it_is_ready_is_explained_with_its_log(tmp_path: Path) -> None:
    async def play() -> None:
        async with supervised(tmp_path, print) as supervisor:
            await supervisor.start(program("one", "import sys; sys.exit('the key is missing')"))

    with pytest.raises(
        OperatorError, match=r"expected one to be ready .* ended with status 1(?s:.)*the key is missing"
    ):
        asyncio.run(play())


def test_a_program_that_is_never_ready_is_given_up_and_ended(tmp_path: Path) -> None:
    async def play() -> None:
        async with supervised(tmp_path, print) as supervisor:
            code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
            await supervisor.start(program("one", code, patience=1))

    with pytest.raises(OperatorError, match="within 1 s, it still is not"):
        asyncio.run(play())
    assert not alive(int((tmp_path / "one.log").read_text(encoding="utf-8")))


def test_a_crashed_program_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    said: list[str] = []

    async def play() -> tuple[int, int]:
        async with supervised(tmp_path, said.append, times=Times(pauses=(0.05,))) as supervisor:
            [first] = await supervisor.start(program("one", READY + "time.sleep(600)"))
            os.kill(first["pid"], signal.SIGKILL)
            await until(lambda: any("is back" in line for line in said))
            return first["pid"], supervisor.pids[0]

    first, second = asyncio.run(play())
    assert first != second
    assert "one ended by SIGKILL; starting it again in 0.05 s" in said[0]
    assert not alive(second)


def test_a_program_that_keeps_crashing_is_started_again_for_ever(tmp_path: Path) -> None:
    times = Times(pauses=(0.01, 0.02), every=600)
    said, starts = asyncio.run(crashing(tmp_path, times, READY + "print('[broken]'); sys.exit(1)", starts=8))
    assert starts >= 8
    [line] = [line for line in said if "ended" in line]
    assert line.startswith("[yellow]one ended with status 1; starting it again in 0.01 s[/]\n")
    assert line.endswith("one.log ends with:\n  \\[broken][/]")  # escaped: rich would read it as a style


def test_a_program_that_keeps_crashing_is_said_every_so_often_with_the_count(tmp_path: Path) -> None:
    times = Times(pauses=(0.01, 0.02), every=0.3)
    said, starts = asyncio.run(crashing(tmp_path, times, READY + "print('broken'); sys.exit(1)", starts=3, reports=2))
    first, second, *_ = [line for line in said if "ended" in line]
    assert "in a row" not in first
    [count] = re.findall(r"one ended with status 1, failure (\d+) in a row; starting it again in 0.02 s", second)
    assert 1 < int(count) <= starts
    assert second.endswith("  broken[/]")


def test_a_failure_after_healthy_work_counts_as_the_first_again(tmp_path: Path) -> None:
    times = Times(pauses=(0.01, 600), healthy=0.2)
    code = READY + "time.sleep(0.4); raise SystemExit('tired')"
    said, starts = asyncio.run(crashing(tmp_path, times, code, starts=3))
    assert starts >= 3
    assert not any("in a row" in line for line in said)


def test_a_program_that_is_not_ready_at_the_start_is_named_and_tried_until_it_is(tmp_path: Path) -> None:
    said: list[str] = []
    mended = tmp_path / "mended"
    code = f"import os, sys; os.path.exists({str(mended)!r}) or sys.exit('the key is missing')\n"

    async def play() -> list[str]:
        async with supervised(tmp_path, said.append, times=Times(pauses=(0.01,))) as supervisor:
            names = await supervisor.attempt(
                program("one", code + READY + "time.sleep(600)"), program("two", READY + "time.sleep(600)")
            )
            await until(lambda: attempts(tmp_path / "one.log", "the key is missing") > 3)
            mended.touch()
            await until(lambda: any("one is back" in line for line in said))
            return names

    assert asyncio.run(play()) == ["one"]
    assert len(said) == 2
    assert "expected one to be ready within 30 s, it ended with status 1; starting it again in 0.01 s" in said[0]
    assert said[0].endswith("  the key is missing[/]")


def test_a_program_that_was_ready_once_and_hangs_at_its_restart_is_tried_again(tmp_path: Path) -> None:
    said: list[str] = []
    starts = tmp_path / "starts"
    code = (
        f"open({str(starts)!r}, 'a').write('x'); life = len(open({str(starts)!r}).read())\n"
        "import time\nif life == 2: time.sleep(600)\n" + READY + "time.sleep(0.2 if life == 1 else 600)"
    )

    async def play() -> None:
        async with supervised(tmp_path, said.append, times=Times(pauses=(0.01,), every=0)) as supervisor:
            await supervisor.start(program("one", code, patience=4))
            await until(lambda: any("is back" in line for line in said))

    asyncio.run(play())
    assert ["it still is not" in line for line in said] == [False, True, False]


def test_programs_are_stopped_the_youngest_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = (
        "import signal, sys\n"
        "def leave(*_):\n    open({path!r}, 'a').write('{name} ')\n    sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n" + READY + "time.sleep(600)"
    )

    async def play() -> None:
        async with supervised(tmp_path, print) as supervisor:
            for name in ("first", "second", "third"):
                await supervisor.start(
                    program(name, code.replace("{path!r}", repr(str(order))).replace("{name}", name))
                )

    asyncio.run(play())
    assert order.read_text(encoding="utf-8").split() == ["third", "second", "first"]


def test_a_program_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    async def play() -> list[int]:
        supervisor = Supervisor(tmp_path, print, Times(grace=0.2))
        [said] = await supervisor.start(program("stubborn", supervising.STUBBORN))
        await supervisor.stop()
        return [said["pid"], said["child"]]

    for pid in asyncio.run(play()):
        assert gone(pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_behind_however_the_supervisor_ends(number: signal.Signals, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, supervising.__file__, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert process.stdout is not None
    pids = json.loads(process.stdout.readline())
    assert len(pids["pids"]) == 3
    assert all(alive(pid) for pid in pids["pids"])
    try:
        process.send_signal(number)
        rest, _ = process.communicate(timeout=60)
        ended = [pid for pid in pids["pids"] if gone(pid)]
        grandchild_ended = number == signal.SIGKILL or gone(pids["grandchild"])
    finally:
        for pid in [*pids["pids"], pids["grandchild"]]:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
    assert ended == pids["pids"]
    assert grandchild_ended  # the kernel kills our children, not theirs; Prosa's programs have none
    if number != signal.SIGKILL:
        assert (process.returncode, rest) == (0, "stopped\n")


def alive(pid: int) -> bool:
    """Says whether a process runs; one that has ended and is not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    """Gives a process that was killed the time to go."""
    deadline = time.monotonic() + 20
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


async def crashing(logs: Path, times: Times, code: str, *, starts: int, reports: int = 1) -> tuple[list[str], int]:
    """Lets a program run *code* at least *starts* times, until so many *reports*; returns what was said, and starts."""
    said: list[str] = []
    log = logs / "one.log"
    async with supervised(logs, said.append, times=times) as supervisor:
        await supervisor.start(program("one", code))
        await until(lambda: attempts(log, "hello") >= starts and sum("ended" in line for line in said) >= reports)
        return list(said), attempts(log, "hello")


def attempts(log: Path, words: str) -> int:
    return log.read_text(encoding="utf-8").count(words) if log.exists() else 0


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 the condition is a list that grows
            await asyncio.sleep(0.02)
