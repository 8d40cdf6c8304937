"""The fault runs' database where it is not SQLite: the PostgreSQL of the journal's tests."""

from tests.journal.conftest import Postgres, postgres

__all__ = ["Postgres", "postgres"]
