from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.queues import Queues
from domain.effect import FindPlace, FindQueue
from domain.errors import SettingsError, UnknownNameError
from domain.limits import LIMITS
from domain.people import Place, Queue
from journal.database import Database
from runtime.sections import QueueSection, WebhookReceiver
from runtime.settings import Settings
from tests.journal.factory import begin, handed, joined, later


async def test_a_queue_is_found_as_the_settings_have_it(database: Database) -> None:
    support = QueueSection(title="Suporte", calendar="", webhook="team")
    team = WebhookReceiver(url="https://team.example", secret="secret://team")
    known = Settings(queues={"support": support}, webhooks={"team": team}).known_queues
    find = Queues(known, database).find_queue
    found = await ActivityEnvironment().run(find, FindQueue(queue="support"))
    assert found == Queue(title="Suporte", calendar="", webhook="team")
    assert await ActivityEnvironment().run(find, FindQueue(queue="main")) == Queue(calendar="main")


async def test_a_queue_that_is_not_there_is_named_with_those_that_are(database: Database) -> None:
    queues = Queues(Settings().known_queues, database)
    with pytest.raises(UnknownNameError, match="'sales' is not one of the queues: main"):
        await ActivityEnvironment().run(queues.find_queue, FindQueue(queue="sales"))


async def test_a_place_in_a_queue_follows_from_who_waits_there_and_who_waited_lately(database: Database) -> None:
    for number in range(LIMITS.waits_needed):
        await begin(database, number, handed(0), joined(8 * 60))
    queues = Queues(Settings().known_queues, database)
    asked = FindPlace(queue="main", priority="normal", since=later(600), at=later(600))

    async def place(**changes: object) -> Place:
        return await ActivityEnvironment().run(queues.find_place, asked.model_copy(update=changes))

    assert await place() == Place(position=1, estimate=timedelta(minutes=10))
    await begin(database, 100, handed(500))
    assert await place() == Place(position=2, estimate=timedelta(minutes=10))
    assert await place(at=later(600 + 4 * 60)) == Place(position=2, estimate=timedelta(minutes=5))
    assert await place(at=later(600 + 7 * 60)) == Place(position=2)
    assert await place(since=later(20_000), at=later(20_000)) == Place(position=2)
    assert await place(queue="sales") == Place()


@pytest.mark.parametrize(
    "wrong", [QueueSection(calendar="night"), QueueSection(webhook="team"), QueueSection(email="team")]
)
def test_a_queue_names_only_what_is_there(wrong: QueueSection) -> None:
    with pytest.raises(SettingsError, match=r"queues\.support\.(calendar|webhook|email): expected one of (main|none)"):
        assert Settings(queues={"support": wrong}).known_queues
