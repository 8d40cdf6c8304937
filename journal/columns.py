"""Kinds of columns that several tables have."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, Dialect, Integer
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware time, kept as whole milliseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 the base class names it
        """Return the milliseconds."""
        return None if value is None else (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 the base class names it
        """Return the time, in UTC."""
        return None if value is None else _EPOCH + value * _MILLISECOND


def id_() -> Column[int]:
    """Return the column of numbers that the database counts."""
    # SQLite counts only what it calls INTEGER.
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
