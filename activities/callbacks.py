"""Addresses at which other systems tell conversations events."""

from collections.abc import Callable
from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.effect import MakeCallback
from runtime.callbacks import addresses


@activities.register
class Callbacks(Activities):
    """The activity `make_callback`."""

    def __init__(self, address: Callable[[str, str], str]) -> None:
        self._address = address

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(addresses(tools.settings, tools.key))

    @activity.defn(name=MakeCallback.activity)
    async def make_callback(self, effect: MakeCallback) -> str:
        """Return the address for an event: the same for the same key."""
        return self._address(effect.key, effect.event)
