"""Write an agent's or operator's action into the audit, before it is done."""

from datetime import UTC, datetime

from pydantic import JsonValue

from journal import audit
from runtime.settings import Settings
from usecases import store


async def note(settings: Settings, action: str, subject: str, *, by: str, reason: str, **data: JsonValue) -> None:
    """Add an entry to the audit in a transaction of its own: for acts outside of the database."""
    async with store.opened(settings) as database, database.write() as c:
        await audit.append(c, by=by, action=action, subject=subject, reason=reason, now=datetime.now(UTC), data=data)
