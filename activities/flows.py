"""Read a flow version from the store."""

from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.effect import LoadedFlow, LoadFlow
from domain.errors import UnknownNameError
from journal import flows
from journal.database import Database


@activities.register
class Flows(Activities):
    """The activity `load_flow`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.database)

    @activity.defn(name=LoadFlow.activity)
    async def load_flow(self, effect: LoadFlow) -> LoadedFlow:
        """Return the version asked for, else the one now published; UnknownNameError when there is none."""
        async with self._database.read() as connection:
            if effect.version is not None:
                return await flows.get(connection, effect.version)
            loaded = await flows.current(connection, effect.name)
        if loaded is None:
            raise UnknownNameError(f"flow {effect.name!r} is not published; `prosa flow publish` publishes it")
        return loaded
