"""SQLAlchemy's errors become Prosa's here; none of them leaves the journal."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from domain.errors import DatabaseAwayError, DatabaseError

_AWAY: Final = (OperationalError, InterfaceError, PoolTimeoutError)
"""What is raised when the same statement will be taken later."""


@contextmanager
def translated(where: str) -> Generator[None]:
    """Raise DatabaseError, or DatabaseAwayError, for the errors of SQLAlchemy inside; *where* names the database.

    The sentence has the first line of what the driver said: the statement and its values, which may be personal data,
    stay in the cause.
    """
    try:
        yield
    except SQLAlchemyError as error:
        kind = DatabaseAwayError if isinstance(error, _AWAY) else DatabaseError
        said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()
        reason = said[0] if said else "no reason given"
        raise kind(f"the database {where} does not do what is asked: {reason}") from error
