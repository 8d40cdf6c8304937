"""Run one operation of an ERP."""

import json
from collections.abc import Mapping
from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.call import CallErp, ErpAnswer
from domain.errors import ErpMalformedError, ErpNotFoundError, ErpRejectedError, SettingsError
from domain.limits import LIMITS
from domain.message import FileContent, FileRef
from erps.base import Erp
from journal.files import FileStore


@activities.register
class ErpCalls(Activities):
    """The activity `call_erp`."""

    each_connection = True

    def __init__(self, connections: Mapping[str, Erp], files: FileStore) -> None:
        self._connections = connections
        self._files = files

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.connections, tools.files)

    @activity.defn(name=CallErp.activity)
    async def call_erp(self, effect: CallErp) -> ErpAnswer:
        """Return the operation's answer; "not found" and "rejected" are answers too, anything else is raised.

        Files that come with the answer are stored, and stand in it as references. ErpMalformedError for an answer,
        or a file, larger than the limits.
        """
        erp = self._connections.get(effect.connection)
        if erp is None:
            raise SettingsError(f"connections: expected {effect.connection!r}, which a flow calls; found none")
        attempt = activity.info().attempt
        try:
            value = await erp.call(effect.operation, effect.arguments, key=effect.key, keep=self._keep)
        except ErpNotFoundError as error:
            return ErpAnswer(outcome="not_found", reason=str(error), attempts=attempt)
        except ErpRejectedError as error:
            return ErpAnswer(outcome="rejected", reason=str(error), attempts=attempt)
        if (size := len(json.dumps(value, ensure_ascii=False).encode())) > LIMITS.erp_answer:
            raise ErpMalformedError(f"answer of {effect.operation!r} has {size} bytes, {LIMITS.erp_answer} at most")
        return ErpAnswer(value=value, attempts=attempt)

    def _keep(self, file: FileContent) -> FileRef:
        if (size := len(file.data)) > LIMITS.file:
            raise ErpMalformedError(f"file {file.name!r} has {size} bytes, {LIMITS.file} at most")
        return self._files.put(file)
