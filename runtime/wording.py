"""How people read times, lengths of time, sizes and versions."""

from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

_ZONE: Final = ContextVar[tzinfo | None]("zone", default=None)


def read_times_in(zone: str) -> None:
    """Write all times from now on as clocks of *zone* show them, the company's, wherever this machine stands."""
    _ZONE.set(ZoneInfo(zone))


def moment(at: datetime | None, zone: tzinfo | None = None) -> str:
    """Return a time as clocks of *zone* show it, without one the company's; a dash for none."""
    return f"{at.astimezone(zone or _ZONE.get()):%Y-%m-%d %H:%M:%S}" if at else "-"


def recent(at: datetime) -> str:
    """Return the time of day for a moment of today, the date for an older one."""
    local = at.astimezone(_ZONE.get())
    return (
        f"{local:%H:%M:%S}" if local.date() == datetime.now(UTC).astimezone(_ZONE.get()).date() else f"{local:%Y-%m-%d}"
    )


def clock(at: datetime) -> str:
    """Return the time of day."""
    return f"{at.astimezone(_ZONE.get()):%H:%M:%S}"


def clock_now() -> str:
    """Return the time of day now."""
    return clock(datetime.now(UTC))


def seconds(length: float) -> str:
    """Return a length of time: `0.04 s`, `12.3 s`, `4 min`, `3.1 h`."""
    if length < 1:
        return f"{length:.2f} s"
    if length < 120:  # noqa: PLR2004 - two minutes
        return f"{length:.1f} s"
    return f"{length / 60:.0f} min" if length < 7200 else f"{length / 3600:.1f} h"  # noqa: PLR2004 - two hours


def size(count: int) -> str:
    """Return a number of bytes in words: `512 bytes`, `6.5 KiB`, `71.0 GiB`."""
    if count < 1024:  # noqa: PLR2004 - one KiB
        return f"{count} bytes"
    amount, unit = count / 1024, "KiB"
    for larger in ("MiB", "GiB"):
        if amount < 1024:  # noqa: PLR2004 - one of the next unit
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.1f} {unit}"


def short(version: str) -> str:
    """Return the beginning of a content hash, as lists show it."""
    return version[:10]
