"""End a visitor's session of the web chat from outside: their pages and links are good no longer."""

from datetime import UTC, datetime

from channels.base import channels
from channels.webchat import Webchat
from domain.errors import OperatorError
from journal import audit, sessions
from runtime.settings import Settings
from usecases import store
from usecases.conversations import by_name


async def end(settings: Settings, name: str, reason: str, by: str = "") -> str:
    """End the session in which the conversation *name* is held; return the outcome in words.

    OperatorError when its channel has none. The conversation itself goes on, or ends, by its flow.
    """
    row = await by_name(settings, name)
    if row.channel != channels.name_of(Webchat):
        raise OperatorError(f"conversation {row.protocol} has no session: its channel is {row.channel!r}")
    by, now = by or store.current_user(), datetime.now(UTC)
    async with store.opened(settings) as database, database.write() as c:
        if not await sessions.end(c, row.account, row.address, by, now):
            return f"the session of {row.protocol} had been ended before"
        await audit.append(
            c, by=by, action="session end", subject=row.protocol, reason=reason, now=now, data={"account": row.account}
        )
    return f"the session of {row.protocol} has ended: its pages notice within seconds, its links lead nowhere"
