"""The database, as commands open it."""

import getpass
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from domain.errors import OperatorError
from journal.database import Database
from runtime.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Database]:
    """Give the database of *settings*, its version checked; OperatorError when it does not answer."""
    database = Database(settings.database_url)
    try:
        await database.check_version()
        yield database
    except DBAPIError as error:
        raise away(settings, error) from error
    finally:
        await database.close()


def away(settings: Settings, error: DBAPIError) -> OperatorError:
    """Return the error that names the database, without its password, and what it said."""
    where = make_url(settings.database_url).render_as_string(hide_password=True)
    said = str(error.orig).strip().splitlines()
    return OperatorError(f"the database {where} does not do what is asked: {said[0] if said else 'no reason given'}")


def who() -> str:
    """Return who runs the command line, as publications and terminations are signed."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in containers
        return f"uid {os.getuid()}"
