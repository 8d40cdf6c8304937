import asyncio
import sys
from pathlib import Path

import pytest

from prosa.up.log_rotation import Rotation, rotate
from prosa.up.programs import Program
from prosa.up.supervisor import supervised

SMALL = Rotation(size=1_000, kept=2, every=0.05)
CHATTY = """
import json, sys, time
print(json.dumps({'ready': True}), flush=True)
for number in range(10_000):
    sys.stderr.write(f'line {number}\\n' * 10)
    time.sleep(0.001)
"""


def numbers(log: Path) -> list[int]:
    return [int(line.split()[1]) for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_full_log_is_moved_aside_and_the_oldest_goes(tmp_path: Path) -> None:
    log = tmp_path / "gateway.log"
    for first in (1_000, 2_000, 3_000, 4_000):
        with log.open("a", encoding="utf-8") as written:
            written.writelines(f"line {first + number}\n" for number in range(110))
        rotate(log, SMALL)
    assert log.read_text(encoding="utf-8") == ""
    assert [numbers(tmp_path / f"gateway.log.{number}")[-1] for number in (1, 2)] == [4_109, 3_109]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gateway.log", "gateway.log.1", "gateway.log.2"]


def test_of_a_log_that_grew_too_fast_the_end_is_kept_in_whole_lines(tmp_path: Path) -> None:
    log = tmp_path / "gateway.log"
    log.write_text("".join(f"line {number}\n" for number in range(100_000)), encoding="utf-8")
    rotate(log, SMALL)
    kept = tmp_path / "gateway.log.1"
    assert kept.stat().st_size <= SMALL.size
    assert numbers(kept)[-1] == 99_999


def test_a_log_that_is_not_full_stays(tmp_path: Path) -> None:
    log = tmp_path / "gateway.log"
    log.write_text("line 1\n", encoding="utf-8")
    rotate(log, SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["gateway.log"]


def test_a_full_disk_empties_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    log = tmp_path / "gateway.log"
    log.write_bytes(b"x" * 5_000)
    rotate(log, SMALL)
    assert log.stat().st_size == 0


def test_what_a_running_program_writes_is_rotated(tmp_path: Path) -> None:
    async def play() -> None:
        async with supervised(tmp_path, print, rotation=SMALL) as supervisor:
            await supervisor.start(Program("chatty", (sys.executable, "-c", CHATTY)))
            async with asyncio.timeout(30):
                while not (tmp_path / "chatty.log.2").exists():  # noqa: ASYNC110 what it waits for is a file
                    await asyncio.sleep(0.02)

    asyncio.run(play())
    assert (tmp_path / "chatty.log.1").stat().st_size < 2 * SMALL.size  # it was written to while it was copied
    assert numbers(tmp_path / "chatty.log.1")[-1] > 0
