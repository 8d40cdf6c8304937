"""An operator ends a visitor's session of the web chat."""

from pathlib import Path

import pytest

from domain.errors import OperatorError
from journal import audit, conversations, inbox, sessions, turn
from journal.database import Database, upgrade
from runtime.settings import Settings
from tests.journal.factory import ADDRESS, LEASE, NOW, first_turn, inbox_item
from usecases import sessions as usecase


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(data=tmp_path)
    upgrade(found.database_url)
    return found


async def conversation(settings: Settings, channel: str) -> str:
    database = Database(settings.database_url)
    try:
        async with database.write() as c:
            await inbox.receive(c, inbox_item(1, channel=channel), owner="a", lease=LEASE, now=NOW)
            await turn.commit(c, first_turn(1, channel=channel), NOW)
        async with database.read() as c:
            [row] = await conversations.find(c)
            return row.protocol
    finally:
        await database.close()


async def test_an_operator_ends_a_session_once_and_the_audit_says_so(settings: Settings) -> None:
    protocol = await conversation(settings, "webchat")
    assert "has ended" in await usecase.end(settings, protocol, "lost phone", "bia")
    assert "had been ended before" in await usecase.end(settings, protocol, "again", "bia")
    database = Database(settings.database_url)
    async with database.read() as c:
        row = await conversations.get(c, protocol)
        assert await sessions.is_ended(c, row.account, ADDRESS)
        [entry] = await audit.entries(c)
    await database.close()
    assert (entry.by, entry.action, entry.subject, entry.reason) == ("bia", "session end", protocol, "lost phone")


async def test_a_channel_without_sessions_has_none_to_end(settings: Settings) -> None:
    protocol = await conversation(settings, "whatsapp")
    with pytest.raises(OperatorError, match="its channel is 'whatsapp'"):
        await usecase.end(settings, protocol, "", "bia")
