"""The database, as commands open it."""

import getpass
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from journal.database import Database
from runtime.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Database]:
    """Give the database of *settings*, its version checked; DatabaseAwayError when it does not answer."""
    database = Database(settings.database_url)
    try:
        await database.check_version()
        yield database
    finally:
        await database.close()


def current_user() -> str:
    """Return the login of the person at the command line, who signs publications and terminations."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in containers
        return f"uid {os.getuid()}"
