"""Open conversations in the name of the company."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from channels.base import Channel
from domain import keys
from domain.call import CallAnswer, StartConversation
from domain.errors import SettingsError
from journal import outreach
from journal.database import Database
from journal.outreach import OpenCommand


@activities.register
class Outreaches(Activities):
    """The activity `open_conversation`; *channels* are those of the accounts, by name."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], key: bytes) -> None:
        self._database = database
        self._channels = channels
        self._key = key

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.database, tools.channels, tools.key)

    @activity.defn(name=StartConversation.activity)
    async def open_conversation(self, effect: StartConversation) -> CallAnswer:
        """Answer `opened` once it is certain that the conversation will be, else `already_open`.

        SettingsError when there is no such account.
        """
        if effect.account not in self._channels:
            raise SettingsError(f"accounts: expected {effect.account!r}, on which a flow speaks; found none")
        command = OpenCommand(
            key=effect.key,
            account=effect.account,
            channel=self._channels[effect.account].kind,
            address=effect.address,
            name=effect.name,
            workflow_id=keys.workflow_id(effect.account, keys.address_key(self._key, effect.address)),
            outreach=effect.outreach,
        )
        async with self._database.write() as connection:
            outcome = await outreach.open_(connection, command, datetime.now(UTC))
        value = "already_open" if outcome == "already_open" else "opened"  # its key is of this step alone
        return CallAnswer(value=value, attempts=activity.info().attempt)
