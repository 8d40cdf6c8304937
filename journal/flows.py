"""Flow versions: immutable once published; the newest publication of a flow names its current version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, JsonValue
from sqlalchemy import func, select

from domain.effect import LoadedFlow
from domain.errors import FlowError, UnknownNameError
from domain.model import Value
from journal.dialect import insert, lock
from journal.tables import flow_current, flow_publication, flow_version
from journal.transaction import Transaction


class Published(Value):
    """The number of the version now current, and whether its content had never been published."""

    number: int
    new: bool


class VersionRow(Value):
    """One version of a flow; `published_at` is the first time, `current` says that new conversations play it."""

    name: str
    version: str
    number: int
    published_at: AwareDatetime
    published_by: str
    current: bool


async def publish(  # noqa: PLR0913 all of it is stored
    c: Transaction,
    *,
    name: str,
    version: str,
    content: Mapping[str, JsonValue],
    calls: Mapping[str, str],
    by: str,
    now: datetime,
) -> Published:
    """Store *content* under its hash *version*, unless stored before, and make it current.

    FlowError when *version* is stored with another name or other calls: it would no longer be immutable.
    """
    await lock(c, f"flow:{name}")
    known = (await c.execute(_loaded().where(flow_version.c.version == version))).mappings().one_or_none()
    if known is not None and (known["name"] != name or known["calls"] != dict(calls)):
        raise FlowError(
            f"version {version!r} of flow {known['name']!r} calls {known['calls']!r}; "
            f"what is published as {name!r} now calls {dict(calls)!r} and needs another version"
        )
    number: int = known["number"] if known is not None else await _next_number(c, name)
    if known is None:
        what = {"content": dict(content), "calls": dict(calls), "created_at": now, "created_by": by}
        await c.execute(insert(c, flow_version).values(version=version, name=name, number=number, **what))
    await _make_current(c, name, version, kind="publish", by=by, now=now)
    return Published(number=number, new=known is None)


async def current(c: Transaction, name: str) -> LoadedFlow | None:
    """Return the version that new conversations play, None when *name* was never published."""
    found = _loaded().join(flow_current, flow_current.c.version == flow_version.c.version)
    row = (await c.execute(found.where(flow_current.c.name == name))).mappings().one_or_none()
    return None if row is None else LoadedFlow.model_validate(dict(row))


async def all_current(c: Transaction) -> list[LoadedFlow]:
    """Return the current versions, which new conversations play, by name."""
    found = _loaded().join(flow_current, flow_current.c.version == flow_version.c.version)
    return [LoadedFlow.model_validate(dict(row)) for row in (await c.execute(found.order_by("name"))).mappings()]


async def get(c: Transaction, version: str) -> LoadedFlow:
    """Return the flow stored under the hash *version*; UnknownNameError when there is none."""
    row = (await c.execute(_loaded().where(flow_version.c.version == version))).mappings().one_or_none()
    if row is None:
        raise UnknownNameError(f"flow version {version!r} is not in the database")
    return LoadedFlow.model_validate(dict(row))


async def versions(c: Transaction, name: str | None = None) -> list[VersionRow]:
    """Return the versions of the flow *name*, or of all flows, by name and the newest first."""
    found = (
        select(
            flow_version.c.name,
            flow_version.c.version,
            flow_version.c.number,
            flow_version.c.created_at.label("published_at"),
            flow_version.c.created_by.label("published_by"),
            flow_current.c.version.is_not(None).label("current"),
        )
        .outerjoin(flow_current, flow_current.c.version == flow_version.c.version)
        .order_by(flow_version.c.name, flow_version.c.number.desc())
    )
    if name is not None:
        found = found.where(flow_version.c.name == name)
    return [VersionRow.model_validate(dict(row)) for row in (await c.execute(found)).mappings()]


async def rollback(c: Transaction, name: str, to: int | str | None = None, *, by: str, now: datetime) -> VersionRow:
    """Make an older version current: by number, by hash (or its unique beginning), or the one before.

    Without *to*, the version that the present one replaced: going back twice goes back two.
    """
    await lock(c, f"flow:{name}")
    known = await versions(c, name)
    if not known:
        raise UnknownNameError(f"flow {name!r} was never published")
    wanted = await _previous(c, name) if to is None else to
    matching = [
        row for row in known if row.number == wanted or (isinstance(wanted, str) and row.version.startswith(wanted))
    ]
    if len(matching) != 1:
        have = ", ".join(f"{row.number} ({row.version[:12]})" for row in known)
        raise UnknownNameError(f"{wanted!r} is not one version of flow {name!r}, which has {have}")
    await _make_current(c, name, matching[0].version, kind="rollback", by=by, now=now)
    return matching[0].model_copy(update={"current": True})


def _loaded() -> Any:
    v = flow_version.c
    return select(v.name, v.version, v.number, v.content, v.calls).select_from(flow_version)


async def _next_number(c: Transaction, name: str) -> int:
    highest = select(func.coalesce(func.max(flow_version.c.number), 0)).where(flow_version.c.name == name)
    return int(await c.scalar(highest) or 0) + 1


async def _previous(c: Transaction, name: str) -> str:
    """Return the version before the current one on the stack of publications, from which a rollback takes off."""
    made = select(flow_publication.c.version, flow_publication.c.kind)
    made = made.where(flow_publication.c.name == name).order_by(flow_publication.c.id)
    pile: list[str] = []
    for version, kind in (await c.execute(made)).all():
        below = pile[: pile.index(version)] if kind == "rollback" and version in pile else pile
        if below[-1:] != [version]:
            pile = [*below, version]
    if not pile[:-1]:
        raise UnknownNameError(f"flow {name!r} has no version before the present one")
    return pile[-2]


async def _make_current(c: Transaction, name: str, version: str, *, kind: str, by: str, now: datetime) -> None:
    made = insert(c, flow_current).values(name=name, version=version)
    await c.execute(made.on_conflict_do_update(index_elements=[flow_current.c.name], set_={"version": version}))
    await c.execute(insert(c, flow_publication).values(name=name, version=version, kind=kind, at=now, by=by))
