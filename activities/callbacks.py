"""Addresses at which other systems tell conversations events."""

from collections.abc import Callable

from temporalio import activity

from domain.effect import MakeCallback


class Callbacks:
    """The activity `make_callback`."""

    def __init__(self, address: Callable[[str, str], str]) -> None:
        self._address = address

    @activity.defn(name=MakeCallback.activity)
    async def make_callback(self, effect: MakeCallback) -> str:
        """Return the address for an event: the same for the same key."""
        return self._address(effect.key, effect.event)
