"""The state that the interpreter shares with the card being played."""

from typing import NamedTuple

from domain.conversation import Setup, Snapshot
from interpreter.mailbox import Exchange
from interpreter.port import Port


class Scene(NamedTuple):
    """The interpreter's parts that a card context works on."""

    port: Port
    setup: Setup
    state: Snapshot
    exchange: Exchange
