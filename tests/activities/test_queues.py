import pytest
from temporalio.testing import ActivityEnvironment

from activities.queues import Queues
from domain.effect import FindQueue
from domain.errors import SettingsError, UnknownNameError
from domain.people import Queue
from runtime.sections import QueueSection, WebhookReceiver
from runtime.settings import Settings


async def test_a_queue_is_found_as_the_settings_have_it() -> None:
    support = QueueSection(title="Suporte", calendar="", webhook="team")
    team = WebhookReceiver(url="https://team.example", secret="secret://team")
    known = Settings(queues={"support": support}, webhooks={"team": team}).known_queues
    find = Queues(known).find_queue
    found = await ActivityEnvironment().run(find, FindQueue(queue="support"))
    assert found == Queue(title="Suporte", calendar="", webhook="team")
    assert await ActivityEnvironment().run(find, FindQueue(queue="main")) == Queue(calendar="main")


async def test_a_queue_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownNameError, match="'sales' is not one of the queues: main"):
        await ActivityEnvironment().run(Queues(Settings().known_queues).find_queue, FindQueue(queue="sales"))


@pytest.mark.parametrize("wrong", [QueueSection(calendar="night"), QueueSection(webhook="team")])
def test_a_queue_names_only_what_is_there(wrong: QueueSection) -> None:
    with pytest.raises(SettingsError, match=r"queues\.support\.(calendar|webhook): expected one of (main|none)"):
        assert Settings(queues={"support": wrong}).known_queues
