"""The errors of the database; SQLAlchemy's become them here, and none of those leaves the journal.

OperatorError
└── DatabaseError           the database refuses a statement
    └── DatabaseAwayError   it does not answer, or is busy or full; the same statement is taken later
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from domain.errors import OperatorError


class DatabaseVersionError(OperatorError):
    """The database was made for another version of Prosa; `mend` says what to do."""

    code = "database_version"

    def __init__(self, message: str, *, mend: str) -> None:
        super().__init__(f"{message}: {mend}")
        self.mend = mend


_AWAY: Final = (OperationalError, InterfaceError, PoolTimeoutError)
"""Errors after which the same statement will succeed later."""


class DatabaseError(OperatorError):
    """The database refuses a statement; a retry helps once somebody has mended it."""

    code = "database"
    retryable = True


class DatabaseAwayError(DatabaseError):
    """The database does not answer, or is busy or full; it takes the same statement later."""

    code = "database_away"


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
