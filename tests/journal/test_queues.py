"""Who waits before whom, and how long others have waited."""

from datetime import timedelta

from domain.conversation import Priority
from journal import queues
from journal.database import Database
from tests.journal.factory import Happening, begin, handed, joined, later


def urgent(at: float, priority: Priority) -> Happening:
    return at, "priority_set", {"priority": priority}


def left(at: float) -> Happening:
    return at, "exit_taken", {"exit": "resolved", "target": "end"}


async def test_the_more_urgent_go_first_then_who_has_waited_longer(db: Database) -> None:
    await begin(db, 1, handed(10))
    await begin(db, 2, urgent(19, "high"), handed(20, priority="high"))
    await begin(db, 3, urgent(29, "low"), handed(5, priority="low"))
    await begin(db, 4, handed(1, queue="support"))
    await begin(db, 5, handed(1), joined(2))
    await begin(db, 6, handed(1), left(2))
    await begin(db, 7)

    async with db.read() as c:
        at_30 = [await queues.ahead(c, "main", priority, later(30)) for priority in ("low", "normal", "high", "urgent")]
        assert at_30 == [(3, later(5)), (2, later(10)), (1, later(20)), (0, None)]
        assert await queues.ahead(c, "main", "normal", later(10)) == (1, later(20))
        assert await queues.ahead(c, "main", "high", later(20)) == (0, None)
        assert await queues.ahead(c, "support", "normal", later(30)) == (1, later(1))


async def test_waits_are_those_of_the_queue_that_are_over_since_then_the_newest_first(db: Database) -> None:
    await begin(db, 1, handed(0), joined(60))
    await begin(db, 2, handed(0), left(10), handed(100), joined(130), left(140), handed(150), joined(155))
    await begin(db, 3, handed(0, queue="support"), joined(70))
    await begin(db, 4, handed(0))
    await begin(db, 5, handed(80, priority="urgent"), joined(81))

    async def waits(priority: Priority = "normal", after: float = 0, limit: int = 9) -> list[float]:
        async with db.read() as c:
            found = await queues.waits(c, "main", priority, later(after), limit)
        return [wait / timedelta(seconds=1) for wait in found]

    assert await waits() == [5, 30, 60]
    assert await waits("urgent") == [5, 30, 1, 60]
    assert await waits("low") == []
    assert await waits(after=60) == [5, 30]
    assert await waits(limit=1) == [5]
