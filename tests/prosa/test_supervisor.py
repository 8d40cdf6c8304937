import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import OperatorError
from prosa.programs import Program
from prosa.supervisor import Supervisor, supervised
from tests.prosa import supervising

READY = "import json, os, time; print('hello'); print(json.dumps({'ready': True, 'pid': os.getpid()}), flush=True); "


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
        async with supervised(tmp_path, said.append, pauses=(0.05,)) as supervisor:
            [first] = await supervisor.start(program("one", READY + "time.sleep(600)"))
            os.kill(first["pid"], signal.SIGKILL)
            await until(lambda: any("is back" in line for line in said))
            return first["pid"], supervisor.pids[0]

    first, second = asyncio.run(play())
    assert first != second
    assert "one ended by SIGKILL; starting it again in 0.05 s (1 of 1)" in said[0]
    assert not alive(second)


def test_a_program_that_keeps_crashing_is_given_up(tmp_path: Path) -> None:
    said: list[str] = []

    async def play() -> None:
        async with supervised(tmp_path, said.append, pauses=(0.01, 0.02)) as supervisor:
            await supervisor.start(program("one", READY + "raise SystemExit('broken')"))
            await asyncio.wait_for(supervisor.watch(), 60)

    with pytest.raises(OperatorError, match=r"one ended 3 times in a row, the last time with status 1(?s:.)*broken"):
        asyncio.run(play())
    assert len([line for line in said if "starting it again" in line]) == 2


def test_programs_are_stopped_the_youngest_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = (
        "import signal, sys\n"
        "def leave(*_):\n    open({path!r}, 'a').write('{name} ')\n    sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n" + READY.replace("; ", "\n") + "time.sleep(600)"
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
        supervisor = Supervisor(tmp_path, print, grace=0.2)
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


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 the condition is a list that grows
            await asyncio.sleep(0.02)
