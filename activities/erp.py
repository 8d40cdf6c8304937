"""Run one operation of an ERP."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from activities.lookups import Lookups, MayLookUp
from domain.call import CallErp, ErpAnswer
from domain.errors import ErpMalformedError, ErpNotFoundError, ErpRejectedError, ErpUnavailableError, SettingsError
from domain.limits import LIMITS
from domain.message import FileContent, FileRef
from erps.base import PROVED, Erp
from journal.files import FileStore

REFUSED: Final = {
    "unproved": "the contact has not proved to be this customer",
    "too_many_lookups": "the contact has looked up too many customers",
}
"""Why operations are not run, by code."""


@activities.register
class ErpCalls(Activities):
    """The activity `call_erp`."""

    each_connection = True

    def __init__(
        self,
        connections: Mapping[str, Erp],
        files: FileStore,
        may_look_up: MayLookUp | None = None,
        limit: timedelta = LIMITS.outside_attempt,
    ) -> None:
        self._connections = connections
        self._files = files
        self._may_look_up = may_look_up
        self._limit = limit.total_seconds()

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.connections, tools.files, Lookups(tools.database, tools.key).may)

    @activity.defn(name=CallErp.activity)
    async def call_erp(self, effect: CallErp) -> ErpAnswer:
        """Return the operation's answer; "not found" and "rejected" are answers too, anything else is raised.

        An operation that wants a proof is rejected without one, a look-up after too many others.

        Files that come with the answer are stored, and stand in it as references. ErpMalformedError for an answer,
        or a file, larger than the limits; ErpUnavailableError for one that is not whole in time: an HTTP client's
        limits are for each piece of it.
        """
        erp = self._connections.get(effect.connection)
        if erp is None:
            raise SettingsError(f"connections: expected {effect.connection!r}, which a flow calls; found none")
        attempt = activity.info().attempt
        if refused := await self._refusal(erp, effect):
            return ErpAnswer(outcome="rejected", error=refused, reason=REFUSED[refused], attempts=attempt)
        try:
            async with asyncio.timeout(self._limit):
                value = await erp.call(effect.operation, effect.arguments, key=effect.key, keep=self._keep)
        except TimeoutError:
            raise ErpUnavailableError(f"no whole answer of {effect.operation!r} within {self._limit:g} s") from None
        except ErpNotFoundError as error:
            return ErpAnswer(outcome="not_found", reason=str(error), attempts=attempt)
        except ErpRejectedError as error:
            return ErpAnswer(outcome="rejected", reason=str(error), attempts=attempt)
        if (size := len(json.dumps(value, ensure_ascii=False).encode())) > LIMITS.erp_answer:
            raise ErpMalformedError(f"answer of {effect.operation!r} has {size} bytes, {LIMITS.erp_answer} at most")
        return ErpAnswer(value=value, attempts=attempt)

    async def _refusal(self, erp: Erp, effect: CallErp) -> str:
        """Return why the operation may not be run, as a key of `REFUSED`; empty when it may."""
        known = erp.operations().get(effect.operation)
        if known is None:  # the ERP says so
            return ""
        if known.proof and erp.wants_proof and effect.arguments.get(PROVED) not in effect.proved:
            return "unproved"
        if known.looks_up and self._may_look_up is not None and not await self._may_look_up(effect):
            return "too_many_lookups"
        return ""

    def _keep(self, file: FileContent) -> FileRef:
        if (size := len(file.data)) > LIMITS.file:
            raise ErpMalformedError(f"file {file.name!r} has {size} bytes, {LIMITS.file} at most")
        return self._files.put(file)
