import asyncio
import threading
from pathlib import Path

import pytest

from journal import transcript
from journal.database import Database, upgrade
from runtime.shielded import shielded


async def test_a_cancellation_waits_for_the_end_of_the_work() -> None:
    done: list[str] = []

    @shielded
    async def work() -> str:
        await asyncio.sleep(0.05)
        done.append("work")
        return "result"

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0.01)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["work"]
    assert await work() == "result"


async def test_what_work_raises_is_raised() -> None:
    @shielded
    async def work() -> None:
        await asyncio.sleep(0)
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        await work()


async def test_a_limit_on_the_time_still_holds_afterwards() -> None:
    @shielded
    async def work() -> None:
        await asyncio.sleep(0.05)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await work()


def test_cancelled_transactions_leave_no_thread_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/prosa.db"
    upgrade(url)
    before = set(threading.enumerate())

    async def cancel(seconds: float) -> None:
        database = Database(url)

        @shielded
        async def read() -> None:
            async with database.read() as c:
                await transcript.newest(c)

        async def poll() -> None:
            while True:
                await read()

        tasks = [asyncio.create_task(poll()) for _ in range(3)]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await database.close()

    for number in range(15):
        asyncio.run(cancel(number / 1_000))
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=20)
    assert set(threading.enumerate()) <= before
