"""The database server of the tests of the store, for those who run whole installations."""

from tests.journal.conftest import Postgres, postgres

__all__ = ["Postgres", "postgres"]
