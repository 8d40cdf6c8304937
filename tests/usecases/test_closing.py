"""A conversation that ended, and whose workflow cannot go on, on Temporal itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import OperatorError
from journal import diagnosis, inbox
from journal.conversations import ConversationRow
from runtime.polling import poll
from runtime.temporal_section import TemporalSection
from tests.interpreter.world import flow
from tests.workflows.line import Line, line
from usecases.closing import terminate
from usecases.doctor import open_ones
from usecases.doctor.open_ones import Seen
from workflows.conversation import ConversationWorkflow

BYE = flow('  - {id: bye, card: send_message, text: "Até logo", next: end}')


async def _seen(opened: Line, minutes: int = 0) -> list[Seen]:
    async with opened.database.read() as c:
        rows = await diagnosis.unheard_since_end(c, datetime.now(UTC) - timedelta(minutes=minutes), 9)
    return await open_ones.see(opened.client, rows)


async def _stuck(opened: Line) -> ConversationRow:
    """Let a conversation end, say something, and wait until its workflow has failed to go on three times."""

    async def stuck() -> ConversationRow | None:
        seen = await _seen(opened)
        return seen[0].row if open_ones.look_at_ended(seen) else None

    await opened.say("oi")
    await opened.until(lambda said: len(said) == 1)
    message = await opened.receive("de novo")
    await opened.forward(message)
    async with opened.database.write() as c:
        now = datetime.now(UTC)
        await inbox.forwarded(c, {message.message_id: now + timedelta(hours=1)}, now=now)
    row = await poll(stuck, seconds=60, pause=0.2)
    assert row is not None
    return row


async def test_one_that_is_stuck_after_its_end_is_named_and_freed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with line(tmp_path, {"main": BYE}, skip_time=False) as opened:
        address = opened.client.service_client.config.target_host
        settings = opened.settings.model_copy(update={"temporal": TemporalSection(address=address)})

        async def refuse(*_: object) -> None:
            raise RuntimeError("too large")

        monkeypatch.setattr(ConversationWorkflow, "resume", refuse)
        row = await _stuck(opened)
        (found,) = open_ones.look_at_ended(await _seen(opened))
        assert f"1 conversation stuck after the end ({row.protocol}): too large" in found.what
        assert f"`prosa conversation terminate {row.protocol} --reason stuck` frees one" in found.mend[0]
        assert await _seen(opened, minutes=1) == [], "what has just come may yet be read"

        monkeypatch.undo()
        freed = await terminate(settings, row.protocol, "stuck", "ana")
        assert freed.startswith(f"{row.protocol} had ended, and its stuck workflow now has, too")
        assert not any(one.work for one in await _seen(opened))
        with pytest.raises(OperatorError, match="ended at"):
            await terminate(settings, row.protocol, "again", "ana")

        async with opened.database.write() as c:
            told = await inbox.claim(
                c,
                row.workflow_id,
                owner="relay",
                lease=timedelta(seconds=5),
                now=datetime.now(UTC) + timedelta(hours=2),
            )
        assert told is not None
        await opened.forward(told.payload)
        await opened.quiet()
        assert await opened.said() == ["Até logo", "Até logo"]
